"""Two who press at once grant once: whoever comes second waits, and reads whom the first has granted it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from beneficiaries.models import Case, Enrolment, Programme
from payments.errors import AnotherGrantOrderWaits
from payments.models import GrantOrder
from payments.services.once.grant_orders import order_everyone
from payments.services.once.granted_twice import ask_about_grants_twice
from payments.services.once.one_off import Household, Order, grant_once, grant_to_households, open_one_off
from tests.payments.province import AUGUST, Clock, Province, make_province
from tests.waiting import beside

NOW = datetime(2024, 8, 20, 3, tzinfo=UTC)
ORDER = Order(signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="80/NQ-CP", signed_on=date(2024, 7, 10), month=AUGUST)


class TestGrantedAtOnce:
    def test_everybody_once_before_the_month_has_lists(self, committed_db: None, clock: Clock) -> None:
        town = make_province(clock=clock)
        people = [town.person(), town.person()]
        maker = town.staff["MAKER"]
        gift = open_one_off(
            code="KC-1", name="Trợ giúp khẩn cấp", amount=2_000_000, budget_source="Ngân sách địa phương", order=ORDER,
            actor=maker,
        )  # fmt: skip

        def alone() -> int:
            return grant_once(programme=gift, people=people, order=ORDER, actor=maker, now=NOW)

        def as_household() -> int:
            household = Household(head=people[0], members=people)
            return grant_to_households(programme=gift, households=[household], order=ORDER, actor=maker, now=NOW)

        with beside() as begin:
            with transaction.atomic():
                assert alone() == 2
                again = begin(as_household)
            assert again.result(timeout=60) == 0
        granted = Enrolment.objects.filter(programme=gift).values_list("beneficiary_id", flat=True)
        assert sorted(granted) == sorted(one.pk for one in people)


class TestOrderedAtOnce:
    """Two presses are one order; two papers that differ in what only a person reads are not, and whoever pressed second is told so."""

    def order(self, province: Province, paper: Order = ORDER, *, preview: bool = False) -> GrantOrder:
        gift = Programme.objects.filter(code="KC-3").first() or open_one_off(
            code="KC-3", name="Quà", amount=100_000, budget_source="TW", order=ORDER, actor=province.staff["MAKER"]
        )
        everyone = Programme.objects.get(code="TCXH")
        return order_everyone(
            grant=gift, everyone_of=everyone, paper=paper, preview=preview, actor=province.staff["MAKER"], now=NOW
        )

    def test_the_same_paper_is_one(self, province: Province) -> None:
        assert self.order(province).pk == self.order(province).pk

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"signer": "Trần Thị Phó"}, "người ký “Nguyễn Văn Chủ, Chủ tịch UBND”, lần này ghi “Trần Thị Phó”"),
            ({"reason": "Bão số 3"}, "lý do “không ghi”, lần này ghi “Bão số 3”"),
        ],
    )
    @pytest.mark.parametrize("preview", [True, False])
    def test_another_signer_or_reason_is_not_taken_for_the_first(
        self, province: Province, changed: dict[str, str], said: str, preview: bool
    ) -> None:
        first = self.order(province, preview=preview)

        with pytest.raises(AnotherGrantOrderWaits) as refused:
            self.order(province, replace(ORDER, **changed), preview=preview)

        assert said in refused.value.sentence and refused.value.conflicts == [str(first.pk)]
        assert list(GrantOrder.objects.values_list("signer", "reason")) == [(ORDER.signer, ORDER.reason)]

    def test_another_number_is_another_order(self, province: Province) -> None:
        assert self.order(province).pk != self.order(province, replace(ORDER, number="81/NQ-CP")).pk


def test_records_doubled_before_one_waited_for_the_other_are_put_before_a_person(province: Province) -> None:
    maker, person = province.staff["MAKER"], province.person()
    gift = open_one_off(code="KC-2", name="Quà", amount=100_000, budget_source="TW", order=ORDER, actor=maker)
    grant_once(programme=gift, people=[person], order=ORDER, actor=maker, now=NOW)
    first = Enrolment.objects.get(programme=gift)
    again = Enrolment.objects.get(pk=first.pk)
    again.pk, again.code, again._state.adding = None, "KC-2-lan-hai", True
    again.save()

    assert (ask_about_grants_twice(now=NOW), ask_about_grants_twice(now=NOW)) == (1, 0)
    case = Case.objects.get(reason="GRANTED_TWICE")
    assert (case.enrolment_id, case.against_id, case.beneficiary_id) == (again.pk, first.pk, person.pk)

    Case.objects.update(status="SOLVED", solution="SETTLED", decided_by=maker, decided_at=NOW)
    Enrolment.objects.filter(pk=again.pk).update(ended_month=AUGUST)
    assert ask_about_grants_twice(now=NOW) == 0
