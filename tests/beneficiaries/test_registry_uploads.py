"""Upload, preview, confirm: what was shown is what is taken in, once, whatever crashes, stops or is clicked twice."""

import io
import json
import random
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import IntegrityError, transaction

from beneficiaries.errors import AnotherListIsTakenIn, MappingUnclear, PreviewOutdated, WrongStage
from beneficiaries.models import (
    BankAccount,
    Beneficiary,
    Case,
    Enrolment,
    HeadingMapping,
    Programme,
    RegistryRow,
    RegistryUpload,
)
from beneficiaries.parsers.headings import fold_heading
from beneficiaries.parsers.registry import COLUMNS
from beneficiaries.parsers.registry_columns import RELATIONS
from beneficiaries.services.intake import uploads as service
from beneficiaries.services.intake.annotated_file import annotated_upload
from beneficiaries.services.intake.heading_mappings import save_mapping
from beneficiaries.services.intake.registry_template import CHOICES, registry_template
from beneficiaries.services.intake.uploads import (
    PREVIEW,
    cancel_upload,
    confirm_upload,
    forget_uploads,
    import_upload,
    preview_upload,
    receive_upload,
    resume_upload,
    stop_upload,
    work_on_uploads,
)
from staff.encryption import unseal
from tests.beneficiaries.office_files import people, person, registry_file, table
from tests.beneficiaries.offices import ELSEWHERE, HOME, NOW, Offices

Row = dict[str, Any]


def send(offices: Offices, *rows: Row, content: bytes | None = None, commune: str = HOME) -> RegistryUpload:
    upload = receive_upload(
        content=registry_file(rows) if content is None else content,
        unit=offices.units[commune],
        actor=offices.officers[commune],
        now=NOW,
    )
    preview_upload(upload_id=upload.pk, now=NOW)
    upload.refresh_from_db()
    return upload


def confirm(offices: Offices, upload: RegistryUpload) -> None:
    confirm_upload(
        upload=upload,
        digest=bytes(upload.preview_digest or b"").hex(),
        actor=offices.officers[upload.unit.code],
        now=NOW,
    )


def take_in(offices: Offices, upload: RegistryUpload) -> RegistryUpload:
    confirm(offices, upload)
    work_on_uploads(clock=lambda: NOW)
    upload.refresh_from_db()
    return upload


def opened(upload: RegistryUpload) -> list[dict[str, Any]]:
    return [json.loads(unseal(bytes(row.sealed), purpose=PREVIEW)) for row in upload.rows.order_by("row_number")]


