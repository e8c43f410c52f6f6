"""Rows for tables that are empty on most days."""

from datetime import date, timedelta

from django.utils import timezone

from banks.fake import FakeTransfers
from beneficiaries.models import Decision
from payments.models import Alarm, FundingAccount, FundTransfer, Payment
from payments.services.learning.contradictions import note_contradictions
from payments.services.ledger.estimates import record_estimate
from payments.services.ledger.transfers import record_transfer
from payments.services.signing.sign import approve, release, submit
from payments.services.signing.signing_rules import propose_signing_rule
from payments.states import Step
from tests.api.world import NOW, World


def fill(world: World, *, bank: FakeTransfers) -> None:
    """A released cash list, an outcome nobody knows, one told differently, somebody who arrives, a debt, an estimate, proposals."""
    cash = world.add_list("971", cycle=world.lists["971", "ACCOUNT"].cycle, channel="CASH")
    world.pay(cash, world.add_person("Đỗ Thị Én", unit="97101"), account=None, amount=1_500_000)
    long_ago = timezone.now() - timedelta(days=3)
    for batch in (cash, world.lists["971", "ACCOUNT"]):
        for role, sign in (("MAKER", submit), ("CHECKER", approve)):
            sign(batch_ids=[batch.pk], actor=world.staff[role, "971"], now=long_ago)
        release(batch_ids=[batch.pk], actor=world.staff["RELEASER", "971"], now=long_ago, bank=bank)
    unknown, told = (world.payments[name] for name in ("Trần Văn Ân", "Lê Thị Bình"))
    sent = {"status": "SENT", "cause": "CLAIM", "first_used_at": long_ago, "lease_until": long_ago}
    Payment.objects.filter(pk__in=[unknown.pk, told.pk]).update(**sent)
    Payment.objects.filter(pk=told.pk).update(status="FAILED", cause="BANK_FAILED", hold_code="bank_contradicts")
    note_contradictions(payment_ids=[told.pk], reason="BANK_CONTRADICTS", now=NOW)
    accountant, head = world.staff["CHECKER", "97"], world.staff["RELEASER", "97"]
    cash.refresh_from_db()
    account = FundingAccount.objects.get(code="TK-971")
    moved = {"amount": 1_000_000, "reference": "UNC-1", "booked_on": date(2024, 8, 5)}
    record_transfer(account=account, kind=FundTransfer.Kind.FORWARDED, batch=cash, actor=accountant, now=NOW, **moved)
    moving, owing = (world.people[name].enrolments.get() for name in ("Ngô Văn Cường", "Trần Văn Ân"))
    Decision.objects.create(
        enrolment=moving, kind="TRANSFER_OUT", number="8/QĐ", signed_on="2024-08-20", effective_month="2024-09-01",
        last_month="2024-08-01", to_unit=world.units["97101"],
    )  # fmt: skip
    moving.ended_month, moving.moved_to = date(2024, 9, 1), world.units["97101"]
    moving.save(update_fields=["ended_month", "moved_to"])
    Decision.objects.create(
        enrolment=owing, kind="RECOVER", number="15/QĐ", amount=300_000, monthly_ceiling=100_000, signed_on=date(2024, 7, 1),
        effective_month=date(2024, 8, 1),
    )  # fmt: skip
    line = {"year": 2024, "amount": 4_200_000_000, "document": "3512/QĐ-UBND", "decided_on": date(2023, 12, 15)}
    record_estimate(unit=world.units["971"], programme=cash.programme, actor=accountant, now=NOW, **line)
    rule = {"title": "Phó Giám đốc Sở", "from_amount": 5_000_000_000, "document_number": "12/QĐ"}
    propose_signing_rule(step=Step.COSIGNER, valid_from=date(2099, 1, 1), actor=head, now=NOW, **rule)
    silent = {"unit": world.units["971"], "count": 1, "since": NOW, "raised_at": NOW}
    Alarm.objects.create(kind=Alarm.Kind.NO_STATEMENT, subject="account:TK-971", **silent)
