"""Cash is carried by two people named before the day, and accounted for by another than who planned it."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from staff.migrations._statements import append_only, make

DAYS = """
CREATE FUNCTION payments_cash_day_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.held_on <= (clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date THEN
        RAISE EXCEPTION 'cash day is planned before it' USING ERRCODE = 'check_violation', CONSTRAINT = 'cash_day_is_planned_before_it';
    END IF;
    IF NOT EXISTS (SELECT FROM payments_paymentbatch b WHERE b.id = NEW.batch_id AND b.channel = 'CASH') THEN
        RAISE EXCEPTION 'cash day is of a cash list' USING ERRCODE = 'check_violation', CONSTRAINT = 'cash_day_is_of_a_cash_list';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cash_day_guard BEFORE INSERT ON payments_cashday FOR EACH ROW EXECUTE FUNCTION payments_cash_day_guard();
CREATE FUNCTION payments_cash_day_end_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM payments_cashday d WHERE d.id = NEW.day_id AND d.planned_by_id = NEW.ended_by_id) THEN
        RAISE EXCEPTION 'cash day is ended by another' USING ERRCODE = 'check_violation', CONSTRAINT = 'cash_day_is_ended_by_another';
    END IF;
    IF EXISTS (SELECT FROM payments_cashday d WHERE d.id = NEW.day_id AND d.held_on > (NEW.ended_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) THEN
        RAISE EXCEPTION 'cash day has not come' USING ERRCODE = 'check_violation', CONSTRAINT = 'cash_day_ends_after_it_came';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cash_day_end_guard BEFORE INSERT ON payments_cashdayend FOR EACH ROW EXECUTE FUNCTION payments_cash_day_end_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0021_what_is_due_is_of_its_programmes_kind"),
        ("staff", "0008_what_inspectors_open"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CashDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("point", models.CharField(blank=True, max_length=120)),
                ("held_on", models.DateField()),
                ("carrier", models.CharField(max_length=120)),
                ("witness", models.CharField(max_length=120)),
                ("people", models.PositiveIntegerField()),
                ("amount", models.BigIntegerField()),
                ("planned_at", models.DateTimeField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_days",
                        to="payments.paymentbatch",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        help_text="the commune",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.administrativeunit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CashDayEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carried", models.BigIntegerField()),
                ("handed_out", models.BigIntegerField()),
                ("returned", models.BigIntegerField()),
                ("ended_at", models.DateTimeField()),
                (
                    "day",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="end", to="payments.cashday"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="cashday",
            index=models.Index(fields=["batch", "unit", "-id"], name="cash_day_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="cashday",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("carrier", ""), _negated=True),
                    models.Q(("witness", ""), _negated=True),
                    models.Q(("carrier", models.F("witness")), _negated=True),
                ),
                name="nobody_carries_cash_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="cashday",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("people__gt", 0)), name="cash_day_carries_money"
            ),
        ),
        migrations.AddConstraint(
            model_name="cashdayend",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "carried",
                        django.db.models.expressions.CombinedExpression(
                            models.F("handed_out"), "+", models.F("returned")
                        ),
                    ),
                    ("handed_out__gte", 0),
                    ("returned__gte", 0),
                ),
                name="cash_that_was_carried_is_accounted_for",
            ),
        ),
        make(DAYS, append_only("payments_cashday", "payments_cashdayend")),
    ]
