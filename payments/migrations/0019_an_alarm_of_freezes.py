"""An alarm of what is frozen: nobody forgets a freeze."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0018_answered_once_by_an_index")]
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
                    ("FROZEN", "Đang tạm ngừng chi"),
                    ("NOT_SENDING", "Khoản đã duyệt chi chờ gửi, không máy nào gửi"),
                    ("BANK_SILENT", "Ngân hàng nhận không trả lời, tạm ngừng gửi"),
                    ("MATCHING_LATE", "Đối khớp không chạy hoặc chạy không xong"),
                    ("RING_UNFOLLOWED", "Ngân hàng báo tin về lệnh không tra được"),
                    ("LEDGER_NEGATIVE", "Số dư sổ kế toán âm, mời đối chiếu"),
                    ("CLOCK_SILENT", "Đồng hồ hệ thống không chạy"),
                ],
                max_length=20,
            ),
        ),
    ]
