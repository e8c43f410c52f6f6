"""How one talks to a bank: protocols, frozen dataclasses and clients. Knows no database and no Django."""
