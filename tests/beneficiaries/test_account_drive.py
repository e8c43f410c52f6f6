"""The drive for accounts: who has none, how far each one is and what comes next; a bank is asked for the chosen alone, a wallet is known by its name."""

import io
import unicodedata

import openpyxl
import pytest

from beneficiaries.errors import NothingForThisBank, NothingToRequest, UnknownBank
from beneficiaries.models import (
    AccountOpening,
    BankAccount,
    Beneficiary,
    Case,
    IdentityRecord,
    RegistrationSlip,
    fold_hamlet,
)
from beneficiaries.parsers.account_lists import RESULT_COLUMNS
from beneficiaries.services.accounts import account_drive
from beneficiaries.services.accounts.account_drive import people_of_drive, progress_by_hamlet, visiting_sheet
from beneficiaries.services.accounts.account_files import export_openings, import_opening_results
from beneficiaries.services.accounts.banks import account_fault, account_named, bank_bin_of, number_at
from beneficiaries.services.accounts.coverage import BreakDown, coverage
from beneficiaries.services.accounts.open_accounts import note_needed, request_accounts
from beneficiaries.services.identity.match import match_people
from beneficiaries.services.intake.lists import verify_accounts
from beneficiaries.services.receiving.payees import may_sign
from tests.beneficiaries.office_files import people, person, table
from tests.beneficiaries.offices import HOME, NOW, TODAY, Offices

BANK = "970405"


@pytest.fixture
def known(offices: Offices) -> Offices:
    """Three people of 97101 without accounts: two matched in hamlet 3, one of hamlet 4 whom nobody has identified."""
    three = people(3)
    offices.know_residents(*[{"so_dinh_danh": p["number"], "ho_ten": p["name"]} for p in three[:2]])
    offices.receive(*three[:2], {**three[2], "hamlet": "Thôn 4", "number": ""})
    match_people(actor_id=offices.maker.pk, now=NOW)
    return offices


def named(name: str) -> Beneficiary:
    return Beneficiary.objects.get(full_name=name)


def ask(offices: Offices, *people: Beneficiary, way: str = "FILE") -> int:
    chosen = [one.pk for one in people]
    return request_accounts(
        unit=offices.units[HOME], bank_bin=BANK, way=way, people=chosen, actor=offices.maker, now=NOW
    ).requested


def steps(offices: Offices) -> dict[str, tuple[str, str]]:
    people = people_of_drive(unit=offices.units[HOME], on=TODAY)
    return {one.full_name[-1]: (one.step, one.to_do) for one in people}


class TestChosen:
    def test_are_asked_for_and_nobody_else(self, known: Offices) -> None:
        assert ask(known, named("Nguyễn Văn A")) == 1
        assert [one.account.beneficiary.full_name for one in AccountOpening.objects.all()] == ["Nguyễn Văn A"]
        assert BankAccount.objects.count() == 1  # nobody else is even on the list of accounts to open

    def test_twice_are_asked_for_once(self, known: Offices) -> None:
        ask(known, named("Nguyễn Văn A"))
        with pytest.raises(NothingToRequest):
            ask(known, named("Nguyễn Văn A"))

    def test_whom_nobody_identified_wait(self, known: Offices) -> None:
        with pytest.raises(NothingToRequest):
            ask(known, named("Nguyễn Văn C"))
        assert AccountOpening.objects.count() == 0

    def test_whom_the_extract_says_is_dead_is_offered_to_no_bank(self, known: Offices) -> None:
        dead = named("Nguyễn Văn A")
        IdentityRecord.objects.filter(pk=dead.identity_id).update(deceased_on=TODAY)
        first, second, _ = people_of_drive(unit=known.units[HOME], on=TODAY)
        assert (first.may_be_asked_for, second.may_be_asked_for) == (False, True)
        assert "ghi đã mất" in first.to_do and "ghi đã mất" not in second.to_do
        with pytest.raises(NothingToRequest):
            ask(known, dead)

    def test_beyond_the_unit_are_nobody(self, known: Offices) -> None:
        elsewhere = named("Nguyễn Văn A")
        with pytest.raises(NothingToRequest):
            request_accounts(
                unit=known.units["97102"], bank_bin=BANK, way="FILE", people=[elsewhere.pk], actor=known.maker, now=NOW
            )
        assert BankAccount.objects.count() == 0

    def test_who_want_cash_are_not_asked_for(self, known: Offices) -> None:
        wants = named("Nguyễn Văn A")
        RegistrationSlip.objects.create(
            beneficiary=wants, method="CASH", signed_on=TODAY, signer_kind="OWN", signer_name=wants.full_name,
            recorded_by=known.maker, recorded_at=NOW,
        )  # fmt: skip
        with pytest.raises(NothingToRequest):
            ask(known, wants)
        assert steps(known)["A"][0] == "CASH"


