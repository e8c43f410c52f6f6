"""Lump sums to a provider, what comes back, what goes to the budget, fees: each once, never more than there is, its list kept."""

import pytest
from django.db import IntegrityError, transaction

from banks.fake import FakeTransfers
from payments.errors import WrongBatchState
from payments.errors.providers import MoreThanProviderHolds, TransferAlreadyRecorded
from payments.models import FundingAccount, FundTransfer, Payment, PaymentBatch
from payments.services.ledger.journal import book_transfer, transfer_sides
from payments.services.ledger.transfers import held_of, record_transfer
from payments.services.providers import hand_over
from staff.errors import NotAllowed
from tests.payments.province import AUGUST, Province

Kind = FundTransfer.Kind


@pytest.fixture
def cash(province: Province, bank: FakeTransfers) -> PaymentBatch:
    """A released cash list of two people, 750,000 đ each, handed over."""
    for _ in range(2):
        province.enrol()
    province.build(AUGUST)
    province.release_lists(AUGUST, bank=bank)
    batch = PaymentBatch.objects.get()
    hand_over(batch_id=batch.pk, actor=province.staff["CHECKER"], now=province.clock())
    return batch


def record(province: Province, kind: FundTransfer.Kind, amount: int, reference: str, **changes: object) -> FundTransfer:
    values = {"actor": province.staff["CHECKER"], "now": province.clock(), "booked_on": AUGUST, **changes}
    return record_transfer(
        account=FundingAccount.objects.get(code="TK-971"), kind=kind, amount=amount, reference=reference, **values
    )


class TestRecord:
    def test_the_same_order_twice_is_one_row_and_another_under_its_reference_is_refused(self, province, cash):
        first = record(province, Kind.FORWARDED, 1_500_000, "UNC-1", batch=cash)

        assert record(province, Kind.FORWARDED, 1_500_000, "UNC-1", batch=cash) == first
        with pytest.raises(TransferAlreadyRecorded):
            record(province, Kind.FORWARDED, 1_400_000, "UNC-1", batch=cash)

    def test_a_number_another_account_used_is_free_and_says_nothing_of_it(self, province, cash):
        values = {"kind": Kind.FEE, "booked_on": AUGUST, "reference": "UNC-1", "now": province.clock()}
        theirs = record_transfer(
            account=FundingAccount.objects.get(code="TK-972"), amount=9_000, actor=province.staff["CHECKER"], **values
        )

        ours = record(province, Kind.FEE, 7_000, "UNC-1")

        assert ours.pk != theirs.pk
        assert book_transfer(transfer=ours, now=province.clock())
        assert book_transfer(transfer=theirs, now=province.clock())
        assert not book_transfer(transfer=ours, now=province.clock())

    def test_never_more_leaves_than_the_list_is_about(self, province, cash):
        record(province, Kind.FORWARDED, 1_000_000, "UNC-1", batch=cash)

        with pytest.raises(MoreThanProviderHolds) as refusal:
            record(province, Kind.FORWARDED, 500_001, "UNC-2", batch=cash)
        assert refusal.value.conflicts == [str(cash.pk), "500000"]

    def test_never_more_comes_back_than_the_provider_holds_nor_goes_on_than_came_back(self, province, cash):
        record(province, Kind.FORWARDED, 1_500_000, "UNC-1", batch=cash)
        paid = Payment.objects.order_by("pk").first()
        Payment.objects.filter(pk=paid.pk).apply("COLLECTED", now=province.clock(), credited_on=AUGUST)

        assert held_of(cash).held == 750_000
        with pytest.raises(MoreThanProviderHolds):
            record(province, Kind.GIVEN_BACK, 750_001, "TL-1", batch=cash)
        record(province, Kind.GIVEN_BACK, 750_000, "TL-1", batch=cash)
        with pytest.raises(MoreThanProviderHolds):
            record(province, Kind.TO_BUDGET, 750_001, "NT-1", batch=cash)
        record(province, Kind.TO_BUDGET, 750_000, "NT-1", batch=cash)

    def test_a_list_of_another_unit_or_not_released_takes_no_money(self, province, cash, bank):
        other = FundingAccount.objects.get(code="TK-972")
        with pytest.raises(WrongBatchState):
            record_transfer(
                account=other, kind=Kind.FORWARDED, amount=1, reference="UNC-9", booked_on=AUGUST, batch=cash,
                actor=province.staff["CHECKER"], now=province.clock(),
            )  # fmt: skip

    def test_the_fee_is_of_no_list_and_everything_else_of_one(self, province, cash):
        record(province, Kind.FEE, 20_000, "PHI-1")
        with pytest.raises(WrongBatchState):
            record(province, Kind.FEE, 20_000, "PHI-2", batch=cash)
        with pytest.raises(WrongBatchState):
            record(province, Kind.TO_BUDGET, 1, "NT-1")
        with pytest.raises(IntegrityError), transaction.atomic():
            FundTransfer.objects.create(
                funding_account_id=FundingAccount.objects.first().pk, kind=Kind.TO_BUDGET, amount=1, reference="NT-2",
                booked_on=AUGUST, recorded_by=province.staff["CHECKER"], recorded_at=province.clock(),
            )  # fmt: skip

    def test_only_whoever_reconciles_records(self, province, cash):
        with pytest.raises(NotAllowed):
            record(province, Kind.FEE, 20_000, "PHI-1", actor=province.staff["MAKER"])

    @pytest.mark.parametrize("kind", list(Kind))
    def test_every_kind_has_two_sides_that_balance(self, province, cash, kind):
        transfer = FundTransfer(kind=kind, amount=5, batch=None if kind == Kind.FEE else cash)

        assert sum(transfer_sides(transfer).values()) == 0
