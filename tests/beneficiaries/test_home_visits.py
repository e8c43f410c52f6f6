"""The visiting sheet comes back: seen before it is written, wrong rows back with reasons, once however often it comes. Nobody is stopped by it."""

import io
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.test import Client

from beneficiaries.errors import NothingToRequest
from beneficiaries.errors.files import FileUnreadable
from beneficiaries.errors.visits import VisitsChanged
from beneficiaries.models import AccountOpening, BankAccount, Beneficiary, Case, Enrolment, HomeVisit, RegistrationSlip
from beneficiaries.parsers.visits import LABELS
from beneficiaries.services.accounts.account_drive import people_of_drive, visiting_sheet
from beneficiaries.services.accounts.home_visits import VisitsIntake, look_at_visits, take_visits, visits_with_reasons
from beneficiaries.services.accounts.open_accounts import note_needed, request_accounts
from beneficiaries.services.identity.match import match_people
from staff.errors import NotAllowed
from tests.beneficiaries.office_files import people
from tests.beneficiaries.offices import ELSEWHERE, HOME, NOW, TODAY, Offices

BANK = "970405"
DAY = "14/06/2024"
FIRST_ROW = 5  # under the heading


@pytest.fixture
def known(offices: Offices) -> Offices:
    """Nguyễn Văn A to G of 97101 without accounts, all identified."""
    seven = people(7)
    offices.know_residents(*[{"so_dinh_danh": p["number"], "ho_ten": p["name"]} for p in seven])
    offices.receive(*seven)
    match_people(actor_id=offices.maker.pk, now=NOW)
    return offices


def sheet(offices: Offices, **rows: dict[str, Any]) -> bytes:
    """Our own sheet, filled in: by the last letter of a name, heading → what was written."""
    book = openpyxl.load_workbook(io.BytesIO(visiting_sheet(unit=offices.units[HOME], hamlet=None, on=TODAY)))
    table = book.active
    headings = {cell.value: cell.column for cell in table[FIRST_ROW - 1]}
    at = {table.cell(row, headings["Họ và tên"]).value[-1]: row for row in range(FIRST_ROW, table.max_row + 1)}
    for letter, said in rows.items():
        for heading, value in said.items():
            table.cell(at[letter], headings[heading]).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def heard(outcome: str, **more: str) -> dict[str, str]:
    names = {
        "bank": "Ngân hàng, ví",
        "number": "Số tài khoản (nếu đã có)",
        "said": "Lý do, ghi chú",
        "signed": "Đã ký phiếu (x)",
    }
    return {"Kết quả": outcome, "Ngày đến": DAY} | {names[key]: value for key, value in more.items()}


def every_outcome(offices: Offices) -> bytes:
    return sheet(
        offices,
        A=heard("Đồng ý mở", bank="Agribank"),
        B=heard("Đã có tài khoản", bank="Viettel Money", number="0981234567", signed="x"),
        C=heard("Nhận tiền mặt", signed="x"),
        D=heard("Từ chối", said="Ở xa ngân hàng, sợ mất phí"),
        E=heard("Không gặp"),
        F=heard("Đã chuyển đi", said="theo con"),
        G=heard("Đã mất", said="hàng xóm nói, số 097042000007"),
    )


def take(offices: Offices, content: bytes, **more: Any) -> VisitsIntake:
    return take_visits(content=content, unit=offices.units[HOME], actor=offices.officers[HOME], now=NOW, **more)


def look(offices: Offices, content: bytes) -> VisitsIntake:
    return look_at_visits(content=content, unit=offices.units[HOME], actor=offices.officers[HOME], now=NOW)


def drive(offices: Offices) -> dict[str, Any]:
    return {one.full_name[-1]: one for one in people_of_drive(unit=offices.units[HOME], on=TODAY)}


def test_the_sheet_and_the_record_say_the_same_words() -> None:
    assert dict(HomeVisit.Outcome.choices) == LABELS


