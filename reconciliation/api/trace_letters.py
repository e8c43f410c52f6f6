"""Phiếu tra soát: the letter about one payment an enquiry is open about."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from payments.api.scope import payments_in_reach
from reconciliation.services.papers.trace_letter import RIGHTS, print_trace_letter
from staff.api.access import actor_of, having
from staff.api.reading import Nothing, body_of
from staff.api.refusals import RefusalBody
from staff.api.throttles import PerUser
from staff.rights import Right
from staff.services.database_clock import database_now


class LettersPerUser(PerUser):
    """Each is a document of its own: thirty a minute for one user."""

    rate = "30/minute"
    scope = "trace_letter"


@method_decorator(never_cache, name="dispatch")
class TraceLetterView(APIView):
    """Of a payment in reach."""

    permission_classes = (having(Right.SEE_PERSONS), having(*RIGHTS))
    throttle_classes = (LettersPerUser,)

    @extend_schema(
        operation_id="payments_trace_letter", tags=["payments"], summary="Phiếu tra soát một khoản chi (PDF)", request=None,
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, 403: RefusalBody, 404: RefusalBody, 409: RefusalBody, 429: RefusalBody},
    )  # fmt: skip
    def post(self, request: Request, payment_id: int) -> HttpResponse:
        """A POST, because that it was printed is written down. 409 where nothing is being asked about the payment."""
        actor = actor_of(request)
        body_of(request, Nothing)
        payment = get_object_or_404(payments_in_reach(actor), pk=payment_id)
        content = print_trace_letter(payment_id=payment.pk, actor=actor, now=database_now())
        name = {"Content-Disposition": f'attachment; filename="tra-soat-{payment.end_to_end_id}.pdf"'}
        return HttpResponse(content, content_type="application/pdf", headers=name)
