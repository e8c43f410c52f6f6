"""What was heard at the door in the drive for accounts, and what files of offices were called: told, never edited."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from staff.migrations._statements import append_only, make


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0015_signers_supplied_afterwards"),
        ("staff", "0007_units_stay_where_they_are"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="receivedfile",
            name="kind",
            field=models.CharField(
                choices=[
                    ("REGISTRY", "Danh sách đối tượng"),
                    ("ACCOUNTS", "Danh sách tài khoản"),
                    ("VNEID", "Danh sách tài khoản trên VNeID"),
                    ("OPENINGS", "Kết quả mở tài khoản"),
                    ("DECISIONS", "Danh sách quyết định"),
                    ("UNCLAIMED", "Tiền chưa nhận kỳ trước"),
                    ("REVIEWS", "Kết quả rà soát"),
                    ("VERDICTS", "Kết quả xác minh từng người"),
                    ("LIFE_EVENTS", "Sự kiện hộ tịch"),
                    ("INSURANCE", "Người hưởng lương hưu, trợ cấp bảo hiểm"),
                    ("GIFTS", "Danh sách nhận quà, trợ cấp một lần"),
                    ("VISITS", "Kết quả đi từng nhà"),
                    ("CASH_RESULT", "Kết quả chi tiền mặt"),
                ],
                max_length=11,
            ),
        ),
        migrations.CreateModel(
            name="HomeVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("visited_on", models.DateField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("AGREES", "Đồng ý mở"),
                            ("HAS", "Đã có tài khoản"),
                            ("CASH", "Nhận tiền mặt"),
                            ("REFUSES", "Từ chối"),
                            ("NOT_HOME", "Không gặp"),
                            ("MOVED", "Đã chuyển đi"),
                            ("DIED", "Đã mất"),
                        ],
                        max_length=8,
                    ),
                ),
                ("bank_bin", models.CharField(blank=True, default="", max_length=6)),
                ("said", models.CharField(blank=True, default="", max_length=300)),
                ("recorded_at", models.DateTimeField()),
                (
                    "beneficiary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="home_visits",
                        to="beneficiaries.beneficiary",
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
                    models.UniqueConstraint(
                        fields=("beneficiary", "visited_on", "outcome", "bank_bin", "said"), name="visit_told_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome__in", ["AGREES", "HAS"]), _negated=True),
                            models.Q(("bank_bin", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="visit_names_the_bank_that_is_wished",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "REFUSES"), _negated=True),
                            models.Q(("said", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="who_refuses_an_account_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SentFileName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField()),
                ("sealed", models.BinaryField()),
                ("sent_at", models.DateTimeField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.administrativeunit"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["digest", "unit"], name="name_of_sent_bytes")],
            },
        ),
        make(append_only("beneficiaries_homevisit", "beneficiaries_sentfilename")),
    ]
