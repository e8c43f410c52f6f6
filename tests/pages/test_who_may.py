"""Nobody is only told that they may not: who may is named, and a form that would refuse whoever fills it in is not shown."""

import pytest

from payments.models import PaymentBatch
from payments.services.signing.awaiting import awaiting
from payments.services.signing.sign import submit
from staff.errors import NotAllowed
from staff.models import User
from staff.rights import Right, no_right, require
from tests.api.world import NOW, World
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


class TestOutsideOnesPlace:
    def test_names_those_above_and_nobody_of_the_other_place(self, world: World) -> None:
        User.objects.filter(role="MAKER").update(full_name="")
        for unit, name in (("97", "Lê Thị Tỉnh"), ("971", "Trần Văn Mình"), ("972", "Ngô Văn Khác")):
            User.objects.filter(pk=world.staff["MAKER", unit].pk).update(full_name=name)

        with pytest.raises(NotAllowed) as refused:
            require(world.staff["MAKER", "971"], Right.SUBMIT, unit=world.units["972"])

        said = refused.value.sentence
        assert "ngoài địa bàn" in said and "Người lập (Lê Thị Tỉnh)" in said
        assert "Ngô Văn Khác" not in said and "Trần Văn Mình" not in said and "Phước Hải" not in said


class TestTwoDesks:
    def test_are_told_whom_to_ask_for_the_third_signature(self, world: World, browse: Browse) -> None:
        batch = world.lists["971", "ACCOUNT"]
        User.objects.filter(role="CHECKER").update(is_active=False)
        User.objects.filter(role="RELEASER").exclude(unit__code="97").update(is_active=False)
        User.objects.filter(pk=world.staff["RELEASER", "97"].pk).update(full_name="Phạm Thị Chủ")
        submit(batch_ids=[batch.pk], actor=world.staff["MAKER", "971"], now=NOW)

        said = browse("MAKER", "971").get(f"/danh-sach/{batch.pk}/").content.decode()

        assert "Chưa có ai giữ vai trò này" in said and "Chủ tài khoản (Phạm Thị Chủ)" in said
        assert 'href="/uy-quyen-ky/"' in said

    def test_are_told_nothing_while_somebody_is_left(self, world: World) -> None:
        batch = world.lists["971", "ACCOUNT"]
        submit(batch_ids=[batch.pk], actor=world.staff["MAKER", "971"], now=NOW)

        (one,) = awaiting(batches=PaymentBatch.objects.filter(pk=batch.pk), now=NOW)
        assert one.ask == "" and one.people


class TestAForm:
    @pytest.mark.parametrize("address", ["/nguoi-huong/", "/so-voi-excel/", "/chi-mot-lan/nap/"])
    def test_is_not_shown_to_who_would_be_refused(self, address: str, browse: Browse) -> None:
        answer = browse("LEADER", "97").get(address)

        assert answer.status_code == 403
        assert "<form" not in answer.content.decode().split('id="noi-dung"')[1] and "làm." in answer.content.decode()

    @pytest.mark.parametrize("address", ["/nguoi-huong/", "/so-voi-excel/", "/chi-mot-lan/nap/"])
    def test_is_shown_to_who_works_with_it(self, address: str, browse: Browse) -> None:
        assert browse("MAKER", "97").get(address).status_code == 200
