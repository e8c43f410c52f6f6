"""Minutes that go out keep their rows; what comes back signed is kept and never edited (ADR 77)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from staff.migrations._statements import append_only, make


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0021_one_level_by_one_person"),
        ("payments", "0026_books_know_their_start"),
        ("reconciliation", "0017_where_a_case_was"),
        ("staff", "0014_faults_people_met"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SignedMinutes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
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
                ("received_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="issuedpaper",
            name="frozen",
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name="issuedpaper",
            name="kind",
            field=models.CharField(
                choices=[
                    ("ACCOUNT_LIST", "Danh sách chi trả qua tài khoản"),
                    ("CASH_LIST", "Danh sách chi trả tiền mặt"),
                    ("CHANGES", "Tổng hợp biến động"),
                    ("UNPAID", "Danh sách chưa nhận tiền"),
                    ("DOSSIER", "Hồ sơ chi trả"),
                    ("HISTORY", "Quá trình hưởng của một người"),
                    ("TRACE", "Phiếu tra soát"),
                    ("MINUTES", "Biên bản đối chiếu"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="issuedpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "MINUTES"), ("frozen__isnull", True), _connector="XOR"),
                name="minutes_alone_keep_their_rows",
            ),
        ),
        migrations.AddField(
            model_name="signedminutes",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.fundingaccount"
            ),
        ),
        migrations.AddField(
            model_name="signedminutes",
            name="paper",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reconciliation.issuedpaper",
            ),
        ),
        migrations.AddField(
            model_name="signedminutes",
            name="received_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="signedminutes",
            constraint=models.UniqueConstraint(
                fields=("account", "month", "content_digest"), name="signed_minutes_kept_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="signedminutes",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "SCAN"), ("paper__isnull", True)),
                    models.Q(("kind", "SIGNED_PDF"), ("paper__isnull", False)),
                    _connector="OR",
                ),
                name="signed_minutes_are_ours_or_a_scan",
            ),
        ),
        make(append_only("reconciliation_signedminutes")),
    ]
