"""August 2024 of one district: really built, signed, sent to a bank in memory, posted, one sent back; the bank writes the statements.

What is on a statement comes from the bank's own ledger, in the mock bank's own writer of camt.053: nothing of it from our tables.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from django.utils import timezone

from banks.fake import FakeTransfers
from banks.transfers import Status, TransferState
from beneficiaries.services.identity.match import match_people
from beneficiaries.services.intake.lists import import_accounts, verify_accounts
from mockbank.camt053 import CamtPage, write_camt053
from mockbank.statement_lines import StatementHead, StatementLine
from payments.models import BankEvent, FundingAccount, Payment, PaymentBatch, TopUp
from payments.services.learning.learn import fetch_states
from payments.services.lists.build_lists import build_lists
from payments.services.sending.send import send_ready_payments
from payments.services.signing.removal import sign_slip, take_off
from payments.services.signing.sign import approve, release, submit
from payments.states import Cause
from reconciliation.services.statements.import_statement import StatementIntake, import_statements
from staff.models import Role, User
from tests.beneficiaries.office_files import account_file, people
from tests.beneficiaries.offices import NOW, Offices, open_offices

MONTH, PAID_ON, RETURNED_ON = date(2024, 8, 1), date(2024, 8, 5), date(2024, 8, 14)
FIRST_HALF, SECOND_HALF = (date(2024, 8, 1), date(2024, 8, 10)), (date(2024, 8, 11), date(2024, 8, 31))
ACCOUNT_ID = "fa_971"
TOP_UP = "CAP-202408-971"
RECEIVED_AT = datetime(2024, 9, 1, 1, 0, tzinfo=UTC)
CATEGORIES = [("CT-80-KLH", 1.0), ("CT-60", 1.5), ("CT-80", 2.0), ("TE-KNND-4", 2.5), ("CT-CSXH", 3.0)]
WITH_ACCOUNT, IN_CASH = 10, 3


Writer = Callable[[StatementHead, Iterable[StatementLine]], Iterator[str]]


@dataclass(frozen=True)
class Page:
    """One statement as the bank means it; `declared` is its own count of entries, `opening` and `closing` are đồng."""

    lines: tuple[StatementLine, ...]
    opening: int
    closing: int
    declared: int
    sequence: int | None
    days: tuple[date, date]

    def with_lines(self, *lines: StatementLine) -> "Page":
        """The same page with other lines: head and balances stay the bank's."""
        return replace(self, lines=lines)

    def written(self, *, account: str = ACCOUNT_ID, write: Writer = write_camt053) -> bytes:
        """As the bank writes it, camt.053 unless another of its writers is given."""
        return "".join(write(self._head(account), self.lines)).encode()

    def in_pages(self, size: int, *, without: StatementLine | None = None) -> list[bytes]:
        """As documents of at most `size` entries each; a line the bank loses is missing on its page, whose balances stay."""
        files, opening = [], self.opening
        starts = range(0, len(self.lines), size)
        for number, start in enumerate(starts, start=1):
            lines = self.lines[start : start + size]
            closing = opening + sum(line.amount for line in lines)
            page = CamtPage(number, number == len(starts), opening, closing)
            kept = [line for line in lines if line is not without]
            files.append("".join(write_camt053(self._head(ACCOUNT_ID), kept, page)).encode())
            opening = closing
        return files

    def _head(self, account: str) -> StatementHead:
        credit = [line.amount for line in self.lines if line.amount > 0]
        debit = [line.amount for line in self.lines if line.amount < 0]
        return StatementHead(
            id=f"SP{self.sequence or 0:06d}", sequence=self.sequence, account_id=account, account_name="Phong LDTBXH 971", iban=None,
            first_day=self.days[0], last_day=self.days[1], issued_at=1_725_127_200, opening=self.opening, closing=self.closing,
            credit_count=self.declared, credit_sum=sum(credit), debit_count=0, debit_sum=-sum(debit),
        )  # fmt: skip


@dataclass
class PaidMonth:
    """Who acted, the bank, and its two statements."""

    checker: User
    maker: User
    bank: FakeTransfers
    pages: list[Page] = field(default_factory=list)

    def receive(self, *pages: Page, write: Writer = write_camt053) -> list[StatementIntake]:
        """The checker takes in statements, one file each."""
        return [
            intake
            for page in pages
            for intake in import_statements(
                sources=[io.BytesIO(page.written(write=write))], actor=self.checker, now=RECEIVED_AT
            )
        ]


