"""Of somebody who moved no more is recovered than was paid, whichever commune decides, and when two decide at once."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from banks.fake import FakeTransfers
from beneficiaries.models import Decision, Enrolment
from beneficiaries.services.decisions import Draft, take_in
from payments.models import Payment
from tests.payments.plain_sql import constraint_of, run
from tests.payments.province import AUGUST, BALANCES, SEPTEMBER, Province, make_province
from tests.payments.test_decisions_and_money import NOW, decide
from tests.waiting import beside

PAID = 500_000
RECOVER = """
INSERT INTO beneficiaries_decision (enrolment_id, kind, number, signed_on, effective_month, reason, amount, monthly_ceiling)
VALUES (%(enrolment)s, 'RECOVER', %(number)s, '2024-08-19', '2024-09-01', '', %(amount)s, 1)
"""


def moved_after_august(town: Province) -> tuple[Enrolment, Enrolment]:
    """Paid 500,000 đ by the old commune for August, and nothing yet by the new one, which decided to go on from September."""
    old = town.enrol(coefficient="1.0", starts_month=AUGUST)
    town.open_account(old.beneficiary)
    town.build(AUGUST)
    (payment,) = town.release_lists(AUGUST, bank=FakeTransfers(balances=BALANCES, now=town.clock))
    for cause in ("CLAIM", "BANK_POSTED"):
        Payment.objects.filter(pk=payment.pk).apply(cause, now=town.clock())
    assert Payment.objects.get().status == "POSTED"
    there = town.units["97201"].pk
    decide(town, old, "TRANSFER_OUT", SEPTEMBER, last_month=AUGUST, to_unit_id=there)
    draft = Draft(
        signer="Nguyễn Văn Chủ, Chủ tịch UBND",
        kind="TRANSFER_IN",
        number="9/QĐ",
        signed_on=date(2024, 8, 15),
        effective_month=SEPTEMBER,
    )
    return old, take_in(moved=old, code="HS-MOI", draft=draft, actor=town.staff["MAKER"], now=NOW)


def recover(enrolment: Enrolment, number: str, *, amount: int) -> None:
    run(RECOVER, enrolment=enrolment.pk, number=number, amount=amount)


class TestOneAfterTheOther:
    @pytest.mark.parametrize("old_first", [True, False])
    def test_both_communes_together_recover_what_was_paid_and_no_more(
        self, province: Province, old_first: bool
    ) -> None:
        first, second = moved_after_august(province)[:: 1 if old_first else -1]
        recover(first, "1/QĐ", amount=PAID - 100_000)
        with pytest.raises(IntegrityError) as refusal:
            recover(second, "2/QĐ", amount=100_001)
        assert constraint_of(refusal) == "recovery_is_at_most_what_was_paid"
        recover(second, "2/QĐ", amount=100_000)

    def test_the_old_commune_recovers_no_more_than_it_paid(self, province: Province) -> None:
        old, _ = moved_after_august(province)
        with pytest.raises(IntegrityError):
            recover(old, "1/QĐ", amount=PAID + 1)


class TestAtOnce:
    @pytest.fixture
    def province(self, committed_db, clock) -> Province:
        return make_province(clock=clock)

    @pytest.mark.parametrize("old_first", [True, False])
    def test_the_second_waits_for_the_first_and_counts_it(self, province: Province, old_first: bool) -> None:
        first, second = moved_after_august(province)[:: 1 if old_first else -1]

        def the_other() -> str | None:
            with pytest.raises(IntegrityError) as refusal:
                recover(second, "2/QĐ", amount=PAID)
            return constraint_of(refusal)

        with beside() as begin:
            with transaction.atomic():
                recover(first, "1/QĐ", amount=PAID)
                answer = begin(the_other)
                assert not answer.done(), "it went past the first one"
            assert answer.result(timeout=60) == "recovery_is_at_most_what_was_paid"
        assert Decision.objects.filter(kind="RECOVER").count() == 1
