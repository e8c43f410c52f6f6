"""The households of a gift on a page: who the head receives for, who is paid into an account of their own, who waits, and nobody of other units."""

from datetime import date
from typing import Any

import pytest

from banks.fake import FakeTransfers
from beneficiaries.models import Enrolment, Programme
from payments.models import Cycle, Payment, PaymentBatch
from payments.services.lists.build_lists import build_lists
from payments.services.once.gift_households import GiftHousehold, heads_in_reach, read_households
from payments.services.once.one_off import Household, Order, grant_to_households, open_one_off
from payments.services.signing.sign import approve, release, submit
from payments.states import PaymentStatus
from tests.api.world import NOW, World
from tests.pages.forms import Browse

SEPTEMBER = date(2024, 9, 1)
ORDER = Order(signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="80/NQ-CP", signed_on=date(2024, 7, 10), month=SEPTEMBER)
PAGE = "/chi-mot-lan/QUA-2-9/ho/"
GRANDSON, DAUGHTER = "Đỗ Văn Cháu", "Đỗ Thị Con"


@pytest.fixture
def gift(world: World) -> Programme:
    """A head, a daughter with an account of her own, a grandson without; and a household of another district."""
    maker = world.staff["MAKER", "97"]
    programme = open_one_off(
        code="QUA-2-9", name="Quà Quốc khánh", amount=100_000, budget_source="TW", order=ORDER, actor=maker
    )
    head, daughter, grandson = (world.add_person(name, unit="97101") for name in ("Đỗ Văn Hộ", DAUGHTER, GRANDSON))
    far, farther = (world.add_person(name, unit="97201") for name in ("Lý Văn Xa", "Lý Thị Xa"))
    world.open_account(daughter, "1234567890123")
    households = [Household(head, [head, daughter, grandson]), Household(far, [far, farther])]
    grant_to_households(programme=programme, households=households, order=ORDER, actor=maker, now=NOW)
    return programme


def build(world: World) -> None:
    build_lists(
        month=SEPTEMBER,
        listed_on=date(2024, 8, 16),
        pay_on=date(2024, 9, 5),
        actor=world.staff["MAKER", "97"],
        now=NOW,
    )


def release_lists(world: World) -> None:
    """The gift's account list of the first district is signed by three."""
    batch = PaymentBatch.objects.get(programme__code="QUA-2-9", channel="ACCOUNT")
    bank = FakeTransfers(balances={"fa_971": 1_000_000})
    submit(batch_ids=[batch.pk], actor=world.staff["MAKER", "971"], now=NOW)
    approve(batch_ids=[batch.pk], actor=world.staff["CHECKER", "971"], now=NOW)
    release(batch_ids=[batch.pk], actor=world.staff["RELEASER", "971"], now=NOW, bank=bank)


def arrive(name: str) -> None:
    """The bank has it and says so."""
    payment = Payment.objects.filter(batch__programme__code="QUA-2-9", beneficiary__full_name=name)
    payment.update(status="SENT", cause="CLAIM", first_used_at=NOW, lease_until=NOW)
    payment.update(status=PaymentStatus.POSTED, cause="BANK_POSTED")


def households(world: World, gift: Programme, **asked: bool) -> dict[str, GiftHousehold]:
    actor = world.staff["MAKER", "97"]
    heads = list(heads_in_reach(programme=gift, actor=actor, **asked))
    found = read_households(heads, programme=gift, actor=actor, now=NOW)
    return {household.head.full_name: household for household in found}


def sums(household: GiftHousehold) -> tuple[int, int, int]:
    return household.amount, household.through_head, household.taken_off


