"""A registry list on the pages: sent, shown before anything is written, its columns named, confirmed, the wrong rows back as a file."""

import io
from collections.abc import Iterator
from unittest.mock import Mock, patch

import openpyxl
import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from beneficiaries.models import Enrolment, HeadingMapping, RegistryUpload
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from beneficiaries.services.intake.import_registry import import_registry
from beneficiaries.services.intake.uploads import work_on_uploads
from tests.api.world import World
from tests.beneficiaries.office_files import people, registry_file
from tests.pages.forms import Browse, Browser

SEND = "/nap-danh-sach/gui/"


@pytest.fixture(autouse=True)
def bell() -> Iterator[Mock]:
    with patch("beneficiaries.api.uploads.work_on_registries.delay") as rung:
        yield rung


def named(content: bytes, name: str = "danh sach.xlsx") -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def send(client: Browser, content: bytes, unit: str = "97101") -> str:
    """Where the browser is led to."""
    answer = client.send(SEND, {"file": named(content), "unit": unit})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def renamed(content: bytes, heading: str, to: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in book.worksheets[0].iter_rows(max_row=6):
        for cell in row:
            if cell.value == heading:
                cell.value = to
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class TestTheWayOfAList:
    def test_says_of_a_second_file_in_the_commune_what_its_reason_says(self, world: World, browse: Browse) -> None:
        client, (one,) = browse("COMMUNE_OFFICER", "97101"), people(1)
        officer = world.staff["COMMUNE_OFFICER", "97101"]
        import_registry(content=registry_file([one]), unit=world.units["97101"], actor=officer, now=timezone.now())
        page = send(client, registry_file([{**one, "code": "97101-777777"}]))
        work_on_uploads(clock=timezone.now)

        shown = client.get(page).content.decode()

        assert "trong xã, theo hồ sơ khác" in shown and "<small>đang hưởng theo hồ sơ khác</small>" in shown
        assert "nơi khác" not in shown

    def test_is_send_look_confirm_done_and_nothing_is_written_before(self, world: World, browse: Browse) -> None:
        client, before = browse("COMMUNE_OFFICER", "97101"), Enrolment.objects.count()
        rows = people(3)
        page = send(client, registry_file([*rows[:2], {**rows[2], "sex": "?"}]))
        assert "Trang tự tải lại" in client.get(page).content.decode()
        work_on_uploads(clock=timezone.now)
        shown = client.get(page).content.decode()
        assert 'http-equiv="refresh"' not in shown
        assert "Xác nhận nạp" in shown and "Giới tính" in shown and "Chờ xác nhận" in shown
        assert "không phải người hưởng: 1</summary>" in shown and "Dòng 6: Dòng cộng" in shown
        assert Enrolment.objects.count() == before
        digest = bytes(RegistryUpload.objects.get().preview_digest or b"").hex()
        client.post(f"{page}xac-nhan/", {"preview_digest": digest})
        work_on_uploads(clock=timezone.now)
        assert "Đã nạp xong 3 dòng" in client.get(page).content.decode()
        assert Enrolment.objects.count() == before + 2

    def test_is_told_by_the_name_of_its_file_without_a_number_in_it(self, world: World, browse: Browse) -> None:
        client = browse("COMMUNE_OFFICER", "97101")
        client.send(SEND, {"file": named(registry_file(people(1)), "TCXH thang 6 097042000001.xlsx"), "unit": "97101"})
        shown = client.get("/nap-danh-sach/").content.decode()
        assert "TCXH thang 6 …001.xlsx" in shown and "097042000001" not in shown

    def test_says_how_many_decisions_name_nobody_who_signed(self, world: World, browse: Browse) -> None:
        client, (first, second) = browse("COMMUNE_OFFICER", "97101"), people(2)
        signed = {**second, "decision_signer": "Nguyễn Văn Chủ, Chủ tịch UBND xã"}
        page = send(client, registry_file([first, signed]))
        work_on_uploads(clock=timezone.now)
        assert "1 hồ sơ mới chưa ghi ai ký quyết định" in client.get(page).content.decode()

    def test_of_the_same_list_again_says_that_nothing_is_new(self, world: World, browse: Browse) -> None:
        client, content = browse("MAKER", "971"), registry_file(people(2))
        for _ in range(2):
            page = send(client, content)
            work_on_uploads(clock=timezone.now)
            digest = bytes(RegistryUpload.objects.latest("pk").preview_digest or b"").hex()
            said = client.get(page).content.decode()
            client.post(f"{page}xac-nhan/", {"preview_digest": digest})
            work_on_uploads(clock=timezone.now)
        assert "không có ai mới, không có gì thay đổi" in said
        assert Enrolment.objects.filter(unit__code="97101", code__startswith="97101-").count() == 2

    def test_says_of_who_is_gone_what_is_so_and_leads_to_their_file(self, world: World, browse: Browse) -> None:
        client, officer = browse("MAKER", "971"), browse("COMMUNE_OFFICER", "97101")
        first = send(client, registry_file(people(2)))
        work_on_uploads(clock=timezone.now)
        digest = bytes(RegistryUpload.objects.get().preview_digest or b"").hex()
        client.post(f"{first}xac-nhan/", {"preview_digest": digest})
        work_on_uploads(clock=timezone.now)
        page = send(officer, registry_file(people(3)[1:]))
        work_on_uploads(clock=timezone.now)
        gone = Enrolment.objects.get(code=people(1)[0]["code"])
        assert "vẫn được chi" in officer.get(page).content.decode()
        assert f'href="/ho-so/{gone.pk}/"' in officer.get(f"{page}?outcome=GONE").content.decode()
        assert officer.get(f"/ho-so/{gone.pk}/").status_code == 200

    def test_a_double_click_is_one_list(self, world: World, browse: Browse) -> None:
        client, content = browse("MAKER", "971"), registry_file(people(2))
        assert send(client, content) == send(client, content)

    def test_wrong_rows_come_back_as_the_same_file_with_reasons(self, world: World, browse: Browse) -> None:
        client = browse("MAKER", "971")
        page = send(client, registry_file([{**people(1)[0], "sex": "?"}]))
        work_on_uploads(clock=timezone.now)
        back = client.get(f"{page}ly-do/")
        assert "attachment" in back["Content-Disposition"]
        sheet = openpyxl.load_workbook(io.BytesIO(back.content)).worksheets[0]
        assert any("Lý do" in str(cell.value) for row in sheet.iter_rows() for cell in row)

    def test_headings_are_named_once_and_known_ever_after(self, world: World, browse: Browse) -> None:
        client = browse("MAKER", "971")
        content = renamed(registry_file(people(2)), "Họ và tên", "Danh xưng")
        page = send(client, content)
        work_on_uploads(clock=timezone.now)
        upload = RegistryUpload.objects.get()
        assert upload.stage == "NEEDS_MAPPING"
        assert "Danh xưng" in client.get(page).content.decode()
        form = {}
        for place, heading in enumerate(upload.headings):
            form[f"columns[{place}]position"] = heading["position"]
            form[f"columns[{place}]key"] = "name" if heading["text"] == "Danh xưng" else heading["key"]
        client.post(f"{page}ten-cot/", form)
        work_on_uploads(clock=timezone.now)
        upload.refresh_from_db()
        assert (upload.stage, HeadingMapping.objects.count()) == ("PREVIEWED", 1)
        client.post(f"{page}bo/")
        send(client, content)
        work_on_uploads(clock=timezone.now)
        assert RegistryUpload.objects.latest("pk").stage == "PREVIEWED"

    def test_headings_chosen_stay_chosen_when_one_is_lacking(self, world: World, browse: Browse) -> None:
        client = browse("MAKER", "971")
        content = renamed(renamed(registry_file(people(2)), "Họ và tên", "Danh xưng"), "Ngày sinh", "Chào đời")
        page = send(client, content)
        work_on_uploads(clock=timezone.now)
        headings = RegistryUpload.objects.get().headings
        place = next(at for at, heading in enumerate(headings) if heading["text"] == "Danh xưng")
        form = {f"columns[{at}]position": heading["position"] for at, heading in enumerate(headings)}
        form |= {
            f"columns[{at}]key": heading["key"] if heading["certain"] else "" for at, heading in enumerate(headings)
        }
        answer = client.post(f"{page}ten-cot/", {**form, f"columns[{place}]key": "name"})
        shown = answer.content.decode()
        assert (answer.status_code, "Còn cột bắt buộc chưa khai" in shown) == (409, True)
        select = shown.split(f'name="columns[{place}]key"')[1].split("</select>")[0]
        assert 'value="name" selected' in select

    def test_stops_and_goes_on(self, world: World, browse: Browse) -> None:
        client = browse("MAKER", "971")
        page = send(client, registry_file(people(2)))
        work_on_uploads(clock=timezone.now)
        digest = bytes(RegistryUpload.objects.get().preview_digest or b"").hex()
        client.post(f"{page}xac-nhan/", {"preview_digest": digest})
        client.post(f"{page}tam-dung/")
        assert "Nạp tiếp</button>" in client.get(page).content.decode()
        client.post(f"{page}nap-tiep/")
        work_on_uploads(clock=timezone.now)
        assert RegistryUpload.objects.get().stage == "DONE"


class TestTheDoorForFiles:
    def test_is_shut_to_another_district(self, world: World, browse: Browse) -> None:
        client = browse("MAKER", "971")
        answer = client.send(SEND, {"file": named(registry_file(people(1))), "unit": "97201"})
        assert (answer.status_code, RegistryUpload.objects.count()) == (404, 0)
        page = send(browse("MAKER", "972"), registry_file(people(1)), unit="97201")
        assert client.get(page).status_code == 404
        assert client.get(f"{page}ly-do/").status_code == 404
        assert client.post(f"{page}xac-nhan/", {"preview_digest": "00" * 32}).status_code == 404

    @pytest.mark.parametrize("who", [None, ("CHECKER", "971")])
    def test_reads_nothing_of_who_may_not_send(
        self, who: tuple[str, str] | None, world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = browse(*who) if who else Browser()
        monkeypatch.setattr(HttpRequest, "parse_file_upload", lambda *given: pytest.fail("the form was read"))
        answer = client.send(SEND, {"file": named(registry_file(people(1))), "unit": "97101"})
        assert answer.status_code == (403 if who else 302)

    def test_wants_the_forms_token(self, world: World) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(world.staff["MAKER", "971"])
        answer = strict.post(SEND, {"file": named(registry_file(people(1))), "unit": "97101"})
        assert (answer.status_code, RegistryUpload.objects.count()) == (403, 0)

    def test_is_as_wide_as_a_list_and_no_wider(self, world: World, browse: Browse) -> None:
        client, form = browse("MAKER", "971"), "multipart/form-data; boundary=x"
        told = [
            client.generic("POST", SEND, "", CONTENT_TYPE=form, CONTENT_LENGTH=str(length)).status_code
            for length in (MAX_BYTES + 2 * 64 * 1024, settings.MULTIPART_MAX_BYTES)
        ]
        assert told == [413, 413]
        answer = client.generic("POST", SEND, "", CONTENT_TYPE=form, CONTENT_LENGTH=str(2 * MAX_BYTES))
        assert f"không quá {MAX_BYTES >> 20} MB" in answer.content.decode()
        nobody = browse("CHECKER", "971").generic("POST", SEND, "", CONTENT_TYPE=form, CONTENT_LENGTH=str(MAX_BYTES))
        assert nobody.status_code == 403

    @pytest.mark.parametrize("content", [b"", b"khong phai bang tinh", b"PK\x03\x04hong"])
    def test_says_in_words_what_is_no_list(self, content: bytes, world: World, browse: Browse) -> None:
        client = browse("MAKER", "971")
        answer = client.send(SEND, {"file": named(content), "unit": "97101"}, follow=True)
        work_on_uploads(clock=timezone.now)
        last = answer.redirect_chain[-1][0] if answer.redirect_chain else None
        shown = client.get(last).content.decode() if last else answer.content.decode()
        assert 'class="said error"' in shown

    def test_what_was_typed_stays_when_it_is_refused(self, world: World, browse: Browse) -> None:
        client = browse("MAKER", "971")
        answer = client.send(SEND, {"unit": "97102", "sheet": "Trang 2"})
        shown = answer.content.decode()
        assert answer.status_code == 400
        assert 'href="#file"' in shown and 'value="97102" selected' in shown and 'value="Trang 2"' in shown
