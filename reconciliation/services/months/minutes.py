"""Biên bản đối chiếu: one month of a funding account, as our books have it and as the bank and the cash provider say, row by row."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from payments.models import FundingAccount
from reconciliation.services.months.close_period import last_day, open_in_period
from reconciliation.services.months.minutes_letters import letters_of
from reconciliation.services.months.minutes_of_provider import (
    BY_ACCOUNT,
    CLOSING,
    IN_CASH,
    OPENING,
    UNCLAIMED,
    provider_rows,
)


@dataclass(frozen=True)
class MinutesRow:
    """One row: đồng of both sides. `theirs` is None where the other side has not said anything yet."""

    name: str
    ours: int
    theirs: int | None
    cause: str = ""

    @property
    def difference(self) -> int | None:
        """Ours minus theirs."""
        return None if self.theirs is None else self.ours - self.theirs


@dataclass(frozen=True)
class Minutes:
    """The rows in the order of the form, and whether both sides agree on all of them."""

    account: FundingAccount
    month: date
    rows: list[MinutesRow]

    @property
    def agreed(self) -> bool:
        """No row differs and none is unanswered."""
        return all(row.difference == 0 for row in self.rows)


# Which letters speak for a row of the provider's part, where its lists do not.
_LETTERS_FOR: dict[str, tuple[str, ...]] = {
    OPENING: ("before",), IN_CASH: ("cash",), BY_ACCOUNT: ("provider",), UNCLAIMED: ("list",), CLOSING: ("before", "cash", "provider"),
}  # fmt: skip
# Theirs: the bank's lines and balances. Ours: payments, top-ups, transfers as recorded, and the journal's balance.
_FIGURES = """
WITH given AS (SELECT %(account)s::bigint AS account, %(first)s::date AS first, %(last)s::date AS last),
lines AS (
    SELECT l.*, m.kind AS found, t.kind AS transfer FROM given g JOIN reconciliation_statement s ON s.funding_account_id = g.account
    JOIN reconciliation_statementline l ON l.statement_id = s.id AND l.booked_on BETWEEN g.first AND g.last
    LEFT JOIN LATERAL (SELECT x.kind, x.fund_transfer_id FROM reconciliation_livematch x WHERE x.line_id = l.id LIMIT 1) m ON true
    LEFT JOIN payments_fundtransfer t ON t.id = m.fund_transfer_id),
paid AS (
    SELECT p.*, b.channel, EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = b.id) AS by_provider
    FROM given g JOIN payments_fundingaccount f ON f.id = g.account
    JOIN payments_paymentbatch b ON b.paying_unit_id = f.paying_unit_id JOIN payments_cycle c ON c.id = b.cycle_id
    JOIN payments_payment p ON p.batch_id = b.id),
booked AS (
    SELECT j.booked_on, a.kind, x.amount FROM given g JOIN payments_ledgeraccount a ON a.funding_account_id = g.account
    JOIN payments_posting x ON x.account_id = a.id JOIN payments_journalentry j ON j.id = x.entry_id),
