"""Taking in a ward's list: counted once by content, every row kept as received, a bad row stops nobody else."""

import json
import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from beneficiaries.models import BankAccount, Beneficiary, Decision, Enrolment, ReceivedFile, RegistryRow
from beneficiaries.services.identity.match import match_people
from beneficiaries.services.intake.receive import ROW
from staff.encryption import unseal
from tests.beneficiaries.office_files import people, person, registry_file
from tests.beneficiaries.offices import ELSEWHERE, HOME, NOW, Offices, the_person

# Each in a column of its own, so that a row can be wrong in one place only: (column, what was typed, code of the error).
FATAL = [
    ("code", None, "CODE_MISSING"),
    ("code", "9" * 31, "TOO_LONG"),
    ("name", "   ", "NAME_MISSING"),
    ("name", "Ă" * 101, "TOO_LONG"),
    ("sex", "khác", "SEX_UNREADABLE"),
    ("coefficient", "một rưỡi", "COEFFICIENT_UNREADABLE"),
    ("coefficient", "0,001", "COEFFICIENT_UNREADABLE"),
    ("starts", "quý 2", "START_UNREADABLE"),
    ("paid_through", "hết quý", "PAID_THROUGH_UNREADABLE"),
    ("category", "KHONG-CO", "CATEGORY_UNKNOWN"),
    ("programme", "NCC", "CATEGORY_UNKNOWN"),
    ("decision_number", "9" * 61, "TOO_LONG"),
]
REMARKS = [
    ("birth", "không rõ", "BIRTH_UNREADABLE"),
    ("birth", "5/9/20", "BIRTH_UNREADABLE"),  # of 1920 or of 2020
    ("birth", "31/06/20", "BIRTH_UNREADABLE"),
    ("birth", "9/1942", "BIRTH_YEAR_ONLY"),
    ("birth", "25/9/42", "BIRTH_READ_OTHERWISE"),
    ("birth", 1942, "BIRTH_YEAR_ONLY"),
    ("number", None, "NUMBER_MISSING"),
    ("number", "1.23E+11", "NUMBER_UNREADABLE"),
    ("number", "012345678", "NUMBER_OLD_CARD"),
    ("decision_date", None, "DECISION_MISSING"),
    ("decision_date", "40/05/2024", "DECISION_DATE_UNREADABLE"),
    ("decision_date", "00/00/2015", "DECISION_DATE_UNREADABLE"),
    ("starts", "08/2090", "STARTS_LATE"),
    ("paid_through", "12/2090", "PAID_AHEAD"),
    ("payee_relation", "Người giám hộ", "PAYEE_UNCLEAR"),
]


def _errors(row_number: int) -> list[dict[str, str]]:
    errors: list[dict[str, str]] = RegistryRow.objects.get(row_number=row_number).errors
    return errors


class TestSameContent:
    def test_counts_once_when_it_is_sent_twice(
        self, offices: Offices, count_rows: Callable[[], dict[str, int]]
    ) -> None:
        offices.receive(*people(5))
        before = count_rows()
        again = offices.receive(*people(5))
        assert (again.repeated, again.added, count_rows()) == (True, 0, before)

    @pytest.mark.parametrize("seed", range(3))
    def test_counts_once_in_another_order_of_rows(
        self, offices: Offices, count_rows: Callable[[], dict[str, int]], seed: int
    ) -> None:
        rows = people(8)
        offices.receive(*rows)
        before = count_rows()
        again = offices.receive(*random.Random(seed).sample(rows, len(rows)))
        assert (again.repeated, count_rows()) == (True, before)

    def test_counts_once_in_another_file_with_other_titles(
        self, offices: Offices, count_rows: Callable[[], dict[str, int]]
    ) -> None:
        offices.receive(*people(3))
        before = count_rows()
        again = offices.receive(content=registry_file(people(3), title="DANH SÁCH GỬI LẠI"))
        assert (again.repeated, count_rows()) == (True, before)

    def test_with_one_person_more_adds_only_that_one(self, offices: Offices) -> None:
        offices.receive(*people(3))
        more = offices.receive(*people(4))
        assert (more.repeated, more.known, more.added) == (False, 3, 1)
        assert Enrolment.objects.count() == Beneficiary.objects.count() == 4

    def test_is_told_apart_from_content_that_differs_in_one_cell(self, offices: Offices) -> None:
        offices.receive(*people(2))
        assert not offices.receive(people(2)[0], {**people(2)[1], "hamlet": "Thôn 4"}).repeated


