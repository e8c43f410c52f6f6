"""A month is built whole or not at all: nobody falls through a join, and a cash result never moves a transfer."""

import pytest

from banks.fake import FakeTransfers
from beneficiaries.models import StandardAmount
from payments.errors import (
    NoFundingAccount,
    SomebodyWouldBeOmitted,
    WrongBatchState,
)
from payments.models import Cycle, FundingAccount, Payment, PaymentBatch
from payments.services.providers import take_results
from tests.payments.province import AUGUST, Province


class TestBuilding:
    def test_is_refused_while_no_amount_is_known_for_somebody(self, province: Province) -> None:
        enrolment = province.enrol()
        StandardAmount.objects.filter(programme=enrolment.programme).delete()

        with pytest.raises(SomebodyWouldBeOmitted) as refusal:
            province.build(AUGUST)

        assert (refusal.value.conflicts, Cycle.objects.count()) == ([enrolment.code], 0)

    def test_is_refused_while_a_paying_unit_has_no_funding_account(self, province: Province) -> None:
        enrolment = province.enrol()
        province.open_account(enrolment.beneficiary)
        FundingAccount.objects.all().delete()

        with pytest.raises(NoFundingAccount):
            province.build(AUGUST)

        assert Cycle.objects.count() == 0


class TestResults:
    def test_of_a_list_of_transfers_is_refused(self, province: Province, bank: FakeTransfers) -> None:
        province.pay_through_accounts(1, bank=bank)

        with pytest.raises(WrongBatchState):
            take_results(
                content=b"",
                batch_id=PaymentBatch.objects.get().pk,
                actor=province.staff["CHECKER"],
                now=province.clock(),
            )

        assert Payment.objects.get().status == "READY"
