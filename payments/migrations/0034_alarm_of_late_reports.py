"""Alarms of reports that are overdue."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0033_recovery_receipts"),
    ]

    operations = [
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
                    ("BANK_SILENT", "Ngân hàng nhận không trả lời, tạm ngừng gửi"),
                    ("LEDGER_NEGATIVE", "Số dư sổ kế toán âm, mời đối chiếu"),
                    ("CLOCK_SILENT", "Đồng hồ hệ thống không chạy"),
                ],
                max_length=20,
            ),
        ),
    ]
