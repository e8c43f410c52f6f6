"""Who a payment is to, beside the reference a bank or a provider knows it by: nobody at a desk knows a person by that."""

from collections.abc import Iterable
from typing import Any

from payments.api.scope import payments_in_reach
from staff.models import User
from staff.rights import Right, may


def payees_of(actor: object, references: Iterable[str | None]) -> dict[str, dict[str, Any]]:
    """`{reference: {id, batch_id, name}}` of the payments this person may see; one question for a whole page."""
    wanted = {reference for reference in references if reference}
    if not wanted or not isinstance(actor, User) or not may(actor, Right.SEE_LISTS):
        return {}
    found = payments_in_reach(actor).filter(end_to_end_id__in=wanted)
    rows = found.values_list("end_to_end_id", "pk", "batch_id", "beneficiary__full_name")
    return {reference: {"id": pk, "batch_id": batch_id, "name": name} for reference, pk, batch_id, name in rows}
