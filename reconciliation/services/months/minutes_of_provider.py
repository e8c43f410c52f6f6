"""The provider's part of the minutes: what it received, paid, gave back and still holds, as our journal has it and as its own lists say."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from payments.models import FundingAccount

OPENING = "Dư đầu kỳ tại tổ chức dịch vụ chi trả"
IN_CASH = "Tổ chức chi trả đã chi tiền mặt"
BY_ACCOUNT = "Tổ chức chi trả đã chi qua tài khoản"
UNCLAIMED = "Chưa chi, chuyển kỳ sau"
CLOSING = "Dư cuối kỳ tại tổ chức dịch vụ chi trả"


@dataclass(frozen=True)
class ProviderRow:
    """đồng of both sides."""

    name: str
    ours: int
    theirs: int


# Ours: the journal, and payments as they stand. Theirs: the Treasury's lines for what was sent and given back, and the amounts the provider wrote
# itself, the newest word per payment; who is on no list of ours counts too, so that the difference shows. What it told when the month was closed
# counts in the month it was booked in, on both sides; what it told in time of the same day stays where it was signed. Of what two people's letter
# made paid or unpaid it told nothing, unless its own list said so afterwards: that is ours alone, and moves no word of the provider's.
_FIGURES = """
WITH late AS (
    SELECT b.channel, to_date(split_part(j.source, ':', 3), 'YYYYMMDD') AS day, j.booked_on, -x.amount AS amount
    FROM payments_journalentry j JOIN payments_paymentbatch b ON b.id = j.batch_id JOIN payments_posting x ON x.entry_id = j.id
    JOIN payments_ledgeraccount a ON a.id = x.account_id AND a.kind = 'PROVIDER'
    WHERE starts_with(j.source, 'provider-paid:') AND b.paying_unit_id = %(unit)s
      AND j.booked_on <> to_date(split_part(j.source, ':', 3), 'YYYYMMDD')
      AND NOT EXISTS (SELECT 1 FROM payments_finding f JOIN payments_payment p ON p.id = f.payment_id
                      WHERE p.batch_id = j.batch_id AND f.confirmed_at = j.posted_at AND NOT (f.outcome = 'ARRIVED' AND EXISTS (
                          SELECT 1 FROM payments_resultline l JOIN payments_resultlist r ON r.id = l.result_list_id
                          WHERE l.payment_id = p.id AND l.outcome = 'PAID' AND r.received_at > f.confirmed_at)))),
words AS (
    SELECT b.channel, c.month, l.outcome, coalesce(l.amount, 0) AS amount, l.happened_on,
           l.payment_id IS NULL OR l.id = max(l.id) OVER (PARTITION BY l.payment_id) AS newest
    FROM payments_resultline l JOIN payments_resultlist r ON r.id = l.result_list_id JOIN payments_paymentbatch b ON b.id = r.batch_id
    JOIN payments_cycle c ON c.id = b.cycle_id WHERE b.paying_unit_id = %(unit)s),
said AS (
    SELECT channel, month, outcome, amount, happened_on FROM words WHERE newest
    UNION ALL SELECT channel, NULL, 'PAID', -amount, day FROM late
    UNION ALL SELECT channel, NULL, 'PAID', amount, booked_on FROM late),
entries AS (
    SELECT j.booked_on, j.source, a.kind, x.amount, b.channel FROM payments_posting x JOIN payments_journalentry j ON j.id = x.entry_id
    JOIN payments_ledgeraccount a ON a.id = x.account_id AND a.funding_account_id = %(account)s
    LEFT JOIN payments_paymentbatch b ON b.id = j.batch_id),
held AS (SELECT * FROM entries WHERE kind = 'PROVIDER'),
paid AS (SELECT * FROM held WHERE starts_with(source, 'provider-paid:') AND booked_on BETWEEN %(first)s AND %(last)s),
lines AS (
    SELECT s.booked_on, -s.amount AS amount, t.kind FROM reconciliation_livematch m JOIN reconciliation_statementline s ON s.id = m.line_id
    JOIN payments_fundtransfer t ON t.id = m.fund_transfer_id
    WHERE t.funding_account_id = %(account)s AND t.kind IN ('FORWARDED', 'GIVEN_BACK')),
live AS (
    SELECT p.status, p.amount, b.channel FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id JOIN payments_cycle c ON c.id = b.cycle_id
    WHERE b.paying_unit_id = %(unit)s AND c.month = %(first)s AND EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = b.id))
SELECT
    (SELECT coalesce(sum(amount), 0) FROM held WHERE booked_on < %(first)s),
    (SELECT coalesce(sum(amount), 0) FROM lines WHERE booked_on < %(first)s)
      - (SELECT coalesce(sum(amount), 0) FROM said WHERE outcome = 'PAID' AND happened_on < %(first)s),
    (SELECT coalesce(sum(amount), 0) FROM paid WHERE channel = 'CASH'),
    (SELECT coalesce(sum(amount), 0) FROM said WHERE outcome = 'PAID' AND channel = 'CASH' AND happened_on BETWEEN %(first)s AND %(last)s),
    (SELECT coalesce(sum(amount), 0) FROM paid WHERE channel = 'ACCOUNT'),
    (SELECT coalesce(sum(amount), 0) FROM said WHERE outcome = 'PAID' AND channel = 'ACCOUNT' AND happened_on BETWEEN %(first)s AND %(last)s),
    (SELECT coalesce(sum(amount), 0) FROM live WHERE status IN ('FAILED', 'RETURNED')),
    (SELECT coalesce(sum(amount), 0) FROM said WHERE outcome <> 'PAID' AND month = %(first)s),
    (SELECT coalesce(sum(amount), 0) FROM live WHERE status = 'PROCESSING'),
    (SELECT coalesce(sum(amount), 0) FROM held WHERE booked_on <= %(last)s),
    (SELECT coalesce(sum(amount), 0) FROM lines WHERE booked_on <= %(last)s)
      - (SELECT coalesce(sum(amount), 0) FROM said WHERE outcome = 'PAID' AND happened_on <= %(last)s)
"""


def provider_rows(*, account: FundingAccount, first: date, last: date) -> list[ProviderRow]:
    """The rows of the month `first`–`last`; empty sums are 0."""
    given: dict[str, Any] = {"account": account.pk, "unit": account.paying_unit_id, "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, given)
        row = [int(figure) for figure in cursor.fetchone()]
    (
        opening,
        their_opening,
        cash,
        their_cash,
        paid,
        their_paid,
        unclaimed,
        their_unclaimed,
        open_,
        closing,
        their_closing,
    ) = row
    return [
        ProviderRow(OPENING, opening, their_opening),
        ProviderRow(IN_CASH, -cash, their_cash),
        ProviderRow(BY_ACCOUNT, -paid, their_paid),
        ProviderRow(UNCLAIMED, unclaimed, their_unclaimed),
        ProviderRow("Đã giao, tổ chức chi trả chưa báo kết quả", open_, 0),
        ProviderRow(CLOSING, closing, their_closing),
    ]
