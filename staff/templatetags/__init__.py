"""How amounts, days and months of the API are written for people."""
