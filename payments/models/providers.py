"""Who pays on our behalf (tổ chức dịch vụ chi trả): its list templates, its paying points, and what it says became of each person's money."""

from django.db import models
from django.db.models import Q

from payments.models.batches import Payment, PaymentBatch
from payments.states import Channel
from staff.models import AdministrativeUnit, User


class Provider(models.Model):
    """The post, a bank, a mobile-money company: whoever takes a list in its own form and answers with one."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class ProviderTemplate(models.Model):
    """A provider's form: what stands in which column, and how its answers are worded. Append-only; the newest per provider and channel holds.

    `columns` is a list of `[field, heading]` in the order of the form; `headings` maps our keys of a result to its headings where they differ
    from ours; `words` maps an outcome to the words that say it.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="templates")
    channel = models.CharField(max_length=7, choices=Channel.choices)
    columns = models.JSONField()
    headings = models.JSONField(default=dict)
    words = models.JSONField(default=dict)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["provider", "channel", "-id"], name="template_newest_first")]


class PayingPoint(models.Model):
    """Where cash is handed out (điểm chi trả): for a commune, or for the hamlets of it that `hamlets` names. Its name and hours may change."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="points")
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    opens = models.CharField(max_length=120, blank=True, help_text="ngày, giờ chi trả")
    hamlets = models.JSONField(default=list, help_text="thôn, tổ dân phố; empty for the whole commune")
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="paying_point_once_per_provider_unit_and_name", fields=["provider", "unit", "name"]
            )
        ]


class HandOver(models.Model):
    """That a list went to a provider: from then on its provider pays it, and no bank is asked about it. Append-only."""

    batch = models.OneToOneField(PaymentBatch, on_delete=models.PROTECT, related_name="hand_over")
    provider = models.ForeignKey(Provider, null=True, on_delete=models.PROTECT, related_name="hand_overs")
    handed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()


class ResultList(models.Model):
    """A provider's answer to one list, as received: rows that said something new. Append-only."""

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="result_lists")
    provider = models.ForeignKey(Provider, null=True, on_delete=models.PROTECT, related_name="result_lists")
    row_count = models.IntegerField(help_text="rows in the file, known ones included")
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()


class ResultLine(models.Model):
    """What the provider says of one person; `digest` makes the same word count once, in whatever file it comes. Append-only.

    `amount` is theirs, đồng. Who is not on the list has no payment, and the row is kept sealed.
    """

    class Outcome(models.TextChoices):
        PAID = "PAID", "Đã nhận"
        NOT_COLLECTED = "NOT_COLLECTED", "Chưa nhận"
        RETURNED = "RETURNED", "Trả lại"

    class Problem(models.TextChoices):
        NOT_ON_LIST = "NOT_ON_LIST", "Không có trong danh sách đã giao"
        AMOUNT_DIFFERS = "AMOUNT_DIFFERS", "Số tiền khác danh sách đã giao"
        CONTRADICTS = "CONTRADICTS", "Kết quả khác lần trước"

    class SignedBy(models.TextChoices):
        BENEFICIARY = "BENEFICIARY", "Người hưởng"
        PAYEE = "PAYEE", "Người nhận thay ghi trong danh sách"
        ANOTHER = "ANOTHER", "Người khác"

    result_list = models.ForeignKey(ResultList, on_delete=models.PROTECT, related_name="lines")
    row_number = models.IntegerField(help_text="as the spreadsheet counts")
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="result_lines")
    outcome = models.CharField(max_length=13, choices=Outcome.choices)
    amount = models.BigIntegerField(null=True, help_text="đồng, as the provider wrote it")
    happened_on = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    signed_by = models.CharField(max_length=11, choices=SignedBy.choices, blank=True)
    relation = models.CharField(max_length=60, blank=True, help_text="quan hệ với người hưởng")
    fingerprint = models.BooleanField(default=False, help_text="điểm chỉ, before two witnesses")
    problem = models.CharField(max_length=14, choices=Problem.choices, blank=True)
    digest = models.BinaryField(unique=True)
    sealed = models.BinaryField(null=True, help_text="the row, of who is not on the list")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="result_of_nobody_on_the_list_keeps_its_row",
                condition=Q(problem="NOT_ON_LIST", payment__isnull=True, sealed__isnull=False)
                | (~Q(problem="NOT_ON_LIST") & Q(payment__isnull=False, sealed__isnull=True)),
            ),
            models.CheckConstraint(
                name="paid_by_the_provider_has_a_day", condition=~Q(outcome="PAID") | Q(happened_on__isnull=False)
            ),
        ]
