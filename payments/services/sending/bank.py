"""The bank this installation pays through, as settings name it: one client per process."""

from functools import lru_cache

from django.conf import settings

from banks.files import Files
from banks.files_http import HttpFiles
from banks.statements import HttpStatements, Statements
from banks.stripe_api import StripeTransfers
from banks.stripe_transactions import StripeTransactions
from banks.transactions import Transactions
from banks.transfers import Transfers

API_VERSION = "2024-06-20"


@lru_cache(maxsize=1)
def the_bank() -> Transfers:
    """The bank's transfers."""
    return StripeTransfers(
        base_url=settings.BANK_API_BASE,
        api_key=settings.BANK_API_KEY,
        version=API_VERSION,
        concurrency=settings.BANK_CONCURRENCY,
        rate_limit=settings.BANK_RATE_LIMIT,
    )


@lru_cache(maxsize=1)
def the_statements() -> Statements:
    """Where the bank's statements are fetched."""
    return HttpStatements(base_url=settings.BANK_STATEMENTS_BASE)


@lru_cache(maxsize=1)
def the_transactions() -> Transactions:
    """What the bank booked, through its API."""
    return StripeTransactions(
        base_url=settings.BANK_API_BASE,
        api_key=settings.BANK_API_KEY,
        version=API_VERSION,
        rate_limit=settings.BANK_RATE_LIMIT,
    )


@lru_cache(maxsize=1)
def the_files() -> Files:
    """Where files of orders are given to the bank, and its reports fetched."""
    return HttpFiles(base_url=settings.BANK_FILES_BASE, api_key=settings.BANK_API_KEY)
