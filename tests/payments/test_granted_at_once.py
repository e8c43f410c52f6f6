"""Two who press at once grant once: whoever comes second waits, and reads whom the first has granted it."""

from datetime import UTC, date, datetime

from django.db import transaction

from beneficiaries.models import Enrolment
from payments.services.once.one_off import Household, Order, grant_once, grant_to_households, open_one_off
from tests.payments.province import AUGUST, Clock, make_province
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