class TestASheet:
    def test_goes_where_each_answer_belongs(self, known: Offices) -> None:
        taken = take(known, every_outcome(known))
        assert (taken.rows, taken.taken, taken.problems) == (7, 7, [])
        shown = drive(known)
        assert shown["A"].visit_label == "Đến nhà 14/06/2024: đồng ý mở ở Agribank" and shown["A"].is_wished
        assert shown["B"].step == "OPENED" and BankAccount.objects.get().beneficiary.full_name == "Nguyễn Văn B"
        assert shown["C"].step == "CASH"
        assert "Ở xa ngân hàng" in shown["D"].visit_label and not shown["D"].is_wished
        assert shown["E"].to_do == "Chưa gặp: đến lại."
        asked = {(case.kind, case.reason): case.evidence for case in Case.objects.filter(reason__startswith="VISIT")}
        assert set(asked) == {("MOVE", "VISIT_SAYS_MOVED"), ("DECEASED", "VISIT_SAYS_DIED")}
        assert "…007" in asked["DECEASED", "VISIT_SAYS_DIED"][0] and "097042000007" not in str(asked)
        live = Enrolment.objects.filter(ended_month__isnull=True, suspended_month__isnull=True)
        assert live.count() == 7  # a word at a door stops nobody

    def test_that_is_looked_at_writes_nothing_and_says_what_taking_it_does(self, known: Offices) -> None:
        content = every_outcome(known)
        before = look(known, content)
        assert (before.taken, before.outcomes["Không gặp"]) == (7, 1)
        assert not HomeVisit.objects.exists() and not RegistrationSlip.objects.exists() and not Case.objects.exists()
        after = take(known, content, seen=before.digest)
        assert after == before

    def test_that_would_do_another_thing_by_now_is_refused(self, known: Offices) -> None:
        content = every_outcome(known)
        seen = look(known, content).digest
        take(known, sheet(known, A=heard("Đồng ý mở", bank="Agribank")))
        with pytest.raises(VisitsChanged):
            take(known, content, seen=seen)
        assert HomeVisit.objects.count() == 1

    def test_twice_is_taken_once(self, known: Offices) -> None:
        content = every_outcome(known)
        take(known, content)
        again = take(known, content)
        assert (again.taken, again.repeated, again.problems) == (0, 7, [])
        assert RegistrationSlip.objects.count() == 2 and BankAccount.objects.count() == 1

    def test_put_right_in_its_account_number_is_taken_and_said_again_is_not(self, known: Offices) -> None:
        def told(number: str) -> bytes:
            return sheet(known, B=heard("Đã có tài khoản", bank="Agribank", number=number, signed="x"))

        wrong, right = told("1500200300400"), told("1500 2003 00499")
        take(known, wrong)
        put_right = take(known, right)
        assert (put_right.taken, put_right.repeated, put_right.problems) == (1, 0, [])
        assert BankAccount.objects.filter(beneficiary__full_name="Nguyễn Văn B").count() == 2
        assert [take(known, one).repeated for one in (right, wrong, right)] == [1, 1, 1]
        assert BankAccount.objects.count() == 2 and HomeVisit.objects.count() == 1

    def test_of_who_has_a_record_in_another_commune_too_comes_back(self, offices: Offices) -> None:
        (one,) = people(1)
        offices.know_residents({"so_dinh_danh": one["number"], "ho_ten": one["name"]})
        offices.receive(one)
        offices.receive({**one, "code": "96001-000001"}, commune=ELSEWHERE)  # before the own code in the alphabet
        match_people(actor_id=offices.maker.pk, now=NOW)
        assert drive(offices)["A"].record == one["code"]
        for code in (one["code"], "96001-000001"):  # as sheets were printed that are still out
            taken = take(offices, sheet(offices, A=heard("Từ chối", said=f"theo mã {code}") | {"Mã hồ sơ": code}))
            assert (taken.taken, taken.problems) == (1, [])
        assert set(HomeVisit.objects.values_list("beneficiary__unit__code", flat=True)) == {HOME}
        beyond = sheet(offices, A=heard("Đã mất"))
        there = take_visits(content=beyond, unit=offices.units[ELSEWHERE], actor=offices.officers[ELSEWHERE], now=NOW)
        assert there.taken == 0 and "không có hồ sơ này" in there.problems[0][1]

    def test_with_a_letter_no_database_keeps_is_refused_as_a_file(self, known: Offices) -> None:
        head = "Mã hồ sơ,Họ và tên,Kết quả,Ngày đến"
        row = "97101-000001,Nguyễn Văn A,Không gặp,14/06/2024"
        with pytest.raises(FileUnreadable):
            look(known, "\n".join([head, *[row] * 400, f"{row}\x00"]).encode())

    def test_of_rows_nobody_was_visited_for_is_nothing(self, known: Offices) -> None:
        assert take(known, sheet(known)).rows == 0

    @pytest.mark.parametrize(
        ("said", "problem"),
        [
            (heard("Vui vẻ"), "cột “Kết quả”: chỉ có chữ; mời ghi một trong: Đồng ý mở"),
            (heard("Không gặp") | {"Ngày đến": ""}, "cột “Ngày đến”: để trống"),
            (heard("Không gặp") | {"Ngày đến": "16/06/2024"}, "cột “Ngày đến”: phải là một ngày không sau hôm nay"),
            (heard("Đồng ý mở"), "cột “Ngân hàng, ví”: chưa ghi hoặc không nhận ra"),
            (heard("Đồng ý mở", bank="Viettel Money"), "cột “Ngân hàng, ví”: ví, tiền di động người hưởng tự mở"),
            (heard("Đã có tài khoản", bank="Agribank", signed="x"), "cột “Số tài khoản (nếu đã có)”: chưa ghi"),
            (heard("Đã có tài khoản", bank="Agribank", number="12", signed="x"), "cột “Số tài khoản (nếu đã có)”: Số tài khoản có từ 4"),
            (heard("Nhận tiền mặt"), "cột “Đã ký phiếu (x)”: phải có phiếu"),
            (heard("Từ chối"), "cột “Lý do, ghi chú”: mời ghi vì sao"),
            (heard("Không gặp") | {"Họ và tên": "Lê Văn A"}, "cột “Họ và tên”: không phải họ tên của hồ sơ này"),
            (heard("Không gặp") | {"Mã hồ sơ": "KHÔNG CÓ"}, "cột “Mã hồ sơ”: không có hồ sơ này"),
        ],
    )  # fmt: skip
    def test_names_row_and_column_and_takes_the_other_rows(self, known: Offices, said: Any, problem: str) -> None:
        content = sheet(known, A=said, B=heard("Không gặp"))
        taken = take(known, content)
        assert taken.taken == 1 and HomeVisit.objects.get().beneficiary.full_name == "Nguyễn Văn B"
        assert [(row, problem in sentence) for row, sentence in taken.problems] == [(FIRST_ROW, True)]

    def test_comes_back_as_the_same_file_with_reasons_and_put_right_is_taken(self, known: Offices) -> None:
        content = sheet(known, A=heard("Từ chối"), B=heard("Không gặp"))
        take(known, content)
        given = {"content": content, "unit": known.units[HOME], "actor": known.officers[HOME], "now": NOW}
        book = openpyxl.load_workbook(io.BytesIO(visits_with_reasons(**given)))
        table = book.active
        headings = {cell.value: cell.column for cell in table[FIRST_ROW - 1]}
        reasons = table.cell(FIRST_ROW, headings["Lý do, việc cần làm"]).value
        assert reasons.startswith("KHÔNG NHẬN DÒNG NÀY") and "mời ghi vì sao" in reasons
        table.cell(FIRST_ROW, headings["Lý do, ghi chú"]).value = "Không thích"
        stream = io.BytesIO()
        book.save(stream)
        again = take(known, stream.getvalue())
        assert (again.taken, again.repeated, again.problems) == (1, 1, [])

    def test_is_of_the_own_place(self, known: Offices) -> None:
        content = every_outcome(known)
        with pytest.raises(NotAllowed):
            take_visits(content=content, unit=known.units[HOME], actor=known.officers[ELSEWHERE], now=NOW)
        there = take_visits(content=content, unit=known.units[ELSEWHERE], actor=known.officers[ELSEWHERE], now=NOW)
        assert there.taken == 0 and len(there.problems) == 7

    def test_told_is_never_edited(self, known: Offices) -> None:
        take(known, sheet(known, E=heard("Không gặp")))
        with pytest.raises(ProgrammingError), transaction.atomic():
            HomeVisit.objects.update(said="khác")

    def test_a_later_visit_says_how_things_stand(self, known: Offices) -> None:
        take(known, sheet(known, D=heard("Từ chối", said="Chưa cần")))
        later = heard("Đồng ý mở", bank="Agribank") | {"Ngày đến": f"{TODAY:%d/%m/%Y}"}
        take(known, sheet(known, D=later))
        assert drive(known)["D"].visit == "AGREES" and TODAY - timedelta(days=1) != drive(known)["D"].visited_on


