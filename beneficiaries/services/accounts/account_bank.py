"""The bank that opens accounts and says whose an account is, as settings name it: one client per process."""

from functools import lru_cache

from django.conf import settings

from banks.accounts import Accounts
from banks.stripe_accounts import StripeAccounts

API_VERSION = "2024-06-20"


@lru_cache(maxsize=1)
def the_accounts() -> Accounts:
    """The bank's accounts."""
    return StripeAccounts(
        base_url=settings.BANK_API_BASE,
        api_key=settings.BANK_API_KEY,
        version=API_VERSION,
        rate_limit=settings.BANK_RATE_LIMIT,
    )