class TestAChild:
    """TODAY is 15/06/2024; from 15 a person signs alone. A is born as said, B in 1942."""

    @staticmethod
    def born(offices: Offices, birth: str) -> Beneficiary:
        two = people(2)
        days = [birth if len(birth) == len("15/06/2009") else "15/06/2009", "05/09/1942"]
        offices.know_residents(
            *[
                {"so_dinh_danh": p["number"], "ho_ten": p["name"], "ngay_sinh": day}
                for p, day in zip(two, days, strict=True)
            ]
        )
        offices.receive({**two[0], "birth": birth}, two[1])
        match_people(actor_id=offices.maker.pk, now=NOW)
        return named("Nguyễn Văn A")

    def test_has_no_account_asked_for_in_the_own_name(self, offices: Offices) -> None:
        child = self.born(offices, "16/06/2009")
        with pytest.raises(NothingToRequest, match=r"dưới 15 tuổi.*cha, mẹ hoặc người giám hộ"):
            ask(offices, child)
        note_needed(unit=offices.units[HOME], actor=offices.maker, now=NOW)
        asked = request_accounts(unit=offices.units[HOME], bank_bin=BANK, way="API", actor=offices.maker, now=NOW)
        assert (asked.requested, asked.identity_unclear, asked.too_young) == (1, 0, 1)
        assert not AccountOpening.objects.filter(account__beneficiary=child).exists()

    def test_is_shown_the_guardians_way(self, offices: Offices) -> None:
        child = self.born(offices, "16/06/2009")
        shown = {one.full_name: one for one in people_of_drive(unit=offices.units[HOME], on=TODAY)}
        assert "cha, mẹ hoặc người giám hộ" in shown[child.full_name].to_do
        assert [shown[f"Nguyễn Văn {one}"].may_be_asked_for for one in "AB"] == [False, True]

    @pytest.mark.parametrize("birth", ["15/06/2009", "2009"])
    def test_is_nobody_who_may_sign(self, offices: Offices, birth: str) -> None:
        """Of age today; of a birth year alone the oldest age counts."""
        grown = self.born(offices, birth)
        assert may_sign(beneficiary=grown, signer_kind="OWN", on=TODAY, signs_from_age=15) == ""
        assert ask(offices, grown) == 1


