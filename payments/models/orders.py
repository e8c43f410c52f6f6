"""What the office orders for a month: lists to be built, and files of offices and banks to be taken in."""

from django.db import models
from django.db.models import Q

from beneficiaries.models import Programme, ReceivedFile
from payments.models.cycles import Cycle
from staff.models import AdministrativeUnit, Order


class ListOrder(Order):
    """The order to build all lists of a month."""

    month = models.DateField()
    listed_on = models.DateField()
    pay_on = models.DateField()
    months_together = models.PositiveSmallIntegerField(default=1)
    budget_year = models.PositiveSmallIntegerField(null=True)
    seen = models.CharField(max_length=64, blank=True, help_text="digest of the dry run it was ordered by; empty: none")
    cycle = models.OneToOneField(Cycle, null=True, on_delete=models.PROTECT, related_name="list_order")

    class Meta(Order.Meta):
        abstract = False
        constraints = [
            *Order.Meta.constraints,
            models.UniqueConstraint(
                name="one_order_of_a_month_waits", fields=["month"], condition=Q(stage=Order.Stage.WAITING)
            ),
            models.CheckConstraint(name="list_order_is_of_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="list_order_is_done_with_its_cycle",
                condition=Q(stage=Order.Stage.DONE, cycle__isnull=False)
                | (~Q(stage=Order.Stage.DONE) & Q(cycle__isnull=True)),
            ),
        ]


class OfficeFileQuerySet(models.QuerySet["OfficeFile"]):
    """Files by who may see them."""

    def below(self, unit: AdministrativeUnit) -> "OfficeFileQuerySet":
        """Of this unit and those below."""
        return self.filter(unit__path__startswith=unit.path)


class OfficeFile(Order):
    """A file an office, a bank or a provider sent. Its content stays sealed while it waits and is forgotten when it was taken in or refused.

    `problems` are rows not taken in: [{row, column, sentence}], no value of the row in them. The list with a column that says the same, to be
    corrected and sent again, stays sealed for some weeks where there are such rows.
    """

    class Kind(models.TextChoices):
        ACCOUNTS = ReceivedFile.Kind.ACCOUNTS.value, "Danh sách tài khoản của ngân hàng"
        VNEID = ReceivedFile.Kind.VNEID.value, "Danh sách tài khoản trên VNeID"
        OPENINGS = ReceivedFile.Kind.OPENINGS.value, "Kết quả mở tài khoản"
        DECISIONS = ReceivedFile.Kind.DECISIONS.value, "Danh sách quyết định"
        REVIEWS = ReceivedFile.Kind.REVIEWS.value, "Kết quả rà soát"
        UNCLAIMED = ReceivedFile.Kind.UNCLAIMED.value, "Tiền chưa nhận kỳ trước"
        INSURANCE = ReceivedFile.Kind.INSURANCE.value, ReceivedFile.Kind.INSURANCE.label
        GIFTS = ReceivedFile.Kind.GIFTS.value, ReceivedFile.Kind.GIFTS.label

    kind = models.CharField(max_length=11, choices=Kind.choices)
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    bank_bin = models.CharField(max_length=11, blank=True, help_text="whose accounts; empty for other kinds")
    said_on = models.DateField(help_text="the business day what the file says counts from")
    sealed = models.BinaryField(null=True)
    file_digest = models.BinaryField(help_text="keyed digest of the bytes: a double click is one file")
    rows = models.IntegerField(default=0)
    applied = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0, help_text="rows not taken in; the first of them stand in `problems`")
    repeated = models.BooleanField(default=False, help_text="the same rows were taken in before; nothing changed")
    problems = models.JSONField(default=list)
    seen = models.CharField(max_length=64, blank=True, help_text="digest of the preview it was sent by; empty: none")
    sealed_reasons = models.BinaryField(null=True, help_text="the list as it was sent, with its column of reasons")

    objects = OfficeFileQuerySet.as_manager()

    class Meta(Order.Meta):
        abstract = False
        constraints = [
            *Order.Meta.constraints,
            models.UniqueConstraint(
                name="waiting_office_file_once_per_content",
                fields=["unit", "kind", "bank_bin", "said_on", "file_digest"],
                condition=Q(stage=Order.Stage.WAITING),
            ),
            models.CheckConstraint(
                name="office_file_is_kept_while_it_waits",
                condition=Q(stage=Order.Stage.WAITING, sealed__isnull=False)
                | (~Q(stage=Order.Stage.WAITING) & Q(sealed__isnull=True)),
            ),
            models.CheckConstraint(
                name="a_list_of_accounts_names_its_bank",
                condition=Q(kind="ACCOUNTS") & ~Q(bank_bin="") | ~Q(kind="ACCOUNTS") & Q(bank_bin=""),
            ),
        ]

    def forget(self) -> None:
        """Its content."""
        self.sealed = None


class GiftLook(Order):
    """A commune's list of a gift, looked at by the background: nothing is written, and what was seen waits here to be written just so.

    The file and what was seen (`sealed_result`) stay sealed for some weeks, so that whoever sent it can leave and come back.
    """

    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField(null=True)
    file_digest = models.BinaryField(help_text="keyed digest of the bytes: a double click is one look")
    rows = models.IntegerField(null=True, help_text="of the list; None until it was read")
    sealed_result = models.BinaryField(null=True, help_text="what was seen, row by row")
    written_as = models.ForeignKey(OfficeFile, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Order.Meta):
        abstract = False
        constraints = [
            *Order.Meta.constraints,
            models.UniqueConstraint(
                name="waiting_gift_look_once_per_content",
                fields=["unit", "file_digest"],
                condition=Q(stage=Order.Stage.WAITING),
            ),
            models.CheckConstraint(
                name="gift_look_is_kept_while_it_waits",
                condition=~Q(stage=Order.Stage.WAITING) | Q(sealed__isnull=False),
            ),
        ]

    def forget(self) -> None:
        """Nothing yet: what was seen is written from the same bytes."""


class GrantOrder(Order):
    """The order to give everybody who receives a policy what a decision grants once, or to see what that comes to; a whole province may be meant.

    `people`: how many were found, known before the work begins. The figures are of `Granted`, None until it is done.
    """

    grant = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    everyone_of = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    preview = models.BooleanField(help_text="only tried: nothing stays written")
    number = models.CharField(max_length=60)
    signed_on = models.DateField()
    signer = models.CharField(max_length=100)
    reason = models.CharField(max_length=300, blank=True)
    month = models.DateField()
    people = models.IntegerField(null=True)
    granted = models.IntegerField(null=True)
    already = models.IntegerField(null=True)
    taken_back = models.IntegerField(null=True)
    amount = models.BigIntegerField(null=True, help_text="đồng for the new ones")
    through_head = models.IntegerField(null=True)

    class Meta(Order.Meta):
        abstract = False
        constraints = [
            *Order.Meta.constraints,
            models.UniqueConstraint(
                name="waiting_grant_order_once",
                fields=["grant", "everyone_of", "preview", "number", "signed_on", "month"],
                condition=Q(stage=Order.Stage.WAITING),
            ),
            models.CheckConstraint(name="grant_order_is_of_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="grant_order_is_done_with_its_figures",
                condition=Q(stage=Order.Stage.DONE, granted__isnull=False, amount__isnull=False)
                | (~Q(stage=Order.Stage.DONE) & Q(granted__isnull=True, amount__isnull=True)),
            ),
        ]
