"""One entry (Ntry) of a camt.053: a single booking, or a batch whose transactions become lines of their own."""

from dataclasses import dataclass
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
    whole = _Transaction()
    transactions: list[_Transaction] = []
    status = booked = valued = ""
    bank_code: etree._Element | None = None
    # Names are compared by slicing, and only what is needed is visited: this loop decides the parser's speed.
    for child in entry:
        name = child.tag[skip:]
        if name == "Amt":
            whole.amount, whole.currency = parse_dong(child.text), child.get("Ccy")
        elif name == "CdtDbtInd":
            whole.direction = _text(child)
        elif name == "Sts":
            status = _text(child) or _text(child[0] if len(child) else child) or ""
        elif name == "BookgDt":
            booked = _text(child[0]) or "" if len(child) else ""
        elif name == "ValDt":
            valued = _text(child[0]) or "" if len(child) else ""
        elif name == "AcctSvcrRef":
            whole.bank_reference = _text(child)
        elif name == "RvslInd":
            whole.returned = whole.returned or _text(child) in TRUE
        elif name == "BkTxCd":
            bank_code = child
        elif name == "AddtlNtryInf":
            whole.description = _text(child) or ""
        elif name == "NtryDtls":
            transactions += [_read_transaction(part, skip) for part in child if part.tag[skip:] == "TxDtls"]
    if not status or whole.amount is None or whole.direction not in (CREDIT, DEBIT):
        raise StatementUnreadable(f"entry {entry_ordinal}: status, amount or direction missing")
    if whole.currency != currency:
        raise CurrencyNotSupported(f"entry {entry_ordinal}")
    if status != BOOKED:
        return []
    if whole.direction == CREDIT and bank_code is not None and _is_return_code(bank_code, skip):
        whole.returned = True
    if not booked and (not valued or days is None):
        raise StatementUnreadable(f"entry {entry_ordinal}: booking date missing")
    value_on = parse_day(valued or booked)
    booked_on = parse_day(booked) if booked or days is None else min(max(value_on, days[0]), days[1])
    lines = []
    for ordinal, (transaction, amount) in enumerate(_split(whole, transactions), start=after + 1):
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
            for reference in child:
                kind = reference.tag[skip:]
                if kind == "EndToEndId":
                    text = _text(reference)
                    found.end_to_end_id = None if text == NOT_PROVIDED else text
                elif kind == "AcctSvcrRef":
                    found.bank_reference = _text(reference)
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


def _is_return_code(code: etree._Element, skip: int) -> bool:
    """BkTxCd/Domn/Fmly/SubFmlyCd says that a transfer came back."""
    return _first_text(code, ("Domn", "Fmly", "SubFmlyCd"), skip) == RETURN_SUBFAMILY


def _text(element: etree._Element) -> str | None:
    text = element.text
    return (text.strip() or None) if text else None
