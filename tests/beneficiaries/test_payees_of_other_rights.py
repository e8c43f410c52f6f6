"""Who receives a right a list adds for somebody known: here or elsewhere, named or left blank. Never a child, never an agent nobody named, never silently."""

from datetime import date
from typing import Any

import pytest

from beneficiaries.models import BankAccount, Case, Enrolment, RegistryRow
from beneficiaries.parsers.registry import open_registry
from beneficiaries.services.intake.assess_registry import AssessedRow, assess_registry
from beneficiaries.services.receiving.payees import Paper, end_payee, record_payee
from tests.beneficiaries.office_files import person, registry_file
from tests.beneficiaries.offices import ELSEWHERE, HOME, NOW, TODAY, Offices, the_person

GUARDED = {"payee_name": "Trần Thị Dì", "payee_relation": "Người giám hộ"}
AGENT = {"payee_name": "Trần Thị Con", "payee_relation": "Người được ủy quyền", "payee_until": "31/12/2025"}
CARED = {"payee_name": "Lê Văn Chăm", "payee_relation": "Người chăm sóc"}
CLAIMED = {"payee_name": "Lê Văn Lạ", "payee_relation": "Người giám hộ"}
CHILD = {"birth": "05/09/2016", "number": "097216000001"}
ANOTHER = {"code": "97101-000002", "programme": "NCC", "category": "TNLS", "coefficient": 0.6}
CARE = {"code": "97101-000003", "programme": "CSND", "category": "CSND-1", "coefficient": 1.0}
THERE = {"code": "97102-000002"}
ACCOUNT = {"account": "111222333", "bank": "Agribank"}


def received(code: str = "97101-000002") -> tuple[str, str]:
    kept = Enrolment.objects.get(code=code)
    return kept.payee_kind, kept.payee_name


def asked() -> list[tuple[str, str]]:
    return list(Case.objects.filter(kind="ACCOUNT").order_by("pk").values_list("reason", "unit__code"))


def assessed(offices: Offices, *rows: dict[str, Any], commune: str = HOME) -> list[AssessedRow]:
    return assess_registry(open_registry(registry_file(rows)), unit=offices.units[commune]).rows


def codes(row: AssessedRow) -> list[str]:
    return [error.code for error in row.entry.errors]


