"""Registration slips and payees of one person: print the form, record what was signed, keep the scan."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.api.account_shapes import (
    EndingBody,
    KeptPayeeRow,
    KeptSlipRow,
    PayeeBody,
    PayeeRow,
    ScanBody,
    SlipBody,
    SlipRow,
)
from beneficiaries.api.reach import payees_in_reach, people_in_reach, slips_in_reach
from beneficiaries.errors import ScanRefused
from beneficiaries.models import PayeeKind, PayeePaper, PayeeRelation, SlipScan, not_ended
from beneficiaries.reports.slip import SlipForm, render_slip
from beneficiaries.services.accounts.register_slip import MAX_SCAN_BYTES, NamedAccount, attach_scan, register_slip
from beneficiaries.services.read_papers import attach_payee_paper, read_payee_paper, read_slip_scan
from beneficiaries.services.receiving.payees import Paper, end_payee, may_sign, papers_running_out, record_payee
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.papers import PAPER, paper_answer
from staff.api.reading import body_of, content_of
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.api.steps import StepView, described
from staff.errors import NotAllowed
from staff.models import User
from staff.rights import Right

TAG = ["slips"]
HAS_PAPER = Exists(PayeePaper.objects.filter(relation=OuterRef("pk")))
SEEING = (having(Right.SEE_ACCOUNTS), having(Right.SEE_PERSONS))


class SeenByMore(APIView):
    """Reading is for who sees people and their accounts; `keeping` is the right a change asks for besides."""

    keeping: Right

    def get_permissions(self) -> list[Any]:
        """By method."""
        asked = (*SEEING, having(self.keeping)) if self.request.method == "POST" else SEEING
        return [*(permission() for permission in asked)]


@method_decorator(never_cache, name="dispatch")
class SlipFormView(APIView):
    """The slip to print."""

    permission_classes = (*SEEING, having(Right.MANAGE_ACCOUNTS))

    @extend_schema(
        operation_id="slip_form_retrieve",
        tags=TAG,
        summary="Phiếu đăng ký hình thức nhận trợ cấp (PDF để in)",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, **READ},
    )
    def get(self, request: Request, beneficiary_id: int) -> HttpResponse:
        """With the person's name and who may sign; numbers are written in by hand."""
        person = get_object_or_404(people_in_reach(actor_of(request)), pk=beneficiary_id)
        today = timezone.localdate()
        form = SlipForm(
            beneficiary=person,
            payees=list(PayeeRelation.objects.filter(not_ended(on=today), beneficiary=person).order_by("pk")),
            signs_alone=not may_sign(
                beneficiary=person, signer_kind=PayeeKind.OWN, on=today, signs_from_age=settings.SIGNS_FROM_AGE
            ),
            agency=settings.AGENCY_NAME,
            on=today,
        )
        return HttpResponse(
            render_slip(form),
            content_type="application/pdf",
            headers={"Content-Disposition": 'attachment; filename="phieu-dang-ky.pdf"'},
        )


@method_decorator(never_cache, name="dispatch")
class SlipsView(SeenByMore):
    """The slips of one person."""

    keeping = Right.MANAGE_ACCOUNTS

    @extend_schema(
        operation_id="registration_slips_list",
        tags=TAG,
        summary="Các phiếu đăng ký đã ghi của một người hưởng",
        responses={200: KeptSlipRow(many=True), **READ},
    )
    def get(self, request: Request, beneficiary_id: int) -> Response:
        """Newest first: the first one holds."""
        actor = actor_of(request)
        person = get_object_or_404(people_in_reach(actor), pk=beneficiary_id)
        slips = slips_in_reach(actor).filter(beneficiary=person).order_by("-signed_on", "-pk")
        scanned = Exists(SlipScan.objects.filter(slip=OuterRef("pk")))
        return Response(KeptSlipRow(slips.annotate(has_scan=scanned), many=True).data)

    @extend_schema(
        operation_id="slips_create",
        tags=TAG,
        summary="Ghi nhận phiếu đăng ký đã ký",
        request=SlipBody,
        responses={201: SlipRow, **WRITE},
    )
    def post(self, request: Request, beneficiary_id: int) -> Response:
        """An account that replaces one in use waits for a second person."""
        actor = actor_of(request)
        person = get_object_or_404(people_in_reach(actor), pk=beneficiary_id)
        given = body_of(request, SlipBody)
        named = given.pop("account", None)
        done = register_slip(
            beneficiary=person,
            account=NamedAccount(**named) if named else None,
            actor=actor,
            now=timezone.now(),
            **given,
        )
        row = {
            "id": done.slip.pk,
            "method": done.slip.method,
            "signed_on": done.slip.signed_on,
            "account_id": done.slip.account_id,
            "change_id": done.change.pk if done.change else None,
        }
        return Response(SlipRow(row).data, status=201)


