"""Accounts units pay from: opened and closed by two people; where their money stands; a ledger below nothing is an alarm."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from payments.errors import (
    ChangeDecided,
    ChangeNeedsAnother,
    ChangeWaits,
    FundingAccountClosed,
    FundingAccountInUse,
    FundingAccountKnown,
    TopUpRecorded,
)
from payments.models import Alarm, FundingAccount, LedgerAccount, PaymentBatch, SettingChange, SigningRule
from payments.services.alarms import watch
from payments.services.ledger.balances import balances_of, below_nothing
from payments.services.ledger.funding import propose_account, propose_closing, record_top_up
from payments.services.ledger.journal import book, book_top_up
from payments.services.sending.send import send_ready_payments
from payments.services.setting_changes import accept_change, decline_change
from payments.services.signing.sign import release
from payments.services.signing.signing_rules import propose_signing_rule
from payments.states import Step
from staff.errors import NotAllowed, Refusal
from tests.payments.plain_sql import constraint_of, run
from tests.payments.province import AUGUST

Kind = LedgerAccount.Kind


def refused(statement: str, **values: object) -> str | None:
    """The rule that refuses a statement of the application's role."""
    with pytest.raises(DatabaseError) as refusal:
        run(statement, **values)
    return constraint_of(refusal)


@pytest.fixture
def propose(province, clock):
    """Propose an account for the province itself, which pays from none yet."""

    def by(role: str = "RELEASER", *, unit: str = "97", code: str = "TK-97", bank_account_id: str = "fa_97"):
        return propose_account(
            code=code,
            bank_account_id=bank_account_id,
            unit=province.units[unit],
            document="12/QĐ",
            actor=province.staff[role],
            now=clock(),
        )

    return by


@pytest.fixture
def decide(province, clock):
    def by(change: SettingChange, role: str = "CHECKER", *, step=accept_change) -> SettingChange:
        return step(change_id=change.pk, actor=province.staff[role], now=clock())

    return by


@pytest.fixture
def account(province) -> FundingAccount:
    return FundingAccount.objects.get(code="TK-971")


class TestOpening:
    def test_takes_two_people_in_two_roles(self, propose, decide):
        change = propose()
        with pytest.raises(ChangeNeedsAnother):
            decide(change, "RELEASER")
        with pytest.raises(NotAllowed):
            decide(change, "MAKER")
        assert not FundingAccount.objects.filter(code="TK-97").exists()

        decide(change)

        opened = FundingAccount.objects.get(code="TK-97")
        assert (opened.bank_account_id, opened.paying_unit.code, opened.closed_at) == ("fa_97", "97", None)
        with pytest.raises(ChangeDecided):
            decide(change)

    @pytest.mark.parametrize(
        "other", [{"unit": "971"}, {"code": "TK-971"}, {"bank_account_id": "fa_971"}], ids=["unit", "code", "bank"]
    )
    def test_never_takes_what_another_account_has(self, propose, other):
        with pytest.raises(FundingAccountKnown):
            propose(**other)

    def test_is_proposed_once_and_may_be_taken_back(self, propose, decide):
        change = propose()
        with pytest.raises(ChangeWaits):
            propose("CHECKER")
        decide(change, "RELEASER", step=decline_change)

        assert propose("CHECKER").accepted is None

    def test_what_was_taken_meanwhile_is_refused_when_it_is_accepted(self, province, propose, decide):
        change = propose()
        FundingAccount.objects.create(code="TK-X", bank_account_id="fa_97", paying_unit=province.units["97"])

        with pytest.raises(FundingAccountKnown):
            decide(change)
        change.refresh_from_db()
        assert change.accepted is None


