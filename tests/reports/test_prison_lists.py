"""Who served a sentence while money came: of the list only ours are kept, the question answers from it and says of which days there is no list."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from rest_framework.test import APIClient

from beneficiaries.linkage.names import name_key
from beneficiaries.models import IDENTITY_NUMBER, Beneficiary, Enrolment, IdentityNumber
from beneficiaries.parsers.prison_lists import COLUMNS
from reconciliation.errors import PrisonListDaysImpossible
from reconciliation.models import PrisonList, PrisonStay
from reconciliation.reports.rolls.question_data import data_for
from reconciliation.reports.rolls.questions import answer
from reconciliation.services.inspections.prison_lists import receive_prison_list, work_on_prison_lists
from staff.encryption import search_digest
from staff.errors import NotAllowed
from staff.models import AdministrativeUnit, Role, User
from tests.beneficiaries.office_files import table
from tests.reports.world import AUGUST, JULY, NOW, QUARTER, SEPTEMBER, World

OURS = "097042000001"
ROW = {"full_name": "Nguyễn Văn 1", "birth": "", "identity": OURS, "from_on": "01/07/2024", "until_on": "", "paper": "12/2024/HS-ST"}  # fmt: skip
QUESTION = "in-prison"


def sent(world: World, *rows: dict[str, str], unit: AdministrativeUnit | None = None, **more: Any) -> PrisonList:
    where = unit or world.province
    actor, _ = User.objects.get_or_create(username=f"lap-{where.code}", full_name="Lập", role=Role.MAKER, unit=where)
    given = {
        "issuer": "Công an tỉnh",
        "paper": "214/CAT",
        "from_on": date(2024, 1, 1),
        "until_on": date(2024, 9, 30),
    } | more
    content = table([{**ROW, **row} for row in rows], columns=COLUMNS)
    order = receive_prison_list(content=content, unit=where, actor=actor, now=NOW, **given)
    work_on_prison_lists(clock=lambda: NOW, order_id=order.pk)
    order.refresh_from_db()
    return order


def paid_person(world: World, *, number: str = OURS) -> Enrolment:
    """Đỗ Thị Én, paid for each month of the quarter; without a number in our registries where it is empty."""
    known = (
        IdentityNumber.objects.create(digest=search_digest(number, purpose=IDENTITY_NUMBER), sealed=b"s")
        if number
        else None
    )
    person = Beneficiary.objects.create(
        full_name="Đỗ Thị Én", name_key=name_key("Đỗ Thị Én"), sort_key="1", sex="FEMALE", birth_date=date(1970, 3, 4), birth_year=1970,
        unit=world.communes[0], number=known,
    )  # fmt: skip
    enrolment = world.enrol(person, starts=date(2023, 1, 1))
    for month in (JULY, AUGUST, SEPTEMBER):
        world.pay(enrolment, month)
    world.play()
    return enrolment


@pytest.fixture
def paid(world: World) -> Enrolment:
    return paid_person(world)


def found(world: World) -> list[tuple[object, ...]]:
    return [(row[1], row[4]) for row in answer(question=QUESTION, unit=world.province, now=NOW, **QUARTER).cells]


class TestTheAnswer:
    @pytest.mark.parametrize(
        ("from_on", "until_on", "months"),
        [
            ("01/07/2024", "", 3),
            ("02/07/2024", "", 2),  # July began before
            ("01/01/2024", "31/07/2024", 1),
            ("01/01/2024", "01/08/2024", 2),  # August's first day was the last one
            ("01/01/2024", "30/06/2024", 0),
            ("02/09/2024", "", 0),
        ],
    )  # fmt: skip
    def test_counts_months_that_began_inside(self, world: World, paid: Enrolment, from_on: str, until_on: str, months: int):  # fmt: skip
        sent(world, {"from_on": from_on, "until_on": until_on})

        assert found(world) == ([(paid.code, months * 500_000)] if months else [])

    def test_follows_the_list_that_reaches_furthest(self, world: World, paid: Enrolment):
        """An end that was not known is told by the next list; an older list that comes later takes nothing back."""
        sent(world, {})
        sent(world, {"until_on": "31/07/2024"}, until_on=date(2024, 10, 1))
        sent(world, {"paper": "bản cũ"}, until_on=date(2024, 8, 1))

        assert found(world) == [(paid.code, 500_000)]

    def test_names_whoever_has_two_files_and_says_where_it_is_from(self, world: World, paid: Enrolment):
        other = world.person()
        world.batches.clear()
        Beneficiary.objects.filter(pk=other.beneficiary_id).update(same_as=paid.beneficiary)
        sent(world, {})
        roll = answer(question=QUESTION, unit=world.province, now=NOW, **QUARTER)

        assert roll.cells[0][5] == "Chấp hành án từ 01/07/2024, danh sách chưa ghi ngày về, 12/2024/HS-ST; 3 tháng"
        assert "danh sách của Công an tỉnh, văn bản 214/CAT, từ 01/01/2024 đến 30/9/2024" in roll.notes[0]

    @pytest.mark.parametrize(
        ("row", "registered", "named"),
        [
            ({"identity": ""}, True, True),
            ({"identity": ""}, False, True),
            ({"identity": "097042000009"}, True, False),  # another number: another person of the same name
            ({"identity": "097042000009"}, False, True),  # our record has none to compare with
            ({"identity": "", "birth": "05/03/1970"}, True, False),
            ({"identity": "", "full_name": "Nguyễn Văn Khác"}, True, False),
        ],
    )
    def test_by_name_and_birth_date_asks_a_person_to_look(
        self, world: World, row: dict[str, str], registered: bool, named: bool
    ):
        paid_person(world, number=OURS if registered else "")
        sent(world, {"full_name": "ĐỖ THỊ ÉN", "birth": "04/03/1970"} | row)
        told = [row[5] for row in answer(question=QUESTION, unit=world.province, now=NOW, **QUARTER).cells]

        assert [str(one).endswith("khớp họ tên và ngày sinh, cần xác minh") for one in told] == [True] * named


class TestWhatIsMissing:
    def test_is_everything_where_there_is_no_list(self, world: World):
        data = data_for(QUESTION, unit=world.province, **QUARTER)

        assert not data.answerable
        assert data.missing[0] == (
            "Chưa có danh sách người chấp hành án phạt tù của tỉnh An Sơn từ ngày 01/7/2024 đến ngày 30/9/2024."
        )

    def test_are_the_days_no_list_speaks_of(self, world: World, paid: Enrolment):
        sent(world, {}, from_on=date(2024, 7, 5), until_on=date(2024, 7, 20))
        sent(world, {}, from_on=date(2024, 7, 15), until_on=date(2024, 8, 31))
        data = data_for(QUESTION, unit=world.communes[0], **QUARTER)  # a list of the province speaks for its communes

        assert data.answerable
        assert [one.partition(" từ ngày ")[2] for one in data.missing] == [
            "01/7/2024 đến ngày 04/7/2024.",
            "01/9/2024 đến ngày 30/9/2024.",
        ]

    def test_is_nothing_of_a_period_that_lists_speak_of(self, world: World, paid: Enrolment):
        sent(world, {}, from_on=JULY, until_on=date(2024, 7, 31))
        sent(world, {}, from_on=AUGUST, until_on=date(2024, 9, 30))

        assert data_for(QUESTION, unit=world.province, **QUARTER).missing == ()

    def test_is_said_where_only_a_part_sent_one(self, world: World, paid: Enrolment):
        sent(world, {}, unit=world.communes[0])
        data = data_for(QUESTION, unit=world.province, **QUARTER)

        assert data.answerable and world.communes[0].name in data.missing[1]
        assert not data_for(QUESTION, unit=world.communes[1], **QUARTER).answerable

    def test_a_list_that_was_refused_speaks_of_nothing(self, world: World):
        order = sent(world)

        assert (order.stage, order.problem_code, order.sealed) == ("REFUSED", "FILE_IS_EMPTY", None)
        assert not data_for(QUESTION, unit=world.province, **QUARTER).answerable


class TestAList:
    def test_keeps_of_its_people_only_ours_and_is_forgotten(self, world: World, paid: Enrolment):
        order = sent(world, {}, {"identity": "097142000009"})

        assert (order.rows, order.ours, order.rejected, order.sealed) == (2, 1, 0, None)
        assert [stay.beneficiary_id for stay in PrisonStay.objects.all()] == [paid.beneficiary_id]

    def test_with_bad_rows_names_them_and_takes_the_rest(self, world: World, paid: Enrolment):
        order = sent(
            world, {}, {"from_on": "năm ngoái"}, {"identity": "", "birth": ""}, {"until_on": "30/06/2024"}, {"from_on": "01/10/2024"}
        )  # fmt: skip

        assert (order.rows, order.ours, order.rejected) == (5, 1, 4)
        assert [one.split("; mời")[0] for one in order.problems] == [
            "Dòng 4: cột “Chấp hành án từ ngày”: chỉ có chữ",
            "Dòng 5: cột “Ngày sinh”: để trống",
            "Dòng 6: cột “Đến ngày”: sớm hơn ngày bắt đầu",
            "Dòng 7: cột “Chấp hành án từ ngày”: sau ngày cuối của danh sách",
        ]
        assert not [one for one in order.problems if OURS in one]

    def test_counts_once_by_its_bytes_and_days(self, world: World, paid: Enrolment):
        first, again = sent(world, {}), sent(world, {})

        assert first.pk == again.pk
        assert sent(world, {}, until_on=date(2024, 9, 29)).pk != first.pk

    def test_is_of_the_own_reach_and_of_days_that_were(self, world: World):
        officer = User.objects.create(username="xa", full_name="Xã", role=Role.COMMUNE_OFFICER, unit=world.communes[0])
        given: dict[str, Any] = {"content": b"x", "issuer": "CA", "paper": "1", "from_on": JULY, "now": NOW}
        with pytest.raises(NotAllowed):
            receive_prison_list(unit=world.province, actor=officer, until_on=AUGUST, **given)
        for day in (JULY - timedelta(days=1), NOW.date() + timedelta(days=1)):
            with pytest.raises(PrisonListDaysImpossible):
                receive_prison_list(unit=world.communes[0], actor=officer, until_on=day, **given)

    def test_is_never_edited(self, world: World, paid: Enrolment):
        sent(world, {})
        with pytest.raises(DatabaseError), transaction.atomic():
            PrisonStay.objects.update(until_on=AUGUST)
        with pytest.raises(DatabaseError), transaction.atomic():
            PrisonList.objects.all()._raw_delete("default")

    def test_comes_by_the_api_too(self, world: World, paid: Enrolment):
        maker = User.objects.create(username="m", full_name="M", role=Role.MAKER, unit=world.province)
        client = APIClient()
        client.force_authenticate(maker)
        file = SimpleUploadedFile("ds.xlsx", table([ROW], columns=COLUMNS))
        given = {"file": file, "issuer": "CA", "paper": "1", "from_on": "2024-01-01", "until_on": "2024-09-30"}
        answered = client.post("/api/prison-lists/", given, format="multipart")

        assert (answered.status_code, answered.json()["stage"], answered.json()["unit"]) == (202, "WAITING", "97")
        assert client.get("/api/prison-lists/?stage=WAITING").json()["count"] == 1
