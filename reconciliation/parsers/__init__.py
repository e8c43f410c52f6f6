"""Pure readers of bank statements: bytes in, frozen dataclasses out, no database."""
