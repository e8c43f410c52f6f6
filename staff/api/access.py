"""Which right a view asks for, and which unit it is about. A missing right is 403; what lies outside the scope is 404, as if it did not exist."""

from typing import ClassVar

from django.http import Http404
from django.utils import timezone
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from staff.api.labels import label_request
from staff.errors import AccessIsOver, NotAllowed
from staff.models import AdministrativeUnit, Role, User
from staff.rights import Right, may, no_right
from staff.services.role_assignments import last_day_of


class HasRight(BasePermission):
    """At least one of `rights`; raises `NotAllowed` else, and leaves whoever is not logged in to `IsAuthenticated`."""

    rights: ClassVar[frozenset[Right]] = frozenset()

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        if not isinstance(user, User):
            return False
        if not any(may(user, right) for right in self.rights):
            raise no_right(user, *self.rights)
        if user.role == Role.AUDITOR:
            today = timezone.localdate()
            last = last_day_of(user, on=today)
            if last is not None and last < today:
                raise AccessIsOver
        label_request(request._request, actor=user)
        return True


def having(*rights: Right) -> type[HasRight]:
    """The permission class of whoever has at least one of `rights`."""
    return type(
        "Having" + "Or".join(right.title().replace("_", "") for right in rights),
        (HasRight,),
        {"rights": frozenset(rights)},
    )


def actor_of(request: Request) -> User:
    """Who asks; only behind a permission that refused everybody else."""
    if not isinstance(request.user, User):
        raise NotAllowed
    return request.user


def unit_in_reach(actor: User, code: str) -> AdministrativeUnit:
    """The unit with this code (the actor's own for ""); raises Http404 for one that is unknown or outside the scope alike."""
    if not code and actor.unit is not None:
        return actor.unit
    unit = AdministrativeUnit.objects.filter(code=code).first()
    if unit is None or not actor.reaches(unit):
        raise Http404
    return unit
