"""A commune officer's first page: the day in parts, the most urgent first, who to call; nothing of another commune."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from beneficiaries.models import Beneficiary, Case, CaseKind
from config.demo.intake import give_new_terms
from payments.models import Payment
from payments.states import Cause
from reconciliation.pages.today import GROUPS, RETURNED, parts_of
from tests.api.test_my_status import move, release
from tests.api.world import NOW, World
from tests.pages.forms import Browse

pytestmark = pytest.mark.django_db
AN = "Trần Văn Ân"


def wait(person: Beneficiary, kind: str, *, reason: str = "", due_on: date | None = None) -> Case:
    return Case.objects.create(
        kind=kind, reason=reason, beneficiary=person, unit=person.unit, opened_at=NOW, due_on=due_on
    )


class TestTheParts:
    def test_name_every_kind_of_work_once(self) -> None:
        kinds = [kind for _, kinds in GROUPS for kind in kinds]

        assert sorted(kinds) == sorted([*CaseKind.values, RETURNED])

    def test_keep_the_rest_countable_and_findable(self) -> None:
        row = {"kind": "MOVE", "kind_label": "Chuyển nơi cư trú", "reason": ""}

        (part,) = parts_of([row] * 20)

        assert part.count == 20 > len(part.rows) and part.kinds == {"MOVE": "Chuyển nơi cư trú"}


class TestTheDay:
    def test_stands_in_parts_with_links_to_where_it_is_done(self, world: World, browse: Browse) -> None:
        an, today = world.people[AN], timezone.localdate()
        late = wait(an, "MOVED", due_on=today - timedelta(days=1))
        back = wait(an, "MOVE", reason=RETURNED, due_on=today)
        died = wait(an, "DEATH", due_on=today)

        said = browse("COMMUNE_OFFICER", "97101").get("/").content.decode()

        for case, part in ((late, "Quyết định phải trình, có hạn"), (died, "Người mất, tin báo tử"), (back, "Hồ sơ nơi khác trả lại")):  # fmt: skip
            assert f"/viec/{case.pk}/" in said.split(part)[1].split("</table>")[0]
        assert f"{today - timedelta(days=1):%d/%m/%Y} quá hạn" in said

    def test_says_nothing_of_another_commune(self, world: World, browse: Browse) -> None:
        wait(world.people[AN], "DEATH")

        assert AN not in browse("COMMUNE_OFFICER", "97102").get("/").content.decode()


class TestWhoToCall:
    def test_is_whom_a_list_that_pays_did_not_reach_with_the_telephone_and_why(
        self, world: World, browse: Browse
    ) -> None:
        an, client = world.people[AN], browse("COMMUNE_OFFICER", "97101")
        client.post(f"/nguoi-huong/{an.pk}/dien-thoai/", {"number": "0912345678", "owner": "OWN"})
        release(world)
        before = client.get("/").content.decode()
        move(world, Cause.CLAIM, Cause.BANK_FAILED)

        said = client.get("/").content.decode()

        assert "0912 345 678" not in before
        assert "0912 345 678" in said and "Không chuyển được" in said and f"/nguoi-huong/{an.pk}/tong-hop/" in said
        assert f"{AN}</a>, {an.birth_year}" in said  # two of one name in one hamlet

    def test_is_nobody_of_a_list_that_only_waits_for_signatures(self, world: World, browse: Browse) -> None:
        Payment.objects.filter(pk=world.payments[AN].pk).apply(Cause.STOP, now=NOW)

        assert "Gọi, đến nhà" not in browse("COMMUNE_OFFICER", "97101").get("/").content.decode()

    def test_is_nobody_whose_money_is_on_its_way(self, world: World, browse: Browse) -> None:
        release(world)
        move(world, Cause.CLAIM)

        assert "Gọi, đến nhà" not in browse("COMMUNE_OFFICER", "97101").get("/").content.decode()


class TestTheDemo:
    def test_leaves_nothing_overdue_by_years_and_what_is_settled_as_it_was(self, world: World) -> None:
        an, today = world.people[AN], timezone.localdate()
        left, ahead = wait(an, "MOVED", due_on=date(2024, 6, 28)), wait(an, "DEATH", due_on=today + timedelta(days=2))

        assert (give_new_terms(today=today), give_new_terms(today=today)) == (1, 0)

        left.refresh_from_db()
        assert left.due_on is not None and left.due_on > today and left.opened_at == NOW
        assert Case.objects.get(pk=ahead.pk).due_on == today + timedelta(days=2)
