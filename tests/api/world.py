"""A small province: two districts of two and one communes, a member of staff for every role, one account list per district."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from beneficiaries.linkage.names import name_key, sort_key
from beneficiaries.models import BankAccount, Beneficiary, BenefitCategory, Enrolment, IdentityEnquiry, Programme
from beneficiaries.services.numbers import keep_account_numbers
from beneficiaries.services.rules.reference import load_reference
from payments.models import Cycle, Entitlement, FundingAccount, Payment, PaymentBatch
from payments.states import Channel
from staff.models import AdministrativeUnit, Role, User

MONTH = date(2024, 8, 1)
PAY_ON = date(2024, 8, 5)
NOW = datetime(2024, 8, 5, 3, 0, tzinfo=UTC)
PASSWORD = "mat-khau-rat-dai-2024"
UNITS = [
    ("97", "tỉnh Phước Hòa", "PROVINCE", None),
    ("971", "huyện Phước Sơn", "DISTRICT", "97"),
    ("972", "huyện Phước Hải", "DISTRICT", "97"),
    ("97101", "xã Phước Thuận", "COMMUNE", "971"),
    ("97102", "xã Phước Lộc", "COMMUNE", "971"),
    ("97201", "xã Phước An", "COMMUNE", "972"),
]


@dataclass
class World:
    """Everything by its code: units, staff by (role, unit), people by name, lists by (paying unit, channel), enquiries by unit."""

    units: dict[str, AdministrativeUnit] = field(default_factory=dict)
    staff: dict[tuple[str, str], User] = field(default_factory=dict)
    people: dict[str, Beneficiary] = field(default_factory=dict)
    lists: dict[tuple[str, str], PaymentBatch] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    enquiries: dict[str, IdentityEnquiry] = field(default_factory=dict)

    def add_person(
        self, name: str, *, unit: str, birth_year: int | None = 1942, same_as: Beneficiary | None = None
    ) -> Beneficiary:
        person = Beneficiary.objects.create(
            full_name=name,
            name_key=name_key(name),
            sort_key=sort_key(name),
            birth_year=birth_year,
            sex="MALE",
            unit=self.units[unit],
            hamlet="Thôn 3",
            same_as=same_as,
        )
        self.people[name] = person
        return person

    def enrol(self, person: Beneficiary) -> Enrolment:
        category = BenefitCategory.objects.get(code="HIV-NGHEO")
        return Enrolment.objects.create(
            code=f"HS-{Enrolment.objects.count() + 1}",
            beneficiary=person,
            programme=category.programme,
            category=category,
            unit=person.unit,
            coefficient="1.5",
            starts_month=date(2024, 1, 1),
        )

    def due(self, enrolment: Enrolment, *, cycle: Cycle, payment: Payment | None, **changes: object) -> Entitlement:
        values: dict[str, object] = {
            "month": cycle.month,
            "channel": payment.batch.channel if payment else "",
            "standard_amount": 500_000,
            "amount": 750_000,
            "cash_reason": "NO_ACCOUNT" if payment and payment.batch.channel == Channel.CASH else "",
        }
        return Entitlement.objects.create(
            cycle=cycle,
            enrolment=enrolment,
            programme=enrolment.programme,
            coefficient="1.5",
            payment=payment,
            **{**values, **changes},
        )

    def open_account(self, person: Beneficiary, number: str, **changes: object) -> BankAccount:
        kept = keep_account_numbers([("970405", number)])
        values = {
            "status": "VERIFIED",
            "source": "SLIP",
            "holder_name": person.full_name,
            "bank_bin": "970405",
            **changes,
        }
        return BankAccount.objects.create(beneficiary=person, number_id=kept["970405", number], **values)

    def add_list(self, unit: str, *, cycle: Cycle, channel: str = "ACCOUNT") -> PaymentBatch:
        funding = FundingAccount.objects.get_or_create(
            paying_unit=self.units[unit], defaults={"code": f"TK-{unit}", "bank_account_id": f"fa_{unit}"}
        )[0]
        batch = PaymentBatch.objects.create(
            cycle=cycle,
            paying_unit=self.units[unit],
            programme=Programme.objects.get(code="TCXH"),
            budget_source="Ngân sách địa phương",
            channel=channel,
            funding_account=funding if channel == "ACCOUNT" else None,
            token=f"t{PaymentBatch.objects.count():07d}",
            status_at=NOW,
        )
        self.lists[unit, channel] = batch
        return batch

    def pay(
        self, batch: PaymentBatch, person: Beneficiary, *, account: BankAccount | None, amount: int = 750_000
    ) -> Payment:
        ordinal = batch.payments.count() + 1
        payment = Payment.objects.create(
            batch=batch,
            ordinal=ordinal,
            beneficiary=person,
            payee_name=person.full_name,
            bank_account=account,
            amount=amount,
            end_to_end_id=f"{batch.token}{ordinal:06d}",
            status_at=NOW,
        )
        self.payments[person.full_name] = payment
        return payment


def make_cycle(month: date, *, pay_on: date) -> Cycle:
    return Cycle.objects.create(month=month, listed_on=date(2024, 7, 15), pay_on=pay_on, built_at=NOW)


def make_units(world: World) -> None:
    for code, name, kind, parent in UNITS:
        above = world.units[parent] if parent else None
        path = f"{above.path if above else '/'}{code}/"
        world.units[code] = AdministrativeUnit.objects.create(code=code, name=name, kind=kind, parent=above, path=path)


def make_world() -> World:
    """Trần Văn Ân (97101) and Lê Thị Bình (97102) on the list of 971, Ngô Văn Cường (97201) on that of 972; each is due 750,000 đ."""
    load_reference()
    world = World()
    make_units(world)
    everyone = [
        User(username=f"{role.lower()}.{code}", password="!", full_name=f"{role} {code}", role=role, unit=unit)
        for role in Role.values
        for code, unit in world.units.items()
    ]
    world.staff = {(user.role, user.unit.code): user for user in User.objects.bulk_create(everyone)}
    for code in ("971", "972"):
        world.enquiries[code] = IdentityEnquiry.objects.create(
            unit=world.units[code],
            source="POLICE_LIST",
            purpose="Rà soát",
            asked_by=world.staff["MAKER", code],
            asked_at=NOW,
        )
    cycle = make_cycle(MONTH, pay_on=PAY_ON)
    for name, commune, district in [
        ("Trần Văn Ân", "97101", "971"),
        ("Lê Thị Bình", "97102", "971"),
        ("Ngô Văn Cường", "97201", "972"),
    ]:
        person = world.add_person(name, unit=commune)
        batch = world.lists.get((district, "ACCOUNT")) or world.add_list(district, cycle=cycle)
        payment = world.pay(batch, person, account=world.open_account(person, f"55501{commune}"))
        world.due(world.enrol(person), cycle=cycle, payment=payment)
    return world
