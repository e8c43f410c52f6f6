"""Lists printed, files with reasons, orders, signed reports, histories and answers are readings too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0014_checks_by_people"),
    ]

    operations = [
        migrations.AlterField(
            model_name="paperreading",
            name="kind",
            field=models.CharField(
                choices=[
                    ("DECISION", "Quyết định"),
                    ("SLIP", "Phiếu đăng ký hình thức nhận"),
                    ("PAYEE", "Giấy tờ của người nhận thay"),
                    ("LIST", "Bản đã ký của danh sách"),
                    ("LETTER", "Văn bản trả lời của ngân hàng"),
                    ("LEVEL", "Văn bản quy định mức hưởng"),
                    ("PRINTED", "Danh sách in để ký"),
                    ("OFFICE", "Tệp đã gửi, kèm lý do"),
                    ("UPLOAD", "Danh sách gốc đã gửi, kèm lý do"),
                    ("ORDER", "Danh sách tháng, hồ sơ chi trả đã lập"),
                    ("REPORT", "Bản đã ký của báo cáo"),
                    ("HISTORY", "Nhật ký của một bản ghi"),
                    ("ANSWER", "Trả lời câu hỏi thanh tra"),
                ],
                max_length=8,
            ),
        ),
    ]
