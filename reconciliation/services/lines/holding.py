"""In which order what a statement touches is held (ADR 71): the writing of matches, the account, differences, payments. Never the other way round."""

from django.db import connection

from payments.models import FundingAccount


def hold_account(account_id: int) -> FundingAccount:
    """Lock the account for whoever writes matches of its lines, or ends its differences. Within the caller's transaction, before anything else.

    The guard of matches lets one writer in at a time, whatever the account: whoever held an account, or a difference, and waited for that writer,
    who needs just these, would wait for good.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reconciliation_match'))")  # as the guard does
    return FundingAccount.objects.select_for_update().get(pk=account_id)
