"""Shapes of cases: what is asked of whom, until when, and how it went. No number of a person or account; nothing of another unit's enrolment."""

from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from beneficiaries.api.signers import SignerField
from beneficiaries.models import Case, CaseKind, CaseStatus, Ease, Enrolment, Level, Solution, rule_of
from beneficiaries.services.cases.queue import age_in_days
from beneficiaries.services.cases.suggested import suggested_for
from staff.api.query import Query
from staff.api.words import Words
from staff.models import User

ELSEWHERE = "đang hưởng nơi khác: có"  # as `services.match` keeps it: which record it is stands in `against` alone


class Which(TextChoices):
    """Which of the two enrolments."""

    THIS = "this", "hồ sơ này"
    OTHER = "other", "hồ sơ kia"


class CaseQuery(Query):
    """Filters of the queue; without `status` the live ones."""

    kind = serializers.ChoiceField(choices=CaseKind.choices, required=False)
    reason = serializers.CharField(max_length=40, required=False)
    status = serializers.ChoiceField(choices=CaseStatus.choices, required=False)
    level = serializers.ChoiceField(choices=Level.choices, required=False)
    ease = serializers.ChoiceField(choices=Ease.choices, required=False)
    unit = serializers.CharField(max_length=12, required=False, help_text="code; with everything below it")
    owner = serializers.ChoiceField(choices=[("me", "của tôi"), ("none", "chưa ai nhận")], required=False)
    overdue = serializers.BooleanField(required=False, allow_null=True, default=None)
    beneficiary = serializers.IntegerField(required=False, min_value=1, max_value=2**62, help_text="of one person")


class Note(serializers.Serializer[Any]):
    """Why; kept with the step."""

    note = Words(max_length=300)


class NoteAndDocument(Note):
    """Why, and the paper it rests on: needed for answers of police and ministry."""

    document = Words(max_length=120, required=False, allow_blank=True, default="")


class Escalation(serializers.Serializer[Any]):
    """To the next level, or further up, with what is proposed."""

    proposal = Words(max_length=300)
    to = serializers.ChoiceField(choices=Level.choices, required=False, allow_null=True, default=None)


class Identification(serializers.Serializer[Any]):
    """Who it is, by number or by `suggested`, the id of one of the case's `candidates`; and what was looked at. By POST: the number is in no address."""

    number = serializers.RegexField(
        r"^\d{12}$",
        required=False,
        default="",
        write_only=True,
        error_messages={"invalid": "Số định danh cá nhân có 12 chữ số."},
    )
    suggested = serializers.IntegerField(
        min_value=1, max_value=2**62, required=False, default=None, help_text="identity_id"
    )
    basis = Words(max_length=300, help_text="thẻ căn cước, giấy khai sinh, …")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two."""
        if bool(attrs["number"]) == (attrs["suggested"] is not None):
            raise serializers.ValidationError({"number": "Ghi số định danh, hoặc chọn một người có thể phù hợp."})
        return attrs


class NotTheSame(Note):
    """Two people. `keeps_identity`: which of the two the number belongs to."""

    keeps_identity = serializers.ChoiceField(choices=Which.choices)


class SamePerson(Note):
    """One person: which enrolment ends from which month, by which decision."""

    stop = serializers.ChoiceField(choices=Which.choices)
    from_month = serializers.DateField(help_text="first day of the first month not paid any more")
    decision_number = serializers.CharField(max_length=60)
    signed_on = serializers.DateField()
    signer = SignerField()

    def validate_from_month(self, value: Any) -> Any:
        """Months begin on their first day."""
        if value.day != 1:
            raise serializers.ValidationError("Tháng ghi bằng ngày đầu tháng, ví dụ 2024-09-01.")
        return value


class Unit(serializers.Serializer[Any]):
    """An administrative unit."""

    code = serializers.CharField()
    name = serializers.CharField()


class CaseRow(serializers.Serializer[Any]):
    """One thing to be done: the fact, what would solve it, how hard, whose authority, until when."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=CaseKind.choices)
    kind_label = serializers.CharField(source="get_kind_display")
    reason = serializers.CharField()
    reason_label = serializers.SerializerMethodField()
    to_do = serializers.SerializerMethodField()
    solutions = serializers.SerializerMethodField()
    beneficiary_id = serializers.IntegerField()
    beneficiary = serializers.CharField(source="beneficiary.full_name")
    birth_year = serializers.IntegerField(source="beneficiary.birth_year", allow_null=True)
    hamlet = serializers.CharField(source="beneficiary.hamlet")
    enrolment_id = serializers.IntegerField(allow_null=True)
    enrolment = serializers.CharField(source="enrolment.code", allow_null=True, default=None)
    unit = Unit()
    evidence = serializers.SerializerMethodField()
    status = serializers.ChoiceField(choices=CaseStatus.choices)
    status_label = serializers.CharField(source="get_status_display")
    level = serializers.ChoiceField(choices=Level.choices)
    level_label = serializers.CharField(source="get_level_display")
    ease = serializers.ChoiceField(choices=Ease.choices)
    ease_label = serializers.SerializerMethodField()
    within_authority = serializers.BooleanField()
    overdue = serializers.BooleanField()
    due_on = serializers.DateField(allow_null=True)
    age_days = serializers.SerializerMethodField()
    owner = serializers.CharField(source="owner.full_name", allow_null=True, default=None)
    mine = serializers.BooleanField(help_text="Người đang xử lý là bạn")
    solution = serializers.ChoiceField(choices=Solution.choices, allow_blank=True)
    proposed_by = serializers.CharField(source="proposed_by.full_name", allow_null=True, default=None)
    note = serializers.CharField()

    def get_reason_label(self, case: Case) -> str:
        return rule_of(case.kind, case.reason).label

    def get_to_do(self, case: Case) -> str:
        return rule_of(case.kind, case.reason).to_do

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=Solution.choices)))
    def get_solutions(self, case: Case) -> list[str]:
        return [str(solution) for solution in rule_of(case.kind, case.reason).solutions]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_evidence(self, case: Case) -> list[str]:
        other = other_record(case, actor=self.context.get("actor"))
        said = [str(sentence) for sentence in case.evidence]
        if other is None:
            return said
        where = f"hồ sơ {other.code} của {other.beneficiary.full_name}, {other.unit.name}"
        return [f"đang hưởng thêm: {where}" if sentence == ELSEWHERE else sentence for sentence in said]

    def get_ease_label(self, case: Any) -> str:
        return str(Ease(case.ease).label)

    def get_age_days(self, case: Case) -> int:
        return age_in_days(case, today=timezone.localdate())


