"""Cases: everything a person must do, in one queue (việc cần xử lý), and what was decided about them."""

from django.db import models
from django.db.models import F, Q

from beneficiaries.models.case_kinds import CaseKind, Level, Solution
from beneficiaries.models.enrolments import Enrolment
from beneficiaries.models.people import Beneficiary
from staff.models import AdministrativeUnit, User


class CaseStatus(models.TextChoices):
    """Where a case stands. PROPOSED waits for a second person; ESCALATED for the next level, with a proposal."""

    OPEN = "OPEN", "Đang xử lý"
    PROPOSED = "PROPOSED", "Chờ người thứ hai xác nhận"
    ESCALATED = "ESCALATED", "Báo cáo cấp có thẩm quyền"
    SOLVED = "SOLVED", "Đã xử lý"
    REJECTED = "REJECTED", "Không chấp nhận"


LIVE = (CaseStatus.OPEN, CaseStatus.PROPOSED, CaseStatus.ESCALATED)

CASE_TRANSITIONS: frozenset[tuple[str, str]] = frozenset(
    {(before, after) for before in LIVE for after in (CaseStatus.SOLVED, CaseStatus.REJECTED, CaseStatus.ESCALATED)}
    | {(CaseStatus.OPEN, CaseStatus.PROPOSED), (CaseStatus.ESCALATED, CaseStatus.PROPOSED)}
    | {(before, CaseStatus.OPEN) for before in CaseStatus if before is not CaseStatus.OPEN}
)


class Case(models.Model):
    """One thing to be done, by whom, until when. `decided_by` acted last; the whole trail is `CaseDecision`.

    `subject` says what it is about within the person (an enrolment's code, a payment's end-to-end id), so that one thing is asked once.
    `proposal` holds what `solution` needs to be carried out: ids and dates, never a number or a name.
    """

    Kind = CaseKind
    Status = CaseStatus

    kind = models.CharField(max_length=20, choices=CaseKind.choices)
    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="cases")
    enrolment = models.ForeignKey(Enrolment, null=True, on_delete=models.PROTECT, related_name="cases")
    against = models.ForeignKey(
        Enrolment, null=True, on_delete=models.PROTECT, related_name="+", help_text="what it may be a duplicate of"
    )
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="cases")
    reason = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, blank=True, default="", db_default="")
    evidence = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=CaseStatus.choices, default=CaseStatus.OPEN)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.COMMUNE, db_default=Level.COMMUNE)
    owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="cases")
    opened_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    solution = models.CharField(max_length=16, choices=Solution.choices, blank=True, default="", db_default="")
    proposal = models.JSONField(null=True)
    proposed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    document = models.CharField(
        max_length=120, blank=True, default="", db_default="", help_text="paper it rests on: number and date"
    )
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="live_case_once_per_subject",
                fields=["beneficiary", "kind", "subject"],
                condition=Q(status__in=LIVE),
            ),
            models.CheckConstraint(
                name="case_decided_by_and_at_together",
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="decided_case_names_who", condition=Q(status="OPEN") | Q(decided_by__isnull=False)
            ),
            models.CheckConstraint(
                name="proposed_case_says_what_and_by_whom",
                condition=~Q(status="PROPOSED") | (Q(proposed_by__isnull=False) & ~Q(solution="")),
            ),
            models.CheckConstraint(
                name="proposal_is_confirmed_by_a_second_person",
                condition=~Q(status="SOLVED") | Q(proposed_by__isnull=True) | ~Q(proposed_by=F("decided_by")),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "due_on"], name="case_live_by_unit", condition=Q(status__in=LIVE)),
            models.Index(fields=["owner"], name="case_live_by_owner", condition=Q(status__in=LIVE)),
        ]


class CaseDecision(models.Model):
    """One step of a case, written by a trigger whoever made it: nothing is decided without a trail. Append-only.

    `made_at`: when the step was made, by whoever made it, else by the database's clock; null, and terms with it, in steps before terms were kept.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    status_before = models.CharField(max_length=10, choices=CaseStatus.choices, blank=True)
    status_after = models.CharField(max_length=10, choices=CaseStatus.choices)
    level_before = models.CharField(max_length=8, choices=Level.choices, blank=True)
    level_after = models.CharField(max_length=8, choices=Level.choices)
    owner_before = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    owner_after = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    solution = models.CharField(max_length=16, choices=Solution.choices, blank=True)
    proposal = models.JSONField(null=True)
    document = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    due_before = models.DateField(null=True)
    due_after = models.DateField(null=True)
    made_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="case_decision_trail")]


class DistinctPeople(models.Model):
    """Two records a person held to be two people: no run joins them again. Append-only; the lower id stands first."""

    first = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="distinct_people_once", fields=["first", "second"]),
            models.CheckConstraint(name="distinct_people_in_order", condition=Q(first__lt=F("second"))),
        ]
