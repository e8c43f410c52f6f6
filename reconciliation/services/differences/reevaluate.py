"""Look at every open difference of a funding account again: what came later may explain it, and what was taken back may open it.

Called after each import and after each word of a person. A difference ends or opens by rows, never by wish, and every end is a step.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from payments.models import FundingAccount
from reconciliation.models import Discrepancy, DiscrepancyStep
from reconciliation.services.differences.write_off_entries import take_back_entries
from reconciliation.services.lines.debits_that_stand import hold_debited
from reconciliation.services.lines.matching import STANDS_AGAINST
from reconciliation.services.statements.balance_gaps import gaps_in_chain
from staff.models import User

LINE_KINDS = ("UNEXPECTED_LINE", "RETURN_UNEXPLAINED", "AMOUNT_DIFFERS", "DUPLICATE_DEBIT")

_END = """
WITH ended AS (
    UPDATE reconciliation_discrepancy d SET status = 'RESOLVED', ground = %(ground)s, resolved_by_id = %(actor)s, resolved_at = %(now)s,
           answer_due_on = NULL, write_off_by_id = NULL, resolution = x.resolution
    FROM ({found}) x WHERE x.id = d.id AND d.status = 'OPEN' RETURNING d.id, d.resolution)
INSERT INTO reconciliation_discrepancystep (discrepancy_id, kind, ground, note, made_by_id, made_at)
SELECT id, 'RESOLVED', %(ground)s, resolution, %(actor)s, %(now)s FROM ended
"""
LINES_EXPLAINED = """
    SELECT d.id, 'Dòng sao kê đã được nối đủ số tiền.' AS resolution
    FROM reconciliation_discrepancy d JOIN reconciliation_statementline l ON l.id = d.line_id JOIN reconciliation_statement s ON s.id = l.statement_id
    WHERE d.status = 'OPEN' AND d.kind = ANY(%(line_kinds)s) AND s.funding_account_id = %(account)s
      AND l.amount = (SELECT sum(m.amount) FROM reconciliation_statementmatch m WHERE m.line_id = l.id)
"""
FOUND_LATER = """
    SELECT DISTINCT ON (d.id) d.id, 'Đã thấy trên sao kê, ngày ' || to_char(l.booked_on, 'DD/MM/YYYY') || '.' AS resolution
    FROM reconciliation_discrepancy d JOIN reconciliation_statement s ON s.id = d.statement_id
    JOIN reconciliation_livematch m ON m.payment_id = d.payment_id AND m.kind = CASE WHEN d.ours < 0 THEN 'DEBIT' ELSE 'RETURN' END
    JOIN reconciliation_statementline l ON l.id = m.line_id
    WHERE d.status = 'OPEN' AND d.kind = 'MISSING_ON_STATEMENT' AND s.funding_account_id = %(account)s ORDER BY d.id, l.booked_on
"""
TRANSFER_FOUND_LATER = """
    SELECT DISTINCT ON (d.id) d.id, 'Đã thấy trên sao kê, ngày ' || to_char(l.booked_on, 'DD/MM/YYYY') || '.' AS resolution
    FROM reconciliation_discrepancy d JOIN reconciliation_statement s ON s.id = d.statement_id
    JOIN reconciliation_livematch m ON m.fund_transfer_id = d.fund_transfer_id JOIN reconciliation_statementline l ON l.id = m.line_id
    WHERE d.status = 'OPEN' AND d.kind = 'MISSING_ON_STATEMENT' AND s.funding_account_id = %(account)s ORDER BY d.id, l.booked_on
"""
NO_LONGER_CONTRADICTED = f"""
    SELECT d.id, 'Trạng thái khoản chi nay khớp với sao kê.' AS resolution
    FROM reconciliation_discrepancy d JOIN reconciliation_statement s ON s.id = d.statement_id JOIN payments_payment p ON p.id = d.payment_id
    WHERE d.status = 'OPEN' AND d.kind = 'BANK_CONTRADICTS' AND s.funding_account_id = %(account)s
      AND NOT EXISTS (SELECT 1 FROM reconciliation_livematch m WHERE m.line_id = d.line_id AND m.payment_id = p.id
                      AND {STANDS_AGAINST})