class TestPreview:
    def test_says_new_changed_unchanged_gone_and_wrong_and_writes_nothing_else(self, offices: Offices) -> None:
        offices.receive(*people(4))
        before = Enrolment.objects.count(), RegistryRow.objects.count(), Beneficiary.objects.count()
        first, second, _, _, fifth, sixth = people(6)
        upload = send(
            offices, first, {**second, "name": "Trần Thị Bưởi", "number": "097042000777"}, fifth, {**sixth, "sex": "?"}
        )
        counted = {"NEW": 1, "CHANGED": 1, "UNCHANGED": 1, "GONE": 2, "WRONG": 1}
        assert upload.counts == counted | {"UNSIGNED": 1, "PASSED_OVER": [[7, "TOTAL"]]}
        assert (Enrolment.objects.count(), RegistryRow.objects.count(), Beneficiary.objects.count()) == before
        changes = opened(upload)[1]["changes"]
        assert changes == [
            {"column": "Họ và tên", "before": "Nguyễn Văn B", "after": "Trần Thị Bưởi"},
            {"column": "Số định danh cá nhân/CMND", "before": "…002", "after": "…777"},
        ]

    @pytest.mark.parametrize("seed", range(4))
    def test_is_what_is_taken_in(self, offices: Offices, seed: int) -> None:
        source = random.Random(seed)
        offices.receive(*source.sample(people(8), 4))
        rows = [
            {**row, **source.choice([{}, {}, {"sex": "?"}, {"hamlet": "Thôn 9"}, {"category": "X"}, {"number": ""}])}
            for row in source.sample(people(12), 9)
        ]
        known = set(Enrolment.objects.values_list("code", flat=True))
        upload = take_in(offices, send(offices, *rows))
        new = {
            said["code"]
            for row, said in zip(upload.rows.order_by("row_number"), opened(upload), strict=True)
            if row.outcome == "NEW"
        }
        assert upload.stage == "DONE"
        assert set(Enrolment.objects.values_list("code", flat=True)) == known | new
        assert len(new) == upload.counts["NEW"]

    def test_shows_that_somebody_receives_elsewhere_and_not_who_or_where(self, offices: Offices) -> None:
        offices.receive(person(name="Người Ở Xã Khác", code="97102-000009"), commune=ELSEWHERE)
        upload = send(offices, person(), person(code="97101-000002", number="097042000002"))
        row, other = upload.rows.order_by("row_number")
        assert (row.elsewhere, other.elsewhere, row.outcome) == (True, False, "NEW")
        shown = json.dumps([opened(upload), row.errors], ensure_ascii=False)
        assert "Đang hưởng nơi khác: có" in shown
        assert not {"97102-000009", "Người Ở Xã Khác", "đơn vị 97102"} & set(shown.split('"'))

    def test_of_a_file_nobody_can_read_says_why(self, offices: Offices) -> None:
        upload = send(offices, content=b"%PDF-1.7")
        assert (upload.stage, upload.problem_code) == ("REFUSED", "FILE_UNREADABLE")

    def test_keeps_nothing_in_clear(self, offices: Offices) -> None:
        upload = send(offices, person(account="5550100001", bank="Agribank"))
        (row,) = upload.rows.all()
        kept = bytes(upload.sealed or b"") + bytes(row.sealed) + json.dumps(row.errors).encode()
        assert b"097042000001" not in kept and b"5550100001" not in kept and "Nguyễn".encode() not in kept


