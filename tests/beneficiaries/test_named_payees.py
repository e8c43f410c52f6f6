"""Nobody comes to receive for another by a ward's list alone: it is shown, asked about, and what was recorded stands."""

from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from beneficiaries.errors import PayeeInvalid
from beneficiaries.models import BankAccount, Case, Enrolment, IdentityRecord, Outcome, PayeeRelation, RegistryRow
from beneficiaries.parsers.registry import open_registry
from beneficiaries.services.intake.assess_registry import AssessedRow, assess_registry
from beneficiaries.services.receiving.payees import Paper, record_payee
from beneficiaries.services.receiving.payees_accounts import look_at_payees_accounts
from tests.beneficiaries.office_files import person, registry_file
from tests.beneficiaries.offices import HOME, NOW, TODAY, Offices, the_person

GUARDED = {"payee_name": "Trần Thị Dì", "payee_relation": "Người giám hộ"}
CLAIMED = {"payee_name": "Lê Văn Lạ", "payee_relation": "Người giám hộ"}
ANOTHER_RIGHT = {"code": "97101-000002", "programme": "NCC", "category": "TNLS", "coefficient": 0.6}
CARE = ANOTHER_RIGHT | {"programme": "CSND", "category": "CSND-1", "coefficient": 1.0}
ACCOUNT = {"account": "111222333", "bank": "Agribank"}


def assessed(offices: Offices, *rows: dict[str, Any]) -> list[AssessedRow]:
    return assess_registry(open_registry(registry_file(rows)), unit=offices.units[HOME]).rows


def receiving() -> list[tuple[str, str]]:
    return list(Enrolment.objects.order_by("code").values_list("payee_kind", "payee_name"))


def asked(reason: str = "PAYEE_WITHOUT_PAPER") -> list[str]:
    return list(Case.objects.filter(kind="ACCOUNT", reason=reason).order_by("pk").values_list("status", flat=True))


def record(offices: Offices, **changes: Any) -> PayeeRelation:
    given: dict[str, Any] = {
        "beneficiary": the_person(), "kind": "GUARDIAN", "full_name": "Trần Thị Dì", "paper": Paper(number="12/TL"),
        "actor": offices.maker, "now": NOW,
    }  # fmt: skip
    return record_payee(**given | changes)