class TestTheOrder:
    def test_is_as_hamlets_are_counted(self, known: Offices) -> None:
        Beneficiary.objects.filter(full_name="Nguyễn Văn A").update(hamlet="Thôn 10")
        assert [row.hamlet for row in progress_by_hamlet(unit=known.units[HOME], on=TODAY)] == [
            "Thôn 3", "Thôn 4", "Thôn 10",
        ]  # fmt: skip
        sheet = openpyxl.load_workbook(io.BytesIO(visiting_sheet(unit=known.units[HOME], hamlet=None, on=TODAY))).active
        assert [row[1] for row in sheet.iter_rows(min_row=5, values_only=True)] == ["Thôn 3", "Thôn 4", "Thôn 10"]

    def test_of_a_sheet_too_short_for_all_says_how_many_are_left_out(
        self, known: Offices, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(account_drive, "MOST_AT_ONCE", 2)
        sheet = openpyxl.load_workbook(io.BytesIO(visiting_sheet(unit=known.units[HOME], hamlet=None, on=TODAY))).active
        assert "CÒN 1 NGƯỜI KHÔNG CÓ TRONG TỜ NÀY" in sheet.cell(3, 1).value


class TestEachOne:
    def test_is_told_the_next_step_up_to_the_first_payment(self, known: Offices) -> None:
        assert [step for step, _ in steps(known).values()] == ["NONE"] * 3
        assert steps(known)["A"][1].startswith("Chọn rồi đề nghị")
        assert steps(known)["C"][1].startswith("Đến nhà xem thẻ căn cước")
        ask(known, named("Nguyễn Văn A"), named("Nguyễn Văn B"))
        assert steps(known)["A"] == ("REQUESTED", "Tải tệp đề nghị và gửi ngân hàng.")
        sent = export_openings(unit=known.units[HOME], bank_bin=BANK, actor=known.maker, now=NOW)
        assert "nạp tệp trả lời" in steps(known)["A"][1]

        rows = list(openpyxl.load_workbook(io.BytesIO(sent)).active.iter_rows(min_row=4, values_only=True))
        opened, refused = ({"request": row[1]} for row in sorted(rows, key=lambda row: row[2]))
        opened |= {"result": "Đã mở", "number": "99001", "holder": "NGUYEN VAN A", "opened": "10/06/2024"}
        refused |= {"result": "Từ chối", "reason": "Thẻ căn cước hết hạn"}
        answer = table([opened, refused], columns=RESULT_COLUMNS)
        import_opening_results(content=answer, unit=known.units[HOME], actor=known.maker, now=NOW)
        assert steps(known)["A"] == ("OPENED", "Chờ ngân hàng xác nhận tên chủ tài khoản.")
        assert steps(known)["B"][0] == "REFUSED" and "Thẻ căn cước hết hạn" in steps(known)["B"][1]
        verify_accounts(on=TODAY)
        assert steps(known)["A"] == ("VERIFIED", "Kỳ chi tới vào tài khoản này.")
        BankAccount.objects.filter(status="VERIFIED").update(last_credited_month="2024-07-01")
        assert steps(known)["A"] == ("PAID", "Đã xong.")

    def test_is_counted_once_however_its_hamlet_is_written(self, known: Offices) -> None:
        Beneficiary.objects.filter(full_name="Nguyễn Văn A").update(hamlet="THÔN  3")
        Beneficiary.objects.filter(full_name="Nguyễn Văn C").update(hamlet=unicodedata.normalize("NFD", "thôn 3"))
        rows = progress_by_hamlet(unit=known.units[HOME], on=TODAY)
        assert [(fold_hamlet(row.hamlet), row.people) for row in rows] == [("thôn 3", 3)]
        found = people_of_drive(unit=known.units[HOME], on=TODAY, hamlet=rows[0].hamlet)
        assert [one.full_name[-1] for one in found] == ["A", "B", "C"]  # by name, the spelling does not sort
        covered = coverage(unit=known.units[HOME], on=TODAY, by=BreakDown.HAMLET, whole=True)
        assert [(row.key, row.beneficiaries) for row in covered] == [(f"{HOME}/thôn 3", 3)]

    def test_of_another_hamlet_whose_name_differs_in_a_mark_stays_there(self, known: Offices) -> None:
        for name, hamlet in (("A", "Thôn Hà"), ("B", "Thôn Hạ"), ("C", "thôn hạ")):
            Beneficiary.objects.filter(full_name=f"Nguyễn Văn {name}").update(hamlet=hamlet)
        rows = progress_by_hamlet(unit=known.units[HOME], on=TODAY)
        assert sorted((fold_hamlet(row.hamlet), row.people) for row in rows) == [("thôn hà", 1), ("thôn hạ", 2)]

    def test_is_counted_in_the_hamlet(self, known: Offices) -> None:
        ask(known, named("Nguyễn Văn A"))
        rows = progress_by_hamlet(unit=known.units[HOME], on=TODAY)
        assert [(row.hamlet, row.people, row.without, row.requested) for row in rows] == [
            ("Thôn 3", 2, 1, 1), ("Thôn 4", 1, 1, 0),
        ]  # fmt: skip

    def test_stands_on_the_sheet_for_visits_without_a_number(self, known: Offices) -> None:
        content = visiting_sheet(unit=known.units[HOME], hamlet="Thôn 3", on=TODAY)
        said = [
            str(cell)
            for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
            for cell in row
        ]
        assert "Nguyễn Văn A" in said and "Nguyễn Văn C" not in said
        assert not any(one["number"] in " ".join(said) for one in people(3))


class TestFile:
    def test_for_an_unknown_bank_is_refused_with_those_there_are(self, known: Offices) -> None:
        with pytest.raises(UnknownBank, match=r"999999.*Agribank"):
            export_openings(unit=known.province, bank_bin="999999", actor=known.maker, now=NOW)

    def test_for_a_wallet_says_who_opens_it(self, known: Offices) -> None:
        with pytest.raises(UnknownBank, match=r"Viettel Money.*tự mở"):
            of_wallet = {"bank_bin": "971005", "way": "API", "actor": known.maker, "now": NOW}
            request_accounts(unit=known.province, **of_wallet)

    def test_with_nobody_in_it_is_no_file(self, known: Offices) -> None:
        with pytest.raises(NothingForThisBank, match="Agribank"):
            export_openings(unit=known.province, bank_bin=BANK, actor=known.maker, now=NOW)


class TestWallet:
    @pytest.mark.parametrize("text", ["Viettel Money", "VIETTEL MONEY", "ViettelPay", "Ví Viettel Money", "971005"])
    def test_is_known_as_people_write_it(self, text: str) -> None:
        assert bank_bin_of(text) == "971005"

    @pytest.mark.parametrize("number", ["0981234567", "098 123 4567", "84981234567", "+84981234567", "981234567"])
    def test_number_is_the_telephones(self, number: str) -> None:
        assert account_named(bank="Viettel Money", number=number) == ("971005", "0981234567")

    def test_number_at_a_bank_is_read_without_what_people_write_between_digits(self) -> None:
        assert account_named(bank="Agribank", number="555.010-0001") == (BANK, "5550100001")

    @pytest.mark.parametrize("number", ["5550100001", "0123", "02838123456"])
    def test_number_that_is_no_telephones_is_none(self, number: str) -> None:
        assert number_at("971005", number) is None and number_at(BANK, number) == number

    @pytest.mark.parametrize(
        ("bank", "number", "code"),
        [
            ("Ví điện tử ABC", "0981234567", "WALLET_UNKNOWN"),
            ("ZaloPay", "0981234567", "WALLET_UNKNOWN"),
            ("Ngân hàng Việt Nhà", "1234567", "BANK_UNKNOWN"),
            ("Viettel Money", "1234567", "WALLET_NUMBER"),
            ("Agribank", "9.79713E+12", "ACCOUNT_NUMBER"),
            ("Agribank", "chưa có", "ACCOUNT_NUMBER"),
            ("Viettel Money", "0981234567", None),
            ("Viettel Money", "", None),
        ],
    )
    def test_of_a_list_is_kept_or_asked_about_by_its_own_case(
        self, offices: Offices, bank: str, number: str, code: str | None
    ) -> None:
        fault = account_fault(bank=bank, number=number)
        assert (fault.code if fault else None) == code
        intake = offices.receive(person(account=number, bank=bank))
        assert intake.added == 1
        assert [case.reason for case in Case.objects.filter(kind="ACCOUNT")] == ([code] if code else [])
        kept = [(one.bank_bin, one.status) for one in BankAccount.objects.all()]
        assert kept == ([("971005", "OPENED")] if number and code is None else [])
