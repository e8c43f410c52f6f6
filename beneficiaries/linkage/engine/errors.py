"""What `link` refuses."""


class TableMisshapen(ValueError):
    """Columns are missing or of another kind; names them."""

    def __init__(self, columns: list[str]) -> None:
        super().__init__(f"missing or of another kind: {', '.join(columns)}")


class ModelUnknown(ValueError):
    """A model file of another form than this engine reads, or one that lacks a level."""
