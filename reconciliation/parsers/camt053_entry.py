"""One entry (Ntry) of a camt.053: a single booking, or a batch whose transactions become lines of their own."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from lxml import etree

from reconciliation.parsers.errors import CurrencyNotSupported, StatementUnreadable
from reconciliation.parsers.interface import ParsedLine
from reconciliation.parsers.values import parse_day, parse_dong

CREDIT, DEBIT = "CRDT", "DBIT"
BOOKED: Final = "BOOK"
NOT_PROVIDED: Final = "NOTPROVIDED"  # ISO 20022's word for an end-to-end id the sender did not give
RETURN_SUBFAMILY: Final = "RRTN"
TRUE: Final = ("true", "1")


@dataclass(slots=True)
class _Party:
    name: str | None = None
    account: str | None = None


@dataclass(slots=True)
class _Transaction:
    end_to_end_id: str | None = None
    bank_reference: str | None = None
    amount: int | None = None
    currency: str | None = None
    direction: str | None = None
    returned: bool = False
    return_code: str | None = None
    creditor: _Party | None = None
    debtor: _Party | None = None
    description: str = ""


@dataclass(slots=True)
class _Entry:
    """What an entry says, as texts where nothing has been made of it yet."""

    whole: _Transaction = field(default_factory=_Transaction)
    transactions: list[_Transaction] = field(default_factory=list)
    status: str = ""
    booked: str = ""
    valued: str = ""
    bank_code: etree._Element | None = None


def read_entry(
    entry: etree._Element,
    *,
    skip: int,
    currency: str,
    entry_ordinal: int,
    after: int,
    days: tuple[date, date] | None = None,
) -> list[ParsedLine]:
    """The lines of an entry, numbered on from `after`; none when it is not booked.

    `skip` is the length of the namespace with its braces. A batch is split only if all its transactions have amounts
    which add up to the entry; else the entry is one line without an end-to-end id, for a person to look at.
    One without its booking day is of the day it counts from, within the `days` (first, last) of its statement; without
    those it is refused: told by another day than its statement will tell, it would be two bookings.
    Raises StatementUnreadable, AmountNotWhole, CurrencyNotSupported.
    """
    found = _read_fields(entry, skip)
    whole = found.whole
    if not found.status or whole.amount is None or whole.direction not in (CREDIT, DEBIT):
        raise StatementUnreadable(f"entry {entry_ordinal}: status, amount or direction missing")
    if whole.currency != currency:
        raise CurrencyNotSupported(f"entry {entry_ordinal}")
    if found.status != BOOKED:
        return []
    if whole.direction == CREDIT and found.bank_code is not None and _is_return_code(found.bank_code, skip):
        whole.returned = True
    booked_on, value_on = _days_of(found, entry_ordinal=entry_ordinal, days=days)
    lines = []
    for ordinal, (transaction, amount) in enumerate(_split(whole, found.transactions), start=after + 1):
        is_return = whole.returned or transaction.returned
        party = _counterparty(transaction, is_credit=amount > 0, is_return=is_return)
        lines.append(
            ParsedLine(
                ordinal=ordinal,
                entry_ordinal=entry_ordinal,
                amount=amount,
                currency=currency,
                booked_on=booked_on,
                value_on=value_on,
                end_to_end_id=transaction.end_to_end_id,
                bank_reference=transaction.bank_reference or whole.bank_reference,
                is_return=is_return,
                return_code=transaction.return_code,
                counterparty_name=party.name,
                counterparty_account=party.account,
                description=transaction.description or whole.description,
            )
        )
    return lines


def _read_fields(entry: etree._Element, skip: int) -> _Entry:
    """One pass over the entry's children; of an element that stands twice the last counts, of a reversal any.

    Names are compared by slicing, and only what is needed is visited: this loop decides the parser's speed.
    """
    found = _Entry()
    whole = found.whole
    for child in entry:
        name = child.tag[skip:]
        if name == "Amt":
            whole.amount, whole.currency = parse_dong(child.text), child.get("Ccy")
        elif name == "CdtDbtInd":
            whole.direction = _text(child)
        elif name == "Sts":
            found.status = _text(child) or _first_child_text(child)
        elif name == "BookgDt":
            found.booked = _first_child_text(child)
        elif name == "ValDt":
            found.valued = _first_child_text(child)
        elif name == "AcctSvcrRef":
            whole.bank_reference = _text(child)
        elif name == "RvslInd":
            whole.returned |= _text(child) in TRUE
        elif name == "BkTxCd":
            found.bank_code = child
        elif name == "AddtlNtryInf":
            whole.description = _text(child) or ""
        elif name == "NtryDtls":
            found.transactions += [_read_transaction(part, skip) for part in child if part.tag[skip:] == "TxDtls"]
    return found


def _days_of(entry: _Entry, *, entry_ordinal: int, days: tuple[date, date] | None) -> tuple[date, date]:
    """(day booked, day from which it counts): each stands in for the other; `days` as in `read_entry`."""
    if not entry.booked and (not entry.valued or days is None):
        raise StatementUnreadable(f"entry {entry_ordinal}: booking date missing")
    value_on = parse_day(entry.valued or entry.booked)
    if entry.booked or days is None:
        return parse_day(entry.booked), value_on
    return min(max(value_on, days[0]), days[1]), value_on


def _split(whole: _Transaction, transactions: list[_Transaction]) -> list[tuple[_Transaction, int]]:
    """(transaction, signed đồng) per line of an entry."""
    entry_amount = _signed(whole, whole)
    if not transactions:
        return [(whole, entry_amount)]
    if len(transactions) == 1:
        return [(transactions[0], entry_amount)]
    parts = [(part, _signed(part, whole)) for part in transactions if part.currency in (None, whole.currency)]
    adds_up = len(parts) == len(transactions) and sum(amount for _, amount in parts) == entry_amount
    return parts if adds_up and all(part.amount is not None for part in transactions) else [(whole, entry_amount)]


def _signed(part: _Transaction, whole: _Transaction) -> int:
    amount = part.amount or 0
    return amount if (part.direction or whole.direction) == CREDIT else -amount


def _counterparty(transaction: _Transaction, *, is_credit: bool, is_return: bool) -> _Party:
    # On a return the parties are still those of the original transfer: the other side is its creditor.
    ours_came_back = is_return and transaction.creditor is not None
    other = transaction.debtor if is_credit and not ours_came_back else transaction.creditor
    return other or transaction.creditor or transaction.debtor or _Party()


def _read_transaction(details: etree._Element, skip: int) -> _Transaction:
    found = _Transaction()
    for child in details:
        name = child.tag[skip:]
        if name == "Refs":
            _read_references(child, skip, found)
        elif name == "Amt":
            found.amount, found.currency = parse_dong(child.text), child.get("Ccy")
        elif name == "AmtDtls":
            _read_transaction_amount(child, skip, found)
        elif name == "CdtDbtInd":
            found.direction = _text(child)
        elif name == "RltdPties":
            _read_parties(child, skip, found)
        elif name == "RmtInf":
            found.description = " ".join(_text(part) or "" for part in child if part.tag[skip:] == "Ustrd").strip()
        elif name == "RtrInf":
            found.returned = True
            found.return_code = _first_text(child, ("Rsn", "Cd"), skip) or _first_text(child, ("Rsn", "Prtry"), skip)
        elif name == "AddtlTxInf" and not found.description:
            found.description = _text(child) or ""
    return found


def _read_references(references: etree._Element, skip: int, found: _Transaction) -> None:
    for reference in references:
        kind = reference.tag[skip:]
        if kind == "EndToEndId":
            text = _text(reference)
            found.end_to_end_id = None if text == NOT_PROVIDED else text
        elif kind == "AcctSvcrRef":
            found.bank_reference = _text(reference)


def _read_transaction_amount(amounts: etree._Element, skip: int, found: _Transaction) -> None:
    """AmtDtls/TxAmt/Amt is where version .02 keeps it; a later version's own Amt comes first and wins."""
    if found.amount is not None:
        return
    for kind in amounts:
        if kind.tag[skip:] == "TxAmt" and len(kind):
            found.amount, found.currency = parse_dong(kind[0].text), kind[0].get("Ccy")


