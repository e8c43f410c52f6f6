"""The registry's system tells, communes look; nobody learns of people elsewhere (I13), and no number comes back (I14)."""

import unicodedata
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from beneficiaries.models import Case, FuneralFile, LifeEvent, LifeStatus
from beneficiaries.parsers import large_files
from beneficiaries.parsers.encodings import to_tcvn3, to_vni
from beneficiaries.parsers.spreadsheets import asked_apart
from beneficiaries.services.life_events import answer_notice
from beneficiaries.services.numbers import keep_identity_numbers
from tests.api.world import NOW, World
from tests.corrected import put_on_record

Client = Callable[[str, str], APIClient]
NUMBER = "097142000123"
# Windows-1258 writes a tone as a letter of its own behind its vowel.
_TONES = ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
IN_1258 = {
    ord(unicodedata.normalize("NFC", letter + tone)): letter + tone
    for letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in _TONES
    if len(unicodedata.normalize("NFC", letter + tone)) == 1
}
HEADING = "Mã sự kiện;Nguồn;Loại sự kiện;Thao tác;Về sự kiện;Thời điểm phát hành;Ngày xảy ra;Số định danh;Họ và tên;Năm sinh\n"


@pytest.fixture
def an(world: World) -> int:
    person = world.people["Trần Văn Ân"]
    put_on_record(person, number_id=keep_identity_numbers([NUMBER])[NUMBER])
    return person.pk


def message(**changes: object) -> dict[str, object]:
    return {
        "event_id": "E-1",
        "reported_by": "HOSPITAL",
        "kind": "DEATH",
        "issued_at": "2024-07-20T08:00:00+07:00",
        "occurred_on": "2024-07-19",
        "number": NUMBER,
        "full_name": "Trần Văn Ân",
        "birth_year": 1942,
        **changes,
    }


def tell(client: APIClient, *messages: dict[str, object]) -> dict[str, object]:
    answer = client.post("/api/life-events/", {"events": list(messages)}, format="json")
    assert answer.status_code == 200, answer.content
    assert NUMBER not in answer.content.decode()
    return answer.json()


def test_a_notice_is_held_seen_by_its_commune_alone_and_lifted(world: World, as_staff: Client, an: int) -> None:
    assert tell(as_staff("CIVIL_REGISTRY", "97"), message(), message())["added"] == 1
    mine = as_staff("COMMUNE_OFFICER", "97101")
    others = as_staff("COMMUNE_OFFICER", "97201")
    lift = {"answer": "LIFT", "note": "Đã gặp tại nhà."}

    assert [row["full_name"] for row in mine.get("/api/death-notices/").json()["results"]] == ["Trần Văn Ân"]
    assert others.get("/api/death-notices/").json()["results"] == []
    assert others.post(f"/api/death-notices/{an}/answer/", lift, format="json").status_code == 404
    read = mine.get("/api/death-notices/").json()["results"][0]["notice"]
    another = mine.post(f"/api/death-notices/{an}/answer/", lift | {"notice": read + 1}, format="json")
    assert another.json()["code"] == "NOTICE_NOT_OPEN"  # one that nobody has read is not answered by an old page
    assert mine.post(f"/api/death-notices/{an}/answer/", lift | {"notice": read}, format="json").status_code == 204
    assert mine.post(f"/api/death-notices/{an}/answer/", lift, format="json").json()["code"] == "NOTICE_NOT_OPEN"
    assert LifeStatus.objects.get().notice_on is None


def test_an_answer_holds_the_weighing_before_the_person_so_that_two_never_wait_for_each_other(
    world: World, as_staff: Client, an: int
) -> None:
    tell(as_staff("CIVIL_REGISTRY", "97"), message())
    with CaptureQueriesContext(connection) as done:
        answer_notice(beneficiary_id=an, answer="LIFT", note="Gặp ông", actor=world.staff["MAKER", "97"], now=NOW)
    said = [query["sql"] for query in done.captured_queries]
    first_hold = next(nth for nth, sql in enumerate(said) if "pg_advisory_xact_lock" in sql)
    first_lock = next(nth for nth, sql in enumerate(said) if "FOR UPDATE" in sql)
    assert first_hold < first_lock


