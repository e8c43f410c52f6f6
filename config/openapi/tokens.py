"""Tokens in the API's document: the scheme of knox, whoever looks them up."""

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme


class StaffTokensScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]  # registered as it is defined
    """Found by drf-spectacular once this module is imported."""

    target_class = "staff.tokens.StaffTokens"
