"""What is granted to a whole province at once is ordered, and carried out by the background."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import PROTECT, Q

from staff.migrations._statements import make, never_deleted

GRANT_ORDER = migrations.CreateModel(
    name="GrantOrder",
    fields=[
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        (
            "stage",
            models.CharField(
                choices=[("WAITING", "Đang chờ hoặc đang làm"), ("DONE", "Đã xong"), ("REFUSED", "Không làm được")],
                default="WAITING",
                max_length=7,
            ),
        ),
        ("ordered_at", models.DateTimeField()),
        ("started_at", models.DateTimeField(null=True)),
        ("attempts", models.PositiveSmallIntegerField(default=0)),
        ("finished_at", models.DateTimeField(null=True)),
        ("problem_code", models.CharField(blank=True, max_length=40)),
        ("problem", models.CharField(blank=True, max_length=600)),
        ("conflicts", models.JSONField(default=list, help_text="what stands in the way, as the refusal names it")),
        ("preview", models.BooleanField(help_text="only tried: nothing stays written")),
        ("number", models.CharField(max_length=60)),
        ("signed_on", models.DateField()),
        ("signer", models.CharField(max_length=100)),
        ("reason", models.CharField(blank=True, max_length=300)),
        ("month", models.DateField()),
        ("people", models.IntegerField(null=True)),
        ("granted", models.IntegerField(null=True)),
        ("already", models.IntegerField(null=True)),
        ("taken_back", models.IntegerField(null=True)),
        ("amount", models.BigIntegerField(help_text="đồng for the new ones", null=True)),
        ("through_head", models.IntegerField(null=True)),
        ("everyone_of", models.ForeignKey(on_delete=PROTECT, related_name="+", to="beneficiaries.programme")),
        ("grant", models.ForeignKey(on_delete=PROTECT, related_name="+", to="beneficiaries.programme")),
        ("ordered_by", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
    ],
    options={
        "abstract": False,
        "indexes": [models.Index(condition=Q(stage="WAITING"), fields=["stage"], name="grantorder_waiting")],
        "constraints": [
            models.CheckConstraint(
                condition=Q(stage="WAITING", finished_at__isnull=True)
                | (~Q(stage="WAITING") & Q(finished_at__isnull=False)),
                name="grantorder_is_finished_or_waits",
            ),
            models.CheckConstraint(
                condition=Q(stage="REFUSED") & ~Q(problem_code="") | ~Q(stage="REFUSED") & Q(problem_code=""),
                name="grantorder_says_why_it_was_refused",
            ),
            models.UniqueConstraint(
                condition=Q(stage="WAITING"),
                fields=["grant", "everyone_of", "preview", "number", "signed_on", "month"],
                name="waiting_grant_order_once",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="grant_order_is_of_a_month"),
            models.CheckConstraint(
                condition=Q(stage="DONE", granted__isnull=False, amount__isnull=False)
                | (~Q(stage="DONE") & Q(granted__isnull=True, amount__isnull=True)),
                name="grant_order_is_done_with_its_figures",
            ),
        ],
    },
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0022_days_of_cash"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [GRANT_ORDER, make(never_deleted("payments_grantorder"))]
