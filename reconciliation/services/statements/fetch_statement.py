"""Take a statement from the bank's API. Pages may change while they are read: what was read counts only when balances, or a second reading, agree."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Min

from banks.errors import BankError
from banks.transactions import Transactions
from payments.models import FundingAccount, PaymentBatch
from payments.states import BatchStatus
from reconciliation.errors import DayBeforeAccount, DayNotOver, StatementKeepsChanging
from reconciliation.models import Statement
from reconciliation.parsers.bank_list import read_bookings
from reconciliation.services.months.close_lists import close_finished_lists
from reconciliation.services.months.periods import require_open
from reconciliation.services.statements.balance_gaps import balance_at_start
from reconciliation.services.statements.fetched_bookings import FetchedBookings
from reconciliation.services.statements.import_statement import StatementIntake, import_reading
from reconciliation.services.statements.reading_form import refused_in_words
from staff.errors import Refusal
from staff.models import User
from staff.rights import Right, require
from staff.time_zone import VIETNAM

MOST_READINGS = 5
MOST_BOOKINGS = 5_000_000  # on disk; a list that goes in circles ends here
FIRST_DAY = date(2000, 1, 1)  # before any funding account
MOST_DAYS = 31  # of one catching-up statement


@dataclass
class Fetched:
    """What a round brought, and the codes of accounts that could not be fetched."""

    intakes: list[StatementIntake] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def fetch_statement(
    *, account: FundingAccount, from_on: date, to_on: date, bank: Transactions, actor: User, now: datetime
) -> StatementIntake:
    """Import what the bank booked from `from_on` to `to_on`, days that are over (Vietnam's calendar). No transaction is held while the bank answers.

    Raises `DayNotOver`, `DayBeforeAccount`, `PeriodIsClosed`, `StatementKeepsChanging`, what `import_statements` raises,
    BankUnavailable, BankRefused, BankAnswerUnreadable.
    """
    require(actor, Right.RECONCILE, unit=account.paying_unit)
    if from_on > to_on or to_on >= now.astimezone(VIETNAM).date():
        raise DayNotOver
    _require_in_use(account, from_on=from_on)
    require_open(account=account, day=from_on)  # before the bank is asked; taking it in asks again
    bookings, balance = _read_settled(bank, account=account, from_on=from_on)
    with bookings:
        opening = balance - bookings.total(from_on=from_on)
        reading = read_bookings(
            bookings.within(from_on=from_on, to_on=to_on),
            account=account.bank_account_id,
            from_on=from_on,
            to_on=to_on,
            opening=opening,
            closing=opening + bookings.total(from_on=from_on, to_on=to_on),
        )
        with transaction.atomic(), refused_in_words():
            intake = import_reading(reading, account=account, actor=actor, now=now)
            close_finished_lists(now=now)
    return intake


def fetch_missing_statements(*, bank: Transactions, actor: User, now: datetime) -> Fetched:
    """Fetch the days up to yesterday that no statement covers, for every account with a released list in the actor's reach.

    An account that fails never stops the others; its silence becomes an alarm when it lasts.
    """
    yesterday = now.astimezone(VIETNAM).date() - timedelta(days=1)
    fetched = Fetched()
    for account in FundingAccount.objects.filter(
        paying_unit__path__startswith=actor.unit.path if actor.unit else "-",
        pk__in=PaymentBatch.objects.filter(status=BatchStatus.RELEASED).values("funding_account"),
    ).order_by("pk"):
        first = _first_day_to_fetch(account)
        if first is not None and first <= yesterday:
            last = min(yesterday, first + timedelta(days=MOST_DAYS - 1))
            try:
                intake = fetch_statement(account=account, from_on=first, to_on=last, bank=bank, actor=actor, now=now)
            except (BankError, Refusal):
                fetched.failed.append(account.code)
            else:
                fetched.intakes.append(intake)
    return fetched


def _require_in_use(account: FundingAccount, *, from_on: date) -> None:
    """Before the month of its first list, top-up or statement an account is not in use here: what it booked then is nobody's to explain."""
    firsts = (
        account.statements.aggregate(first=Min("from_on"))["first"],
        account.top_ups.aggregate(first=Min("booked_on"))["first"],
        account.batches.aggregate(first=Min("cycle__month"))["first"],
    )
    known = [first for first in firsts if first is not None]
    if not known:
        raise DayBeforeAccount(
            f"Tài khoản chi trả {account.code} chưa có danh sách, lần cấp kinh phí hay sao kê nào nên chưa có ngày nào để lấy; "
            "mời ghi nhận cấp kinh phí ở trang “Kinh phí” trước.",
            conflicts=[account.code],
        )
    first = min(known).replace(day=1)
    if from_on < first:
        raise DayBeforeAccount(
            f"Tài khoản chi trả {account.code} dùng trên hệ thống từ {first:%d/%m/%Y} (danh sách, lần cấp kinh phí hoặc sao kê đầu tiên); "
            f"chỉ lấy được sao kê từ ngày đó. Cần những ngày trước, mời nạp tệp sao kê ngân hàng gửi.",
            conflicts=[account.code],
        )


def _first_day_to_fetch(account: FundingAccount) -> date | None:
    """The day after the last one covered; before any statement, the day of the first top-up."""
    covered = Statement.objects.filter(funding_account=account, opening__isnull=False).order_by("to_on").last()
    if covered is not None:
        return covered.to_on + timedelta(days=1)
    top_up = account.top_ups.order_by("booked_on").first()
    return top_up.booked_on if top_up else None


def _read_settled(bank: Transactions, *, account: FundingAccount, from_on: date) -> tuple[FetchedBookings, int]:
    """All bookings since `from_on`, or since the account's first where no statement came before, and the balance they lead to.

    A reading that begins at the balance the last statement ended with (the first booking: at nothing) has every booking once. Where none does,
    and all say the same under a balance that stood still, it is a gap to be named.
    """
    expected = _expected_opening(account, from_on=from_on)
    first_day, begins_at = (FIRST_DAY, 0) if expected is None else (from_on, expected)
    previous: bytes | None = None
    alike = 0
    for _ in range(MOST_READINGS):
        before = bank.booked_balance(account.bank_account_id)
        with ExitStack() as unless_settled:
            found = unless_settled.enter_context(_read_all(bank, account=account, from_on=first_day))
            balance = bank.booked_balance(account.bank_account_id)
            if before != balance:
                previous, alike = None, 0
                continue
            said = found.digest()
            alike = alike + 1 if said == previous else 1
            if balance - found.total() == begins_at or alike == MOST_READINGS:
                unless_settled.pop_all()
                return found, balance
            previous = said
    raise StatementKeepsChanging(conflicts=[account.code])


def _read_all(bank: Transactions, *, account: FundingAccount, from_on: date) -> FetchedBookings:
    since = datetime.combine(from_on, time.min, tzinfo=VIETNAM)
    with ExitStack() as unless_read:
        found = unless_read.enter_context(FetchedBookings())
        for page in bank.pages_since(financial_account=account.bank_account_id, since=since):
            found.keep(page)
            if found.told > MOST_BOOKINGS:
                raise StatementKeepsChanging(conflicts=[account.code])
        unless_read.pop_all()
        return found


def _expected_opening(account: FundingAccount, *, from_on: date) -> int | None:
    before = (
        Statement.objects.filter(
            funding_account=account, opening__isnull=False, from_on__lt=from_on, to_on__gte=from_on - timedelta(days=1)
        )
        .order_by("to_on", "pk")
        .last()
    )
    return None if before is None else balance_at_start(from_on, before=before)
