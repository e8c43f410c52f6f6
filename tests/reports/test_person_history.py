"""One person on two pages: masked by right, every change with who and why, nothing of another commune, and that it was read is written down."""

import csv
import hashlib
import io
import re
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.forms import model_to_dict
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader

from beneficiaries.models import (
    ACCOUNT_REASONS,
    AccountChange,
    BankAccount,
    Beneficiary,
    NameVerdict,
    PayeeKind,
    PayeeRelation,
    Phone,
)
from beneficiaries.models.case_kinds import Level, Solution
from beneficiaries.models.cases import CaseStatus
from beneficiaries.services.numbers import keep_account_numbers, keep_identity_numbers
from payments.states import ON_A_SLIP, PaymentStatus
from reconciliation.models import IssuedPaper
from reconciliation.reports.issued_marks import paper_is_ours
from reconciliation.reports.person.facts import PersonFacts, read_person
from reconciliation.reports.person.pdf import CSV_NAME, _lines, render_person
from reconciliation.reports.person.words import said, through
from reconciliation.reports.verify_paper import verify_paper
from reconciliation.services.papers.person_history import print_person
from staff.errors import NotAllowed
from staff.models import User
from tests.corrected import put_on_record
from tests.reports.world import AUGUST, JULY, NOW, World

NUMBER = "097042000001"
PURPOSE = "Trả lời phản ánh"


@pytest.fixture
def person(world: World) -> Beneficiary:
    enrolment = world.person()
    beneficiary = enrolment.beneficiary
    put_on_record(beneficiary, number_id=keep_identity_numbers([NUMBER])[NUMBER])
    beneficiary.refresh_from_db()
    key = ("970436", "5550100123")
    account = BankAccount.objects.create(
        beneficiary=beneficiary, number_id=keep_account_numbers([key])[key], bank_bin="970436", source="BANK", status="VERIFIED", opened_on=JULY
    )  # fmt: skip
    world.pay(enrolment, JULY, account=account)
    world.pay(enrolment, AUGUST, account=account, status="RETURNED", returned_on=AUGUST.replace(day=9))
    world.play()
    return Beneficiary.objects.select_related("unit", "number").get(pk=beneficiary.pk)


def staff(world: World, role: str, *, commune: int | None = None) -> User:
    unit = world.province if commune is None else world.communes[commune]
    return User.objects.create(username=f"{role}{commune}", full_name=f"Cán bộ {role}", role=role, unit=unit)


def facts_of(person: Beneficiary) -> PersonFacts:
    return read_person(person=person, people=[person.pk], elsewhere=False, in_clear=False)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_tells_months_account_and_changes_with_who_and_why(world: World, person: Beneficiary):
    labels = "SELECT set_config('ansinh.actor', %s, true), set_config('ansinh.why', 'POST /api/x/', true)"
    with connection.cursor() as cursor:
        cursor.execute(labels, [str(staff(world, "MAKER").pk)])
    BankAccount.objects.update(status="OPENED", cause="MONEY_BACK", reason="ACCOUNT_CLOSED")

    pdf = print_person(person=person, purpose=PURPOSE, actor=staff(world, "AUDITOR"), now=NOW)

    text = text_of(pdf)
    assert "1.000.000 đồng; đã nhận: 500.000 đồng; chưa nhận: 500.000 đồng" in text
    assert "Đã nhận ngày 05/07/2024" in text and "Ngân hàng hoàn trả ngày 09/08/2024" in text
    assert "lý do: Tài khoản đã đóng" in text and "Cán bộ MAKER" in text and "Thao tác trên hệ thống" in text
    assert f"cho Cán bộ AUDITOR; mục đích: {PURPOSE}" in text
    rows = list(csv.reader(io.StringIO(PdfReader(io.BytesIO(pdf)).attachments[CSV_NAME][0].decode("utf-8-sig"))))
    assert any(row[5:7] == ["Cán bộ MAKER", "POST /api/x/"] for row in rows)


@pytest.mark.parametrize(("role", "clear"), [("MAKER", True), ("COMMUNE_OFFICER", True), ("CHECKER", False), ("AUDITOR", False)])  # fmt: skip
def test_the_number_is_masked_but_for_who_verifies_identities_and_of_the_account_only_four_digits_show(
    world: World, person: Beneficiary, role: str, clear: bool
):
    text = text_of(print_person(person=person, purpose=PURPOSE, actor=staff(world, role), now=NOW))

    assert (NUMBER in text) == clear
    assert NUMBER[-3:] in text
    assert "5550100123" not in text and "0123" in text