class TestWhoHasAGuardian:
    """An adult received for by a guardian: the account is the guardian's."""

    @pytest.fixture
    def guarded(self, offices: Offices) -> Offices:
        two = people(2)
        offices.know_residents(*[{"so_dinh_danh": p["number"], "ho_ten": p["name"]} for p in two])
        offices.receive({**two[0], "payee_relation": "Người giám hộ", "payee_name": "Lê Thị Mẹ"}, two[1])
        match_people(actor_id=offices.maker.pk, now=NOW)
        return offices

    def test_is_not_asked_for_in_bulk_and_the_asker_is_told(self, guarded: Offices) -> None:
        asked = request_accounts(
            unit=guarded.units[HOME],
            bank_bin=BANK,
            way="FILE",
            people=list(Beneficiary.objects.values_list("pk", flat=True)),
            actor=guarded.maker,
            now=NOW,
        )
        assert (asked.requested, asked.by_guardian, asked.identity_unclear, asked.too_young) == (1, 1, 0, 0)
        assert AccountOpening.objects.get().account.beneficiary.full_name == "Nguyễn Văn B"
        with pytest.raises(NothingToRequest, match="người giám hộ"):
            request_accounts(unit=guarded.units[HOME], bank_bin=BANK, way="FILE", actor=guarded.maker, now=NOW)

    def test_stands_on_the_sheet_as_such_and_agrees_to_nothing_in_the_own_name(self, guarded: Offices) -> None:
        shown = drive(guarded)
        assert [shown[one].may_be_asked_for for one in "AB"] == [False, True]
        assert "nhận qua tài khoản của người ấy" in shown["A"].to_do
        taken = take(guarded, sheet(guarded, A=heard("Đồng ý mở", bank="Agribank")))
        assert "Có người giám hộ" in taken.problems[0][1] and taken.taken == 0


