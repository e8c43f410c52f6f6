"""A report of the bank that could not be applied is an alarm, until a person says what the bank answered; what was said is not said otherwise later."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE OR REPLACE TRIGGER report_guard BEFORE UPDATE ON payments_bankreport FOR EACH ROW
    WHEN ((OLD.id, OLD.funding_account_id, OLD.sequence, OLD.kind, OLD.received_at) IS DISTINCT FROM
          (NEW.id, NEW.funding_account_id, NEW.sequence, NEW.kind, NEW.received_at) OR (OLD.handled_at IS NOT NULL AND NEW.handled_at IS NULL)
          OR (OLD.problem <> '' AND OLD.problem IS DISTINCT FROM NEW.problem)
          OR (OLD.closed_by_id IS NOT NULL AND (OLD.closed_by_id, OLD.note) IS DISTINCT FROM (NEW.closed_by_id, NEW.note)))
    EXECUTE FUNCTION payments_report_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0024_books_know_where_they_lie"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="bankreport",
            name="closed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="bankreport",
            name="note",
            field=models.CharField(
                db_default="", help_text="what the bank answered about one that was wrong", max_length=300
            ),
        ),
        migrations.AlterField(
            model_name="alarm",
            name="kind",
            field=models.CharField(
                choices=[
                    ("PROCESSING_LONG", "Ngân hàng xử lý quá lâu"),
                    ("OUTCOME_UNKNOWN", "Chưa rõ kết quả, chờ người tra soát"),
                    ("HELD", "Ngân hàng không nhận lệnh, chờ người xử lý"),
                    ("WAITS_FOR_SIGNATURE", "Danh sách chờ ký quá hạn"),
                    ("NO_STATEMENT", "Chưa có sao kê"),
                    ("REPORT_OVERDUE", "Báo cáo quá hạn ký"),
                    ("FROZEN", "Đang tạm ngừng chi"),
                    ("NOT_SENDING", "Khoản đã duyệt chi chờ gửi, không máy nào gửi"),
                    ("BOOKS_NOT_READ", "Sổ khôi phục từ bản sao, chưa đối chiếu với ngân hàng: không gửi tiền"),
                    ("BANK_SILENT", "Ngân hàng nhận không trả lời, tạm ngừng gửi"),
                    ("MATCHING_LATE", "Đối khớp không chạy hoặc chạy không xong"),
                    ("RING_UNFOLLOWED", "Ngân hàng báo tin về lệnh không tra được"),
                    ("BANK_REPORT_WRONG", "Báo cáo của ngân hàng sai, chưa áp dụng gì"),
                    ("LEDGER_NEGATIVE", "Số dư sổ kế toán âm, mời đối chiếu"),
                    ("CLOCK_SILENT", "Đồng hồ hệ thống không chạy"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="bankreport",
            index=models.Index(
                condition=models.Q(models.Q(("problem", ""), _negated=True), ("closed_by__isnull", True)),
                fields=["id"],
                name="report_wrong_and_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_by__isnull", True), ("note", "")),
                    models.Q(
                        ("closed_by__isnull", False),
                        models.Q(("note", ""), _negated=True),
                        models.Q(("problem", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="wrong_report_closed_by_a_person_who_says_why",
            ),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