def test_files_of_another_commune_are_not_told_only_that_there_are_some(world: World, person: Beneficiary):
    other = world.person(commune=1)
    Beneficiary.objects.filter(pk=other.beneficiary_id).update(same_as=person)

    text = text_of(print_person(person=person, purpose=PURPOSE, actor=staff(world, "COMMUNE_OFFICER", commune=0), now=NOW))  # fmt: skip
    whole = text_of(print_person(person=person, purpose=PURPOSE, actor=staff(world, "AUDITOR"), now=NOW))

    assert "có hồ sơ ở địa bàn khác" in text and other.code not in text
    assert "có hồ sơ ở địa bàn khác" not in whole and other.code in whole


@pytest.mark.parametrize(("role", "commune"), [("LEADER", None), ("COMMUNE_OFFICER", 1)])
def test_who_may_not_see_the_person_gets_nothing_and_nothing_is_written(
    world: World, person: Beneficiary, role: str, commune: int | None
):
    with pytest.raises(NotAllowed):
        print_person(person=person, purpose=PURPOSE, actor=staff(world, role, commune=commune), now=NOW)
    assert not IssuedPaper.objects.exists()


def test_that_it_was_read_is_written_down_and_the_paper_is_known_again(world: World, person: Beneficiary):
    reader = staff(world, "AUDITOR")

    pdf = print_person(person=person, purpose=PURPOSE, actor=reader, now=NOW)

    paper = IssuedPaper.objects.get()
    assert (paper.made_for, paper.beneficiary, paper.purpose, paper.kind) == (reader, person, PURPOSE, "HISTORY")
    assert verify_paper(pdf + b"\n% signed\n", now=NOW).holds
    assert not verify_paper(pdf.replace(b"/FlateDecode", b"/FlateDecod ", 1), now=NOW).holds


@pytest.mark.parametrize("told", [{}, {"name": "qua-trinh-cua-nguoi-khac"}, {"made_at": NOW.replace(year=2023)}])
def test_a_paper_written_down_by_sql_is_none_of_ours(world: World, person: Beneficiary, told: dict[str, object]):
    pdf = print_person(person=person, purpose=PURPOSE, actor=staff(world, "AUDITOR"), now=NOW)
    forged = pdf.replace(b"/FlateDecode", b"/FlateDecod ", 1)
    paper = IssuedPaper.objects.get()
    digest = hashlib.sha256(forged).hexdigest()

    # The application's role may insert, and it may copy the mark that stands beside the true paper.
    copied = model_to_dict(paper, exclude=["id", "unit", "beneficiary", "made_for"])
    people = {"unit": paper.unit, "beneficiary": paper.beneficiary, "made_for": paper.made_for}
    IssuedPaper.objects.create(**(copied | people | {"pdf_size": len(forged), "pdf_digest": digest} | told))
    other = IssuedPaper.objects.create(**(copied | people | {"digest": "0" * 64}))

    assert verify_paper(pdf, now=NOW).paper == paper
    assert not verify_paper(forged, now=NOW).original
    assert not paper_is_ours(other)


def test_nothing_is_drawn_over_the_pages_behind_what_went_out(world: World, person: Beneficiary):
    pdf = print_person(person=person, purpose=PURPOSE, actor=staff(world, "AUDITOR"), now=NOW)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    writer.add_stream_to_page(0, writer.add_object(StreamObject(stream_data=b"0 0 200 200 re f")))
    drawn = io.BytesIO()
    writer.write(drawn)

    assert drawn.getvalue().startswith(pdf)
    assert not verify_paper(drawn.getvalue(), now=NOW).original


