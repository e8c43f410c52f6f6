"""A statement made of what a bank's API lists: the same interface as a file's, from bookings and the balances around them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from banks.transactions import BankTransaction
from reconciliation.parsers.interface import ParsedLine, ParsedStatement, StatementReading
from reconciliation.parsers.values import VIETNAM

FORMAT: Final = "api"
CURRENCY: Final = "VND"


def read_bookings(
    bookings: Iterable[BankTransaction], *, account: str, from_on: date, to_on: date, opening: int, closing: int
) -> StatementReading:
    """The statement of the days `from_on` to `to_on`, both included, of their bookings as they follow each other; balances in đồng."""
    statement = ParsedStatement(
        format=FORMAT,
        statement_id=f"API-{from_on:%Y%m%d}-{to_on:%Y%m%d}",
        account=account,
        currency=CURRENCY,
        sequence_number=None,
        from_on=from_on,
        to_on=to_on,
        opening=opening,
        closing=closing,
        created_at=datetime(to_on.year, to_on.month, to_on.day, tzinfo=VIETNAM),
        declared_entries=None,
    )
    return StatementReading(statement, ([_line(one, at)] for at, one in enumerate(bookings, start=1)))


def booked_on(booking: BankTransaction) -> date:
    """The day in Vietnam: 23:59 there is another day in UTC."""
    return booking.booked_at.astimezone(VIETNAM).date()


def _line(booking: BankTransaction, ordinal: int) -> ParsedLine:
    of_payment = booking.is_of_payment
    return ParsedLine(
        ordinal=ordinal,
        entry_ordinal=ordinal,
        amount=booking.amount,
        currency=CURRENCY,
        booked_on=booked_on(booking),
        value_on=booked_on(booking),
        end_to_end_id=None if of_payment else booking.flow or None,
        bank_reference=(booking.flow if of_payment else "") or booking.transaction_id,
        is_return=of_payment and booking.amount > 0,
        return_code=None,
        counterparty_name=None,
        counterparty_account=None,
        description=booking.description,
    )
