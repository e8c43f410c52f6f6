"""Reading one ISO 20022 document as a stream, against the genuine schema: no document types, no entities, bounded size."""

import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from lxml import etree

from banks.iso20022.errors import FileInvalid, FileTooLarge, FileUnsafe

PAIN001, PAIN002, CAMT054 = "pain.001.001.09", "pain.002.001.12", "camt.054.001.08"
MAX_BYTES: Final = 128 * 1024 * 1024  # 50,000 transfers have about 35 MB
_SCHEMAS = Path(__file__).parent / "schemas"


def namespace_of(message: str) -> str:
    """The XML namespace of a message such as `pain.001.001.09`."""
    return f"urn:iso:std:iso:20022:tech:xsd:{message}"


@lru_cache(maxsize=8)
def _schema(message: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(_SCHEMAS / f"{message}.xsd"))


def read_elements(content: bytes, *, message: str, ends: tuple[str, ...]) -> Iterator[etree._Element]:
    """Each element named in `ends` when it is complete; the caller clears what it has read.

    The schema is checked on the way, so the document is valid only when the last element was read. Raises FileInvalid, FileUnsafe,
    FileTooLarge.
    """
    if len(content) > MAX_BYTES:
        raise FileTooLarge(f"more than {MAX_BYTES} bytes")
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content[:4096]:
        raise FileUnsafe("DOCTYPE")
    events = etree.iterparse(
        io.BytesIO(content),
        events=("end",),
        tag=[f"{{{namespace_of(message)}}}{name}" for name in (*ends, "Document")],
        schema=_schema(message),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    found = False
    try:
        for _, element in events:
            if element.getparent() is None:
                found = True
            else:
                yield element
    except etree.XMLSyntaxError as error:
        raise FileInvalid(f"{message}: line {error.lineno}") from None  # the message may quote a name or a number
    if not found:
        raise FileInvalid(f"not a {message}")


def drop(element: etree._Element) -> None:
    """Forget an element once read, and its brothers before it, so that memory stays flat; the parser still stands on it."""
    element.clear()
    before = element.getprevious()
    if before is not None and before.tag == element.tag:
        parent, tag = element.getparent(), element.tag
        while parent is not None and before is not None and before.tag == tag:
            parent.remove(before)
            before = element.getprevious()


class Finder:
    """Looks up child texts of one message by short paths, such as `Refs/EndToEndId`."""

    def __init__(self, message: str) -> None:
        self._names = {"": namespace_of(message)}
        self._skip = len(namespace_of(message)) + 2

    def children(self, element: etree._Element | None) -> dict[str, etree._Element]:
        """The children by local name, the last of a name: ten times as quick as a path, for what comes by the ten thousand."""
        return {} if element is None else {child.tag[self._skip :]: child for child in element}

    def text(self, element: etree._Element, path: str) -> str | None:
        """The stripped text at `path`, None if there is none."""
        found = element.findtext(path, namespaces=self._names)
        return found.strip() or None if found else None

    def need(self, element: etree._Element, path: str) -> str:
        """The text at `path`. Raises FileInvalid."""
        text = self.text(element, path)
        if text is None:
            raise FileInvalid(f"no {path}")
        return text

    def every(self, element: etree._Element, path: str) -> list[etree._Element]:
        """The elements at `path`."""
        found: list[etree._Element] = element.findall(path, namespaces=self._names)
        return found

    def dong(self, element: etree._Element, path: str) -> int | None:
        """The amount at `path` in đồng, None if there is none. Raises FileInvalid unless it is whole and in VND."""
        found = element.find(path, namespaces=self._names)
        return None if found is None else dong_of(found)


def dong_of(amount: etree._Element | None) -> int:
    """An amount element in đồng. Raises FileInvalid unless it is there, whole and in VND."""
    if amount is None or amount.get("Ccy") != "VND":
        raise FileInvalid("an amount that is not in VND")
    return whole_dong(amount.text, what="amount")


def text_of(element: etree._Element | None) -> str | None:
    """Its stripped text, None if there is none."""
    return (element.text or "").strip() or None if element is not None else None


def whole_dong(text: str | None, *, what: str) -> int:
    """ "1000" and "1000.00" are 1,000 đồng. Raises FileInvalid: đồng have no decimals."""
    whole, _, fraction = (text or "").strip().partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 18) or fraction.strip("0"):
        raise FileInvalid(f"{what}: not whole đồng")
    return int(whole)


def whole_number(text: str | None, *, what: str) -> int | None:
    """A count as ISO 20022 writes it (up to 15 digits), None if it is not given. Raises FileInvalid."""
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise FileInvalid(f"{what}: not a count")
    return int(text)
