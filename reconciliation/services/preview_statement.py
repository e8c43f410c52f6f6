"""Show what a statement file says before it is taken in, and keep what its headings mean. A preview writes nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from beneficiaries.errors import MappingUnclear
from beneficiaries.parsers.headings import Heading, fold_heading
from payments.models import FundingAccount
from reconciliation.errors import StatementNotAccepted
from reconciliation.models import Statement, StatementMapping
from reconciliation.parsers.any_format import read_files
from reconciliation.parsers.errors import ColumnsUnknown, RowsUnreadable
from reconciliation.parsers.interface import ParsedStatement, StatementReading
from reconciliation.parsers.table import says_amounts
from reconciliation.parsers.table_columns import WORDINGS
from reconciliation.services.known_lines import is_known, leave_new_lines
from reconciliation.services.reading_form import account_of, form_for, refused_in_words
from reconciliation.services.staged_lines import stage_lines
from staff.models import User
from staff.rights import Right, require


@dataclass(frozen=True)
class Preview:
    """What one statement of a file would bring. Money in đồng, `debits` without sign; `fresh` lines are not stored yet.

    `missing` columns (labels): the headings must be explained first; `problems`: rows that can't be read. Then there is no statement.
    """

    statement: ParsedStatement | None = None
    account: str = ""
    lines: int = 0
    fresh: int = 0
    debits: int = 0
    credits: int = 0
    balances_tie: bool = True
    doubts: list[str] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def preview_statements(
    *, sources: Sequence[BinaryIO], actor: User, account: FundingAccount | None = None, sheet: str | None = None
) -> list[Preview]:
    """What `import_statements` would do with this file. Raises `StatementNotAccepted`, `StatementOfAnotherAccount`, `NotAllowed`."""
    if account is not None:
        require(actor, Right.RECONCILE, unit=account.paying_unit)
    form = form_for(account=account, actor=actor, sheet=sheet)
    with refused_in_words():
        try:
            return [_preview(reading, given=account, actor=actor) for reading in read_files(sources, form=form)]
        except ColumnsUnknown as error:
            return [Preview(missing=list(error.missing), headings=list(error.headings))]
        except RowsUnreadable as error:
            return [Preview(problems=list(error.problems))]


@transaction.atomic
def save_statement_mapping(
    *,
    sources: Sequence[BinaryIO],
    account: FundingAccount,
    columns: Mapping[int, str],
    actor: User,
    now: datetime,
    sheet: str | None = None,
) -> list[Preview]:
    """Keep which column key each heading of this file (by its position from 0) stands for, and show the file read with it.

    Headings not named keep what was certain about them; "" says that a column means nothing to us. Raises `MappingUnclear`, `StatementNotAccepted`,
    `StatementOfAnotherAccount`, `NotAllowed`.
    """
    require(actor, Right.RECONCILE, unit=account.paying_unit)
    headings = _headings(sources, account=account, actor=actor, sheet=sheet)
    keys = {one.position: one.key for one in headings if one.certain and one.key} | dict(columns)
    texts = {one.position: fold_heading(one.text) for one in headings}
    _refuse_unclear(keys, texts=texts)
    mapping = {text: keys.get(position, "") for position, text in texts.items() if text}
    StatementMapping.objects.update_or_create(
        funding_account=account,
        fingerprint=hashlib.sha256("|".join(sorted(mapping)).encode()).hexdigest()[:32],
        defaults={"columns": mapping, "saved_by": actor, "saved_at": now},
    )
    return preview_statements(sources=sources, actor=actor, account=account, sheet=sheet)


def _preview(reading: StatementReading, *, given: FundingAccount | None, actor: User) -> Preview:
    account = account_of(reading.statement, given=given, actor=actor)
    require(actor, Right.RECONCILE, unit=account.paying_unit)
    with transaction.atomic():
        staged = stage_lines(reading)
        head = reading.statement
        stored = Statement.objects.filter(content_digest=staged.digest).exists()
        known = stored or is_known(head, count=staged.count, account=account)
        fresh = 0 if known else leave_new_lines(head, account=account)
        transaction.set_rollback(True)
    return Preview(
        statement=head,
        account=account.code,
        lines=staged.count,
        fresh=fresh,
        debits=staged.debits,
        credits=staged.credits,
        balances_tie=reading.balances_tie and reading.entries_tie,
        doubts=[doubt.sentence for doubt in reading.doubts],
        headings=[heading for heading in reading.headings if heading.text],
    )


def _headings(sources: Sequence[BinaryIO], *, account: FundingAccount, actor: User, sheet: str | None) -> list[Heading]:
    """The headings of a table, whether or not they are understood yet."""
    form = form_for(account=account, actor=actor, sheet=sheet)
    with refused_in_words():
        try:
            found = [heading for reading in read_files(sources, form=form) for heading in reading.headings]
        except ColumnsUnknown as error:
            found = list(error.headings)
    if not found:
        raise StatementNotAccepted("Không thấy dòng tiêu đề cột trong tệp; chỉ khai cột cho sao kê dạng bảng.")
    return [heading for heading in found if heading.text]


def _refuse_unclear(keys: Mapping[int, str], *, texts: Mapping[int, str]) -> None:
    named = [key for key in keys.values() if key]
    wrong = [str(position) for position in keys if position not in texts] + sorted(set(named) - set(WORDINGS))
    if wrong:
        raise MappingUnclear("Bảng khai có cột không có trong tệp hoặc không có trong mẫu.", conflicts=wrong)
    if twice := sorted({key for key in named if named.count(key) > 1}):
        raise MappingUnclear("Hai cột của tệp được khai cho cùng một cột của mẫu.", conflicts=twice)
    if "booked_on" not in named or not says_amounts(set(named)):
        raise MappingUnclear("Còn thiếu cột ngày hạch toán, hoặc cột ghi nợ và ghi có (hay một cột số tiền).")