moved AS (SELECT t.kind, t.amount FROM given g JOIN payments_fundtransfer t ON t.funding_account_id = g.account AND t.booked_on BETWEEN g.first AND g.last)
SELECT
    (SELECT coalesce(sum(amount), 0) FROM booked WHERE kind IN ('FUNDS', 'RESERVED') AND booked_on < %(first)s) AS our_opening,
    (SELECT s.opening FROM reconciliation_statement s
     WHERE s.opening IS NOT NULL AND s.funding_account_id = %(account)s AND s.to_on >= %(first)s AND s.from_on <= %(last)s
     ORDER BY s.from_on, s.id LIMIT 1) AS their_opening,
    (SELECT coalesce(sum(t.amount), 0) FROM payments_topup t
     WHERE t.funding_account_id = %(account)s AND t.booked_on BETWEEN %(first)s AND %(last)s) AS our_received,
    (SELECT coalesce(sum(amount), 0) FROM lines
     WHERE amount > 0 AND NOT is_return AND coalesce(found, '') NOT IN ('INTEREST', 'TRANSFER')) AS their_received,
    (SELECT coalesce(sum(amount), 0) FROM paid WHERE channel = 'ACCOUNT' AND NOT by_provider AND status IN ('POSTED', 'RETURNED')
     AND coalesce(credited_on, returned_on) BETWEEN %(first)s AND %(last)s) AS our_paid,
    (SELECT coalesce(-sum(amount), 0) FROM lines WHERE amount < 0 AND coalesce(found, '') NOT IN ('CHARGE', 'TRANSFER')) AS their_paid,
    (SELECT coalesce(sum(amount), 0) FROM paid
     WHERE channel = 'ACCOUNT' AND NOT by_provider AND status = 'RETURNED' AND returned_on BETWEEN %(first)s AND %(last)s) AS our_returned,
    (SELECT coalesce(sum(amount), 0) FROM lines WHERE is_return) AS their_returned,
    (SELECT coalesce(sum(amount), 0) FROM booked WHERE kind = 'CHARGES' AND booked_on BETWEEN %(first)s AND %(last)s) AS our_charges,
    (SELECT coalesce(-sum(amount), 0) FROM lines WHERE found IN ('CHARGE', 'INTEREST')) AS their_charges,
    (SELECT coalesce(sum(amount) FILTER (WHERE kind = 'FORWARDED'), 0) - coalesce(sum(amount) FILTER (WHERE kind = 'GIVEN_BACK'), 0)
     FROM moved) AS our_forwarded,
    (SELECT coalesce(-sum(amount), 0) FROM lines WHERE transfer IN ('FORWARDED', 'GIVEN_BACK')) AS their_forwarded,
    (SELECT coalesce(sum(amount), 0) FROM moved WHERE kind = 'FEE') AS our_fee,
    (SELECT coalesce(-sum(amount), 0) FROM lines WHERE transfer = 'FEE') AS their_fee,
    (SELECT coalesce(sum(amount), 0) FROM moved WHERE kind = 'TO_BUDGET') AS our_refunded,
    (SELECT coalesce(-sum(amount), 0) FROM lines WHERE transfer = 'TO_BUDGET') AS their_refunded,
    (SELECT coalesce(sum(amount), 0) FROM booked WHERE kind = 'ADJUSTED' AND booked_on BETWEEN %(first)s AND %(last)s) AS adjusted,
    (SELECT coalesce(sum(amount), 0) FROM booked WHERE kind IN ('FUNDS', 'RESERVED') AND booked_on <= %(last)s) AS our_closing,
    (SELECT s.closing FROM reconciliation_statement s
     WHERE s.closing IS NOT NULL AND s.funding_account_id = %(account)s AND s.to_on BETWEEN %(first)s AND %(last)s
     ORDER BY s.to_on DESC, s.id DESC LIMIT 1) AS their_closing
"""


def write_minutes(*, account: FundingAccount, month: date) -> Minutes:
    """The minutes of a month (first day). Differences name their causes: letters two people read, and the discrepancies that are open."""
    given: dict[str, Any] = {"account": account.pk, "first": month, "last": last_day(month)}
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, given)
        names = [column.name for column in cursor.description or []]
        found: dict[str, Any] = dict(zip(names, cursor.fetchone(), strict=True))
    figures = {name: None if value is None else int(value) for name, value in found.items()}
    kinds = {item.get_kind_display() for item in open_in_period(account, month=month)}
    cause = "; ".join(sorted(kinds)) or "Chưa có giải thích"
    letters = letters_of(account=account, first=month, last=last_day(month))
    of_bank = "; ".join(filter(None, [letters.said("bank"), *sorted(kinds)])) or cause
    rows = [
        _row("Dư đầu kỳ tại ngân hàng", "opening", figures, cause),
        _row("Nhận trong kỳ", "received", figures, cause),
        _row("Đã chi qua tài khoản", "paid", figures, of_bank),
        _row("Ngân hàng hoàn trả", "returned", figures, cause),
        _row("Phí, lãi ngân hàng", "charges", figures, cause),
        _row("Chuyển tổ chức dịch vụ chi trả tiền mặt (trừ phần trả lại)", "forwarded", figures, cause),
        _row("Phí dịch vụ chi trả", "fee", figures, cause),
        _row("Đã nộp trả ngân sách", "refunded", figures, cause),
        MinutesRow("Xử lý chênh lệch theo quyết định", figures["adjusted"] or 0, figures["adjusted"]),
        _row("Dư cuối kỳ tại ngân hàng", "closing", figures, cause),
        *(
            MinutesRow(
                row.name,
                row.ours,
                row.theirs,
                "" if row.ours == row.theirs else letters.said(*_LETTERS_FOR.get(row.name, ())) or cause,
            )
            for row in provider_rows(account=account, first=month, last=last_day(month))
        ),
    ]
    return Minutes(account=account, month=month, rows=rows)


def _row(name: str, key: str, figures: dict[str, int | None], cause: str) -> MinutesRow:
    ours, theirs = figures[f"our_{key}"] or 0, figures[f"their_{key}"]
    if theirs is None:
        return MinutesRow(name, ours, None, "Chưa nhận sao kê")
    return MinutesRow(name, ours, theirs, "" if ours == theirs else cause)
