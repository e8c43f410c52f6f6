"""Đúng, đủ, sạch, sống: counted from rows, once a day, and signed from below."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction

from beneficiaries.errors import NothingToSignFor, SignedAlready, SignedForAnotherLevel, UnitsBelowNotSigned
from beneficiaries.models import Beneficiary, Case, IdentityNumber, QualityScore, QualitySignOff
from beneficiaries.services.identity.match import match_people
from beneficiaries.services.quality import figures_over_time, measure_quality, sign_off
from staff.errors import NotAllowed
from staff.models import Role, User
from tests.beneficiaries.enquiries import PoliceDesk, ask_about_all
from tests.beneficiaries.office_files import person
from tests.beneficiaries.offices import ELSEWHERE, HOME, NOW, TODAY, Offices

LATER = NOW + timedelta(days=1)


def take_in(offices: Offices, **changes: object) -> None:
    offices.receive(
        person(code="97101-000001"),
        person(**{"code": "97101-000002", "name": "Trần Thị Bình", "sex": "Nữ", "number": "097142000002", **changes}),
    )


def counted(offices: Offices, **changes: object) -> dict[str, int]:
    take_in(offices, **changes)
    measure_quality(now=NOW)
    return figures_over_time(unit=offices.province, programme="", days=1)[0].sums


class TestScores:
    def test_of_good_files_not_matched_yet(self, offices: Offices) -> None:
        sums = counted(offices)

        assert (sums["files"], sums["complete"], sums["cleaned"], sums["correct"], sums["live"]) == (2, 2, 2, 0, 0)

    @pytest.mark.parametrize(
        ("changes", "complete", "cleaned"),
        [({"number": ""}, 1, 2), ({"birth": "1942"}, 1, 2), ({"hamlet": ""}, 1, 2), ({"number": "097042000002"}, 2, 1), ({"number": "003142000002"}, 2, 1),
         ({"number": "097124000002"}, 2, 1), ({"number": "123456789"}, 2, 2)],
    )  # fmt: skip
    def test_of_one_fault(self, changes: dict[str, object], complete: int, cleaned: int, offices: Offices) -> None:
        sums = counted(offices, **changes)

        assert (sums["complete"], sums["cleaned"]) == (complete, cleaned)

    def test_of_a_number_somebody_altered_is_a_case_of_the_province_once(self, offices: Offices) -> None:
        take_in(offices)
        mine, other = Beneficiary.objects.order_by("pk")
        IdentityNumber.objects.filter(pk=mine.number_id).update(sealed=other.number.sealed)

        measure_quality(now=NOW)
        measure_quality(now=LATER)

        cases = Case.objects.filter(reason="NUMBER_ALTERED").values_list("beneficiary_id", "level")
        assert list(cases) == [(mine.pk, "PROVINCE")]
        assert figures_over_time(unit=offices.province, programme="", days=1)[0].sums["cleaned"] == 1

    def test_correct_and_live_follow_the_match_and_end_after_a_time(
        self, offices: Offices, settings: pytest.FixtureRequest
    ) -> None:
        take_in(offices)
        offices.know_residents({})
        match_people(actor_id=offices.maker.pk, now=NOW)

        measure_quality(now=NOW)
        measure_quality(now=NOW + timedelta(days=settings.LIVE_WITHIN_DAYS + 1))

        late, early = figures_over_time(unit=offices.province, programme="TCXH", days=9)
        assert (early.sums["correct"], early.sums["live"]) == (1, 1)
        assert (late.sums["correct"], late.sums["live"]) == (1, 0)

    def test_a_verdict_confirms_life_and_another_ends_it(self, offices: Offices) -> None:
        take_in(offices)
        PoliceDesk(offices, ask_about_all(offices)).send_back({"An": "Khớp đúng", "Bình": "Đã chết"})

        measure_quality(now=LATER)

        sums = figures_over_time(unit=offices.units[HOME], programme="", days=1)[0].sums
        assert (sums["live"], sums["correct"], sums["deceased"]) == (1, 1, 1)

    def test_an_old_card_is_no_clean_number_from_2025(self, offices: Offices) -> None:
        take_in(offices, number="123456789")

        measure_quality(now=NOW + timedelta(days=365))

        assert figures_over_time(unit=offices.province, programme="", days=1)[0].sums["cleaned"] == 1

    def test_a_day_is_counted_once(self, offices: Offices) -> None:
        before = counted(offices)
        Beneficiary.objects.update(hamlet="")

        assert measure_quality(now=NOW) == 0
        assert figures_over_time(unit=offices.province, programme="", days=1)[0].sums == before

    def test_by_command(self, offices: Offices, capsys: pytest.CaptureFixture[str]) -> None:
        take_in(offices)

        call_command("measure_quality")

        assert "1 dòng" in capsys.readouterr().out


class TestSignOff:
    def sign(self, offices: Offices, unit: str) -> QualitySignOff:
        return sign_off(unit=offices.units[unit], taken_on=TODAY, note="", actor=offices.officers[unit], now=LATER)

    def two_communes(self, offices: Offices) -> None:
        take_in(offices)
        offices.receive(person(code="97102-000001", number="097042000009"), commune=ELSEWHERE)
        measure_quality(now=NOW)

    def test_goes_from_below(self, offices: Offices) -> None:
        self.two_communes(offices)
        self.sign(offices, HOME)
        with pytest.raises(UnitsBelowNotSigned) as refusal:
            self.sign(offices, "97")

        self.sign(offices, ELSEWHERE)
        signed = self.sign(offices, "97")

        assert refusal.value.conflicts == [ELSEWHERE]
        assert (signed.figures["files"], signed.signed_by) == (3, offices.maker)

    def test_happens_once_and_of_what_was_counted(self, offices: Offices) -> None:
        with pytest.raises(NothingToSignFor):
            self.sign(offices, HOME)
        self.two_communes(offices)
        self.sign(offices, HOME)

        with pytest.raises(SignedAlready):
            self.sign(offices, HOME)

    def test_is_the_units_own(self, offices: Offices) -> None:
        self.two_communes(offices)

        with pytest.raises(NotAllowed):
            sign_off(unit=offices.units[HOME], taken_on=TODAY, note="", actor=offices.officers[ELSEWHERE], now=LATER)

    @pytest.mark.parametrize("taken_on", [TODAY, TODAY + timedelta(days=5)])
    def test_the_database_holds_the_order_itself(self, taken_on: object, offices: Offices) -> None:
        self.two_communes(offices)

        with pytest.raises(Error), transaction.atomic():
            QualitySignOff.objects.create(
                taken_on=taken_on, unit=offices.province, signed_by=offices.maker, signed_at=LATER, figures={}
            )

    def test_whoever_signed_for_a_commune_does_not_sign_above_it(self, offices: Offices) -> None:
        self.two_communes(offices)
        self.sign(offices, ELSEWHERE)
        sign_off(unit=offices.units[HOME], taken_on=TODAY, note="", actor=offices.maker, now=LATER)

        with pytest.raises(SignedForAnotherLevel) as refusal:
            self.sign(offices, "97")

        assert refusal.value.conflicts == [HOME]
        another = User.objects.create(
            username="nguoilap.2", password="!", full_name="nguoilap.2", role=Role.MAKER, unit=offices.province
        )
        signed = sign_off(unit=offices.province, taken_on=TODAY, note="", actor=another, now=LATER)
        assert signed.signed_by == another

    def test_the_database_holds_the_two_people_apart_itself(self, offices: Offices) -> None:
        self.two_communes(offices)
        self.sign(offices, ELSEWHERE)
        sign_off(unit=offices.units[HOME], taken_on=TODAY, note="", actor=offices.maker, now=LATER)

        with pytest.raises(Error, match="signed for another level"), transaction.atomic():
            QualitySignOff.objects.create(
                taken_on=TODAY, unit=offices.province, signed_by=offices.maker, signed_at=LATER, figures={}
            )

    def test_one_person_may_sign_for_communes_beside_each_other(self, offices: Offices) -> None:
        self.two_communes(offices)

        for code in (HOME, ELSEWHERE):
            sign_off(unit=offices.units[code], taken_on=TODAY, note="", actor=offices.maker, now=LATER)

        assert QualitySignOff.objects.filter(signed_by=offices.maker).count() == 2

    @pytest.mark.parametrize("table", ["beneficiaries_qualityscore", "beneficiaries_qualitysignoff"])
    def test_neither_scores_nor_signatures_can_be_taken_back(self, table: str, offices: Offices) -> None:
        self.two_communes(offices)
        self.sign(offices, HOME)

        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
        assert QualityScore.objects.count() == 2
