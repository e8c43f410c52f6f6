"""A gift goes to the person, or to who stands for them in every right; to no agent, whose paper names another right (ADR 69)."""

from datetime import date

import pytest

from payments.models import Payment
from payments.services.once.one_off import Household, Order, grant_once, grant_to_households, open_one_off
from tests.payments.province import AUGUST, Province

ORDER = Order(signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="80/NQ-CP", signed_on=date(2024, 7, 10), month=AUGUST)
GROWN, YOUTH, CHILD = 1950, 2007, 2015


@pytest.fixture
def gift(province: Province):
    return open_one_off(
        code="QUA-2-9", name="Quà Quốc khánh", amount=100_000, budget_source="TW", order=ORDER, actor=province.staff["MAKER"],
    )  # fmt: skip


def paid(province: Province) -> list[tuple[str, str]]:
    """(who receives, through which list) of the gift."""
    province.build(AUGUST)
    found = Payment.objects.filter(batch__programme__code="QUA-2-9").order_by("pk")
    return list(found.values_list("payee_name", "batch__channel"))


class TestWhoReceives:
    @pytest.mark.parametrize(
        ("kind", "born", "theirs"),
        [
            ("GUARDIAN", GROWN, True),
            ("PARENT", YOUTH, True),
            ("PARENT", GROWN, False),
            ("AUTHORISED", GROWN, False),
            ("AUTHORISED", YOUTH, False),
            ("AUTHORISED", CHILD, True),
            ("CARER", GROWN, False),
            ("CARER", CHILD, True),
        ],
    )
    def test_is_who_stands_for_the_person(self, province, gift, kind, born, theirs):
        person = province.person(birth_year=born)
        province.enrol(person, payee_kind=kind, payee_name="Lê Thị Nhận")
        grant_once(programme=gift, people=[person], order=ORDER, actor=province.staff["MAKER"], now=province.clock())

        assert paid(province) == [("Lê Thị Nhận" if theirs else person.full_name, "CASH")]

    def test_is_the_guardian_whatever_else_somebody_receives(self, province, gift):
        person = province.person(birth_year=GROWN)
        province.enrol(person, payee_kind="GUARDIAN", payee_name="Lê Thị Giám")
        province.enrol(person, category="BB-1", payee_kind="AUTHORISED", payee_name="Trần Thị Ủy")
        grant_once(programme=gift, people=[person], order=ORDER, actor=province.staff["MAKER"], now=province.clock())

        assert paid(province) == [("Lê Thị Giám", "CASH")]


class TestIntoWhichAccount:
    @pytest.mark.parametrize(
        ("holder", "receives", "channel"),
        [
            ("OWN", "AUTHORISED", "ACCOUNT"),
            ("AUTHORISED", "AUTHORISED", "CASH"),
            ("CARER", "CARER", "CASH"),
            ("GUARDIAN", "GUARDIAN", "ACCOUNT"),
        ],
    )
    def test_is_none_of_an_agent(self, province, gift, holder, receives, channel):
        person = province.person(birth_year=GROWN)
        province.enrol(person, payee_kind=receives, payee_name="Lê Thị Nhận")
        province.open_account(
            person, holder_kind=holder, holder_name=person.full_name if holder == "OWN" else "Lê Thị Nhận"
        )
        grant_once(programme=gift, people=[person], order=ORDER, actor=province.staff["MAKER"], now=province.clock())

        assert [channel for _, channel in paid(province)] == [channel]
        monthly = Payment.objects.get(batch__programme__kind="REGULAR")
        assert monthly.batch.channel == "ACCOUNT"

    def test_is_none_of_the_agent_of_a_head(self, province, gift):
        head, member = province.person(birth_year=GROWN), province.person(birth_year=CHILD)
        province.enrol(head, payee_kind="AUTHORISED", payee_name="Lê Thị Nhận")
        province.open_account(head, holder_kind="AUTHORISED", holder_name="Lê Thị Nhận")
        grant_to_households(
            programme=gift, households=[Household(head, [head, member])], order=ORDER, actor=province.staff["MAKER"], now=province.clock(),
        )  # fmt: skip

        assert paid(province) == [(head.full_name, "CASH")]
