"""Papers asked for and papers handed out; what was handed out stays written down."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reconciliation_issuedpaper FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
CREATE TRIGGER never_deleted BEFORE DELETE ON reconciliation_paperorder FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        REVOKE UPDATE, DELETE ON reconciliation_issuedpaper FROM ansinh_app;
        REVOKE DELETE ON reconciliation_paperorder FROM ansinh_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0017_audit_guards"),
        ("reconciliation", "0012_history_of_who_and_when"),
        ("staff", "0009_delegation_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IssuedPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ACCOUNT_LIST", "Danh sách chi trả qua tài khoản"),
                            ("CASH_LIST", "Danh sách chi trả tiền mặt"),
                            ("CHANGES", "Tổng hợp biến động"),
                            ("UNPAID", "Danh sách chưa nhận tiền"),
                            ("DOSSIER", "Hồ sơ chi trả"),
                            ("HISTORY", "Quá trình hưởng của một người"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("month", models.DateField(null=True)),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("lines", models.PositiveIntegerField()),
                ("pdf_size", models.PositiveIntegerField()),
                ("pdf_digest", models.CharField(max_length=64)),
                ("purpose", models.CharField(blank=True, help_text="why somebody's history was read", max_length=200)),
                ("made_at", models.DateTimeField()),
                (
                    "beneficiary",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="beneficiaries.beneficiary",
                    ),
                ),
                (
                    "made_for",
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("beneficiary__isnull", False),
                                ("kind", "HISTORY"),
                                models.Q(("purpose", ""), _negated=True),
                            ),
                            models.Q(models.Q(("kind", "HISTORY"), _negated=True), ("beneficiary__isnull", True)),
                            _connector="OR",
                        ),
                        name="history_is_of_one_person_and_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("LISTS", "Danh sách tháng của các xã, phường"),
                            ("DOSSIER", "Hồ sơ chi trả của tháng"),
                        ],
                        max_length=7,
                    ),
                ),
                ("month", models.DateField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("WAITING", "Chờ"),
                            ("WORKING", "Đang làm"),
                            ("DONE", "Đã xong"),
                            ("REFUSED", "Không làm được"),
                            ("FORGOTTEN", "Đã xóa sau thời hạn lưu"),
                        ],
                        default="WAITING",
                        max_length=9,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("done", models.PositiveIntegerField(default=0, help_text="pieces made so far")),
                (
                    "total",
                    models.PositiveIntegerField(default=0, help_text="pieces to make; 0 before they were counted"),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=200)),
                ("file_name", models.CharField(blank=True, max_length=120)),
                ("sealed", models.BinaryField(null=True)),
                (
                    "asked_by",
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
                    models.Index(
                        condition=models.Q(("status__in", ["WAITING", "WORKING"])), fields=["id"], name="paper_to_make"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["WAITING", "WORKING"])),
                        fields=("kind", "unit", "month", "asked_by"),
                        name="paper_asked_for_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "DONE"), _negated=True),
                            models.Q(("finished_at__isnull", False), ("sealed__isnull", False)),
                            _connector="OR",
                        ),
                        name="paper_done_has_content",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("total", 0), ("done__lte", models.F("total")), _connector="OR"),
                        name="paper_never_more_than_whole",
                    ),
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
    ]
