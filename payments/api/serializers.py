"""Shapes of lists, payments and months. Amounts are đồng; account numbers end with their last four digits; no category, no identity number."""

from typing import Any, TypedDict

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from beneficiaries.models import Reason
from beneficiaries.services.accounts.banks import bank_name
from beneficiaries.services.numbers import last_four_of
from payments.api.fields import MonthField
from payments.api.progress import total_of
from payments.models import Payment, PaymentBatch, RowNote, Signature
from payments.services.learning.money_back import ACCOUNT_REASON
from payments.services.signing.freeze import freezes_of, lifted_by
from payments.services.signing.sign import list_digest
from payments.states import BatchStatus, Cause, Channel, PaymentStatus, Step, payment_label
from staff.api.query import Query
from staff.api.words import Words


class BatchContext(TypedDict):
    """What a list's serializer needs beside the rows: progress by list id, and which lists are seen whole."""

    progress: dict[int, list[dict[str, Any]]]
    whole: set[int]


class NamedCode(serializers.Serializer[Any]):
    """A unit or a programme."""

    code = serializers.CharField()
    name = serializers.CharField()


class ProgressStep(serializers.Serializer[Any]):
    """People and đồng in one status."""

    status = serializers.ChoiceField(choices=PaymentStatus.choices)
    people = serializers.IntegerField()
    amount = serializers.IntegerField(help_text="đồng")


class Total(serializers.Serializer[Any]):
    """People and đồng without what was cancelled."""

    people = serializers.IntegerField()
    amount = serializers.IntegerField(help_text="đồng")


class SignatureRow(serializers.Serializer[Any]):
    """Who signed, as what, when, over which digest of the list (SHA-256)."""

    step = serializers.ChoiceField(choices=Step.choices)
    revision = serializers.IntegerField()
    name = serializers.CharField(source="signer.full_name")
    signed_as = serializers.CharField(help_text="title as printed; KT. or TUQ. before it by delegation")
    for_whom = serializers.SerializerMethodField(help_text="the delegator; empty for the own signature")
    signed_at = serializers.DateTimeField()
    digest = serializers.CharField()

    def get_for_whom(self, signature: Signature) -> str:
        return signature.delegation.delegator.full_name if signature.delegation else ""


class BatchRow(serializers.Serializer[Any]):
    """A list with how far it has come. `whole` is false when only the own people of a wider list are counted."""

    id = serializers.IntegerField()
    month = MonthField(source="cycle.month")
    paying_unit = NamedCode()
    programme = NamedCode()
    budget_source = serializers.CharField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    follow_up = serializers.CharField(help_text="rỗng: danh sách của tháng; danh sách bổ sung; danh sách chi lại")
    status = serializers.ChoiceField(choices=BatchStatus.choices)
    status_label = serializers.CharField(source="get_status_display")
    status_at = serializers.DateTimeField()
    revision = serializers.IntegerField()
    paused = serializers.BooleanField()
    whole = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()

    def get_whole(self, batch: PaymentBatch) -> bool:
        return batch.pk in self.context["whole"]

    @extend_schema_field(Total)
    def get_total(self, batch: PaymentBatch) -> dict[str, int]:
        return total_of(self.context["progress"].get(batch.pk, []))

    @extend_schema_field(ProgressStep(many=True))
    def get_progress(self, batch: PaymentBatch) -> list[dict[str, Any]]:
        return list(self.context["progress"].get(batch.pk, []))


class FrozenRow(serializers.Serializer[Any]):
    """One order to pay nothing for the time being."""

    reason = serializers.CharField()
    began_at = serializers.DateTimeField()
    began_by = serializers.CharField()
    unit = serializers.CharField()
    lifted_by = serializers.ListField(child=serializers.CharField(), help_text="họ tên những người gỡ được")


class BatchDetail(BatchRow):
    """A list with its signatures, those of earlier revisions too, and why it was last returned.

    The note may name people, so whoever sees only a part of the list does not see it.
    """

    return_note = serializers.SerializerMethodField()
    digest = serializers.SerializerMethodField(
        help_text="SHA-256 của danh sách đang chờ ký, gửi lại khi ký; rỗng khi không chờ ký"
    )
    signatures = SignatureRow(many=True)
    frozen = serializers.SerializerMethodField(help_text="lệnh tạm ngừng chi đang giữ danh sách này")

    @extend_schema_field(FrozenRow(many=True))
    def get_frozen(self, batch: PaymentBatch) -> list[dict[str, Any]]:
        return [
            {
                "reason": one.reason,
                "began_at": one.began_at.isoformat(),
                "began_by": one.began_by.full_name,
                "unit": one.unit.name,
                "lifted_by": lifted_by(one.unit),
            }
            for one in freezes_of(batch)
        ]

    def get_return_note(self, batch: PaymentBatch) -> str:
        return batch.return_note if self.get_whole(batch) else ""

    def get_digest(self, batch: PaymentBatch) -> str:
        waits = batch.status in (BatchStatus.DRAFT, BatchStatus.SUBMITTED, BatchStatus.APPROVED)
        return list_digest(batch.pk) if waits and self.get_whole(batch) else ""


