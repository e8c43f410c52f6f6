"""Erasing what may be kept no longer: what was ordered stays as it was ordered, a second person decides once, what is done is never undone."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from staff.migrations._statements import keep_history, make, never_deleted

TABLE = "staff_erasureorder"
GUARD = f"""
CREATE FUNCTION staff_erasure_goes_forward() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.finished_at IS NOT NULL OR NEW.erased_total < OLD.erased_total THEN
        RAISE EXCEPTION 'what was erased stays counted' USING ERRCODE = 'check_violation', CONSTRAINT = 'erasure_goes_forward';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER order_of_erasure_stays BEFORE UPDATE OF id, document, before, due_total, ordered_by_id, ordered_at ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
CREATE TRIGGER erasure_is_decided_once BEFORE UPDATE OF decided_by_id, decided_at, accepted ON {TABLE}
    FOR EACH ROW WHEN (OLD.decided_at IS NOT NULL) EXECUTE FUNCTION ansinh_append_only();
CREATE TRIGGER erasure_goes_forward BEFORE UPDATE OF erased_total, finished_at ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION staff_erasure_goes_forward();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0012_everything_handed_over"),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasureOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.CharField(help_text="the paper that orders it", max_length=120)),
                ("before", models.DateField(help_text="what stopped being needed before this day")),
                ("due_total", models.PositiveBigIntegerField()),
                ("ordered_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("accepted", models.BooleanField(null=True)),
                ("erased_total", models.PositiveBigIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ordered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("document", ""), _negated=True), name="erasure_names_its_document"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("ordered_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="erasure_is_decided_by_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("accepted__isnull", True), ("decided_at__isnull", True), ("decided_by__isnull", True)
                            ),
                            models.Q(
                                ("accepted__isnull", False),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="erasure_decision_has_person_time_and_word",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("erased_total", 0), ("finished_at__isnull", True)),
                            models.Q(("accepted__isnull", False), ("accepted", True)),
                            _connector="OR",
                        ),
                        name="erasure_is_done_after_two_people",
                    ),
                ],
            },
        ),
        make(
            never_deleted(TABLE),
            GUARD,
            keep_history(
                TABLE,
                "document",
                "before",
                "due_total",
                "ordered_by_id",
                "decided_by_id",
                "accepted",
                "erased_total",
                "finished_at",
                inserts=True,
            ),
        ),
    ]
