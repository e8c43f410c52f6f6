"""What is owed, who signed it, what the bank said: entitlements, lists, signatures, payments, files, providers, the journal."""

import datetime

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from staff.migrations._together import Together


class Migration(migrations.Migration):
    initial = True
    # The first and the last of them stand here, so that every database that has some but not all is told apart (ADR 54).
    replaces = [
        ("payments", "0001_initial"),
        ("payments", "0002_relations"),
        ("payments", "0004_life_events"),
        ("payments", "0005_life_guards"),
        ("payments", "0006_notices"),
        ("payments", "0007_notice_guards"),
        ("payments", "0008_longer_reasons"),
        ("payments", "0009_reasons_of_all"),
        ("payments", "0010_guards_read_public_tables"),
        ("payments", "0011_owing"),
        ("payments", "0014_signatures"),
        ("payments", "0016_fund_transfers"),
        ("payments", "0017_reissue"),
        ("payments", "0018_reissue_guards"),
        ("payments", "0019_lanes_and_alarms"),
        ("payments", "0020_open_work"),
        ("payments", "0021_payment_files"),
        ("payments", "0023_providers"),
        ("payments", "0024_sending_history"),
        ("payments", "0025_ready_by_list"),
        ("payments", "0027_end_of_enquiry"),
        ("payments", "0029_orders"),
        ("payments", "0030_reasons_of_files"),
        ("payments", "0031_rings_and_findings"),
        ("payments", "0032_setting_changes"),
        ("payments", "0033_recovery_receipts"),
        ("payments", "0034_alarm_of_late_reports"),
        ("payments", "0035_fewer_indexes"),
        ("payments", "0036_money_keeps_its_trail"),
        ("payments", "0037_succession_guard_of_many"),
        ("payments", "0038_shown_debited"),
        ("payments", "0039_budget_estimates"),
        ("payments", "0040_history_of_sums_and_stops"),
        ("payments", "0041_lost_accounts"),
        ("payments", "0042_found_arrived"),
        ("payments", "0043_rings_that_wait"),
        ("payments", "0044_money_put_in_stays"),
        ("payments", "0045_found_wrong"),
        ("payments", "0046_ordered_as_seen"),
        ("payments", "0047_budget_codes"),
        ("payments", "0048_cause_comes_with_its_move"),
    ]

    dependencies = [
        ("beneficiaries", "0001_models"),
        ("staff", "0001_models"),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="Alarm",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("PROCESSING_LONG", "Ngân hàng xử lý quá lâu"),
                                    ("OUTCOME_UNKNOWN", "Chưa rõ kết quả, chờ người tra soát"),
                                    ("HELD", "Ngân hàng không nhận lệnh, chờ người xử lý"),
                                    ("WAITS_FOR_SIGNATURE", "Danh sách chờ ký quá hạn"),
                                    ("NO_STATEMENT", "Chưa có sao kê"),
                                    ("REPORT_OVERDUE", "Báo cáo quá hạn ký"),
                                    ("NOT_SENDING", "Khoản đã duyệt chi chờ gửi, không máy nào gửi"),
                                    ("BANK_SILENT", "Ngân hàng nhận không trả lời, tạm ngừng gửi"),
                                    ("RING_UNFOLLOWED", "Ngân hàng báo tin về lệnh không tra được"),
                                    ("LEDGER_NEGATIVE", "Số dư sổ kế toán âm, mời đối chiếu"),
                                    ("CLOCK_SILENT", "Đồng hồ hệ thống không chạy"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("subject", models.CharField(max_length=60)),
                        ("count", models.PositiveIntegerField(help_text="payments, lists or days, as the kind has it")),
                        ("since", models.DateTimeField()),
                        ("raised_at", models.DateTimeField()),
                        ("cleared_at", models.DateTimeField(null=True)),
                        (
                            "unit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.administrativeunit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("cleared_at__isnull", True)),
                                fields=("kind", "subject"),
                                name="alarm_raised_once_per_subject",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Heartbeat",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=30, unique=True)),
                        ("at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Cycle",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField(unique=True)),
                        ("listed_on", models.DateField()),
                        ("pay_on", models.DateField()),
                        ("built_at", models.DateTimeField()),
                        (
                            "opening",
                            models.BooleanField(
                                default=False,
                                help_text="months before the first list: only balances taken over stand in it",
                            ),
                        ),
                        (
                            "budget_year",
                            models.PositiveSmallIntegerField(
                                help_text="niên độ ngân sách when it was asked; else the month's own year", null=True
                            ),
                        ),
                        ("closed_at", models.DateTimeField(null=True)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="cycle_month_is_a_first_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="cycle_closed_by_and_at_together",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FundingAccount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30, unique=True)),
                        (
                            "bank_account_id",
                            models.CharField(
                                help_text="the bank's id of the financial account", max_length=60, unique=True
                            ),
                        ),
                        (
                            "paying_unit",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="funding_account",
                                to="staff.administrativeunit",
                            ),
                        ),
                        (
                            "sends_by",
                            models.CharField(
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
                        (
                            "closed_at",
                            models.DateTimeField(help_text="nothing is released from it any more", null=True),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PaymentBatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("budget_source", models.CharField(max_length=60)),
                        (
                            "channel",
                            models.CharField(choices=[("ACCOUNT", "Chuyển khoản"), ("CASH", "Tiền mặt")], max_length=7),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("DRAFT", "Đang lập"),
                                    ("SUBMITTED", "Đã trình, chờ kiểm soát"),
                                    ("APPROVED", "Đã kiểm soát, chờ duyệt chi"),
                                    ("RELEASED", "Đã duyệt chi"),
                                    ("CLOSED", "Đã khóa"),
                                    ("CANCELLED", "Đã hủy"),
                                ],
                                default="DRAFT",
                                max_length=9,
                            ),
                        ),
                        ("revision", models.PositiveSmallIntegerField(default=1)),
                        ("paused", models.BooleanField(default=False)),
                        (
                            "token",
                            models.CharField(
                                help_text="random; first part of the end-to-end ids of its payments",
                                max_length=8,
                                unique=True,
                            ),
                        ),
                        ("return_note", models.CharField(blank=True, max_length=300)),
                        ("status_at", models.DateTimeField()),
                        (
                            "cycle",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="payments.cycle"
                            ),
                        ),
                        (
                            "funding_account",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches",
                                to="payments.fundingaccount",
                            ),
                        ),
                        (
                            "paying_unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches",
                                to="staff.administrativeunit",
                            ),
                        ),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches",
                                to="beneficiaries.programme",
                            ),
                        ),
                        ("sequence", models.PositiveSmallIntegerField(db_default=0)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "CANCELLED"), _negated=True),
                                fields=("cycle", "paying_unit", "programme", "budget_source", "channel", "sequence"),
                                name="list_once_per_cycle_unit_programme_source_and_channel",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("channel", "CASH"), ("funding_account__isnull", False), _connector="OR"
                                ),
                                name="account_list_has_a_funding_account",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Signature",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("revision", models.PositiveSmallIntegerField()),
                        (
                            "step",
                            models.CharField(
                                choices=[
                                    ("MAKER", "Người lập"),
                                    ("REVIEWER", "Lãnh đạo bộ phận chuyên môn"),
                                    ("CHECKER", "Kế toán trưởng"),
                                    ("COSIGNER", "Người ký bổ sung"),
                                    ("RELEASER", "Chủ tài khoản"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("digest", models.CharField(max_length=64)),
                        ("signed_at", models.DateTimeField()),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to="payments.paymentbatch",
                            ),
                        ),
                        (
                            "signer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "delegation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to="staff.delegation",
                            ),
                        ),
                        ("signed_as", models.CharField(blank=True, max_length=140)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("batch", "revision", "signer"), name="signer_once_per_batch_revision"
                            ),
                            models.UniqueConstraint(
                                fields=("batch", "revision", "step"), name="step_once_per_batch_revision"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("event_id", models.CharField(max_length=80)),
                        ("kind", models.CharField(max_length=80)),
                        ("bank_reference", models.CharField(max_length=64)),
                        ("sealed", models.BinaryField()),
                        ("received_at", models.DateTimeField()),
                        ("handled_at", models.DateTimeField(null=True)),
                        (
                            "looked_at",
                            models.DateTimeField(
                                help_text="when it last could not be followed; others come first then", null=True
                            ),
                        ),
                        ("ask_again_at", models.DateTimeField(null=True)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("note", models.CharField(db_default="", help_text="why a person closed it", max_length=300)),
                        (
                            "tries",
                            models.PositiveSmallIntegerField(
                                db_default=0, help_text="how often the bank told nothing of its order"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("handled_at__isnull", True)),
                                fields=["id"],
                                name="event_not_handled",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("event_id",), name="event_is_kept_once"),
                            models.CheckConstraint(
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
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BudgetCode",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("budget_source", models.CharField(max_length=60)),
                        ("year", models.PositiveSmallIntegerField(help_text="niên độ ngân sách")),
                        (
                            "chapter",
                            models.CharField(
                                help_text="chương",
                                max_length=3,
                                validators=[django.core.validators.RegexValidator("^[0-9]{3}$")],
                            ),
                        ),
                        (
                            "section",
                            models.CharField(
                                help_text="loại - khoản",
                                max_length=7,
                                validators=[django.core.validators.RegexValidator("^[0-9]{3}-[0-9]{3}$")],
                            ),
                        ),
                        (
                            "item",
                            models.CharField(
                                help_text="mục - tiểu mục",
                                max_length=9,
                                validators=[django.core.validators.RegexValidator("^[0-9]{4}-[0-9]{4}$")],
                            ),
                        ),
                        (
                            "budget_user",
                            models.CharField(
                                help_text="mã ĐVQHNS",
                                max_length=7,
                                validators=[django.core.validators.RegexValidator("^[0-9]{7}$")],
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.programme",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.administrativeunit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["programme", "budget_source", "year"], name="budget_codes_of_a_programme"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("year__gte", 2000), ("year__lte", 2100)),
                                name="budget_code_year_can_be",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("budget_user__regex", "^[0-9]{7}$"),
                                    ("chapter__regex", "^[0-9]{3}$"),
                                    ("item__regex", "^[0-9]{4}-[0-9]{4}$"),
                                    ("section__regex", "^[0-9]{3}-[0-9]{3}$"),
                                ),
                                name="budget_codes_are_codes",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankLetter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("media_type", models.CharField(max_length=20)),
                        ("sealed", models.BinaryField()),
                        (
                            "content_digest",
                            models.CharField(help_text="SHA-256 of the paper as received", max_length=64, unique=True),
                        ),
                        ("received_at", models.DateTimeField()),
                        (
                            "received_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="BudgetEstimate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("budget_source", models.CharField(max_length=60)),
                        ("year", models.PositiveSmallIntegerField(help_text="niên độ ngân sách")),
                        ("amount", models.BigIntegerField(help_text="đồng; negative: giảm dự toán")),
                        ("document", models.CharField(help_text="number of the decision that gave it", max_length=100)),
                        ("decided_on", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.programme",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.administrativeunit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("unit", "programme", "budget_source", "year", "document"),
                                name="estimate_once_per_decision",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount", 0), _negated=True), name="estimate_is_not_zero"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("year__gte", 2000), ("year__lte", 2100)),
                                name="estimate_year_can_be",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("message_id", models.CharField(max_length=35, unique=True)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("BUILT", "Đã lập tệp"),
                                    ("UPLOADING", "Đang gửi ngân hàng"),
                                    ("RECEIVED", "Ngân hàng đã nhận tệp"),
                                    ("ACCEPTED", "Ngân hàng chấp nhận"),
                                    ("PARTIALLY", "Ngân hàng chấp nhận một phần"),
                                    ("REJECTED", "Ngân hàng từ chối cả tệp"),
                                ],
                                default="BUILT",
                                max_length=9,
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("BUILD", "Lập tệp"),
                                    ("UPLOAD", "Nhận việc gửi"),
                                    ("NOT_TAKEN", "Ngân hàng chắc chắn chưa nhận"),
                                    ("TAKEN", "Ngân hàng đã nhận"),
                                    ("REFUSED", "Ngân hàng không nhận tệp"),
                                    ("BANK_ACCEPTED", "Ngân hàng báo chấp nhận"),
                                    ("BANK_PARTLY", "Ngân hàng báo chấp nhận một phần"),
                                    ("BANK_REJECTED", "Ngân hàng báo từ chối"),
                                ],
                                default="BUILD",
                                max_length=13,
                            ),
                        ),
                        ("status_at", models.DateTimeField()),
                        ("count", models.PositiveIntegerField()),
                        ("total", models.BigIntegerField(help_text="đồng")),
                        ("first_ordinal", models.IntegerField()),
                        ("last_ordinal", models.IntegerField()),
                        (
                            "digest",
                            models.BinaryField(help_text="SHA-256 of the file as it goes to the bank", max_length=32),
                        ),
                        ("sealed", models.BinaryField(help_text="the file, compressed and encrypted")),
                        ("built_at", models.DateTimeField()),
                        ("used_at", models.DateTimeField(null=True)),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("lease_by", models.CharField(blank=True, max_length=40)),
                        (
                            "reason",
                            models.CharField(
                                blank=True, help_text="the bank's reason for refusing the whole file", max_length=60
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="files",
                                to="payments.paymentbatch",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ["BUILT", "UPLOADING"])),
                                fields=["id"],
                                name="payment_file_open",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("count__gt", 0), ("last_ordinal__gte", models.F("first_ordinal")), ("total__gt", 0)
                                ),
                                name="payment_file_has_orders",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Payment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("ordinal", models.IntegerField()),
                        ("payee_name", models.CharField(max_length=100)),
                        ("amount", models.BigIntegerField(help_text="đồng")),
                        ("end_to_end_id", models.CharField(max_length=30)),
                        ("attempt", models.PositiveSmallIntegerField(default=1)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("DRAFT", "Đang lập"),
                                    ("READY", "Chờ chuyển"),
                                    ("SENT", "Đã gửi ngân hàng"),
                                    ("PROCESSING", "Ngân hàng đang xử lý"),
                                    ("POSTED", "Đã ghi có"),
                                    ("FAILED", "Không chuyển được"),
                                    ("RETURNED", "Ngân hàng hoàn trả"),
                                    ("CANCELLED", "Đã hủy"),
                                ],
                                default="DRAFT",
                                max_length=10,
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("BUILD", "Lập danh sách"),
                                    ("RELEASE", "Duyệt chi"),
                                    ("STOP", "Rút tên, dừng chi"),
                                    ("CLAIM", "Nhận việc gửi"),
                                    ("NOT_TAKEN", "Ngân hàng chắc chắn chưa nhận"),
                                    ("ACCEPTED", "Ngân hàng đã nhận"),
                                    ("BANK_POSTED", "Ngân hàng báo đã ghi có"),
                                    ("BANK_FAILED", "Ngân hàng báo không chuyển được"),
                                    ("BANK_CANCELLED", "Ngân hàng báo đã hủy"),
                                    ("BANK_RETURNED", "Ngân hàng báo hoàn trả"),
                                    ("NEVER_HAD", "Ngân hàng xác nhận bằng văn bản không có lệnh"),
                                    ("FOUND_ARRIVED", "Kết luận theo văn bản: tiền đã đến"),
                                    ("FOUND_WRONG", "Rút kết luận theo văn bản: tiền không đến"),
                                    ("HANDED_OVER", "Giao danh sách tiền mặt"),
                                    ("COLLECTED", "Người hưởng đã ký nhận"),
                                    ("NOT_COLLECTED", "Người hưởng chưa đến nhận"),
                                ],
                                default="BUILD",
                                max_length=14,
                            ),
                        ),
                        ("status_at", models.DateTimeField()),
                        (
                            "first_used_at",
                            models.DateTimeField(help_text="first use of the current idempotency key", null=True),
                        ),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("lease_by", models.CharField(blank=True, max_length=40)),
                        (
                            "inconclusive_at",
                            models.DateTimeField(
                                help_text="a replay under the same key gave no answer either", null=True
                            ),
                        ),
                        (
                            "hold_code",
                            models.CharField(
                                blank=True,
                                help_text="the bank refused the request itself; a person must look",
                                max_length=60,
                            ),
                        ),
                        ("bank_reference", models.CharField(blank=True, max_length=64)),
                        ("bank_created_at", models.DateTimeField(null=True)),
                        ("return_code", models.CharField(blank=True, max_length=40)),
                        ("credited_on", models.DateField(null=True)),
                        ("returned_on", models.DateField(null=True)),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        (
                            "bank_account",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="beneficiaries.bankaccount",
                            ),
                        ),
                        (
                            "beneficiary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="payments.paymentbatch",
                            ),
                        ),
                        (
                            "reissues",
                            models.ForeignKey(
                                db_index=False,
                                help_text="the payment that left nothing",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reissued_by",
                                to="payments.payment",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                db_index=False,
                                help_text="the one file that carries it, on the present attempt",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="payments.paymentfile",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("bank_reference", ""), _negated=True),
                                fields=["bank_reference"],
                                name="payment_bank_reference",
                            ),
                            models.Index(
                                condition=models.Q(("status", "READY")),
                                fields=["batch", "id"],
                                name="payment_of_list_to_send",
                            ),
                            models.Index(
                                condition=models.Q(("lease_until__isnull", False), ("status", "SENT")),
                                fields=["id"],
                                name="payment_offered",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="payment_amount_is_positive"
                            ),
                            models.UniqueConstraint(fields=("batch", "ordinal"), name="payment_ordinal_once_per_batch"),
                            models.UniqueConstraint(
                                fields=("end_to_end_id",), name="payment_has_its_own_end_to_end_id"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("reissues__isnull", False)),
                                fields=("reissues",),
                                name="payment_is_reissued_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Entitlement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "month",
                            models.DateField(
                                help_text="the month it is for; before the cycle's month for arrears and carried-over months"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("REGULAR", "Hằng tháng"), ("ONE_OFF", "Một lần"), ("FUNERAL", "Mai táng")],
                                default="REGULAR",
                                max_length=8,
                            ),
                        ),
                        (
                            "standard_amount",
                            models.BigIntegerField(help_text="đồng per month, as known when the list was made"),
                        ),
                        ("coefficient", models.DecimalField(decimal_places=2, max_digits=5)),
                        ("amount", models.BigIntegerField(help_text="đồng")),
                        (
                            "channel",
                            models.CharField(
                                blank=True, choices=[("ACCOUNT", "Chuyển khoản"), ("CASH", "Tiền mặt")], max_length=7
                            ),
                        ),
                        (
                            "cash_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("NO_ACCOUNT", "Chưa đăng ký tài khoản"),
                                    ("NAME_MISMATCH", "Tên chủ tài khoản không khớp"),
                                    ("NAME_CHANGED", "Đã đổi họ tên, chờ xác nhận tên chủ tài khoản"),
                                    ("INVALID_ACCOUNT", "Số tài khoản sai hoặc không tồn tại"),
                                    ("ACCOUNT_CLOSED", "Tài khoản đã đóng"),
                                    ("ACCOUNT_BLOCKED", "Tài khoản tạm khóa, phong tỏa"),
                                    ("RETURNED", "Ngân hàng hoàn trả"),
                                    ("DECLINED", "Ngân hàng từ chối"),
                                    ("ACCOUNT_PENDING", "Chờ ngân hàng xác nhận tài khoản"),
                                    ("ACCOUNT_CHANGE_WAITING", "Mới đổi tài khoản, đang trong thời gian chờ"),
                                    ("AUTHORISATION_INVALID", "Giấy ủy quyền thiếu hoặc hết hạn"),
                                    ("CASH_CHOSEN", "Đề nghị nhận tiền mặt"),
                                    ("IDENTITY_CHECK", "Chờ xác minh thông tin"),
                                    ("DUPLICATE", "Nghi trùng: đang hưởng nơi khác hoặc chế độ khác"),
                                    ("DECEASED", "Người hưởng đã mất"),
                                    ("DEATH_NOTICE", "Chờ xác minh tin báo tử"),
                                    ("NO_DECISION", "Chưa có quyết định hưởng"),
                                    ("MOVED", "Chuyển nơi cư trú, chờ nơi mới"),
                                    ("CASH_NOT_COLLECTED", "Chưa đến nhận tiền mặt"),
                                    ("UNKNOWN", "Chờ tra soát"),
                                ],
                                help_text="why not through an account",
                                max_length=24,
                            ),
                        ),
                        (
                            "not_payable_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("NO_ACCOUNT", "Chưa đăng ký tài khoản"),
                                    ("NAME_MISMATCH", "Tên chủ tài khoản không khớp"),
                                    ("NAME_CHANGED", "Đã đổi họ tên, chờ xác nhận tên chủ tài khoản"),
                                    ("INVALID_ACCOUNT", "Số tài khoản sai hoặc không tồn tại"),
                                    ("ACCOUNT_CLOSED", "Tài khoản đã đóng"),
                                    ("ACCOUNT_BLOCKED", "Tài khoản tạm khóa, phong tỏa"),
                                    ("RETURNED", "Ngân hàng hoàn trả"),
                                    ("DECLINED", "Ngân hàng từ chối"),
                                    ("ACCOUNT_PENDING", "Chờ ngân hàng xác nhận tài khoản"),
                                    ("ACCOUNT_CHANGE_WAITING", "Mới đổi tài khoản, đang trong thời gian chờ"),
                                    ("AUTHORISATION_INVALID", "Giấy ủy quyền thiếu hoặc hết hạn"),
                                    ("CASH_CHOSEN", "Đề nghị nhận tiền mặt"),
                                    ("IDENTITY_CHECK", "Chờ xác minh thông tin"),
                                    ("DUPLICATE", "Nghi trùng: đang hưởng nơi khác hoặc chế độ khác"),
                                    ("DECEASED", "Người hưởng đã mất"),
                                    ("DEATH_NOTICE", "Chờ xác minh tin báo tử"),
                                    ("NO_DECISION", "Chưa có quyết định hưởng"),
                                    ("MOVED", "Chuyển nơi cư trú, chờ nơi mới"),
                                    ("CASH_NOT_COLLECTED", "Chưa đến nhận tiền mặt"),
                                    ("UNKNOWN", "Chờ tra soát"),
                                ],
                                max_length=24,
                            ),
                        ),
                        (
                            "corrects",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="payments.entitlement",
                            ),
                        ),
                        (
                            "cycle",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entitlements",
                                to="payments.cycle",
                            ),
                        ),
                        (
                            "enrolment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entitlements",
                                to="beneficiaries.enrolment",
                            ),
                        ),
                        (
                            "programme",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.programme",
                            ),
                        ),
                        (
                            "payment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entitlements",
                                to="payments.payment",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                db_index=False,
                                help_text="what makes an earlier month owed now",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.decision",
                            ),
                        ),
                        (
                            "withdrawn_in",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="payments.cycle",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("corrects__isnull", False)),
                                fields=["corrects"],
                                name="entitlement_corrects",
                            ),
                            models.Index(
                                condition=models.Q(("decision__isnull", False)),
                                fields=["decision"],
                                name="entitlement_by_decision",
                            ),
                            models.Index(
                                condition=models.Q(("withdrawn_in__isnull", False)),
                                fields=["withdrawn_in"],
                                name="entitlement_withdrawn",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("enrolment", "month", "kind", "corrects"),
                                name="entitlement_once_per_enrolment_month_and_kind",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="entitlement_amount_is_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("channel__in", ["ACCOUNT", "CASH"]), ("not_payable_reason", "")),
                                    models.Q(
                                        models.Q(("not_payable_reason", ""), _negated=True),
                                        ("channel", ""),
                                        ("payment__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="entitlement_is_payable_or_has_one_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("channel", "CASH"), _negated=True),
                                    models.Q(("cash_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="entitlement_in_cash_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="entitlement_month_is_a_first_day"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EntitlementPart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("component", models.CharField(choices=[("TOP_UP", "Mức hỗ trợ thêm của tỉnh")], max_length=8)),
                        ("budget_source", models.CharField(max_length=60)),
                        ("amount", models.BigIntegerField(help_text="đồng")),
                        (
                            "entitlement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="payments.entitlement",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entitlement", "component"), name="part_once_per_entitlement"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount", 0), _negated=True), name="part_is_not_zero"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Deduction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount", models.BigIntegerField(help_text="đồng")),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deductions",
                                to="beneficiaries.decision",
                            ),
                        ),
                        (
                            "payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deductions",
                                to="payments.payment",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("decision", "payment"), name="deduction_once_per_decision_and_payment"
                            ),
                            models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="deduction_is_positive"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Enquiry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("attempt", models.PositiveSmallIntegerField()),
                        ("taken_at", models.DateTimeField()),
                        (
                            "outcome",
                            models.CharField(
                                blank=True, choices=[("ABSENT", "Ngân hàng xác nhận không có lệnh này")], max_length=10
                            ),
                        ),
                        (
                            "document",
                            models.CharField(
                                blank=True, help_text="the bank's letter: number and date", max_length=100
                            ),
                        ),
                        ("asked_at", models.DateTimeField(null=True)),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="enquiries",
                                to="payments.payment",
                            ),
                        ),
                        ("answered_at", models.DateTimeField(help_text="when the letter was put on file", null=True)),
                        (
                            "decided_role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("COMMUNE_OFFICER", "Công chức xã"),
                                    ("MAKER", "Người lập"),
                                    ("CHECKER", "Kế toán trưởng"),
                                    ("RELEASER", "Chủ tài khoản"),
                                    ("LEADER", "Lãnh đạo"),
                                    ("AUDITOR", "Thanh tra, kiểm toán"),
                                    ("REVIEWER", "Lãnh đạo bộ phận chuyên môn"),
                                    ("COSIGNER", "Người ký bổ sung"),
                                    ("CIVIL_REGISTRY", "Hệ thống hộ tịch"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "owner_role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("COMMUNE_OFFICER", "Công chức xã"),
                                    ("MAKER", "Người lập"),
                                    ("CHECKER", "Kế toán trưởng"),
                                    ("RELEASER", "Chủ tài khoản"),
                                    ("LEADER", "Lãnh đạo"),
                                    ("AUDITOR", "Thanh tra, kiểm toán"),
                                    ("REVIEWER", "Lãnh đạo bộ phận chuyên môn"),
                                    ("COSIGNER", "Người ký bổ sung"),
                                    ("CIVIL_REGISTRY", "Hệ thống hộ tịch"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "letter",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="enquiries",
                                to="payments.bankletter",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("payment", "attempt"), name="enquiry_once_per_payment_and_attempt"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at__isnull", True), ("document", ""), ("letter__isnull", True)),
                                    models.Q(
                                        ("answered_at__isnull", False),
                                        ("letter__isnull", False),
                                        models.Q(("document", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="enquiry_answered_by_a_letter",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at__isnull", True),
                                        ("decided_by__isnull", True),
                                        ("decided_role", ""),
                                        ("outcome", ""),
                                    ),
                                    models.Q(
                                        models.Q(("outcome", ""), _negated=True),
                                        models.Q(("decided_role", ""), _negated=True),
                                        ("asked_at__gte", models.F("answered_at")),
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                        ("letter__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="enquiry_decided_with_the_banks_answer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by__isnull", True),
                                    models.Q(("decided_by", models.F("owner")), _negated=True),
                                    _connector="OR",
                                ),
                                name="enquiry_decided_by_a_second_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by__isnull", True),
                                    models.Q(("decided_role", models.F("owner_role")), _negated=True),
                                    _connector="OR",
                                ),
                                name="enquiry_decided_in_another_role",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Succession",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "predecessor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.payment"
                            ),
                        ),
                        (
                            "successor",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="payments.payment",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("successor", "predecessor"), name="succession_once_per_pair"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                                name="nobody_succeeds_himself",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Contradiction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("told_at", models.DateTimeField(help_text="only moves forward")),
                        (
                            "payment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contradiction",
                                to="payments.payment",
                            ),
                        ),
                        (
                            "debited_on",
                            models.DateField(
                                help_text="a statement shows a debit of this day that never came back; kept by triggers",
                                null=True,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Finding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("LEFT_NOTHING", "Tiền không đến người hưởng"),
                                    ("ARRIVED", "Tiền đã đến người hưởng"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("document", models.CharField(help_text="the letter: number and date", max_length=100)),
                        (
                            "found_role",
                            models.CharField(
                                choices=[
                                    ("COMMUNE_OFFICER", "Công chức xã"),
                                    ("MAKER", "Người lập"),
                                    ("CHECKER", "Kế toán trưởng"),
                                    ("RELEASER", "Chủ tài khoản"),
                                    ("LEADER", "Lãnh đạo"),
                                    ("AUDITOR", "Thanh tra, kiểm toán"),
                                    ("REVIEWER", "Lãnh đạo bộ phận chuyên môn"),
                                    ("COSIGNER", "Người ký bổ sung"),
                                    ("CIVIL_REGISTRY", "Hệ thống hộ tịch"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("found_at", models.DateTimeField()),
                        (
                            "confirmed_role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("COMMUNE_OFFICER", "Công chức xã"),
                                    ("MAKER", "Người lập"),
                                    ("CHECKER", "Kế toán trưởng"),
                                    ("RELEASER", "Chủ tài khoản"),
                                    ("LEADER", "Lãnh đạo"),
                                    ("AUDITOR", "Thanh tra, kiểm toán"),
                                    ("REVIEWER", "Lãnh đạo bộ phận chuyên môn"),
                                    ("COSIGNER", "Người ký bổ sung"),
                                    ("CIVIL_REGISTRY", "Hệ thống hộ tịch"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "found_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "letter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="findings",
                                to="payments.bankletter",
                            ),
                        ),
                        (
                            "payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="findings",
                                to="payments.payment",
                            ),
                        ),
                        ("arrived_on", models.DateField(help_text="the day the letter says it arrived", null=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("document", ""), _negated=True), name="finding_names_its_letter"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("arrived_on__isnull", True), ("outcome", "ARRIVED"), _connector="OR"
                                ),
                                name="only_what_arrived_has_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("confirmed_at__isnull", True),
                                        ("confirmed_by__isnull", True),
                                        ("confirmed_role", ""),
                                    ),
                                    models.Q(
                                        ("confirmed_at__isnull", False),
                                        ("confirmed_by__isnull", False),
                                        models.Q(("confirmed_role", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="finding_confirmed_by_and_at_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("confirmed_by__isnull", True),
                                    models.Q(("confirmed_by", models.F("found_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="finding_confirmed_by_a_second_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("confirmed_by__isnull", True),
                                    models.Q(("confirmed_role", models.F("found_role")), _negated=True),
                                    _connector="OR",
                                ),
                                name="finding_confirmed_in_another_role",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("confirmed_at__isnull", True),
                                    ("confirmed_at__gte", models.F("found_at")),
                                    _connector="OR",
                                ),
                                name="finding_confirmed_after_it_was_found",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sequence", models.BigIntegerField()),
                        ("kind", models.CharField(max_length=20)),
                        ("sealed", models.BinaryField()),
                        ("received_at", models.DateTimeField()),
                        ("handled_at", models.DateTimeField(null=True)),
                        ("problem", models.CharField(blank=True, max_length=200)),
                        (
                            "funding_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bank_reports",
                                to="payments.fundingaccount",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("handled_at__isnull", True)),
                                fields=["id"],
                                name="report_not_handled",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("funding_account", "sequence"), name="bank_report_once_per_sequence"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LedgerAccount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
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
                                    ("COUNTER", "Tiền thu hồi nộp tại quầy"),
                                ],
                                max_length=9,
                            ),
                        ),
                        (
                            "funding_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ledger_accounts",
                                to="payments.fundingaccount",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("funding_account", "kind"), name="ledger_account_once_per_kind"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="JournalEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=80, unique=True)),
                        ("description", models.CharField(max_length=200)),
                        ("booked_on", models.DateField()),
                        ("posted_at", models.DateTimeField()),
                        (
                            "batch",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="journal_entries",
                                to="payments.paymentbatch",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Posting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount", models.BigIntegerField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="postings",
                                to="payments.ledgeraccount",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="postings",
                                to="payments.journalentry",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount", 0), _negated=True), name="posting_is_not_zero"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FundTransfer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("FORWARDED", "Chuyển tổ chức dịch vụ chi trả"),
                                    ("GIVEN_BACK", "Tổ chức dịch vụ chi trả trả lại"),
                                    ("TO_BUDGET", "Nộp trả ngân sách"),
                                    ("FEE", "Phí dịch vụ chi trả"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("reference", models.CharField(max_length=35)),
                        ("treasury_number", models.CharField(blank=True, max_length=40)),
                        ("amount", models.BigIntegerField(help_text="đồng, without sign")),
                        ("booked_on", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "batch",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fund_transfers",
                                to="payments.paymentbatch",
                            ),
                        ),
                        (
                            "funding_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fund_transfers",
                                to="payments.fundingaccount",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("funding_account", "reference"), name="fund_transfer_once_per_account"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="fund_transfer_is_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("batch__isnull", True), ("kind", "FEE")),
                                    models.Q(
                                        ("batch__isnull", False), ("kind__in", ["FORWARDED", "GIVEN_BACK", "TO_BUDGET"])
                                    ),
                                    _connector="OR",
                                ),
                                name="fund_transfer_names_its_list",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TopUp",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", models.CharField(max_length=35, unique=True)),
                        ("amount", models.BigIntegerField()),
                        ("booked_on", models.DateField()),
                        (
                            "funding_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="top_ups",
                                to="payments.fundingaccount",
                            ),
                        ),
                        ("document", models.CharField(blank=True, max_length=100)),
                        ("recorded_at", models.DateTimeField(null=True)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="top_up_is_positive")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankLane",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("bank_bin", models.CharField(max_length=11, unique=True)),
                        ("failures", models.PositiveIntegerField(default=0)),
                        ("last_code", models.CharField(blank=True, max_length=60)),
                        ("opened_at", models.DateTimeField(null=True)),
                        ("open_until", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("open_until__isnull", True), ("opened_at__isnull", True)),
                                    models.Q(("open_until__isnull", False), ("opened_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="lane_opened_at_and_until_together",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankHours",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("bank_bin", models.CharField(blank=True, max_length=11)),
                        ("weekday", models.PositiveSmallIntegerField()),
                        ("opens_at", models.TimeField()),
                        ("closes_at", models.TimeField()),
                        (
                            "valid_from",
                            models.DateTimeField(default=datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                        ),
                        ("valid_to", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("bank_bin", "weekday"),
                                name="hours_once_per_bank_and_weekday",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                                name="hours_end_after_they_began",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("weekday__lte", 6)), name="hours_are_of_a_weekday"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("opens_at__lt", models.F("closes_at"))),
                                name="bank_opens_before_it_closes",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankHoliday",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("bank_bin", models.CharField(blank=True, max_length=11)),
                        ("on", models.DateField()),
                        ("name", models.CharField(blank=True, max_length=60)),
                        (
                            "valid_from",
                            models.DateTimeField(default=datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                        ),
                        ("valid_to", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("bank_bin", "on"),
                                name="holiday_once_per_bank",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                                name="holiday_ends_after_it_began",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StopNotice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ground",
                            models.CharField(
                                choices=[
                                    ("DECEASED", "Người hưởng đã mất"),
                                    ("DEATH_NOTICE", "Chờ xác minh tin báo tử"),
                                    ("REQUESTED", "Theo đề nghị của đơn vị chi trả"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("opened_at", models.DateTimeField()),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        (
                            "payment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stop_notice",
                                to="payments.payment",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("document_number", models.CharField(blank=True, db_default="", max_length=60)),
                        ("reason", models.CharField(blank=True, db_default="", max_length=300)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ground", "REQUESTED"), _negated=True),
                                    models.Q(("asked_by__isnull", False), models.Q(("reason", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="stop_notice_asked_for_says_by_whom_and_why",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecoveryProposal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount", models.BigIntegerField(help_text="đồng")),
                        ("deceased_on", models.DateField()),
                        ("opened_at", models.DateTimeField()),
                        (
                            "withdrawn_at",
                            models.DateTimeField(
                                help_text="the death was withdrawn, or the money came back", null=True
                            ),
                        ),
                        (
                            "entitlement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recovery_proposals",
                                to="payments.entitlement",
                            ),
                        ),
                        (
                            "payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recovery_proposals",
                                to="payments.payment",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("entitlement", "payment"),
                                name="recovery_proposed_once_per_entitlement_and_payment",
                            ),
                            models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="recovery_is_positive"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("PAID", "Đã ghi có"),
                                    ("NOT_PAID", "Chưa chuyển được"),
                                    ("CASH_READY", "Mời nhận tiền mặt"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("WAITING", "Chờ gửi"),
                                    ("SENT", "Đã gửi"),
                                    ("DROPPED", "Không gửi nữa"),
                                    ("GIVEN_UP", "Không gửi được"),
                                ],
                                default="WAITING",
                                max_length=8,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        (
                            "not_before",
                            models.DateTimeField(help_text="a lease while somebody sends it, a rest after a failure"),
                        ),
                        ("queued_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(null=True)),
                        (
                            "payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notices",
                                to="payments.payment",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "WAITING")), fields=["not_before"], name="notice_waiting"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("payment", "kind"), name="notice_once_per_payment_and_kind"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("sent_at__isnull", False), ("status", "SENT")),
                                    models.Q(models.Q(("status", "SENT"), _negated=True), ("sent_at__isnull", True)),
                                    _connector="OR",
                                ),
                                name="notice_sent_says_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ListOrder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("WAITING", "Đang chờ hoặc đang làm"),
                                    ("DONE", "Đã xong"),
                                    ("REFUSED", "Không làm được"),
                                ],
                                default="WAITING",
                                max_length=7,
                            ),
                        ),
                        ("ordered_at", models.DateTimeField()),
                        ("started_at", models.DateTimeField(null=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("problem_code", models.CharField(blank=True, max_length=40)),
                        ("problem", models.CharField(blank=True, max_length=600)),
                        (
                            "conflicts",
                            models.JSONField(default=list, help_text="what stands in the way, as the refusal names it"),
                        ),
                        ("month", models.DateField()),
                        ("listed_on", models.DateField()),
                        ("pay_on", models.DateField()),
                        ("months_together", models.PositiveSmallIntegerField(default=1)),
                        ("budget_year", models.PositiveSmallIntegerField(null=True)),
                        (
                            "cycle",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="list_order",
                                to="payments.cycle",
                            ),
                        ),
                        (
                            "ordered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "seen",
                            models.CharField(
                                blank=True,
                                help_text="digest of the dry run it was ordered by; empty: none",
                                max_length=64,
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                condition=models.Q(("stage", "WAITING")), fields=["stage"], name="listorder_waiting"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("finished_at__isnull", True), ("stage", "WAITING")),
                                    models.Q(
                                        models.Q(("stage", "WAITING"), _negated=True), ("finished_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="listorder_is_finished_or_waits",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("stage", "REFUSED"), models.Q(("problem_code", ""), _negated=True)),
                                    models.Q(models.Q(("stage", "REFUSED"), _negated=True), ("problem_code", "")),
                                    _connector="OR",
                                ),
                                name="listorder_says_why_it_was_refused",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("stage", "WAITING")),
                                fields=("month",),
                                name="one_order_of_a_month_waits",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="list_order_is_of_a_month"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("cycle__isnull", False), ("stage", "DONE")),
                                    models.Q(models.Q(("stage", "DONE"), _negated=True), ("cycle__isnull", True)),
                                    _connector="OR",
                                ),
                                name="list_order_is_done_with_its_cycle",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OfficeFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("WAITING", "Đang chờ hoặc đang làm"),
                                    ("DONE", "Đã xong"),
                                    ("REFUSED", "Không làm được"),
                                ],
                                default="WAITING",
                                max_length=7,
                            ),
                        ),
                        ("ordered_at", models.DateTimeField()),
                        ("started_at", models.DateTimeField(null=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("problem_code", models.CharField(blank=True, max_length=40)),
                        ("problem", models.CharField(blank=True, max_length=600)),
                        (
                            "conflicts",
                            models.JSONField(default=list, help_text="what stands in the way, as the refusal names it"),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("ACCOUNTS", "Danh sách tài khoản của ngân hàng"),
                                    ("VNEID", "Danh sách tài khoản trên VNeID"),
                                    ("OPENINGS", "Kết quả mở tài khoản"),
                                    ("DECISIONS", "Danh sách quyết định"),
                                    ("REVIEWS", "Kết quả rà soát"),
                                    ("UNCLAIMED", "Tiền chưa nhận kỳ trước"),
                                    ("INSURANCE", "Người hưởng lương hưu, trợ cấp bảo hiểm"),
                                    ("GIFTS", "Danh sách nhận quà, trợ cấp một lần"),
                                ],
                                max_length=11,
                            ),
                        ),
                        (
                            "bank_bin",
                            models.CharField(
                                blank=True, help_text="whose accounts; empty for other kinds", max_length=11
                            ),
                        ),
                        ("said_on", models.DateField(help_text="the business day what the file says counts from")),
                        ("sealed", models.BinaryField(null=True)),
                        (
                            "file_digest",
                            models.BinaryField(help_text="keyed digest of the bytes: a double click is one file"),
                        ),
                        ("rows", models.IntegerField(default=0)),
                        ("applied", models.IntegerField(default=0)),
                        (
                            "rejected",
                            models.IntegerField(
                                default=0, help_text="rows not taken in; the first of them stand in `problems`"
                            ),
                        ),
                        (
                            "repeated",
                            models.BooleanField(
                                default=False, help_text="the same rows were taken in before; nothing changed"
                            ),
                        ),
                        ("problems", models.JSONField(default=list)),
                        (
                            "ordered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.administrativeunit",
                            ),
                        ),
                        (
                            "sealed_reasons",
                            models.BinaryField(
                                help_text="the list as it was sent, with its column of reasons", null=True
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                condition=models.Q(("stage", "WAITING")), fields=["stage"], name="officefile_waiting"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("finished_at__isnull", True), ("stage", "WAITING")),
                                    models.Q(
                                        models.Q(("stage", "WAITING"), _negated=True), ("finished_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="officefile_is_finished_or_waits",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("stage", "REFUSED"), models.Q(("problem_code", ""), _negated=True)),
                                    models.Q(models.Q(("stage", "REFUSED"), _negated=True), ("problem_code", "")),
                                    _connector="OR",
                                ),
                                name="officefile_says_why_it_was_refused",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("stage", "WAITING")),
                                fields=("unit", "kind", "bank_bin", "said_on", "file_digest"),
                                name="waiting_office_file_once_per_content",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("sealed__isnull", False), ("stage", "WAITING")),
                                    models.Q(models.Q(("stage", "WAITING"), _negated=True), ("sealed__isnull", True)),
                                    _connector="OR",
                                ),
                                name="office_file_is_kept_while_it_waits",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "ACCOUNTS"), models.Q(("bank_bin", ""), _negated=True)),
                                    models.Q(models.Q(("kind", "ACCOUNTS"), _negated=True), ("bank_bin", "")),
                                    _connector="OR",
                                ),
                                name="a_list_of_accounts_names_its_bank",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SignedPaper",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("revision", models.PositiveSmallIntegerField()),
                        ("list_digest", models.CharField(max_length=64)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("SCAN", "Bản giấy đã ký, quét"), ("SIGNED_PDF", "Bản PDF đã ký số")],
                                max_length=10,
                            ),
                        ),
                        ("media_type", models.CharField(max_length=20)),
                        ("sealed", models.BinaryField()),
                        ("content_digest", models.CharField(max_length=64)),
                        ("signatures", models.JSONField(default=list)),
                        ("data_matches", models.BooleanField(null=True)),
                        ("received_at", models.DateTimeField()),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="papers",
                                to="payments.paymentbatch",
                            ),
                        ),
                        (
                            "received_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("batch", "revision", "content_digest"), name="paper_once_per_list"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("data_matches__isnull", True), ("kind", "SCAN")),
                                    models.Q(("data_matches", True), ("kind", "SIGNED_PDF")),
                                    _connector="OR",
                                ),
                                name="only_embedded_data_are_compared",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TreasuryVoucher",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=60)),
                        ("dated_on", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="vouchers",
                                to="payments.paymentbatch",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("number", ""), _negated=True), name="voucher_has_a_number"
                            ),
                            models.UniqueConstraint(
                                fields=("batch", "number", "dated_on"), name="voucher_once_per_list"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Provider",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True)),
                        ("name", models.CharField(max_length=200)),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ProviderTemplate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(choices=[("ACCOUNT", "Chuyển khoản"), ("CASH", "Tiền mặt")], max_length=7),
                        ),
                        ("columns", models.JSONField()),
                        ("headings", models.JSONField(default=dict)),
                        ("words", models.JSONField(default=dict)),
                        ("saved_at", models.DateTimeField()),
                        (
                            "provider",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="templates",
                                to="payments.provider",
                            ),
                        ),
                        (
                            "saved_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["provider", "channel", "-id"], name="template_newest_first")],
                    },
                ),
                migrations.CreateModel(
                    name="PayingPoint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("address", models.CharField(blank=True, max_length=200)),
                        ("opens", models.CharField(blank=True, help_text="ngày, giờ chi trả", max_length=120)),
                        (
                            "hamlets",
                            models.JSONField(default=list, help_text="thôn, tổ dân phố; empty for the whole commune"),
                        ),
                        ("closed_on", models.DateField(null=True)),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.administrativeunit",
                            ),
                        ),
                        (
                            "provider",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="points",
                                to="payments.provider",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("provider", "unit", "name"), name="paying_point_once_per_provider_unit_and_name"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandOver",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("handed_at", models.DateTimeField()),
                        (
                            "batch",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hand_over",
                                to="payments.paymentbatch",
                            ),
                        ),
                        (
                            "handed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "provider",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hand_overs",
                                to="payments.provider",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ResultList",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("row_count", models.IntegerField(help_text="rows in the file, known ones included")),
                        ("received_at", models.DateTimeField()),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="result_lists",
                                to="payments.paymentbatch",
                            ),
                        ),
                        (
                            "provider",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="result_lists",
                                to="payments.provider",
                            ),
                        ),
                        (
                            "received_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ResultLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
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
                        (
                            "payment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="result_lines",
                                to="payments.payment",
                            ),
                        ),
                        (
                            "result_list",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="payments.resultlist",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("payment__isnull", True), ("problem", "NOT_ON_LIST"), ("sealed__isnull", False)
                                    ),
                                    models.Q(
                                        models.Q(("problem", "NOT_ON_LIST"), _negated=True),
                                        ("payment__isnull", False),
                                        ("sealed__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="result_of_nobody_on_the_list_keeps_its_row",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome", "PAID"), _negated=True),
                                    ("happened_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="paid_by_the_provider_has_a_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecoveryReceipt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=40)),
                        ("amount", models.BigIntegerField(help_text="đồng")),
                        ("received_on", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recovery_receipts",
                                to="beneficiaries.decision",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("decision", "number"), name="recovery_receipt_once"),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="recovery_receipt_is_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("number", ""), _negated=True), name="recovery_receipt_has_a_number"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RemovalSlip",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ground",
                            models.CharField(
                                choices=[
                                    ("REQUESTED", "Theo đề nghị"),
                                    ("LIFE", "Người hưởng đã mất hoặc chờ xác minh tin báo tử"),
                                    ("CHANGED", "Thay đổi sau khi danh sách được ký"),
                                ],
                                max_length=9,
                            ),
                        ),
                        ("reason", models.CharField(max_length=300)),
                        ("document_number", models.CharField(blank=True, max_length=60)),
                        ("requested_at", models.DateTimeField()),
                        ("refused_at", models.DateTimeField(null=True)),
                        ("refusal_note", models.CharField(blank=True, max_length=300)),
                        (
                            "payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="slips", to="payments.payment"
                            ),
                        ),
                        (
                            "refused_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("refused_at__isnull", True)),
                                fields=("payment",),
                                name="one_slip_per_payment",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ground", "REQUESTED"), _negated=True),
                                    models.Q(("requested_by__isnull", False), models.Q(("reason", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="slip_asked_for_says_by_whom_and_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("refused_at__isnull", True), ("refused_by__isnull", True)),
                                    models.Q(("refused_at__isnull", False), ("refused_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="slip_refused_says_by_whom",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SlipSignature",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "step",
                            models.CharField(
                                choices=[
                                    ("MAKER", "Người lập"),
                                    ("REVIEWER", "Lãnh đạo bộ phận chuyên môn"),
                                    ("CHECKER", "Kế toán trưởng"),
                                    ("COSIGNER", "Người ký bổ sung"),
                                    ("RELEASER", "Chủ tài khoản"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("signed_as", models.CharField(blank=True, max_length=140)),
                        ("digest", models.CharField(max_length=64)),
                        ("signed_at", models.DateTimeField()),
                        (
                            "delegation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.delegation",
                            ),
                        ),
                        (
                            "signer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "slip",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to="payments.removalslip",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("slip", "signer"), name="slip_signer_once"),
                            models.UniqueConstraint(fields=("slip", "step"), name="slip_step_once"),
                            models.CheckConstraint(
                                condition=models.Q(("step__in", ["CHECKER", "RELEASER"])),
                                name="slip_is_signed_by_checker_and_releaser",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Freeze",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.CharField(max_length=300)),
                        ("began_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("end_reason", models.CharField(blank=True, max_length=300)),
                        (
                            "began_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "programme",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="freezes",
                                to="beneficiaries.programme",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="freezes",
                                to="staff.administrativeunit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="freeze_has_a_reason"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("end_reason", ""), ("ended_at__isnull", True), ("ended_by__isnull", True)
                                    ),
                                    models.Q(
                                        ("ended_at__isnull", False),
                                        ("ended_by__isnull", False),
                                        models.Q(("end_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="freeze_ended_says_by_whom_and_why",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("unit", "programme"),
                                name="one_freeze_per_unit_and_programme",
                                nulls_distinct=False,
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SettingChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("OPEN_ACCOUNT", "Mở tài khoản chi trả"),
                                    ("CLOSE_ACCOUNT", "Đóng tài khoản chi trả"),
                                    ("SIGNING_RULE", "Quy định ký"),
                                ],
                                max_length=13,
                            ),
                        ),
                        ("said", models.JSONField()),
                        ("document", models.CharField(help_text="what it rests on: number and date", max_length=100)),
                        (
                            "proposed_role",
                            models.CharField(
                                choices=[
                                    ("COMMUNE_OFFICER", "Công chức xã"),
                                    ("MAKER", "Người lập"),
                                    ("CHECKER", "Kế toán trưởng"),
                                    ("RELEASER", "Chủ tài khoản"),
                                    ("LEADER", "Lãnh đạo"),
                                    ("AUDITOR", "Thanh tra, kiểm toán"),
                                    ("REVIEWER", "Lãnh đạo bộ phận chuyên môn"),
                                    ("COSIGNER", "Người ký bổ sung"),
                                    ("CIVIL_REGISTRY", "Hệ thống hộ tịch"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("proposed_at", models.DateTimeField()),
                        ("accepted", models.BooleanField(help_text="empty while nobody has decided", null=True)),
                        (
                            "decided_role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("COMMUNE_OFFICER", "Công chức xã"),
                                    ("MAKER", "Người lập"),
                                    ("CHECKER", "Kế toán trưởng"),
                                    ("RELEASER", "Chủ tài khoản"),
                                    ("LEADER", "Lãnh đạo"),
                                    ("AUDITOR", "Thanh tra, kiểm toán"),
                                    ("REVIEWER", "Lãnh đạo bộ phận chuyên môn"),
                                    ("COSIGNER", "Người ký bổ sung"),
                                    ("CIVIL_REGISTRY", "Hệ thống hộ tịch"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.administrativeunit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("document", ""), _negated=True),
                                name="setting_change_rests_on_a_document",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("accepted__isnull", True),
                                        ("decided_at__isnull", True),
                                        ("decided_by__isnull", True),
                                        ("decided_role", ""),
                                    ),
                                    models.Q(
                                        ("accepted__isnull", False),
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                        models.Q(("decided_role", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="setting_change_decided_by_and_at_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("accepted", True), _negated=True),
                                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="setting_change_accepted_by_a_second_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("accepted", True), _negated=True),
                                    models.Q(("decided_role", models.F("proposed_role")), _negated=True),
                                    _connector="OR",
                                ),
                                name="setting_change_accepted_in_another_role",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("accepted__isnull", True)),
                                fields=("kind", "unit", "said"),
                                name="setting_change_waits_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SigningRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "step",
                            models.CharField(
                                choices=[
                                    ("MAKER", "Người lập"),
                                    ("REVIEWER", "Lãnh đạo bộ phận chuyên môn"),
                                    ("CHECKER", "Kế toán trưởng"),
                                    ("COSIGNER", "Người ký bổ sung"),
                                    ("RELEASER", "Chủ tài khoản"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("title", models.CharField(max_length=120)),
                        ("from_amount", models.BigIntegerField(help_text="đồng", null=True)),
                        ("valid_from", models.DateField()),
                        ("document_number", models.CharField(max_length=60)),
                        ("set_at", models.DateTimeField()),
                        (
                            "set_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "change",
                            models.OneToOneField(
                                help_text="the proposal a second person accepted; a trigger asks for it",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signing_rule",
                                to="payments.settingchange",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("step", "valid_from"), name="signing_rule_once_per_step_and_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("step__in", ("MAKER", "CHECKER", "RELEASER")), _negated=True),
                                    models.Q(("from_amount", 0), ("from_amount__isnull", False)),
                                    _connector="OR",
                                ),
                                name="three_signatures_are_always_needed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("from_amount__isnull", True), ("from_amount__gte", 0), _connector="OR"
                                ),
                                name="signing_threshold_is_not_negative",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ListMaker",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "did",
                            models.CharField(
                                choices=[("BUILT", "Lập danh sách"), ("REMOVED", "Rút tên khi đang lập")], max_length=7
                            ),
                        ),
                        ("done_at", models.DateTimeField()),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="makers",
                                to="payments.paymentbatch",
                            ),
                        ),
                        (
                            "maker",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["batch", "maker"], name="maker_of_list")],
                    },
                ),
                migrations.CreateModel(
                    name="ConflictNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("revision", models.PositiveSmallIntegerField()),
                        ("kind", models.CharField(max_length=20)),
                        ("reason", models.CharField(max_length=300)),
                        ("noted_at", models.DateTimeField()),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="conflict_notes",
                                to="payments.paymentbatch",
                            ),
                        ),
                        (
                            "noted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "other",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.payment"
                            ),
                        ),
                        (
                            "payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.payment"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("batch", "revision", "kind", "payment", "other"),
                                name="conflict_noted_once_per_revision",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="conflict_note_has_a_reason"
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
