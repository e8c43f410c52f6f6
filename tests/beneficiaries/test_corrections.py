"""Sửa hồ sơ: two people and a paper put a record right; nobody shares a number, no identity is swapped, no list undoes it, nobody is unpaid."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from beneficiaries.errors.corrections import (
    CorrectionImpossible,
    CorrectionOutdated,
    CorrectionSettled,
    CorrectionWaits,
    NumberOfSomebodyElse,
    OnlyProposerWithdraws,
    ProposerCannotConfirm,
)
from beneficiaries.models import (
    BankAccount,
    Beneficiary,
    Case,
    Correction,
    Enrolment,
    IdentityMatch,
    LifeStatus,
)
from beneficiaries.parsers.registry import COLUMNS as ALL
from beneficiaries.services.corrections.asked import Asked, ProvingPaper
from beneficiaries.services.corrections.confirm import confirm_correction
from beneficiaries.services.corrections.propose import propose_correction, refuse_correction, withdraw_correction
from beneficiaries.services.identity.match import match_people
from beneficiaries.services.numbers import keep_account_numbers
from beneficiaries.services.rules.age_warnings import warn_of_ages
from staff.errors import NotAllowed
from staff.models import Role, User
from tests.beneficiaries.office_files import person, table
from tests.beneficiaries.offices import ELSEWHERE, HOME, NOW, Offices, the_person

CARD = ProvingPaper(kind="ID_CARD", number="CC-1", issued_on=date(2023, 3, 1), issuer="Cục Cảnh sát QLHC")


@pytest.fixture
def second(offices: Offices) -> User:
    """Another officer of the same commune."""
    return User.objects.create(
        username="canbo2", password="!", full_name="Cán bộ hai", role=Role.COMMUNE_OFFICER, unit=offices.units[HOME]
    )


@pytest.fixture
def enrolled(offices: Offices) -> Offices:
    """Nguyễn Văn An as the residents know him, his list not yet taken in."""
    offices.know_residents({})
    return offices


def propose(
    offices: Offices,
    *,
    about: Beneficiary | None = None,
    case: Case | None = None,
    asked: Asked | None = None,
    **fields: str,
) -> Correction:
    return propose_correction(
        beneficiary_id=(about or the_person()).pk,
        asked=asked or Asked(**fields),
        paper=CARD,
        reason="Gõ sai khi nạp danh sách",
        actor=offices.officers[HOME],
        now=NOW,
        case_id=case.pk if case else None,
    )


def correct(offices: Offices, second: User, *, about: Beneficiary | None = None, **fields: Any) -> Beneficiary:
    correction = propose(offices, about=about, asked=Asked(**fields))
    confirm_correction(correction_id=correction.pk, actor=second, now=NOW, seen="Xem bản chính")
    return Beneficiary.objects.get(pk=correction.beneficiary_id)


def match(offices: Offices) -> None:
    match_people(actor_id=offices.maker.pk, now=NOW)


def open_account(of: Beneficiary, *, holder: str, **changes: Any) -> BankAccount:
    number = keep_account_numbers([("970405", "5550100001")])["970405", "5550100001"]
    given = {"status": "VERIFIED", "source": "SLIP", "opened_on": date(2024, 1, 2), "last_credited_month": "2024-05-01"}
    return BankAccount.objects.create(
        beneficiary=of, number_id=number, bank_bin="970405", holder_name=holder, **{**given, **changes}
    )


class TestTwoPeople:
    def test_nothing_changes_before_the_second_ones_word(self, enrolled: Offices, second: User) -> None:
        enrolled.receive(person(name="Nguyễn Văn Am"))
        correction = propose(enrolled, full_name="  nguyễn  văn An ")
        assert the_person().full_name == "Nguyễn Văn Am"

        confirm_correction(correction_id=correction.pk, actor=second, now=NOW, seen="Xem bản chính")
        one = the_person()
        assert (one.full_name, one.name_key, one.sort_key) == ("nguyễn văn An", "nguyenvanan", the_person().sort_key)
        kept = Correction.objects.get()
        assert (kept.status, kept.full_name_before, kept.proposed_by, kept.decided_by, kept.paper_number) == (
            "IN_FORCE", "Nguyễn Văn Am", enrolled.officers[HOME], second, "CC-1",
        )  # fmt: skip

    def test_the_proposer_does_not_confirm_nor_refuse(self, enrolled: Offices) -> None:
        enrolled.receive(person())
        correction = propose(enrolled, hamlet="Thôn 4")
        for decide in (confirm_correction, refuse_correction):
            given = {"note": "không"} if decide is refuse_correction else {}
            with pytest.raises(ProposerCannotConfirm):
                decide(correction_id=correction.pk, actor=enrolled.officers[HOME], now=NOW, **given)

    @pytest.mark.parametrize("status", ["IN_FORCE", "REFUSED"])
    def test_the_database_refuses_the_proposers_own_word(self, enrolled: Offices, status: str) -> None:
        enrolled.receive(person())
        mine = Correction.objects.filter(pk=propose(enrolled, hamlet="Thôn 4").pk)
        with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
            mine.update(status=status, decided_by=enrolled.officers[HOME], decided_at=NOW, note="vì thế")

    @pytest.mark.parametrize(
        ("change", "constraint"),
        [
            ("full_name_after = 'Ai Đó'", "correction_is_decided_once"),
            ("paper_number = 'khác'", "correction_is_decided_once"),
            ("status = 'PROPOSED', decided_by_id = NULL, decided_at = NULL", "correction_is_decided_once"),
        ],
    )
    def test_what_was_decided_is_never_edited(
        self, enrolled: Offices, second: User, change: str, constraint: str
    ) -> None:
        enrolled.receive(person())
        correct(enrolled, second, hamlet="Thôn 4")
        with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE beneficiaries_correction SET {change}")
        assert getattr(refused.value.__cause__, "diag").constraint_name == constraint  # noqa: B009  # psycopg's own

    def test_birth_and_sex_change_by_a_correction_only(self, enrolled: Offices) -> None:
        enrolled.receive(person())
        for change in ({"sex": "FEMALE"}, {"birth_date": None}, {"birth_year": 1950, "birth_date": None}):
            with pytest.raises(IntegrityError, match="by a correction"), transaction.atomic():
                Beneficiary.objects.update(**change)

    def test_is_refused_with_a_reason_or_taken_back_by_its_proposer(self, enrolled: Offices, second: User) -> None:
        enrolled.receive(person())
        first = propose(enrolled, hamlet="Thôn 4")
        with pytest.raises(CorrectionWaits):
            propose(enrolled, hamlet="Thôn 5")
        refuse_correction(correction_id=first.pk, note="Giấy tờ ghi thôn 3", actor=second, now=NOW)
        then = propose(enrolled, hamlet="Thôn 5")
        with pytest.raises(OnlyProposerWithdraws):
            withdraw_correction(correction_id=then.pk, note="", actor=second, now=NOW)
        withdraw_correction(correction_id=then.pk, note="Ghi nhầm người", actor=enrolled.officers[HOME], now=NOW)
        with pytest.raises(CorrectionSettled):
            confirm_correction(correction_id=then.pk, actor=second, now=NOW, seen="Xem bản chính")
        assert the_person().hamlet == "Thôn 3"
        assert list(Correction.objects.order_by("pk").values_list("status", flat=True)) == ["REFUSED", "WITHDRAWN"]

    def test_is_for_the_persons_own_commune(self, enrolled: Offices, second: User) -> None:
        enrolled.receive(person())
        correction = propose(enrolled, hamlet="Thôn 4")
        stranger = enrolled.officers[ELSEWHERE]
        with pytest.raises(NotAllowed):
            confirm_correction(correction_id=correction.pk, actor=stranger, now=NOW, seen="Xem bản chính")
        with pytest.raises(NotAllowed):
            propose_correction(
                beneficiary_id=the_person().pk, asked=Asked(hamlet="X"), paper=CARD, reason="x", actor=stranger, now=NOW
            )

    def test_of_a_record_that_changed_meanwhile_is_refused(self, enrolled: Offices, second: User) -> None:
        enrolled.receive(person())
        correction = propose(enrolled, full_name="Nguyễn Văn Ân")
        Beneficiary.objects.update(hamlet="Thôn 9")
        with pytest.raises(CorrectionOutdated):
            confirm_correction(correction_id=correction.pk, actor=second, now=NOW, seen="Xem bản chính")

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"full_name": "Nguyễn Văn An"},
            {"birth": "05/09/1942", "sex": "MALE"},
            {"birth": "31/02/1942"},
            {"birth": "01/01/2099"},
            {"number": "123456789"},
            {"full_name": " . "},
        ],
    )
    def test_says_something_that_can_be(self, enrolled: Offices, fields: dict[str, Any]) -> None:
        enrolled.receive(person())
        with pytest.raises(CorrectionImpossible):
            propose(enrolled, asked=Asked(**fields))
        assert not Correction.objects.exists()


class TestIdentity:
    def test_of_somebody_not_found_is_proved_at_once(self, enrolled: Offices, second: User) -> None:
        enrolled.receive(person(number="097042000777"))
        match(enrolled)
        case = Case.objects.get(kind="IDENTITY")
        correction = propose(enrolled, case=case, number="097042000001")
        confirm_correction(correction_id=correction.pk, actor=second, now=NOW, seen="Xem bản chính")

        one = the_person()
        assert one.identity is not None and (one.identity_status, one.identity.number_id) == ("MATCHED", one.number_id)
        case.refresh_from_db()
        assert (case.status, case.solution, case.proposal, case.proposed_by, case.decided_by) == (
            "SOLVED", "CORRECTED", {"correction": correction.pk}, enrolled.officers[HOME], second,
        )  # fmt: skip
        assert not Case.objects.filter(status="OPEN").exists()

    def test_that_agrees_with_the_correction_keeps_its_decision(self, enrolled: Offices, second: User) -> None:
        enrolled.receive(person(name="Nguyễn Vân An"))
        match(enrolled)
        before = IdentityMatch.objects.get()
        one = correct(enrolled, second, full_name="Nguyễn Văn An", hamlet="Thôn 7")
        match(enrolled)
        assert (one.identity_status, IdentityMatch.objects.get()) == ("MATCHED", before)

    @pytest.mark.parametrize(
        ("fields", "word"),
        [
            ({"full_name": "Trần Văn Bình"}, "họ tên"),
            ({"birth": "06/09/1942"}, "ngày sinh"),
            ({"sex": "FEMALE"}, "giới tính"),
            ({"number": "097042000002"}, "số định danh"),
        ],
    )
    def test_the_correction_speaks_against_goes_to_a_person_and_is_not_swapped(
        self, offices: Offices, second: User, fields: dict[str, Any], word: str
    ) -> None:
        offices.know_residents(
            {}, {"so_dinh_danh": "097042000002", "ho_ten": "Nguyễn Văn An", "ngay_sinh": "07/10/1942"}
        )
        offices.receive(person())
        match(offices)
        resident = the_person().identity_id
        one = correct(offices, second, **fields)
        match(offices)
        one.refresh_from_db()
        assert (one.identity_status, one.identity_id) == ("CONFLICT", resident)
        case = Case.objects.get(kind="IDENTITY")
        assert (case.status, case.reason, word in case.evidence[0]) == ("OPEN", "CORRECTED_AGAINST", True)
        assert not any(digits in str(case.evidence) for digits in ("097042000001", "097042000002"))

    def test_in_doubt_is_confirmed_when_all_agrees_again(self, enrolled: Offices, second: User) -> None:
        enrolled.receive(person())
        match(enrolled)
        assert correct(enrolled, second, sex="FEMALE").identity_status == "CONFLICT"
        assert correct(enrolled, second, sex="MALE").identity_status == "MATCHED"
        assert Case.objects.get(kind="IDENTITY").status == "SOLVED"

    def test_of_nobody_known_is_looked_for_by_the_next_run(self, enrolled: Offices, second: User) -> None:
        enrolled.receive(person(number="", name="Nguyễn Văn Ba", birth="1942"))
        match(enrolled)
        assert correct(enrolled, second, full_name="Nguyễn Văn An", birth="05/09/1942").identity_status == "UNCHECKED"


class TestNumber:
    def test_of_somebody_else_is_refused_and_not_said_whose(self, enrolled: Offices) -> None:
        enrolled.receive(
            person(number="097042000009"), person(code="97101-000002", name="Lê Thị Bình", sex="Nữ", birth="1950")
        )
        with pytest.raises(NumberOfSomebodyElse) as refused:
            propose(enrolled, number="097042000001")
        assert not any(word in refused.value.sentence for word in ("Bình", "97101", "0970"))

    def test_given_to_another_meanwhile_is_refused_when_confirmed(self, enrolled: Offices, second: User) -> None:
        enrolled.receive(person(number=""), person(code="97101-000002", name="Lê Thị Bình", sex="Nữ", number=""))
        first = propose(enrolled, number="097042000001")
        correct(enrolled, second, about=the_person("97101-000002"), number="097042000001")
        with pytest.raises(NumberOfSomebodyElse):
            confirm_correction(correction_id=first.pk, actor=second, now=NOW, seen="Xem bản chính")

    def test_of_the_same_person_listed_elsewhere_is_shown_as_a_duplicate(self, enrolled: Offices, second: User) -> None:
        enrolled.receive(person())
        match(enrolled)
        enrolled.receive(person(code="97102-000001", number=""), commune=ELSEWHERE)
        about = the_person("97102-000001")
        correction = propose_correction(
            beneficiary_id=about.pk, asked=Asked(number="097042000001"), paper=CARD, reason="Thiếu số",
            actor=enrolled.maker, now=NOW,
        )  # fmt: skip
        confirm_correction(
            correction_id=correction.pk, actor=enrolled.officers[ELSEWHERE], now=NOW, seen="Xem bản chính"
        )
        about.refresh_from_db()
        assert (about.identity_status, about.same_as) == ("MATCHED", the_person())
        assert Case.objects.filter(kind="DUPLICATE", reason="SAME_PROGRAMME_TWICE", status="OPEN").count() == 1

    def test_that_is_nobodys_is_taken_out(self, enrolled: Offices, second: User) -> None:
        enrolled.receive(person())
        assert correct(enrolled, second, number="").number_id is None

    def test_or_name_the_civil_registry_changed_is_the_registrys(self, enrolled: Offices) -> None:
        enrolled.receive(person())
        one = the_person()
        LifeStatus.objects.create(
            beneficiary=one, name_before=one.full_name, name_now=one.full_name, number_now=one.number, settled_at=NOW
        )
        for asked in (Asked(full_name="Nguyễn Văn Ba"), Asked(number="097042000003")):
            with pytest.raises(CorrectionImpossible, match="hộ tịch"):
                propose(enrolled, asked=asked)


class TestAccounts:
    def test_in_another_name_is_asked_about_and_goes_on_being_paid(self, enrolled: Offices, second: User) -> None:
        enrolled.receive(person())
        match(enrolled)
        account = open_account(the_person(), holder="NGUYEN VAN AN")
        correct(enrolled, second, full_name="Nguyễn Văn Bân")
        account.refresh_from_db()
        assert (account.status, account.reason, account.last_credited_month) == (
            "OPENED", "NAME_CHANGED", date(2024, 5, 1),
        )  # fmt: skip
        assert Case.objects.get(kind="ACCOUNT").reason == "NAME_CHANGED"

    def test_that_waited_for_the_right_name_is_free(self, enrolled: Offices, second: User) -> None:
        enrolled.receive(person(name="Nguyễn Vân Am", number=""))
        account = open_account(
            the_person(), holder="NGUYEN VAN AN", status="OPENED", reason="NAME_MISMATCH", last_credited_month=None
        )
        correct(enrolled, second, full_name="Nguyễn Văn An", number="097042000001")
        account.refresh_from_db()
        assert (account.status, account.reason) == ("VERIFIED", "")


class TestAnOldList:
    COLUMNS = {key: heading for key, heading in ALL.items() if key != "code"}

    def test_undoes_nothing_and_says_so(self, enrolled: Offices, second: User) -> None:
        old = person(name="Nguyễn Văn Am", hamlet="Thôn 2")
        enrolled.receive(old)
        correct(enrolled, second, full_name="Nguyễn Văn An", hamlet="Thôn 3")
        again = enrolled.receive(old)
        assert (again.repeated, [error.code for _, error in again.remarks]) == (True, ["CORRECTED_SINCE"])
        more = enrolled.receive(old, person(code="97101-000002", name="Lê Thị Bình", number="097042000002"))
        assert (more.added, more.changed) == (1, 1)
        assert "CORRECTED_SINCE" in {error.code for _, error in more.remarks}
        assert the_person().full_name == "Nguyễn Văn An"

    @pytest.mark.parametrize("number", ["097042000777", ""])
    def test_without_codes_finds_its_person_by_what_stood_before(
        self, enrolled: Offices, second: User, number: str
    ) -> None:
        old = person(name="Nguyễn Văn Am", number=number)
        self.receive(enrolled, old)
        correct(enrolled, second, about=Beneficiary.objects.get(), full_name="Nguyễn Văn An", number="097042000001")
        again = self.receive(enrolled, old, person(code="", name="Lê Thị Bình", number="097042000002"))
        assert (again.added, again.known, Enrolment.objects.count()) == (1, 1, 2)

    def test_a_number_taken_back_leads_to_nobody_by_itself(self, enrolled: Offices, second: User) -> None:
        """It was typed for the wrong person: whose it is comes with the next list, and is a person of their own."""
        self.receive(enrolled, person(number="097042000002"))
        correct(enrolled, second, about=Beneficiary.objects.get(), number="097042000001")
        again = self.receive(enrolled, person(name="Lê Thị Bình", sex="Nữ", birth="1950", number="097042000002"))
        assert (again.added, Enrolment.objects.count()) == (1, 2)

    def receive(self, offices: Offices, *rows: dict[str, Any]) -> Any:
        kept = [{key: value for key, value in row.items() if key in self.COLUMNS} for row in rows]
        return offices.receive(content=table(kept, columns=self.COLUMNS))


class TestAge:
    def test_asked_about_under_a_wrong_birth_is_asked_anew(self, enrolled: Offices, second: User) -> None:
        """By the list 80 in July 2024, by the card in August."""
        enrolled.receive(person(birth="10/07/1944", number="", category="CT-60", coefficient=1.5))
        assert warn_of_ages(now=NOW) == 1
        assert Case.objects.get(kind="AGE").due_on == date(2024, 6, 30)
        correct(enrolled, second, birth="01/08/1944")
        assert Case.objects.get(kind="AGE").status == "SOLVED"
        assert warn_of_ages(now=NOW) == 1
        assert "01/08/2024" in Case.objects.get(kind="AGE", status="OPEN").evidence[0]


def test_nothing_of_a_number_stands_beside_the_sealed_one(enrolled: Offices, second: User) -> None:
    enrolled.receive(person(number=""))
    correct(enrolled, second, number="097042000001")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(c)::text FROM beneficiaries_correction c")
        assert "0970420" not in cursor.fetchone()[0]