def said(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


class TestSums:
    def test_foretell_the_payments_of_the_list(self, world: World, gift: Programme) -> None:
        before = households(world, gift)
        build(world)
        after = households(world, gift)

        paid = dict(Payment.objects.filter(batch__programme=gift).values_list("beneficiary__full_name", "amount"))
        assert paid == {"Đỗ Văn Hộ": 200_000, DAUGHTER: 100_000, "Lý Văn Xa": 200_000}
        for found in (before, after):
            assert {name: sums(one) for name, one in found.items()} == {
                "Đỗ Văn Hộ": (300_000, 200_000, 100_000),
                "Lý Văn Xa": (200_000, 200_000, 0),
            }
        assert {share.expected for share in before["Đỗ Văn Hộ"].shares} == {True}
        assert {share.expected for share in after["Đỗ Văn Hộ"].shares} == {False}

    def test_leave_out_who_is_not_paid_and_say_why(self, world: World, gift: Programme) -> None:
        stopped = Enrolment.objects.get(beneficiary__full_name="Lý Thị Xa")
        stopped.ended_month = SEPTEMBER
        stopped.save(update_fields=["ended_month"])
        build(world)
        found = households(world, gift)["Lý Văn Xa"]

        assert sums(found) == (100_000, 100_000, 0)
        assert [share.waits for share in found.shares] == ["Đang lập", "Đã có quyết định thôi chi"]


class TestWaiting:
    def test_says_for_which_list(self, world: World, gift: Programme) -> None:
        def waits() -> set[str]:
            return {share.waits for share in households(world, gift)["Đỗ Văn Hộ"].shares}

        assert waits() == {"Chờ danh sách tháng 09/2024"}
        Cycle.objects.create(month=SEPTEMBER, listed_on=NOW, pay_on=NOW, built_at=NOW)
        assert waits() == {"Chờ danh sách bổ sung tháng 09/2024"}

    def test_ends_when_everybody_of_the_household_has_it(self, world: World, gift: Programme) -> None:
        world.open_account(world.people["Đỗ Văn Hộ"], "1234567890124")
        build(world)
        release_lists(world)
        arrive("Đỗ Văn Hộ")
        found = households(world, gift, waiting=True)
        assert (set(found), found["Đỗ Văn Hộ"].received) == ({"Đỗ Văn Hộ", "Lý Văn Xa"}, 200_000)
        arrive(DAUGHTER)
        assert set(households(world, gift, waiting=True)) == {"Lý Văn Xa"}
        assert households(world, gift)["Đỗ Văn Hộ"].received == 300_000


class TestThePage:
    def test_shows_who_receives_for_whom(self, world: World, gift: Programme, browse: Browse) -> None:
        client = browse("MAKER", "97")
        assert f'href="{PAGE}"' in said(client.get("/chi-mot-lan/QUA-2-9/"))
        page = said(client.get(PAGE))
        assert page.index("Đỗ Văn Hộ") < page.index("Lý Văn Xa")
        assert "trừ ra vào tài khoản riêng <b>100.000 đ</b>" in page and "Chủ hộ nhận <b>200.000 đ</b>" in page
        assert "dự kiến, nếu lập danh sách hôm nay" in page
        build(world)
        built = said(client.get(PAGE, {"waiting": "true"}))
        assert "dự kiến" not in built and "tiền mặt: Chưa đăng ký tài khoản" in built and "/khoan-chi/" in built

    def test_shows_nobody_of_other_units(self, world: World, gift: Programme, browse: Browse) -> None:
        """Neither their households, nor a member's name who has moved there."""
        moved = Enrolment.objects.get(beneficiary=world.people[GRANDSON])
        moved.unit = world.units["97201"]
        moved.save(update_fields=["unit"])
        page = said(browse("COMMUNE_OFFICER", "97101").get(PAGE))
        assert "Đỗ Văn Hộ" in page and "Người thuộc địa bàn khác" in page
        assert "Lý Văn Xa" not in page and GRANDSON not in page
        assert "300.000 đ" in page, "the sum is the whole household's"

    def test_is_for_who_sees_lists(self, world: World, gift: Programme, browse: Browse) -> None:
        assert browse("CIVIL_REGISTRY", "97101").get(PAGE).status_code == 403
        assert browse("MAKER", "97").get("/chi-mot-lan/KHONG-CO/ho/").status_code == 404
