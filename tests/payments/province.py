"""A small province whose people are enrolled one by one, and the road of a month: build, sign, release."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.db import transaction

from banks.transfers import Transfers
from beneficiaries.linkage.names import name_key, sort_key
from beneficiaries.models import (
    BankAccount,
    Beneficiary,
    BenefitCategory,
    Decision,
    Enrolment,
    IdentityRecord,
)
from beneficiaries.services.numbers import keep_account_numbers, keep_identity_numbers
from beneficiaries.services.rules.reference import load_reference
from beneficiaries.states import WITHOUT_NUMBER
from payments.models import FundingAccount, Payment, PaymentBatch
from payments.services.lists.build_lists import Built, build_lists
from payments.services.signing.removal import sign_slip, take_off
from payments.services.signing.sign import approve, release, submit
from staff.models import AdministrativeUnit, Role, User

JULY, AUGUST, SEPTEMBER = date(2024, 7, 1), date(2024, 8, 1), date(2024, 9, 1)
STARTED = date(2024, 1, 1)
UNITS = [
    ("97", "tỉnh Phước Hòa", "PROVINCE", None),
    ("971", "huyện Phước Sơn", "DISTRICT", "97"),
    ("972", "huyện Phước Hải", "DISTRICT", "97"),
    ("97101", "xã Phước Thuận", "COMMUNE", "971"),
    ("97102", "xã Phước Lộc", "COMMUNE", "971"),
    ("97201", "xã Phước An", "COMMUNE", "972"),
]
BALANCES = {"fa_971": 1_000_000_000, "fa_972": 1_000_000_000}
BANK_BIN = "970405"


@dataclass
class Clock:
    """A clock that moves only when told to."""

    now: datetime = datetime(2024, 8, 5, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Province:
    """Units and staff by code, and everything that is done to enrolments in a test."""

    clock: Callable[[], datetime]
    units: dict[str, AdministrativeUnit] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)
    numbers: count = field(default_factory=lambda: count(1))

    def person(self, *, commune: str = "97101", same_as: Beneficiary | None = None, **changes: object) -> Beneficiary:
        """A beneficiary with a name of their own."""
        name = f"Nguyễn Văn Thứ {next(self.numbers)}"
        keys = {"full_name": name, "name_key": name_key(name), "sort_key": sort_key(name)}
        values = {**keys, "birth_year": 1942, "sex": "MALE", "unit": self.units[commune], "same_as": same_as}
        return Beneficiary.objects.create(**{**values, **changes})

    def enrol(
        self,
        person: Beneficiary | None = None,
        *,
        category: str = "KTN-NL",
        coefficient: str = "1.5",
        granted: bool = True,
        **changes: object,
    ) -> Enrolment:
        """A live enrolment since January 2024, under a decision of then unless `granted` is False."""
        person = person or self.person()
        ground = BenefitCategory.objects.get(code=category)
        values = {"beneficiary": person, "programme": ground.programme, "category": ground, "unit": person.unit}
        code = f"HS-{next(self.numbers):05d}"
        enrolment = Enrolment.objects.create(
            **{"code": code, "coefficient": coefficient, "starts_month": STARTED, **values, **changes}
        )
        if granted:
            Decision.objects.create(
                enrolment=enrolment, kind="GRANT", number=f"QĐ-{code}", signed_on=STARTED, effective_month=STARTED
            )
        return enrolment

    def open_account(self, person: Beneficiary, **changes: object) -> BankAccount:
        """A verified account in the person's name."""
        number = f"5550{next(self.numbers):06d}"
        kept = keep_account_numbers([(BANK_BIN, number)])[BANK_BIN, number]
        number = None if changes.get("status") in WITHOUT_NUMBER else kept
        values = {"beneficiary": person, "number_id": number, "bank_bin": BANK_BIN, "holder_name": person.full_name}
        return BankAccount.objects.create(**{"status": "VERIFIED", "source": "SLIP", **values, **changes})

    def identify(self, person: Beneficiary, *, deceased_on: date | None = None) -> None:
        """Match the person to a record of the population data."""
        number = f"097142{next(self.numbers):06d}"
        record = IdentityRecord.objects.create(
            number_id=keep_identity_numbers([number])[number],
            full_name=person.full_name,
            name_key=person.name_key,
            birth_year=person.birth_year,
            sex=person.sex,
            unit=person.unit,
            deceased_on=deceased_on,
        )
        person.identity, person.identity_status = record, "MATCHED"
        person.save()

    def build(self, month: date) -> Built:
        """The lists of a month, made on the 18th of the month before."""
        listed_on = (month - timedelta(days=1)).replace(day=18)
        pay_on = month.replace(day=5)
        return build_lists(month=month, listed_on=listed_on, pay_on=pay_on, actor=self.staff["MAKER"], now=self.clock())

    def take_off(self, payment: Payment) -> None:
        """Take a payment off its list: by the maker in draft, by a slip with its two signatures afterwards."""
        slip = take_off(payment_id=payment.pk, reason="Gia đình báo tin.", actor=self.staff["MAKER"], now=self.clock())
        for role in ("CHECKER", "RELEASER") if slip else ():
            sign_slip(slip_id=slip.pk, actor=self.staff[role], now=self.clock())

    def approve_lists(self, month: date) -> list[int]:
        """Maker and checker sign all lists of a month."""
        ids = list(PaymentBatch.objects.filter(cycle__month=month).order_by("pk").values_list("pk", flat=True))
        submit(batch_ids=ids, actor=self.staff["MAKER"], now=self.clock())
        approve(batch_ids=ids, actor=self.staff["CHECKER"], now=self.clock())
        return ids

    def release_lists(self, month: date, *, bank: Transfers) -> list[Payment]:
        """All three sign all lists of a month; returns its payments through accounts."""
        ids = self.approve_lists(month)
        release(batch_ids=ids, actor=self.staff["RELEASER"], now=self.clock(), bank=bank)
        return list(Payment.objects.filter(batch__in=ids, batch__channel="ACCOUNT").order_by("pk"))

    def pay_through_accounts(self, people: int, *, bank: Transfers, month: date = AUGUST) -> list[Payment]:
        """`people` enrolled with verified accounts, their list of `month` built and released."""
        for _ in range(people):
            self.open_account(self.enrol().beneficiary)
        self.build(month)
        return self.release_lists(month, bank=bank)


@contextmanager
def rolled_back() -> Iterator[None]:
    """What happens inside never happened: for many examples in one test."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def another_reads(*_account: object) -> Iterator[bool]:
    """Stands for the lock of `fetch_states` while another worker holds it."""
    yield False


def make_province(*, clock: Callable[[], datetime]) -> Province:
    """Two districts that pay, three communes, a member of staff for each role at the province; nobody is enrolled."""
    load_reference()
    province = Province(clock=clock)
    for code, name, kind, parent in UNITS:
        above = province.units[parent] if parent else None
        path = f"{above.path if above else '/'}{code}/"
        province.units[code] = AdministrativeUnit.objects.create(
            code=code, name=name, kind=kind, parent=above, path=path
        )
    for role in Role.values:
        province.staff[role] = User.objects.create(
            username=role.lower(), password="!", full_name=role, role=role, unit=province.units["97"]
        )
    for district in ("971", "972"):
        FundingAccount.objects.create(
            code=f"TK-{district}", bank_account_id=f"fa_{district}", paying_unit=province.units[district]
        )
    return province