class TestAskingABankForEverybody:
    def test_leaves_out_who_wants_none_or_is_gone_unless_named(self, known: Offices) -> None:
        take(known, every_outcome(known))
        note_needed(unit=known.units[HOME], actor=known.maker, now=NOW)
        common = {"unit": known.units[HOME], "bank_bin": BANK, "way": "FILE", "actor": known.maker, "now": NOW}

        asked = request_accounts(**common)

        assert set(asked_for()) == {"Nguyễn Văn A", "Nguyễn Văn E"}
        assert asked.requested == 2 and asked.not_wished == 3  # D, F, G; C signed a slip for cash, B has an account
        with pytest.raises(NothingToRequest, match="đích danh"):
            request_accounts(**common)
        named = Beneficiary.objects.get(full_name="Nguyễn Văn D")
        assert request_accounts(**common, people=[named.pk]).requested == 1


def asked_for() -> list[str]:
    return list(AccountOpening.objects.values_list("account__beneficiary__full_name", flat=True))


class TestPages:
    def test_a_clerk_looks_then_writes(self, known: Offices) -> None:
        client = Client()
        client.force_login(known.officers[HOME])
        content = sheet(known, D=heard("Từ chối"), E=heard("Không gặp") | {"Ngày đến": DAY})
        sent = {"file": SimpleUploadedFile("di-tung-nha.xlsx", content)}
        looked = client.post("/mo-tai-khoan/ket-qua/xem-truoc/", sent)
        page = looked.content.decode()
        assert "Ghi 1 dòng" in page and "mời ghi vì sao" in page and not HomeVisit.objects.exists()
        token = {"token": looked.context["look"]["token"]}
        assert client.post(
            "/mo-tai-khoan/ket-qua/ly-do/", urlencode(token), content_type="application/x-www-form-urlencoded"
        )["Content-Disposition"].endswith('ly-do.xlsx"')
        assert "không gặp: 1" in client.post("/mo-tai-khoan/ket-qua/ghi/", token, follow=True).content.decode()
        assert HomeVisit.objects.get().outcome == "NOT_HOME"
        stale = client.post("/mo-tai-khoan/ket-qua/ghi/", {"token": "x"}, follow=True).content.decode()
        assert "Mời gửi lại tệp" in stale
