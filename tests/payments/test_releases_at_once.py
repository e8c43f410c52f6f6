"""Two who release at once never spend the same money: whoever comes second counts what the first has reserved."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from banks.fake import FakeTransfers
from payments.errors import NotEnoughFunds
from payments.models import FundingAccount, FundTransfer, Payment, PaymentBatch, Posting
from payments.services.ledger.funds import BalanceIsOld, Told, require_funds
from payments.services.ledger.journal import book_transfer
from payments.services.ledger.recovery_booking import book_all_recoveries
from payments.services.ledger.transfers import held_by_provider
from payments.services.providers.hand_over import hand_over
from payments.services.signing.sign import STILL_MOVING, release
from reconciliation.services.months.free_reserves import free_all_reserves
from staff.models import User
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

    @pytest.mark.parametrize("learned_at", [timedelta(minutes=-5), timedelta(seconds=1)])
    def test_nor_what_was_posted_after_the_bank_told_its_balance(self, province, clock, monkeypatch, learned_at):
        """Taken and learned of between the answer of the bank and the lock; who learns writes down when it began to read, perhaps before."""
        (first, second), balances = two_lists(province)
        bank = FakeTransfers(balances=balances, now=clock)
        release(batch_ids=[first], actor=province.staff["RELEASER"], now=clock(), bank=bank)
        moved_while_told(monkeypatch, bank, first=first, status_at=database_now() + learned_at)

        with pytest.raises(NotEnoughFunds):
            release(batch_ids=[second], actor=province.staff["RELEASER"], now=clock(), bank=bank)

    def test_and_what_left_while_it_told_counts_once(self, province, clock, monkeypatch):
        """Debited before the bank answered, learned of after: asked again, both lists are paid to the last đồng."""
        (first, second), balances = two_lists(province)
        bank = FakeTransfers(balances={"fa_971": balances["fa_971"] + 1}, now=clock)
        release(batch_ids=[first], actor=province.staff["RELEASER"], now=clock(), bank=bank)
        asked = moved_while_told(monkeypatch, bank, first=first, status_at=clock(), known=True)

        assert release(batch_ids=[second], actor=province.staff["RELEASER"], now=clock(), bank=bank) == 1
        assert len(asked) == 2

    def test_nor_what_another_released_and_sent_meanwhile(self, province, clock, monkeypatch):
        (first, second), balances = two_lists(province)
        bank = FakeTransfers(balances=balances, now=clock)
        told, releaser = bank.balance, province.staff["RELEASER"]
        nested: list[int] = []

        def balance(financial_account: str) -> int:
            gone = Payment.objects.filter(batch=first, status="PROCESSING").values_list("amount", flat=True)
            found = told(financial_account) - sum(gone)
            if not nested:
                nested.append(first)
                release(batch_ids=[first], actor=releaser, now=clock(), bank=bank)
                Payment.objects.filter(batch=first).update(status="SENT", cause="CLAIM", first_used_at=clock())
                Payment.objects.filter(batch=first).update(status="PROCESSING", cause="ACCEPTED")
            return found

        monkeypatch.setattr(bank, "balance", balance)
        with pytest.raises(NotEnoughFunds):
            release(batch_ids=[second], actor=releaser, now=clock(), bank=bank)

    def test_a_balance_that_is_old_each_time_is_said_to_be_asked_for_again_later(self, province, clock, monkeypatch):
        """It may well be enough: whoever releases is told to wait, not to look for money."""
        (first, _), balances = two_lists(province)
        bank, asked = FakeTransfers(balances=balances, now=clock), []

        def old(*, told, batch_ids):
            asked.append(told)
            raise BalanceIsOld

        monkeypatch.setattr("payments.services.signing.sign.require_funds", old)
        with pytest.raises(NotEnoughFunds) as refusal:
            release(batch_ids=[first], actor=province.staff["RELEASER"], now=clock(), bank=bank)

        assert refusal.value.conflicts == ["TK-971", STILL_MOVING]
        assert len(asked) == 3
        assert Payment.objects.get(batch=first).status == "DRAFT"

    def test_hold_lists_before_accounts_as_who_takes_results_does(self, province, clock):
        """In the other order each would hold what the other waits for, and the database would end one of them."""
        lists, balances = two_lists(province)
        bank = FakeTransfers(balances={"fa_971": balances["fa_971"] + 1}, now=clock)

        with CaptureQueriesContext(connection) as asked:
            release(batch_ids=lists, actor=province.staff["RELEASER"], now=clock(), bank=bank)

        held = [one["sql"] for one in asked if " FOR " in one["sql"] and "UPDATE" in one["sql"].rpartition(" FOR ")[2]]
        assert ["payments_paymentbatch" in sql.partition(" FROM ")[2][:30] for sql in held[:2]] == [True, False]
        assert '"payments_fundingaccount"' in held[1]

    def test_nor_what_a_provider_was_given_and_no_lump_sum_left_for(self, province, clock):
        """Its people stand as being paid; the money is in the account until the lump sum is recorded."""
        (first, second), balances = two_lists(province)
        account, releaser = FundingAccount.objects.get(code="TK-971"), province.staff["RELEASER"]
        account.sends_by = "LIST"
        account.save(update_fields=["sends_by"])
        bank = FakeTransfers(balances=balances, now=clock)
        release(batch_ids=[first], actor=releaser, now=clock(), bank=bank)
        hand_over(batch_id=first, actor=province.staff["CHECKER"], now=clock())

        with pytest.raises(NotEnoughFunds) as refusal:
            release(batch_ids=[second], actor=releaser, now=clock(), bank=bank)

        assert f"danh sách {first} đã giao tổ chức chi trả" in " ".join(refusal.value.conflicts)
        amount = sum(Payment.objects.filter(batch=first).values_list("amount", flat=True))
        forwarded(first, amount=amount, by=releaser, now=clock())
        left = FakeTransfers(balances={"fa_971": balances["fa_971"] + 1 - amount}, now=clock)
        assert release(batch_ids=[second], actor=releaser, now=clock(), bank=left) == 1

    def test_nor_the_second_half_of_a_lump_sum(self, province, clock):
        """Once a part has left, the books keep nothing reserved for the list; its people still wait for the rest."""
        (first, second), balances = two_lists(province)
        account, releaser = FundingAccount.objects.get(code="TK-971"), province.staff["RELEASER"]
        account.sends_by = "LIST"
        account.save(update_fields=["sends_by"])
        release(batch_ids=[first], actor=releaser, now=clock(), bank=FakeTransfers(balances=balances, now=clock))
        hand_over(batch_id=first, actor=province.staff["CHECKER"], now=clock())
        forwarded(first, amount=(half := Payment.objects.get(batch=first).amount // 2), by=releaser, now=clock())
        free_all_reserves(now=clock())

        enough = balances["fa_971"] + 1 - half
        with pytest.raises(NotEnoughFunds):
            release(
                batch_ids=[second],
                actor=releaser,
                now=clock(),
                bank=FakeTransfers(balances={"fa_971": enough - 1}, now=clock),
            )
        bank = FakeTransfers(balances={"fa_971": enough}, now=clock)
        assert release(batch_ids=[second], actor=releaser, now=clock(), bank=bank) == 1

    def test_nor_a_lump_sum_for_cash_where_the_account_gives_them(self, province, clock):
        """A cash list names no account; once a lump sum for cash left its unit's, what is handed over and not given yet is spoken for."""
        for _ in range(2):
            province.enrol()
        province.open_account(province.enrol(category="TB-1").beneficiary)
        province.build(AUGUST)
        lists = {
            batch.channel: batch.pk for batch in PaymentBatch.objects.filter(pk__in=province.approve_lists(AUGUST))
        }
        cash, transfer, releaser = lists["CASH"], lists["ACCOUNT"], province.staff["RELEASER"]
        needs = sum(Payment.objects.filter(batch=transfer).values_list("amount", flat=True))
        bank = FakeTransfers(balances={"fa_971": needs + 1_499_999 - 500_000, "fa_972": 0}, now=clock)
        release(batch_ids=[cash], actor=releaser, now=clock(), bank=bank)
        hand_over(batch_id=cash, actor=province.staff["CHECKER"], now=clock())
        forwarded(cash, amount=500_000, by=releaser, now=clock())

        with pytest.raises(NotEnoughFunds) as refusal:
            release(batch_ids=[transfer], actor=releaser, now=clock(), bank=bank)

        assert "1.000.000 đ" in " ".join(refusal.value.conflicts)
        bank = FakeTransfers(balances={"fa_971": needs + 1_000_000, "fa_972": 0}, now=clock)
        assert release(batch_ids=[transfer], actor=releaser, now=clock(), bank=bank) == 1


