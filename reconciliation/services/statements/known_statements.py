"""A statement all of whose lines are stored: whether it still says something, by its number or its balances."""

from django.db.models import Case, When

from payments.models import FundingAccount
from reconciliation.models import Statement
from reconciliation.parsers.interface import ParsedStatement, StatementReading
from reconciliation.services.statements.balance_gaps import balance_at_start


def says_nothing_new(reading: StatementReading, *, account: FundingAccount) -> bool:
    """A statement of stored lines alone counts only for a number of its own, for days not covered yet, or for balances that differ."""
    head = reading.statement
    if head.opening is None:
        return True  # a notification proves nothing
    if head.sequence_number is not None or reading.doubts or not (reading.balances_tie and reading.entries_tie):
        return False
    around = (
        Statement.objects.filter(
            funding_account=account, opening__isnull=False, from_on__lte=head.from_on, to_on__gte=head.to_on
        )
        .order_by(Case(When(format=head.format, then=0), default=1), "pk")  # by its own format's days, where it has any
        .first()
    )
    if around is None:
        return False
    if around.format == head.format:
        return balance_at_start(head.from_on, before=around) == head.opening
    return _ends_agree(head, around)


def _ends_agree(head: ParsedStatement, around: Statement) -> bool:
    """Two formats may date an entry by its booking and by its value: between the ends of one the balances of a day need not agree (ADR 68)."""
    begins = head.from_on != around.from_on or head.opening == around.opening
    return begins and (head.to_on != around.to_on or head.closing == around.closing)
