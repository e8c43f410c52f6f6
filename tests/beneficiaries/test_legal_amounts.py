"""Every coefficient and amount an installation starts with, beside the law it comes from: written here a second time, by hand."""

from datetime import date
from decimal import Decimal

import pytest

from beneficiaries.models import BenefitCategory, Coefficient, Decision, Enrolment, StandardAmount
from beneficiaries.services.decisions.draft import Draft
from beneficiaries.services.decisions.record import objection_to
from beneficiaries.services.rules.reference import load_reference
from payments.services.once.one_off import FUNERAL_TIMES
from tests.beneficiaries.office_files import person
from tests.beneficiaries.offices import NOW, Offices

ART_6, ART_20 = "Nghị định 20/2021/NĐ-CP, điều 6", "Nghị định 20/2021/NĐ-CP, điều 20"
MERIT, PENSION = "Nghị định 75/2021/NĐ-CP", "Nghị định 176/2025/NĐ-CP"
NOT_GIVEN = ""  # the annex of Decree 75/2021/NĐ-CP is not loaded: the level stands for sample purposes

COEFFICIENTS = {
    "TE-KNND-4": ("2.5", ART_6),
    "TE-KNND-16": ("1.5", ART_6),
    "SV-16-22": ("1.5", ART_6),
    "TE-HIV-4": ("2.5", ART_6),
    "TE-HIV-16": ("2.0", ART_6),
    "DT-CON": ("1.0", ART_6),
    "CT-60": ("1.5", ART_6),
    "CT-80": ("2.0", ART_6),
    "DT-75": ("1.0", ART_6),
    "CT-80-KLH": ("1.0", ART_6),
    "CT-CSXH": ("3.0", ART_6),
    "KTDBN-NL": ("2.0", ART_6),
    "KTDBN-TE": ("2.5", ART_6),
    "KTN-NL": ("1.5", ART_6),
    "KTN-TE": ("2.0", ART_6),
    "TE-3": ("1.5", ART_6),
    "HIV-NGHEO": ("1.5", ART_6),
    "CSND-1": ("1.0", ART_20),
    "TB-1": ("1.2", NOT_GIVEN),
    "BB-1": ("1.0", NOT_GIVEN),
    "TNLS": ("0.6", NOT_GIVEN),
    "TNLS-1": ("1.0", MERIT),
    "TNLS-2": ("2.0", MERIT),
    "TNLS-3": ("3.0", MERIT),
    "BMVNAH": ("3.0", MERIT),
    "HT-75": ("1.0", PENSION),
    "HT-70": ("1.0", PENSION),
}
# programme, from, đồng per month, the day the decree was signed, the decree
AMOUNTS = {
    ("TCXH", date(2021, 7, 1), 360_000, date(2021, 3, 15), "Nghị định 20/2021/NĐ-CP"),
    ("CSND", date(2021, 7, 1), 360_000, date(2021, 3, 15), "Nghị định 20/2021/NĐ-CP"),
    ("MTP", date(2021, 7, 1), 360_000, date(2021, 3, 15), "Nghị định 20/2021/NĐ-CP"),
    ("TCXH", date(2024, 7, 1), 500_000, date(2024, 7, 1), "Nghị định 76/2024/NĐ-CP"),
    ("CSND", date(2024, 7, 1), 500_000, date(2024, 7, 1), "Nghị định 76/2024/NĐ-CP"),
    ("MTP", date(2024, 7, 1), 500_000, date(2024, 7, 1), "Nghị định 76/2024/NĐ-CP"),
    ("NCC", date(2023, 7, 1), 2_055_000, date(2023, 7, 21), "Nghị định 55/2023/NĐ-CP"),
    ("NCC", date(2024, 7, 1), 2_789_000, date(2024, 7, 1), "Nghị định 77/2024/NĐ-CP"),
    ("HTXH", date(2025, 7, 1), 500_000, date(2025, 6, 30), "Nghị định 176/2025/NĐ-CP"),
}


@pytest.mark.django_db
class TestWhatAnInstallationStartsWith:
    @pytest.fixture(autouse=True)
    def loaded(self) -> None:
        load_reference()

    def test_every_coefficient_is_the_laws_and_names_it(self) -> None:
        rows = Coefficient.objects.values_list("category__code", "value", "category__legal_source")
        assert {code: (value, source) for code, value, source in rows} == {
            code: (Decimal(value), source) for code, (value, source) in COEFFICIENTS.items()
        }

    def test_every_standard_amount_is_the_decrees(self) -> None:
        rows = StandardAmount.objects.values_list("programme__code", "valid_from", "amount", "known_on", "legal_source")
        assert set(rows) == AMOUNTS

    def test_the_funeral_allowance_is_twenty_standard_amounts(self) -> None:
        """Decree 20/2021/NĐ-CP, article 11."""
        assert FUNERAL_TIMES * 500_000 == 10_000_000

    def test_an_older_installation_learns_sources_and_keeps_its_own(self) -> None:
        BenefitCategory.objects.filter(code="CT-60").update(legal_source="")
        BenefitCategory.objects.filter(code="CT-80").update(legal_source="Nghị quyết của tỉnh")
        load_reference()
        assert dict(
            BenefitCategory.objects.filter(code__in=("CT-60", "CT-80")).values_list("code", "legal_source")
        ) == {"CT-60": ART_6, "CT-80": "Nghị quyết của tỉnh"}


class TestAClosedCategory:
    """Decree 176/2025/NĐ-CP: the grounds "80 without pension" and "75 in a place of difficulty" end on 30 June 2025."""

    @pytest.mark.parametrize(("month", "may"), [(date(2025, 6, 1), True), (date(2025, 7, 1), False)])
    def test_takes_nobody_new_after_its_last_month(self, offices: Offices, month: date, may: bool) -> None:
        offices.receive(person(decision_number="", decision_date=""))
        draft = Draft(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            kind=Decision.Kind.GRANT,
            number="1/QĐ",
            signed_on=date(2024, 6, 10),
            effective_month=month,
        )
        assert (objection_to(draft, enrolment=Enrolment.objects.get(), now=NOW) is None) is may

    def test_ends_for_nobody_by_itself(self, offices: Offices) -> None:
        offices.receive(person())
        assert Enrolment.objects.get().ended_month is None
