"""Notices to beneficiaries: the table is the queue, and one payment is told of once per kind."""

from django.db import models
from django.db.models import Q

from payments.models.batches import Payment


class Notice(models.Model):
    """One message to be sent about one payment. Its text is made when it is sent and kept nowhere."""

    class Kind(models.TextChoices):
        PAID = "PAID", "Đã ghi có"
        NOT_PAID = "NOT_PAID", "Chưa chuyển được"
        CASH_READY = "CASH_READY", "Mời nhận tiền mặt"

    class Status(models.TextChoices):
        WAITING = "WAITING", "Chờ gửi"
        SENT = "SENT", "Đã gửi"
        DROPPED = "DROPPED", "Không gửi nữa"
        GIVEN_UP = "GIVEN_UP", "Không gửi được"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(help_text="a lease while somebody sends it, a rest after a failure")
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="notice_once_per_payment_and_kind", fields=["payment", "kind"]),
            models.CheckConstraint(
                name="notice_sent_says_when",
                condition=Q(status="SENT", sent_at__isnull=False) | (~Q(status="SENT") & Q(sent_at__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["not_before"], name="notice_waiting", condition=Q(status="WAITING"))]
