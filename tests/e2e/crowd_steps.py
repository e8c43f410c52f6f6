"""A month of nothing but transfers, as many as asked for: made up to its release, and proved; run inside `manage.py shell`."""

import os
import sys
from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from beneficiaries.linkage.names import name_key, sort_key
from beneficiaries.models import BankAccount, Beneficiary, BenefitCategory, Decision, Enrolment
from beneficiaries.services.numbers import keep_account_numbers
from config.demo import month, starting
from config.demo.bank_desk import BankDesk
from payments.models import FundingAccount
from staff.models import AdministrativeUnit, User
from tests.e2e.paying_steps import SAMPLE, july_of, office_of, unwatched
from tests.payments.province import BANK_BIN, make_province

STARTED = date(2024, 1, 1)
BULK = 2_000
SAMPLE_CASH = SAMPLE / "cash" / "khong_den_nhan.csv"


def make_list() -> None:
    """`ANSINH_CROWD` people with verified accounts in three communes; their lists of July built, signed and released."""
    call_command("migrate", verbosity=0)
    province = make_province(clock=timezone.now)
    desk = BankDesk(settings.BANK_STATEMENTS_BASE)
    desk.send_events_to(url=f"{starting.web_address()}bank/events/", secret=settings.BANK_WEBHOOK_SECRETS[0])
    for account in FundingAccount.objects.select_related("paying_unit"):
        desk.open_funding_account(account_id=account.bank_account_id, name=account.paying_unit.name)
    SAMPLE_CASH.parent.mkdir(parents=True, exist_ok=True)
    SAMPLE_CASH.write_text("month,code\n", encoding="utf-8")  # nobody is paid in cash
    _enrol(int(os.environ["ANSINH_CROWD"]), communes=[province.units[code] for code in ("97101", "97102", "97201")])
    july = july_of(office_of({user.role: user for user in User.objects.all()}))
    month.build(july)
    month.sign(july)


def finish() -> None:
    """Returned money, statement, proof. Exits 1, with every difference, when the month is not proven."""
    july = july_of(office_of({user.role: user for user in User.objects.all()}))
    month.end_month(july, progress=unwatched)
    month.reconcile(july, progress=unwatched)
    if differences := month.prove(july).differences:
        sys.exit("\n".join(differences))


def _enrol(people: int, *, communes: list[AdministrativeUnit]) -> None:
    names = [f"Nguyễn Văn Thứ {number}" for number in range(people)]
    persons = Beneficiary.objects.bulk_create(
        [
            Beneficiary(
                full_name=name,
                name_key=name_key(name),
                sort_key=sort_key(name),
                birth_year=1942,
                sex="MALE",
                unit=communes[number % len(communes)],
            )
            for number, name in enumerate(names)
        ],
        batch_size=BULK,
    )
    ground = BenefitCategory.objects.select_related("programme").get(code="KTN-NL")
    enrolments = Enrolment.objects.bulk_create(
        [
            Enrolment(
                code=f"HS-{number:06d}",
                coefficient="1.5",
                starts_month=STARTED,
                beneficiary=person,
                programme=ground.programme,
                category=ground,
                unit=person.unit,
            )
            for number, person in enumerate(persons)
        ],
        batch_size=BULK,
    )
    Decision.objects.bulk_create(
        [
            Decision(
                enrolment=enrolment,
                kind="GRANT",
                number=f"QĐ-{enrolment.code}",
                signed_on=STARTED,
                effective_month=STARTED,
            )
            for enrolment in enrolments
        ],
        batch_size=BULK,
    )
    numbers = [(BANK_BIN, f"5551{number:06d}") for number in range(people)]
    kept = keep_account_numbers(numbers)
    BankAccount.objects.bulk_create(
        [
            BankAccount(
                beneficiary=person,
                number_id=kept[number],
                bank_bin=BANK_BIN,
                holder_name=person.full_name,
                status="VERIFIED",
                source="SLIP",
            )
            for person, number in zip(persons, numbers, strict=True)
        ],
        batch_size=BULK,
    )