class TestWhatAProviderHolds:
    def test_is_of_its_channel_for_the_lump_sum_as_for_the_release(self, province, clock):
        """The post was given the cash of a list twice over; a bank that pays transfers from a list has seen none of it."""
        for with_account in (True, False):
            person = province.enrol().beneficiary
            if with_account:
                province.open_account(person)
        province.build(AUGUST)
        lists = {one.channel: one for one in PaymentBatch.objects.filter(pk__in=province.approve_lists(AUGUST))}
        account = FundingAccount.objects.get(code="TK-971")
        account.sends_by = "LIST"
        account.save(update_fields=["sends_by"])
        amount = Payment.objects.get(batch=lists["CASH"]).amount
        balances = {"fa_971": 3 * amount}
        for channel in ("CASH", "ACCOUNT"):
            release(
                batch_ids=[lists[channel].pk],
                actor=province.staff["RELEASER"],
                now=clock(),
                bank=FakeTransfers(balances=balances, now=clock),
            )
            hand_over(batch_id=lists[channel].pk, actor=province.staff["CHECKER"], now=clock())
        forwarded(lists["CASH"].pk, amount=2 * amount, by=province.staff["RELEASER"], now=clock())

        held = {
            channel: held_by_provider(account=account, like=lists[channel], besides=besides)
            for channel, besides in (("CASH", False), ("ACCOUNT", True))
        }
        assert held == {"CASH": 2 * amount, "ACCOUNT": 0}
        told = [Told(account, amount - 1, [], [])]
        with pytest.raises(NotEnoughFunds), transaction.atomic():
            require_funds(told=told, batch_ids=[])
        require_funds(told=[Told(account, amount, [], [])], batch_ids=[])


