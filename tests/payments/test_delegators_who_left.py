"""Nobody lends a signature they no longer have: service and database refuse it, and nobody is told that the stand-in may sign (ADR 75).

And nothing a signature follows is of a time to come: nobody could sign before that came.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from payments.models import Payment, PaymentBatch, RemovalSlip
from payments.services.signing.authority import authority_of
from payments.services.signing.awaiting import awaiting
from payments.services.signing.sign import submit
from payments.states import Step
from reconciliation.services.papers.report_signers import signers_of
from staff.errors import NotAllowed
from staff.models import Delegation, User
from staff.services.database_clock import database_now
from tests.payments.plain_sql import constraint_of, run
from tests.payments.province import Province
from tests.payments.test_what_signatures_rest_on import MAKE, sign

GONE = [{"is_active": False}, {"role": "AUDITOR"}]


@pytest.fixture
def lent(province: Province) -> Delegation:
    """The releaser's signature, for the whole province, to the deputy."""
    today = database_now().date()
    return Delegation.objects.create(
        delegator=province.staff["RELEASER"], delegate=province.staff["COSIGNER"], role="RELEASER", unit=province.units["97"],
        form="TUQ", document_number="9/GUQ", valid_from=today - timedelta(days=3000), valid_to=today + timedelta(days=9), recorded_at=database_now(),
    )  # fmt: skip


def leave(province: Province, changes: dict[str, object]) -> None:
    User.objects.filter(pk=province.staff["RELEASER"].pk).update(**changes)


class TestWhoLeft:
    @pytest.mark.parametrize("changes", GONE)
    def test_lends_nothing(self, province, approved, lent, changes):
        deputy, unit, now = province.staff["COSIGNER"], province.units["971"], database_now()
        assert authority_of(actor=deputy, step=Step.RELEASER, unit=unit, now=now) == lent
        leave(province, changes)

        with pytest.raises(NotAllowed):
            authority_of(actor=deputy, step=Step.RELEASER, unit=unit, now=now)
        with pytest.raises(IntegrityError) as refusal:
            sign(approved, deputy, now, under=lent.pk)
        assert constraint_of(refusal) == "signer_has_the_role_of_the_step"

    @pytest.mark.parametrize("changes", [*GONE, {"unit": "972"}])
    def test_makes_nobody_be_waited_for(self, province, approved, lent, changes):
        assert "COSIGNER (TUQ.)".lower() in [name.lower() for name in waited_for(approved)]
        unit = changes.get("unit")
        leave(province, {"unit": province.units[unit]} if isinstance(unit, str) else changes)

        assert [name for name in waited_for(approved) if "TUQ" in name] == []

    @pytest.mark.parametrize("changes", GONE)
    def test_makes_nobody_a_signer_of_reports(self, province, lent, changes):
        unit = province.units["97"]
        User.objects.create(username="chu2", password="!", role="RELEASER", unit=unit)
        leave(province, changes)

        assert [one.user.username for one in signers_of([unit], now=database_now())[unit.pk]] == ["chu2"]


def waited_for(batch: PaymentBatch) -> list[str]:
    (one,) = awaiting(batches=PaymentBatch.objects.filter(pk=batch.pk), now=database_now())
    return one.people


class TestATimeToCome:
    AHEAD = "now() + interval '1 hour'"

    def test_is_not_when_a_list_was_made(self, province, batch):
        """Nobody could sign it before that hour."""
        with pytest.raises(IntegrityError) as refusal:
            run(MAKE.replace("status_at", self.AHEAD), by=province.staff["MAKER"].pk)

        assert constraint_of(refusal) == "made_before_it_is_signed"
        submit(batch_ids=[batch.pk], actor=province.staff["MAKER"], now=database_now())

    def test_is_not_when_a_month_was_made(self, province):
        with pytest.raises(IntegrityError) as refusal:
            run(
                "INSERT INTO payments_cycle (month, listed_on, pay_on, built_at, opening) "
                f"VALUES ('2024-10-01', '2024-09-18', '2024-10-05', {self.AHEAD}, false)"
            )

        assert constraint_of(refusal) == "made_before_it_is_signed"

    def test_is_not_when_a_slip_was_asked_for(self, province, approved):
        first = Payment.objects.order_by("pk")[0]
        with pytest.raises(IntegrityError) as refusal:
            run(
                "INSERT INTO payments_removalslip (payment_id, ground, reason, document_number, requested_by_id, requested_at, refusal_note) "
                f"VALUES (%(payment)s, 'REQUESTED', 'x', '', %(by)s, {self.AHEAD}, '')",
                payment=first.pk, by=province.staff["MAKER"].pk,
            )  # fmt: skip

        assert constraint_of(refusal) == "made_before_it_is_signed"
        assert not RemovalSlip.objects.exists()