def test_a_wrong_message_keeps_no_other_out(world: World, as_staff: Client, an: int) -> None:
    said = tell(as_staff("CIVIL_REGISTRY", "97"), message(occurred_on=None), message(event_id="E-2"))

    assert (said["added"], [problem["position"] for problem in said["problems"]]) == (1, [1])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": NUMBER}, "kind"),
        ({"issued_at": f"hôm qua {NUMBER}"}, "issued_at"),
        ({"number": NUMBER * 2}, "number"),
        ({"birth_year": 1066}, "birth_year"),
        ({"event_id": None}, "event_id"),
    ],
)
def test_one_that_can_not_be_read_keeps_no_other_out_and_is_not_quoted(
    world: World, as_staff: Client, an: int, wrong: dict[str, object], field: str
) -> None:
    unread = {"event_id": "E-2", **wrong} if "event_id" not in wrong else wrong
    said = tell(as_staff("CIVIL_REGISTRY", "97"), message(), message(**unread), message(event_id="E-3"))

    (problem,) = said["problems"]
    assert (said["received"], said["added"], problem["position"]) == (3, 2, 2)
    assert problem["sentence"].startswith(f"Chưa nhận sự kiện này: {field} ")
    assert set(LifeEvent.objects.values_list("event_id", flat=True)) == {"E-1", "E-3"}


def test_what_is_no_message_at_all_is_one_problem(world: World, as_staff: Client, an: int) -> None:
    answer = as_staff("CIVIL_REGISTRY", "97").post("/api/life-events/", {"events": ["?", message()]}, format="json")

    assert (answer.status_code, answer.json()["added"]) == (200, 1)
    (problem,) = answer.json()["problems"]
    assert (problem["position"], "nội dung không đúng dạng" in problem["sentence"]) == (1, True)


def test_a_key_no_message_has_refuses_the_whole_batch(world: World, as_staff: Client, an: int) -> None:
    """Misspelt by the sender's program, it is in every message: kept without it, each would say something else than was meant."""
    batch = {"events": [message(), message(event_id="E-2", ocurred_on="2024-07-19")]}
    answer = as_staff("CIVIL_REGISTRY", "97").post("/api/life-events/", batch, format="json")

    assert (answer.status_code, answer.json()["conflicts"]) == (
        400,
        ["trường không có: events.ocurred_on", "các trường nhận: events"],
    )
    assert not LifeEvent.objects.exists()


def test_an_officer_of_another_commune_learns_nothing_from_the_answer(world: World, as_staff: Client, an: int) -> None:
    officer = as_staff("COMMUNE_OFFICER", "97201")
    known = tell(officer, message(reported_by="COMMUNE"))
    unknown = tell(officer, message(reported_by="COMMUNE", event_id="E-2", number="097142999999"))

    assert known == unknown
    assert not LifeStatus.objects.filter(notice_on__isnull=False).exists()


def test_a_csv_and_the_feed_are_one(world: World, as_staff: Client, an: int) -> None:
    client = as_staff("MAKER", "97")
    row = f"E-1;Bệnh viện;Tử vong;Báo;;20/07/2024 08:00;19/07/2024;{NUMBER};Trần Văn Ân;1942\n"
    for added in (1, 0):
        upload = BytesIO((HEADING + row).encode("utf-8-sig"))
        upload.name = "su-kien.csv"
        said = client.post("/api/life-events/file/", {"file": upload}, format="multipart").json()
        assert said["added"] == added
    assert tell(client, message())["repeated"] == 1
    assert client.get(f"/api/life-events/files/{said['file']}/").json() == {"weighed": 1, "events": 1}
    assert as_staff("MAKER", "971").get(f"/api/life-events/files/{said['file']}/").status_code == 404
    assert LifeEvent.objects.count() == 1


def send_file(client: APIClient, content: bytes, address: str = "") -> Any:
    upload = BytesIO(content)
    upload.name = "su-kien.csv"
    return client.post(f"/api/life-events/file/{address}", {"file": upload}, format="multipart")


ROW = f"{{}};Bệnh viện;Tử vong;Báo;;20/07/2024 08:00;19/07/2024;{NUMBER};Trần Văn Ân;1942\n"


