"""Reading XML from outside as a stream: no document types, no entities, no network, bounded size."""

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from reconciliation.parsers.errors import StatementTooLarge, StatementUnreadable, StatementUnsafe


class BoundedSource:
    """A file that refuses to be longer than `max_bytes`."""

    def __init__(self, source: BinaryIO, *, max_bytes: int) -> None:
        self._source = source
        self._left = max_bytes
        self._max_bytes = max_bytes

    def read(self, size: int) -> bytes:
        """At most `size` bytes. Raises StatementTooLarge."""
        chunk = self._source.read(size)
        self._left -= len(chunk)
        if self._left < 0:
            raise StatementTooLarge(f"more than {self._max_bytes} bytes")
        return chunk


def stream_elements(source: BinaryIO, *, max_bytes: int, start: str, ends: tuple[str, ...]) -> Iterator[etree._Element]:
    """The element `start` (a local name) when it opens, and each of `ends` when it is complete.

    Raises StatementUnreadable, StatementUnsafe, StatementTooLarge.
    """
    events = etree.iterparse(
        BoundedSource(source, max_bytes=max_bytes),
        events=("start", "end"),
        tag=[f"{{*}}{name}" for name in (start, *ends)],
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for event, element in events:
            opens = element.tag.rpartition("}")[2] == start
            if opens != (event == "start"):
                continue
            if opens and element.getroottree().docinfo.doctype:
                raise StatementUnsafe("DOCTYPE")
            yield element
    except etree.XMLSyntaxError as error:
        raise StatementUnreadable(f"XML: line {error.lineno}") from error