"""
ENDS = tuple(
    _END.format(found=found) for found in (LINES_EXPLAINED, FOUND_LATER, TRANSFER_FOUND_LATER, NO_LONGER_CONTRADICTED)
)

# What a match had ended, and the match was taken back: the same difference is open again, with its history.
OPENS = f"""
WITH opened AS (
    UPDATE reconciliation_discrepancy d SET status = 'OPEN', ground = '', resolved_by_id = NULL, resolved_at = NULL, resolution = ''
    FROM reconciliation_statement s
    WHERE s.id = d.statement_id AND s.funding_account_id = %(account)s AND d.status = 'RESOLVED' AND d.ground IN ('FOUND_LATER', 'LINKED', 'BOOKED')
      AND ((d.kind = ANY(%(line_kinds)s) AND NOT EXISTS (SELECT 1 FROM reconciliation_livematch m WHERE m.line_id = d.line_id))
           OR (d.kind = 'BANK_CONTRADICTS' AND EXISTS (SELECT 1 FROM reconciliation_livematch m JOIN payments_payment p ON p.id = m.payment_id
               WHERE m.line_id = d.line_id AND m.payment_id = d.payment_id AND {STANDS_AGAINST}))
           OR (d.kind = 'MISSING_ON_STATEMENT' AND NOT EXISTS (
               SELECT 1 FROM reconciliation_livematch m WHERE m.fund_transfer_id = d.fund_transfer_id
               OR (m.payment_id = d.payment_id AND m.kind = CASE WHEN d.ours < 0 THEN 'DEBIT' ELSE 'RETURN' END))))
    RETURNING d.id)
INSERT INTO reconciliation_discrepancystep (discrepancy_id, kind, ground, note, made_by_id, made_at)
SELECT id, 'REOPENED', '', 'Lần nối đã được hủy.', %(actor)s, %(now)s FROM opened
"""


def reevaluate(
    *, account: FundingAccount, actor: User, now: datetime, ground: Discrepancy.Ground = Discrepancy.Ground.FOUND_LATER
) -> None:
    """End what is explained now on `ground`, open what no longer is. Within the caller's transaction; running it again changes nothing."""
    given: dict[str, Any] = {
        "account": account.pk,
        "actor": actor.pk,
        "now": now,
        "ground": ground,
        "line_kinds": list(LINE_KINDS),
    }
    with connection.cursor() as cursor:
        cursor.execute(OPENS, given)
        for end in ENDS:
            cursor.execute(end, given)
    _end_gaps(account, actor=actor, now=now)
    _take_back_write_offs(account, actor=actor, now=now)
    hold_debited(account=account, actor=actor, now=now)


def _end_gaps(account: FundingAccount, *, actor: User, now: datetime) -> None:
    """A statement that came late closes the gap it left."""
    open_gaps = Discrepancy.objects.filter(
        kind=Discrepancy.Kind.BALANCE_GAP, status=Discrepancy.Status.OPEN, statement__funding_account=account
    ).select_related("statement__funding_account")
    for item in open_gaps:
        part = item.key.rpartition(":")[2]
        if part not in ("chain", "sequence") or item.statement is None:
            continue
        if part not in {gap.key for gap in gaps_in_chain(item.statement)}:
            end_discrepancy(
                item,
                ground=Discrepancy.Ground.FOUND_LATER,
                note="Sao kê còn thiếu đã nhận, số dư và số thứ tự nay nối tiếp.",
                actor=actor,
                now=now,
            )


def _take_back_write_offs(account: FundingAccount, *, actor: User, now: datetime) -> None:
    """Written off as missing, and it came after all: the entry of the write-off is taken back, the match stands for it."""
    written_off = Discrepancy.objects.filter(
        kind=Discrepancy.Kind.MISSING_ON_STATEMENT,
        ground=Discrepancy.Ground.WRITTEN_OFF,
        statement__funding_account=account,
    )
    for item in written_off.select_related("payment", "statement"):
        direction = "DEBIT" if (item.ours or 0) < 0 else "RETURN"
        if item.payment and item.payment.statement_matches.filter(
            kind=direction, reverses__isnull=True, reversed_by__isnull=True
        ):
            take_back_entries(item, now=now)
            end_discrepancy(
                item,
                ground=Discrepancy.Ground.FOUND_LATER,
                note="Đã thấy trên sao kê sau khi xử lý theo quyết định; bút toán xử lý được ghi đảo.",
                actor=actor,
                now=now,
            )


def end_discrepancy(
    item: Discrepancy, *, ground: Discrepancy.Ground, note: str, actor: User, now: datetime
) -> DiscrepancyStep:
    """Resolve one discrepancy and write the step that says so."""
    step = DiscrepancyStep.objects.create(
        discrepancy=item, kind=DiscrepancyStep.Kind.RESOLVED, ground=ground, note=note, made_by=actor, made_at=now
    )
    Discrepancy.objects.filter(pk=item.pk).update(
        status=Discrepancy.Status.RESOLVED,
        ground=ground,
        resolution=note,
        resolved_by=actor,
        resolved_at=now,
        answer_due_on=None,
        write_off_by=None,
    )
    return step
