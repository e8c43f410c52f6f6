"""ISO 20022 camt.053 (BankToCustomerStatement) and camt.054 (BankToCustomerDebitCreditNotification), .001.02 to .001.13, read as a stream.

A notification has the same entries, ahead of the statement and without balances: it proves nothing, and its lines come once all the same.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO, Final

from lxml import etree

from reconciliation.parsers.camt053_balances import CURRENCY, is_whole, read_balances
from reconciliation.parsers.camt053_entry import read_entry
from reconciliation.parsers.errors import (
    CurrencyNotSupported,
    FormatNotSupported,
    StatementUnreadable,
)
from reconciliation.parsers.interface import DEFAULT_MAX_BYTES, ParsedLine, ParsedStatement, StatementReading
from reconciliation.parsers.values import parse_day, parse_time
from reconciliation.parsers.xml_source import stream_elements

NAMESPACE: Final = re.compile(r"urn:iso:std:iso:20022:tech:xsd:((camt\.05[34])\.001\.(?:0[2-9]|1[0-3]))")
HEADS: Final = {"camt.053": "Stmt", "camt.054": "Ntfctn"}


class CamtParser:
    """The `StatementParser` of camt.053 and camt.054; memory does not grow with the number of entries."""

    def read(self, source: BinaryIO, *, max_bytes: int = DEFAULT_MAX_BYTES) -> Iterator[StatementReading]:
        """See `StatementParser.read`. A statement whose lines the caller leaves unread is read to its end."""
        elements = stream_elements(source, max_bytes=max_bytes, start="Document", ends=("Ntry", *HEADS.values()))
        document = next(elements, None)
        if document is None or document.getparent() is not None:
            raise FormatNotSupported("not an ISO 20022 document")
        namespace = str(document.tag)[1:].rpartition("}")[0]  # QName refuses what a file may well contain
        known = NAMESPACE.fullmatch(namespace)
        if known is None:
            raise FormatNotSupported(namespace[:80])
        found, whole = False, HEADS[known[2]]
        for element in elements:
            found = True
            head = element if _local(element) in HEADS.values() else element.getparent()
            if head is None or _local(head) != whole:
                raise StatementUnreadable("an entry outside a statement")
            statement = _read_head(head, namespace=namespace, message=known[1])
            # A statement's bookings are of its days; a notification may be of any, and only its statement says of which.
            days = (statement.from_on, statement.to_on) if statement.opening is not None else None
            lines = _read_entries(element, elements, head=head, namespace=namespace, days=days)
            reading = StatementReading(statement, lines)
            yield reading
            for _ in reading.lines():
                pass
        if not found:
            raise StatementUnreadable(f"no {whole}")


def _read_entries(
    first: etree._Element,
    elements: Iterator[etree._Element],
    *,
    head: etree._Element,
    namespace: str,
    days: tuple[date, date] | None,
) -> Iterator[list[ParsedLine]]:
    """The lines of each entry from `first` on, until the statement `head` ends; entries are dropped once read."""
    skip = len(namespace) + 2
    previous: etree._Element | None = None
    entry_ordinal = line_ordinal = 0
    element: etree._Element | None = first
    while element is not None and element is not head:
        if element.getparent() is not head:
            raise StatementUnreadable("an entry outside a statement")
        entry_ordinal += 1
        lines = read_entry(
            element, skip=skip, currency=CURRENCY, entry_ordinal=entry_ordinal, after=line_ordinal, days=days
        )
        line_ordinal += len(lines)
        yield lines
        if previous is not None:
            head.remove(previous)  # not the current one: the parser still stands on it
        previous = element
        element = next(elements, None)
    if element is None:
        raise StatementUnreadable("a statement without an end")
    head.clear()


def _read_head(statement: etree._Element, *, namespace: str, message: str) -> ParsedStatement:
    def find(path: str) -> str | None:
        text = statement.findtext(path, namespaces={"": namespace})
        return text.strip() if text and text.strip() else None

    def need(path: str) -> str:
        text = find(path)
        if text is None:
            raise StatementUnreadable(f"no {path}")
        return text

    message_of = statement.getparent()
    written = None if message_of is None else message_of.findtext("GrpHdr/CreDtTm", namespaces={"": namespace})
    # Optional from .007 on: then the message's own.
    created_at = parse_time(find("CreDtTm") or (written or "").strip() or need("CreDtTm"))
    page, is_last = _read_page(statement, namespace=namespace)
    opening = closing = None
    if message.startswith("camt.053"):
        opening, closing = read_balances(statement, namespace=namespace, page=page, is_last=is_last)
    first = opening or closing or (0, str(created_at.date()))
    last = closing or opening or first
    if (currency := find("Acct/Ccy") or CURRENCY) != CURRENCY:
        raise CurrencyNotSupported(currency[:3])
    sequence = find("ElctrncSeqNb") or find("LglSeqNb")
    declared = find("TxsSummry/TtlNtries/NbOfNtries")
    return ParsedStatement(
        format=message,
        statement_id=need("Id"),
        account=find("Acct/Id/IBAN") or need("Acct/Id/Othr/Id"),
        currency=currency,
        sequence_number=_whole(sequence) if message.startswith("camt.053") else None,
        from_on=parse_day(find("FrToDt/FrDtTm") or find("FrToDt/FrDt") or first[1]),
        to_on=parse_day(find("FrToDt/ToDtTm") or find("FrToDt/ToDt") or last[1]),
        opening=None if opening is None else opening[0],
        closing=None if closing is None else closing[0],
        created_at=created_at,
        declared_entries=_whole(declared),
        page=page,
        is_last_page=is_last,
    )


def _read_page(statement: etree._Element, *, namespace: str) -> tuple[int, bool]:
    """The page's number, and whether it is the last. The message's own pages count only where the statement is not whole in it."""
    names = {"": namespace}
    found = statement.find("StmtPgntn", namespaces=names)
    if found is None:
        found = statement.find("NtfctnPgntn", namespaces=names)
    message = statement.getparent()
    if found is None and message is not None and not is_whole(statement, namespace=namespace):
        found = message.find("GrpHdr/MsgPgntn", namespaces=names)
    if found is None:
        return 1, True
    number = _whole((found.findtext("PgNb", namespaces=names) or "1").strip())
    return number or 1, (found.findtext("LastPgInd", namespaces=names) or "true").strip() not in ("false", "0")


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _whole(text: str | None) -> int | None:
    if text is not None and not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise StatementUnreadable("malformed number")
    return None if text is None else int(text)
