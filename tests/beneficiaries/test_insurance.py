"""Who draws a pension: counted, kept only if ours, asked about where the law excludes; nothing is withheld by a list."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from beneficiaries.api.insurance import InsuranceRow
from beneficiaries.models import Case, Enrolment, InsuranceBenefit, InsuranceTotal
from beneficiaries.parsers.insurance import COLUMNS
from beneficiaries.services.intake.import_registry import import_registry
from beneficiaries.services.intake.insurance import ask_about_insurance, import_insurance
from beneficiaries.services.intake.lists import ListIntake
from staff.errors import NotAllowed
from tests.beneficiaries.office_files import person, registry_file, table
from tests.beneficiaries.offices import HOME, NOW, TODAY, Offices

OURS = "097042000001"
ROW = {"identity": OURS, "kind": "Lương hưu", "amount": "3.100.000", "from_month": "05/2010"}
SOCIAL_PENSION = {
    "programme": "HTXH", "category": "HT-75", "coefficient": 1, "decision_date": "02/07/2025", "starts": "07/2025", "paid_through": "",
}  # fmt: skip


def send(offices: Offices, *rows: dict[str, object], on: date = TODAY, unit: str = "97") -> ListIntake:
    content = table([{**ROW, **row} for row in rows], columns=COLUMNS)
    return import_insurance(content=content, unit=offices.units[unit], actor=offices.maker, now=NOW, on=on)


def asked() -> list[tuple[str, list[str]]]:
    return list(Case.objects.filter(reason="DRAWS_INSURANCE").values_list("enrolment__code", "evidence"))


class TestAList:
    def test_is_counted_and_of_its_people_only_ours_are_kept(self, offices: Offices) -> None:
        offices.receive(person())
        intake = send(offices, {}, {"identity": "097142000009"}, {"kind": "Trợ cấp thất nghiệp", "amount": 1_500_000})

        assert (intake.applied, intake.problems) == (3, [])
        assert set(InsuranceTotal.objects.values_list("kind", "people", "amount", "ours")) == {
            ("PENSION", 2, 6_200_000, 1), ("MONTHLY", 0, 0, 0), ("UNEMPLOYMENT", 1, 1_500_000, 1),
        }  # fmt: skip
        assert InsuranceBenefit.objects.count() == 2

    def test_with_bad_rows_names_them_and_takes_the_rest(self, offices: Offices) -> None:
        intake = send(offices, {}, {}, {"kind": "thưởng", "amount": "nhiều"})
        assert intake.applied == 1
        assert [problem.split(";")[0] for problem in intake.problems] == [
            "Dòng 5: cột “Loại chế độ”: chỉ có chữ",
            "Dòng 5: cột “Mức hưởng”: chỉ có chữ",
            "Dòng 4: cột “Số định danh cá nhân”: người này đã có ở dòng trên cùng loại chế độ",
        ]

    def test_counts_once_by_content(self, offices: Offices) -> None:
        assert (send(offices, {}).repeated, send(offices, {}).repeated) == (False, True)
        assert not send(offices, {}, on=date(2024, 6, 30)).repeated  # the same people, another month

    def test_is_of_the_own_reach_and_never_edited(self, offices: Offices) -> None:
        offices.receive(person())
        send(offices, {})
        with pytest.raises(NotAllowed):
            import_insurance(
                content=table([ROW], columns=COLUMNS), unit=offices.units["97"], actor=offices.officers[HOME], now=NOW
            )
        with pytest.raises(DatabaseError), transaction.atomic():
            InsuranceBenefit.objects.update(amount=1)


class TestARightItExcludes:
    @pytest.mark.parametrize(
        ("row", "ground", "asks"),
        [
            ({}, SOCIAL_PENSION, True),
            ({"amount": "500.000"}, SOCIAL_PENSION, True),
            ({"amount": "499.999"}, SOCIAL_PENSION, False),  # a lower one may be drawn beside
            ({"amount": "499.999"}, {"category": "CT-80-KLH"}, True),  # that ground knows no lower one
            ({"kind": "Trợ cấp thất nghiệp"}, SOCIAL_PENSION, False),
            ({"kind": "Trợ cấp BHXH hằng tháng"}, SOCIAL_PENSION, True),
            ({}, {"category": "KTN-NL", "coefficient": 1.5}, False),
        ],
    )
    def test_is_asked_about_once_and_nothing_is_withheld(
        self, offices: Offices, row: dict[str, object], ground: dict[str, object], asks: bool
    ) -> None:
        offices.receive(person(**ground))
        send(offices, row)
        ask_about_insurance(now=NOW)

        assert len(asked()) == asks
        assert Enrolment.objects.get().ended_month is None

    def test_says_since_when_and_how_much(self, offices: Offices) -> None:
        offices.receive(person(**SOCIAL_PENSION))
        send(offices, {})
        assert asked() == [
            (
                "97101-000001",
                ["hưởng lương hưu từ tháng 05/2010", "mức 3.100.000 đ một tháng, mức trợ cấp 500.000 đ"],
            )
        ]

    def test_is_asked_of_the_newest_list_alone(self, offices: Offices) -> None:
        send(offices, {})
        send(offices, {"identity": "097142000009"}, on=date(2024, 7, 1))  # no longer on it
        offices.receive(person(**SOCIAL_PENSION))
        assert ask_about_insurance(now=NOW) == 0

    def test_is_said_when_somebody_is_newly_entered(self, offices: Offices) -> None:
        offices.receive(person(programme="TCXH", category="KTN-NL", coefficient=1.5))
        send(offices, {})
        rows = [person(code="97101-000002", **SOCIAL_PENSION)]
        intake = import_registry(
            content=registry_file(rows), unit=offices.units[HOME], actor=offices.officers[HOME], now=NOW
        )
        assert "DRAWS_INSURANCE" in {error.code for _, error in intake.remarks}
        assert intake.added == 1


@pytest.mark.parametrize(("people", "told"), [(0, 0), (4, None), (5, 9_000_000)])
def test_the_sum_of_a_few_is_not_told(people: int, told: int | None) -> None:
    total = InsuranceTotal(kind="PENSION", people=people, amount=9_000_000 if people else 0, ours=0)
    row = InsuranceRow()
    assert (row.get_amount(total), row.get_ours(total)) == (told, 0)