@pytest.mark.parametrize(
    "write",
    [
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-8-sig"),
        lambda text: unicodedata.normalize("NFC", text).translate(IN_1258).encode("cp1258"),
        lambda text: to_tcvn3(text).encode("latin-1"),
        lambda text: to_vni(text).encode("latin-1"),
    ],
    ids=["utf-16", "mark", "windows-1258", "tcvn3", "vni"],
)
def test_a_file_is_read_in_whatever_encoding(
    write: Callable[[str], bytes], world: World, as_staff: Client, an: int
) -> None:
    answer = send_file(as_staff("MAKER", "97"), write(HEADING + ROW.format("E-1"))).json()

    assert (answer["added"], answer["problems"]) == (1, [])
    assert LifeStatus.objects.get(notice_on__isnull=False).beneficiary_id == an


@pytest.mark.parametrize("address", ["", "reasons/"])
def test_a_large_file_is_read_apart_sent_or_only_looked_at(
    address: str, world: World, as_staff: Client, an: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noted(module: str, content: bytes, *arguments: str) -> bytes:
        asked.append(module)
        return asked_apart(module, content, *arguments)

    monkeypatch.setattr(large_files, "LARGE_TEXT", 0)
    monkeypatch.setattr(large_files, "asked_apart", noted)

    answer = send_file(as_staff("MAKER", "97"), (HEADING + ROW.format("E-1")).encode(), address)

    assert answer.status_code == 200
    assert set(asked) == {"beneficiaries.parsers.sheets_apart"}


def test_a_row_is_refused_by_column_and_comes_back_as_a_file(world: World, as_staff: Client, an: int) -> None:
    client = as_staff("MAKER", "97")
    bad = "E-2;Bệnh viện;Mất tích;Báo;;20/07/2024 08:00;hôm qua;12345;Trần Văn Ân;1942\n"
    content = (HEADING + ROW.format("E-1") + bad).encode()

    looked = send_file(client, content, "reasons/")
    assert not LifeEvent.objects.exists()  # only looked at
    said = send_file(client, content).json()

    assert (said["added"], [one["position"] for one in said["problems"]]) == (1, [3])
    for column in ("Loại sự kiện", "Ngày xảy ra", "Số định danh"):
        assert f"ột “{column}”: " in said["problems"][0]["sentence"]
    rows = list(openpyxl.load_workbook(BytesIO(looked.content)).active.iter_rows(values_only=True))
    assert rows[0][-1] == "Lý do, việc cần làm" and rows[1][-1] is None
    assert rows[2][-1] == f"KHÔNG NHẬN DÒNG NÀY. {said['problems'][0]['sentence']}"


def test_a_file_with_other_columns_is_refused_whole(world: World, as_staff: Client) -> None:
    upload = BytesIO("Mã sự kiện;Nguồn;B\n1;2;3\n".encode())
    upload.name = "x.csv"
    answer = as_staff("MAKER", "97").post("/api/life-events/file/", {"file": upload}, format="multipart")

    assert (answer.status_code, answer.json()["code"]) == (409, "COLUMNS_MISSING")


def test_a_funeral_file_moves_by_the_official_statuses_with_reasons(world: World, as_staff: Client, an: int) -> None:
    tell(as_staff("CIVIL_REGISTRY", "97"), message(reported_by="CIVIL_REGISTRY"))
    file = FuneralFile.objects.get()
    mine = as_staff("COMMUNE_OFFICER", "97101")
    url = f"/api/funeral-files/{file.pk}/status/"

    assert as_staff("COMMUNE_OFFICER", "97201").post(url, {"status": "SETTLED"}, format="json").status_code == 404
    assert mine.post(url, {"status": "SUPPLEMENT"}, format="json").json()["code"] == "FUNERAL_FILE_REFUSED"
    said = mine.post(url, {"status": "SUPPLEMENT", "reason": "thiếu trích lục", "file_number": "H47-1"}, format="json")
    assert (said.status_code, said.json()["file_number"]) == (200, "H47-1")
    counts = as_staff("LEADER", "97").get("/api/funeral-files/counts/").json()
    assert Case.objects.get(kind="FUNERAL").status == "OPEN"
    assert mine.post(url, {"status": "SETTLED"}, format="json").status_code == 200
    assert Case.objects.get(kind="FUNERAL").status == "SOLVED"
    assert counts == [{"status": "SUPPLEMENT", "reason": "thiếu trích lục", "files": 1}]