def make_paid_month(folder: Path) -> PaidMonth:
    """Nine people paid into accounts, one of whom sends it back, a tenth stopped; three in cash; two statements not yet received."""
    offices = open_offices(folder)
    _take_in_people(offices)
    checker, releaser = _member(offices, Role.CHECKER), _member(offices, Role.RELEASER)
    funding = FundingAccount.objects.create(
        code="TKCT-971", bank_account_id=ACCOUNT_ID, paying_unit=offices.units["971"]
    )
    build_lists(month=MONTH, listed_on=date(2024, 7, 18), pay_on=PAID_ON, actor=offices.maker, now=timezone.now())
    clock = _Clock(PAID_ON)
    _sign(offices, checker=checker)
    stopped = Payment.objects.filter(batch__channel="ACCOUNT").order_by("ordinal").last()
    slip = take_off(
        payment_id=stopped.pk if stopped else 0, reason="Gia đình báo tin.", actor=checker, now=timezone.now()
    )
    for signer in (checker, releaser) if slip else ():
        sign_slip(slip_id=slip.pk, actor=signer, now=timezone.now())
    total = sum(Payment.objects.filter(batch__channel="ACCOUNT", status="DRAFT").values_list("amount", flat=True))
    TopUp.objects.create(funding_account=funding, reference=TOP_UP, amount=total, booked_on=date(2024, 8, 3))
    bank = FakeTransfers(balances={ACCOUNT_ID: total}, now=clock)
    release(batch_ids=_lists(), actor=releaser, now=timezone.now(), bank=bank)
    _pay(bank, clock=clock)
    return PaidMonth(checker=checker, maker=offices.maker, bank=bank, pages=_pages(bank, top_up=total))


@dataclass
class _Clock:
    day: date

    def __call__(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 3, 0, tzinfo=UTC)


def _take_in_people(offices: Offices) -> None:
    rows = people(WITH_ACCOUNT + IN_CASH)
    for at, row in enumerate(rows):
        category, coefficient = CATEGORIES[at % len(CATEGORIES)]
        row.update(category=category, coefficient=coefficient, paid_through="07/2024")
    offices.know_residents(*({"so_dinh_danh": row["number"], "ho_ten": row["name"]} for row in rows))
    offices.receive(*rows)
    match_people(actor_id=offices.maker.pk, now=NOW)
    accounts = [
        {"code": row["code"], "holder": row["name"], "number": f"55501000{at:02d}"}
        for at, row in enumerate(rows[:WITH_ACCOUNT])
    ]
    import_accounts(
        content=account_file(*accounts), bank_bin="970405", unit=offices.province, actor=offices.maker, now=NOW
    )
    verify_accounts(on=date(2024, 7, 15))


def _member(offices: Offices, role: Role) -> User:
    return User.objects.create(username=role.lower(), password="!", full_name=role, role=role, unit=offices.province)


def _sign(offices: Offices, *, checker: User) -> None:
    submit(batch_ids=_lists(), actor=offices.maker, now=timezone.now())
    approve(batch_ids=_lists(), actor=checker, now=timezone.now())


def _lists() -> list[int]:
    return list(PaymentBatch.objects.values_list("pk", flat=True))


def _pay(bank: FakeTransfers, *, clock: _Clock) -> None:
    send_ready_payments(bank=bank, clock=clock)
    bank.post_all()
    fetch_states(bank=bank, now=clock())
    clock.day = RETURNED_ON
    bank.move(bank.taken[0].bank_reference, to=Status.RETURNED, return_code="account_closed")
    _ring(bank, clock=clock)
    cash = Payment.objects.filter(batch__channel="CASH")
    cash.apply(Cause.HANDED_OVER, now=clock())
    cash.apply(Cause.COLLECTED, now=clock(), credited_on=date(2024, 8, 20))


def _ring(bank: FakeTransfers, *, clock: _Clock) -> None:
    BankEvent.objects.create(
        event_id="evt_1",
        kind="treasury.outbound_payment.returned",
        bank_reference=bank.taken[0].bank_reference,
        sealed=b"",
        received_at=clock(),
    )
    fetch_states(bank=bank, now=clock())


def _pages(bank: FakeTransfers, *, top_up: int) -> list[Page]:
    paid = [_line(state, amount=-state.amount, kind="debit", day=PAID_ON) for state in bank.taken]
    back = [
        _line(state, amount=state.amount, kind="return", day=RETURNED_ON)
        for state in bank.taken
        if state.status is Status.RETURNED
    ]
    credit = StatementLine(
        id="ctf_1", kind="topup", amount=top_up, booked_on=date(2024, 8, 3), payment_id=None, end_to_end_id=TOP_UP, message_id=None,
        counterparty_name=None, counterparty_account=None, counterparty_bank=None, text="Kho bac cap kinh phi", return_reason=None,
    )  # fmt: skip
    first = _page([credit, *paid], opening=0, sequence=1, days=FIRST_HALF)
    return [first, _page(back, opening=first.closing, sequence=2, days=SECOND_HALF)]


def _page(lines: list[StatementLine], *, opening: int, sequence: int, days: tuple[date, date]) -> Page:
    closing = opening + sum(line.amount for line in lines)
    return Page(lines=tuple(lines), opening=opening, closing=closing, declared=len(lines), sequence=sequence, days=days)


def _line(state: TransferState, *, amount: int, kind: str, day: date) -> StatementLine:
    return StatementLine(
        id=f"{kind}_{state.bank_reference}", kind=kind, amount=amount, booked_on=day, payment_id=state.bank_reference,
        end_to_end_id=state.end_to_end_id, message_id=None, counterparty_name="NGUYEN VAN", counterparty_account="5550100000",
        counterparty_bank="970405", text="Tro cap thang 08/2024", return_reason="AC04" if kind == "return" else None,
    )  # fmt: skip