@method_decorator(never_cache, name="dispatch")
class SlipScanView(SeenByMore):
    """The scanned slip."""

    keeping = Right.MANAGE_ACCOUNTS
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="slips_scan_retrieve",
        tags=TAG,
        summary="Xem bản quét của phiếu",
        responses={**PAPER, **READ, 409: RefusalBody},
    )
    def get(self, request: Request, slip_id: int) -> HttpResponse:
        """As it was uploaded; that it was read is written down."""
        actor = actor_of(request)
        slip = get_object_or_404(slips_in_reach(actor), pk=slip_id)
        paper = read_slip_scan(slip=slip, actor=actor, now=timezone.now())
        return paper_answer(paper.content, media_type=paper.media_type, name=f"phieu-dang-ky-{slip.pk}")

    @extend_schema(
        operation_id="slips_scan",
        tags=TAG,
        summary="Tải lên bản quét của phiếu",
        request={"multipart/form-data": ScanBody},
        responses={201: None, **WRITE},
    )
    def post(self, request: Request, slip_id: int) -> Response:
        """Kept sealed; one per slip."""
        actor = actor_of(request)
        slip = get_object_or_404(slips_in_reach(actor), pk=slip_id)
        body = body_of(request, ScanBody)
        content = content_of(body["file"], most=MAX_SCAN_BYTES, refusal=ScanRefused)
        attach_scan(slip=slip, content=content, actor=actor, now=timezone.now())
        return Response(status=201)


@method_decorator(never_cache, name="dispatch")
class PayeesView(APIView):
    """Who receives for one person."""

    permission_classes = SEEING  # recording asks for more: `record_payee` does

    @extend_schema(
        operation_id="payees_list",
        tags=TAG,
        summary="Người nhận thay của một người hưởng",
        responses={200: KeptPayeeRow(many=True), **READ},
    )
    def get(self, request: Request, beneficiary_id: int) -> Response:
        """Newest first, ended ones too."""
        actor = actor_of(request)
        person = get_object_or_404(people_in_reach(actor), pk=beneficiary_id)
        payees = payees_in_reach(actor).filter(beneficiary=person).annotate(has_paper=HAS_PAPER)
        return Response(KeptPayeeRow(payees.order_by("-pk"), many=True).data)

    @extend_schema(
        operation_id="payees_create",
        tags=TAG,
        summary="Ghi nhận người nhận thay",
        request=PayeeBody,
        responses={201: PayeeRow, **WRITE},
    )
    def post(self, request: Request, beneficiary_id: int) -> Response:
        """A power of attorney needs number, certifier and term."""
        actor = actor_of(request)
        person = get_object_or_404(people_in_reach(actor), pk=beneficiary_id)
        given = body_of(request, PayeeBody)
        relation = record_payee(
            beneficiary=person,
            kind=given["kind"],
            full_name=given["full_name"],
            identity_number=given["identity_number"],
            phone=given["phone"],
            replaces=given["replaces"],
            paper=Paper(
                number=given["paper_number"],
                signed_on=given["paper_signed_on"],
                certified_by=given["certified_by"],
                valid_from=given["valid_from"],
                valid_until=given["valid_until"],
                scope=given["scope"],
            ),
            actor=actor,
            now=timezone.now(),
        )
        return Response(PayeeRow(relation).data, status=201)


@described("payees_end", "Chấm dứt việc nhận thay", tags=TAG, row=PayeeRow)
class EndPayeeView(StepView[PayeeRelation]):
    """A relation that ends: the next list pays the person in hand, or into an own account."""

    permission_classes = (*SEEING, having(Right.MANAGE_PAYEES))
    body = EndingBody

    def find(self, actor: User, pk: int) -> PayeeRelation:
        return get_object_or_404(payees_in_reach(actor), pk=pk)

    def show(self, actor: User, pk: int) -> Response:
        return Response(PayeeRow(self.find(actor, pk)).data)

    def step(self, item: PayeeRelation, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        end_payee(relation=item, actor=actor, now=now, **given)


@method_decorator(never_cache, name="dispatch")
class PayeePaperView(SeenByMore):
    """The paper somebody receives by."""

    keeping = Right.MANAGE_PAYEES
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="payees_paper_retrieve",
        tags=TAG,
        summary="Xem bản quét giấy ủy quyền, giấy tờ giám hộ",
        responses={**PAPER, **READ, 409: RefusalBody},
    )
    def get(self, request: Request, payee_id: int) -> HttpResponse:
        """As it was uploaded, of ended relations too; that it was read is written down."""
        actor = actor_of(request)
        relation = get_object_or_404(payees_in_reach(actor), pk=payee_id)
        paper = read_payee_paper(relation=relation, actor=actor, now=timezone.now())
        return paper_answer(paper.content, media_type=paper.media_type, name=f"giay-to-nhan-thay-{relation.pk}")

    @extend_schema(
        operation_id="payees_paper",
        tags=TAG,
        summary="Tải lên bản quét giấy ủy quyền, giấy tờ giám hộ",
        request={"multipart/form-data": ScanBody},
        responses={201: None, **WRITE},
    )
    def post(self, request: Request, payee_id: int) -> Response:
        """Kept sealed; one per relation."""
        actor = actor_of(request)
        relation = get_object_or_404(payees_in_reach(actor), pk=payee_id)
        body = body_of(request, ScanBody)
        content = content_of(body["file"], most=MAX_SCAN_BYTES, refusal=ScanRefused)
        attach_payee_paper(relation=relation, content=content, actor=actor, now=timezone.now())
        return Response(status=201)


class PapersView(ListView[PayeeRelation]):
    """Papers that run out."""

    permission_classes = SEEING
    serializer_class = PayeeRow

    @extend_schema(
        operation_id="papers_running_out_list",
        tags=TAG,
        summary="Giấy ủy quyền sắp hết hạn (30 ngày)",
        responses={200: PayeeRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """The soonest first."""
        actor = actor_of(request)
        if actor.unit is None:
            raise NotAllowed
        return self.page_of(papers_running_out(unit=actor.unit, on=timezone.localdate()))
