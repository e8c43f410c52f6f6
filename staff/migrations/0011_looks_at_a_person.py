"""Whoever opens the page of a person is noted, so that the person can be told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0010_a_new_password_is_noted")]
    operations = [
        migrations.AlterField(
            model_name="paperreading",
            name="kind",
            field=models.CharField(
                choices=[
                    ("DECISION", "Quyết định"),
                    ("SLIP", "Phiếu đăng ký hình thức nhận"),
                    ("PAYEE", "Giấy tờ của người nhận thay"),
                    ("RECORD", "Giấy tờ kèm đề nghị sửa hồ sơ"),
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
                    ("PERSON", "Trang của một người"),
                    ("HELD", "Bản trả lời về dữ liệu cá nhân"),
                ],
                max_length=8,
            ),
        )
    ]
