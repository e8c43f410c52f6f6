"""How far one list has come, for whoever watches it and asks every few seconds: one statement, and nothing that does not move."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from payments.api import examples
from payments.api.batches import TAG, OneList
from payments.api.progress import in_order, total_of
from payments.api.scope import paths_above
from payments.api.serializers import ProgressStep, Total
from payments.states import BatchStatus
from staff.api.access import actor_of
from staff.api.refusals import READ
from staff.prepared import ask

# `payments_in_reach` written out for one list: asked every few seconds by many, building the statement would cost more than its answer.
# A test holds that both reach the same.
_COUNTED = """
SELECT b.status, b.paused, p.status, count(DISTINCT p.beneficiary_id), sum(p.amount)
FROM payments_paymentbatch b JOIN staff_administrativeunit u ON u.id = b.paying_unit_id JOIN payments_payment p ON p.batch_id = b.id
WHERE b.id = %(batch)s AND (u.path LIKE %(below)s OR (u.path = ANY(%(above)s::text[]) AND EXISTS (
    SELECT 1 FROM beneficiaries_beneficiary r JOIN staff_administrativeunit w ON w.id = r.unit_id WHERE r.id = p.beneficiary_id AND w.path LIKE %(below)s)))
GROUP BY b.id, p.status
"""
_TOLD = {
    "status": "RELEASED", "paused": False, "total": {"people": 812, "amount": 406000000},
    "progress": [{"status": "PROCESSING", "people": 12, "amount": 6000000}, {"status": "POSTED", "people": 800, "amount": 400000000}],
}  # fmt: skip


class BatchProgress(serializers.Serializer[Any]):
    """The list's own state, people and đồng without what was cancelled, and the same per status of its payments in reach."""

    status = serializers.ChoiceField(choices=BatchStatus.choices)
    paused = serializers.BooleanField()
    total = Total()
    progress = ProgressStep(many=True)


class BatchProgressView(OneList):
    """One list, as it stands now."""

    @extend_schema(
        operation_id="batches_progress",
        tags=TAG,
        summary="Tiến độ của một danh sách",
        responses={200: BatchProgress, **READ},
        examples=[
            OpenApiExample("Tiến độ", value=_TOLD, response_only=True, status_codes=["200"]),
            examples.NO_RIGHT,
            examples.NOT_FOUND,
        ],
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """Counted now; a list without a payment in reach is as unknown as one there is not."""
        unit = actor_of(request).unit
        if unit is None:
            raise Http404
        given: dict[str, Any] = {"batch": batch_id, "below": f"{unit.path}%", "above": paths_above(unit)}
        found = ask(_COUNTED, given)
        if not found:
            raise Http404
        status, paused = found[0][:2]
        steps = in_order(
            [{"status": step, "people": people, "amount": int(amount)} for _, _, step, people, amount in found]
        )
        # The shape is `BatchProgress`; its values are plain already.
        return Response({"status": status, "paused": paused, "total": total_of(steps), "progress": steps})
