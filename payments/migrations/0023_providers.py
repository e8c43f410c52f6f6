"""Providers: their forms and points, lists handed to them, what they answer; transfers of money name their list."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What a provider said, and what it was given, is never edited; a point may close.
APPEND_ONLY = ["payments_providertemplate", "payments_handover", "payments_resultlist", "payments_resultline"]
GUARDS = (
    "\n".join(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();"
        for table in APPEND_ONLY
    )
    + f"""
CREATE TRIGGER never_deleted BEFORE DELETE ON payments_provider FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
CREATE TRIGGER never_deleted BEFORE DELETE ON payments_payingpoint FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        EXECUTE 'REVOKE UPDATE, DELETE ON {", ".join(APPEND_ONLY)} FROM ansinh_app';
        EXECUTE 'REVOKE DELETE ON payments_provider, payments_payingpoint FROM ansinh_app';
    END IF;
END $$;
"""
)

# A transfer on a list that a provider has is claimed by no sender: nobody is paid by the bank and by the provider.
CLAIM_GUARD = """
CREATE FUNCTION payments_handed_over_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN old_rows o ON o.id = n.id JOIN payments_handover h ON h.batch_id = n.batch_id
               WHERE o.status = 'READY' AND n.status = 'SENT' AND (n.lease_by <> '' OR n.file_id IS NOT NULL)) THEN
        RAISE EXCEPTION 'the list is with a provider' USING ERRCODE = 'check_violation', CONSTRAINT = 'handed_over_list_is_paid_by_its_provider';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_handed_over_guard AFTER UPDATE ON payments_payment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_handed_over_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0022_payment_file_guards"),
        ("staff", "0009_delegation_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HandOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("handed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PayingPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("opens", models.CharField(blank=True, help_text="ngày, giờ chi trả", max_length=120)),
                ("hamlets", models.JSONField(default=list, help_text="thôn, tổ dân phố; empty for the whole commune")),
                ("closed_on", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ProviderTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(choices=[("ACCOUNT", "Chuyển khoản"), ("CASH", "Tiền mặt")], max_length=7),
                ),
                ("columns", models.JSONField()),
                ("headings", models.JSONField(default=dict)),
                ("words", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ResultLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row_number", models.IntegerField(help_text="as the spreadsheet counts")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("PAID", "Đã nhận"), ("NOT_COLLECTED", "Chưa nhận"), ("RETURNED", "Trả lại")],
                        max_length=13,
                    ),
                ),
                ("amount", models.BigIntegerField(help_text="đồng, as the provider wrote it", null=True)),
                ("happened_on", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "signed_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("BENEFICIARY", "Người hưởng"),
                            ("PAYEE", "Người nhận thay ghi trong danh sách"),
                            ("ANOTHER", "Người khác"),
                        ],
                        max_length=11,
                    ),
                ),
                ("relation", models.CharField(blank=True, help_text="quan hệ với người hưởng", max_length=60)),
                ("fingerprint", models.BooleanField(default=False, help_text="điểm chỉ, before two witnesses")),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("NOT_ON_LIST", "Không có trong danh sách đã giao"),
                            ("AMOUNT_DIFFERS", "Số tiền khác danh sách đã giao"),
                            ("CONTRADICTS", "Kết quả khác lần trước"),
                        ],
                        max_length=14,
                    ),
                ),
                ("digest", models.BinaryField(unique=True)),
                ("sealed", models.BinaryField(help_text="the row, of who is not on the list", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ResultList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row_count", models.IntegerField(help_text="rows in the file, known ones included")),
                ("received_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="fundtransfer",
            name="fund_transfer_with_the_provider_names_its_list",
        ),
        migrations.AlterField(
            model_name="fundingaccount",
            name="sends_by",
            field=models.CharField(
                choices=[
                    ("API", "Từng lệnh qua API"),
                    ("FILE", "Theo tệp"),
                    ("LIST", "Theo danh sách của tổ chức dịch vụ chi trả"),
                ],
                default="API",
                help_text="what is sent from now on; what was sent stays as it was",
                max_length=4,
            ),
        ),
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
                    ("OWED_BACK", "Phải thu hồi"),
                    ("RECOVERED", "Giảm chi do thu hồi"),
                ],
                max_length=9,
            ),
        ),
        migrations.AddConstraint(
            model_name="fundtransfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("batch__isnull", True), ("kind", "FEE")),
                    models.Q(("batch__isnull", False), ("kind__in", ["FORWARDED", "GIVEN_BACK", "TO_BUDGET"])),
                    _connector="OR",
                ),
                name="fund_transfer_names_its_list",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="batch",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="hand_over", to="payments.paymentbatch"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="handed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="payingpoint",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.administrativeunit"
            ),
        ),
        migrations.AddField(
            model_name="provider",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="payingpoint",
            name="provider",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="points", to="payments.provider"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="provider",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="hand_overs",
                to="payments.provider",
            ),
        ),
        migrations.AddField(
            model_name="providertemplate",
            name="provider",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="templates", to="payments.provider"
            ),
        ),
        migrations.AddField(
            model_name="providertemplate",
            name="saved_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="resultline",
            name="payment",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="result_lines",
                to="payments.payment",
            ),
        ),
        migrations.AddField(
            model_name="resultlist",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="result_lists", to="payments.paymentbatch"
            ),
        ),
        migrations.AddField(
            model_name="resultlist",
            name="provider",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="result_lists",
                to="payments.provider",
            ),
        ),
        migrations.AddField(
            model_name="resultlist",
            name="received_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="resultline",
            name="result_list",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="payments.resultlist"
            ),
        ),
        migrations.AddConstraint(
            model_name="payingpoint",
            constraint=models.UniqueConstraint(
                fields=("provider", "unit", "name"), name="paying_point_once_per_provider_unit_and_name"
            ),
        ),
        migrations.AddIndex(
            model_name="providertemplate",
            index=models.Index(fields=["provider", "channel", "-id"], name="template_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="resultline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("payment__isnull", True), ("problem", "NOT_ON_LIST"), ("sealed__isnull", False)),
                    models.Q(
                        models.Q(("problem", "NOT_ON_LIST"), _negated=True),
                        ("payment__isnull", False),
                        ("sealed__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="result_of_nobody_on_the_list_keeps_its_row",
            ),
        ),
        migrations.AddConstraint(
            model_name="resultline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "PAID"), _negated=True), ("happened_on__isnull", False), _connector="OR"
                ),
                name="paid_by_the_provider_has_a_day",
            ),
        ),
        migrations.RunSQL(GUARDS + CLAIM_GUARD, migrations.RunSQL.noop),
    ]