class TestAListThatNamesAnotherPayee:
    @pytest.mark.parametrize("before", [{}, GUARDED])
    def test_of_somebody_known_changes_nothing_is_shown_and_asked_about(self, offices: Offices, before) -> None:
        offices.receive(person(**before))
        kept = receiving()
        (row,) = assessed(offices, person(**CLAIMED))
        assert (row.outcome, row.doubt is not None) == (Outcome.CHANGED, True)
        assert "PAYEE_WITHOUT_PAPER" in [error.code for error in row.entry.errors]
        assert ("Người nhận thay", kept[0][1], "Lê Văn Lạ") in [(c.column, c.before, c.after) for c in row.changes]
        offices.receive(person(**CLAIMED))
        assert [receiving(), asked()] == [kept, ["OPEN"]]

    def test_by_another_right_is_paid_as_recorded_and_the_account_named_with_it_is_left_out(self, offices) -> None:
        offices.receive(person())
        record(offices)
        (row,) = assessed(offices, person(**ANOTHER_RIGHT, **CLAIMED, **ACCOUNT))
        assert (row.outcome, [change.after for change in row.changes]) == (Outcome.NEW, ["Lê Văn Lạ"])
        offices.receive(person(**ANOTHER_RIGHT, **CLAIMED, **ACCOUNT))
        assert receiving() == [("GUARDIAN", "Trần Thị Dì")] * 2
        assert [asked(), BankAccount.objects.exists()] == [["OPEN"], False]

    def test_by_another_right_of_somebody_who_is_paid_themselves_is_not_believed_either(self, offices: Offices) -> None:
        offices.receive(person())
        offices.receive(person(**ANOTHER_RIGHT, **CLAIMED))
        assert [receiving(), asked()] == [[("OWN", "")] * 2, ["OPEN"]]

    def test_beside_several_people_is_asked_about_for_each_of_them(self, offices: Offices) -> None:
        others = [person(), person(code="97101-000003", number="097042000003", name="Trần Thị Ba")]
        offices.receive(*others)
        offices.receive(*(other | CLAIMED for other in others))
        cases = Case.objects.filter(reason="PAYEE_WITHOUT_PAPER").order_by("beneficiary__name_key")
        assert [case.beneficiary.full_name for case in cases] == ["Nguyễn Văn An", "Trần Thị Ba"]

    def test_beside_a_known_number_in_another_spelling_is_not_believed(self, offices: Offices) -> None:
        offices.receive(person())
        offices.receive(person(name="Nguyễn Văn Anh", **ANOTHER_RIGHT, **CLAIMED, **ACCOUNT))
        assert [receiving(), asked(), BankAccount.objects.exists()] == [[("OWN", "")] * 2, ["OPEN"], False]

    def test_by_two_rights_of_one_person_is_asked_about_once(self, offices: Offices) -> None:
        offices.receive(person(), person(**ANOTHER_RIGHT))
        offices.receive(person(**CLAIMED), person(**ANOTHER_RIGHT, **CLAIMED))
        assert asked() == ["OPEN"]

    def test_as_a_carer_by_any_other_right_is_not_believed(self, offices: Offices) -> None:
        offices.receive(person())
        offices.receive(person(**ANOTHER_RIGHT, payee_name="Lê Văn Lạ", payee_relation="Người chăm sóc", **ACCOUNT))
        assert [receiving(), asked(), BankAccount.objects.exists()] == [[("OWN", "")] * 2, ["OPEN"], False]

    @pytest.mark.parametrize("name", ["Trần Thị Dì", "Lê Văn Chăm"])
    def test_as_the_carer_by_the_allowance_for_care_is_believed(self, offices: Offices, name: str) -> None:
        offices.receive(person(**GUARDED))
        offices.receive(person(**CARE, payee_name=name, payee_relation="Người chăm sóc"))
        assert [receiving(), asked()] == [[("GUARDIAN", "Trần Thị Dì"), ("CARER", name)], []]

    def test_twice_in_one_file_believes_the_first(self, offices: Offices) -> None:
        offices.receive(person(**GUARDED), person(**ANOTHER_RIGHT, **CLAIMED))
        assert [receiving(), asked()] == [[("GUARDIAN", "Trần Thị Dì")] * 2, ["OPEN"]]

    def test_is_asked_about_once_each_name(self, offices: Offices) -> None:
        offices.receive(person(**GUARDED))
        for name, note in [("Lê Văn Lạ", "1"), ("LÊ  VĂN LẠ", "2"), ("Phạm Thị Khác", "3")]:
            offices.receive(person(payee_name=name, payee_relation="Người giám hộ", note=note))
        assert asked() == ["OPEN", "OPEN"]

    def test_is_asked_about_nothing_where_the_cells_are_blank_or_say_the_same(self, offices: Offices) -> None:
        offices.receive(person(**GUARDED))
        offices.receive(person(hamlet="Thôn 4"))
        offices.receive(person(hamlet="Thôn 5", payee_name="TRẦN THỊ DÌ", payee_relation="Người giám hộ"))
        assert asked() == []

    def test_says_no_name_outside_the_sealed_row(self, offices: Offices) -> None:
        offices.receive(person(**GUARDED))
        offices.receive(person(**CLAIMED))
        said = [*Case.objects.values_list("evidence", "subject"), *RegistryRow.objects.values_list("errors")]
        assert "Lạ" not in str(said)

    def test_is_another_preview_once_the_paper_is_recorded(self, offices: Offices) -> None:
        offices.receive(person())
        row = person(**ANOTHER_RIGHT, **GUARDED)
        before = assess_registry(open_registry(registry_file([row])), unit=offices.units[HOME])
        record(offices)
        after = assess_registry(open_registry(registry_file([row])), unit=offices.units[HOME])
        assert [before.rows[0].doubt is None, after.rows[0].doubt is None] == [False, True]
        assert before.digest != after.digest


