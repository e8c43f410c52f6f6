"""Money with the cash provider and back to the budget; and what else a đồng can be in the journal."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON payments_fundtransfer FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        EXECUTE 'REVOKE UPDATE, DELETE ON payments_fundtransfer FROM ansinh_app';
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0015_signature_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="ledgeraccount",
            name="kind",
            field=models.CharField(
                choices=[
                    ("ALLOTTED", "Được giao"),
                    ("FUNDS", "Tiền tại ngân hàng"),
                    ("RESERVED", "Đã giữ chỗ"),
                    ("PAID", "Đã chi"),
                    ("RETURNED", "Hoàn trả"),
                    ("CHARGES", "Phí, lãi"),
                    ("PROVIDER", "Tổ chức dịch vụ chi trả đang giữ"),
                    ("PAID_CASH", "Đã chi tiền mặt"),
                    ("REFUNDED", "Đã nộp trả"),
                    ("FEES", "Phí dịch vụ chi trả"),
                    ("ADJUSTED", "Xử lý chênh lệch theo quyết định"),
                ],
                max_length=9,
            ),
        ),
        migrations.CreateModel(
            name="FundTransfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("FORWARDED", "Chuyển tổ chức dịch vụ chi trả"),
                            ("GIVEN_BACK", "Tổ chức dịch vụ chi trả trả lại"),
                            ("TO_BUDGET", "Nộp trả ngân sách"),
                            ("FEE", "Phí dịch vụ chi trả"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reference", models.CharField(max_length=35, unique=True)),
                ("treasury_number", models.CharField(blank=True, max_length=40)),
                ("amount", models.BigIntegerField(help_text="đồng, without sign")),
                ("booked_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fund_transfers",
                        to="payments.paymentbatch",
                    ),
                ),
                (
                    "funding_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fund_transfers",
                        to="payments.fundingaccount",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="fund_transfer_is_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("batch__isnull", True), ("kind__in", ["TO_BUDGET", "FEE"])),
                            models.Q(("batch__isnull", False), ("kind__in", ["FORWARDED", "GIVEN_BACK"])),
                            _connector="OR",
                        ),
                        name="fund_transfer_with_the_provider_names_its_list",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
