"""Who lost the account while the list was in draft is paid another way, on a list of its own."""

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api.batches import TAG, require_whole_list
from payments.api.reissues import ReissuedOut
from payments.services.lists.replace_lost import replace_lost
from staff.api.access import actor_of, having
from staff.api.reading import no_body
from staff.api.refusals import WRITE
from staff.rights import Right
from staff.services.database_clock import database_now


@method_decorator(never_cache, name="dispatch")
class ReplaceLostView(APIView):
    """Mend a list in draft."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.BUILD_LIST))

    @extend_schema(
        operation_id="batches_replace_lost",
        tags=TAG,
        summary="Chuyển người mất tài khoản sang tài khoản khác hoặc tiền mặt",
        request=None,
        responses={200: ReissuedOut, **WRITE},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Conflicts ACCOUNT_LOST and PAYEE_DIED of the list: off it, and on a list in draft of the same month into another good account, else in hand."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        no_body(request)
        return Response(ReissuedOut(replace_lost(batch_id=batch_id, actor=actor, now=database_now())).data)