def other_record(case: Case, *, actor: User | None) -> Enrolment | None:
    """The other record of a pair, where it lies in the reader's reach; of one elsewhere nothing is told (I13)."""
    other = case.against
    unit = actor.unit if actor else None
    return other if other and unit and other.unit.path.startswith(unit.path) else None


class OtherRecord(serializers.Serializer[Enrolment]):
    """The other record of a pair."""

    enrolment_id = serializers.IntegerField(source="pk")
    code = serializers.CharField()
    beneficiary_id = serializers.IntegerField()
    full_name = serializers.CharField(source="beneficiary.full_name")
    unit_name = serializers.CharField(source="unit.name")


class CaseStep(serializers.Serializer[Any]):
    """One step of the trail."""

    status_before = serializers.CharField()
    status_after = serializers.ChoiceField(choices=CaseStatus.choices)
    level_before = serializers.CharField()
    level_after = serializers.ChoiceField(choices=Level.choices)
    owner_after = serializers.CharField(source="owner_after.full_name", allow_null=True, default=None)
    solution = serializers.CharField()
    document = serializers.CharField()
    note = serializers.CharField()
    decided_by = serializers.CharField(source="decided_by.full_name", allow_null=True, default=None)
    decided_at = serializers.DateTimeField(allow_null=True)


class CaseCandidate(serializers.Serializer[Any]):
    """A resident the person may be. Whoever lives outside the reader's reach is `elsewhere`, without anything that says who."""

    identity_id = serializers.IntegerField(allow_null=True)
    full_name = serializers.CharField(allow_blank=True)
    birth_date = serializers.DateField(allow_null=True)
    birth_year = serializers.IntegerField(allow_null=True)
    sex = serializers.CharField(allow_blank=True)
    place = serializers.CharField(allow_blank=True)
    deceased = serializers.BooleanField()
    elsewhere = serializers.BooleanField()
    proposed = serializers.BooleanField(help_text="whom somebody proposed, for the second person")
    evidence = serializers.ListField(child=serializers.CharField())


class CaseDetail(CaseRow):
    """A case with its whole trail, oldest step first, and of an identity case the residents the person may be, likeliest first."""

    trail = CaseStep(source="decisions.all", many=True)
    candidates = serializers.SerializerMethodField()
    other = serializers.SerializerMethodField(
        help_text="hồ sơ kia của một cặp nghi trùng; null: không có, hoặc ở ngoài địa bàn"
    )

    @extend_schema_field(OtherRecord(allow_null=True))
    def get_other(self, case: Case) -> dict[str, Any] | None:
        other = other_record(case, actor=self.context["actor"])
        return dict(OtherRecord(other).data) if other else None

    @extend_schema_field(CaseCandidate(many=True))
    def get_candidates(self, case: Case) -> list[dict[str, Any]]:
        return [dict(CaseCandidate(one).data) for one in suggested_for(case, actor=self.context["actor"])]


class Counts(serializers.Serializer[Any]):
    """Live cases in reach."""

    live = serializers.IntegerField()
    mine = serializers.IntegerField()
    overdue = serializers.IntegerField()
    unowned = serializers.IntegerField()
    to_confirm = serializers.IntegerField(help_text="proposed by somebody else")
    by_kind = serializers.DictField(child=serializers.IntegerField())
    by_level = serializers.DictField(child=serializers.IntegerField())
    by_status = serializers.DictField(child=serializers.IntegerField())


class PileRow(serializers.Serializer[Any]):
    """Live cases of one kind below one unit; null where a cell under five would name somebody."""

    unit_code = serializers.CharField()
    unit_name = serializers.CharField()
    kind = serializers.ChoiceField(choices=CaseKind.choices)
    kind_label = serializers.SerializerMethodField()
    live = serializers.IntegerField(allow_null=True)
    overdue = serializers.IntegerField(allow_null=True)
    escalated = serializers.IntegerField(allow_null=True)
    oldest_on = serializers.DateField(allow_null=True)

    def get_kind_label(self, pile: Any) -> str:
        return str(CaseKind(pile.kind).label)
