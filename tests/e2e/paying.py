"""`python -m tests.e2e.paying list|finish`: the first month of a small province up to its release, and from the last transfer to the proof.

What lies between, the paying itself, is left to the processes a test starts and kills.
"""

import os
import sys
from datetime import date
from pathlib import Path

import django
from django.core.management import call_command
from django.utils import timezone

django.setup()

from config.demo import intake, month, starting  # noqa: E402  # needs Django's set-up
from config.demo.bank_desk import BankDesk  # noqa: E402
from config.demo.provider import PostOffice  # noqa: E402
from config.environment import VAR  # noqa: E402
from config.sample_province.__main__ import main as write_sample  # noqa: E402
from staff.models import AdministrativeUnit, Role, User  # noqa: E402

JULY = date(2024, 7, 1)
SAMPLE = VAR / "sample"


def quiet(done: int, total: int) -> None:
    """Nobody watches the progress here."""


def make_list() -> None:
    """Everything of July that comes before the first transfer; leaves the lists released."""
    call_command("migrate", verbosity=0)
    office = intake.open_office(sample=SAMPLE, password="mat-khau-cua-bai-thu")
    desk = the_desk()
    starting.open_funding_accounts(desk)
    desk.send_events_to(
        url=f"{starting.web_address()}bank/events/", secret=os.environ["BANK_WEBHOOK_SECRETS"].split(",")[0]
    )
    intake.read_population(sample=SAMPLE, rows=1, progress=quiet)
    intake.take_in_month(
        sample=SAMPLE,
        folder="2024-06",
        office=office,
        now=timezone.now(),
        business_day=date(2024, 6, 15),
        progress=quiet,
    )
    july = the_month(office)
    month.build(july)
    month.sign(july)


def finish() -> bool:
    """Cash, returns, statement; whether the month is proven."""
    users = {user.role: user for user in User.objects.all()}
    office = intake.Office(
        province=AdministrativeUnit.objects.get(kind="PROVINCE"),
        maker=users[Role.MAKER],
        checker=users[Role.CHECKER],
        releaser=users[Role.RELEASER],
    )
    july = the_month(office)
    month.pay_cash(july, progress=quiet)
    month.end_month(july, progress=quiet)
    month.reconcile(july, progress=quiet)
    proof = month.prove(july)
    print("\n".join(proof.differences), file=sys.stderr)
    return proof.proven


def the_desk() -> BankDesk:
    return BankDesk(os.environ["BANK_STATEMENTS_BASE"])


def the_month(office: intake.Office) -> month.Month:
    post_office = PostOffice(not_coming=SAMPLE / "cash" / "khong_den_nhan.csv")
    return month.Month(
        first=JULY, office=office, desk=the_desk(), post_office=post_office, folder=Path(VAR / "demo"), workers=2
    )


def write_province(scale: str) -> None:
    write_sample(["--out", str(SAMPLE), "--scale", scale, "--seed", "11"])


if __name__ == "__main__":
    if sys.argv[1] == "list":
        write_province(sys.argv[2])
        make_list()
        sys.exit(0)
    sys.exit(0 if finish() else 1)