class BatchQuery(Query):
    """Filters of lists; each may be left out."""

    cycle = MonthField(required=False, help_text="tháng chi trả")
    status = serializers.ChoiceField(choices=BatchStatus.choices, required=False)
    channel = serializers.ChoiceField(choices=Channel.choices, required=False)
    programme = serializers.CharField(required=False, max_length=12, help_text="mã chính sách")
    paying_unit = serializers.CharField(required=False, max_length=12, help_text="mã đơn vị chi trả")


class PaymentQuery(Query):
    """Filters of a list's payments."""

    id = serializers.IntegerField(required=False, help_text="mã khoản chi")
    status = serializers.ChoiceField(choices=PaymentStatus.choices, required=False)


class RowNoteOut(serializers.Serializer[RowNote]):
    """What the office wrote beside the row; with a ground, why the person was left for the next month."""

    ground = serializers.ChoiceField(choices=RowNote.Ground.choices, allow_blank=True)
    ground_label = serializers.CharField(source="get_ground_display")
    text = serializers.CharField()
    written_by = serializers.CharField(source="written_by.full_name")
    written_at = serializers.DateTimeField()


def notes_of_rows() -> "Prefetch[str]":
    """What a `PaymentRow` reads of notes, the oldest first."""
    return Prefetch("notes", queryset=RowNote.objects.select_related("written_by").order_by("pk"))


class PaymentRow(serializers.Serializer[Any]):
    """One payment of a list. `reason` says why it was not credited, in the words of lists and reports."""

    id = serializers.IntegerField()
    ordinal = serializers.IntegerField()
    end_to_end_id = serializers.CharField()
    beneficiary = serializers.CharField(source="beneficiary.full_name")
    beneficiary_id = serializers.IntegerField()
    birth_year = serializers.IntegerField(source="beneficiary.birth_year", allow_null=True)
    unit = NamedCode(source="beneficiary.unit")
    hamlet = serializers.CharField(source="beneficiary.hamlet")
    payee = serializers.CharField(source="payee_name")
    amount = serializers.IntegerField(help_text="đồng")
    months = serializers.SerializerMethodField(help_text="các tháng hưởng trong khoản này")
    bank = serializers.SerializerMethodField()
    account_last_four = serializers.SerializerMethodField()
    status = serializers.ChoiceField(choices=PaymentStatus.choices)
    status_label = serializers.SerializerMethodField()
    cause = serializers.ChoiceField(choices=Cause.choices)
    status_at = serializers.DateTimeField()
    credited_on = serializers.DateField(allow_null=True)
    returned_on = serializers.DateField(allow_null=True)
    reason = serializers.SerializerMethodField()
    notes = RowNoteOut(many=True)

    def get_status_label(self, payment: Payment) -> str:
        return payment_label(payment.status, channel=payment.batch.channel)

    @extend_schema_field(serializers.ListField(child=MonthField()))
    def get_months(self, payment: Payment) -> list[str]:
        return sorted({f"{entitlement.month:%Y-%m}" for entitlement in payment.entitlements.all()})

    def get_bank(self, payment: Payment) -> str:
        return bank_name(payment.bank_account.bank_bin) if payment.bank_account else ""

    def get_account_last_four(self, payment: Payment) -> str:
        return last_four_of(payment.bank_account) if payment.bank_account else ""

    def get_reason(self, payment: Payment) -> str:
        if payment.cause == Cause.NOT_COLLECTED:
            return Reason.CASH_NOT_COLLECTED.label
        if any(note.ground for note in payment.notes.all()):
            return str(Reason.NEXT_MONTH.label)
        return (
            str(Reason(ACCOUNT_REASON.get(payment.return_code, Reason.RETURNED)).label) if payment.return_code else ""
        )


class ReturnNote(serializers.Serializer[Any]):
    """What the maker has to correct."""

    note = Words(max_length=300)


class StopReason(serializers.Serializer[Any]):
    """Why somebody is taken off a list."""

    reason = Words(max_length=300)
    document_number = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)


class CycleRow(serializers.Serializer[Any]):
    """A payment month and its days."""

    month = MonthField()
    listed_on = serializers.DateField()
    pay_on = serializers.DateField()
    built_at = serializers.DateTimeField()


class ListsInStatus(serializers.Serializer[Any]):
    """How many lists stand in a status."""

    status = serializers.ChoiceField(choices=BatchStatus.choices)
    lists = serializers.IntegerField()


class NotPayable(serializers.Serializer[Any]):
    """People who are due nothing this month, by their one reason."""

    reason = serializers.ChoiceField(choices=Reason.choices)
    reason_label = serializers.CharField()
    people = serializers.IntegerField()


class CycleDetail(CycleRow):
    """A month as far as it lies in the user's reach."""

    lists = ListsInStatus(many=True)
    total = Total()
    progress = ProgressStep(many=True)
    not_payable = NotPayable(many=True)
