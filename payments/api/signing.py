"""Sign lists, one or many, and give them back."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from banks.errors import BankError
from payments.api import examples
from payments.api.batches import TAG, OneList, detail_of, lists_of, require_whole_list
from payments.api.scope import sees_whole_list
from payments.api.serializers import BatchDetail, ReturnNote
from payments.api.signing_shapes import ManyIn, ManyOut, SignIn
from payments.services.sending.bank import the_bank
from payments.services.signing.authority import RIGHT_OF
from payments.services.signing.sign import Seen, return_for_revision
from payments.services.signing.sign_many import BANK_SILENT, Signed, sign_each, sign_together
from payments.states import Step
from staff.api.access import actor_of, having
from staff.api.reading import body_of
from staff.api.refusals import READ, RefusalBody
from staff.models import User
from staff.rights import Right, out_of_reach
from staff.services.database_clock import database_now

SIGNED = {200: BatchDetail, 400: RefusalBody, **READ, 409: RefusalBody}
SIGNED_EXAMPLES = [examples.BATCH, examples.NO_RIGHT, examples.NOT_FOUND, examples.WRONG_STATE]


class BankSilent(APIException):
    """The balance could not be read, so nothing was released."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "bank_silent"
    default_detail = BANK_SILENT


def _sign(step: Step, *, batch_ids: list[int], actor: User, seen: Seen | None = None) -> list[Signed]:
    try:
        return sign_together(
            step=step, batch_ids=batch_ids, actor=actor, now=database_now(), bank=the_bank(), seen=seen
        )
    except BankError as error:
        raise BankSilent from error


class SignView(OneList):
    """One step's signature on one list. Who has neither the step's role nor a delegation of it is refused by the service."""

    step: ClassVar[Step]

    def post(self, request: Request, batch_id: int) -> Response:
        """Sign the list as it stands and show it."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        read = body_of(request, SignIn)["digest"]
        _sign(self.step, batch_ids=[batch_id], actor=actor, seen={batch_id: read} if read else None)
        return detail_of(actor, batch_id)


def _described(name: str, summary: str, description: str, **more: Any) -> Callable[[type[SignView]], type[SignView]]:
    schema = extend_schema(
        operation_id=f"batches_{name}",
        tags=TAG,
        summary=summary,
        description=description,
        request=SignIn,
        **{"responses": SIGNED, "examples": SIGNED_EXAMPLES} | more,
    )
    return extend_schema_view(post=schema)


@_described(
    "submit",
    "Trình",
    "Sign the list as it stands and hand it on. Refused while somebody is on twice, or a warning was not looked into.",
)
class SubmitView(SignView):
    """The maker's signature."""

    step = Step.MAKER


@_described(
    "review",
    "Soát, ký của lãnh đạo bộ phận chuyên môn",
    "Sign before the checker, where a rule asks for it.",
)
class ReviewView(SignView):
    """The signature of the professional unit's leader."""

    step = Step.REVIEWER


@_described(
    "approve",
    "Duyệt",
    "Sign the list as it stands and hand it to the releaser.",
)
class ApproveView(SignView):
    """The checker's signature."""

    step = Step.CHECKER


@_described(
    "cosign",
    "Ký bổ sung",
    "Sign before the releaser, where a rule asks for it.",
)
class CosignView(SignView):
    """The further signature of a large list."""

    step = Step.COSIGNER


@_described(
    "release",
    "Duyệt chi",
    "Sign the list; what changed for the worse since signing is stopped, the rest may be sent to the bank.",
    responses={**SIGNED, 503: RefusalBody},
    examples=[*SIGNED_EXAMPLES, examples.BANK_SILENT],
)
class ReleaseView(SignView):
    """The releaser's signature."""

    step = Step.RELEASER


class ReturnView(OneList):
    """Back to the maker."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.RETURN_FOR_REVISION))

    @extend_schema(
        operation_id="batches_return",
        tags=TAG,
        summary="Trả lại để sửa",
        request=ReturnNote,
        responses=SIGNED,
        examples=[examples.RETURN_NOTE, *SIGNED_EXAMPLES],
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """A new revision, with what has to be corrected; the signatures stay on the old one."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        body = body_of(request, ReturnNote)
        return_for_revision(batch_ids=[batch_id], actor=actor, note=body["note"], now=database_now())
        return detail_of(actor, batch_id)


class SignManyView(OneList):
    """Many lists at once."""

    @extend_schema(
        operation_id="batches_sign_many",
        tags=TAG,
        summary="Ký nhiều danh sách một lần",
        request=ManyIn,
        responses={200: ManyOut(many=True), 400: RefusalBody, **READ, 409: RefusalBody, 503: RefusalBody},
    )
    def post(self, request: Request) -> Response:
        """Together: all or none, a refusal names the list; one that nobody is left on is passed over and named. Otherwise each for itself, and the
        answer says of each what became of it."""
        actor = actor_of(request)
        body = body_of(request, ManyIn)
        step, ids = Step(body["step"]), list(dict.fromkeys(body["batches"]))
        lists = list(lists_of(actor).filter(pk__in=ids))
        if len(lists) != len(ids):
            raise Http404
        if not all(sees_whole_list(actor, batch) for batch in lists):
            raise out_of_reach(actor, RIGHT_OF[step])
        read = body.get("digests")
        if not body["together"]:
            each = sign_each(step=step, batch_ids=ids, actor=actor, now=database_now(), bank=the_bank(), seen=read)
            return Response(ManyOut(each, many=True).data)
        return Response(ManyOut(_sign(step, batch_ids=ids, actor=actor, seen=read), many=True).data)
