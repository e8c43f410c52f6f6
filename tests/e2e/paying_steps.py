"""The first month of a small province up to its release, and from the last transfer to the proof; run inside `manage.py shell`.

What lies between, the paying itself, is left to the processes a test starts and kills.
"""

import sys
from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from config.demo import intake, month, starting
from config.demo.bank_desk import BankDesk
from config.demo.provider import PostOffice
from config.environment import VAR
from payments.services.sending.bank import the_bank
from payments.services.sending.send import send_ready_payments
from staff.models import AdministrativeUnit, Role, User
from staff.services.database_clock import database_now

JULY = date(2024, 7, 1)
SAMPLE = VAR / "sample"


def make_list() -> None:
    """Everything of July that comes before the first transfer; leaves its lists released."""
    call_command("migrate", verbosity=0)
    office = intake.open_office(sample=SAMPLE, password="mat-khau-cua-bai-thu")
    desk = BankDesk(settings.BANK_STATEMENTS_BASE)
    desk.send_events_to(url=f"{starting.web_address()}bank/events/", secret=settings.BANK_WEBHOOK_SECRETS[0])
    starting.open_funding_accounts(desk)
    intake.read_population(sample=SAMPLE, rows=1, progress=unwatched)
    intake.take_in_month(
        sample=SAMPLE,
        folder="2024-06",
        office=office,
        now=timezone.now(),
        business_day=date(2024, 6, 15),
        progress=unwatched,
    )
    july = july_of(office)
    month.build(july)
    month.sign(july)


def finish() -> None:
    """Cash, returned money, statement, proof. Exits 1, with every difference, when the month is not proven."""
    july = july_of(office_of({user.role: user for user in User.objects.all()}))
    month.pay_cash(july, progress=unwatched)
    month.end_month(july, progress=unwatched)
    month.reconcile(july, progress=unwatched)
    if differences := month.prove(july).differences:
        sys.exit("\n".join(differences))


def office_of(users: dict[str, User]) -> intake.Office:
    """The people of the demo's offices, by their roles."""
    return intake.Office(
        province=AdministrativeUnit.objects.get(kind="PROVINCE"),
        maker=users[Role.MAKER],
        checker=users[Role.CHECKER],
        releaser=users[Role.RELEASER],
    )


def send() -> None:
    """One sender, to its end: whoever looks afterwards knows that somebody tried."""
    send_ready_payments(bank=the_bank(), clock=database_now)


def july_of(office: intake.Office) -> month.Month:
    return month.Month(
        first=JULY,
        office=office,
        desk=BankDesk(settings.BANK_STATEMENTS_BASE),
        post_office=PostOffice(not_coming=SAMPLE / "cash" / "khong_den_nhan.csv"),
        folder=VAR / "demo",
        workers=2,
    )


def unwatched(done: int, total: int) -> None:
    """Nobody looks at the progress here."""
