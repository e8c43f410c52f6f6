"""A provider's word that is not ours is a difference of its own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION reconciliation_discrepancy_keeps_its_word() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'what a discrepancy is about never changes' USING ERRCODE = 'check_violation', CONSTRAINT = 'discrepancy_is_never_redirected';
END $$;
CREATE TRIGGER discrepancy_keeps_its_word BEFORE UPDATE ON reconciliation_discrepancy FOR EACH ROW
    WHEN ((OLD.result_line_id, OLD.funding_account_id) IS DISTINCT FROM (NEW.result_line_id, NEW.funding_account_id))
    EXECUTE FUNCTION reconciliation_discrepancy_keeps_its_word();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0023_providers"),
        ("reconciliation", "0009_report_run_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="discrepancy",
            name="funding_account",
            field=models.ForeignKey(
                help_text="of a provider's word",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="discrepancies",
                to="payments.fundingaccount",
            ),
        ),
        migrations.AddField(
            model_name="discrepancy",
            name="result_line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="discrepancies",
                to="payments.resultline",
            ),
        ),
        migrations.AlterField(
            model_name="discrepancy",
            name="ground",
            field=models.CharField(
                blank=True,
                choices=[
                    ("FOUND_LATER", "Số liệu nhận sau đã giải thích"),
                    ("LINKED", "Kế toán nối với khoản chi"),
                    ("BOOKED", "Đã ghi bút toán phí, lãi"),
                    ("BANK_ANSWERED", "Ngân hàng, tổ chức chi trả đã trả lời"),
                    ("WRITTEN_OFF", "Xử lý chênh lệch theo quyết định"),
                ],
                db_default="",
                max_length=13,
            ),
        ),
        migrations.AlterField(
            model_name="discrepancy",
            name="kind",
            field=models.CharField(
                choices=[
                    ("MISSING_ON_STATEMENT", "Thiếu trên sao kê"),
                    ("UNEXPECTED_LINE", "Dòng lạ"),
                    ("AMOUNT_DIFFERS", "Lệch số tiền"),
                    ("DUPLICATE_DEBIT", "Ghi Nợ hai lần"),
                    ("LATE", "Đến muộn"),
                    ("RETURN_UNEXPLAINED", "Hoàn trả chưa rõ"),
                    ("BALANCE_GAP", "Lệch số dư"),
                    ("BANK_CONTRADICTS", "Ngân hàng báo khác trạng thái đã ghi"),
                    ("NOT_ON_LIST", "Tổ chức chi trả báo người không có trong danh sách"),
                    ("PROVIDER_AMOUNT", "Tổ chức chi trả báo số tiền khác danh sách"),
                    ("PROVIDER_CONTRADICTS", "Tổ chức chi trả báo khác lần trước"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="discrepancystep",
            name="ground",
            field=models.CharField(
                blank=True,
                choices=[
                    ("FOUND_LATER", "Số liệu nhận sau đã giải thích"),
                    ("LINKED", "Kế toán nối với khoản chi"),
                    ("BOOKED", "Đã ghi bút toán phí, lãi"),
                    ("BANK_ANSWERED", "Ngân hàng, tổ chức chi trả đã trả lời"),
                    ("WRITTEN_OFF", "Xử lý chênh lệch theo quyết định"),
                ],
                max_length=13,
            ),
        ),
        migrations.AddConstraint(
            model_name="discrepancy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["NOT_ON_LIST", "PROVIDER_AMOUNT", "PROVIDER_CONTRADICTS"]),
                        ("result_line__isnull", False),
                        ("statement__isnull", True),
                    ),
                    models.Q(
                        models.Q(
                            ("kind__in", ["NOT_ON_LIST", "PROVIDER_AMOUNT", "PROVIDER_CONTRADICTS"]), _negated=True
                        ),
                        ("funding_account__isnull", True),
                        ("result_line__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="discrepancy_of_a_provider_names_its_word_and_account",
            ),
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
