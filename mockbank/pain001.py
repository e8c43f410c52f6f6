"""Reads a pain.001 as this bank does: leniently in form, strictly in sums. Written anew here, so that it doubts its clients' writers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_MESSAGE_ID = re.compile(rb"<(?:\w+:)?MsgId>\s*([^<\s]{1,35})\s*</")
_ATTEMPT = re.compile(r"-([0-9]{1,9})")


class Unreadable(ValueError):
    """Not a file this bank can answer with a report; says why, in ISO's external reason code and words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class FileOrder:
    """One CdtTrfTxInf; `amount` in đồng. `refusal` is ISO's code for an order this bank can't execute as written."""

    instruction_id: str
    end_to_end_id: str
    amount: int
    routing_number: str
    account_number: str
    holder_name: str
    description: str | None
    refusal: str | None

    @property
    def attempt(self) -> int | None:
        """The number a client put behind its end-to-end id in the instruction id, if it did."""
        found = _ATTEMPT.fullmatch(self.instruction_id.removeprefix(self.end_to_end_id))
        return int(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class OrderFile:
    """A file that was read whole."""

    message_id: str
    financial_account: str
    count: int
    total: int
    orders: list[FileOrder]


def message_id_of(content: bytes) -> str | None:
    """The MsgId by a glance at the head: all that is known before a file is read in full."""
    found = _MESSAGE_ID.search(content[:4096])
    return found[1].decode("ascii", "replace") if found else None


def read_pain001(content: bytes) -> OrderFile:
    """Raises Unreadable: the whole file is then refused."""
    orders: list[FileOrder] = []
    heads: list[tuple[str | None, str | None]] = []
    account: str | None = None
    message_id: str | None = None
    for name, element in _elements(content):
        if name == "CdtTrfTxInf":
            orders.append(_order(element))
            element.clear()
            continue
        heads.append((_text(element, "NbOfTxs"), _text(element, "CtrlSum")))
        if name == "GrpHdr":
            message_id = _text(element, "MsgId")
        else:
            account = _text(element, "DbtrAcct/Id/Othr/Id") or _text(element, "DbtrAcct/Id/IBAN")
    if message_id is None or account is None:
        raise Unreadable("FF01", "no MsgId or no DbtrAcct")
    total = sum(order.amount for order in orders)
    for count, control in heads:
        if count is not None and count != str(len(orders)):
            raise Unreadable("AM18", "NbOfTxs")
        if control is not None and control.partition(".")[0] != str(total):
            raise Unreadable("AM10", "CtrlSum")
    return OrderFile(message_id, account, len(orders), total, _without_twins(orders))


def _elements(content: bytes) -> Iterator[tuple[str, etree._Element]]:
    tags = [f"{{{NAMESPACE}}}{name}" for name in ("GrpHdr", "PmtInf", "CdtTrfTxInf", "Document")]
    found = False
    try:
        for _, element in etree.iterparse(
            io.BytesIO(content), tag=tags, resolve_entities=False, load_dtd=False, no_network=True
        ):
            name = element.tag.rpartition("}")[2]
            if name == "Document":
                found = True
            else:
                yield name, element
    except etree.XMLSyntaxError as error:
        raise Unreadable("FF01", f"line {error.lineno}") from None
    if not found:
        raise Unreadable("FF01", "not a pain.001.001.09")


def _order(element: etree._Element) -> FileOrder:
    amount = element.find(f"{{{NAMESPACE}}}Amt/{{{NAMESPACE}}}InstdAmt")
    text = (amount.text or "").strip() if amount is not None else ""
    whole = text.isascii() and text.isdigit() and int(text) > 0
    account = _text(element, "CdtrAcct/Id/Othr/Id")
    refusal = None
    if amount is None or amount.get("Ccy") != "VND":
        refusal = "AM03"
    elif not whole:
        refusal = "AM12"
    elif account is None or not account.isalnum():
        refusal = "AC01"
    return FileOrder(
        instruction_id=_text(element, "PmtId/InstrId") or "",
        end_to_end_id=_text(element, "PmtId/EndToEndId") or "NOTPROVIDED",
        amount=int(text) if whole else 0,
        routing_number=_text(element, "CdtrAgt/FinInstnId/ClrSysMmbId/MmbId") or "",
        account_number=account or "",
        holder_name=_text(element, "Cdtr/Nm") or "",
        description=_text(element, "RmtInf/Ustrd"),
        refusal=refusal,
    )


def _without_twins(orders: list[FileOrder]) -> list[FileOrder]:
    seen: set[str] = set()
    for order in orders:
        if order.instruction_id in seen:
            raise Unreadable("DU03", "an order twice")
        seen.add(order.instruction_id)
    return orders


def _text(element: etree._Element, path: str) -> str | None:
    text = element.findtext(path, namespaces={"": NAMESPACE})
    return text.strip() or None if text else None
