"""One payment month of the demo: lists, signatures, money, sending, cash, statement, proof."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from django.db.models import Count, Sum
from django.utils import timezone

from config.demo.bank_desk import BankDesk
from config.demo.intake import Office
from config.demo.lump_sum import forward, lump_sums
from config.demo.provider import PostOffice
from payments.models import BankEvent, FundingAccount, Payment, PaymentBatch
from payments.services.learning.confirm import confirm_unpaid
from payments.services.ledger.funding import record_top_up
from payments.services.lists.build_lists import Built, build_lists
from payments.services.lists.conflicts import conflicts_of, note_conflicts
from payments.services.providers import hand_over
from payments.services.sending.bank import the_bank, the_statements
from payments.services.signing.sign import approve, release, submit
from payments.states import IN_FLIGHT, Channel, PaymentStatus
from payments.tasks import find_work, send_payments
from reconciliation.services.lines.provider_results import import_result_list
from reconciliation.services.months.prove import Proof, prove_cycle
from reconciliation.services.statements.import_statement import import_statements
from staff.time_zone import VIETNAM

Progress = Callable[[int, int], None]
QUIET_SECONDS = 300  # no payment moved for so long: something is wrong, and the demo says so instead of waiting


class NothingMoves(RuntimeError):
    """Payments stopped moving before all were final."""


@dataclass(frozen=True)
class Month:
    """A payment month and its business days."""

    first: date
    office: Office
    desk: BankDesk
    post_office: PostOffice
    folder: Path
    workers: int

    @property
    def listed_on(self) -> date:
        """The 18th of the month before: what was known by then is on the list."""
        return (self.first - timedelta(days=1)).replace(day=18)

    @property
    def pay_on(self) -> date:
        """The 5th."""
        return self.first.replace(day=5)

    @property
    def last(self) -> date:
        """The last day of the month."""
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    def at(self, day: date, hour: int) -> datetime:
        """A business time in Vietnam."""
        return datetime.combine(day, clock_time(hour), tzinfo=VIETNAM)


def build(month: Month) -> Built:
    """Confirm what came back, then build the lists."""
    confirm_unpaid(bank=the_bank(), now=timezone.now())
    return build_lists(
        month=month.first, listed_on=month.listed_on, pay_on=month.pay_on, actor=month.office.maker, now=timezone.now()
    )


def sign(month: Month) -> int:
    """Three people sign all lists of the month; the Treasury tops up in between. Returns the payments released."""
    ids = list(PaymentBatch.objects.filter(cycle__month=month.first).values_list("pk", flat=True))
    for batch_id in {conflict.batch_id for conflict in conflicts_of(batch_ids=ids) if conflict.open}:
        reason = "Đã đối chiếu hồ sơ giấy: là những người khác nhau."
        note_conflicts(batch_id=batch_id, pairs=None, reason=reason, actor=month.office.maker, now=timezone.now())
    submit(batch_ids=ids, actor=month.office.maker, now=timezone.now())
    approve(batch_ids=ids, actor=month.office.checker, now=timezone.now())
    _top_up(month)
    return release(batch_ids=ids, actor=month.office.releaser, now=timezone.now(), bank=the_bank())


def _top_up(month: Month) -> None:
    """Each paying unit draws what its lists of this month need, on the 3rd."""
    day = month.first.replace(day=3)
    month.desk.set_clock(month.at(day, 9))
    payments = Payment.objects.filter(batch__cycle__month=month.first, batch__channel=Channel.ACCOUNT)
    needed = Counter(dict(payments.values_list("batch__funding_account").annotate(total=Sum("amount"))))
    for lump in lump_sums(month=month.first):
        needed[lump.account.pk] += lump.amount
    for account in FundingAccount.objects.filter(pk__in=needed).select_related("paying_unit").order_by("pk"):
        top_up = record_top_up(
            account=account,
            reference=f"CAP-{month.first:%Y%m}-{account.paying_unit.code}",
            amount=needed[account.pk],
            booked_on=day,
            actor=month.office.checker,
            now=timezone.now(),
        )
        month.desk.top_up(account_id=account.bank_account_id, amount=top_up.amount, reference=top_up.reference)
    month.desk.set_clock(month.at(month.pay_on, 8))


def pay_accounts(month: Month, *, progress: Progress) -> None:
    """Ring the workers and watch until every transfer is final at the bank."""
    for _ in range(month.workers):
        send_payments.delay()
    payments = Payment.objects.filter(batch__cycle__month=month.first, batch__channel=Channel.ACCOUNT).exclude(
        status=PaymentStatus.CANCELLED
    )
    total = payments.count()

    def final() -> int:
        return total - payments.filter(status__in=(PaymentStatus.READY, *IN_FLIGHT)).count()

    _watch(final, total=total, progress=progress)


def pay_cash(month: Month, *, progress: Progress) -> None:
    """The lump sum goes to the post office on the 15th; cash lists out to it, and back, signed, on the 20th."""
    transferred_on = month.first.replace(day=15)
    month.desk.set_clock(month.at(transferred_on, 9))
    forward(
        lump_sums(month=month.first),
        desk=month.desk,
        actor=month.office.checker,
        on=transferred_on,
        now=timezone.now(),
    )
    batches = list(
        PaymentBatch.objects.filter(cycle__month=month.first, channel=Channel.CASH).values_list("pk", flat=True)
    )
    folder = month.folder / f"tien-mat-{month.first:%Y-%m}"
    folder.mkdir(parents=True, exist_ok=True)
    sent_folder = month.folder / f"danh-sach-tien-mat-{month.first:%Y-%m}"
    sent_folder.mkdir(parents=True, exist_ok=True)
    for done, pk in enumerate(batches, start=1):
        sent_out = hand_over(batch_id=pk, actor=month.office.checker, now=timezone.now())
        sent_back = month.post_office.pay(sent_out, month=month.first, paid_on=month.first.replace(day=20))
        (sent_folder / f"danh-sach-{pk}.xlsx").write_bytes(sent_out)
        (folder / f"ket-qua-{pk}.xlsx").write_bytes(sent_back)
        import_result_list(
            content=sent_back, batch=PaymentBatch.objects.get(pk=pk), actor=month.office.checker, now=timezone.now()
        )
        progress(done, len(batches))


def end_month(month: Month, *, progress: Progress) -> None:
    """Days pass: money comes back from closed accounts; wait until we have learned of it."""
    month.desk.set_clock(month.at(month.last, 18))

    def learned() -> int:
        unhandled = BankEvent.objects.filter(handled_at__isnull=True).count()
        if unhandled:
            find_work.delay()
        return -(unhandled + int(month.desk.pending()["webhooks_undelivered"]))

    _watch(learned, total=0, progress=lambda done, total: None)
    progress(1, 1)


def reconcile(month: Month, *, progress: Progress) -> None:
    """Fetch every funding account's statement of the month and match it."""
    month.desk.set_clock(month.at(month.last + timedelta(days=1), 1))
    accounts = list(FundingAccount.objects.filter(batches__cycle__month=month.first).distinct())
    for done, account in enumerate(accounts, start=1):
        with the_statements().fetch(
            financial_account=account.bank_account_id, from_on=month.first, to_on=month.last
        ) as file:
            import_statements(sources=[file], actor=month.office.checker, now=timezone.now())
        progress(done, len(accounts))


def prove(month: Month) -> Proof:
    """The proof of the month."""
    return prove_cycle(month=month.first)


def outcome_of(month: Month) -> dict[str, int]:
    """How many payments stand where."""
    rows = Payment.objects.filter(batch__cycle__month=month.first).values("status").annotate(count=Count("pk"))
    return {row["status"]: row["count"] for row in rows.order_by("status")}


def _watch(measure: Callable[[], int], *, total: int, progress: Progress) -> None:
    best, since = measure(), time.monotonic()
    while best < total:
        time.sleep(0.3)
        now = measure()
        if now != best:
            best, since = now, time.monotonic()
        progress(best, total)
        if time.monotonic() - since > QUIET_SECONDS:
            raise NothingMoves(f"{best} / {total}")
    progress(total, total)
