"""The demo's lump sum to the provider: what cash lists need, less what was not collected of earlier ones; recorded and ordered under one reference."""

from datetime import date

import pytest
from django.utils import timezone

from config.demo.lump_sum import forward, lump_sums
from payments.models import FundingAccount, FundTransfer, LedgerAccount, PaymentBatch
from payments.services.ledger.journal import book
from tests.payments.province import AUGUST, Clock, Province, make_province

Kind = LedgerAccount.Kind


class Desk:
    """The mock bank's desk, in memory."""

    def __init__(self) -> None:
        self.ordered: list[tuple[str, int, str]] = []

    def transfer(self, *, account_id: str, amount: int, reference: str) -> None:
        self.ordered.append((account_id, amount, reference))


@pytest.fixture
def province(db: None) -> Province:
    """Two people of district 971 who are paid in hand, 750,000 đ each, on a released list."""
    province = make_province(clock=Clock())
    for _ in range(2):
        province.enrol()
    province.build(AUGUST)
    province.release_lists(AUGUST, bank=None)
    return province


def test_goes_out_under_the_reference_it_is_recorded_with(province):
    desk = Desk()
    given = {"desk": desk, "actor": province.staff["CHECKER"], "on": date(2024, 8, 15), "now": timezone.now()}

    forward(lump_sums(month=AUGUST), **given)

    (transfer,) = FundTransfer.objects.select_related("batch")
    assert desk.ordered == [("fa_971", 1_500_000, transfer.reference)]
    assert (transfer.kind, transfer.batch.channel, transfer.amount) == ("FORWARDED", "CASH", 1_500_000)


def test_needs_not_bring_what_the_provider_still_holds(province):
    batch = PaymentBatch.objects.get()
    book(
        source="x", description="Còn giữ", funding_account=FundingAccount.objects.get(code="TK-971"), batch=batch,
        amounts={Kind.PROVIDER: 600_000, Kind.FUNDS: -600_000}, booked_on=AUGUST, now=timezone.now(),
    )  # fmt: skip

    assert [lump.amount for lump in lump_sums(month=AUGUST)] == [900_000]
