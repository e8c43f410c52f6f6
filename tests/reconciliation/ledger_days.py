"""Days of one funding account as they may come: released, sent, posted, sent back, on statements that lie, written off, reopened, taken back.

What every ledger must hold is counted here from rows, in words of its own: nothing of the product's bookkeeping is used for it.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

from django.db import connection

from banks.fake import FakeTransfers
from banks.transfers import Status
from payments.models import BankEvent, FundingAccount, Payment, PaymentBatch, TopUp
from payments.services.learning.learn import fetch_states
from payments.services.sending.send import send_ready_payments
from payments.services.signing.sign import approve, release, submit
from reconciliation.models import Discrepancy, StatementMatch
from reconciliation.parsers.interface import ParsedLine, ParsedStatement, StatementReading
from reconciliation.services.differences.discrepancies import book_entry, reopen
from reconciliation.services.differences.write_off import propose_write_off, sign_write_off
from reconciliation.services.lines.match_by_hand import undo_match
from reconciliation.services.months.free_reserves import free_all_reserves
from reconciliation.services.statements.import_statement import import_reading
from staff.errors import Refusal
from staff.models import Role, User
from staff.time_zone import VIETNAM
from tests.payments.province import Clock, Province

ACCOUNT, TOP_UP = "fa_971", 10_000_000
OPS = (
    "release", "send", "post", "learn", "fail", "return", "take_off", "statement", "statement that drops a line", "statement that doubles a line",
    "statement a dong off", "statement with a charge", "write_off", "reopen", "undo", "book_charge", "free",
)  # fmt: skip


@dataclass
class Days:
    """One account's world. `shown` are bookings the statements so far meant to show."""

    province: Province
    bank: FakeTransfers
    clock: Clock
    shown: set[tuple[str, str]] = field(default_factory=set)
    balance: int = 0
    serial: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.account = FundingAccount.objects.get(bank_account_id=ACCOUNT)
        TopUp.objects.create(
            funding_account=self.account, reference="CAP-1", amount=TOP_UP, booked_on=self.clock().date()
        )
        self.checker = self.province.staff["CHECKER"]
        self.second = User.objects.create(
            username="checker2", password="!", full_name="2", role=Role.CHECKER, unit=self.province.units["97"]
        )

    def play(self, op: str, choice: int) -> None:
        """One step; what the product refuses changes nothing."""
        name, _, how = op.partition(" ")
        if name == "statement":
            self.statement(how, choice)
            return
        with suppress(Refusal):
            getattr(self, name)(choice)

    def release(self, choice: int) -> None:
        ids = list(PaymentBatch.objects.filter(status="DRAFT").order_by("pk").values_list("pk", flat=True))
        if ids:
            one = [ids[choice % len(ids)]]
            submit(batch_ids=one, actor=self.province.staff["MAKER"], now=self.clock())
            approve(batch_ids=one, actor=self.checker, now=self.clock())
            release(batch_ids=one, actor=self.province.staff["RELEASER"], now=self.clock(), bank=self.bank)

    def send(self, choice: int) -> None:
        send_ready_payments(bank=self.bank, clock=self.clock)

    def post(self, choice: int) -> None:
        self.bank.post_all()

    def learn(self, choice: int) -> None:
        for state in self.bank.taken:
            BankEvent.objects.create(
                event_id=f"evt_{next(self.serial)}",
                kind="x",
                bank_reference=state.bank_reference,
                sealed=b"",
                received_at=self.clock(),
            )
        self.clock.advance(seconds=2)
        fetch_states(bank=self.bank, now=self.clock())

    def fail(self, choice: int) -> None:
        self._move(Status.PROCESSING, Status.FAILED, choice)

    def take_off(self, choice: int) -> None:
        waiting = Payment.objects.filter(status__in=["DRAFT", "READY"]).order_by("pk")
        if waiting:
            self.province.take_off(waiting[choice % len(waiting)])

    def free(self, choice: int) -> None:
        free_all_reserves(now=self.clock())

    def write_off(self, choice: int) -> None:
        if (item := _nth(Discrepancy.objects.filter(status="OPEN"), choice)) is not None:
            propose_write_off(discrepancy_id=item.pk, note="QĐ 1", actor=self.checker, now=self.clock())
            sign_write_off(discrepancy_id=item.pk, note="QĐ 1", actor=self.second, now=self.clock())

    def reopen(self, choice: int) -> None:
        if (item := _nth(Discrepancy.objects.filter(status="RESOLVED"), choice)) is not None:
            reopen(discrepancy_id=item.pk, note="Nhầm", actor=self.checker, now=self.clock())

    def undo(self, choice: int) -> None:
        live = StatementMatch.objects.filter(reverses=None, reversed_by=None, top_up=None)
        if (match := _nth(live, choice)) is not None:
            undo_match(match=match, actor=self.checker, reason="Nhầm", now=self.clock())

    def book_charge(self, choice: int) -> None:
        if (item := _nth(Discrepancy.objects.filter(status="OPEN", kind="UNEXPECTED_LINE"), choice)) is not None:
            book_entry(
                discrepancy_id=item.pk,
                kind=StatementMatch.Kind.CHARGE,
                note="Phí",
                actor=self.checker,
                now=self.clock(),
            )

    def statement(self, how: str, choice: int) -> None:
        """The bank's day: what it booked since the last one, told truly or as `how` says."""
        self.clock.advance(days=1)
        day = (self.clock() - timedelta(days=1)).astimezone(VIETNAM).date()
        true = [line for key, line in self._booked() if key not in self.shown and not self.shown.add(key)]
        opening, self.balance = self.balance, self.balance + sum(line.amount for line in true)
        told = [replace(line, booked_on=day, value_on=day) for line in true]
        if told and "drops" in how:
            told.pop(choice % len(told))
        if told and "doubles" in how:
            told.append(told[choice % len(told)])
        if told and "off" in how:
            at = choice % len(told)
            told[at] = replace(told[at], amount=told[at].amount + (1 if choice % 2 else -1))
        if "charge" in how:
            told.append(_line(None, -1000 - choice, returned=False, at=f"phi{choice}", day=day))
            self.balance -= 1000 + choice
        lines = [[replace(line, ordinal=at, entry_ordinal=at)] for at, line in enumerate(told, start=1)]
        head = ParsedStatement(
            format="camt.053.001.08", statement_id="S", account=ACCOUNT, currency="VND", sequence_number=None, from_on=day, to_on=day,
            opening=opening, closing=self.balance, created_at=self.clock(), declared_entries=None,
        )  # fmt: skip
        import_reading(StatementReading(head, iter(lines)), account=None, actor=self.checker, now=self.clock())

    def _booked(self) -> list[tuple[tuple[str, str], ParsedLine]]:
        day = self.clock().date()
        found = [(("CAP-1", "top-up"), _line("CAP-1", TOP_UP, returned=False, at="t1", day=day))]
        for state in self.bank.taken:
            if state.status in (Status.POSTED, Status.RETURNED):
                key, reference = state.bank_reference, state.end_to_end_id
                found.append(((key, "debit"), _line(reference, -state.amount, returned=False, at=key, day=day)))
                if state.status is Status.RETURNED:
                    found.append(((key, "return"), _line(reference, state.amount, returned=True, at=key, day=day)))
        return found

    def _move(self, old: Status, new: Status, choice: int) -> None:
        fitting = [state for state in self.bank.taken if state.status is old]
        if fitting:
            self.bank.move(fitting[choice % len(fitting)].bank_reference, to=new, return_code="account_closed")


