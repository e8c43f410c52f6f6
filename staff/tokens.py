"""Whose token it is: one statement that brings user and unit along, and reads, deletes and renews nothing else."""

import binascii
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from staff.models import AdministrativeUnit, User
from staff.prepared import ask


def _columns(model: type[Model], alias: str) -> str:
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


# Written out: asked at every request, building it anew each time costs more than the answer.
_WHOSE = f"""
SELECT {_columns(AuthToken, "t")}, {_columns(User, "u")}, {_columns(AdministrativeUnit, "a")}
FROM {AuthToken._meta.db_table} t JOIN {User._meta.db_table} u ON u.id = t.user_id AND u.is_active
LEFT JOIN {AdministrativeUnit._meta.db_table} a ON a.id = u.unit_id
WHERE t.digest = %s AND (t.expiry IS NULL OR t.expiry > %s)
"""


class StaffTokens(TokenAuthentication):
    """Tokens as knox keeps them, found by their digest. Those past their end are swept at the next log-in, not by whoever asks something."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        """The user and the token. Raises `AuthenticationFailed` for one that is unknown or ended, or whose user is switched off."""
        try:
            digest = hash_token(token.decode())
        except (UnicodeDecodeError, binascii.Error) as error:
            raise AuthenticationFailed from error
        found = ask(_WHOSE, [digest, timezone.now()])
        if not found:
            raise AuthenticationFailed
        values = list(found[0])
        kept, user, unit = (_taken(model, values) for model in (AuthToken, User, AdministrativeUnit))
        user.unit = unit
        kept.user = user
        return user, kept


def _taken(model: type[Model], values: list[Any]) -> Any:
    """The object of the next columns, which are taken off `values`; None for an outer join that found nothing."""
    names = [field.attname for field in model._meta.concrete_fields]
    own, values[:] = values[: len(names)], values[len(names) :]
    return None if own[0] is None else model.from_db(connection.alias, names, own)
