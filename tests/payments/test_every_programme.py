"""A registry of every programme of the law imports, matches, and yields what the law gives; what is paid once comes by its own list."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from beneficiaries.models import Beneficiary, BenefitCategory, Case, Enrolment, Outcome, Programme
from beneficiaries.services.identity.match import match_people
from beneficiaries.services.intake.assess_registry import assess_registry
from beneficiaries.services.intake.import_registry import read_for
from beneficiaries.services.rules.age_warnings import warn_of_ages
from beneficiaries.services.rules.reference import CATEGORIES
from payments.models import Entitlement
from payments.services.lists.build_lists import build_lists
from payments.services.once.one_off import Order, open_one_off
from tests.beneficiaries.office_files import person, registry_file
from tests.beneficiaries.offices import HOME, NOW, Offices, open_offices

AUGUST_2025 = date(2025, 8, 1)
TCXH, NCC = 500_000, 2_789_000  # Decree 76/2024/NĐ-CP; Decree 77/2024/NĐ-CP
# What one person of each category is due for August 2025, đồng, from the law and not from the catalogue.
DUE = {
    "TE-KNND-4": 1_250_000, "TE-KNND-16": 750_000, "SV-16-22": 750_000, "TE-HIV-4": 1_250_000, "TE-HIV-16": 1_000_000,
    "DT-CON": 500_000, "CT-60": 750_000, "CT-80": 1_000_000, "DT-75": 500_000, "CT-80-KLH": 500_000, "CT-CSXH": 1_500_000,
    "KTDBN-NL": 1_000_000, "KTDBN-TE": 1_250_000, "KTN-NL": 750_000, "KTN-TE": 1_000_000, "TE-3": 750_000, "HIV-NGHEO": 750_000,
    "CSND-1": 500_000, "TB-1": 3_346_800, "BB-1": 2_789_000, "TNLS": 1_673_400, "TNLS-1": 2_789_000, "TNLS-2": 5_578_000,
    "TNLS-3": 8_367_000, "BMVNAH": 8_367_000, "HT-75": 500_000, "HT-70": 500_000,
}  # fmt: skip
PRINTED = {category: printed for _, category, printed, _, _ in CATEGORIES}


@pytest.fixture
def offices(db: None, tmp_path) -> Offices:
    return open_offices(tmp_path)


def row(n: int, category: str, **changes: object) -> dict[str, object]:
    ground = BenefitCategory.objects.select_related("programme").get(code=category)
    late = {"decision_date": "02/07/2025", "starts": "07/2025"} if ground.programme.code == "HTXH" else {}
    usual = {
        "code": f"97101-{n:06d}", "name": f"Nguyễn Thị Thứ {chr(65 + n)}", "number": f"0970420001{n:02d}",
        "programme": ground.programme.code, "category": ground.neutral_code,
        "coefficient": str(ground.coefficients.get().value).replace(".", ","), "paid_through": "07/2025",
    }  # fmt: skip
    return person(**{**usual, **late, **changes})


def build(offices: Offices, month: date = AUGUST_2025) -> None:
    build_lists(month=month, listed_on=date(2025, 7, 18), pay_on=month.replace(day=5), actor=offices.maker, now=NOW)


class TestEveryCategoryOfTheLaw:
    def test_is_in_the_table_above(self) -> None:
        assert {category for _, category, *_ in CATEGORIES} == set(DUE)

    def test_imports_matches_and_is_due_what_the_law_gives(self, offices: Offices) -> None:
        rows = [row(n, category) for n, category in enumerate(DUE)]
        offices.know_residents(*({"so_dinh_danh": one["number"], "ho_ten": one["name"]} for one in rows))
        offices.receive(*rows)
        match_people(actor_id=offices.maker.pk, now=NOW)
        build(offices)

        assert Beneficiary.objects.exclude(identity_status="MATCHED").count() == 0
        assert dict(Entitlement.objects.values_list("enrolment__category__code", "amount")) == DUE
        assert set(Entitlement.objects.values_list("not_payable_reason", "month")) == {("", AUGUST_2025)}

    def test_has_no_remark_about_its_coefficient_and_another_has(self, offices: Offices) -> None:
        rows = [
            row(1, "CT-60"), row(2, "CT-60", coefficient="2"),
            row(3, "DT-CON", coefficient="3"), row(4, "TB-1", coefficient="1,3"),
        ]  # fmt: skip
        read = read_for(offices.units[HOME], content=registry_file(rows))
        assessed = assess_registry(read, unit=offices.units[HOME]).rows

        said = [
            [error.sentence for error in one.entry.errors if error.code == "COEFFICIENT_DIFFERS"] for one in assessed
        ]
        assert [len(each) for each in said] == [0, 1, 0, 1]  # a single parent's is per child
        assert "1,5; Nghị định 20/2021/NĐ-CP, điều 6" in said[1][0]
        assert "1,2; chưa kiểm chứng" in said[3][0]


class TestSeveralGrounds:
    @pytest.mark.parametrize(
        ("grounds", "paid"),
        [
            (("HT-75", "CT-60"), 750_000),  # the higher of social pension and monthly allowance
            (("CT-60", "CT-60"), 750_000),  # one ground under two codes: once
            (("CT-60", "KTN-NL"), 750_000),  # one of two grounds of monthly assistance
            (("DT-CON", "KTN-NL"), 1_250_000),  # a single poor parent keeps the own ground
            (("KTDBN-TE", "CSND-1"), 1_750_000),  # care stands beside
            (("TB-1", "TNLS-1"), 6_135_800),  # several of merit
            (("BMVNAH", "HT-75"), 8_867_000),
        ],
    )
    def test_are_paid_as_the_law_says(self, offices: Offices, grounds: tuple[str, str], paid: int) -> None:
        same = {"name": "Nguyễn Thị Hai", "number": "097042000199"}
        offices.receive(*(row(n, category, **same) for n, category in enumerate(grounds, start=1)))
        build(offices)

        assert Beneficiary.objects.count() == 1
        due = Entitlement.objects.filter(not_payable_reason="").values_list("amount", flat=True)
        assert sum(due) == paid
        assert Entitlement.objects.count() == 2  # each has its answer


class TestWhatIsPaidOnce:
    def test_is_no_monthly_right(self, offices: Offices) -> None:
        """As a row of a monthly registry it would be paid again each month."""
        order = Order(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            number="80/NQ-CP",
            signed_on=date(2024, 6, 10),
            month=date(2025, 9, 1),
        )
        open_one_off(
            code="QUA-2-9", name="Quà 2/9", amount=100_000, budget_source="TW", order=order, actor=offices.maker
        )
        rows = [
            person(code="97101-1", programme="QUA-2-9", category="QUA-2-9", coefficient=1),
            person(code="97101-2", programme="MTP", category="MTP", coefficient=20),
        ]
        read = read_for(offices.units[HOME], content=registry_file(rows))
        assessed = assess_registry(read, unit=offices.units[HOME])

        assert assessed.counts[Outcome.WRONG] == 2
        assert [one.entry.errors[0].code for one in assessed.rows] == ["PROGRAMME_PAID_ONCE"] * 2
        assert offices.receive(*rows).added == 0
        assert not Enrolment.objects.exists()

    def test_every_other_programme_has_a_registry(self, offices: Offices) -> None:
        regular = Programme.objects.filter(kind="REGULAR").values_list("code", flat=True)
        assert set(regular) == {programme for programme, *_ in CATEGORIES}
        assert Decimal(NCC) * Decimal("1.2") == DUE["TB-1"]
        assert DUE["CT-CSXH"] == TCXH * 3


class TestAnAgeThatChangesARight:
    """Asked about 60 days before; a ground that takes nobody new is never proposed."""

    @pytest.mark.parametrize(
        ("category", "born", "now", "says"),
        [
            ("HT-70", "20/12/1950", datetime(2025, 11, 1, tzinfo=UTC), "chuyển sang nhóm HT-75"),
            ("DT-75", "20/07/1944", datetime(2024, 6, 1, tzinfo=UTC), "chuyển sang nhóm CT-80-KLH"),
            (
                "DT-75", "20/12/1945", datetime(2025, 11, 1, tzinfo=UTC),
                "nhóm CT-80-KLH không nhận người hưởng mới từ sau tháng 06/2025; xét trợ cấp hưu trí xã hội hoặc chính sách thay thế",
            ),
            ("CT-60", "20/12/1945", datetime(2025, 11, 1, tzinfo=UTC), "chuyển sang nhóm CT-80"),
            ("SV-16-22", "20/12/2003", datetime(2025, 11, 1, tzinfo=UTC), "hết điều kiện hưởng nhóm này"),
        ],
    )  # fmt: skip
    def test_says_what_follows(self, offices: Offices, category: str, born: str, now: datetime, says: str) -> None:
        offices.receive(row(1, category, birth=born))
        assert warn_of_ages(now=now) == 1
        assert Case.objects.get(kind="AGE").evidence[1] == says

    @pytest.mark.parametrize(
        ("category", "born", "says"),
        [
            (
                "TE-KNND-4",
                "20/07/2008",
                "chuyển sang nhóm SV-16-22",
            ),  # adjusted at four, and still under the ground of the small
            ("TE-KNND-4", "20/07/2002", "hết điều kiện hưởng nhóm này"),
            ("KTN-TE", "20/07/1964", "chuyển sang nhóm KTN-TE"),
        ],
    )
    def test_goes_on_after_a_decision_to_adjust(self, offices: Offices, category: str, born: str, says: str) -> None:
        offices.receive(row(1, category, birth=born))
        assert warn_of_ages(now=datetime(2024, 6, 1, tzinfo=UTC)) == 1
        assert Case.objects.get(kind="AGE").evidence[1] == says

    def test_is_not_asked_earlier(self, offices: Offices) -> None:
        offices.receive(row(1, "HT-70", birth="02/01/1951"))
        assert warn_of_ages(now=datetime(2025, 11, 1, tzinfo=UTC)) == 0
