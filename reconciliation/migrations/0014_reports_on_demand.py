"""Reports of any months, who was shown them, and what came back signed; what was written down of that is never edited."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reconciliation_reportreading FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reconciliation_signedreport FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        REVOKE UPDATE, DELETE ON reconciliation_reportreading, reconciliation_signedreport FROM ansinh_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reconciliation", "0013_papers"),
        ("staff", "0014_checks_by_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("read_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SignedReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("SCAN", "Bản giấy đã ký, quét"), ("SIGNED_PDF", "Bản PDF đã ký số")], max_length=10
                    ),
                ),
                ("media_type", models.CharField(max_length=20)),
                ("sealed", models.BinaryField()),
                ("content_digest", models.CharField(max_length=64)),
                ("signatures", models.JSONField(default=list)),
                ("data_matches", models.BooleanField(null=True)),
                ("received_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="reportrun",
            name="report_once_per_kind_unit_and_period",
        ),
        migrations.AddField(
            model_name="reportsnapshot",
            name="seal_checked_at",
            field=models.DateTimeField(help_text="when all seals had last been checked", null=True),
        ),
        migrations.AddField(
            model_name="reportsnapshot",
            name="seal_findings",
            field=models.IntegerField(help_text="what that check found; 0: the history is as it was sealed", null=True),
        ),
        migrations.AlterField(
            model_name="reportrun",
            name="kind",
            field=models.CharField(
                choices=[
                    ("MONTH", "Báo cáo tháng"),
                    ("QUARTER", "Báo cáo quý"),
                    ("YEAR", "Báo cáo năm"),
                    ("PERIOD", "Báo cáo theo kỳ yêu cầu"),
                ],
                max_length=7,
            ),
        ),
        migrations.AddConstraint(
            model_name="reportrun",
            constraint=models.UniqueConstraint(
                fields=("kind", "unit", "from_on", "to_on"), name="report_once_per_kind_unit_and_period"
            ),
        ),
        migrations.AddField(
            model_name="reportreading",
            name="reader",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reportreading",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="reconciliation.reportrun"
            ),
        ),
        migrations.AddField(
            model_name="reportreading",
            name="snapshot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reconciliation.reportsnapshot"
            ),
        ),
        migrations.AddField(
            model_name="signedreport",
            name="received_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="signedreport",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="reconciliation.reportrun"
            ),
        ),
        migrations.AddField(
            model_name="signedreport",
            name="snapshot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="reconciliation.reportsnapshot"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportreading",
            constraint=models.UniqueConstraint(fields=("snapshot", "reader"), name="report_first_read_once"),
        ),
        migrations.AddConstraint(
            model_name="signedreport",
            constraint=models.UniqueConstraint(fields=("snapshot", "content_digest"), name="signed_report_kept_once"),
        ),
        migrations.AddConstraint(
            model_name="signedreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("data_matches__isnull", True), ("kind", "SCAN")),
                    models.Q(("data_matches", True), ("kind", "SIGNED_PDF")),
                    _connector="OR",
                ),
                name="only_our_pdf_is_compared",
            ),
        ),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
    ]
