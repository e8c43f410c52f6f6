"""Assign roles by a document and from a day on; the day begins, the user has the role. Roles of one chain never meet in one person."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from staff.errors import NobodyAssignsThemselves, RolesDoNotGoTogether, constraint_of
from staff.models import AdministrativeUnit, RoleAssignment, User
from staff.rights import Right, require


@transaction.atomic
def assign_role(
    *,
    user: User,
    role: str,
    unit: AdministrativeUnit,
    valid_from: date,
    valid_to: date | None,
    document_number: str,
    actor: User,
    now: datetime,
) -> RoleAssignment:
    """`user` has `role` at `unit` from `valid_from` on. Raises `RolesDoNotGoTogether`, `NobodyAssignsThemselves`, `NotAllowed`.

    A role held without an assignment (from before there were any) counts as open: it is ended first (`end_role`).
    """
    require(actor, Right.ASSIGN_ROLES, unit=unit)
    require(actor, Right.ASSIGN_ROLES, unit=user.unit or unit)
    if user.pk == actor.pk:
        raise NobodyAssignsThemselves
    try:
        with transaction.atomic():
            return RoleAssignment.objects.create(
                user=user,
                role=role,
                unit=unit,
                valid_from=valid_from,
                valid_to=valid_to,
                document_number=document_number,
                assigned_by=actor,
                assigned_at=now,
            )
    except IntegrityError as error:
        if constraint_of(error) != "roles_are_compatible":
            raise
        held = list(user.role_assignments.values_list("role", flat=True)) or [user.role]
        raise RolesDoNotGoTogether(conflicts=sorted(set(held))) from error


@transaction.atomic
def end_role(*, user: User, last_day: date, document_number: str, actor: User, now: datetime) -> None:
    """The roles `user` has now end with `last_day`. Raises `NobodyAssignsThemselves`, `NotAllowed`."""
    unit = user.unit
    if unit is None:
        return
    require(actor, Right.ASSIGN_ROLES, unit=unit)
    if user.pk == actor.pk:
        raise NobodyAssignsThemselves
    if not user.role_assignments.exists():
        RoleAssignment.objects.create(
            user=user,
            role=user.role,
            unit=unit,
            valid_from=min(user.date_joined.date(), last_day),
            valid_to=last_day,
            document_number=document_number,
            assigned_by=actor,
            assigned_at=now,
        )
    still = Q(valid_to__isnull=True) | Q(valid_to__gt=last_day)
    RoleAssignment.objects.filter(still, user=user, valid_from__lte=last_day).update(valid_to=last_day)


# One statement: whoever's assignment of today says otherwise than their user row. Without one for today the role ends: nothing may be done.
_APPLY = """
UPDATE staff_user u SET role = r.role, unit_id = r.unit_id
FROM (SELECT DISTINCT ON (user_id) user_id, role, unit_id FROM staff_roleassignment
      WHERE valid_from <= %(day)s AND (valid_to IS NULL OR valid_to >= %(day)s) ORDER BY user_id, valid_from DESC, id DESC) r
WHERE u.id = r.user_id AND (u.role, u.unit_id) IS DISTINCT FROM (r.role, r.unit_id)
"""
_LAPSE = """
UPDATE staff_user u SET unit_id = NULL
WHERE u.unit_id IS NOT NULL AND EXISTS (SELECT 1 FROM staff_roleassignment r WHERE r.user_id = u.id AND r.valid_from <= %(day)s)
  AND NOT EXISTS (SELECT 1 FROM staff_roleassignment r WHERE r.user_id = u.id AND r.valid_from <= %(day)s AND (r.valid_to IS NULL OR r.valid_to >= %(day)s))
"""


@transaction.atomic
def apply_roles(*, on: date) -> int:
    """Bring users' roles to what their assignments say for the day; who has none left reaches nothing. Returns how many changed."""
    with connection.cursor() as cursor:
        applied = cursor.execute(_APPLY, {"day": on}).rowcount
        lapsed = cursor.execute(_LAPSE, {"day": on}).rowcount
    return int(applied) + int(lapsed)


def last_day_of(user: User, *, on: date) -> date | None:
    """The last day of the role `user` has on that day, or had until it was over; None for one without an end, or that no document dates.

    Of several documents the one `apply_roles` goes by: a newer one that is over takes nothing from one that still holds.
    """
    begun = user.role_assignments.filter(valid_from__lte=on).order_by("-valid_from", "-pk")
    held = begun.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on)).first() or begun.order_by("-valid_to").first()
    return held.valid_to if held else None


def day_before(day: date) -> date:
    """The last day of a role that another one follows on `day`."""
    return day - timedelta(days=1)
