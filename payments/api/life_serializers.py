"""Shapes of messages about people's lives and of what follows from them. Numbers of people come in and never go out."""

from dataclasses import dataclass
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from beneficiaries.models import FuneralFileStep, LifeEvent, LifeStatus, NoticeAnswer
from beneficiaries.parsers.life_events import LONGEST_ID, IncomingEvent
from beneficiaries.parsers.values import read_identity_number, tidy_name
from payments.api.fields import MonthField
from payments.models import StopNotice
from payments.states import PaymentStatus
from staff.api.words import Words

MOST_EVENTS = 1000


class EventIn(serializers.Serializer[Any]):
    """One message. `about`: the id of the first message on the same fact, for a correction or a withdrawal; may come before that one."""

    event_id = serializers.CharField(max_length=LONGEST_ID)
    reported_by = serializers.ChoiceField(choices=LifeEvent.Source.choices)
    kind = serializers.ChoiceField(choices=LifeEvent.Kind.choices)
    action = serializers.ChoiceField(choices=LifeEvent.Action.choices, default=LifeEvent.Action.REPORT)
    about = serializers.CharField(max_length=LONGEST_ID, required=False, default="")
    issued_at = serializers.DateTimeField()
    occurred_on = serializers.DateField(required=False, allow_null=True, default=None)
    number = serializers.CharField(max_length=20, required=False, default="", write_only=True)
    full_name = serializers.CharField(max_length=100, required=False, default="")
    birth_year = serializers.IntegerField(min_value=1850, max_value=2200, required=False, allow_null=True, default=None)
    new_name = serializers.CharField(max_length=100, required=False, default="")
    new_number = serializers.CharField(max_length=20, required=False, default="", write_only=True)
    to_unit = serializers.CharField(max_length=12, required=False, default="")
    child_name = serializers.CharField(max_length=100, required=False, default="")
    child_born_on = serializers.DateField(required=False, allow_null=True, default=None)


@dataclass(frozen=True)
class Unread:
    """A message whose fields can't be read, and which and why; never what stood in them: it may be somebody's number."""

    sentence: str


class EventListField(serializers.ListField):
    """Messages one by one: each is read, or says what is wrong with it. Keys a message does not have are refused with the whole batch before."""

    def run_child_validation(self, data: list[Any]) -> list[Any]:
        """In the order given."""
        return [self._read(said) for said in data]

    def _read(self, said: Any) -> Any:
        try:
            return self.child.run_validation(said)
        except serializers.ValidationError as error:
            faults = error.detail if isinstance(error.detail, dict) else {"events": error.detail}
            named = "; ".join(f"{_WHOLE.get(name, name)} {_in_words(found)}" for name, found in sorted(faults.items()))
            return Unread(f"Chưa nhận sự kiện này: {named}; mời sửa rồi gửi lại riêng sự kiện này.")


_WHOLE = {"non_field_errors": "nội dung"}  # of no one field
# By the fault's code and not by its sentence, which may quote what was sent.
_FAULTS = {
    "required": "còn thiếu",
    "null": "không được để trống",
    "blank": "không được để trống",
    "invalid_choice": "không phải một giá trị đã quy định",
    "max_length": "dài quá",
    "min_value": "ngoài khoảng cho phép",
    "max_value": "ngoài khoảng cho phép",
}


def _in_words(faults: Any) -> str:
    codes = dict.fromkeys(
        getattr(fault, "code", "invalid") for fault in (faults if isinstance(faults, list) else [faults])
    )
    return ", ".join(dict.fromkeys(_FAULTS.get(code, "không đúng dạng") for code in codes))


class EventsIn(serializers.Serializer[Any]):
    """A batch; each message stands for itself, so one that can't be read or is refused keeps no other out (ADR 66)."""

    events = EventListField(child=EventIn(), max_length=MOST_EVENTS)

    def messages(self) -> list[IncomingEvent]:
        """The batch as parsers give it; `position` from 1."""
        return [
            _unread(place, said) if isinstance(said, Unread) else _message(place, said)
            for place, said in enumerate(self.validated_data["events"], start=1)
        ]


def _unread(place: int, unread: Unread) -> IncomingEvent:
    return IncomingEvent(position=place, unreadable=unread.sentence)


def _message(place: int, said: dict[str, Any]) -> IncomingEvent:
    names = {name: tidy_name(said[name]) for name in ("full_name", "new_name", "child_name")}
    numbers = {name: read_identity_number(said[name]) for name in ("number", "new_number")}
    said = {**said, **names, **numbers}
    return IncomingEvent(position=place, source=said.pop("reported_by"), **said)


class EventProblem(serializers.Serializer[Any]):
    """A message that was not kept; `position` in the batch, or the row of the file."""

    position = serializers.IntegerField()
    sentence = serializers.CharField()


