"""Identity matching on labelled provinces: how right it is, how long it takes, how much memory it needs."""
