"""A statement that does not come is noticed, and the alarm goes when it comes."""

from banks.fake import FakeTransfers
from payments.models import Alarm, FundingAccount
from payments.services.learning.learn import fetch_states
from payments.services.sending.send import send_ready_payments
from reconciliation.models import Statement
from reconciliation.services.statements.silence import watch_statements
from tests.payments.province import BALANCES, Clock, make_province


def test_a_credited_day_without_a_statement_is_an_alarm_until_it_is_covered(db):
    clock = Clock()
    province, bank = make_province(clock=clock), FakeTransfers(balances=BALANCES, now=clock)
    province.pay_through_accounts(2, bank=bank)
    send_ready_payments(bank=bank, clock=clock)
    bank.post_all()
    fetch_states(bank=bank, now=clock())
    assert watch_statements(now=clock()) == 0
    clock.advance(days=3)

    assert watch_statements(now=clock()) == 1
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.subject, alarm.count) == ("NO_STATEMENT", "account:TK-971", 1)

    Statement.objects.create(
        funding_account=FundingAccount.objects.get(code="TK-971"),
        content_digest=b"x",
        statement_id="S1",
        sequence_number=1,
        from_on="2024-08-01",
        to_on="2024-08-31",
        opening=0,
        closing=0,
        line_count=0,
        received_at=clock(),
    )
    watch_statements(now=clock())
    alarm.refresh_from_db()
    assert alarm.cleared_at == clock()