def _return(days: Days, choice: int) -> None:
    days._move(Status.POSTED, Status.RETURNED, choice)


setattr(Days, "return", _return)  # a word of Python


def _nth(found, choice: int):
    rows = list(found.order_by("pk"))
    return rows[choice % len(rows)] if rows else None


def _line(reference: str | None, amount: int, *, returned: bool, at: str, day) -> ParsedLine:
    return ParsedLine(
        ordinal=1, entry_ordinal=1, amount=amount, currency="VND", booked_on=day, value_on=day, end_to_end_id=reference, bank_reference=at,
        is_return=returned, return_code=None, counterparty_name=None, counterparty_account=None, description="",
    )  # fmt: skip


LEDGERS = """
SELECT a.kind, sum(x.amount) FROM payments_posting x JOIN payments_ledgeraccount a ON a.id = x.account_id
JOIN payments_fundingaccount f ON f.id = a.funding_account_id WHERE f.bank_account_id = %s GROUP BY 1
"""
# What matches stand, and what was written off and stands written off: all that may move a ledger beside releases.
STANDING = """
SELECT kind, 0, sum(amount) FROM reconciliation_livematch GROUP BY 1
UNION ALL
SELECT 'W:' || kind || CASE WHEN kind = 'BALANCE_GAP' THEN split_part(key, ':', 3) ELSE '' END
       || CASE WHEN coalesce(nullif(theirs, 0), ours) < 0 THEN '-' ELSE '+' END,
       sum(ours), sum(theirs) FROM reconciliation_discrepancy WHERE ground = 'WRITTEN_OFF' GROUP BY 1
"""
NEEDED = """
SELECT coalesce(sum(p.amount), 0) FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
WHERE b.status IN ('RELEASED', 'CLOSED') AND p.status IN ('READY', 'SENT', 'PROCESSING', 'POSTED', 'RETURNED')
  AND NOT EXISTS (SELECT 1 FROM reconciliation_livematch m WHERE m.payment_id = p.id AND m.kind = 'DEBIT')
  AND NOT EXISTS (SELECT 1 FROM reconciliation_discrepancy d WHERE d.payment_id = p.id AND d.ground = 'WRITTEN_OFF' AND d.ours < 0
                  AND d.kind IN ('MISSING_ON_STATEMENT', 'AMOUNT_DIFFERS'))
"""
LINES = ("UNEXPECTED_LINE", "DUPLICATE_DEBIT", "RETURN_UNEXPLAINED")
GAPS = ("BALANCE_GAPsum", "BALANCE_GAPchain", "BALANCE_GAProw")


