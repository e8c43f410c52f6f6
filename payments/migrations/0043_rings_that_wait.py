"""A ring the bank tells nothing of is asked about ever more rarely, is an alarm, and may be closed by a person who says why."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0042_found_arrived"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="bankevent",
            name="ask_again_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="bankevent",
            name="closed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="bankevent",
            name="note",
            field=models.CharField(db_default="", help_text="why a person closed it", max_length=300),
        ),
        migrations.AddField(
            model_name="bankevent",
            name="tries",
            field=models.PositiveSmallIntegerField(
                db_default=0, help_text="how often the bank told nothing of its order"
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
                    ("BANK_SILENT", "Ngân hàng nhận không trả lời, tạm ngừng gửi"),
                    ("RING_UNFOLLOWED", "Ngân hàng báo tin về lệnh không tra được"),
                    ("LEDGER_NEGATIVE", "Số dư sổ kế toán âm, mời đối chiếu"),
                    ("CLOCK_SILENT", "Đồng hồ hệ thống không chạy"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="bankevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_by__isnull", True), ("note", "")),
                    models.Q(
                        ("closed_by__isnull", False),
                        ("handled_at__isnull", False),
                        models.Q(("note", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="ring_closed_by_a_person_who_says_why",
            ),
        ),
    ]
