"""Hamlets stand as people say them, wherever rows are sorted by them."""

from random import Random

import pytest

from beneficiaries.models import Beneficiary, in_hamlet_order
from beneficiaries.services.lookup import issue_lookup_codes
from payments.models import Payment
from tests.payments.province import AUGUST, Clock, Province, make_province

SAID = [
    "", "Ấp Bắc", "Ấp Đông", "Khu phố 9", "Khu phố 10", "Thôn 2", "thôn 3", "Thôn 10", "Thôn 12A", "Thôn 12B", "Thôn 100",
    "Thôn Ba", "Thôn Dung", "Thôn Đoài", "Thôn Ô", "Thôn Ơ", "Thôn Trung", "Tổ 1, Khu phố 2", "Tổ 1, Khu phố 10", "Tổ 11, Khu phố 2",
]  # fmt: skip


@pytest.fixture
def province(db: None, clock) -> Province:
    made = make_province(clock=clock)
    for hamlet in Random(7).sample(SAID, len(SAID)):
        made.enrol(made.person(hamlet=hamlet))
    return made


@pytest.fixture
def clock():
    return Clock()


class TestHamlets:
    def test_stand_as_people_say_them(self, province):
        assert list(Beneficiary.objects.order_by(in_hamlet_order("hamlet")).values_list("hamlet", flat=True)) == SAID

    def test_a_list_numbers_its_people_in_that_order(self, province):
        province.build(AUGUST)

        rows = Payment.objects.order_by("ordinal").values_list("beneficiary__hamlet", flat=True)
        assert list(rows) == SAID

    def test_so_are_slips_given_out(self, province):
        issued = issue_lookup_codes(unit=province.units["97101"], now=province.clock())

        hamlets = Beneficiary.objects.in_bulk([one.beneficiary_id for one in issued])
        assert [hamlets[one.beneficiary_id].hamlet for one in issued] == SAID