def ledgers() -> dict[str, int]:
    """What the journal holds, by kind; FUNDS and RESERVED together, for what is kept moves between them."""
    with connection.cursor() as cursor:
        cursor.execute(LEDGERS, [ACCOUNT])
        held = {kind: int(total) for kind, total in cursor.fetchall()}
    held["AT_BANK"] = held.pop("FUNDS", 0) + held.get("RESERVED", 0)
    return {kind: total for kind, total in held.items() if total and kind != "RESERVED"}


def reserved() -> tuple[int, int]:
    """What the journal keeps, and what is needed."""
    with connection.cursor() as cursor:
        cursor.execute(LEDGERS, [ACCOUNT])
        held = dict(cursor.fetchall()).get("RESERVED", 0)
        cursor.execute(NEEDED)
        return int(held), int(cursor.fetchone()[0])


def explained() -> dict[str, int]:
    """What rows say each of `ledgers` must be."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING)
        rows = {kind: (int(ours or 0), int(theirs or 0)) for kind, ours, theirs in cursor.fetchall()}

    def live(kind: str) -> int:
        return rows.get(kind, (0, 0))[1]

    def off(kind: str, sign: str = "-+") -> tuple[int, int]:
        found = [rows.get(f"W:{kind}{one}", (0, 0)) for one in sign]
        return sum(one[0] for one in found), sum(one[1] for one in found)

    lines = sum(off(kind)[1] for kind in LINES)
    gaps = sum(theirs - ours for ours, theirs in map(off, GAPS))
    differs = off("AMOUNT_DIFFERS")
    means = {
        "ALLOTTED": -live("TOP_UP"),
        "PAID": -live("DEBIT") - off("MISSING_ON_STATEMENT", "-")[0] - off("AMOUNT_DIFFERS", "-")[0] + off("BANK_CONTRADICTS", "-")[1],
        "RETURNED": -live("RETURN") - off("MISSING_ON_STATEMENT", "+")[0] - off("AMOUNT_DIFFERS", "+")[0] + off("BANK_CONTRADICTS", "+")[1],
        "CHARGES": -live("CHARGE"),
        "ADJUSTED": off("MISSING_ON_STATEMENT")[0] + differs[0] - differs[1] - lines - off("BANK_CONTRADICTS")[1] - gaps,
        "AT_BANK": sum(map(live, ("TOP_UP", "DEBIT", "RETURN", "CHARGE"))) + differs[1] + lines + gaps,
    }  # fmt: skip
    return {kind: amount for kind, amount in means.items() if amount}
