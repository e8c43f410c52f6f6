"""What the reader of a statement is told, whose it then is, and how a refusal of the reader becomes ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from payments.models import FundingAccount
from reconciliation.errors import StatementNotAccepted, StatementOfAnotherAccount
from reconciliation.models import StatementMapping
from reconciliation.parsers.errors import RowsUnreadable, StatementRefused
from reconciliation.parsers.interface import ParsedStatement
from reconciliation.parsers.table import TableForm
from staff.models import User

MOST_MAPPINGS = 50  # tried in turn, newest first; a bank changes its form once in years


def form_for(
    *, account: FundingAccount | None, actor: User, sheet: str | None = None, heading_at: int | None = None
) -> TableForm:
    """Mappings of the account, or of all accounts in the actor's reach while nobody said which: one counts for exactly its own headings."""
    saved = StatementMapping.objects.order_by("-saved_at", "-pk")
    if account is not None:
        saved = saved.filter(funding_account=account)
    elif actor.unit is not None:
        saved = saved.filter(funding_account__paying_unit__path__startswith=actor.unit.path)
    else:
        saved = saved.none()
    return TableForm(
        account=account.bank_account_id if account else None,
        mappings=list(saved.values_list("columns", flat=True)[:MOST_MAPPINGS]),
        sheet=sheet,
        heading_at=heading_at,
    )


def account_of(head: ParsedStatement, *, given: FundingAccount | None, actor: User) -> FundingAccount:
    """The funding account of a statement. Raises `StatementOfAnotherAccount`, also when somebody named another one.

    An account outside the actor's reach is as unknown as one there is not: a file made up to ask is told nothing.
    """
    account = FundingAccount.objects.select_related("paying_unit").filter(bank_account_id__iexact=head.account).first()
    if account is None or (given is not None and given.pk != account.pk) or not actor.reaches(account.paying_unit):
        raise StatementOfAnotherAccount
    return account


@contextmanager
def refused_in_words() -> Iterator[None]:
    """A file the parsers refuse is refused to the user, with every row in question."""
    try:
        yield
    except StatementRefused as error:
        problems = error.problems if isinstance(error, RowsUnreadable) else ()
        raise StatementNotAccepted(str(error), conflicts=list(problems)) from error