def forwarded(batch: int, *, amount: int, by: User, now: datetime) -> None:
    """A lump sum for the list left the account and is in the books."""
    transfer = FundTransfer.objects.create(
        funding_account=FundingAccount.objects.get(paying_unit__batches=batch),
        kind="FORWARDED",
        batch_id=batch,
        reference="UNC-1",
        amount=amount,
        booked_on=now.date(),
        recorded_by=by,
        recorded_at=now,
    )
    book_transfer(transfer=transfer, now=now)


def moved_while_told(monkeypatch, bank: FakeTransfers, *, first: int, status_at, known: bool = False) -> list[int]:
    """The bank takes list `first` right after its answer, before the lock; its next answer knows of it, or (`known`) this one."""
    told, asked = bank.balance, []

    def balance(financial_account: str) -> int:
        gone = sum(Payment.objects.filter(batch=first, status="POSTED").values_list("amount", flat=True))
        amount = sum(Payment.objects.filter(batch=first).values_list("amount", flat=True))
        asked.append(told(financial_account) - (amount if known else gone))
        if not gone:
            just_now = database_now()
            Payment.objects.filter(batch=first).update(status="SENT", cause="CLAIM", first_used_at=just_now)
            Payment.objects.filter(batch=first).update(status="POSTED", cause="BANK_POSTED", status_at=status_at)
        return asked[-1]

    monkeypatch.setattr(bank, "balance", balance)
    return asked


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