def _read_parties(parties: etree._Element, skip: int, found: _Transaction) -> None:
    creditor, debtor = _Party(), _Party()
    for child in parties:
        name = child.tag[skip:]
        party = creditor if name.startswith("Cdtr") else debtor
        if name in ("Cdtr", "Dbtr"):
            party.name = _first_text(child, ("Nm",), skip) or _first_text(child, ("Pty", "Nm"), skip)
        elif name in ("CdtrAcct", "DbtrAcct"):
            party.account = _first_text(child, ("Id", "Othr", "Id"), skip) or _first_text(child, ("Id", "IBAN"), skip)
    found.creditor = creditor if creditor != _Party() else None
    found.debtor = debtor if debtor != _Party() else None


def _first_text(element: etree._Element, path: tuple[str, ...], skip: int) -> str | None:
    for name in path:
        for child in element:
            if child.tag[skip:] == name:
                element = child
                break
        else:
            return None
    return _text(element)


def _first_child_text(element: etree._Element) -> str:
    """A date's Dt or DtTm, a status's Cd: the schemas put one child there, by several names."""
    return (_text(element[0]) or "") if len(element) else ""


def _is_return_code(code: etree._Element, skip: int) -> bool:
    """BkTxCd/Domn/Fmly/SubFmlyCd says that a transfer came back."""
    return _first_text(code, ("Domn", "Fmly", "SubFmlyCd"), skip) == RETURN_SUBFAMILY


def _text(element: etree._Element) -> str | None:
    text = element.text
    return (text.strip() or None) if text else None
