"""Shapes of signing: many lists, who must act, warnings, slips, freezes, delegations, papers. Amounts are đồng."""

from typing import Any

from django.utils.datastructures import MultiValueDict
from rest_framework import serializers

from payments.models import ConflictNote, Freeze, RemovalSlip, SignedPaper
from payments.services.lists.conflicts import LABELS, Conflict, ConflictKind
from payments.services.signing.awaiting import Awaiting
from payments.states import Step
from staff.api.query import Query
from staff.api.words import Words
from staff.models import Delegation, Role

MANY = 200
MOST_DIGITS = 16
DIGEST = r"^[0-9a-f]{64}$"
CONFLICT_KINDS = [(kind.value, LABELS[kind]) for kind in ConflictKind]


class SignIn(serializers.Serializer[Any]):
    """The digest of the list as it was read; when given, nothing but that list is signed."""

    digest = serializers.RegexField(DIGEST, required=False, allow_blank=True, default="")


class ByList(serializers.DictField):
    """A text for each list; of a form too, whose fields are called `digests.17`."""

    def to_internal_value(self, data: Any) -> Any:
        """REST framework itself would look for the prefix twice."""
        return super().to_internal_value(data.dict() if isinstance(data, MultiValueDict) else data)


class ManyIn(serializers.Serializer[Any]):
    """Which step signs which lists. `together`: all or none; otherwise each for itself.

    `digests`: by list id the digest of the list as it was read; another list than that is not signed.
    """

    step = serializers.ChoiceField(choices=Step.choices)
    batches = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=MANY)
    together = serializers.BooleanField(default=False)
    digests = ByList(child=serializers.RegexField(DIGEST), required=False, help_text='{"17": mã danh sách đã đọc}')

    def validate_digests(self, given: dict[str, str]) -> dict[int, str]:
        """By list id."""
        if not all(key.isascii() and key.isdigit() and len(key) < MOST_DIGITS for key in given):
            raise serializers.ValidationError("Mỗi mã phải đi với số của một danh sách.")
        return {int(key): digest for key, digest in given.items()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A digest of a list that is not signed here is a mistake of whoever sends it."""
        if stray := sorted(set(attrs.get("digests", {})) - set(attrs["batches"])):
            raise serializers.ValidationError({"digests": f"không có trong các danh sách được ký: {stray[0]}."})
        return attrs


class ManyOut(serializers.Serializer[Any]):
    """One list: signed over its digest, or why not."""

    batch = serializers.IntegerField(source="batch_id")
    signed = serializers.BooleanField()
    digest = serializers.CharField()
    code = serializers.CharField()
    sentence = serializers.CharField()
    conflicts = serializers.ListField(child=serializers.CharField())


class AwaitingRow(serializers.Serializer[Any]):
    """A list or a slip that waits for a signature, since when, and who may give it."""

    batch = serializers.IntegerField(source="batch.pk")
    month = serializers.DateField(source="batch.cycle.month", format="%Y-%m")
    paying_unit = serializers.CharField(source="batch.paying_unit.name")
    programme = serializers.CharField(source="batch.programme.name")
    channel = serializers.CharField(source="batch.channel")
    slip = serializers.IntegerField(source="slip_id", allow_null=True)
    step = serializers.ChoiceField(choices=Step.choices)
    step_label = serializers.CharField(source="step.label")
    since = serializers.DateTimeField()
    overdue = serializers.BooleanField()
    people = serializers.ListField(child=serializers.CharField())
    ask = serializers.CharField(
        help_text="khi không còn ai ký được: đề nghị ai phân vai trò hoặc ủy quyền; còn người ký thì rỗng"
    )
    mine = serializers.SerializerMethodField(help_text="người đang hỏi là một trong những người ký được")

    def get_mine(self, one: Awaiting) -> bool:
        return self.context["asked_by"] in one.user_ids


class ConflictRow(serializers.Serializer[Any]):
    """A payment and the one it stands against; the other's list only where it lies in one's reach."""

    kind = serializers.ChoiceField(choices=CONFLICT_KINDS)
    kind_label = serializers.SerializerMethodField()
    hard = serializers.BooleanField()
    payment = serializers.IntegerField(source="payment_id")
    other = serializers.IntegerField(source="other_id")
    other_in_reach = serializers.SerializerMethodField()
    link = serializers.SerializerMethodField(help_text="khoản chi kia; rỗng khi ngoài phạm vi địa bàn")
    note = serializers.CharField()

    def get_kind_label(self, conflict: Conflict) -> str:
        return LABELS[conflict.kind]

    def get_other_in_reach(self, conflict: Conflict) -> bool:
        return conflict.other_id in self.context["in_reach"]

    def get_link(self, conflict: Conflict) -> str:
        """Where the other payment is read; "" for who may not see it."""
        if not self.get_other_in_reach(conflict):
            return ""
        return f"/api/batches/{conflict.other_batch_id}/payments/?id={conflict.other_id}"


class PairIn(serializers.ModelSerializer[ConflictNote]):
    """One warning."""

    kind = serializers.ChoiceField(choices=CONFLICT_KINDS)
    payment = serializers.IntegerField()
    other = serializers.IntegerField()

    class Meta:
        model = ConflictNote
        fields = ("kind", "payment", "other")


class ConflictNoteIn(serializers.Serializer[Any]):
    """Why warnings may stand; without `pairs` all that are open."""

    reason = Words(max_length=300)
    pairs = PairIn(many=True, required=False)


class SlipSigned(serializers.Serializer[Any]):
    """A signature on a slip."""

    step = serializers.ChoiceField(choices=Step.choices)
    name = serializers.CharField(source="signer.full_name")
    signed_as = serializers.CharField()
    signed_at = serializers.DateTimeField()
    digest = serializers.CharField()


class SlipQuery(Query):
    """Slips of one list; all in reach unless given."""

    batch = serializers.IntegerField(required=False, min_value=1)


class RemovalSlipRow(serializers.ModelSerializer[RemovalSlip]):
    """A removal slip: who, how much, why, by which document, and who signed it."""

    batch = serializers.IntegerField(source="payment.batch_id")
    beneficiary = serializers.CharField(source="payment.beneficiary.full_name")
    amount = serializers.IntegerField(source="payment.amount")
    ground_label = serializers.CharField(source="get_ground_display")
    signatures = SlipSigned(many=True)

    class Meta:
        model = RemovalSlip
        fields = (
            "id",
            "batch",
            "payment",
            "beneficiary",
            "amount",
            "ground",
            "ground_label",
            "reason",
            "document_number",
            "requested_at",
            "refused_at",
            "refusal_note",
            "signatures",
        )


class NoteIn(serializers.Serializer[Any]):
    """A reason."""

    note = Words(max_length=300)


class FreezeIn(serializers.Serializer[Any]):
    """Where, of which programme (empty: all), and why."""

    unit = serializers.CharField(max_length=12)
    programme = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    reason = Words(max_length=300)


class FreezeRow(serializers.ModelSerializer[Freeze]):
    """Who switched payment off where, why and since when; who lifted it."""

    unit = serializers.CharField(source="unit.name")
    programme = serializers.SerializerMethodField()
    began_by = serializers.CharField(source="began_by.full_name")
    ended_by = serializers.SerializerMethodField()

    class Meta:
        model = Freeze
        fields = ("id", "unit", "programme", "reason", "began_by", "began_at", "ended_by", "ended_at", "end_reason")

    def get_programme(self, frozen: Freeze) -> str:
        return frozen.programme.name if frozen.programme else ""

    def get_ended_by(self, frozen: Freeze) -> str:
        return frozen.ended_by.full_name if frozen.ended_by else ""


class DelegationIn(serializers.Serializer[Any]):
    """To whom, for which unit and below, by which document, from and to which day."""

    to = serializers.CharField(max_length=150, help_text="user name")
    unit = serializers.CharField(max_length=12)
    form = serializers.ChoiceField(choices=Delegation.Form.choices)
    document_number = serializers.CharField(max_length=60)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The end is not before the beginning."""
        if attrs["valid_to"] < attrs["valid_from"]:
            raise serializers.ValidationError({"valid_to": "Ngày kết thúc không được trước ngày bắt đầu."})
        return attrs


class DelegationRow(serializers.ModelSerializer[Delegation]):
    """Who signs for whom."""

    delegator = serializers.CharField(source="delegator.full_name")
    delegate = serializers.CharField(source="delegate.full_name")
    role = serializers.ChoiceField(choices=Role.choices)
    unit = serializers.CharField(source="unit.name")
    lapsed = serializers.SerializerMethodField(
        help_text="người ủy quyền không còn giữ vai trò ký này, hoặc một trong hai đã nghỉ"
    )

    def get_lapsed(self, row: Delegation) -> bool:
        lends = row.delegator.is_active and row.delegator.role == row.role
        return not (lends and row.delegate.is_active)

    class Meta:
        model = Delegation
        fields = (
            "id",
            "delegator",
            "delegate",
            "role",
            "unit",
            "form",
            "document_number",
            "valid_from",
            "valid_to",
            "recorded_at",
            "revoked_at",
            "lapsed",
        )


class EverybodyOnceRow(serializers.Serializer[Any]):
    """Everybody of a month exactly once: counts of entitlements, and whoever does not fit."""

    enrolled = serializers.IntegerField()
    not_payable = serializers.IntegerField()
    by_account = serializers.IntegerField()
    by_cash = serializers.IntegerField()
    stopped = serializers.IntegerField()
    people_on_both_channels = serializers.IntegerField()
    omitted = serializers.ListField(child=serializers.CharField())
    twice = serializers.ListField(child=serializers.CharField())
    torn = serializers.ListField(child=serializers.CharField())
    exactly_once = serializers.BooleanField()


class PaperIn(serializers.Serializer[Any]):
    """The signed list: a scan (PDF, JPEG, PNG), or the PDF signed digitally."""

    file = serializers.FileField()


class PaperRow(serializers.ModelSerializer[SignedPaper]):
    """What was uploaded and what its digital signatures say."""

    class Meta:
        model = SignedPaper
        fields = ("id", "kind", "media_type", "revision", "content_digest", "signatures", "data_matches", "received_at")


class VoucherIn(serializers.Serializer[Any]):
    """The Treasury's voucher."""

    number = serializers.CharField(max_length=60)
    dated_on = serializers.DateField()