class TestClosing:
    def close(self, province, clock, account, decide):
        change = propose_closing(account=account, document="13/QĐ", actor=province.staff["CHECKER"], now=clock())
        decide(change, "RELEASER")
        account.refresh_from_db()

    def test_waits_for_its_lists_and_its_money(self, province, clock, account, batch):
        with pytest.raises(FundingAccountInUse):
            propose_closing(account=account, document="13/QĐ", actor=province.staff["CHECKER"], now=clock())

    def test_money_at_the_bank_keeps_it_open(self, province, clock, account):
        book(
            source="top-up:A", description="Cấp", funding_account=account, amounts={Kind.FUNDS: 5, Kind.ALLOTTED: -5},
            booked_on=date(2024, 8, 1), now=clock(),
        )  # fmt: skip
        with pytest.raises(FundingAccountInUse):
            propose_closing(account=account, document="13/QĐ", actor=province.staff["CHECKER"], now=clock())

    def test_money_with_the_provider_does_too_though_the_books_of_the_bank_lack_as_much(self, province, clock, account):
        """The lump sum went out before the top-up was recorded."""
        given = {"funding_account": account, "amounts": {Kind.PROVIDER: 5_000, Kind.FUNDS: -5_000}}
        book(source="lump", description="", booked_on=AUGUST, now=clock(), **given)
        with pytest.raises(FundingAccountInUse):
            propose_closing(account=account, document="13/QĐ", actor=province.staff["RELEASER"], now=clock())

    def test_releases_nothing_until_it_is_open_again(self, province, clock, bank, account, propose, decide):
        self.close(province, clock, account, decide)
        province.open_account(province.enrol().beneficiary)
        province.build(AUGUST)
        ids = province.approve_lists(AUGUST)
        given = {"batch_ids": ids, "actor": province.staff["RELEASER"], "now": clock(), "bank": bank}
        with pytest.raises(FundingAccountClosed):
            release(**given)

        decide(propose("CHECKER", unit="971", code="TK-971", bank_account_id="fa_971"), "RELEASER")

        assert release(**given) == 1

    def test_one_closed_while_the_bank_was_asked_releases_nothing_either(self, province, clock, bank, account, batch):
        """After the check of our own: the database holds the same rule."""
        ids = province.approve_lists(AUGUST)
        asked = bank.balance

        def closed_meanwhile(financial_account: str):
            FundingAccount.objects.update(closed_at=clock())
            return asked(financial_account)

        bank.balance = closed_meanwhile
        with pytest.raises((IntegrityError, Refusal)), transaction.atomic():
            release(batch_ids=ids, actor=province.staff["RELEASER"], now=clock(), bank=bank)
        assert set(PaymentBatch.objects.values_list("status", flat=True)) == {"APPROVED"}

    def test_its_money_never_leaves_from_elsewhere(self, account):
        with pytest.raises(IntegrityError), transaction.atomic():
            FundingAccount.objects.filter(pk=account.pk).update(bank_account_id="fa_attacker")


class TestRules:
    def propose(self, province, clock, role: str = "RELEASER") -> SettingChange:
        return propose_signing_rule(
            step=Step.COSIGNER, title="Phó Giám đốc", from_amount=1, valid_from=date(2024, 9, 1),
            document_number="12/QĐ", actor=province.staff[role], now=clock(),
        )  # fmt: skip

    @pytest.mark.parametrize(("proposer", "second"), [("RELEASER", "CHECKER"), ("CHECKER", "RELEASER")])
    def test_a_rule_is_in_force_when_the_other_of_the_two_says_so(self, province, clock, decide, proposer, second):
        change = self.propose(province, clock, proposer)
        assert not SigningRule.objects.exists()

        decide(change, second)

        assert SigningRule.objects.get().change == change

    def test_nobody_sets_one_alone_not_even_by_sql(self, province, clock):
        change = self.propose(province, clock)
        insert = (
            "INSERT INTO payments_signingrule (step, title, from_amount, valid_from, document_number, set_by_id, set_at, change_id)"
            " VALUES ('COSIGNER', 'X', NULL, '2024-09-01', 'x', %(me)s, now(), %(change)s)"
        )
        accept = "UPDATE payments_settingchange SET accepted = true, decided_by_id = %(by)s, decided_role = %(role)s, decided_at = now()"
        me, maker = province.staff["RELEASER"].pk, province.staff["MAKER"].pk

        assert refused(insert, me=me, change=None) == "signing_rule_was_accepted"
        assert refused(insert, me=me, change=change.pk) == "signing_rule_was_accepted"
        assert refused(accept, by=me, role="RELEASER").startswith("setting_change_accepted_")
        assert refused(accept, by=me, role="CHECKER") == "setting_decider_has_the_role"
        assert refused(accept, by=maker, role="CHECKER") == "setting_decider_has_the_role"

    def test_what_was_accepted_is_what_is_in_force(self, province, clock, decide):
        change = decide(self.propose(province, clock))
        another = (
            "INSERT INTO payments_signingrule (step, title, from_amount, valid_from, document_number, set_by_id, set_at)"
            " SELECT 'COSIGNER', 'X', NULL, '2024-10-01', 'x', set_by_id, now() FROM payments_signingrule"
        )

        assert refused(another) == "signing_rule_was_accepted"
        assert refused("UPDATE payments_settingchange SET said = '{}' WHERE id = %(pk)s", pk=change.pk) == (
            "setting_change_is_decided_once"
        )


