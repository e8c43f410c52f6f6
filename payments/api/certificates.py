"""Giấy xác nhận đang hưởng: printed for whoever asks, checked by whoever is handed one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.api.reach import people_in_reach
from payments.api.my_status import LookupPerAddress
from payments.services.certificates import checked, initials, print_certificate
from staff.api.access import actor_of, having
from staff.api.reading import body_of
from staff.api.refusals import WRITE, RefusalBody
from staff.api.words import Words
from staff.rights import Right
from staff.services.database_clock import database_now

PDF = "application/pdf"
TRUE = "Giấy có mã này do UBND {unit} in ngày {day}, cho người có họ tên viết tắt {initials}{born}. So với giấy đang cầm; giấy phải có chữ ký và dấu."
UNKNOWN = "Không có giấy xác nhận nào mang mã này. Mời xem lại từng chữ; nếu vẫn vậy, hỏi UBND xã ghi trên giấy."


class CertificateIn(serializers.Serializer[Any]):
    """What the paper is for, as printed on it."""

    purpose = Words(max_length=200)


class CertificateCode(serializers.Serializer[Any]):
    """The code at the foot of the paper, with or without hyphens."""

    code = serializers.CharField(max_length=40, write_only=True)


class CertificateCheck(serializers.Serializer[Any]):
    """Whether there is such a paper, and what to compare."""

    known = serializers.BooleanField()
    sentence = serializers.CharField()


@method_decorator(never_cache, name="dispatch")
class CertificateView(APIView):
    """A certificate for one person."""

    permission_classes = (having(Right.SEE_PERSONS), having(Right.RECORD_DECISION))

    @extend_schema(
        operation_id="certificates_print", tags=["people"], summary="In giấy xác nhận đang hưởng (PDF)", request=CertificateIn,
        responses={(200, PDF): OpenApiTypes.BINARY, **WRITE},
    )  # fmt: skip
    def post(self, request: Request, beneficiary_id: int) -> HttpResponse:
        """Who printed it, when and what for is kept. Number, day, signature and seal are the commune's, by hand."""
        actor = actor_of(request)
        person = get_object_or_404(people_in_reach(actor), pk=beneficiary_id)
        purpose = body_of(request, CertificateIn)["purpose"]
        content = print_certificate(beneficiary=person, purpose=purpose, actor=actor, now=database_now())
        return HttpResponse(
            content, content_type=PDF, headers={"Content-Disposition": 'attachment; filename="giay-xac-nhan.pdf"'}
        )


@method_decorator(never_cache, name="dispatch")
class CheckCertificateView(APIView):
    """For the office that was handed the paper."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (LookupPerAddress,)

    @extend_schema(
        operation_id="certificates_check", tags=["my-status"], summary="Kiểm tra giấy xác nhận", request=CertificateCode,
        responses={200: CertificateCheck, 400: RefusalBody, 429: RefusalBody}, auth=[],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Nothing that does not stand on the paper, and of the name initials only. Whether the person still receives is not told."""
        found = checked(body_of(request, CertificateCode)["code"])
        if found is None:
            return Response({"known": False, "sentence": UNKNOWN})
        born = f", sinh năm {found.beneficiary.birth_year}" if found.beneficiary.birth_year else ""
        day = f"{timezone.localtime(found.printed_at):%d/%m/%Y}"
        told = TRUE.format(unit=found.unit.name, day=day, initials=initials(found.beneficiary.full_name), born=born)
        return Response({"known": True, "sentence": told})
