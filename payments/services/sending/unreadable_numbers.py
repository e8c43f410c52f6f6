"""Account numbers nobody can open: their payments are held with a case, so that nothing else on the list waits for them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from beneficiaries.services.numbers import NumberUnreadable, reveal_account_number
from payments.models import Payment, PaymentQuerySet
from payments.services.learning.cases import open_payment_cases


def hold_unreadable(found: Mapping[str, Sequence[int]], *, now: datetime) -> None:
    """Hold payments that wait, by why their number can't be told (`NumberUnreadable.code`), and put each before a person."""
    for code, ids in found.items():
        Payment.objects.filter(pk__in=ids).update(hold_code=code)
        open_payment_cases(payment_ids=ids, reason=code.upper(), now=now)


def hold_where_unreadable(waiting: PaymentQuerySet, *, now: datetime) -> None:
    """Try the account number of each that waits, and hold those that can't be told."""
    found: dict[str, list[int]] = {}
    for payment in waiting.filter(bank_account__number__isnull=False).select_related("bank_account__number"):
        account = payment.bank_account
        if account is None or account.number is None:
            continue
        try:
            reveal_account_number(account.number.sealed, bank_bin=account.bank_bin, digest=account.number.digest)
        except NumberUnreadable as error:
            found.setdefault(error.code, []).append(payment.pk)
    hold_unreadable(found, now=now)