CODE = re.compile(r"[A-Z]{2,}_[A-Z]+|[a-z]+_[a-z]+|\d{4}-\d\d-\d\d")
EVERY = {
    "beneficiaries_beneficiary": {"lookup_code": ["GIVEN", "CHANGED"]},
    "beneficiaries_bankaccount": {
        "status": BankAccount.Status, "source": BankAccount.Source, "reason": ACCOUNT_REASONS, "name_verdict": NameVerdict, "holder_kind": PayeeKind,
        "bank_bin": ["970436"], "last_credited_month": ["2024-07-01"], "closed_on": ["2024-07-15"],
    },
    "beneficiaries_accountchange": {"status": AccountChange._meta.get_field("status").flatchoices, "usable_from": ["2024-07-15"]},
    "beneficiaries_case": {"status": CaseStatus, "level": Level, "solution": Solution},
    "beneficiaries_enrolment": {"payee_kind": PayeeKind, "coefficient": ["1.50"], "paid_to_id": [7], "suspended_month": ["2024-08-01"]},
    "beneficiaries_payeerelation": {"kind": PayeeKind, "scope": PayeeRelation.Scope, "end_reason": PayeeRelation.EndReason},
    "beneficiaries_phone": {"owner": Phone.Owner, "opted_out_at": ["2024-07-15T03:00:00.12+00:00"]},
    "payments_payment": {
        "status": PaymentStatus, "hold_code": [ON_A_SLIP, "file_rejected", "idempotency_error"],
        "return_code": ["account_closed", "bank_ownership_changed", "not_collected", "invalid_currency"],
    },
}  # fmt: skip


@pytest.mark.parametrize("relation", EVERY)
def test_no_code_of_ours_nor_of_the_banks_is_left_on_the_paper(relation: str):
    for column, values in EVERY[relation].items():
        for value in values:
            told = said(relation, column, value[0] if isinstance(value, tuple) else value)
            assert told != str(value) and not CODE.search(told) and not told.isupper(), (column, value, told)


def test_days_months_and_instants_are_written_as_here():
    assert said("beneficiaries_bankaccount", "last_credited_month", "2024-07-01") == "07/2024"
    assert said("beneficiaries_phone", "opted_out_at", "2024-07-15T18:30:00.12+00:00") == "16/07/2024 01:30"
    assert said("beneficiaries_enrolment", "coefficient", "2.50") == "2,5"


def test_through_what_a_change_came_is_words_and_a_strange_program_keeps_its_name():
    assert [through(why) for why in ("POST batches/<int:batch_id>/release/", "payments.tasks.send_payments", "manage.py seal", "psql")] == [
        "Thao tác trên hệ thống", "Hệ thống tự làm", "Lệnh quản trị seal", "Chương trình psql",
    ]  # fmt: skip


def test_where_a_script_lies_and_what_it_reads_is_nobodys_to_see():
    assert [through(why) for why in ("fix.py /srv/danh-sach/ten.xlsx", "/opt/tools/fix.py", "-c", "")] == [
        "Người quản trị chạy chương trình riêng (fix.py)", "Người quản trị chạy chương trình riêng (fix.py)",
        "Người quản trị chạy chương trình riêng", "",
    ]  # fmt: skip


def test_no_text_among_the_embedded_lines_is_a_formula(person: Beneficiary):
    payee = {"kind": PayeeKind.values[0], "valid_from": date(2024, 7, 1), "valid_until": None, "ended_on": None, "end_reason": "", "certified_by": "",
             "paper_number": "@SUM(1)", "full_name": "=HYPERLINK(1)"}  # fmt: skip
    lines = _lines(replace(facts_of(person), payees=[payee])).decode("utf-8-sig")

    told = next(row for row in csv.reader(io.StringIO(lines)) if row[0] == "người nhận thay")
    assert (told[2], told[6]) == ("'=HYPERLINK(1)", "'@SUM(1)")


def test_two_pages_whatever_there_is_and_what_is_left_out_is_counted(person: Beneficiary):
    facts = facts_of(person)
    change = replace(facts.changes[0], what="Việc cần xử lý " * 4, details=(("trạng thái", "chữ " * 40, "dài " * 40),) * 3, ordinary=False)  # fmt: skip
    crowded = replace(
        facts, changes=[change] * 300, months=facts.months * 200, decisions=[_decision()] * 40, accounts=facts.accounts * 20, enrolments=facts.enrolments * 20
    )  # fmt: skip

    printed = render_person(crowded, agency="UBND xã", purpose=PURPOSE, reader="A", now=NOW)

    reader = PdfReader(io.BytesIO(printed.pdf))
    assert len(reader.pages) <= 2
    assert "thay đổi trước đó" in text_of(printed.pdf)
    assert reader.attachments[CSV_NAME][0].count(b"\n") == 1 + 400 + 900


def _decision() -> dict[str, object]:
    return {
        "kind": "GRANT", "number": "1234/QĐ-UBND", "signed_on": JULY, "signer": "Nguyễn Văn Chủ tịch", "effective_month": JULY, "amount": None, "code": "HS1",
        "recorded_by": None,
    }  # fmt: skip
