"""Phiếu tra soát is a paper that goes out, and is known again like the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reconciliation", "0013_what_went_out_is_marked"),
    ]

    operations = [
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
                ],
                max_length=12,
            ),
        ),
    ]
