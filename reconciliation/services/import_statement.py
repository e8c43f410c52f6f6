"""Take in a bank statement, line by line, once by its content; then say what every line is."""

import hashlib
import io
import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from payments.models import FundingAccount, Payment
from reconciliation.errors import StatementDiffers, StatementNotAccepted, StatementOfAnotherAccount
from reconciliation.models import Discrepancy, Statement, StatementLine
from reconciliation.parsers.camt053 import Camt053Parser
from reconciliation.parsers.errors import StatementRefused
from reconciliation.parsers.interface import ParsedLine, ParsedStatement, StatementReading
from reconciliation.services.close_lists import close_finished_lists
from reconciliation.services.match_statement import Matched, match_statement
from staff.bulk import copy_rows, refresh_statistics
from staff.encryption import seal
from staff.models import User
from staff.rights import Right, require

COUNTERPARTY = "statement-counterparty"


@dataclass(frozen=True)
class StatementIntake:
    """What taking in one statement did. `repeated`: the same lines were there before, nothing was written."""

    statement: Statement | None
    lines: int
    matched: Matched | None
    repeated: bool = False


def import_statements(*, content: bytes, actor: User, now: datetime) -> list[StatementIntake]:
    """Import every statement in a camt.053 file: all of them, or nothing.

    Raises `StatementNotAccepted`, `StatementOfAnotherAccount`, `StatementDiffers`, `NotAllowed`.
    """
    try:
        with transaction.atomic():
            intakes = [_import(reading, actor=actor, now=now) for reading in Camt053Parser().read(io.BytesIO(content))]
            close_finished_lists(now=now)
            return intakes
    except StatementRefused as error:
        raise StatementNotAccepted(str(error)) from error


def _import(reading: StatementReading, *, actor: User, now: datetime) -> StatementIntake:
    head = reading.statement
    account = FundingAccount.objects.select_related("paying_unit").filter(bank_account_id=head.account).first()
    if account is None:
        raise StatementOfAnotherAccount
    require(actor, Right.RECONCILE, unit=account.paying_unit)
    lines = list(reading.lines())
    digest = _content_digest(head, lines)
    if Statement.objects.filter(content_digest=digest).exists():
        return StatementIntake(statement=None, lines=len(lines), matched=None, repeated=True)
    sequence = head.sequence_number or 0
    if Statement.objects.filter(funding_account=account, sequence_number=sequence).exists():
        raise StatementDiffers(conflicts=[f"{account.code}/{sequence}"])
    statement = Statement.objects.create(
        funding_account=account,
        content_digest=digest,
        statement_id=head.statement_id,
        sequence_number=sequence,
        from_on=head.from_on,
        to_on=head.to_on,
        opening=head.opening,
        closing=head.closing,
        line_count=len(lines),
        received_at=now,
        received_by=actor,
    )
    _store(statement, lines)
    refresh_statistics(StatementLine, Payment)
    _check_balances(statement, ties=reading.balances_tie, total=reading.total, now=now)
    if not reading.entries_tie:
        _gap(
            statement,
            key="count",
            ours=len(lines),
            theirs=head.declared_entries or 0,
            now=now,
            sentence="Số bút toán trong tệp không bằng số bút toán ngân hàng ghi ở đầu sao kê.",
        )
    return StatementIntake(statement=statement, lines=len(lines), matched=match_statement(statement=statement, now=now))


def _store(statement: Statement, lines: list[ParsedLine]) -> None:
    copy_rows(
        StatementLine._meta.db_table,
        (
            "statement_id",
            "ordinal",
            "amount",
            "booked_on",
            "reference",
            "bank_reference",
            "return_code",
            "is_return",
            "description",
            "sealed_counterparty",
        ),
        (
            (
                statement.pk,
                line.ordinal,
                line.amount,
                line.booked_on,
                (line.end_to_end_id or "")[:35],
                (line.bank_reference or "")[:64],
                (line.return_code or "")[:10],
                line.is_return,
                "",
                seal(
                    json.dumps(
                        [line.counterparty_name, line.counterparty_account, line.description], ensure_ascii=False
                    ).encode(),
                    purpose=COUNTERPARTY,
                ),
            )
            for line in lines
        ),
    )


def _content_digest(head: ParsedStatement, lines: list[ParsedLine]) -> bytes:
    """Over what the statement says, not how: the same statement in another format or order of lines gives the same digest."""
    said = [head.account, head.currency, str(head.from_on), str(head.to_on), str(head.opening), str(head.closing)]
    said += sorted(
        f"{line.amount}|{line.booked_on}|{line.end_to_end_id}|{line.bank_reference}|{line.is_return}" for line in lines
    )
    return hashlib.sha256("\n".join(said).encode()).digest()


def _check_balances(statement: Statement, *, ties: bool, total: int, now: datetime) -> None:
    before = (
        Statement.objects.filter(
            funding_account=statement.funding_account, sequence_number__lt=statement.sequence_number
        )
        .order_by("sequence_number")
        .last()
    )
    if not ties:
        _gap(
            statement,
            key="sum",
            ours=statement.opening + total,
            theirs=statement.closing,
            now=now,
            sentence="Số dư đầu kỳ cộng phát sinh không bằng số dư cuối kỳ trên sao kê.",
        )
    if before and before.closing != statement.opening:
        _gap(
            statement,
            key="chain",
            ours=before.closing,
            theirs=statement.opening,
            now=now,
            sentence="Số dư đầu kỳ không bằng số dư cuối kỳ của sao kê trước.",
        )
    if before and before.sequence_number + 1 != statement.sequence_number:
        _gap(
            statement,
            key="sequence",
            ours=before.sequence_number + 1,
            theirs=statement.sequence_number,
            now=now,
            sentence="Thiếu sao kê: số thứ tự không liên tục.",
        )


def _gap(statement: Statement, *, key: str, ours: int, theirs: int, sentence: str, now: datetime) -> None:
    Discrepancy.objects.get_or_create(
        key=f"gap:{statement.pk}:{key}",
        defaults={
            "kind": Discrepancy.Kind.BALANCE_GAP,
            "statement": statement,
            "ours": ours,
            "theirs": theirs,
            "sentence": sentence,
            "found_at": now,
        },
    )