class TestAnotherRightThatNamesNobody:
    def test_is_received_by_the_guardian_and_asked_about(self, offices: Offices) -> None:
        offices.receive(person(**GUARDED))
        offices.receive(person(**ANOTHER))
        assert [received(), asked()] == [("GUARDIAN", "Trần Thị Dì"), [("PAYEE_UNNAMED", HOME)]]

    def test_says_so_before_it_is_taken_in(self, offices: Offices) -> None:
        offices.receive(person(**GUARDED))
        (row,) = assessed(offices, person(**ANOTHER))
        assert "PAYEE_UNNAMED" in codes(row)
        assert [(one.before, one.after) for one in row.changes] == [("", "Người giám hộ"), ("", "Trần Thị Dì")]

    def test_is_received_by_the_guardian_of_a_paper_too(self, offices: Offices) -> None:
        offices.receive(person())
        record_payee(
            beneficiary=the_person(), kind="GUARDIAN", full_name="Trần Thị Dì", paper=Paper(number="12/TL"),
            actor=offices.maker, now=NOW,
        )  # fmt: skip
        offices.receive(person(**ANOTHER))
        assert received() == ("GUARDIAN", "Trần Thị Dì")

    def test_of_a_person_who_authorised_somebody_is_their_own_and_asked_about(self, offices: Offices) -> None:
        offices.receive(person(**AGENT))
        offices.receive(person(**ANOTHER))
        assert [received(), asked()] == [("OWN", ""), [("PAYEE_UNNAMED", HOME)]]

    @pytest.mark.parametrize(
        ("relation", "born", "number", "receives"),
        [
            ("Người được ủy quyền", "05/09/2016", "097216000001", "AUTHORISED"),
            ("Người được ủy quyền", "15/06/2009", "097209000001", "OWN"),  # fifteen that day
            ("Người được ủy quyền", "16/06/2009", "097209000001", "AUTHORISED"),
            ("Cha mẹ", "16/06/2006", "097206000001", "PARENT"),
            ("Cha mẹ", "15/06/2006", "097206000001", "OWN"),  # of age that day
            ("Người giám hộ", "15/06/1986", "097086000001", "GUARDIAN"),
        ],
    )
    def test_of_a_child_is_never_their_own(self, offices, monkeypatch, relation, born, number, receives) -> None:
        monkeypatch.setattr("beneficiaries.services.intake.assess_registry.timezone.localdate", lambda *_: TODAY)
        who = {"birth": born, "number": number}
        offices.receive(person(**who, payee_name="Trần Thị Dì", payee_relation=relation, payee_until="31/12/2025"))
        offices.receive(person(**who, **ANOTHER))
        assert [received()[0], asked()[-1][0]] == [receives, "PAYEE_UNNAMED"]

    @pytest.mark.parametrize("said", ["Mẹ", "cha/mẹ", "Bố"])
    def test_beside_a_parent_as_lists_say_it_is_the_parents(self, offices: Offices, said: str) -> None:
        offices.receive(person(**CHILD, payee_name="Trần Thị Má", payee_relation=said), person(**CHILD, **ANOTHER))
        assert [received("97101-000001"), received()] == [("PARENT", "Trần Thị Má")] * 2

    def test_beside_the_carers_own_money_is_the_persons_and_no_question(self, offices: Offices) -> None:
        offices.receive(person(**CARE, **CARED))
        offices.receive(person(**ANOTHER))
        assert [received(), asked()] == [("OWN", ""), []]

    def test_beside_a_guardian_and_the_carers_own_money_is_the_guardians(self, offices: Offices) -> None:
        offices.receive(person(**GUARDED))
        offices.receive(person(**CARE, **CARED))
        offices.receive(person(**ANOTHER))
        assert received() == ("GUARDIAN", "Trần Thị Dì")

    def test_names_a_guardian_below_the_carers_row_of_one_list(self, offices: Offices) -> None:
        offices.receive(person(**CARE, **CARED), person(**ANOTHER, **GUARDED))
        assert [received(), received(CARE["code"]), asked()] == [
            ("GUARDIAN", "Trần Thị Dì"), ("CARER", "Lê Văn Chăm"), [],
        ]  # fmt: skip

    @pytest.mark.parametrize("turned", [False, True])
    def test_in_one_list_is_the_guardians_whichever_row_stands_first(self, offices: Offices, turned: bool) -> None:
        rows = [person(**GUARDED), person(**ANOTHER)]
        offices.receive(*(reversed(rows) if turned else rows))
        assert [received(), received("97101-000001")] == [("GUARDIAN", "Trần Thị Dì")] * 2

    def test_is_not_received_by_the_guardian_of_a_right_that_ended_once_the_guardianship_ended(self, offices) -> None:
        """Who died, or was relieved, is remembered by the old right alone."""
        offices.receive(person(**GUARDED))
        guardian = record_payee(
            beneficiary=the_person(), kind="GUARDIAN", full_name="Trần Thị Dì", paper=Paper(number="12/TL"),
            actor=offices.maker, now=NOW,
        )  # fmt: skip
        Enrolment.objects.update(ended_month=date(2024, 1, 1))
        end_payee(relation=guardian, reason="DECEASED", on=TODAY, actor=offices.maker, now=NOW)

        offices.receive(person(**ANOTHER))

        assert received() == ("OWN", "")

    @pytest.mark.parametrize(("born", "number", "receives"), [
        ("05/09/2003", "097203000001", ("OWN", "")),  # a child of fourteen then, grown now
        ("05/09/1986", "097086000001", ("GUARDIAN", "Trần Thị Dì")),
        ("05/09/2016", "097216000001", ("GUARDIAN", "Trần Thị Dì")),
    ])  # fmt: skip
    def test_is_not_received_by_the_guardian_a_grown_person_had_as_a_child(
        self, offices, monkeypatch, born, number, receives
    ) -> None:
        monkeypatch.setattr("beneficiaries.services.intake.assess_registry.timezone.localdate", lambda *_: TODAY)
        who = {"birth": born, "number": number}
        offices.receive(person(**who, **GUARDED))
        Enrolment.objects.update(starts_month=date(2017, 1, 1), ended_month=date(2018, 1, 1))

        offices.receive(person(**who, **ANOTHER))

        assert received() == receives

    def test_of_somebody_who_is_paid_themselves_is_no_question(self, offices: Offices) -> None:
        offices.receive(person())
        offices.receive(person(**ANOTHER))
        assert [received(), asked()] == [("OWN", ""), []]

    def test_leaves_out_an_account_that_nobody_named_a_holder_of(self, offices: Offices) -> None:
        offices.receive(person(**GUARDED))
        offices.receive(person(**ANOTHER, **ACCOUNT))
        assert not BankAccount.objects.exists()

    def test_is_asked_about_for_each_right_once(self, offices: Offices) -> None:
        offices.receive(person(**GUARDED))
        offices.receive(person(**ANOTHER), person(**CARE))
        offices.receive(person(**ANOTHER, hamlet="Thôn 9"), person(**CARE))
        assert asked() == [("PAYEE_UNNAMED", HOME)] * 2

    def test_named_otherwise_beside_an_agent_is_the_persons_own(self, offices: Offices) -> None:
        offices.receive(person(**AGENT))
        offices.receive(person(**ANOTHER, **CLAIMED))
        assert [received(), asked()] == [("OWN", ""), [("PAYEE_WITHOUT_PAPER", HOME)]]


