"""Matching: only number, name, birth year and sex together are proof; everything else is a case for a person."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.test import Client

from beneficiaries.api.cases import shown
from beneficiaries.errors import NoProvince, OrderJustTaken
from beneficiaries.linkage.engine import load_model
from beneficiaries.linkage.people_names import read_name
from beneficiaries.models import (
    RULES,
    Beneficiary,
    Case,
    CaseKind,
    Enrolment,
    IdentityMatch,
    IdentityRecord,
    MatchCandidate,
    MatchOrder,
    MatchRun,
    ReceivedFile,
)
from beneficiaries.services.identity import match as match_room
from beneficiaries.services.identity.match import Matching, match_people
from beneficiaries.services.identity.nightly_matching import order_nightly_matching
from beneficiaries.services.identity.order_matching import TRIES, order_matching, work_on_match_orders
from beneficiaries.services.intake import import_registry as take_in_room
from payments.models import Alarm
from payments.services.alarms import watch
from staff.models import AdministrativeUnit
from tests.beneficiaries.office_files import people, person, registry_file
from tests.beneficiaries.offices import ELSEWHERE, HOME, NOW, Offices, the_person
from tests.corrected import put_on_record

ALL_OTHERS = "SELECT status, reason FROM beneficiaries_bankaccount ORDER BY id"


def match(offices: Offices) -> Matching:
    return match_people(actor_id=offices.maker.pk, now=NOW)


def _residents(count: int) -> list[dict[str, str]]:
    return [{"so_dinh_danh": row["number"], "ho_ten": row["name"]} for row in people(count)]


def _links() -> set[tuple[str, str | None]]:
    return set(Beneficiary.objects.values_list("full_name", "identity__full_name"))


class TestByCommand:
    def test_tells_its_steps_and_when_broken_off_has_written_nothing_and_goes_on_the_next_time(
        self, offices: Offices, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        offices.know_residents({})
        offices.receive(person())
        with monkeypatch.context() as patched, pytest.raises(CommandError, match="Đã dừng, chưa ghi gì"):
            patched.setattr(match_room, "write_links", _broken_off)
            call_command("match", actor="nguoilap")
        assert not MatchRun.objects.exists() and MatchOrder.objects.get().stage == "WAITING"

        capsys.readouterr()
        call_command("match", actor="nguoilap")

        said = capsys.readouterr().out
        assert "[1/4] " in said and "[4/4] " in said and "Khớp đúng 1;" in said
        assert "Số định danh, họ tên, ngày sinh, giới tính: 1" in said and "NUMBER_" not in said
        assert MatchOrder.objects.get().stage == "DONE"

    def test_of_a_list_broken_off_writes_nothing_of_that_file(
        self, offices: Offices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "xa.xlsx"
        path.write_bytes(registry_file([person()]))
        given = {"unit": HOME, "actor": "nguoilap"}
        with monkeypatch.context() as patched, pytest.raises(CommandError, match="tệp này chưa ghi gì"):
            patched.setattr(take_in_room, "take_in", _broken_off)
            call_command("import_registry", path, **given)
        assert not Enrolment.objects.exists() and not ReceivedFile.objects.exists()
        call_command("import_registry", path, **given)
        assert Enrolment.objects.count() == 1


def _broken_off(*args: Any, **given: Any) -> Any:
    raise KeyboardInterrupt


class TestByNight:
    """The clock orders what somebody would order in the morning, and nothing where nothing can be found."""

    def test_is_ordered_in_the_name_of_who_ordered_last_and_only_for_something_new(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(person())
        assert order_nightly_matching(now=NOW) is None  # in nobody's name
        order_matching(actor=offices.maker, now=NOW)
        work_on_match_orders(clock=lambda: NOW)
        assert order_nightly_matching(now=NOW) is None  # everybody is matched
        offices.receive(person(code="97101-000002", name="Lê Thị Bình", number="097042000777"))
        ordered = order_nightly_matching(now=NOW)
        assert ordered is not None
        assert ordered.ordered_by == offices.maker
        work_on_match_orders(clock=lambda: NOW)
        assert order_nightly_matching(now=NOW) is None  # she waits for a person, and the residents are the same
        offices.know_residents({"so_dinh_danh": "097042000778", "ho_ten": "Lê Thị Bình"})
        assert order_nightly_matching(now=NOW) is not None

    def test_ordered_while_one_waits_is_the_same_and_where_there_is_no_province_says_so(self, offices: Offices) -> None:
        first = order_matching(actor=offices.maker, now=NOW)
        assert order_matching(actor=offices.maker, now=NOW) == first
        AdministrativeUnit.objects.filter(kind="PROVINCE").update(kind="DISTRICT")
        with pytest.raises(NoProvince):
            order_matching(actor=offices.maker, now=NOW)

    @pytest.mark.parametrize("lost", [1, 3])
    def test_ordered_just_when_the_one_that_waited_ends_is_a_new_one_or_says_so(
        self, offices: Offices, monkeypatch: pytest.MonkeyPatch, lost: int
    ) -> None:
        create, losses = MatchOrder.objects.create, iter([True] * lost)

        def beaten(**given: Any) -> MatchOrder:
            if next(losses, False):
                raise IntegrityError
            return create(**given)

        monkeypatch.setattr(MatchOrder.objects, "create", beaten)
        if lost < TRIES:
            assert order_matching(actor=offices.maker, now=NOW).stage == "WAITING"
        else:
            with pytest.raises(OrderJustTaken):
                order_matching(actor=offices.maker, now=NOW)

    def test_that_did_not_come_to_its_end_is_an_alarm(self, offices: Offices) -> None:
        offices.receive(person())
        late = [NOW + timedelta(hours=hours) for hours in (29, 31)]
        assert [watch(now=at) and Alarm.objects.filter(kind="MATCHING_LATE").exists() for at in late] == [0, True]
        offices.know_residents({})
        order_matching(actor=offices.maker, now=late[1])
        work_on_match_orders(clock=lambda: late[1])
        watch(now=late[1])
        assert not Alarm.objects.filter(kind="MATCHING_LATE", cleared_at=None).exists()
        Beneficiary.objects.update(identity_status="UNCHECKED")  # put right since, or taken in while it ran
        nights = [late[1] + timedelta(hours=hours) for hours in (29, 31)]
        open_ones = Alarm.objects.filter(kind="MATCHING_LATE", cleared_at=None)
        assert [(watch(now=at), open_ones.exists())[1] for at in nights] == [False, True]


class TestMatch:
    @pytest.mark.parametrize(
        "typed",
        [
            {},
            {"name": "NGUYEN VAN AN"},
            {"name": "NguyễnVăn An"},
            {"birth": 1942},
            {"birth": "09/05/1942"},
            {"number": 97042000001},
            {"number": "097 042 000 001"},
        ],
    )
    def test_is_automatic_when_number_name_year_and_sex_agree(self, offices: Offices, typed: dict[str, Any]) -> None:
        offices.know_residents({})
        offices.receive(person(**typed))
        assert match(offices) == Matching(matched=1, cases=0, duplicates=0)
        assert (the_person().identity_status, the_person().identity.full_name) == ("MATCHED", "Nguyễn Văn An")

    @pytest.mark.parametrize(
        ("typed", "reason"),
        [
            ({"name": "Nguyễn Văn Ân Em"}, "NUMBER_OF_ANOTHER"),
            ({"birth": "05/09/1943"}, "NUMBER_OF_ANOTHER"),
            ({"birth": "không rõ"}, "BIRTH_MISSING"),
            ({"birth": "không rõ", "name": "Nguyễn Văn Ân Em"}, "NUMBER_OF_ANOTHER"),
            ({"birth": "không rõ", "sex": "Nữ"}, "NUMBER_OF_ANOTHER"),
            ({"number": "042000001", "birth": "không rõ"}, "NUMBER_NOT_FOUND"),
            ({"number": "097042999999", "birth": 1942}, "NUMBER_NOT_FOUND"),
            ({"number": "097042000002", "name": "Trần Thị Bình"}, "NUMBER_NOT_FOUND"),
            ({"number": "", "birth": 1942, "hamlet": "Thôn 9"}, "NUMBER_MISSING"),
        ],
    )
    def test_is_left_to_a_person_when_name_or_birth_year_differ_or_too_little_is_known(
        self, offices: Offices, typed: dict[str, Any], reason: str
    ) -> None:
        offices.know_residents({})
        offices.receive(person(**typed))
        assert match(offices) == Matching(matched=0, cases=1, duplicates=0)
        case = Case.objects.get()
        assert (the_person().identity_status, the_person().identity) == ("REVIEW", None)
        assert (case.kind, case.reason, case.status, case.unit.code) == ("IDENTITY", reason, "OPEN", HOME)

    @pytest.mark.parametrize(
        ("typed", "known", "said"),
        [
            ({"birth": "không rõ"}, {}, "Danh sách thiếu ngày, năm sinh"),
            ({}, {"ngay_sinh": ""}, "Dữ liệu dân cư không có năm sinh"),
        ],
    )
    def test_where_only_the_birth_is_missing_nobody_reads_that_the_number_is_anothers(
        self, offices: Offices, typed: dict[str, Any], known: dict[str, Any], said: str
    ) -> None:
        offices.know_residents(known)
        offices.receive(person(**typed))
        match(offices)
        case = Case.objects.get()
        assert RULES[CaseKind.IDENTITY, case.reason].label.startswith(said)
        assert "người khác" not in str(case.evidence)

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"number": "097042000002"}, "+14 số định danh lệch một chữ số hoặc đảo hai chữ số"),
            ({"number": "097402000001"}, "+14 số định danh lệch một chữ số hoặc đảo hai chữ số"),
            ({"sex": "Nữ"}, "−7 giới tính khác"),
            ({"birth": "09/05/1942", "name": "Nguyễn Văn Am"}, "+9 ngày và tháng sinh đảo nhau"),
            ({"name": "An Nguyễn Văn"}, "+9 họ tên trùng, đảo thứ tự các chữ"),
        ],
    )
    def test_on_points_says_what_each_field_counted(self, offices: Offices, typed: dict[str, Any], said: str) -> None:
        offices.know_residents({})
        offices.receive(person(**typed))
        assert match(offices).matched == 1
        found = IdentityMatch.objects.get()
        assert found.rule == "POINTS_NUMBER"
        assert said in found.evidence

    @pytest.mark.parametrize("name", ["Ông Nguyễn Văn An", "Nguyễn Văn An (thương binh)", "Cụ Nguyễn Văn An"])
    def test_reads_past_what_a_list_writes_around_a_name(self, offices: Offices, name: str) -> None:
        offices.know_residents({})
        offices.receive(person(name=name))
        assert match(offices).matched == 1
        assert IdentityMatch.objects.get().rule == "NUMBER_NAME_DATE_SEX"
        assert the_person().full_name == name

    @pytest.mark.parametrize(
        ("written", "resident"),
        [("CHU NGOC LAN", "Chu Ngọc Lan"), ("Ông Ngọc Lan", "Ông Ngọc Lan"), ("Nguyễn Văn - An", "Nguyễn Văn An")],
    )
    def test_takes_no_surname_for_a_title_nor_a_name_for_a_remark(
        self, offices: Offices, written: str, resident: str
    ) -> None:
        """Whoever is called just that is meant, not their namesake without the first word."""
        offices.know_residents(
            {"ho_ten": resident},
            {"ho_ten": read_name(written).text, "so_dinh_danh": "097042000777"},
        )
        offices.receive(person(name=written), person(name=written, number="", code="97101-000002"))
        assert match(offices).matched >= 1
        assert {one.identity.full_name for one in IdentityMatch.objects.select_related("identity")} == {resident}

    def test_shows_a_person_whom_it_may_be_and_forgets_it_once_it_is_known(self, offices: Offices) -> None:
        offices.know_residents({}, {"so_dinh_danh": "097042000777", "ngay_sinh": "06/09/1942"})
        offices.receive(person(number="", birth=1942))
        match(offices)
        shown = MatchCandidate.objects.order_by("rank")
        assert {candidate.identity.birth_date.day for candidate in shown} == {5, 6}
        assert Case.objects.get().evidence == [
            "có nhiều người cùng phù hợp",
            *MatchCandidate.objects.get(rank=1).evidence,
        ]
        put_on_record(the_person(), number_id=IdentityRecord.objects.get(birth_date="1942-09-05").number_id)
        assert match(offices).matched == 1
        assert not MatchCandidate.objects.exists()

    def test_leaves_the_dead_to_a_person_unless_number_name_year_and_sex_prove_it(self, offices: Offices) -> None:
        offices.know_residents({"ngay_mat": "01/02/2024"})
        offices.receive(person(number="097042000002"))
        assert match(offices).matched == 0
        assert Case.objects.get().evidence[0] == "dữ liệu dân cư ghi người này đã mất"

    def test_never_gives_one_resident_to_two_people_on_points(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(person(number="097042000002"), person(code="97101-000002", number="097042000003"))
        assert match(offices).matched == 0
        assert {case.evidence[0] for case in Case.objects.all()} == {"người này cũng khớp với hồ sơ khác, nghi trùng"}

    def test_names_in_its_manifest_what_it_stood_on_and_how_groups_fared(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(person(), person(code="97101-000002", name="Ai Đó", number=""))
        match(offices)
        manifest = MatchRun.objects.get().manifest
        assert manifest["model"] == load_model().version
        assert manifest["rules"] == {"NUMBER_NAME_DATE_SEX": 1}
        assert manifest["groups"]["over_eighty"] == {"AUTO": 1, "NONE": 1}
        assert manifest["groups"]["no_number"] == {"NONE": 1}
        assert manifest["extract"]["residents"] == 1

    def test_says_why_in_words_a_clerk_reads(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(person(birth=1942))
        match(offices)
        assert IdentityMatch.objects.get().evidence == [
            "số định danh trùng",
            "họ tên trùng",
            "năm sinh trùng",
            "giới tính trùng",
        ]

    def test_of_a_conflict_says_what_differs(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(person(name="Trần Văn Bảy", sex="Nữ"))
        match(offices)
        assert Case.objects.get().evidence == [
            "số định danh trong danh sách là của người khác",
            "+18 số định danh trùng",
            "−9 họ tên khác",
            "+11 ngày sinh trùng",
            "−7 giới tính khác",
            "cùng xã",
            "+3 cùng thôn",
        ]

    def test_is_made_with_somebody_who_died(self, offices: Offices) -> None:
        offices.know_residents({"ngay_mat": "01/02/2024"})
        offices.receive(person())
        assert match(offices).matched == 1

    def test_is_made_with_somebody_registered_elsewhere(self, offices: Offices) -> None:
        offices.know_residents({"ma_xa": ELSEWHERE})
        offices.receive(person())
        assert match(offices).matched == 1

    def test_again_changes_nothing(self, offices: Offices) -> None:
        offices.know_residents(*_residents(2))
        offices.receive(*people(4))
        match(offices)
        before = (
            list(Beneficiary.objects.order_by("pk").values()),
            list(Case.objects.order_by("pk").values()),
            IdentityMatch.objects.count(),
        )
        assert match(offices) == Matching(matched=0, cases=0, duplicates=0)
        after = (
            list(Beneficiary.objects.order_by("pk").values()),
            list(Case.objects.order_by("pk").values()),
            IdentityMatch.objects.count(),
        )
        assert after == before

    @pytest.mark.parametrize("seed", range(4))
    def test_does_not_depend_on_the_order_of_rows(self, offices: Offices, seed: int) -> None:
        rows = [*people(6), person(code="97101-000099", name="Trần Thị Khác", number="097042000003")]
        chance = random.Random(seed)
        offices.know_residents(*chance.sample(_residents(5), 5))
        offices.receive(*chance.sample(rows, len(rows)))
        counts = match(offices)
        assert counts == Matching(matched=5, cases=2, duplicates=0)
        assert _links() == {(row["name"], row["name"]) for row in people(5)} | {
            ("Nguyễn Văn F", None),
            ("Trần Thị Khác", None),
        }

    def test_is_made_when_the_extract_comes_later_and_closes_the_case(self, offices: Offices) -> None:
        offices.receive(person())
        match(offices)
        offices.know_residents({})
        assert match(offices).matched == 1
        case = Case.objects.get()
        assert (case.status, case.decided_by, case.decided_at) == ("SOLVED", offices.maker, NOW)

    def test_leaves_every_account_and_enrolment_as_it_was(self, offices: Offices) -> None:
        offices.receive(
            person(account="5550100001", bank="Agribank"),
            person(code="97101-000002", number="", account="5550100002", bank="Agribank"),
        )
        with connection.cursor() as cursor:
            before = cursor.execute(ALL_OTHERS).fetchall()
            match(offices)
            assert cursor.execute(ALL_OTHERS).fetchall() == before


class TestDuplicate:
    def test_two_rows_with_one_number_in_one_programme_are_a_case_about_the_second(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(person(), person(code="97101-000002"))
        assert match(offices) == Matching(matched=1, cases=0, duplicates=1)
        case = Case.objects.get()
        assert (case.kind, case.reason, case.enrolment.code) == ("DUPLICATE", "SAME_PROGRAMME_TWICE", "97101-000002")

    def test_names_the_other_record_to_whoever_it_is_within_reach_of_and_to_nobody_else(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(person())
        offices.receive(person(code="97102-000001"), commune=ELSEWHERE)
        match(offices)
        case = Case.objects.get()
        there = shown(offices.officers[ELSEWHERE], case.pk).data
        assert (there["other"], there["evidence"]) == (None, ["đang hưởng nơi khác: có"])
        above = shown(offices.maker, case.pk).data
        assert above["other"]["code"] == "97101-000001" and "97101-000001" in above["evidence"][0]
        assert "97101-000001" not in str(there)
        client = Client()
        client.force_login(offices.maker)
        page = client.get(f"/viec/{case.pk}/").content.decode()
        assert f"/ho-so/{above['other']['enrolment_id']}/" in page and "nơi khác: có" not in page

    def test_one_person_on_the_lists_of_two_communes_is_seen_as_one(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(person())
        offices.receive(person(code="97102-000001"), commune=ELSEWHERE)
        assert match(offices) == Matching(matched=2, cases=0, duplicates=1)
        assert the_person("97102-000001").same_as == the_person()
        assert Case.objects.get().unit.code == ELSEWHERE

    def test_one_person_of_two_communes_is_one_where_no_extract_knows_the_number(self, offices: Offices) -> None:
        """Number, name, year and sex prove one resident; they prove one person too. Else somebody not in the extract is paid twice."""
        offices.know_residents({"so_dinh_danh": "097042000099", "ho_ten": "Trần Văn Khác"})
        offices.receive(person())
        offices.receive(
            person(code="97102-000001"),
            person(code="97102-000002", name="Nguyễn Văn Ánh"),
            commune=ELSEWHERE,
        )
        assert match(offices).duplicates == 1
        assert the_person("97102-000001").same_as == the_person()
        assert the_person("97102-000002").same_as is None
        assert Case.objects.get(kind="DUPLICATE").enrolment.code == "97102-000001"
        assert match(offices).duplicates == 0

    def test_tells_the_second_commune_nothing_but_that_there_is_another(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(person())
        offices.receive(person(code="97102-000001"), commune=ELSEWHERE)
        match(offices)
        assert Case.objects.get().evidence[0] == "đang hưởng nơi khác: có"

    def test_is_found_once_however_often_one_looks(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(person(), person(code="97101-000002"))
        match(offices)
        assert match(offices).duplicates == 0
        assert Case.objects.count() == 1

    def test_two_programmes_are_none(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(person(), person(code="97101-000002", programme="NCC", category="TB-1"))
        assert match(offices).duplicates == 0

    def test_two_merit_grounds_are_none_but_the_same_ground_twice_is(self, offices: Offices) -> None:
        offices.know_residents({})
        merit = person(programme="NCC", category="TB-1")
        offices.receive(merit, {**merit, "code": "97101-000002", "category": "TNLS"}, {**merit, "code": "97101-000003"})
        assert match(offices).duplicates == 1
        assert Case.objects.get().enrolment.code == "97101-000003"

    def test_twins_are_none(self, offices: Offices) -> None:
        offices.know_residents({}, {"so_dinh_danh": "097042000002", "ho_ten": "Nguyễn Văn Ánh"})
        offices.receive(person(), person(code="97101-000002", name="Nguyễn Văn Ánh", number="097042000002"))
        assert match(offices) == Matching(matched=2, cases=0, duplicates=0)
