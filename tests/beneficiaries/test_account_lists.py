"""Banks' lists of accounts: linked to people, compared by name with whoever is to receive, verified only without doubt."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from beneficiaries.models import AccountNumber, BankAccount, Beneficiary
from beneficiaries.services.identity.match import match_people
from beneficiaries.services.intake.lists import NOT_A_CHILD, ListIntake, import_accounts, verify_accounts
from staff.errors import NotAllowed
from tests.beneficiaries.office_files import account_file, person
from tests.beneficiaries.offices import ELSEWHERE, HOME, NOW, TODAY, Offices

AGRIBANK, VIETCOMBANK = "970405", "970436"


def deliver(offices: Offices, *rows: dict[str, Any], bank_bin: str = AGRIBANK) -> ListIntake:
    """The bank's list, taken in by the province's maker."""
    return import_accounts(
        content=account_file(*rows), bank_bin=bank_bin, unit=offices.province, actor=offices.maker, now=NOW
    )


def the_account() -> BankAccount:
    return BankAccount.objects.get()


@pytest.fixture
def known(offices: Offices) -> Offices:
    """Nguyễn Văn An is on the list of 97101, and matched."""
    offices.know_residents({})
    offices.receive(person())
    match_people(actor_id=offices.maker.pk, now=NOW)
    return offices


class TestHolderName:
    @pytest.mark.parametrize("holder", ["NGUYEN VAN AN", "Nguyễn Văn An", "NGUYEN  VAN AN", "NGUYENVAN AN"])
    def test_is_compared_without_marks_case_and_spacing(self, known: Offices, holder: str) -> None:
        deliver(known, {"holder": holder})
        assert (the_account().status, the_account().reason) == ("OPENED", "")

    @pytest.mark.parametrize("holder", ["NGUYEN VAN ANH", "TRAN THI BAY", ""])
    def test_of_somebody_else_is_a_mismatch(self, known: Offices, holder: str) -> None:
        deliver(known, {"holder": holder})
        assert (the_account().status, the_account().reason) == ("OPENED", "NAME_MISMATCH")

    @pytest.mark.parametrize("relation", ["Mẹ", "cha, mẹ", "BỐ"])
    def test_of_a_parent_is_right_for_a_child(self, offices: Offices, relation: str) -> None:
        child = {"birth": "20/06/2006", "number": "097206000001", "payee_relation": "Mẹ", "payee_name": "Trần Thị Bảy"}
        offices.receive(person(**child))

        assert deliver(offices, {"holder": "TRAN THI BAY", "holder_kind": relation}).problems == []
        assert (the_account().holder_kind, the_account().reason) == ("PARENT", "")

    @pytest.mark.parametrize("birth", ["15/06/2006", "2005", "05/09/1942"])
    def test_of_a_parent_is_refused_for_who_is_of_age(self, offices: Offices, birth: str) -> None:
        offices.receive(person(birth=birth, number=""))

        intake = deliver(offices, {"holder": "TRAN THI BAY", "holder_kind": "Mẹ"})

        assert (intake.problems, BankAccount.objects.count()) == ([f"Dòng 3: {NOT_A_CHILD}"], 0)

    def test_of_a_parent_is_taken_for_who_may_still_be_a_child(self, offices: Offices) -> None:
        """Born some day of the year: the day they are of age may still come."""
        offices.receive(person(birth="2006", number="", payee_relation="Mẹ", payee_name="Trần Thị Bảy"))

        assert deliver(offices, {"holder": "TRAN THI BAY", "holder_kind": "Mẹ"}).applied == 1

    @pytest.mark.parametrize("relation", ["Người giám hộ", "Người được ủy quyền", "Người chăm sóc"])
    def test_of_the_one_who_receives_instead_is_right(self, offices: Offices, relation: str) -> None:
        offices.receive(person(payee_relation=relation, payee_name="Trần Thị Bảy"))
        deliver(offices, {"holder": "TRAN THI BAY", "holder_kind": relation})
        assert the_account().reason == ""

    def test_of_the_beneficiary_is_wrong_on_an_account_said_to_be_the_guardians(self, offices: Offices) -> None:
        offices.receive(person(payee_relation="Người giám hộ", payee_name="Trần Thị Bảy"))
        deliver(offices, {"holder": "NGUYEN VAN AN", "holder_kind": "Người giám hộ"})
        assert the_account().reason == "NAME_MISMATCH"


class TestDelivery:
    def test_keeps_bank_day_and_holder(self, known: Offices) -> None:
        deliver(known, {})
        account = the_account()
        assert (account.bank_bin, account.source, account.opened_on, account.holder_kind) == (
            AGRIBANK,
            "BANK",
            date(2024, 6, 1),
            "OWN",
        )

    def test_of_a_closed_account_says_so(self, known: Offices) -> None:
        deliver(known, {"state": "Đã đóng"})
        assert (the_account().status, the_account().reason) == ("CLOSED", "ACCOUNT_CLOSED")

    def test_naming_another_holder_than_the_one_confirmed_ends_what_was_credited_before(self, known: Offices) -> None:
        deliver(known, {})
        BankAccount.objects.update(
            status="VERIFIED", cause="VERIFY", verified_on=TODAY, last_credited_month="2024-06-01"
        )
        deliver(known, {"holder": "LE VAN KHAC"})
        account = the_account()
        assert (account.status, account.reason, account.last_credited_month) == ("OPENED", "NAME_MISMATCH", None)

    def test_counts_once_by_content(self, known: Offices, count_rows: Callable[[], dict[str, int]]) -> None:
        deliver(known, {}, {"number": "5550100002"})
        before = count_rows()
        again = deliver(known, {"number": "5550100002"}, {})
        assert (again.repeated, again.applied, count_rows()) == (True, 0, before)

    def test_with_the_same_account_twice_keeps_one(self, known: Offices) -> None:
        deliver(known, {}, {"opened": "02/06/2024"})
        assert BankAccount.objects.count() == AccountNumber.objects.count() == 1

    def test_of_the_same_number_at_two_banks_is_two_accounts(self, known: Offices) -> None:
        deliver(known, {})
        deliver(known, {"opened": "02/06/2024"}, bank_bin=VIETCOMBANK)
        assert BankAccount.objects.count() == AccountNumber.objects.count() == 2

    def test_tells_the_bank_of_an_account_the_ward_already_paid_into(self, offices: Offices) -> None:
        offices.receive(person(account="5550100001", bank="Agribank"), by="97")
        deliver(offices, {})
        assert (the_account().source, the_account().opened_on, the_account().last_credited_month) == (
            "BANK",
            date(2024, 6, 1),
            date(2024, 6, 1),
        )

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            ({"number": ""}, "Dòng 3: cột “Số tài khoản”: để trống; mời ghi"),
            ({"holder_kind": "hàng xóm"}, "Dòng 3: cột “Loại chủ tài khoản”: chỉ có chữ; mời ghi một trong: Chính chủ"),
            ({"code": "97101-999999"}, "Dòng 3: cột “Mã hồ sơ hưởng”: không có hồ sơ này trên địa bàn"),
        ],
    )
    def test_with_a_bad_row_names_it_and_takes_the_rest(
        self, known: Offices, row: dict[str, str], problem: str
    ) -> None:
        intake = deliver(known, row, {})
        assert (intake.applied, BankAccount.objects.count()) == (1, 1)
        assert [sentence.startswith(problem) for sentence in intake.problems] == [True]

    def test_for_one_commune_does_not_find_the_people_of_another(self, known: Offices) -> None:
        elsewhere = known.units[ELSEWHERE]
        intake = import_accounts(
            content=account_file({}), bank_bin=AGRIBANK, unit=elsewhere, actor=known.maker, now=NOW
        )
        assert intake.problems == ["Dòng 3: cột “Mã hồ sơ hưởng”: không có hồ sơ này trên địa bàn; mời kiểm tra mã."]
        assert not BankAccount.objects.exists()

    @pytest.mark.parametrize("officer", [HOME, ELSEWHERE])
    def test_is_refused_to_commune_officers(self, known: Offices, officer: str) -> None:
        with pytest.raises(NotAllowed):
            import_accounts(
                content=account_file({}),
                bank_bin=AGRIBANK,
                unit=known.units[HOME],
                actor=known.officers[officer],
                now=NOW,
            )
        assert not BankAccount.objects.exists()

    def test_that_came_too_early_may_come_again(self, offices: Offices) -> None:
        assert deliver(offices, {}).problems
        offices.receive(person())
        again = deliver(offices, {})
        assert (again.repeated, again.applied, BankAccount.objects.count()) == (False, 1, 1)

    def test_of_the_same_rows_by_another_bank_is_another_list(self, known: Offices) -> None:
        deliver(known, {})
        assert not deliver(known, {}, bank_bin=VIETCOMBANK).repeated


class TestSecondDelivery:
    """The bank's newest word on an account it named before; what money that came back taught us stands above it."""

    def test_that_says_closed_ends_a_verified_account(self, known: Offices) -> None:
        deliver(known, {})
        verify_accounts(on=TODAY)
        deliver(known, {"state": "Đã đóng"})
        assert (the_account().status, the_account().reason) == ("CLOSED", "ACCOUNT_CLOSED")

    def test_with_the_right_name_heals_a_mismatch(self, known: Offices) -> None:
        deliver(known, {"holder": "TRAN THI BAY"})
        deliver(known, {})
        verify_accounts(on=TODAY)
        assert (the_account().status, the_account().holder_name) == ("VERIFIED", "NGUYEN VAN AN")

    def test_with_another_holder_is_verified_no_longer(self, known: Offices) -> None:
        deliver(known, {})
        verify_accounts(on=TODAY)
        deliver(known, {"holder": "TRAN THI BAY"})
        assert (the_account().status, the_account().reason) == ("OPENED", "NAME_MISMATCH")

    def test_that_says_the_same_leaves_a_verified_account_alone(self, known: Offices) -> None:
        deliver(known, {})
        verify_accounts(on=TODAY)
        deliver(known, {"opened": "05/06/2024"})
        assert (the_account().status, the_account().verified_on) == ("VERIFIED", TODAY)

    @pytest.mark.parametrize("reason", ["INVALID_ACCOUNT", "ACCOUNT_BLOCKED", "RETURNED", "DECLINED"])
    def test_does_not_talk_away_money_that_came_back(self, known: Offices, reason: str) -> None:
        deliver(known, {})
        BankAccount.objects.update(reason=reason)
        deliver(known, {"opened": "05/06/2024"})
        assert (the_account().status, the_account().reason) == ("OPENED", reason)


