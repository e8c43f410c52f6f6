"""Keep something for one person for a short while, under a token that says nothing; take it out again."""

import secrets
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from staff.encryption import seal, search_digest, unseal
from staff.models import Kept, User

KEPT_FOR = timedelta(minutes=30)
MOST_OF_ONE = 20  # of one person at a time; the oldest go first
MOST_BYTES = 32 * 2**20
TOKEN_BYTES = 18
_FOUND_BY = "kept-page"


@transaction.atomic
def keep(*, user: User, purpose: str, content: bytes, now: datetime) -> str:
    """Seal `content` (at most `MOST_BYTES`) and return its token; what of anybody is over time goes, and what one person has too much of."""
    if len(content) > MOST_BYTES:
        raise ValueError(f"{len(content)} bytes are more than a page may keep")
    forget_kept(now=now)
    mine = Kept.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True)
    Kept.objects.filter(user=user, pk__in=list(mine[MOST_OF_ONE - 1 :])).delete()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    Kept.objects.create(
        user=user,
        purpose=purpose,
        token_digest=search_digest(token, purpose=_FOUND_BY),
        sealed=seal(zlib.compress(content), purpose=_bound(user, purpose)),
        expires_at=now + KEPT_FOR,
    )
    return token


def forget_kept(*, now: datetime) -> int:
    """Delete what is over time; the number of rows. Also asked for every night, so that a quiet office keeps nothing of yesterday."""
    count, _ = Kept.objects.filter(expires_at__lte=now).delete()
    return count


def forget_of(*, user: User, purpose: str) -> None:
    """Delete what is kept of one person for one page."""
    Kept.objects.filter(user=user, purpose=purpose).delete()


@dataclass(frozen=True, slots=True)
class StillKept:
    """Something kept for somebody, and since when."""

    pk: int
    kept_at: datetime


def still_kept(*, user: User, purpose: str, now: datetime) -> list[StillKept]:
    """What can still be taken out, the newest first: a button pressed twice leaves its first token with nobody."""
    mine = Kept.objects.filter(user=user, purpose=purpose, expires_at__gt=now).order_by("-pk")
    return [StillKept(pk=pk, kept_at=until - KEPT_FOR) for pk, until in mine.values_list("pk", "expires_at")]


def take_out_again(*, user: User, purpose: str, pk: int, now: datetime) -> bytes | None:
    """One of `still_kept`; None for anybody else's, another purpose's, or when its time is over."""
    found = Kept.objects.filter(user=user, purpose=purpose, pk=pk, expires_at__gt=now).first()
    return _opened(found, user, purpose) if found else None


def take_out(*, user: User, purpose: str, token: str, now: datetime) -> bytes | None:
    """What was kept under the token; None for anybody else's, another purpose's, or when its time is over. It stays there until then."""
    found = Kept.objects.filter(
        user=user, purpose=purpose, token_digest=search_digest(token, purpose=_FOUND_BY), expires_at__gt=now
    ).first()
    return _opened(found, user, purpose) if found else None


def _opened(found: Kept, user: User, purpose: str) -> bytes:
    return zlib.decompress(unseal(bytes(found.sealed), purpose=_bound(user, purpose)))


def _bound(user: User, purpose: str) -> str:
    """A row given to somebody else, or to another page, no longer opens."""
    return f"kept|{purpose}|{user.pk}"