class TestAnAccountAListNamesForAPayee:
    @pytest.fixture
    def account(self, offices: Offices) -> BankAccount:
        """Of the guardian a ward's list named; taken over, it counts as proven."""
        offices.receive(person(**GUARDED, **ACCOUNT), by="97")
        return BankAccount.objects.get()

    def test_is_said_to_be_in_that_name(self, account: BankAccount) -> None:
        assert account.holder_name == "Trần Thị Dì"

    @pytest.mark.parametrize(("name", "verdict"), [("Lê Văn Cậu", "DIFFERENT"), ("Trần Thị Dì", "UNCHECKED")])
    def test_is_held_against_who_is_recorded_later(self, offices, account, name: str, verdict: str) -> None:
        record(offices, full_name=name)
        account.refresh_from_db()
        assert (account.name_verdict, asked("NAME_MISMATCH")) == (verdict, ["OPEN"] if verdict == "DIFFERENT" else [])

    def test_without_a_name_is_asked_about_once_somebody_is_recorded(self, offices, account) -> None:
        BankAccount.objects.update(holder_name="", status_at=NOW - timedelta(days=1))
        record(offices)
        assert look_at_payees_accounts(on=TODAY, now=NOW) == 0
        assert [BankAccount.objects.get().name_verdict, asked("NAME_MISMATCH")] == ["REVIEW", ["OPEN"]]


class TestHoldersNamedWhenTheProductWasUpdated:
    @pytest.mark.parametrize(("second", "holder"), [("Lê Văn Cậu", ""), ("TRẦN THỊ DÌ", "Trần Thị Dì")])
    def test_have_a_name_only_where_there_is_one(self, offices: Offices, second: str, holder: str) -> None:
        """Two enrolments that name two people: the account is said to be nobody's."""
        offices.receive(person(**GUARDED, **ACCOUNT), person(**ANOTHER_RIGHT, **GUARDED))
        Enrolment.objects.filter(code=ANOTHER_RIGHT["code"]).update(payee_name=second)
        with connection.cursor() as cursor:
            cursor.execute(import_module("beneficiaries.migrations.0007_keys_and_blind_judges").GUESSED)
        assert BankAccount.objects.get().holder_name == holder


def agent(
    offices: Offices,
    *,
    name: str = "Trần Thị Con",
    until: date = date(2025, 6, 1),
    paper_number: str = "12/CT",
    **changes: Any,
):
    paper = Paper(number=paper_number, certified_by="UBND xã", valid_from=TODAY, valid_until=until)
    return record(offices, kind="AUTHORISED", full_name=name, paper=paper, **changes)


