"""Two who release at once never spend the same money: whoever comes second counts what the first has reserved."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from banks.fake import FakeTransfers
from payments.errors import NotEnoughFunds
from payments.models import Payment, Posting
from payments.services.recovery_booking import book_all_recoveries
from payments.services.sign import release
from staff.services.database_clock import database_now
from tests.payments.province import AUGUST, Clock, Province, make_province


class SlowBank(FakeTransfers):
    """Both are told the same balance before either goes on."""

    barrier: threading.Barrier

    def balance(self, financial_account: str) -> int:
        found = super().balance(financial_account)
        self.barrier.wait(timeout=60)
        return found


def two_lists(town: Province) -> tuple[list[int], dict[str, int]]:
    """Two lists two people signed, of one account with a đồng less than both together are about."""
    for category in ("KTN-NL", "TB-1"):
        town.open_account(town.enrol(category=category).beneficiary)
    town.build(AUGUST)
    lists = town.approve_lists(AUGUST)
    assert len(lists) == 2
    return lists, {"fa_971": sum(Payment.objects.values_list("amount", flat=True)) - 1, "fa_972": 0}


class TestTwoReleases:
    def test_reserve_no_more_than_there_is(self, committed_db, clock: Clock):
        town = make_province(clock=clock)
        lists, balances = two_lists(town)
        bank = SlowBank(balances=balances, now=clock)
        bank.barrier = threading.Barrier(2)

        def one(pk: int) -> object:
            try:
                return release(batch_ids=[pk], actor=town.staff["RELEASER"], now=clock(), bank=bank)
            except NotEnoughFunds as refusal:
                return refusal
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(one, lists))

        assert sorted(isinstance(one, NotEnoughFunds) for one in results) == [False, True]
        assert sum(Payment.objects.filter(status="READY").values_list("amount", flat=True)) <= balances["fa_971"]
        reserved = Posting.objects.filter(account__kind="RESERVED").values_list("amount", flat=True)
        assert 0 < sum(reserved) <= balances["fa_971"]

    def test_nor_what_was_posted_after_the_bank_told_its_balance(self, province, clock, monkeypatch):
        """Sent, taken and posted between the answer of the bank and the lock: the balance in hand does not know of it."""
        (first, second), balances = two_lists(province)
        bank = FakeTransfers(balances=balances, now=clock)
        release(batch_ids=[first], actor=province.staff["RELEASER"], now=clock(), bank=bank)
        told = bank.balance

        def balance(financial_account: str) -> int:
            found = told(financial_account)
            just_now = database_now() + timedelta(seconds=1)
            Payment.objects.filter(batch=first).update(status="SENT", cause="CLAIM", first_used_at=just_now)
            Payment.objects.filter(batch=first).update(status="POSTED", cause="BANK_POSTED", status_at=just_now)
            return found

        monkeypatch.setattr(bank, "balance", balance)
        with pytest.raises(NotEnoughFunds):
            release(batch_ids=[second], actor=province.staff["RELEASER"], now=clock(), bank=bank)


class TestRecoveriesBookedTwiceAtOnce:
    def test_count_once(self, committed_db, clock: Clock):
        """`book_all_recoveries` by two clocks at once: the account is locked before its rows are counted."""
        town = make_province(clock=clock)
        enrolment = town.enrol()
        enrolment.decisions.create(
            kind="RECOVER",
            number="TH-1",
            signed_on=AUGUST,
            effective_month=AUGUST,
            amount=600_000,
            monthly_ceiling=100_000,
        )
        start = threading.Barrier(2)

        def book(_: int) -> None:
            start.wait()
            try:
                book_all_recoveries(now=clock())
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(book, range(2)))

        assert list(Posting.objects.filter(account__kind="OWED_BACK").values_list("amount", flat=True)) == [600_000]
