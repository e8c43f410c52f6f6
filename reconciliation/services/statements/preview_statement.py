"""Show what a statement file says before it is taken in, and keep what its headings mean. A preview writes nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from beneficiaries.errors import MappingUnclear
from beneficiaries.parsers.headings import Heading, fold_heading
from payments.models import FundingAccount
from reconciliation.errors import StatementNotAccepted
from reconciliation.models import Statement, StatementMapping
from reconciliation.parsers.errors import ColumnsUnknown, RowsUnreadable, StatementRefused
from reconciliation.parsers.interface import ParsedStatement, Shown, StatementReading
from reconciliation.parsers.table import TableForm, says_amounts
from reconciliation.parsers.table_columns import WORDINGS
from reconciliation.parsers.table_unknown import BY_POSITION
from reconciliation.services.statements.known_lines import is_known, leave_new_lines
from reconciliation.services.statements.read_apart import read_apart
from reconciliation.services.statements.reading_form import account_of, form_for, refused_in_words
from reconciliation.services.statements.staged_lines import stage_lines
from staff.models import User
from staff.rights import Right, require


@dataclass(frozen=True)
class Preview:
    """What one statement of a file would bring. Money in đồng, `debits` without sign; `fresh` lines are not stored yet.

    `missing` columns (labels): the headings must be explained first, with the first rows `shown`; `problems`: rows that can't be read.
    Then there is no statement.
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
    shown: Shown | None = None


def preview_statements(
    *,
    sources: Sequence[BinaryIO],
    actor: User,
    account: FundingAccount | None = None,
    sheet: str | None = None,
    heading_row: int | None = None,
) -> list[Preview]:
    """What `import_statements` would do with this file; with a `heading_row`, what a table's columns are called there.

    Raises `StatementNotAccepted`, `StatementOfAnotherAccount`, `NotAllowed`, and what `read_apart` does.
    """
    if account is not None:
        require(actor, Right.RECONCILE, unit=account.paying_unit)
    form = form_for(account=account, actor=actor, sheet=sheet, heading_at=heading_row)
    with refused_in_words():
        try:
            with read_apart(sources, form) as readings:
                return [_preview(reading, given=account, actor=actor) for reading in readings]
        except ColumnsUnknown as error:
            return [Preview(missing=list(error.missing), headings=list(error.headings), shown=error.shown)]
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
    heading_row: int | None = None,
) -> list[Preview]:
    """Keep which column key each heading of this file (by its position from 0) stands for, and show the file read with it.

    Headings not named keep what was certain about them; "" says that a column means nothing to us. `heading_row` is the number (from 1) of the
    row they stand in, where it is another than the one found. A mapping the file itself contradicts is not kept. Raises `MappingUnclear`,
    `StatementNotAccepted`, `StatementOfAnotherAccount`, `NotAllowed`, and what `read_apart` does.
    """
    require(actor, Right.RECONCILE, unit=account.paying_unit)
    form = form_for(account=account, actor=actor, sheet=sheet, heading_at=heading_row)
    headings, numbered = _headings(sources, form=form)
    keys = {one.position: one.key for one in headings if one.certain and one.key} | dict(columns)
    texts = {one.position: f"{BY_POSITION}{one.position}" if numbered else fold_heading(one.text) for one in headings}
    _refuse_unclear(keys, texts=texts)
    mapping = {text: "" for text in texts.values() if text}
    mapping |= {text: key for position, text in texts.items() if text and (key := keys.get(position))}
    StatementMapping.objects.update_or_create(
        funding_account=account,
        fingerprint=hashlib.sha256("|".join(sorted(mapping)).encode()).hexdigest()[:32],
        defaults={"columns": mapping, "saved_by": actor, "saved_at": now},
    )
    found = preview_statements(sources=sources, actor=actor, account=account, sheet=sheet)
    saved = form_for(account=account, actor=actor, sheet=sheet)
    _refuse_contradicted(found, sources=sources, mapping=mapping, form=saved)
    return found


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


