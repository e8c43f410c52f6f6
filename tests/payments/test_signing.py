"""Three people sign a list; each signature is over the list as it stands, and money moves only after the third."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

from banks.errors import BankUnavailable
from banks.fake import FakeTransfers
from beneficiaries.models import BankAccount, IdentityRecord
from payments.errors import (
    CannotStop,
    ListIsEmpty,
    NotEnoughFunds,
    SignerAlreadySigned,
    WrongBatchState,
)
from payments.models import JournalEntry, Payment, PaymentBatch, Posting, Signature
from payments.services.lists.close_cycle import close_cycle
from payments.services.lists.emptied import cancel_emptied
from payments.services.sending.send import send_ready_payments
from payments.services.signing.awaiting import awaiting
from payments.services.signing.removal import take_off
from payments.services.signing.sign import approve, list_digest, release, return_for_revision, submit
from payments.services.signing.sign_many import sign_together
from payments.states import Cause, Step
from staff.errors import NotAllowed
from staff.models import User
from tests.payments.province import AUGUST, Province

POOR = FakeTransfers(balances={"fa_971": 1_499_999, "fa_972": 0})


@pytest.fixture
def batch(province: Province) -> PaymentBatch:
    """An account list in DRAFT with two payments of 750,000 đ."""
    for _ in range(2):
        province.open_account(province.enrol().beneficiary)
    province.build(AUGUST)
    return PaymentBatch.objects.get()


@pytest.fixture
def step(province, batch, bank):
    """Take one step of the list by somebody of a role, by default the right one."""
    takes = {
        "submit": (submit, "MAKER", {}),
        "approve": (approve, "CHECKER", {}),
        "release": (release, "RELEASER", {"bank": bank}),
    }

    def take(name: str, *, by: User | None = None, **changes: object) -> None:
        use, role, extra = takes[name]
        use(batch_ids=[batch.pk], actor=by or province.staff[role], now=province.clock(), **{**extra, **changes})
        batch.refresh_from_db()

    return take


class TestThreeSignatures:
    def test_lead_from_draft_to_released(self, province, batch, step):
        for name in ("submit", "approve", "release"):
            step(name)

        assert batch.status == "RELEASED"
        assert list(Signature.objects.order_by("pk").values_list("step", "signer__role")) == [
            ("MAKER", "MAKER"), ("CHECKER", "CHECKER"), ("RELEASER", "RELEASER"),
        ]  # fmt: skip
        assert set(Signature.objects.values_list("digest", flat=True)) == {list_digest(batch.pk)}
        assert set(Payment.objects.values_list("status", flat=True)) == {"READY"}

    @pytest.mark.parametrize("name, done", [("approve", []), ("release", ["submit"]), ("submit", ["submit"])])
    def test_no_step_is_skipped_or_repeated(self, batch, step, name, done):
        for earlier in done:
            step(earlier)

        with pytest.raises(WrongBatchState):
            step(name)

    @pytest.mark.parametrize(
        "name, done", [("submit", []), ("approve", ["submit"]), ("release", ["submit", "approve"])]
    )
    @pytest.mark.parametrize("role", ["COMMUNE_OFFICER", "LEADER", "AUDITOR"])
    def test_others_sign_nothing(self, province, batch, step, name, done, role):
        for earlier in done:
            step(earlier)

        with pytest.raises(NotAllowed):
            step(name, by=province.staff[role])

    def test_one_who_changed_roles_does_not_sign_twice(self, province, batch, step):
        step("submit")
        maker = province.staff["MAKER"]
        maker.role = "CHECKER"
        maker.save()

        with pytest.raises(SignerAlreadySigned):
            step("approve", by=maker)

        batch.refresh_from_db()
        assert batch.status == "SUBMITTED"

    def test_nobody_signs_outside_their_unit(self, province, batch, step):
        stranger = User.objects.create(username="x", password="!", role="MAKER", unit=province.units["972"])

        with pytest.raises(NotAllowed):
            step("submit", by=stranger)

    def test_one_switched_off_signs_nothing(self, province, batch, step):
        province.staff["MAKER"].is_active = False

        with pytest.raises(NotAllowed):
            step("submit")

    def test_all_lists_are_signed_or_none(self, province, batch):
        province.enrol()
        province.build(date(2024, 9, 1))
        second = PaymentBatch.objects.exclude(pk=batch.pk).first()
        submit(batch_ids=[second.pk], actor=province.staff["MAKER"], now=province.clock())

        with pytest.raises(WrongBatchState):
            submit(batch_ids=[batch.pk, second.pk], actor=province.staff["MAKER"], now=province.clock())

        batch.refresh_from_db()
        assert (batch.status, batch.signatures.count()) == ("DRAFT", 0)

    def test_a_list_where_everybody_was_stopped_is_not_submitted(self, province, batch, step):
        for payment in Payment.objects.all():
            province.take_off(payment)

        with pytest.raises(ListIsEmpty):
            step("submit")


class TestAListNobodyIsLeftOn:
    """Two lists of a month, in draft: who is on the first is taken off, who is on the second stays."""

    @pytest.fixture
    def lists(self, province, batch) -> list[int]:
        province.open_account(province.enrol(province.person(commune="97201")).beneficiary)
        province.build(date(2024, 9, 1))
        lists = PaymentBatch.objects.filter(cycle__month=date(2024, 9, 1)).order_by("pk")
        return list(lists.values_list("pk", flat=True))

    def statuses(self, ids):
        return [PaymentBatch.objects.get(pk=pk).status for pk in ids]

    def test_is_cancelled_with_the_last_of_them_and_waits_for_nobody(self, province, lists):
        for payment in Payment.objects.filter(batch=lists[0]):
            assert self.statuses(lists) == ["DRAFT", "DRAFT"]
            province.take_off(payment)

        assert self.statuses(lists) == ["CANCELLED", "DRAFT"]
        waiting = awaiting(batches=PaymentBatch.objects.filter(pk__in=lists), now=province.clock())
        assert [one.batch.pk for one in waiting] == lists[1:]

    def test_does_not_keep_the_others_from_being_signed_together(self, province, bank, lists):
        for payment in Payment.objects.filter(batch=lists[0]):
            province.take_off(payment)

        for step, role in ((Step.MAKER, "MAKER"), (Step.CHECKER, "CHECKER"), (Step.RELEASER, "RELEASER")):
            told = sign_together(
                step=step, batch_ids=lists, actor=province.staff[role], now=province.clock(), bank=bank
            )
            assert [(one.batch_id, one.signed, one.code) for one in told] == [
                (lists[0], False, "LIST_IS_EMPTY"),
                (lists[1], True, ""),
            ]

        assert self.statuses(lists) == ["CANCELLED", "RELEASED"]

    def test_keeps_no_month_open(self, province, bank, lists):
        for payment in Payment.objects.filter(batch__in=lists):
            province.take_off(payment)

        closed = close_cycle(month=date(2024, 9, 1), actor=province.staff["CHECKER"], now=province.clock())

        assert closed.closed_at is not None

    def test_returned_by_the_checker_it_is_cancelled(self, province, batch, step):
        step("submit")
        for payment in Payment.objects.filter(batch=batch):
            province.take_off(payment)

        return_for_revision(
            batch_ids=[batch.pk], actor=province.staff["CHECKER"], note="Không còn ai", now=province.clock()
        )

        assert self.statuses([batch.pk]) == ["CANCELLED"]

    def test_one_with_somebody_on_it_is_never_cancelled(self, province, lists):
        with pytest.raises(IntegrityError, match="people on it"), transaction.atomic():
            PaymentBatch.objects.filter(pk=lists[1]).update(status="CANCELLED")

        assert cancel_emptied(now=province.clock()) == 0

    def test_the_clock_finds_what_two_left_behind_at_once(self, province, lists):
        """Each who took one of the last two off saw the other still there."""
        Payment.objects.filter(batch=lists[0]).apply(Cause.STOP, now=province.clock())

        assert [cancel_emptied(now=province.clock()) for _ in range(2)] == [1, 0]
        assert self.statuses(lists) == ["CANCELLED", "DRAFT"]


class TestReturnForRevision:
    @pytest.mark.parametrize("done", [["submit"], ["submit", "approve"]])
    def test_begins_a_new_revision_with_no_signature(self, province, batch, step, done):
        for name in done:
            step(name)

        return_for_revision(
            batch_ids=[batch.pk], actor=province.staff["RELEASER"], note="Xem lại số tiền", now=province.clock()
        )

        batch.refresh_from_db()
        assert (batch.status, batch.revision, batch.return_note) == ("DRAFT", 2, "Xem lại số tiền")
        assert not batch.signatures.filter(revision=2).exists()
        assert batch.signatures.filter(revision=1).count() == len(done)

    def test_is_signed_by_all_three_again(self, province, batch, step):
        step("submit")
        return_for_revision(batch_ids=[batch.pk], actor=province.staff["CHECKER"], note="", now=province.clock())

        for name in ("submit", "approve", "release"):
            step(name)

        assert batch.signatures.filter(revision=2).count() == 3

    @pytest.mark.parametrize("done", [[], ["submit", "approve", "release"]])
    def test_is_not_possible_before_or_after_signing(self, province, batch, step, done):
        for name in done:
            step(name)

        with pytest.raises(WrongBatchState):
            return_for_revision(batch_ids=[batch.pk], actor=province.staff["RELEASER"], note="", now=province.clock())


class TestRelease:
    @pytest.fixture(autouse=True)
    def approved(self, step):
        step("submit")
        step("approve")

    def test_needs_the_money_at_the_bank_to_the_last_dong(self, batch, step):
        with pytest.raises(NotEnoughFunds) as refusal:
            step("release", bank=POOR)

        batch.refresh_from_db()
        missing = "cần 1.500.000 đ, số dư 1.499.999 đ, còn thiếu 1 đ"
        assert (batch.status, refusal.value.conflicts) == ("APPROVED", ["TK-971", missing])
        step("release", bank=FakeTransfers(balances={"fa_971": 1_500_000}))
        assert batch.status == "RELEASED"

    def test_counts_what_is_released_and_not_yet_taken(self, province, batch, step):
        step("release", bank=FakeTransfers(balances={"fa_971": 1_500_000}))
        later = date(2024, 9, 1)
        province.build(later)

        with pytest.raises(NotEnoughFunds):
            province.release_lists(later, bank=FakeTransfers(balances={"fa_971": 2_999_999}))

    def test_moves_nothing_while_the_bank_is_silent(self, batch, step, bank, monkeypatch):
        monkeypatch.setattr(bank, "balance", _silent)

        with pytest.raises(BankUnavailable):
            step("release")

        assert set(Payment.objects.values_list("status", flat=True)) == {"DRAFT"}

    @pytest.mark.parametrize(
        "change", [{"status": "CLOSED", "cause": "CLOSE"}, {"status": "OPENED", "cause": "MONEY_BACK"}]
    )
    def test_stops_whoever_lost_the_account_since_it_was_signed(self, batch, step, change):
        lost = Payment.objects.get(ordinal=1)
        BankAccount.objects.filter(pk=lost.bank_account_id).update(**change)

        step("release")

        assert list(Payment.objects.order_by("ordinal").values_list("status", "cause")) == [
            ("CANCELLED", "STOP"),
            ("READY", "RELEASE"),
        ]

    def test_stops_whoever_died_since_it_was_signed(self, province, batch, step):
        dead = Payment.objects.get(ordinal=2)
        province.identify(dead.beneficiary)
        IdentityRecord.objects.update(deceased_on=date(2024, 7, 20))

        step("release")

        assert Payment.objects.get(pk=dead.pk).status == "CANCELLED"

    def test_reserves_exactly_what_is_released(self, batch, step):
        lost = BankAccount.objects.filter(pk=Payment.objects.get(ordinal=1).bank_account_id)
        lost.update(status="CLOSED", cause="CLOSE")

        step("release")

        reserved = Posting.objects.filter(account__kind="RESERVED").aggregate(total=Sum("amount"))["total"]
        assert (reserved, JournalEntry.objects.count()) == (750_000, 1)
        assert Posting.objects.aggregate(total=Sum("amount"))["total"] == 0


class TestStop:
    @pytest.mark.parametrize("done", [[], ["submit"], ["submit", "approve"], ["submit", "approve", "release"]])
    def test_takes_one_payment_off_at_any_step_before_it_is_sent(self, province, batch, step, bank, done):
        for name in done:
            step(name)

        province.take_off(Payment.objects.get(ordinal=1))
        for name in ["submit", "approve", "release"][len(done) :]:
            step(name)
        send_ready_payments(bank=bank, clock=province.clock)

        assert [state.amount for state in bank.taken] == [750_000]
        assert Payment.objects.get(ordinal=1).status == "CANCELLED"

    def test_is_refused_once_it_was_sent(self, province, batch, step, bank):
        for name in ("submit", "approve", "release"):
            step(name)
        send_ready_payments(bank=bank, clock=province.clock)
        sent = Payment.objects.get(ordinal=1)

        with pytest.raises(CannotStop) as refusal:
            province.take_off(sent)

        assert refusal.value.conflicts == [sent.end_to_end_id]

    def test_its_month_goes_with_the_next_list(self, province, batch):
        stopped = Payment.objects.get(ordinal=1)
        province.take_off(stopped)

        province.build(date(2024, 9, 1))

        again = Payment.objects.get(beneficiary=stopped.beneficiary, batch__cycle__month=date(2024, 9, 1))
        assert again.amount == 1_500_000

    @pytest.mark.parametrize("role", ["COMMUNE_OFFICER", "LEADER", "AUDITOR"])
    def test_others_stop_nothing(self, province, batch, role):
        with pytest.raises(NotAllowed):
            take_off(
                payment_id=Payment.objects.first().pk, reason="x", actor=province.staff[role], now=province.clock()
            )


def _silent(account: str) -> int:
    raise BankUnavailable
