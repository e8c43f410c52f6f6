"""Released payments leave, each once."""
