"""What may be paid: programmes, categories, dated coefficients and standard amounts."""

from django.db import models
from django.db.models import Q


class Programme(models.Model):
    """A policy people are paid under (chính sách)."""

    class Kind(models.TextChoices):
        REGULAR = "REGULAR", "Hằng tháng"
        ONE_OFF = "ONE_OFF", "Một lần"
        FUNERAL = "FUNERAL", "Mai táng"

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=200)
    several_grounds = models.BooleanField(
        default=False, help_text="a person may hold several categories at once (merit)"
    )
    budget_source = models.CharField(max_length=60, help_text="nguồn kinh phí the base amount is paid from")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.REGULAR, db_default=Kind.REGULAR)

    def __str__(self) -> str:
        return self.name


class BesideInsurance(models.TextChoices):
    """What a pension or a monthly social-insurance benefit means for a category."""

    ALLOWED = "ALLOWED", "Được hưởng cùng"
    LOWER = "LOWER", "Chỉ khi lương hưu, trợ cấp thấp hơn mức hưởng"
    NEVER = "NEVER", "Không được hưởng cùng"


class BenefitCategory(models.Model):
    """A group of beneficiaries with one coefficient. A sensitive one shows only its neutral code."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="categories")
    code = models.CharField(max_length=20, unique=True)
    neutral_code = models.CharField(max_length=20, unique=True, help_text="what lists, files and exports print")
    name = models.CharField(max_length=200)
    legal_source = models.CharField(max_length=120, blank=True)
    sensitive = models.BooleanField(default=False)
    last_grant_month = models.DateField(
        null=True, help_text="first day of the last month a right may begin in; who has it keeps it until a decision"
    )

    per_dependant = models.BooleanField(
        default=False, db_default=False, help_text="the coefficient is given once per child: 2 children, twice"
    )
    beside_insurance = models.CharField(
        max_length=7,
        choices=BesideInsurance.choices,
        default=BesideInsurance.ALLOWED,
        db_default=BesideInsurance.ALLOWED,
        help_text="whether it may be drawn beside a pension or a monthly social-insurance benefit",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sensitive_category_has_another_printed_code",
                condition=Q(sensitive=False) | ~Q(neutral_code=models.F("code")),
            ),
        ]


class Coefficient(models.Model):
    """The coefficient of a category from a date on; without `legal_source` nobody has verified it, and it says so wherever it is shown."""

    category = models.ForeignKey(BenefitCategory, on_delete=models.PROTECT, related_name="coefficients")
    value = models.DecimalField(max_digits=5, decimal_places=2)
    valid_from = models.DateField()
    legal_source = models.CharField(max_length=120, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="coefficient_once_per_category_and_date", fields=["category", "valid_from"]),
            models.CheckConstraint(name="coefficient_is_positive", condition=Q(value__gt=0)),
        ]


class StandardAmount(models.Model):
    """Standard amount of a programme, đồng per month, for months from `valid_from`.

    `known_on` is the day the decree was signed: a list made before that day cannot know it, and what it missed becomes arrears.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="standard_amounts")
    amount = models.BigIntegerField()
    valid_from = models.DateField()
    known_on = models.DateField()
    legal_source = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="standard_amount_once_per_programme_and_date", fields=["programme", "valid_from"]
            ),
            models.CheckConstraint(name="standard_amount_is_positive", condition=Q(amount__gt=0)),
        ]


class TopUpRate(models.Model):
    """What the province adds to a category's base amount (mức hỗ trợ thêm của tỉnh), đồng per month, from its own source; 0 ends it."""

    category = models.ForeignKey(BenefitCategory, on_delete=models.PROTECT, related_name="top_up_rates")
    amount = models.BigIntegerField()
    budget_source = models.CharField(max_length=60)
    valid_from = models.DateField()
    known_on = models.DateField()
    legal_source = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="top_up_rate_once_per_category_and_date", fields=["category", "valid_from"]),
            models.CheckConstraint(name="top_up_rate_is_not_negative", condition=Q(amount__gte=0)),
        ]


class Exclusion(models.Model):
    """Whether two grounds stand beside each other (`together`) or only the higher one is paid. A row about a category beats one about its programme.

    Without a row: one programme excludes itself (of one that allows several grounds, each category itself), programmes stand beside each other.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(BenefitCategory, null=True, on_delete=models.PROTECT, related_name="+")
    other_programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    other_category = models.ForeignKey(BenefitCategory, null=True, on_delete=models.PROTECT, related_name="+")
    together = models.BooleanField()
    valid_from = models.DateField()
    legal_source = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="exclusion_once_per_pair_and_date",
                fields=["programme", "category", "other_programme", "other_category", "valid_from"],
                nulls_distinct=False,
            ),
        ]


class AgeChange(models.Model):
    """An age at which a category's amount changes or its right ends: never applied by itself, a decision is asked for 60 days before."""

    category = models.ForeignKey(BenefitCategory, on_delete=models.PROTECT, related_name="age_changes")
    age = models.PositiveSmallIntegerField()
    next_category = models.ForeignKey(BenefitCategory, null=True, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, help_text="from then on nobody is asked about it any more")

    class Meta:
        constraints = [models.UniqueConstraint(name="age_change_once_per_category", fields=["category", "age"])]
