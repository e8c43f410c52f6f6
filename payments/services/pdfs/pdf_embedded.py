"""The text of a list read back from a PDF that came back; a stranger's file, so only `pdfs_apart` calls it."""

import io
from collections.abc import Iterator

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

EMBEDDED = "danh-sach.txt"
MOST_EMBEDDED = 64 * 1024 * 1024


def embedded_text(pdf: bytes) -> bytes | None:
    """The embedded list text of a PDF as its last revision has it; None when there is none. Raises `PdfError` for what is no PDF."""
    root = PdfFileReader(io.BytesIO(pdf), strict=False).root
    try:
        names = root["/Names"]["/EmbeddedFiles"]
    except (KeyError, IndexError):
        return None
    found = [content for name, content in _files(names, depth=0) if name == EMBEDDED]
    return found[0] if len(found) == 1 else None


def _files(node: generic.PdfObject, *, depth: int) -> Iterator[tuple[str, bytes]]:
    """Every file of a name tree, as (name, content); a tree deeper than ten levels is nobody's honest work."""
    if not isinstance(node, generic.DictionaryObject) or depth > 10:
        raise PdfError("unexpected name tree")
    for kid in node.get("/Kids", []):
        yield from _files(kid.get_object(), depth=depth + 1)
    names = list(node.get("/Names", []))
    for spec in names[1::2]:
        entry = spec.get_object()
        stream = entry["/EF"]["/F"]
        if not isinstance(stream, generic.StreamObject):
            raise PdfError("embedded file is no stream")
        if len(stream.encoded_data) > MOST_EMBEDDED:
            raise PdfError("embedded file is too large")
        yield str(entry.get("/UF", entry.get("/F", ""))), stream.data
