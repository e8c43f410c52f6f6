"""ISO 20022 external status reasons in the words of the API, so that one table says what a reason means for an account."""

from typing import Final

RETURN_CODE_OF: Final[dict[str, str]] = {
    "AC01": "invalid_account_number",
    "AC03": "invalid_account_number",
    "AC04": "account_closed",
    "AC06": "account_frozen",
    "AG01": "bank_account_restricted",
    "BE01": "incorrect_account_holder_name",
    "BE06": "bank_ownership_changed",
    "AM03": "invalid_currency",
    "MS02": "declined",
    "MS03": "declined",
}


def return_code_of(reason: str | None) -> str:
    """The return code of an ISO reason; "other" for what says nothing against the account."""
    return RETURN_CODE_OF.get(reason or "", "other")
