"""Nobody is only told that they may not: who may is named, and a form that would refuse whoever fills it in is not shown."""

import pytest

from staff.models import User
from staff.rights import Right, no_right
from tests.api.world import World
from tests.pages.forms import Browse

pytestmark = pytest.mark.django_db


class TestWhoMay:
    def test_is_named_with_the_role_and_the_people_of_the_place(self, world: World) -> None:
        User.objects.filter(role="CHECKER").update(full_name="")
        User.objects.filter(pk=world.staff["CHECKER", "971"].pk).update(full_name="Trần Văn Kiểm")
        User.objects.filter(pk=world.staff["CHECKER", "972"].pk).update(full_name="Lê Văn Khác")

        told = no_right(world.staff["COMMUNE_OFFICER", "97101"], Right.RECONCILE).sentence

        assert told.endswith("Việc này do Kế toán trưởng (Trần Văn Kiểm) làm.")

    def test_is_no_one_who_left(self, world: World) -> None:
        User.objects.filter(role="CHECKER").update(full_name="Trần Văn Kiểm", is_active=False)

        assert no_right(world.staff["MAKER", "971"], Right.RECONCILE).sentence.endswith(
            "Việc này do Kế toán trưởng làm."
        )

    def test_is_named_to_no_program(self, world: World) -> None:
        User.objects.filter(role="CHECKER").update(full_name="Trần Văn Kiểm")
        program = User(role="CIVIL_REGISTRY", unit=world.units["97"])

        assert "Trần Văn Kiểm" not in no_right(program, Right.RECONCILE).sentence

    def test_stands_in_the_answer_and_on_the_page(self, world: World, browse: Browse) -> None:
        client = browse("COMMUNE_OFFICER", "97101")

        for address in ("/api/discrepancies/", "/chenh-lech/"):
            answer = client.get(address)
            assert answer.status_code == 403 and "Việc này do Kế toán trưởng" in answer.content.decode()


class TestAForm:
    @pytest.mark.parametrize("address", ["/nguoi-huong/", "/so-voi-excel/", "/chi-mot-lan/nap/"])
    def test_is_not_shown_to_who_would_be_refused(self, address: str, browse: Browse) -> None:
        answer = browse("LEADER", "97").get(address)

        assert answer.status_code == 403
        assert "<form" not in answer.content.decode().split('id="noi-dung"')[1] and "làm." in answer.content.decode()

    @pytest.mark.parametrize("address", ["/nguoi-huong/", "/so-voi-excel/", "/chi-mot-lan/nap/"])
    def test_is_shown_to_who_works_with_it(self, address: str, browse: Browse) -> None:
        assert browse("MAKER", "97").get(address).status_code == 200
