"""Handing everything over: what was ordered stays as it was ordered, a second person decides once, it is written once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from staff.migrations._statements import keep_history, make, never_deleted

TABLE = "staff_dataexport"
GUARD = f"""
CREATE TRIGGER order_of_export_stays BEFORE UPDATE OF id, document, with_numbers, ordered_by_id, ordered_at ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
CREATE TRIGGER export_is_decided_once BEFORE UPDATE OF decided_by_id, decided_at, accepted ON {TABLE}
    FOR EACH ROW WHEN (OLD.decided_at IS NOT NULL) EXECUTE FUNCTION ansinh_append_only();
CREATE TRIGGER export_is_written_once BEFORE UPDATE OF written_at, folder, row_total, manifest_digest ON {TABLE}
    FOR EACH ROW WHEN (OLD.written_at IS NOT NULL) EXECUTE FUNCTION ansinh_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0011_looks_at_a_person"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.CharField(
                        help_text="the paper that orders it: the end of a contract, a decision", max_length=120
                    ),
                ),
                ("with_numbers", models.BooleanField(default=False)),
                ("ordered_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("accepted", models.BooleanField(null=True)),
                ("written_at", models.DateTimeField(null=True)),
                ("folder", models.CharField(blank=True, max_length=300)),
                ("row_total", models.PositiveBigIntegerField(null=True)),
                ("manifest_digest", models.CharField(blank=True, max_length=64)),
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
                        condition=models.Q(("document", ""), _negated=True), name="export_names_its_document"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("ordered_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="export_is_decided_by_somebody_else",
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
                        name="export_decision_has_person_time_and_word",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("written_at__isnull", True),
                            ("with_numbers", False),
                            models.Q(("accepted__isnull", False), ("accepted", True)),
                            _connector="OR",
                        ),
                        name="export_with_numbers_is_written_after_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("folder", ""),
                                ("manifest_digest", ""),
                                ("row_total__isnull", True),
                                ("written_at__isnull", True),
                            ),
                            models.Q(
                                ("row_total__isnull", False),
                                ("written_at__isnull", False),
                                models.Q(("folder", ""), _negated=True),
                                models.Q(("manifest_digest", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="export_written_says_where_and_what",
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
                "with_numbers",
                "ordered_by_id",
                "decided_by_id",
                "accepted",
                "written_at",
                "folder",
                "manifest_digest",
                inserts=True,
            ),
        ),
    ]
