"""What was heard at the door in the drive for accounts. A visit is told, never edited: the newest one says how things stand."""

from django.db import models
from django.db.models import Q

from beneficiaries.models.people import Beneficiary
from staff.models import User


class HomeVisit(models.Model):
    """One visit and its outcome; `said` in the words of who was there. Append-only."""

    class Outcome(models.TextChoices):
        AGREES = "AGREES", "Đồng ý mở"
        HAS = "HAS", "Đã có tài khoản"
        CASH = "CASH", "Nhận tiền mặt"
        REFUSES = "REFUSES", "Từ chối"
        NOT_HOME = "NOT_HOME", "Không gặp"
        MOVED = "MOVED", "Đã chuyển đi"
        DIED = "DIED", "Đã mất"

    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="home_visits")
    visited_on = models.DateField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    bank_bin = models.CharField(max_length=6, blank=True, default="")
    said = models.CharField(max_length=300, blank=True, default="")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="visit_told_once", fields=["beneficiary", "visited_on", "outcome", "bank_bin", "said"]
            ),
            models.CheckConstraint(
                name="visit_names_the_bank_that_is_wished",
                condition=~Q(outcome__in=["AGREES", "HAS"]) | ~Q(bank_bin=""),
            ),
            models.CheckConstraint(
                name="who_refuses_an_account_says_why", condition=~Q(outcome="REFUSES") | ~Q(said="")
            ),
        ]
