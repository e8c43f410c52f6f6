"""Take in a bank statement, line by line, once by its content; then say what every line is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from payments.models import FundingAccount, Payment
from reconciliation.errors import StatementDiffers
from reconciliation.models import Statement, StatementLine
from reconciliation.parsers.interface import StatementReading
from reconciliation.services.differences.reevaluate import reevaluate
from reconciliation.services.lines.holding import hold_account
from reconciliation.services.lines.match_statement import Matched, match_statement, rematch_open_lines
from reconciliation.services.months.close_lists import close_finished_lists
from reconciliation.services.months.free_reserves import free_reserves
from reconciliation.services.months.periods import require_open
from reconciliation.services.statements.balance_gaps import name_balance_gaps
from reconciliation.services.statements.known_lines import is_known, leave_new_lines
from reconciliation.services.statements.known_statements import says_nothing_new
from reconciliation.services.statements.read_apart import read_apart
from reconciliation.services.statements.reading_form import account_of, form_for, refused_in_words
from reconciliation.services.statements.staged_lines import months_staged, stage_lines, store_staged
from staff.bulk import refresh_statistics
from staff.models import User
from staff.rights import Right, require


@dataclass(frozen=True)
class StatementIntake:
    """What taking in one statement did: of its `lines` so many were new. `repeated`: the same lines were there before, nothing was written."""

    statement: Statement | None
    lines: int
    matched: Matched | None
    repeated: bool = False
    new_lines: int = 0


def import_statements(
    *,
    sources: Sequence[BinaryIO],
    actor: User,
    now: datetime,
    account: FundingAccount | None = None,
    sheet: str | None = None,
) -> list[StatementIntake]:
    """Import every statement in these files, each of any format `read_files` knows: all of them, or nothing.

    Files are read as a stream, never held; the pages of one statement may stand in files of their own, given together.

    `account` is whose statement it is, needed where a table does not say so; `sheet` names a sheet of several.
    Raises `StatementNotAccepted`, `StatementOfAnotherAccount`, `StatementDiffers`, `PeriodIsClosed`, `NotAllowed`, and what `read_apart` does.
    """
    form = form_for(account=account, actor=actor, sheet=sheet)
    with transaction.atomic(), refused_in_words(), read_apart(sources, form) as readings:
        intakes = [import_reading(reading, account=account, actor=actor, now=now) for reading in readings]
        close_finished_lists(now=now)
        return intakes


def import_reading(
    reading: StatementReading, *, account: FundingAccount | None, actor: User, now: datetime
) -> StatementIntake:
    """Import one statement, wherever it was read. Within the caller's transaction. Raises what `import_statements` does, and StatementRefused."""
    account = account_of(reading.statement, given=account, actor=actor)
    require(actor, Right.RECONCILE, unit=account.paying_unit)
    hold_account(account.pk)  # one statement at a time
    staged = stage_lines(reading)
    head = reading.statement
    repeated = StatementIntake(statement=None, lines=staged.count, matched=None, repeated=True)
    if Statement.objects.filter(content_digest=staged.digest).exists() or is_known(
        head, count=staged.count, account=account
    ):
        return repeated
    numbered = Statement.objects.filter(funding_account=account, sequence_number=head.sequence_number)
    if head.sequence_number is not None and numbered.exists():
        raise StatementDiffers(conflicts=[f"{account.code}/{head.sequence_number}"])
    new_lines = leave_new_lines(head, account=account)
    if not new_lines and says_nothing_new(reading, account=account):
        return repeated
    for month in months_staged() | {head.to_on.replace(day=1)}:
        require_open(account=account, day=month)
    statement = Statement.objects.create(
        funding_account=account,
        content_digest=staged.digest,
        format=head.format,
        statement_id=head.statement_id[:60],
        sequence_number=head.sequence_number,
        from_on=head.from_on,
        to_on=head.to_on,
        opening=head.opening,
        closing=head.closing,
        line_count=staged.count,
        received_at=now,
        received_by=actor,
    )
    store_staged(statement)
    refresh_statistics(StatementLine, Payment)
    name_balance_gaps(statement, reading, now=now)
    rematch_open_lines(account=account, but=statement, now=now)
    matched = match_statement(statement=statement, actor=actor, now=now)
    reevaluate(account=account, actor=actor, now=now)
    free_reserves(account=account, on=statement.to_on, now=now)
    return StatementIntake(statement=statement, lines=staged.count, matched=matched, new_lines=new_lines)
