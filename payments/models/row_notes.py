"""What the office writes beside a row of a list: a note, or that the person is left for the next month, and on which ground."""

from django.db import models
from django.db.models import Q

from payments.models.batches import Payment
from staff.models import User


class RowNote(models.Model):
    """One note beside one row. With a `ground` it says why the person was left for the next month's list. Append-only.

    The ground is told to the person, the text to the office alone. Only from a list in draft: a trigger holds that, and that whoever is left
    for the next month is off this list.
    """

    class Ground(models.TextChoices):
        ASKED = "ASKED", "Theo đề nghị của người hưởng"
        PAPERS = "PAPERS", "Chờ bổ sung giấy tờ"
        ACCOUNT = "ACCOUNT", "Chờ sửa tài khoản nhận tiền"
        CHECK = "CHECK", "Chờ kiểm tra lại thông tin"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="notes")
    ground = models.CharField(max_length=7, choices=Ground.choices, blank=True)
    text = models.CharField(max_length=300)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="row_note_says_something", condition=~Q(text="")),
            models.UniqueConstraint(name="left_for_the_next_month_once", fields=["payment"], condition=~Q(ground="")),
        ]