class TestVerify:
    def test_makes_a_matched_persons_account_verified_once(self, known: Offices) -> None:
        deliver(known, {})
        assert [verify_accounts(on=TODAY), verify_accounts(on=TODAY)] == [1, 0]
        assert (the_account().status, the_account().verified_on) == ("VERIFIED", TODAY)

    @pytest.mark.parametrize("status", ["REVIEW", "NOT_FOUND", "CONFLICT", "UNCHECKED"])
    def test_leaves_an_account_open_while_the_identity_is_in_doubt(self, known: Offices, status: str) -> None:
        Beneficiary.objects.update(identity_status=status, identity=None)
        deliver(known, {})
        assert verify_accounts(on=TODAY) == 0
        assert (the_account().status, the_account().reason) == ("OPENED", "IDENTITY_CHECK")

    def test_follows_once_the_doubt_is_gone(self, offices: Offices) -> None:
        offices.receive(person())
        deliver(offices, {})
        verify_accounts(on=TODAY)
        offices.know_residents({})
        match_people(actor_id=offices.maker.pk, now=NOW)
        assert verify_accounts(on=TODAY) == 1
        assert the_account().reason == ""

    @pytest.mark.parametrize("row", [{"holder": "TRAN THI BAY"}, {"state": "Đã đóng"}])
    def test_never_touches_a_closed_account_or_one_in_another_name(self, known: Offices, row: dict[str, str]) -> None:
        deliver(known, row)
        assert verify_accounts(on=TODAY) == 0

    def test_needs_the_banks_own_word_that_the_account_is_open(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(person(account="5550100001", bank="Agribank"))
        match_people(actor_id=offices.maker.pk, now=NOW)
        assert verify_accounts(on=TODAY) == 0