class TestTakingIn:
    def test_of_the_same_file_again_adds_nothing(self, offices: Offices) -> None:
        take_in(offices, send(offices, *people(5)))
        before = Enrolment.objects.count(), RegistryRow.objects.count()
        again = take_in(offices, send(offices, *people(5)[::-1]))
        assert (again.stage, again.file, again.counts["UNCHANGED"]) == ("DONE", None, 5)
        assert (Enrolment.objects.count(), RegistryRow.objects.count()) == before

    def test_goes_on_after_a_crash_where_it_was(self, offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(service, "PIECE", 2)
        upload = send(offices, *people(7))
        confirm(offices, upload)
        import_upload(upload_id=upload.pk, clock=lambda: NOW, pieces=2)
        upload.refresh_from_db()
        assert (upload.stage, upload.rows_done, Enrolment.objects.count()) == ("CONFIRMED", 4, 4)
        work_on_uploads(clock=lambda: NOW)
        upload.refresh_from_db()
        assert (upload.stage, upload.rows_done, Enrolment.objects.count()) == ("DONE", 7, 7)
        assert RegistryRow.objects.count() == 7

    def test_leaves_no_piece_half_written(self, offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
        upload = send(offices, *people(3))
        confirm(offices, upload)
        monkeypatch.setattr("beneficiaries.services.intake.take_in._open_cases", _fails)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            import_upload(upload_id=upload.pk, clock=lambda: NOW)
        assert (Enrolment.objects.count(), Beneficiary.objects.count()) == (0, 0)

    def test_can_be_stopped_and_resumed(self, offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(service, "PIECE", 2)
        officer, upload = offices.officers[HOME], send(offices, *people(5))
        confirm(offices, upload)
        import_upload(upload_id=upload.pk, clock=lambda: NOW, pieces=1)
        stop_upload(upload=upload, actor=officer)
        assert work_on_uploads(clock=lambda: NOW) == 0
        assert Enrolment.objects.count() == 2
        resume_upload(upload=upload, actor=officer)
        work_on_uploads(clock=lambda: NOW)
        assert Enrolment.objects.count() == 5

    def test_does_not_go_on_when_it_would_do_something_else_than_was_shown(self, offices: Offices) -> None:
        upload = send(offices, *people(3))
        confirm(offices, upload)
        offices.receive(people(3)[0])
        work_on_uploads(clock=lambda: NOW)
        upload.refresh_from_db()
        assert (upload.stage, upload.problem_code, upload.confirmed_by) == ("PREVIEWED", "PREVIEW_OUTDATED", None)
        assert Enrolment.objects.count() == 1
        assert take_in(offices, upload).stage == "DONE"

    def test_takes_in_the_fixed_row_and_leaves_the_rest(self, offices: Offices) -> None:
        rows = people(4)
        take_in(offices, send(offices, *rows[:3], {**rows[3], "sex": "?"}))
        upload = take_in(offices, send(offices, *rows))
        assert (upload.counts["NEW"], upload.counts["UNCHANGED"], Enrolment.objects.count()) == (1, 3, 4)

    def test_of_an_account_at_an_unknown_bank_says_so_and_asks_somebody(self, offices: Offices) -> None:
        upload = take_in(offices, send(offices, person(account="5550100001", bank="Ngân hàng Nhà Quê")))
        (row,) = upload.rows.all()
        assert [error["code"] for error in row.errors] == ["BANK_UNKNOWN"]
        assert (BankAccount.objects.count(), Enrolment.objects.count()) == (0, 1)
        assert [(case.kind, case.reason) for case in Case.objects.all()] == [("ACCOUNT", "BANK_UNKNOWN")]

    def test_names_the_column_of_an_unknown_programme(self, offices: Offices) -> None:
        upload = send(offices, person(programme="KHONG-CO"))
        errors = [error for row in upload.rows.all() for error in row.errors]
        assert [(error["column"], error["code"]) for error in errors] == [("Mã chính sách", "PROGRAMME_UNKNOWN")]

    def test_of_a_row_that_was_wrong_for_our_catalogue_works_once_it_is_right(self, offices: Offices) -> None:
        take_in(
            offices, send(offices, person(), person(code="97101-000002", number="", programme="MOI", category="M-1"))
        )
        programme = Programme.objects.create(code="MOI", name="Chính sách mới", budget_source="Ngân sách")
        programme.categories.create(code="M-1", neutral_code="M-1", name="Nhóm mới")
        upload = take_in(
            offices, send(offices, person(), person(code="97101-000002", number="", programme="MOI", category="M-1"))
        )
        assert (upload.stage, Enrolment.objects.count()) == ("DONE", 2)


class TestConfirmation:
    def test_of_another_preview_is_refused(self, offices: Offices) -> None:
        upload = send(offices, *people(2))
        with pytest.raises(PreviewOutdated):
            confirm_upload(upload=upload, digest="00" * 32, actor=offices.officers[HOME], now=NOW)

    def test_twice_is_once(self, offices: Offices) -> None:
        upload = send(offices, *people(2))
        confirm(offices, upload)
        take_in(offices, upload)
        confirm(offices, upload)
        work_on_uploads(clock=lambda: NOW)
        assert Enrolment.objects.count() == RegistryRow.objects.count() == 2

    def test_of_a_second_list_of_the_unit_waits(self, offices: Offices) -> None:
        first, second = send(offices, *people(2)), send(offices, *people(3))
        confirm(offices, first)
        with pytest.raises(AnotherListIsTakenIn):
            confirm(offices, second)

    def test_is_asked_for_by_the_database_too(self, offices: Offices) -> None:
        upload = send(offices, *people(2))
        with pytest.raises(IntegrityError), transaction.atomic():
            RegistryUpload.objects.filter(pk=upload.pk).update(stage="DONE")


class TestUpload:
    def test_sent_twice_is_one(self, offices: Offices) -> None:
        content = registry_file(people(2))
        assert send(offices, content=content) == send(offices, content=content)

    def test_cancelled_is_forgotten_and_can_be_sent_again(self, offices: Offices) -> None:
        content = registry_file(people(2))
        upload = send(offices, content=content)
        cancel_upload(upload=upload, actor=offices.officers[HOME], now=NOW)
        upload.refresh_from_db()
        assert (upload.stage, upload.sealed, upload.rows.count()) == ("CANCELLED", None, 0)
        assert send(offices, content=content) != upload

    def test_taken_in_can_not_be_cancelled(self, offices: Offices) -> None:
        upload = take_in(offices, send(offices, *people(2)))
        with pytest.raises(WrongStage):
            cancel_upload(upload=upload, actor=offices.officers[HOME], now=NOW)

    def test_is_forgotten_after_its_time_and_not_before(self, offices: Offices) -> None:
        done, waiting = take_in(offices, send(offices, *people(2))), send(offices, *people(3))
        assert forget_uploads(now=NOW + timedelta(days=29)) == 0
        forget_uploads(now=NOW + timedelta(days=31))
        done.refresh_from_db()
        waiting.refresh_from_db()
        assert (done.sealed, done.rows.count(), waiting.stage, waiting.sealed) == (None, 0, "CANCELLED", None)
        assert RegistryRow.objects.count() == 2


class TestMapping:
    def test_once_named_reads_every_list_of_the_unit_that_waits_for_the_same_headings(self, offices: Offices) -> None:
        strange = {**COLUMNS, "name": "Ông bà"}
        first, second = (send(offices, content=table([row], columns=strange, title="x")) for row in people(2))
        other = send(offices, content=table([people(1)[0]], columns={**strange, "note": "Ý kiến"}, title="x"))
        assert {first.stage, second.stage, other.stage} == {"NEEDS_MAPPING"}
        position = next(one["position"] for one in first.headings if one["text"] == "Ông bà")
        save_mapping(upload=first, columns={position: "name"}, actor=offices.officers[HOME], now=NOW)
        work_on_uploads(clock=lambda: NOW)
        for upload in (first, second, other):
            upload.refresh_from_db()
        assert (first.stage, second.stage, other.stage) == ("PREVIEWED", "PREVIEWED", "NEEDS_MAPPING")

    def _strange(self, rows: list[Row]) -> bytes:
        heads = dict(COLUMNS)
        return table(rows, columns={**heads, "coefficient": "Mức hưởng (lần)"})

    def test_confirmed_once_is_used_ever_after(self, offices: Offices) -> None:
        upload = send(offices, content=self._strange(people(2)))
        assert upload.stage == "NEEDS_MAPPING"
        position = next(one["position"] for one in upload.headings if one["text"].startswith("Mức hưởng"))
        save_mapping(upload=upload, columns={position: "coefficient"}, actor=offices.officers[HOME], now=NOW)
        preview_upload(upload_id=upload.pk, now=NOW)
        upload.refresh_from_db()
        assert (upload.stage, upload.counts["NEW"]) == ("PREVIEWED", 2)
        assert send(offices, content=self._strange(people(3))).stage == "PREVIEWED"
        assert send(offices, content=self._strange(people(3)), commune=ELSEWHERE).stage == "NEEDS_MAPPING"
        assert HeadingMapping.objects.count() == 1

    @pytest.mark.parametrize("key", ["note", "name", "khong-co", ""])
    def test_that_is_unclear_is_refused(self, offices: Offices, key: str) -> None:
        upload = send(offices, content=self._strange(people(2)))
        position = next(one["position"] for one in upload.headings if one["text"].startswith("Mức hưởng"))
        with pytest.raises(MappingUnclear):
            save_mapping(upload=upload, columns={position: key}, actor=offices.officers[HOME], now=NOW)

    def test_tells_two_columns_of_one_heading_apart_by_their_place(self, offices: Offices) -> None:
        offices.receive(*people(2))
        strange = {"other": "Ông bà", **COLUMNS, "name": "Ông  bà"}
        upload = send(offices, content=table([row | {"other": "Lê Thị Khác"} for row in people(3)], columns=strange))
        theirs, own = (one["position"] for one in upload.headings if one["text"].startswith("Ông"))
        save_mapping(upload=upload, columns={theirs: "", own: "name"}, actor=offices.officers[HOME], now=NOW)
        preview_upload(upload_id=upload.pk, now=NOW)
        upload.refresh_from_db()
        assert (upload.stage, upload.counts["UNCHANGED"], upload.counts["NEW"]) == ("PREVIEWED", 2, 1)

    def test_that_was_saved_by_text_alone_is_asked_for_again(self, offices: Offices) -> None:
        """A mapping of before said one thing of both columns: whichever was answered last."""
        strange = {"other": "Ông bà", **COLUMNS, "name": "Ông bà"}
        content = table([row | {"other": "Lê Thị Khác"} for row in people(2)], columns=strange)
        upload = send(offices, content=content)
        columns = {fold_heading(one["text"]): one["key"] for one in upload.headings if one["certain"]} | {
            "ongba": "name"
        }
        HeadingMapping.objects.create(
            unit=upload.unit, kind="REGISTRY", fingerprint=upload.fingerprint, columns=columns, saved_by=offices.officers[HOME], saved_at=NOW
        )  # fmt: skip
        assert (
            send(offices, content=table([row | {"other": "Lê Thị Khác"} for row in people(3)], columns=strange)).stage
            == "NEEDS_MAPPING"
        )

    def test_knows_a_heading_longer_than_what_is_kept_of_it(self, offices: Offices) -> None:
        strange = {**COLUMNS, "name": "Ông bà " + "ghi đúng như trên giấy khai sinh " * 8}
        upload = send(offices, content=table(people(2), columns=strange))
        position = next(one["position"] for one in upload.headings if one["text"].startswith("Ông bà"))
        save_mapping(upload=upload, columns={position: "name"}, actor=offices.officers[HOME], now=NOW)
        preview_upload(upload_id=upload.pk, now=NOW)
        upload.refresh_from_db()
        assert upload.stage == "PREVIEWED"

    @pytest.mark.parametrize("dropped", [[], ["Mã số"]], ids=["no such column", "a column nobody uses"])
    def test_of_a_form_without_codes_knows_people_by_who_they_are(self, offices: Offices, dropped: list[str]) -> None:
        offices.receive(*people(2))
        strange = {key: heading for key, heading in COLUMNS.items() if key != "code"} | {"name": "Ông bà"}
        rows = [{key: row.get(key) for key in strange} for row in people(3)]
        content = table(rows, columns={**strange, **{f"x{at}": text for at, text in enumerate(dropped)}}, title="x")
        upload = send(offices, content=content)
        assert upload.stage == "NEEDS_MAPPING"
        chosen = {
            one["position"]: "name" if one["text"] == "Ông bà" else "" for one in upload.headings if not one["certain"]
        }
        save_mapping(upload=upload, columns=chosen, actor=offices.officers[HOME], now=NOW)
        preview_upload(upload_id=upload.pk, now=NOW)
        upload.refresh_from_db()
        assert (upload.stage, upload.counts["UNCHANGED"], upload.counts["NEW"]) == ("PREVIEWED", 2, 1)

    def test_is_asked_for_in_words_that_say_how(self, offices: Offices) -> None:
        upload = send(offices, content=self._strange(people(2)))
        assert "Chưa nhận ra cột “Hệ số”" in upload.problem and "khai tên cột" in upload.problem
        without = {key: heading for key, heading in COLUMNS.items() if key in ("code", "name", "sex")}
        hopeless = send(offices, content=table(people(1), columns=without, title="x"))
        assert (hopeless.stage, "Mời thêm cột" in hopeless.problem) == ("REFUSED", True)


class TestWhatAListMayNotChange:
    @pytest.mark.parametrize(
        ("changed", "way"),
        [
            ({"name": "Trần Thị Bưởi", "hamlet": "Thôn 9"}, "Họ và tên, Thôn, tổ dân phố thì lập “Sửa hồ sơ” theo giấy tờ."),
            ({"coefficient": 2.5}, "Hệ số thì ghi quyết định."),
            ({"payee_name": "Trần Thị Con", "payee_relation": "Giám hộ"}, "Người nhận thay thì ghi giấy tờ người nhận thay."),
            ({"account": "5550100001", "bank": "Agribank"}, "Số tài khoản đang nhận thì ghi phiếu đăng ký tài khoản."),
        ],
    )  # fmt: skip
    def test_names_the_way_it_does_change(self, offices: Offices, changed: Row, way: str) -> None:
        offices.receive(person())
        (row,) = send(offices, person(**changed)).rows.all()
        (said,) = [error["sentence"] for error in row.errors if error["code"] == "CHANGE_NOT_APPLIED"]
        assert said.endswith(way), said


class TestAnnotatedFile:
    def test_is_the_same_file_with_one_column_more(self, offices: Offices) -> None:
        rows = people(3)
        rows[1] = {**rows[1], "sex": "?", "note": "=HYPERLINK(1)"}
        upload = send(offices, *rows)
        sent = openpyxl.load_workbook(io.BytesIO(registry_file(rows))).worksheets[0]
        back = openpyxl.load_workbook(io.BytesIO(annotated_upload(upload=upload))).worksheets[0]
        width = sent.max_column
        assert [[cell.value for cell in row[:width]] for row in back.iter_rows()] == [
            [cell.value for cell in row] for row in sent.iter_rows()
        ]
        reasons = [row[width].value for row in back.iter_rows()]
        assert reasons[1] == "Lý do, việc cần làm"
        assert str(reasons[3]).startswith("KHÔNG NHẬN DÒNG NÀY. Giới tính: ")
        assert {cell.data_type for row in back.iter_rows() for cell in row} <= {"s", "n"}

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "=cmd|'/c calc'!A1"])
    def test_never_makes_a_formula_of_a_strangers_text(self, offices: Offices, start: str) -> None:
        upload = send(offices, person(note=f"{start}1+1", sex="?"))
        sheet = openpyxl.load_workbook(io.BytesIO(annotated_upload(upload=upload))).worksheets[0]
        assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}

    def test_fixed_and_sent_again_is_taken_in(self, offices: Offices) -> None:
        upload = take_in(offices, send(offices, person(sex="?")))
        book = openpyxl.load_workbook(io.BytesIO(annotated_upload(upload=upload)))
        sheet = book.worksheets[0]
        (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "?"]
        cell.value = "Nam"
        stream = io.BytesIO()
        book.save(stream)
        assert take_in(offices, send(offices, content=stream.getvalue())).counts["NEW"] == 1


class TestTemplate:
    def test_of_every_programme_is_read_as_a_list_of_one_example(self, offices: Offices) -> None:
        for programme in Programme.objects.all():
            upload = send(offices, content=registry_template(programme=programme))
            assert upload.stage == "PREVIEWED"
            assert upload.rows_total == 1
            assert upload.counts["WRONG"] == 1  # an example left in the list is kept out

    def test_lets_one_choose_whoever_the_list_can_name_as_receiving(self) -> None:
        offered = [RELATIONS.get(choice.casefold()) for choice in CHOICES["payee_relation"]]
        assert sorted(offered, key=str) == sorted({*RELATIONS.values()})


def _fails(*args: object, **kwargs: object) -> None:
    raise ZeroDivisionError
