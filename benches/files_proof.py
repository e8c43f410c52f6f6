"""The end of a measured cycle: the month's statement of both accounts reconciled, the cycle proved, the month closed."""

from contextlib import closing
from datetime import UTC, date, datetime

from django.utils import timezone

from banks.statements import HttpStatements
from beneficiaries.models import Enrolment
from payments.models import FundingAccount, TopUp
from reconciliation.services.months.close_period import close_period
from reconciliation.services.months.prove import prove_cycle
from reconciliation.services.statements.import_statement import import_statements
from tests.payments.bank_process import BankProcess
from tests.payments.province import AUGUST, Province

PAID_ON, LAST_DAY = date(2024, 8, 5), date(2024, 8, 31)
RECEIVED_AT = datetime(2024, 9, 1, 2, tzinfo=UTC)
BANK_MAY_TAKE_SECONDS = 1800.0


def record_what_came_before(balances: dict[str, int]) -> None:
    """What a province knows before it builds: the top-ups the bank opened with, and people long enrolled."""
    Enrolment.objects.update(recorded_at=datetime(2024, 1, 1, tzinfo=UTC))
    for account in FundingAccount.objects.filter(bank_account_id__in=balances):
        TopUp.objects.create(
            funding_account=account,
            reference=f"KBNN-{account.bank_account_id}",
            amount=balances[account.bank_account_id],
            booked_on=PAID_ON,
        )


def reconcile(process: BankProcess, province: Province) -> None:
    """The bank's statement of the month of each account, every line matched."""
    bank = HttpStatements(base_url=process.admin_url, timeout=(30.0, BANK_MAY_TAKE_SECONDS))
    for account in FundingAccount.objects.order_by("pk"):
        with closing(bank.fetch(financial_account=account.bank_account_id, from_on=AUGUST, to_on=LAST_DAY)) as file:
            import_statements(sources=[file], actor=province.staff["CHECKER"], now=RECEIVED_AT)


def prove() -> None:
    """Ours and the bank's books side by side."""
    proof = prove_cycle(month=AUGUST)
    if not proof.proven:
        raise SystemExit("\n".join(proof.differences[:20]))
    print(f"  proven: {len(proof.checks)} checks hold", flush=True)


def close(province: Province) -> None:
    """Close the month of both accounts."""
    for account in FundingAccount.objects.order_by("pk"):
        close_period(account=account, month=AUGUST, carried={}, actor=province.staff["CHECKER"], now=timezone.now())