class EventsOut(serializers.Serializer[Any]):
    """What the batch came to. `repeated` were known already. `file`: ask its address how far weighing has come."""

    received = serializers.IntegerField()
    added = serializers.IntegerField()
    repeated = serializers.IntegerField()
    problems = EventProblem(many=True)
    file = serializers.IntegerField(allow_null=True)


class EventFile(serializers.Serializer[Any]):
    """A CSV or a workbook, in any encoding registries are read in."""

    file = serializers.FileField(max_length=200)


class FileProgress(serializers.Serializer[Any]):
    """Messages weighed, of all kept from the file; counted now."""

    weighed = serializers.IntegerField()
    events = serializers.IntegerField()


class NoticeSaid(serializers.Serializer[LifeEvent]):
    """One notice nobody answered."""

    notice = serializers.IntegerField(source="pk")
    reported_by = serializers.CharField(source="get_source_display")
    notice_on = serializers.DateField(source="occurred_on")


class NoticeRow(serializers.Serializer[Any]):
    """Somebody whose money is held until a person has looked."""

    beneficiary_id = serializers.IntegerField(source="pk")
    notice = serializers.IntegerField(source="notice_id")
    full_name = serializers.CharField(source="beneficiary.full_name")
    birth_year = serializers.IntegerField(source="beneficiary.birth_year", allow_null=True)
    unit = serializers.CharField(source="beneficiary.unit.name")
    hamlet = serializers.CharField(source="beneficiary.hamlet")
    reported_by = serializers.CharField(source="notice.get_source_display")
    notice_on = serializers.DateField()
    notices = serializers.SerializerMethodField(help_text="mọi tin chưa trả lời, kể cả tin đang giữ tiền")

    @extend_schema_field(NoticeSaid(many=True))
    def get_notices(self, status: LifeStatus) -> Any:
        return NoticeSaid(self.context["notices"].get(status.pk, []), many=True).data


class NoticeAnswerIn(serializers.Serializer[Any]):
    """CONFIRM or LIFT, and how it is known; `notice`: the one that holds the money, `notices`: all that were read, so that no other is answered.

    LIFT answers them all, without `notices` those known by then; CONFIRM the one that holds the money.
    """

    notice = serializers.IntegerField(required=False)
    notices = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), max_length=200, required=False
    )
    answer = serializers.ChoiceField(choices=NoticeAnswer.Answer.choices)
    note = Words(max_length=300)


class RecoveryRow(serializers.Serializer[Any]):
    """One month credited after the month of death; only a decision recovers it."""

    id = serializers.IntegerField()
    full_name = serializers.CharField(source="payment.beneficiary.full_name")
    unit = serializers.CharField(source="payment.beneficiary.unit.name")
    enrolment = serializers.CharField(source="entitlement.enrolment.code")
    enrolment_id = serializers.IntegerField(source="entitlement.enrolment_id")
    month = MonthField(source="entitlement.month")
    amount = serializers.IntegerField(help_text="đồng")
    end_to_end_id = serializers.CharField(source="payment.end_to_end_id")
    deceased_on = serializers.DateField()


class StopNoticeRow(serializers.Serializer[Any]):
    """A payment the bank or provider is asked not to pay; its status says what became of it."""

    id = serializers.IntegerField()
    ground = serializers.ChoiceField(choices=StopNotice.Ground.choices)
    full_name = serializers.CharField(source="payment.beneficiary.full_name")
    unit = serializers.CharField(source="payment.beneficiary.unit.name")
    amount = serializers.IntegerField(source="payment.amount", help_text="đồng")
    end_to_end_id = serializers.CharField(source="payment.end_to_end_id")
    payment_status = serializers.ChoiceField(source="payment.status", choices=PaymentStatus.choices)
    opened_at = serializers.DateTimeField()


class FuneralFileRow(serializers.Serializer[Any]):
    """A funeral file where it stands."""

    id = serializers.IntegerField()
    beneficiary = serializers.IntegerField(source="beneficiary_id")
    allowance = serializers.CharField(allow_null=True, help_text="mã hồ sơ hỗ trợ mai táng; null: chưa ghi quyết định")
    full_name = serializers.CharField(source="beneficiary.full_name")
    unit = serializers.CharField(source="beneficiary.unit.name")
    file_number = serializers.CharField()
    status = serializers.ChoiceField(choices=FuneralFileStep.Status.choices)
    reason = serializers.CharField()


class FuneralStatusIn(serializers.Serializer[Any]):
    """What the one-stop desk said."""

    status = serializers.ChoiceField(choices=FuneralFileStep.Status.choices)
    reason = Words(max_length=200, required=False, allow_blank=True, default="")
    file_number = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")


class FuneralCountRow(serializers.Serializer[Any]):
    """Files of the reach by status and reason; no person in it."""

    status = serializers.ChoiceField(choices=FuneralFileStep.Status.choices)
    reason = serializers.CharField()
    files = serializers.IntegerField()
