"""The simulated bank's statements: from its own books, in the mock bank's own writer of camt.053."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from mockbank.camt053 import write_camt053
from mockbank.statement_lines import StatementHead, StatementLine
from staff.time_zone import VIETNAM
from tests.payments.province import AUGUST
from tests.simulation.bank import PUT_IN, Order, SimulatedBank
from tests.simulation.stage import BALANCES

ISSUED_AT = 1_725_127_200


@dataclass
class StatementDesk:
    """Issues statements without a gap, one account at a time: each continues where the last one ended."""

    bank: SimulatedBank
    through: dict[str, date] = field(default_factory=dict)
    sequence: dict[str, int] = field(default_factory=dict)
    waiting: list[bytes] = field(
        default_factory=list
    )  # handed out, and not taken in to the end: whoever died over it begins again

    def hand_out(self, *, to: date) -> list[bytes]:
        """What is there through `to` and was not `taken_in`, the oldest first."""
        self.waiting += [content for account in BALANCES if (content := self.issue(account, to=to))]
        return list(self.waiting)

    def taken_in(self) -> None:
        """All that was handed out is in."""
        self.waiting.clear()

    def issue(self, account: str, *, to: date) -> bytes | None:
        """The statement of `account` from the day after the last one through `to`, or None when there is no such day."""
        first = self.through.get(account, AUGUST - timedelta(days=1)) + timedelta(days=1)
        if to < first:
            return None
        bookings = self._bookings(account)
        before = sum(line.amount for line in bookings if line.booked_on < first)
        lines = [line for line in bookings if first <= line.booked_on <= to]
        self.through[account], self.sequence[account] = to, self.sequence.get(account, 0) + 1
        credits = [line.amount for line in lines if line.amount > 0]
        debits = [-line.amount for line in lines if line.amount < 0]
        head = StatementHead(
            id=f"SP-{account}-{self.sequence[account]}",
            sequence=self.sequence[account],
            account_id=account,
            account_name=account,
            iban=None,
            first_day=first,
            last_day=to,
            issued_at=ISSUED_AT,
            opening=before,
            closing=before + sum(line.amount for line in lines),
            credit_count=len(credits),
            credit_sum=sum(credits),
            debit_count=len(debits),
            debit_sum=sum(debits),
        )
        return "".join(write_camt053(head, lines)).encode()

    def _bookings(self, account: str) -> list[StatementLine]:
        lines = [_line("topup", f"CAP-TK-{account[3:]}", BALANCES[account], AUGUST)]
        for reference, at in self.bank.put_in:
            lines.append(_line("topup", f"{reference}-{account}", PUT_IN, _day(at)))
        if self.bank.taken_out is not None:
            left, at = self.bank.taken_out
            lines.append(_line("debit", "KHAC", left - BALANCES[account], _day(at)))
        for order in self.bank.orders:
            if order.transfer.financial_account == account:
                lines += _lines_of(order)
        return lines


def _lines_of(order: Order) -> list[StatementLine]:
    """A debit when it was posted, a credit when it came back; sent back without ever being posted, both at once."""
    days = {status: _day(at) for status, at in order.history}
    if order.debited_at is not None:
        days["posted"] = _day(order.debited_at)
    if order.given_back_at is not None:
        days["returned"] = _day(order.given_back_at)
    debited = days.get("posted") or days.get("returned")
    key, amount = order.transfer.end_to_end_id, order.transfer.amount
    lines = [_line("debit", key, -amount, debited, order.reference)] if debited else []
    return lines + ([_line("return", key, amount, days["returned"], order.reference)] if "returned" in days else [])


def _day(at: datetime) -> date:
    return at.astimezone(VIETNAM).date()


def _line(kind: str, reference: str, amount: int, day: date, order: str | None = None) -> StatementLine:
    return StatementLine(
        id=f"{kind}_{order or reference}", kind=kind, amount=amount, booked_on=day, payment_id=order, end_to_end_id=reference,
        message_id=None, counterparty_name="NGUYEN VAN", counterparty_account=None, counterparty_bank=None, text=kind,
        return_reason="AC04" if kind == "return" else None,
    )  # fmt: skip