class TestAPayeeAnotherCommunesListNames:
    @pytest.mark.parametrize(
        ("first", "receives"),
        [({}, ("OWN", "")), (AGENT, ("OWN", "")), (GUARDED, ("GUARDIAN", "Trần Thị Dì"))],
    )
    def test_is_shown_and_asked_about_and_never_taken(self, offices: Offices, first, receives) -> None:
        offices.receive(person(**first))
        row = person(**THERE, **CLAIMED, **ACCOUNT)
        (shown,) = assessed(offices, row, commune=ELSEWHERE)
        assert {"PAYEE_WITHOUT_PAPER", "RECEIVES_ELSEWHERE"} <= set(codes(shown))
        offices.receive(row, commune=ELSEWHERE)
        assert [received("97102-000002"), asked()] == [receives, [("PAYEE_WITHOUT_PAPER", ELSEWHERE)]]
        assert not BankAccount.objects.exists()

    def test_is_not_believed_beside_a_known_number_in_another_spelling(self, offices: Offices) -> None:
        offices.receive(person())
        offices.receive(person(**THERE, **CLAIMED, name="Nguyễn Văn Anh"), commune=ELSEWHERE)
        assert [received("97102-000002"), asked()] == [("OWN", ""), [("PAYEE_WITHOUT_PAPER", ELSEWHERE)]]

    def test_is_believed_where_the_first_commune_has_the_same(self, offices: Offices) -> None:
        offices.receive(person(**GUARDED))
        offices.receive(person(**THERE, **GUARDED), commune=ELSEWHERE)
        assert [received("97102-000002"), asked()] == [("GUARDIAN", "Trần Thị Dì"), []]

    @pytest.mark.parametrize("named", [CLAIMED, {}])
    def test_shows_nothing_of_what_the_first_commune_knows(self, offices: Offices, named) -> None:
        offices.receive(person(**GUARDED))
        row = person(**THERE, **named)
        (shown,) = assessed(offices, row, commune=ELSEWHERE)
        offices.receive(row, commune=ELSEWHERE)
        told = [change.as_json() for change in shown.changes], [error.as_json() for error in shown.entry.errors]
        kept = list(Case.objects.values_list("evidence", "subject")), list(RegistryRow.objects.values_list("errors"))
        assert "Dì" not in f"{told} {kept}"
        assert {change["before"] for change in told[0]} <= {""}

    def test_left_blank_is_received_by_the_guardian_and_asked_about(self, offices: Offices) -> None:
        offices.receive(person(**CHILD, **GUARDED))
        offices.receive(person(**THERE, **CHILD), commune=ELSEWHERE)
        assert [received("97102-000002"), asked()] == [("GUARDIAN", "Trần Thị Dì"), [("PAYEE_UNNAMED", ELSEWHERE)]]

    def test_is_believed_as_a_guardian_is_after_the_first_right_ended(self, offices: Offices) -> None:
        offices.receive(person(**CHILD, **GUARDED))
        Enrolment.objects.update(ended_month=date(2024, 5, 1))
        offices.receive(person(**THERE, **CHILD, **GUARDED), commune=ELSEWHERE)
        assert [received("97102-000002"), asked()] == [("GUARDIAN", "Trần Thị Dì"), []]
