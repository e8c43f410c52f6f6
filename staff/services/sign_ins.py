"""Where somebody is signed in, how that ends, and another password: what a person does about their own door."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from knox.models import AuthToken

from staff.errors import PasswordTooWeak, WrongPassword
from staff.models import SignIn, User
from staff.services.database_clock import database_now

LONGEST_DEVICE = 200
# Django's own words for these have no Vietnamese.
WEAK = {
    "password_too_short": "Mật khẩu mới phải có ít nhất 12 ký tự.",
    "password_too_common": "Mật khẩu này quá hay gặp, ai cũng đoán được.",
    "password_entirely_numeric": "Mật khẩu mới không được chỉ gồm chữ số.",
    "password_too_similar": "Mật khẩu mới quá giống tên của bạn.",
}


@transaction.atomic
def note_sign_in(*, user: User, session_key: str, address: str, device: str, now: datetime) -> SignIn:
    """Remember the session somebody just began; what is over of their earlier ones is forgotten."""
    SignIn.objects.filter(user=user).exclude(session_key__in=_live(now)).delete()
    given = {"user": user, "signed_in_at": now, "address": address[:45], "device": device[:LONGEST_DEVICE]}
    return SignIn.objects.update_or_create(session_key=session_key, defaults=given)[0]


def sign_ins_of(*, user: User, now: datetime) -> QuerySet[SignIn]:
    """Sessions that are open now, the newest first."""
    return SignIn.objects.filter(user=user, session_key__in=_live(now)).order_by("-signed_in_at", "-pk")


@transaction.atomic
def end_sign_ins(*, user: User, keep: str = "") -> int:
    """End every session of the user but that of the key `keep`, and all tokens of programs; return how many ended."""
    keys = list(SignIn.objects.filter(user=user).exclude(session_key=keep).values_list("session_key", flat=True))
    ended, _ = Session.objects.filter(pk__in=keys).delete()
    SignIn.objects.filter(session_key__in=keys).delete()
    tokens, _ = AuthToken.objects.filter(user=user).delete()
    return int(ended) + int(tokens)


@transaction.atomic
def change_password(*, user: User, old: str, new: str, keep: str = "") -> int:
    """Set another password and end every other session and all tokens; return how many ended.

    A session nobody noted ends too: the hash of the password it was begun with is no longer right.
    Raises `WrongPassword`, `PasswordTooWeak`.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.check_password(old):
        raise WrongPassword
    try:
        validate_password(new, user=locked)
    except ValidationError as error:
        raise PasswordTooWeak(
            conflicts=[WEAK.get(one.code or "", one.messages[0]) for one in error.error_list]
        ) from error
    if locked.check_password(new):
        raise PasswordTooWeak(conflicts=["Mật khẩu mới phải khác mật khẩu đang dùng."])
    locked.set_password(new)
    locked.password_set_at = database_now()
    locked.save(update_fields=["password", "password_set_at"])
    user.password = locked.password
    return end_sign_ins(user=user, keep=keep)


def _live(now: datetime) -> QuerySet[Session, str]:
    return Session.objects.filter(expire_date__gt=now).values_list("session_key", flat=True)