def _headings(sources: Sequence[BinaryIO], *, form: TableForm) -> tuple[list[Heading], bool]:
    """The headings of a table, whether or not they are understood yet; and whether they are mere numbers of columns."""
    numbered = False
    with refused_in_words():
        try:
            with read_apart(sources, form) as readings:
                found = [heading for reading in readings for heading in reading.headings]
        except ColumnsUnknown as error:
            found = list(error.headings)
            numbered = error.shown is not None and error.shown.heading_row == 0
    if not found:
        raise StatementNotAccepted("Không thấy dòng tiêu đề cột trong tệp; chỉ khai cột cho sao kê dạng bảng.")
    return [heading for heading in found if heading.text], numbered


def _refuse_contradicted(
    found: Sequence[Preview], *, sources: Sequence[BinaryIO], mapping: Mapping[str, str], form: TableForm
) -> None:
    """What a column was said to be, the rows must be; and where each row has its balance, it tells money out from money in."""
    if any(one.missing for one in found):
        raise MappingUnclear(
            "Không tìm lại được dòng tiêu đề theo cách khai này (tên cột trùng nhau, hoặc dòng tiêu đề quá thấp); chưa lưu gì."
        )
    if problems := [problem for one in found for problem in one.problems]:
        raise MappingUnclear(
            f"Cách khai cột không đọc được tệp này: {problems[0]} Chưa lưu gì; mời khai lại cột đó, hoặc xem lại dòng ấy trong tệp.",
            conflicts=problems,
        )
    if any(one.doubts for one in found) and _follows_when_swapped(sources, mapping=mapping, form=form):
        raise MappingUnclear(
            "Số dư từng dòng chỉ đúng khi đổi chỗ cột Ghi nợ và cột Ghi có, nên hai cột này đã khai ngược; chưa lưu gì."
        )
    if untied := [one for one in found if not one.balances_tie]:
        told = untied[0].doubts or ["Số dư đầu kỳ cộng phát sinh không bằng số dư cuối kỳ."]
        raise MappingUnclear(
            f"Khai như vậy thì phát sinh không khớp số dư ghi trên tệp. {told[0]} Chưa lưu gì; mời xem lại các cột tiền, "
            "hoặc khai bằng một tệp đủ dòng của ngân hàng này.",
            conflicts=told,
        )
    keys = set(mapping.values())
    if not {"direction", "balance"} & keys and "amount" in keys and not any(one.debits for one in found):
        raise MappingUnclear(
            "Cột Số tiền không có dấu âm nào nên mọi dòng đều thành tiền vào; mời khai thêm cột Nợ/Có, hoặc cột Số dư để kiểm tra. Chưa lưu gì."
        )


def _follows_when_swapped(sources: Sequence[BinaryIO], *, mapping: Mapping[str, str], form: TableForm) -> bool:
    """Whether all balances follow once debit and credit change places."""
    swap = {"debit": "credit", "credit": "debit"}
    turned = replace(form, mappings=[{text: swap.get(key, key) for text, key in mapping.items()}])
    if turned.mappings == [mapping]:
        return False
    try:
        with read_apart(sources, turned) as readings:
            for reading in readings:
                for _ in reading.lines():
                    pass
                if reading.doubts:
                    return False
    except StatementRefused:
        return False
    return True


def _refuse_unclear(keys: Mapping[int, str], *, texts: Mapping[int, str]) -> None:
    named = [key for key in keys.values() if key]
    wrong = [str(position) for position in keys if position not in texts] + sorted(set(named) - set(WORDINGS))
    if wrong:
        raise MappingUnclear("Bảng khai có cột không có trong tệp hoặc không có trong mẫu.", conflicts=wrong)
    for text in texts.values():
        if len({keys.get(position) or "" for position, own in texts.items() if own == text}) > 1:
            raise MappingUnclear("Tệp có hai cột cùng tên nên không khai mỗi cột một nghĩa được; mời đổi tên một cột.")
    if twice := sorted({key for key in named if named.count(key) > 1}):
        raise MappingUnclear("Hai cột của tệp được khai cho cùng một cột của mẫu.", conflicts=twice)
    if "booked_on" not in named or not says_amounts(set(named)):
        raise MappingUnclear("Còn thiếu cột ngày hạch toán, hoặc cột ghi nợ và ghi có (hay một cột số tiền).")
