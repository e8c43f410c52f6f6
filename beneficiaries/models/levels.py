"""Levels somebody proposes from a legal document, and a second person adopts: coefficients of categories, standard amounts of programmes."""

from django.db import models
from django.db.models import F, Q

from beneficiaries.models.enrolments import DecisionPaper
from beneficiaries.models.programmes import BenefitCategory, Programme
from staff.models import User


class LevelProposal(models.Model):
    """A coefficient (of `category`) or a standard amount (of `programme`, whole đồng per month) as a document gives it, the document beside it.

    Decided once, by somebody else; adopted, it is the level from `valid_from` on, in place of one of the same day.
    """

    class Status(models.TextChoices):
        PENDING = "PENDING", "Chờ người thứ hai"
        ADOPTED = "ADOPTED", "Đã áp dụng"
        REFUSED = "REFUSED", "Không áp dụng"

    category = models.ForeignKey(BenefitCategory, null=True, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, null=True, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=14, decimal_places=2)
    valid_from = models.DateField()
    known_on = models.DateField(help_text="the day the document was signed: no list before it knows")
    legal_source = models.CharField(max_length=120)
    paper = models.ForeignKey(DecisionPaper, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="level_is_of_a_category_or_a_programme",
                condition=Q(category__isnull=False, programme__isnull=True)
                | Q(category__isnull=True, programme__isnull=False),
            ),
            models.CheckConstraint(name="proposed_level_is_positive", condition=Q(value__gt=0)),
            models.CheckConstraint(name="proposed_level_names_its_law", condition=~Q(legal_source="")),
            models.CheckConstraint(
                name="level_is_decided_by_a_second_person",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="level_says_who_decided_and_when",
                condition=Q(status="PENDING", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(status="PENDING") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.UniqueConstraint(
                name="one_proposal_of_a_level_waits",
                fields=["category", "programme", "valid_from"],
                condition=Q(status="PENDING"),
                nulls_distinct=False,
            ),
        ]