class TestWhereTheMoneyStands:
    def top_up(
        self, province, clock, account, amount: int = 2_000_000, reference: str = "CAP-1", document: str = "0815/LRDT"
    ):
        return record_top_up(
            account=account, reference=reference, amount=amount, booked_on=date(2024, 8, 1), document=document,
            actor=province.staff["CHECKER"], now=clock(),
        )  # fmt: skip

    def test_from_allotted_to_in_transit(self, province, clock, bank, account, released):
        top_up = self.top_up(province, clock, account)
        (before,) = balances_of([account])
        book_top_up(top_up=top_up, now=clock())
        send_ready_payments(bank=bank, clock=clock)

        (after,) = balances_of([account])

        assert (before.awaited, before.allotted, before.reserved) == (2_000_000, 0, 1_500_000)
        assert (after.awaited, after.allotted, after.funds, after.reserved, after.in_transit) == (
            0, 2_000_000, 500_000, 1_500_000, 1_500_000,
        )  # fmt: skip
        assert [(source.year, source.reserved) for source in after.sources] == [(2024, 1_500_000)]

    def test_a_top_up_keeps_its_document_and_who_recorded_it_and_never_changes(self, province, clock, account):
        made = self.top_up(province, clock, account)
        assert (made.document, made.recorded_by.role) == ("0815/LRDT", "CHECKER")
        assert self.top_up(province, clock, account) == made
        with pytest.raises(TopUpRecorded):
            self.top_up(province, clock, account, amount=3)

    def test_the_same_with_another_paper_is_refused_and_the_paper_that_stands_is_named(self, province, clock, account):
        self.top_up(province, clock, account)
        with pytest.raises(TopUpRecorded) as refusal:
            self.top_up(province, clock, account, document="0816/LRDT")

        assert "văn bản đã ghi: 0815/LRDT" in refusal.value.conflicts
        assert self.top_up(province, clock, account, document="").document == "0815/LRDT"

    def test_reserved_without_money_is_an_alarm_until_the_top_up_is_recorded(self, province, clock, account, released):
        watch(now=clock())
        standing = Alarm.objects.filter(kind="LEDGER_NEGATIVE", cleared_at__isnull=True)
        at_once = standing.exists()
        clock.advance(days=6)
        watch(now=clock())
        assert [(alarm.subject, alarm.unit.code) for alarm in standing] == [("TK-971:FUNDS", "971")]
        assert [below.amount for below in below_nothing()] == [-1_500_000]

        self.top_up(province, clock, account)
        watch(now=clock())

        assert (at_once, standing.all().exists(), below_nothing()) == (False, False, [])

    def test_a_provider_that_paid_what_it_never_got_is_one_too(self, province, clock, account, batch):
        def booked(source: str, amount: int) -> None:
            book(
                source=source, description="Chi", funding_account=account, booked_on=date(2024, 8, 1), now=clock(),
                amounts={Kind.PROVIDER: amount, Kind.PAID_CASH: -amount}, batch=batch,
            )  # fmt: skip

        booked("provider-paid:x", -10)
        assert below_nothing() == []  # no lump sum was ever recorded here: paid out of another office's books
        run(
            "INSERT INTO payments_fundtransfer (funding_account_id, kind, batch_id, reference, treasury_number, amount, booked_on, recorded_by_id,"
            " recorded_at) VALUES (%(account)s, 'FORWARDED', %(batch)s, 'R', '', 4, '2024-08-01', %(by)s, now())",
            account=account.pk,
            batch=batch.pk,
            by=province.staff["CHECKER"].pk,
        )
        assert [(below.kind, below.amount) for below in below_nothing()] == [("PROVIDER", -6)]
