"""Life events as civil-registry feeds, hospitals and communes report them, and what follows from all of them together.

Events are append-only and arrive in any order; `LifeStatus` is computed from the whole set, so the order never matters.
"""

from django.db import models
from django.db.models import Q

from beneficiaries.models.intake import ReceivedFile
from beneficiaries.models.numbers import IdentityNumber
from beneficiaries.models.people import Beneficiary
from staff.models import AdministrativeUnit, User


class LifeEvent(models.Model):
    """One message about one person. `about` names the first message on the same fact; a report names itself.

    `number`, `full_name` and `birth_year` say whom the sender means: a number alone is no proof, and may be given to somebody else later.
    `scope`: the sender's unit; the event counts only for people of that subtree. Append-only.
    """

    class Source(models.TextChoices):
        CIVIL_REGISTRY = "CIVIL_REGISTRY", "Cơ quan đăng ký hộ tịch"
        HOSPITAL = "HOSPITAL", "Cơ sở y tế (chưa đăng ký khai tử)"
        COMMUNE = "COMMUNE", "Thôn, xã báo (chưa đăng ký khai tử)"

    class Kind(models.TextChoices):
        DEATH = "DEATH", "Khai tử"
        BIRTH = "BIRTH", "Khai sinh con"
        MOVE = "MOVE", "Chuyển nơi cư trú"
        NAME = "NAME", "Thay đổi họ tên"
        NUMBER = "NUMBER", "Cấp lại số định danh"

    class Action(models.TextChoices):
        REPORT = "REPORT", "Báo"
        CORRECT = "CORRECT", "Cải chính"
        WITHDRAW = "WITHDRAW", "Thu hồi"

    source = models.CharField(max_length=14, choices=Source.choices)
    event_id = models.CharField(max_length=80)
    about = models.CharField(max_length=80)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    action = models.CharField(max_length=8, choices=Action.choices)
    issued_at = models.DateTimeField(help_text="by the source's clock: of two messages on one fact the later one holds")
    occurred_on = models.DateField(null=True)
    number = models.ForeignKey(IdentityNumber, null=True, on_delete=models.PROTECT, related_name="life_events")
    full_name = models.CharField(max_length=100, blank=True)
    name_key = models.CharField(max_length=100, blank=True)
    birth_year = models.SmallIntegerField(null=True)
    new_name = models.CharField(max_length=100, blank=True)
    new_number = models.ForeignKey(IdentityNumber, null=True, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(AdministrativeUnit, null=True, on_delete=models.PROTECT, related_name="+")
    child_name = models.CharField(max_length=100, blank=True)
    child_born_on = models.DateField(null=True)
    scope = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    content_digest = models.BinaryField(help_text="keyed; of what is said, without id and time of the message")
    sealed = models.BinaryField(help_text="the message as received")
    file = models.ForeignKey(ReceivedFile, null=True, on_delete=models.PROTECT, related_name="life_events")
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="life_event_once_per_source_and_id", fields=["source", "event_id"]),
            models.CheckConstraint(
                name="life_event_report_is_about_itself",
                condition=Q(action="REPORT", about=models.F("event_id"))
                | (~Q(action="REPORT") & ~Q(about=models.F("event_id"))),
            ),
            models.CheckConstraint(
                name="life_event_says_who_and_when",
                condition=Q(action="WITHDRAW")
                | (Q(number__isnull=False, occurred_on__isnull=False) & ~Q(full_name="")),
            ),
            models.CheckConstraint(
                name="life_event_says_what",
                condition=Q(action="WITHDRAW")
                | Q(kind="DEATH")
                | Q(kind="BIRTH", child_born_on__isnull=False)
                | Q(kind="MOVE", to_unit__isnull=False)
                | (Q(kind="NAME") & ~Q(new_name=""))
                | Q(kind="NUMBER", new_number__isnull=False),
            ),
            models.CheckConstraint(
                name="life_event_unregistered_is_a_death_notice",
                condition=Q(source="CIVIL_REGISTRY") | Q(kind="DEATH"),
            ),
        ]
        indexes = [models.Index(fields=["source", "about"], name="life_event_thread")]


class LifeEventSettlement(models.Model):
    """That an event was weighed with all others of its people. An event without this row is work to be done."""

    event = models.OneToOneField(LifeEvent, primary_key=True, on_delete=models.PROTECT, related_name="settlement")
    people = models.IntegerField(help_text="people of that number known then; 0 is tried again when one appears")
    settled_at = models.DateTimeField()


class NoticeAnswer(models.Model):
    """What a person found out about an unregistered death notice. It answers that message; a later correction asks anew. Append-only."""

    class Answer(models.TextChoices):
        CONFIRM = "CONFIRM", "Đã mất, chờ đăng ký khai tử"
        LIFT = "LIFT", "Còn sống, tin báo không đúng"

    event = models.ForeignKey(LifeEvent, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=7, choices=Answer.choices)
    note = models.CharField(max_length=300)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="notice_answer_says_how_it_is_known", condition=~Q(note="")),
        ]


class LifeStatus(models.Model):
    """What all events of a person together say now. Computed; a person without events has no row.

    `deceased_on`: registered, or confirmed by a person. `notice_on`: an unanswered notice holds the months after it.
    `not_deceased_on`: a registered death that was withdrawn; an extract that still repeats it is not believed.
    """

    beneficiary = models.OneToOneField(
        Beneficiary, primary_key=True, on_delete=models.PROTECT, related_name="life_status"
    )
    deceased_on = models.DateField(null=True)
    death_registered = models.BooleanField(default=False)
    notice_on = models.DateField(null=True)
    notice = models.ForeignKey(LifeEvent, null=True, on_delete=models.PROTECT, related_name="+")
    not_deceased_on = models.DateField(null=True)
    moved_to = models.ForeignKey(AdministrativeUnit, null=True, on_delete=models.PROTECT, related_name="+")
    moved_on = models.DateField(null=True)
    name_before = models.CharField(max_length=100, blank=True, help_text="as the ward's registry had it")
    name_now = models.CharField(max_length=100, blank=True)
    number_before = models.ForeignKey(IdentityNumber, null=True, on_delete=models.PROTECT, related_name="+")
    number_now = models.ForeignKey(IdentityNumber, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="life_status_is_dead_or_asked_not_both",
                condition=Q(deceased_on__isnull=True) | Q(notice_on__isnull=True),
            ),
            models.CheckConstraint(
                name="life_status_hold_names_its_notice",
                condition=Q(notice_on__isnull=True, notice__isnull=True)
                | Q(notice_on__isnull=False, notice__isnull=False),
            ),
        ]


class Child(models.Model):
    """A child born to a beneficiary, for categories that are paid per child. `until_month`: first month the child no longer counts (16)."""

    parent = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="children")
    source = models.CharField(max_length=14, choices=LifeEvent.Source.choices)
    root = models.CharField(max_length=80, help_text="id of the first message about this birth")
    full_name = models.CharField(max_length=100, blank=True)
    born_on = models.DateField()
    until_month = models.DateField()
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="child_once_per_parent_and_birth", fields=["parent", "source", "root"]),
            models.CheckConstraint(name="child_until_a_first_day", condition=Q(until_month__day=1)),
        ]
