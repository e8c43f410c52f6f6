"""Small provinces in the database, one call per fact: people, accounts, payments, each with its outcome."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count

from django.db import connection

from beneficiaries.models import BankAccount, Beneficiary, BenefitCategory, Enrolment, Programme
from beneficiaries.services.numbers import keep_account_numbers
from beneficiaries.states import WITHOUT_NUMBER
from payments.models import Cycle, Entitlement, FundingAccount, Payment, PaymentBatch, Signature
from payments.states import Cause
from staff.models import AdministrativeUnit, User

BANK = "970436"
NOW = datetime(2024, 10, 2, 3, 0, tzinfo=UTC)
JULY, AUGUST, SEPTEMBER = date(2024, 7, 1), date(2024, 8, 1), date(2024, 9, 1)
QUARTER = {"from_on": JULY, "to_on": date(2024, 9, 30)}
LIVES: dict[tuple[str, str], tuple[Cause, ...]] = {
    ("ACCOUNT", "SENT"): (Cause.RELEASE, Cause.CLAIM),
    ("ACCOUNT", "POSTED"): (Cause.RELEASE, Cause.CLAIM, Cause.BANK_POSTED),
    ("ACCOUNT", "RETURNED"): (Cause.RELEASE, Cause.CLAIM, Cause.BANK_POSTED, Cause.BANK_RETURNED),
    ("ACCOUNT", "TAKEN_OFF"): (),  # in draft, before anybody signs
    ("ACCOUNT", "BANK_CANCELLED"): (Cause.RELEASE, Cause.CLAIM, Cause.BANK_CANCELLED),
    ("CASH", "PROCESSING"): (Cause.RELEASE, Cause.HANDED_OVER),
    ("CASH", "POSTED"): (Cause.RELEASE, Cause.HANDED_OVER, Cause.COLLECTED),
    ("CASH", "FAILED"): (Cause.RELEASE, Cause.HANDED_OVER, Cause.NOT_COLLECTED),
}
_numbers = count(1)


@dataclass
class World:
    """tỉnh An Sơn with one district, two communes, one programme with a plain and a sensitive category."""

    province: AdministrativeUnit
    district: AdministrativeUnit
    communes: list[AdministrativeUnit]
    programme: Programme
    plain: BenefitCategory
    sensitive: BenefitCategory
    batches: dict[tuple[date, str], PaymentBatch] = field(default_factory=dict)
    fates: dict[int, tuple[tuple[str, str], dict[str, object]]] = field(default_factory=dict)

    def person(
        self,
        *,
        commune: int = 0,
        sensitive: bool = False,
        starts: date = date(2023, 1, 1),
        born: date | None = None,
        sex: str = "MALE",
        **enrolment: object,
    ) -> Enrolment:
        """A beneficiary with one enrolment."""
        number = next(_numbers)
        beneficiary = Beneficiary.objects.create(
            full_name=f"Nguyễn Văn {number}",
            name_key=f"nguyen van {number}",
            sort_key=str(number),
            sex=sex,
            birth_date=born,
            birth_year=born.year if born else None,
            unit=self.communes[commune],
        )
        return self.enrol(beneficiary, commune=commune, sensitive=sensitive, starts=starts, **enrolment)

    def enrol(
        self, beneficiary: Beneficiary, *, commune: int = 0, sensitive: bool = False, starts: date, **enrolment: object
    ) -> Enrolment:
        """One more enrolment of a beneficiary."""
        return Enrolment.objects.create(
            code=f"HS{next(_numbers)}", beneficiary=beneficiary, programme=self.programme, category=self.sensitive if sensitive else self.plain,
            unit=self.communes[commune], coefficient=1, starts_month=starts, **enrolment,
        )  # fmt: skip

    def account(
        self,
        beneficiary: Beneficiary,
        *,
        status: str = "VERIFIED",
        opened_on: date | None = date(2024, 1, 5),
        **more: object,
    ) -> BankAccount:
        """An account of a beneficiary, verified unless said otherwise."""
        named = (BANK, f"1903{next(_numbers):08}")
        return BankAccount.objects.create(
            beneficiary=beneficiary,
            number_id=None if status in WITHOUT_NUMBER else keep_account_numbers([named])[named],
            bank_bin=BANK,
            source="BANK",
            status=status,
            opened_on=opened_on,
            **more,
        )

    def pay(
        self, enrolment: Enrolment, month: date, *, account: BankAccount | None = None, status: str = "POSTED", cash_reason: str = "NO_ACCOUNT",
        amount: int = 500_000, owed: int | None = None, **days: object,
    ) -> Payment:  # fmt: skip
        """An entitlement of a month and the payment that carries it, by account if one is given, else in cash. `status` comes true in `play`."""
        channel = "ACCOUNT" if account else "CASH"
        batch = self.batch(month, channel)
        number = next(_numbers)
        payment = Payment.objects.create(
            batch=batch, ordinal=number, beneficiary=enrolment.beneficiary, payee_name=enrolment.beneficiary.full_name, bank_account=account,
            amount=amount, end_to_end_id=f"E{number}", status_at=NOW,
        )  # fmt: skip
        Entitlement.objects.create(
            cycle=batch.cycle, enrolment=enrolment, programme=self.programme, month=month, standard_amount=500_000, coefficient=1,
            amount=amount if owed is None else owed, channel=channel, cash_reason="" if account else cash_reason, payment=payment,
        )  # fmt: skip
        credited = {"credited_on": month.replace(day=5)} if status in ("POSTED", "RETURNED") else {}
        self.fates[payment.pk] = ((channel, status), credited | days)
        return payment

    def play(self) -> None:
        """Sign and release the lists by three people, and let every payment meet its fate."""
        taken_off = [pk for pk, ((_, status), _) in self.fates.items() if status == "TAKEN_OFF"]
        Payment.objects.filter(pk__in=taken_off).apply(Cause.STOP, now=NOW)
        for batch in PaymentBatch.objects.filter(status="DRAFT"):
            self._release(batch)
        for pk, (fate, days) in self.fates.items():
            for cause in LIVES[fate]:
                Payment.objects.filter(pk=pk).apply(cause, now=NOW)
            Payment.objects.filter(pk=pk).update(**days)
        self.fates.clear()

    def _release(self, batch: PaymentBatch) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT payments_list_digest(%s)", [batch.pk])
            digest = cursor.fetchone()[0]
        for step, status in (("MAKER", "SUBMITTED"), ("CHECKER", "APPROVED"), ("RELEASER", "RELEASED")):
            known = {"full_name": step, "role": step, "unit": self.province}
            signer, _ = User.objects.update_or_create(username=step, defaults=known)
            Signature.objects.create(batch=batch, revision=1, step=step, signer=signer, digest=digest, signed_at=NOW)
            PaymentBatch.objects.filter(pk=batch.pk).update(status=status)
        # They left the province afterwards: who signs its reports is for each test to say.
        User.objects.filter(username__in=("MAKER", "CHECKER", "RELEASER")).update(unit=None)

    def refuse(self, enrolment: Enrolment, month: date, *, reason: str) -> Entitlement:
        """An entitlement that is not payable."""
        return Entitlement.objects.create(
            cycle=self.batch(month, "CASH").cycle, enrolment=enrolment, programme=self.programme, month=month, standard_amount=500_000,
            coefficient=1, amount=500_000, not_payable_reason=reason,
        )  # fmt: skip

    def batch(self, month: date, channel: str) -> PaymentBatch:
        """The month's list for a channel, made on first use."""
        if (month, channel) not in self.batches:
            cycle, _ = Cycle.objects.get_or_create(
                month=month, defaults={"listed_on": month, "pay_on": month, "built_at": NOW}
            )
            funding, _ = FundingAccount.objects.get_or_create(
                code="TK", bank_account_id="fa_1", paying_unit=self.district
            )
            self.batches[month, channel] = PaymentBatch.objects.create(
                cycle=cycle, paying_unit=self.district, programme=self.programme, budget_source="Ngân sách tỉnh", channel=channel,
                funding_account=funding, token=f"t{next(_numbers)}", status_at=NOW,
            )  # fmt: skip
        return self.batches[month, channel]


def found_world() -> World:
    """A province without people."""
    province = _unit("97", "tỉnh An Sơn", "PROVINCE", None)
    district = _unit("971", "huyện Phước Sơn", "DISTRICT", province)
    programme = Programme.objects.create(code="TCXH", name="Trợ cấp xã hội hằng tháng", budget_source="Ngân sách tỉnh")
    return World(
        province=province,
        district=district,
        communes=[
            _unit("97101", "xã Phước Thuận", "COMMUNE", district),
            _unit("97103", "xã Phước Hậu", "COMMUNE", district),
        ],
        programme=programme,
        plain=BenefitCategory.objects.create(
            programme=programme, code="CT-80", neutral_code="CT-80", name="Người từ đủ 80 tuổi"
        ),
        sensitive=BenefitCategory.objects.create(
            programme=programme, code="HIV-NGHEO", neutral_code="N03", name="Người nhiễm HIV", sensitive=True
        ),
    )


def _unit(code: str, name: str, kind: str, parent: AdministrativeUnit | None) -> AdministrativeUnit:
    return AdministrativeUnit.objects.create(
        code=code, name=name, kind=kind, parent=parent, path=f"{parent.path if parent else '/'}{code}/"
    )
