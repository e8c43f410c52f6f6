"""Accounts from which money came back: no longer verified, and somebody is asked at once, not when the next month finds the person without an account."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection

from beneficiaries.services.accounts.account_cases import open_account_cases

# The bank's ten codes in the words of lists and reports; what is not here says nothing against the account itself.
ACCOUNT_REASON = {
    "account_closed": "ACCOUNT_CLOSED",
    "account_frozen": "ACCOUNT_BLOCKED",
    "bank_account_restricted": "ACCOUNT_BLOCKED",
    "bank_ownership_changed": "RETURNED",
    "incorrect_account_holder_name": "NAME_MISMATCH",
    "invalid_account_number": "INVALID_ACCOUNT",
    "no_account": "INVALID_ACCOUNT",
    "declined": "DECLINED",
    "other": "RETURNED",
}
ASKED = "ngân hàng không nhận hoặc trả lại tiền chuyển vào tài khoản ngày {on:%d/%m/%Y}; mời kiểm tra tài khoản hoặc nhận phiếu đăng ký tài khoản khác"
_DOUBT = """
UPDATE beneficiaries_bankaccount a SET status = 'OPENED', cause = 'MONEY_BACK', reason = v.reason, last_credited_month = NULL,
       status_at = %s, status_on = %s, changed_by_id = NULL, note = ''
FROM (SELECT unnest(%s::bigint[]) AS id, unnest(%s::text[]) AS reason) v WHERE a.id = v.id AND a.status IN ('OPENED', 'VERIFIED')
RETURNING a.beneficiary_id, a.reason
"""


def doubt_accounts(moved: Sequence[tuple[int, str]], *, failed: bool, now: datetime, on: date) -> None:
    """Money that came back for the account's sake: the account is no longer verified, and the next list pays another way.

    `moved`: account id and the bank's code. The case is the one the next list would raise for who it then pays in hand; whoever comes second
    finds it there.
    """
    reasons = ["DECLINED" if failed else ACCOUNT_REASON.get(code, "RETURNED") for _, code in moved]
    with connection.cursor() as cursor:
        cursor.execute(_DOUBT, [now, on, [pk for pk, _ in moved], reasons])
        doubted = cursor.fetchall()
    for reason in sorted({reason for _, reason in doubted}):
        evidence = {
            person: [ASKED.format(on=on)] for person in sorted(person for person, why in doubted if why == reason)
        }
        open_account_cases(evidence_of=evidence, reason=reason, now=now)