class TestBirth:
    @pytest.mark.parametrize(
        ("written", "full", "year"),
        [
            ("9/1942", None, 1942),
            ("31/06/1942", None, 1942),
            ("5/9/42", date(1942, 9, 5), 1942),
            ("9/25/1942", date(1942, 9, 25), 1942),
            ("15224", date(1941, 9, 5), 1941),
            ("5/9/20", None, None),
            ("31/06/20", None, None),
            ("25/13/20", None, None),
            ("cuối năm", None, None),
        ],
    )
    def test_is_what_can_be_read_of_it_and_never_a_guess(
        self, offices: Offices, written: str, full: date | None, year: int | None
    ) -> None:
        offices.receive(person(birth=written))
        assert (the_person().birth_date, the_person().birth_year) == (full, year)

    def test_read_otherwise_makes_no_other_file_and_no_other_person(self, offices: Offices) -> None:
        offices.receive(person(birth="9/1942"))
        assert offices.receive(person(birth="9/1942")).repeated
        assert offices.receive(person(birth="9/1942"), people(2)[1]).added == 1

    def test_that_gives_the_year_lets_the_number_prove_who_it_is(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(person(birth="31/09/1942"))
        assert match_people(actor_id=offices.maker.pk, now=NOW).matched == 1


class TestKnownCode:
    def test_is_not_touched_by_a_changed_row(self, offices: Offices) -> None:
        offices.receive(person())
        changed = person(coefficient=2.5, starts="01/2020", name="Người Khác", account="111222333", bank="Agribank")
        intake = offices.receive(changed)
        enrolment = Enrolment.objects.get()
        assert (intake.added, intake.known) == (0, 1)
        assert (enrolment.coefficient, enrolment.starts_month) == (Decimal("1.00"), date(2023, 4, 1))
        assert the_person().full_name == "Nguyễn Văn An"
        assert (BankAccount.objects.count(), Decision.objects.count()) == (0, 1)

    def test_keeps_what_was_sent_all_the_same(self, offices: Offices) -> None:
        offices.receive(person())
        offices.receive(person(coefficient=2.5))
        assert RegistryRow.objects.count() == ReceivedFile.objects.count() == 2

    def test_that_stands_twice_in_one_file_is_taken_in_once_and_named(self, offices: Offices) -> None:
        intake = offices.receive(person(), person(name="Trần Thị Hai", number="097042000002"))
        assert (intake.added, intake.rejected) == (1, 1)
        assert [error["code"] for error in _errors(4)] == ["CODE_REPEATED"]

    def test_is_taken_in_when_it_comes_corrected(self, offices: Offices) -> None:
        offices.receive(person(sex="?"))
        assert offices.receive(person()).added == 1


class TestBadRow:
    @pytest.mark.parametrize(("column", "typed", "code"), FATAL)
    def test_is_kept_out_with_its_reason_and_stops_nobody_else(
        self, offices: Offices, column: str, typed: Any, code: str
    ) -> None:
        rows = people(5)
        rows[2] = {**rows[2], column: typed}
        intake = offices.receive(*rows)
        assert (intake.rows, intake.added, intake.rejected) == (5, 4, 1)
        assert code in [error["code"] for error in _errors(5)]
        assert Enrolment.objects.count() == 4

    @pytest.mark.parametrize(("column", "typed", "code"), REMARKS)
    def test_whose_fault_is_no_ground_to_withhold_money_is_taken_in_with_a_remark(
        self, offices: Offices, column: str, typed: Any, code: str
    ) -> None:
        intake = offices.receive(person(**{column: typed}))
        assert (intake.added, intake.rejected) == (1, 0)
        assert [(row, error.code) for row, error in intake.remarks] == [(3, code)]

    @pytest.mark.parametrize(
        ("number", "says"),
        [
            ("097142000001", "Số thứ 4 của số định danh không hợp với giới tính hoặc thế kỷ sinh"),
            ("097043000001", "Số thứ 6 của số định danh không hợp với năm sinh"),
            ("097024000001", "Số thứ 5 và thứ 6 của số định danh không hợp với năm sinh"),
            ("999042000001", "Ba số đầu của số định danh không phải mã tỉnh hay mã nước nào"),
            ("000000000000", "Các chữ số của số định danh giống nhau"),
        ],
    )
    def test_with_a_number_that_hardly_is_theirs_says_which_digit(
        self, offices: Offices, number: str, says: str
    ) -> None:
        intake = offices.receive(person(number=number))
        ((_, remark),) = intake.remarks
        assert (intake.added, remark.code) == (1, "NUMBER_DOUBTFUL")
        assert remark.sentence.startswith(says)
        assert number[3:6] not in remark.sentence

    def test_born_or_decided_in_the_future_is_named(self, offices: Offices) -> None:
        intake = offices.receive(person(birth="05/09/2091", number=None, decision_date="06/09/2091"))
        codes = {error.code for _, error in intake.remarks}
        assert {"BIRTH_IN_FUTURE", "DECISION_IN_FUTURE"} <= codes

    def test_is_named_by_its_row_in_the_spreadsheet_and_by_its_column(self, offices: Offices) -> None:
        offices.receive(person(), person(code="97101-000002", sex="x"))
        (error,) = _errors(4)
        assert error["column"] == "Giới tính"
        assert error["sentence"] == "Giới tính phải là Nam hoặc Nữ."

    def test_with_five_faults_names_all_five(self, offices: Offices) -> None:
        offices.receive(person(birth="?", sex="?", number="?", coefficient="?", starts="?"))
        assert [error["column"] for error in _errors(3)] == [
            "Ngày sinh",
            "Giới tính",
            "Số định danh cá nhân/CMND",
            "Hệ số",
            "Hưởng từ tháng",
        ]

    def test_is_kept_as_received_and_its_errors_hold_no_value_of_it(self, offices: Offices) -> None:
        offices.receive(person(sex="bí mật", number="097042000009x", coefficient="97,9999"))
        kept = RegistryRow.objects.get()
        assert kept.rejected
        assert kept.enrolment is None
        assert not {"bí mật", "097042000009", "97,9999"} & set(json.dumps(kept.errors, ensure_ascii=False).split('"'))


class TestRow:
    def test_opens_again_as_it_was_received(self, offices: Offices) -> None:
        offices.receive(person(name="  NGUYỄN  văn an ", coefficient="1,5"))
        raw = json.loads(unseal(RegistryRow.objects.get().sealed, purpose=ROW))
        assert (raw["name"], raw["coefficient"], raw["number"]) == ("NGUYỄN  văn an", "1,5", "097042000001")

    def test_points_to_the_enrolment_it_became(self, offices: Offices) -> None:
        offices.receive(person())
        assert RegistryRow.objects.get().enrolment == Enrolment.objects.get()

    def test_becomes_person_enrolment_and_decision(self, offices: Offices) -> None:
        offices.receive(person())
        enrolment, decision = Enrolment.objects.get(), Decision.objects.get()
        assert (enrolment.starts_month, enrolment.paid_through_month) == (date(2023, 4, 1), date(2024, 6, 1))
        assert (decision.kind, decision.number, decision.signed_on, decision.effective_month) == (
            "GRANT", "12/QĐ-UBND", date(2023, 3, 15), date(2023, 4, 1),
        )  # fmt: skip
        assert (the_person().birth_date, the_person().sex, the_person().identity_status) == (
            date(1942, 9, 5),
            "MALE",
            "UNCHECKED",
        )

    @pytest.mark.parametrize(
        ("by", "reason", "credited"), [("97", "", date(2024, 6, 1)), (HOME, "ACCOUNT_PENDING", None)]
    )
    def test_with_an_account_is_proof_only_from_who_may_take_over(
        self, offices: Offices, by: str, reason: str, credited: date | None
    ) -> None:
        offices.receive(person(account="555 010 0001", bank="Agribank"), by=by)
        account = BankAccount.objects.get()
        assert (account.bank_bin, account.status, account.source) == ("970405", "OPENED", "REGISTRY")
        assert (account.reason, account.last_credited_month) == (reason, credited)

    def test_without_clear_payee_pays_the_beneficiary(self, offices: Offices) -> None:
        offices.receive(person(payee_relation="hàng xóm", payee_name="Trần Văn Bảy"))
        assert Enrolment.objects.get().payee_kind == "OWN"

    def test_with_a_guardian_names_them(self, offices: Offices) -> None:
        offices.receive(person(payee_relation="Người giám hộ", payee_name="Trần Thị  Bảy"))
        enrolment = Enrolment.objects.get()
        assert (enrolment.payee_kind, enrolment.payee_name) == ("GUARDIAN", "Trần Thị Bảy")


class TestPerson:
    def test_with_two_enrolments_under_one_number_is_one(self, offices: Offices) -> None:
        offices.receive(person(), person(code="97101-000002", programme="NCC", category="TB-1", name="NGUYEN VAN AN"))
        assert (Beneficiary.objects.count(), Enrolment.objects.count()) == (1, 2)

    def test_of_the_same_name_with_another_number_is_another(self, offices: Offices) -> None:
        offices.receive(person(), person(code="97101-000002", number="097042000002"))
        assert Beneficiary.objects.count() == 2

    def test_without_a_number_is_never_merged_with_a_namesake(self, offices: Offices) -> None:
        offices.receive(person(number=""), person(code="97101-000002", number=""))
        assert Beneficiary.objects.count() == 2

    def test_is_known_again_in_a_later_file(self, offices: Offices) -> None:
        offices.receive(person())
        offices.receive(person(code="97101-000002", programme="NCC", category="TB-1"))
        assert Beneficiary.objects.count() == 1

    def test_under_many_codes_is_one_person_whom_no_row_leaves_out_and_who_gets_no_further_code(
        self, offices: Offices
    ) -> None:
        """Which code decisions and accounts name, no list says: all are taken in, and matching asks. Another one later is none."""
        intake = offices.receive(*[person(code=f"97101-{n:06d}") for n in range(14)])
        assert (intake.added, intake.rejected, Beneficiary.objects.count()) == (14, 0, 1)
        assert [error.code for _, error in intake.remarks].count("PERSON_REPEATED") == 13
        again = offices.receive(person(code="97101-000099"))
        assert (again.added, "PERSON_HAS_ANOTHER_CODE" in {error.code for _, error in again.remarks}) == (0, True)

    def test_in_another_commune_is_taken_in_and_shown(self, offices: Offices) -> None:
        offices.receive(person())
        intake = offices.receive(person(code="97102-000001"), commune=ELSEWHERE)
        assert (intake.added, {error.code for _, error in intake.remarks}) == (1, {"RECEIVES_ELSEWHERE"})


class TestEmptyList:
    def test_with_headings_and_no_people_adds_nobody(self, offices: Offices) -> None:
        assert offices.receive().rows == 0
        assert Enrolment.objects.count() == 0


class TestAnotherCommune:
    def test_has_its_own_list(self, offices: Offices) -> None:
        offices.receive(*people(2), commune=HOME)
        offices.receive(person(code="97102-000001", number="097042000055"), commune=ELSEWHERE)
        assert Enrolment.objects.filter(unit__code=HOME).count() == 2
        assert Enrolment.objects.filter(unit__code=ELSEWHERE).count() == 1

    def test_can_not_take_a_code_that_is_ours(self, offices: Offices) -> None:
        offices.receive(person(), commune=HOME)
        intake = offices.receive(person(name="Trần Văn Bảy"), person(code="97102-000001"), commune=ELSEWHERE)
        assert (intake.added, intake.rejected) == (1, 1)
        assert [error.code for _, error in intake.remarks] == ["CODE_OF_ANOTHER_UNIT", "RECEIVES_ELSEWHERE"]
        assert the_person().full_name == "Nguyễn Văn An"