class TestWhoMayReceive:
    @pytest.fixture(autouse=True)
    def known(self, offices: Offices) -> None:
        offices.receive(person())

    def test_a_second_agent_is_refused_until_somebody_says_the_first_no_longer_is(self, offices: Offices) -> None:
        agent(offices)
        with pytest.raises(PayeeInvalid, match="điều 569"):
            agent(offices, name="Lê Văn Hai")
        assert receiving() == [("AUTHORISED", "Trần Thị Con")]
        agent(offices, name="Lê Văn Hai", replaces=True)
        assert receiving() == [("AUTHORISED", "Lê Văn Hai")]

    def test_another_of_the_same_name_is_a_second_agent_by_their_number(self, offices: Offices) -> None:
        agent(offices, identity_number="097170000077")
        with pytest.raises(PayeeInvalid, match="điều 569"):
            agent(offices, identity_number="097170000078")
        agent(offices, identity_number="097170000077", until=date(2026, 6, 1))
        assert PayeeRelation.objects.filter(ended_on__isnull=True).get().number_id is not None

    @pytest.mark.parametrize(("first", "then"), [("", "097170000077"), ("097170000077", "")])
    def test_the_same_paper_named_again_is_one_agent_and_keeps_the_number(
        self, offices: Offices, first: str, then: str
    ) -> None:
        agent(offices, identity_number=first)
        agent(offices, name="TRẦN THỊ CON", identity_number=then)
        assert PayeeRelation.objects.filter(ended_on__isnull=True).get().number_id is not None

    @pytest.mark.parametrize(("first", "then"), [("", "097170000077"), ("097170000077", "")])
    def test_of_one_name_by_another_paper_with_and_without_a_number_somebody_says_who_it_is(
        self, offices: Offices, first: str, then: str
    ) -> None:
        agent(offices, identity_number=first)
        with pytest.raises(PayeeInvalid, match="chưa rõ có phải một người"):
            agent(offices, identity_number=then, paper_number="77/CT")
        agent(offices, identity_number=then, paper_number="77/CT", replaces=True)
        assert PayeeRelation.objects.filter(ended_on__isnull=True).get().paper_number == "77/CT"

    def test_the_same_agents_newer_paper_replaces_the_older(self, offices: Offices) -> None:
        agent(offices)
        agent(offices, name="TRẦN THỊ CON", until=date(2026, 6, 1))
        assert PayeeRelation.objects.filter(ended_on__isnull=True).get().valid_until == date(2026, 6, 1)

    @pytest.mark.parametrize(("until", "cases"), [(date(2029, 6, 15), []), (date(2029, 6, 16), ["OPEN"])])
    def test_a_term_longer_than_usual_is_taken_and_asked_about(self, offices: Offices, until: date, cases) -> None:
        agent(offices, until=until)
        assert [receiving()[0][0], asked("AUTHORISATION_LONG")] == ["AUTHORISED", cases]

    @pytest.mark.parametrize(
        ("kind", "number", "least"),
        [("AUTHORISED", "097210000077", 15), ("GUARDIAN", "097207000077", 18), ("CARER", "097207000077", 18)],
    )
    def test_whose_number_says_they_are_too_young_is_refused(self, offices, kind, number, least) -> None:
        paper = Paper(number="1", certified_by="UBND xã", valid_until=date(2025, 1, 1))
        with pytest.raises(PayeeInvalid, match=f"từ đủ {least} tuổi"):
            record(offices, kind=kind, paper=paper, identity_number=number)
        assert receiving() == [("OWN", "")]

    @pytest.mark.parametrize(("born", "refused"), [(TODAY.replace(year=2009), False), (date(2009, 6, 16), True)])
    def test_in_the_year_of_the_birthday_the_population_data_decide(self, offices, born: date, refused: bool) -> None:
        offices.know_residents({"so_dinh_danh": "097209000077", "ngay_sinh": f"{born:%d/%m/%Y}"})
        assert IdentityRecord.objects.count() == 1
        if refused:
            with pytest.raises(PayeeInvalid):
                agent(offices, identity_number="097209000077")
        else:
            assert agent(offices, identity_number="097209000077")

    @pytest.mark.parametrize(
        ("until", "code"), [("", "AUTHORISATION_WITHOUT_TERM"), ("01/01/2050", "AUTHORISATION_LONG")]
    )
    def test_a_lists_term_is_remarked_on(self, offices: Offices, until: str, code: str) -> None:
        row = person(
            code="97101-000009", number="097042000009", name="Trần Văn Chín", payee_name="Lê Văn Hai", payee_until=until,
            payee_relation="Người được ủy quyền",
        )  # fmt: skip
        (one,) = assessed(offices, row)
        assert (one.outcome, code in [error.code for error in one.entry.errors]) == (Outcome.NEW, True)
