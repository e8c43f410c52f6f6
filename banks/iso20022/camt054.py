"""camt.054.001.08 (BankToCustomerDebitCreditNotification): what was booked on a funding account, order by order."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from lxml import etree

from banks.iso20022.document import (
    CAMT054,
    Finder,
    dong_of,
    drop,
    read_elements,
    text_of,
    whole_dong,
    whole_number,
)
from banks.iso20022.errors import FileInvalid, FileTooLarge

MAX_ENTRIES: Final = 100_000


@dataclass(frozen=True, slots=True)
class Booking:
    """One booked order: debited (`returned` False) or given back, with ISO's reason; `amount` in đồng."""

    instruction_id: str
    end_to_end_id: str
    bank_reference: str
    amount: int
    booked_on: date
    returned: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification, whole and valid."""

    notification_id: str
    financial_account: str
    created_at: datetime
    bookings: tuple[Booking, ...]


def read_camt054(content: bytes) -> Notification:
    """Read a notification of one account; nothing of it counts unless all of it is valid.

    Entries that are no order of ours (a charge, a top-up) are left to the statement. Raises FileInvalid, FileUnsafe, FileTooLarge.
    """
    find = Finder(CAMT054)
    bookings: list[Booking] = []
    references: set[str] = set()
    entries = total = 0
    head: etree._Element | None = None
    for element in read_elements(content, message=CAMT054, ends=("Ntry", "Ntfctn")):
        if element.tag.endswith("}Ntfctn"):
            if head is not None:
                raise FileInvalid("more than one Ntfctn")
            head = element
            continue
        entries += 1
        if entries > MAX_ENTRIES:
            raise FileTooLarge("too many entries")
        entry = find.children(element)
        total += dong_of(entry["Amt"])
        booking = _booking(entry, find)
        if booking is not None:
            key = text_of(entry.get("AcctSvcrRef")) or booking.bank_reference
            if key in references:
                raise FileInvalid("an entry twice")
            references.add(key)
            bookings.append(booking)
        drop(element)
    if head is None:
        raise FileInvalid("no Ntfctn")
    _check_totals(head, find, entries=entries, total=total)
    return Notification(
        notification_id=find.need(head, "Id"),
        financial_account=find.text(head, "Acct/Id/IBAN") or find.need(head, "Acct/Id/Othr/Id"),
        created_at=_time(find.need(head, "CreDtTm")),
        bookings=tuple(bookings),
    )


def _booking(entry: dict[str, etree._Element], find: Finder) -> Booking | None:
    """None for an entry without our ids. One entry is one order: files ask for no batch booking."""
    details = list(entry["NtryDtls"]) if "NtryDtls" in entry else []
    if len(details) != 1 or text_of(find.children(entry["Sts"]).get("Cd")) != "BOOK":
        return None
    detail = find.children(details[0])
    references = find.children(detail.get("Refs"))
    instruction_id, end_to_end_id = text_of(references.get("InstrId")), text_of(references.get("EndToEndId"))
    if instruction_id is None or end_to_end_id is None:
        return None
    returned = text_of(entry["CdtDbtInd"]) == "CRDT"
    amount = dong_of(entry["Amt"])
    reference = text_of(references.get("AcctSvcrRef")) or text_of(entry.get("AcctSvcrRef"))
    booked = find.children(entry.get("BookgDt"))
    if not amount or reference is None:
        raise FileInvalid("an entry without an amount or a reference")
    return Booking(
        instruction_id=instruction_id,
        end_to_end_id=end_to_end_id,
        bank_reference=reference,
        amount=amount,
        booked_on=_day(text_of(booked.get("Dt")) or text_of(booked.get("DtTm")) or ""),
        returned=returned,
        reason=find.text(details[0], "RtrInf/Rsn/Cd") if returned else None,
    )


def _check_totals(head: etree._Element, find: Finder, *, entries: int, total: int) -> None:
    declared = whole_number(find.text(head, "TxsSummry/TtlNtries/NbOfNtries"), what="NbOfNtries")
    declared_sum = find.text(head, "TxsSummry/TtlNtries/Sum")
    if declared not in (None, entries):
        raise FileInvalid("number of entries")
    if declared_sum is not None and whole_dong(declared_sum, what="Sum") != total:
        raise FileInvalid("sum of entries")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise FileInvalid("malformed date") from error


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise FileInvalid("malformed time") from error
