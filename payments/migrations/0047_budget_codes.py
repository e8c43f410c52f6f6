"""Mục lục ngân sách of a programme, source and year, append-only; which unit prints which is found, not stored."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON payments_budgetcode FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        REVOKE UPDATE, DELETE ON payments_budgetcode FROM ansinh_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0027_training_orders"),
        ("payments", "0046_ordered_as_seen"),
        ("staff", "0018_append_only_tables_are_sealed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BudgetCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("budget_source", models.CharField(max_length=60)),
                ("year", models.PositiveSmallIntegerField(help_text="niên độ ngân sách")),
                (
                    "chapter",
                    models.CharField(
                        help_text="chương",
                        max_length=3,
                        validators=[django.core.validators.RegexValidator("^[0-9]{3}$")],
                    ),
                ),
                (
                    "section",
                    models.CharField(
                        help_text="loại - khoản",
                        max_length=7,
                        validators=[django.core.validators.RegexValidator("^[0-9]{3}-[0-9]{3}$")],
                    ),
                ),
                (
                    "item",
                    models.CharField(
                        help_text="mục - tiểu mục",
                        max_length=9,
                        validators=[django.core.validators.RegexValidator("^[0-9]{4}-[0-9]{4}$")],
                    ),
                ),
                (
                    "budget_user",
                    models.CharField(
                        help_text="mã ĐVQHNS",
                        max_length=7,
                        validators=[django.core.validators.RegexValidator("^[0-9]{7}$")],
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="beneficiaries.programme"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.administrativeunit"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["programme", "budget_source", "year"], name="budget_codes_of_a_programme")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 2000), ("year__lte", 2100)), name="budget_code_year_can_be"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("budget_user__regex", "^[0-9]{7}$"),
                            ("chapter__regex", "^[0-9]{3}$"),
                            ("item__regex", "^[0-9]{4}-[0-9]{4}$"),
                            ("section__regex", "^[0-9]{3}-[0-9]{3}$"),
                        ),
                        name="budget_codes_are_codes",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
