"""Dự toán giao: what a paying unit may spend in a year, append-only, together never below zero."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE FUNCTION payments_estimate_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('payments:estimates'));  -- two reductions at once would each find enough
    IF EXISTS (SELECT 1 FROM payments_budgetestimate e
               WHERE (e.unit_id, e.programme_id, e.budget_source, e.year) IN (SELECT unit_id, programme_id, budget_source, year FROM new_rows)
               GROUP BY e.unit_id, e.programme_id, e.budget_source, e.year HAVING sum(e.amount) < 0) THEN
        RAISE EXCEPTION 'no more is taken back than was given' USING ERRCODE = 'check_violation', CONSTRAINT = 'estimate_never_below_zero';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER estimate_guard AFTER INSERT ON payments_budgetestimate REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_estimate_guard();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON payments_budgetestimate FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        REVOKE UPDATE, DELETE ON payments_budgetestimate FROM ansinh_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0026_history_of_payees_and_phones"),
        ("payments", "0038_shown_debited"),
        ("staff", "0014_checks_by_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BudgetEstimate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("budget_source", models.CharField(max_length=60)),
                ("year", models.PositiveSmallIntegerField(help_text="niên độ ngân sách")),
                ("amount", models.BigIntegerField(help_text="đồng; negative: giảm dự toán")),
                ("document", models.CharField(help_text="number of the decision that gave it", max_length=100)),
                ("decided_on", models.DateField()),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "programme", "budget_source", "year", "document"),
                        name="estimate_once_per_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="estimate_is_not_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 2000), ("year__lte", 2100)), name="estimate_year_can_be"
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
