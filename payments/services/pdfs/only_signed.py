"""Was anything but signatures appended to a PDF of ours? An appended part may draw over every page, and be signed like the rest.

pyHanko's own comparison of revisions takes minutes for a tagged PDF, so the few objects that were written anew are compared here.
"""

import io
from collections.abc import Callable, Iterator

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject, PdfObject, Reference
from pyhanko.pdf_utils.reader import PdfFileReader

from payments.services.pdfs.pdf_signatures import DAMAGED

# What signing may change, by the /Type of the object; nothing here is shown but signature fields, which are looked at one by one.
_MAY_CHANGE = {
    "/Page": {"/Annots", "/StructParents", "/Tabs"},
    "/Catalog": {"/AcroForm", "/DSS", "/Extensions", "/Perms", "/StructTreeRoot", "/Version", "/Metadata"},
}
_NEVER_SHOWN = {"/Metadata", "/StructTreeRoot", "/StructElem"}
_INFO = {"/Producer", "/ModDate"}


def only_signed(made: bytes, content: bytes) -> bool:
    """Whether `content` is `made` with signatures, what belongs to them, or bytes no reader looks at, appended; False too if it can't be read."""
    if not content.startswith(made):
        return False
    try:
        before = PdfFileReader(io.BytesIO(made), strict=False)
        after = PdfFileReader(io.BytesIO(content), strict=False)
        known = before.xrefs.explicit_refs_in_revision(0)
        written = {
            ref
            for revision in range(before.total_revisions, after.total_revisions)
            for ref in after.xrefs.explicit_refs_in_revision(revision)
        }
        same_root = after.root_ref.idnum == before.root_ref.idnum
        return same_root and all(_harmless(_read(before, ref), _read(after, ref)) for ref in written if ref in known)
    except DAMAGED:
        return False


def _read(reader: PdfFileReader, ref: Reference) -> PdfObject:
    get: Callable[[Reference], PdfObject] = reader.get_object  # the library gives it no types
    return get(Reference(ref.idnum, ref.generation))


def _harmless(old: PdfObject, new: PdfObject) -> bool:
    if isinstance(old, ArrayObject) and isinstance(new, ArrayObject):
        return _only_signature_fields(old, new)
    if not isinstance(old, DictionaryObject) or not isinstance(new, DictionaryObject):
        return _raw(old) == _raw(new)
    kind = str(old.get("/Type", ""))
    changed = {key for key in {*old, *new} if _item(old, key) != _item(new, key)}
    if kind in _NEVER_SHOWN and str(new.get("/Type", "")) == kind:
        return True
    if "/Annots" in changed and not _only_signature_fields(
        old.get("/Annots", ArrayObject()), new.get("/Annots", ArrayObject())
    ):
        return False
    return changed <= _MAY_CHANGE.get(kind, _INFO if "/Producer" in old else set())


def _only_signature_fields(old: PdfObject, new: PdfObject) -> bool:
    """Whether the annotations `new` are those of `old` and, after them, fields that hold a signature."""
    if not isinstance(old, ArrayObject) or not isinstance(new, ArrayObject):
        return False
    if list(map(_raw, _items(new)))[: len(old)] != list(map(_raw, _items(old))):
        return False
    added = [new[at] for at in range(len(old), len(new))]
    return all(isinstance(each, DictionaryObject) and each.get("/FT") == "/Sig" for each in added)


def _items(array: ArrayObject) -> Iterator[PdfObject]:
    for at in range(len(array)):
        yield array.raw_get(at)


def _item(of: DictionaryObject, key: str) -> bytes:
    return _raw(of.raw_get(key)) if key in of else _raw(NullObject())


def _raw(value: PdfObject) -> bytes:
    if isinstance(value, IndirectObject):
        return f"{value.idnum} {value.generation} R".encode()
    stream = io.BytesIO()
    value.write_to_stream(stream, None)
    return stream.getvalue()
