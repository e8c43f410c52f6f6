"""What others do while somebody works a month of the demo on its pages: the Treasury's money, the bank's days, its statements, the post office."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from http import HTTPStatus
from pathlib import Path

import requests
from django.db.models import Sum

from config.demo.bank_desk import BankDesk
from config.demo.lump_sum import lump_sums
from payments.models import FundingAccount, FundTransfer, Payment, TopUp
from payments.states import BatchStatus, Channel
from staff.time_zone import VIETNAM

RUNNING = "dang-chay.json"
UNRELEASED = (BatchStatus.DRAFT, BatchStatus.SUBMITTED, BatchStatus.APPROVED)
TREASURY_PAYS_ON, BEGINS_AT, ENDS_AT = 3, clock_time(9), clock_time(18)
INTO_THE_ACCOUNT = FundTransfer.Kind.GIVEN_BACK


@contextmanager
def known_where(*, folder: Path, bank: str) -> Iterator[None]:
    """While `make serve` runs, its bank's desk is found here by whoever plays the others."""
    path = folder / RUNNING
    path.write_text(json.dumps({"bank": bank}))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def desk_of(*, folder: Path) -> BankDesk | None:
    """The desk of the bank that `make serve` runs; None while it does not."""
    try:
        return BankDesk(str(json.loads((folder / RUNNING).read_text())["bank"]))
    except FileNotFoundError:
        return None


class NotOrdered(RuntimeError):
    """The bank does not do a transfer that was recorded: there is less on the account."""

    def __init__(self, transfer: FundTransfer) -> None:
        super().__init__(transfer.reference)
        self.transfer = transfer


@dataclass(frozen=True)
class Arrived:
    """Money that arrived in a funding account, as the chief accountant has to record it."""

    account: FundingAccount
    reference: str
    amount: int
    booked_on: date


def needed(*, month: date) -> dict[int, int]:
    """Per funding account what the month's lists still need at the bank: transfers nobody released yet, and lump sums of cash lists."""
    unreleased = Payment.objects.filter(
        batch__cycle__month=month, batch__channel=Channel.ACCOUNT, batch__status__in=UNRELEASED
    )
    found = Counter(dict(unreleased.values_list("batch__funding_account").annotate(total=Sum("amount"))))
    for lump in lump_sums(month=month):
        found[lump.account.pk] += lump.amount
    return found


def top_up(*, month: date, amounts: dict[int, int], desk: BankDesk) -> list[Arrived]:
    """The Treasury pays on the 3rd of the month, or today where the bank's days are past it. Every call is money once more."""
    today = forward_to(datetime.combine(month.replace(day=TREASURY_PAYS_ON), BEGINS_AT, tzinfo=VIETNAM), desk=desk)
    arrived = []
    for account in FundingAccount.objects.filter(pk__in=amounts).select_related("paying_unit").order_by("pk"):
        stem = f"CAP-{month:%Y%m}-{account.paying_unit.code}"
        before = TopUp.objects.filter(reference__startswith=stem).count()
        reference = f"{stem}-{before + 1}" if before else stem
        desk.top_up(account_id=account.bank_account_id, amount=amounts[account.pk], reference=reference)
        arrived.append(Arrived(account, reference, amounts[account.pk], today))
    return arrived


def order_transfers(*, month: date, desk: BankDesk) -> int:
    """What was recorded as moved beside payments is ordered at the bank, once: what its statement shows already is left alone. Raises `NotOrdered`."""
    first, last = month, _last_of(month)
    ordered = 0
    for account in FundingAccount.objects.order_by("pk"):
        transfers = FundTransfer.objects.filter(funding_account=account, booked_on__range=(first, last))
        if not transfers.exists():
            continue
        shown = desk.statement(account_id=account.bank_account_id, from_on=first, to_on=last, interim=True).decode()
        for transfer in transfers.order_by("booked_on", "pk"):
            if f">{transfer.reference}<" in shown:
                continue
            forward_to(datetime.combine(transfer.booked_on, BEGINS_AT, tzinfo=VIETNAM), desk=desk)
            move = desk.top_up if transfer.kind == INTO_THE_ACCOUNT else desk.transfer
            try:
                move(account_id=account.bank_account_id, amount=transfer.amount, reference=transfer.reference)
            except requests.HTTPError as refused:
                if refused.response.status_code != HTTPStatus.CONFLICT:
                    raise
                raise NotOrdered(transfer) from refused
            ordered += 1
    return ordered


def end_month(*, month: date, desk: BankDesk, folder: Path) -> list[Path]:
    """The bank's days go by to the end of the month; then it hands out its statements, which are written to `folder`."""
    last = _last_of(month)
    forward_to(datetime.combine(last, ENDS_AT, tzinfo=VIETNAM), desk=desk)
    forward_to(datetime.combine(last + timedelta(days=1), clock_time(1), tzinfo=VIETNAM), desk=desk)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for account in FundingAccount.objects.order_by("code"):
        path = folder / f"sao-ke-{account.code}-{month:%Y-%m}.xml"
        path.write_bytes(desk.statement(account_id=account.bank_account_id, from_on=month, to_on=last))
        written.append(path)
    return written


def forward_to(moment: datetime, *, desk: BankDesk) -> date:
    """The bank's clock at `moment` or later, never back; its day."""
    now = desk.clock()
    if now < moment:
        desk.set_clock(moment)
        now = moment
    return now.astimezone(VIETNAM).date()


def _last_of(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
