"""The visiting sheet comes back: looked at first, taken in by the token of what was looked at, or given back with reasons."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.errors.files import FileTooLarge
from beneficiaries.errors.visits import VisitsForgotten
from beneficiaries.parsers.large_files import large_files_apart
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from beneficiaries.services.accounts.home_visits import VisitsIntake, look_at_visits, take_visits, visits_with_reasons
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.reading import body_of, content_of
from staff.api.refusals import WRITE
from staff.models import AdministrativeUnit, User
from staff.rights import Right
from staff.services.keeping import keep, take_out

TAG = ["account-openings"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT, DIGEST_LETTERS, CODE_LETTERS = "home-visits", 64, 12
ENVELOPE_BYTES = 64 * 1024
TAKES_IN = (having(Right.SEE_PERSONS), having(Right.MANAGE_ACCOUNTS))


class VisitsFile(serializers.Serializer[Any]):
    """The sheet, and of which unit and those below (the own one when empty)."""

    unit = serializers.CharField(max_length=12, required=False, default="", allow_blank=True)
    file = serializers.FileField()


class VisitsToken(serializers.Serializer[Any]):
    """What was looked at."""

    token = serializers.CharField(max_length=60)


class VisitProblem(serializers.Serializer[Any]):
    """Why a row is not taken in."""

    row = serializers.IntegerField()
    sentence = serializers.CharField()


class VisitsBody(serializers.Serializer[VisitsIntake]):
    """What the sheet does: `taken` rows by outcome, `repeated` said so before, the others with their problems."""

    rows = serializers.IntegerField(help_text="dòng có ghi kết quả")
    taken = serializers.IntegerField()
    repeated = serializers.IntegerField()
    outcomes = serializers.DictField(child=serializers.IntegerField())
    problems = serializers.SerializerMethodField()

    @extend_schema_field(VisitProblem(many=True))
    def get_problems(self, intake: VisitsIntake) -> list[dict[str, Any]]:
        """By row."""
        return [{"row": row, "sentence": sentence} for row, sentence in intake.problems]


class VisitsLook(VisitsBody):
    """With the token under which the sheet is kept for half an hour; nothing is written yet."""

    token = serializers.CharField()


@method_decorator(never_cache, name="dispatch")
class LookAtVisitsView(APIView):
    """A sheet before it is taken in."""

    permission_classes = TAKES_IN

    def get_parsers(self) -> list[BaseParser]:
        """A file comes as a form."""
        return [MultiPartParser()]

    @extend_schema(
        operation_id="account_openings_visits_look",
        tags=TAG,
        summary="Xem trước kết quả đi từng nhà: dòng nào nhận, dòng nào sai ở cột nào; chưa ghi gì",
        request={"multipart/form-data": VisitsFile},
        responses={200: VisitsLook, **WRITE},
    )
    def post(self, request: Request) -> Response:
        """It is taken in and undone: what is shown is what will be."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + ENVELOPE_BYTES:
            raise FileTooLarge
        actor, given, now = actor_of(request), body_of(request, VisitsFile), timezone.now()
        unit = unit_in_reach(actor, given["unit"])
        content = content_of(given["file"], most=MAX_BYTES, refusal=FileTooLarge)
        with large_files_apart():
            intake = look_at_visits(content=content, unit=unit, actor=actor, now=now)
        kept = intake.digest.encode() + unit.code.ljust(CODE_LETTERS).encode() + content
        token = keep(user=actor, purpose=KEPT, content=kept, now=now)
        return Response({**VisitsBody(intake).data, "token": token})


@method_decorator(never_cache, name="dispatch")
class TakeVisitsView(APIView):
    """A sheet that was looked at."""

    permission_classes = TAKES_IN

    @extend_schema(
        operation_id="account_openings_visits_take",
        tags=TAG,
        summary="Nạp kết quả đi từng nhà đã xem trước; gửi lại không ghi hai lần",
        request=VisitsToken,
        responses={200: VisitsBody, **WRITE},
    )
    def post(self, request: Request) -> Response:
        """Refused when it would do another thing than what was shown."""
        actor, now = actor_of(request), timezone.now()
        seen, unit, content = _looked_at(body_of(request, VisitsToken)["token"], actor=actor)
        with large_files_apart():
            intake = take_visits(content=content, unit=unit, actor=actor, now=now, seen=seen)
        return Response(VisitsBody(intake).data)


@method_decorator(never_cache, name="dispatch")
class VisitsWithReasonsView(APIView):
    """A sheet that was looked at, with what is wrong."""

    permission_classes = TAKES_IN

    @extend_schema(
        operation_id="account_openings_visits_reasons",
        tags=TAG,
        summary="Tải lại đúng tệp kết quả đi từng nhà, thêm cột “Lý do, việc cần làm”",
        request=VisitsToken,
        responses={(200, XLSX): OpenApiTypes.BINARY, **WRITE},
    )
    def post(self, request: Request) -> HttpResponse:
        """As it was sent; what is wrong is said as of now."""
        actor = actor_of(request)
        _, unit, content = _looked_at(body_of(request, VisitsToken)["token"], actor=actor)
        with large_files_apart():
            annotated = visits_with_reasons(content=content, unit=unit, actor=actor, now=timezone.now())
        named = {"Content-Disposition": 'attachment; filename="di-tung-nha-ly-do.xlsx"'}
        return HttpResponse(annotated, content_type=XLSX, status=status.HTTP_200_OK, headers=named)


def _looked_at(token: str, *, actor: User) -> tuple[str, AdministrativeUnit, bytes]:
    """Digest, unit and bytes of what the actor looked at. Raises `VisitsForgotten`."""
    kept = take_out(user=actor, purpose=KEPT, token=token, now=timezone.now())
    if kept is None:
        raise VisitsForgotten
    code = kept[DIGEST_LETTERS : DIGEST_LETTERS + CODE_LETTERS].decode().strip()
    return kept[:DIGEST_LETTERS].decode(), unit_in_reach(actor, code), kept[DIGEST_LETTERS + CODE_LETTERS :]
