"""Who may sign to write off a difference as the second person: of its unit or of any unit above, so that a small unit asks the one it reports to."""

from django.db.models import F, Value

from payments.models import Signature
from payments.states import Step as SignatureStep
from reconciliation.models import Discrepancy
from reconciliation.services.differences.discrepancies import unit_of
from staff.models import Role, User
from staff.rights import RIGHTS, Right

SIGNING_ROLES = sorted(Role(role) for role, rights in RIGHTS.items() if Right.SIGN_WRITE_OFF in rights)
MOST_NAMED = 5


def second_signers(item: Discrepancy) -> list[User]:
    """Those neither proposed it nor released its payment (I10), of the nearest unit first."""
    unit = unit_of(item)
    if unit is None:
        return []
    reaching = User.objects.alias(below=Value(unit.path)).filter(
        role__in=SIGNING_ROLES, is_active=True, below__startswith=F("unit__path")
    )
    return list(
        reaching.exclude(pk__in=[item.write_off_by_id] if item.write_off_by_id else [])
        .exclude(pk__in=releasers_of(item))
        .select_related("unit")
        .order_by("-unit__path", "full_name", "pk")
    )


def releasers_of(item: Discrepancy) -> list[int]:
    """The ids of those who released the list of the difference's payment; none where it is of no payment."""
    if item.payment_id is None:
        return []
    released = Signature.objects.filter(batch__payments=item.payment_id, step=SignatureStep.RELEASER)
    return list(released.values_list("signer", flat=True))


def who_signs(item: Discrepancy) -> str:
    """The sentence that says who can, or what to do where nobody can: two different people it stays."""
    found = second_signers(item)
    roles = " hoặc ".join(role.label.lower() for role in SIGNING_ROLES)
    if found:
        named = "; ".join(
            f"{one.full_name} ({one.get_role_display().lower()}, {one.unit.name})"
            for one in found[:MOST_NAMED]
            if one.unit
        )
        more = f" và {len(found) - MOST_NAMED} người khác" if len(found) > MOST_NAMED else ""
        return f"Người ký được chữ ký thứ hai: {named}{more}; việc này nằm ở mục “Việc của tôi” của họ."
    unit = unit_of(item)
    where = f" của {unit.name} hoặc của đơn vị cấp trên" if unit else ""
    return (
        f"Chưa ai ký được chữ ký thứ hai: cần một {roles}{where}, không phải người đề nghị và không phải người đã duyệt chi khoản này. "
        "Mời chủ tài khoản của đơn vị, hoặc của đơn vị cấp trên, phân vai trò đó cho một người nữa (lệnh assign_role), rồi người đó ký."
    )
