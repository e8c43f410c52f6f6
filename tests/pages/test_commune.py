"""The whole commune to leaf through: everybody once, in the order of given names, with what became of the last month."""

import re
from datetime import date

import pytest

from beneficiaries.models import BankAccount, Beneficiary, Enrolment
from payments.models import Cycle
from payments.states import Cause
from tests.api.test_my_status import move, release
from tests.api.world import World
from tests.pages.forms import Browse

pytestmark = pytest.mark.django_db
AN, NAMES = "Trần Văn Ân", re.compile(r'/tong-hop/">([^<]+)</a>')


def names(browse: Browse, query: str = "", *, role: str = "COMMUNE_OFFICER") -> list[str]:
    answer = browse(role, "971").get(f"/nguoi-huong/ca-xa/?unit=97101{query}")
    assert answer.status_code == 200
    return NAMES.findall(answer.content.decode())


@pytest.fixture
def commune(world: World) -> World:
    """Beside Ân: two more of his hamlet, one of another, one whose grant has ended."""
    for name in ("Nguyễn Thị Đào", "Nguyễn Thị Dung", "Lê Văn Bốn", "Bùi Thị Thôi"):
        world.enrol(world.add_person(name, unit="97101"))
    Beneficiary.objects.filter(full_name="Lê Văn Bốn").update(hamlet="Thôn 10")
    Enrolment.objects.filter(beneficiary__full_name="Bùi Thị Thôi").update(ended_month=date(2024, 5, 1))
    return world


class TestLeafing:
    def test_everybody_who_receives_stands_there_once_by_hamlet_and_given_name(
        self, commune: World, browse: Browse
    ) -> None:
        assert names(browse) == [AN, "Nguyễn Thị Dung", "Nguyễn Thị Đào", "Lê Văn Bốn"]  # thôn 3, then thôn 10

    def test_a_hamlet_alone(self, commune: World, browse: Browse) -> None:
        assert names(browse, "&hamlet=Thôn 10") == ["Lê Văn Bốn"]

    def test_who_receives_no_more_is_asked_for(self, commune: World, browse: Browse) -> None:
        assert names(browse, "&who=not-receiving") == ["Bùi Thị Thôi"]

    def test_who_has_no_account_yet(self, commune: World, browse: Browse) -> None:
        BankAccount.objects.create(beneficiary=commune.people["Nguyễn Thị Dung"], status="NEEDED", source="SLIP")

        assert names(browse, "&who=no-account") == ["Nguyễn Thị Dung", "Nguyễn Thị Đào", "Lê Văn Bốn"]

    def test_whose_month_has_not_arrived_and_why(self, commune: World, browse: Browse) -> None:
        dung = commune.people["Nguyễn Thị Dung"].enrolments.get()
        cycle = Cycle.objects.get(month=date(2024, 8, 1))
        commune.due(dung, cycle=cycle, payment=None, not_payable_reason="NO_DECISION")

        before = names(browse, "&who=unpaid")
        said = browse("MAKER", "971").get("/nguoi-huong/ca-xa/?unit=97101&who=unpaid").content.decode()
        release(commune)
        move(commune, Cause.CLAIM, Cause.BANK_POSTED, credited_on=date(2024, 8, 5))

        assert before == [AN, "Nguyễn Thị Dung"]
        assert "Chưa có quyết định hưởng" in said
        assert names(browse, "&who=unpaid") == ["Nguyễn Thị Dung"]

    def test_hamlets_are_counted_as_people_count(self, commune: World, browse: Browse) -> None:
        said = browse("MAKER", "971").get("/nguoi-huong/ca-xa/?unit=97101").content.decode()

        assert re.findall(r"<option(?: selected)?>(Thôn[^<]*)", said) == ["Thôn 3", "Thôn 10"]


class TestScope:
    @pytest.mark.parametrize("unit", ["97201", "971", "97", "không có"])
    def test_neither_another_districts_commune_nor_a_whole_district(
        self, unit: str, world: World, browse: Browse
    ) -> None:
        assert browse("MAKER", "971").get(f"/nguoi-huong/ca-xa/?unit={unit}").status_code == 404

    def test_a_leader_sees_nobody(self, world: World, browse: Browse) -> None:
        assert browse("LEADER", "971").get("/nguoi-huong/ca-xa/?unit=97101").status_code == 403

    def test_no_category_is_shown(self, world: World, browse: Browse) -> None:
        assert "HIV" not in browse("MAKER", "971").get("/nguoi-huong/ca-xa/?unit=97101").content.decode()

    def test_of_whoever_moved_away_neither_the_new_hamlet_nor_the_new_account_is_told(
        self, commune: World, browse: Browse
    ) -> None:
        moved = commune.people[AN]
        Enrolment.objects.filter(beneficiary=moved).update(ended_month=date(2024, 9, 1))
        Beneficiary.objects.filter(pk=moved.pk).update(unit=commune.units["97201"], hamlet="Thôn Xa")
        query = "/nguoi-huong/ca-xa/?unit=97101&who=not-receiving"
        left, whole = (browse("MAKER", unit).get(query).content.decode() for unit in ("971", "97"))

        assert AN in left
        assert "Thôn Xa" not in left
        assert left.count('data-h="Tài khoản">-<') == 1
        assert names(browse, "&who=not-receiving&hamlet=Thôn Xa") == []
        assert "Thôn Xa" in whole
        assert 'data-h="Tài khoản">có<' in whole
