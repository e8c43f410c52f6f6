"""Does the bank's statement agree with us, and what do we report: statements, matches, discrepancies, papers, reports."""

import django.db.models.deletion
import django.db.models.functions.math
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

from staff.migrations._together import Together


class Migration(migrations.Migration):
    initial = True
    # The first and the last of them stand here, so that every database that has some but not all is told apart (ADR 54).
    replaces = [
        ("reconciliation", "0001_initial"),
        ("reconciliation", "0002_relations"),
        ("reconciliation", "0003_guards"),
        ("reconciliation", "0004_matches_with_amounts"),
        ("reconciliation", "0006_seal_on_snapshots"),
        ("reconciliation", "0007_discrepancy_steps"),
        ("reconciliation", "0008_report_runs"),
        ("reconciliation", "0010_provider_results"),
        ("reconciliation", "0011_statement_tables_and_notifications"),
        ("reconciliation", "0012_history_of_who_and_when"),
        ("reconciliation", "0013_papers"),
        ("reconciliation", "0014_reports_on_demand"),
        ("reconciliation", "0015_missing_transfers"),
        ("reconciliation", "0017_guard_of_missing_transfers"),
        ("reconciliation", "0019_matches_see_each_other"),
        ("reconciliation", "0020_match_within_one_account"),
        ("reconciliation", "0021_cheaper_matches"),
        ("reconciliation", "0022_one_account_asked_by_sets"),
        ("reconciliation", "0023_before_a_closed_month"),
    ]

    dependencies = [
        ("beneficiaries", "0001_models"),
        ("payments", "0001_models"),
        ("staff", "0001_models"),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="ReportSnapshot",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=30)),
                        ("from_on", models.DateField()),
                        ("to_on", models.DateField()),
                        ("figures", models.JSONField()),
                        ("ties_out", models.BooleanField()),
                        ("digest", models.CharField(max_length=64)),
                        ("created_at", models.DateTimeField()),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
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
                            "seal_digest",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="the last seal of the history when it was taken; printed in the footer",
                                max_length=64,
                            ),
                        ),
                        (
                            "seal_checked_at",
                            models.DateTimeField(help_text="when all seals had last been checked", null=True),
                        ),
                        (
                            "seal_findings",
                            models.IntegerField(
                                help_text="what that check found; 0: the history is as it was sealed", null=True
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ReportRun",
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
                                    ("MONTH", "Báo cáo tháng"),
                                    ("QUARTER", "Báo cáo quý"),
                                    ("YEAR", "Báo cáo năm"),
                                    ("PERIOD", "Báo cáo theo kỳ yêu cầu"),
                                ],
                                max_length=7,
                            ),
                        ),
                        ("from_on", models.DateField()),
                        ("to_on", models.DateField()),
                        ("ready_at", models.DateTimeField()),
                        ("due_on", models.DateField()),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("WAITING", "Chờ lập"),
                                    ("RUNNING", "Đang lập"),
                                    ("MADE", "Đã lập, chờ ký"),
                                    ("DRAFTED", "Bản nháp: số liệu chưa khớp"),
                                    ("FAILED", "Chưa lập được"),
                                    ("SIGNED", "Đã ký"),
                                ],
                                default="WAITING",
                                max_length=7,
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("CLAIM", "Nhận việc lập"),
                                    ("PUT_BACK", "Lập dở, chờ lập lại"),
                                    ("TIES_OUT", "Lập xong, số liệu khớp"),
                                    ("DIFFERS", "Lập xong, số liệu chưa khớp"),
                                    ("GIVE_UP", "Lập nhiều lần không được"),
                                    ("ORDER_AGAIN", "Yêu cầu lập lại"),
                                    ("SIGN", "Ký"),
                                ],
                                max_length=11,
                            ),
                        ),
                        ("status_at", models.DateTimeField()),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("problem", models.CharField(blank=True, max_length=60)),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("lease_by", models.CharField(blank=True, max_length=64)),
                        ("order_reason", models.CharField(blank=True, max_length=200)),
                        ("signed_as", models.CharField(blank=True, max_length=140)),
                        ("signed_digest", models.CharField(blank=True, max_length=64)),
                        ("signed_at", models.DateTimeField(null=True)),
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
                            "ordered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "signed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "snapshot",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="run",
                                to="reconciliation.reportsnapshot",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="report_runs",
                                to="staff.administrativeunit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ["WAITING", "RUNNING"])),
                                fields=["ready_at"],
                                name="report_runs_to_make",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "unit", "from_on", "to_on"), name="report_once_per_kind_unit_and_period"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("to_on__gt", models.F("from_on"))),
                                name="report_period_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("snapshot__isnull", False), ("status__in", ("MADE", "DRAFTED", "SIGNED"))
                                    ),
                                    models.Q(("status__in", ("MADE", "DRAFTED", "SIGNED")), _negated=True),
                                    _connector="OR",
                                ),
                                name="report_has_figures_when_made",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("lease_until__isnull", False), ("status", "RUNNING")),
                                    models.Q(
                                        models.Q(("status", "RUNNING"), _negated=True),
                                        ("lease_by", ""),
                                        ("lease_until__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="report_is_leased_while_it_runs",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("signed_at__isnull", False), ("signed_by__isnull", False), ("status", "SIGNED")
                                    ),
                                    models.Q(
                                        models.Q(("status", "SIGNED"), _negated=True),
                                        ("signed_at__isnull", True),
                                        ("signed_by__isnull", True),
                                        ("signed_digest", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="report_signed_by_and_at_together",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReportReading",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("read_at", models.DateTimeField()),
                        (
                            "reader",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="readings",
                                to="reconciliation.reportrun",
                            ),
                        ),
                        (
                            "snapshot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="reconciliation.reportsnapshot",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("snapshot", "reader"), name="report_first_read_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SignedReport",
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
                            "received_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="papers",
                                to="reconciliation.reportrun",
                            ),
                        ),
                        (
                            "snapshot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="papers",
                                to="reconciliation.reportsnapshot",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("snapshot", "content_digest"), name="signed_report_kept_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("data_matches__isnull", True), ("kind", "SCAN")),
                                    models.Q(("data_matches", True), ("kind", "SIGNED_PDF")),
                                    _connector="OR",
                                ),
                                name="only_our_pdf_is_compared",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Statement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("content_digest", models.BinaryField(unique=True)),
                        ("statement_id", models.CharField(max_length=60)),
                        (
                            "sequence_number",
                            models.IntegerField(help_text="the bank's; none where its format gives none", null=True),
                        ),
                        ("from_on", models.DateField()),
                        ("to_on", models.DateField()),
                        ("opening", models.BigIntegerField(help_text="đồng; none of a notification", null=True)),
                        ("closing", models.BigIntegerField(null=True)),
                        ("line_count", models.IntegerField()),
                        ("received_at", models.DateTimeField()),
                        (
                            "funding_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statements",
                                to="payments.fundingaccount",
                            ),
                        ),
                        (
                            "received_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("format", models.CharField(blank=True, max_length=20)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("funding_account", "sequence_number"),
                                name="statement_once_per_account_and_sequence",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closing__isnull", False), ("opening__isnull", False)),
                                    models.Q(
                                        ("closing__isnull", True),
                                        ("opening__isnull", True),
                                        ("sequence_number__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="statement_has_both_balances_or_is_a_notification",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StatementMapping",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("fingerprint", models.CharField(help_text="of the headings, in any order", max_length=32)),
                        (
                            "columns",
                            models.JSONField(
                                help_text="folded heading → column key; empty for a column that means nothing to us"
                            ),
                        ),
                        ("saved_at", models.DateTimeField()),
                        (
                            "funding_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="payments.fundingaccount",
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
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("funding_account", "fingerprint"), name="one_mapping_per_account_and_source"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StatementLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("ordinal", models.IntegerField()),
                        ("amount", models.BigIntegerField()),
                        ("booked_on", models.DateField()),
                        (
                            "reference",
                            models.CharField(
                                blank=True, help_text="end-to-end id, or a top-up's reference", max_length=35
                            ),
                        ),
                        ("bank_reference", models.CharField(blank=True, max_length=64)),
                        ("return_code", models.CharField(blank=True, max_length=10)),
                        ("is_return", models.BooleanField(default=False)),
                        ("description", models.CharField(blank=True, max_length=200)),
                        ("sealed_counterparty", models.BinaryField()),
                        (
                            "statement",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="reconciliation.statement",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["reference"], name="line_reference")],
                        "constraints": [
                            models.UniqueConstraint(fields=("statement", "ordinal"), name="line_once_per_statement"),
                            models.CheckConstraint(
                                condition=models.Q(("amount", 0), _negated=True), name="line_amount_is_not_zero"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StatementMatch",
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
                                    ("DEBIT", "Chi"),
                                    ("RETURN", "Hoàn trả"),
                                    ("TOP_UP", "Cấp tiền"),
                                    ("CHARGE", "Phí"),
                                    ("INTEREST", "Lãi"),
                                    ("TRANSFER", "Chuyển tiền khác khoản chi"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("matched_at", models.DateTimeField()),
                        (
                            "line",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="matches",
                                to="reconciliation.statementline",
                            ),
                        ),
                        (
                            "payment",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statement_matches",
                                to="payments.payment",
                            ),
                        ),
                        (
                            "top_up",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statement_matches",
                                to="payments.topup",
                            ),
                        ),
                        ("amount", models.BigIntegerField(help_text="đồng, with the line's sign")),
                        (
                            "basis",
                            models.CharField(
                                choices=[
                                    ("REFERENCE", "Mã đối chiếu và số tiền"),
                                    ("BANK_REFERENCE", "Mã giao dịch của ngân hàng và số tiền"),
                                    ("SPLIT", "Nhiều dòng cộng đủ một khoản chi"),
                                    ("LUMPED", "Một dòng gộp đủ một danh sách"),
                                    ("ACCOUNT", "Số tài khoản, số tiền và ngày"),
                                    ("NAME", "Họ tên, số tiền và ngày"),
                                    ("BY_HAND", "Kế toán nối"),
                                ],
                                max_length=14,
                            ),
                        ),
                        (
                            "reverses",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="reconciliation.statementmatch",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        (
                            "matched_by",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "fund_transfer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statement_matches",
                                to="payments.fundtransfer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("top_up__isnull", False)), fields=["top_up"], name="match_of_top_up"
                            ),
                            models.Index(
                                condition=models.Q(("fund_transfer__isnull", False)),
                                fields=["fund_transfer"],
                                name="match_of_fund_transfer",
                            ),
                            models.Index(
                                condition=models.Q(("matched_by__isnull", False)),
                                fields=["matched_by"],
                                name="match_by_person",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("fund_transfer__isnull", True),
                                        ("kind", "TOP_UP"),
                                        ("payment__isnull", True),
                                        ("top_up__isnull", False),
                                    ),
                                    models.Q(
                                        ("fund_transfer__isnull", True),
                                        ("kind__in", ["DEBIT", "RETURN"]),
                                        ("payment__isnull", False),
                                        ("top_up__isnull", True),
                                    ),
                                    models.Q(
                                        ("fund_transfer__isnull", False),
                                        ("kind", "TRANSFER"),
                                        ("payment__isnull", True),
                                        ("top_up__isnull", True),
                                    ),
                                    models.Q(
                                        ("fund_transfer__isnull", True),
                                        ("kind__in", ["CHARGE", "INTEREST"]),
                                        ("payment__isnull", True),
                                        ("top_up__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="match_names_what_its_kind_says",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount", 0), _negated=True), name="match_amount_is_not_zero"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(models.Q(("basis", "BY_HAND"), _negated=True), ("reverses__isnull", True)),
                                    models.Q(("matched_by__isnull", False), models.Q(("reason", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="match_by_hand_names_who_and_why",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("reverses__isnull", False)),
                                fields=("reverses",),
                                name="match_is_reversed_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Discrepancy",
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
                        (
                            "key",
                            models.CharField(
                                help_text="what it is about, so that it is raised once", max_length=120, unique=True
                            ),
                        ),
                        ("ours", models.BigIntegerField(null=True)),
                        ("theirs", models.BigIntegerField(null=True)),
                        ("sentence", models.CharField(max_length=300)),
                        (
                            "status",
                            models.CharField(
                                choices=[("OPEN", "Chưa xử lý"), ("RESOLVED", "Đã xử lý")], default="OPEN", max_length=8
                            ),
                        ),
                        ("found_at", models.DateTimeField()),
                        ("resolved_at", models.DateTimeField(null=True)),
                        ("resolution", models.CharField(blank=True, max_length=300)),
                        (
                            "payment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="discrepancies",
                                to="payments.payment",
                            ),
                        ),
                        (
                            "resolved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "statement",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="discrepancies",
                                to="reconciliation.statement",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="discrepancies",
                                to="reconciliation.statementline",
                            ),
                        ),
                        ("answer_due_on", models.DateField(null=True)),
                        (
                            "ground",
                            models.CharField(
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
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "write_off_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "funding_account",
                            models.ForeignKey(
                                help_text="of a provider's word",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="discrepancies",
                                to="payments.fundingaccount",
                            ),
                        ),
                        (
                            "result_line",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="discrepancies",
                                to="payments.resultline",
                            ),
                        ),
                        (
                            "fund_transfer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="discrepancies",
                                to="payments.fundtransfer",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "OPEN")), fields=["found_at"], name="discrepancy_open"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ground", ""),
                                        ("resolved_at__isnull", True),
                                        ("resolved_by__isnull", True),
                                        ("status", "OPEN"),
                                    ),
                                    models.Q(
                                        ("resolved_at__isnull", False),
                                        ("resolved_by__isnull", False),
                                        ("status", "RESOLVED"),
                                        models.Q(("ground", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="discrepancy_resolved_by_and_at_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind__in", ["NOT_ON_LIST", "PROVIDER_AMOUNT", "PROVIDER_CONTRADICTS"]),
                                        ("result_line__isnull", False),
                                        ("statement__isnull", True),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("kind__in", ["NOT_ON_LIST", "PROVIDER_AMOUNT", "PROVIDER_CONTRADICTS"]),
                                            _negated=True,
                                        ),
                                        ("funding_account__isnull", True),
                                        ("result_line__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="discrepancy_of_a_provider_names_its_word_and_account",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("fund_transfer__isnull", True),
                                    models.Q(
                                        ("kind", "MISSING_ON_STATEMENT"),
                                        ("line__isnull", True),
                                        ("payment__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="discrepancy_of_a_transfer_is_that_it_is_missing",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status", "OPEN"),
                                    models.Q(("answer_due_on__isnull", True), ("write_off_by__isnull", True)),
                                    _connector="OR",
                                ),
                                name="discrepancy_resolved_waits_for_nobody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DiscrepancyStep",
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
                                    ("ASSIGNED", "Giao người xử lý"),
                                    ("NOTED", "Ghi chú"),
                                    ("BANK_ASKED", "Tra soát ngân hàng"),
                                    ("CARRIED", "Chuyển sang kỳ sau"),
                                    ("PROPOSED", "Đề nghị xử lý theo quyết định"),
                                    ("DECLINED", "Không đồng ý xử lý theo quyết định"),
                                    ("RESOLVED", "Đã xử lý"),
                                    ("REOPENED", "Mở lại"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "ground",
                            models.CharField(
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
                        (
                            "note",
                            models.CharField(
                                help_text="in words: why, or the paper it rests on; never a number of a person",
                                max_length=300,
                            ),
                        ),
                        (
                            "due_on",
                            models.DateField(
                                help_text="by when the bank is to answer; of CARRIED: the month it was carried out of",
                                null=True,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        (
                            "discrepancy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="reconciliation.discrepancy",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "match",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="reconciliation.statementmatch",
                            ),
                        ),
                        (
                            "owner",
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
                                condition=models.Q(
                                    models.Q(("kind", "ASSIGNED"), ("owner__isnull", False)),
                                    models.Q(("due_on__isnull", False), ("kind__in", ["BANK_ASKED", "CARRIED"])),
                                    models.Q(("kind", "RESOLVED"), models.Q(("ground", ""), _negated=True)),
                                    ("kind__in", ["NOTED", "PROPOSED", "DECLINED", "REOPENED"]),
                                    _connector="OR",
                                ),
                                name="step_says_what_its_kind_needs",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("note", ""), _negated=True), name="step_has_a_note"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaperOrder",
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
                                    ("LISTS", "Danh sách tháng của các xã, phường"),
                                    ("DOSSIER", "Hồ sơ chi trả của tháng"),
                                ],
                                max_length=7,
                            ),
                        ),
                        ("month", models.DateField()),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("WAITING", "Chờ"),
                                    ("WORKING", "Đang làm"),
                                    ("DONE", "Đã xong"),
                                    ("REFUSED", "Không làm được"),
                                    ("FORGOTTEN", "Đã xóa sau thời hạn lưu"),
                                ],
                                default="WAITING",
                                max_length=9,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("done", models.PositiveIntegerField(default=0, help_text="pieces made so far")),
                        (
                            "total",
                            models.PositiveIntegerField(
                                default=0, help_text="pieces to make; 0 before they were counted"
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("problem", models.CharField(blank=True, max_length=200)),
                        ("file_name", models.CharField(blank=True, max_length=120)),
                        ("sealed", models.BinaryField(null=True)),
                        (
                            "asked_by",
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
                                condition=models.Q(("status__in", ["WAITING", "WORKING"])),
                                fields=["id"],
                                name="paper_to_make",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status__in", ["WAITING", "WORKING"])),
                                fields=("kind", "unit", "month", "asked_by"),
                                name="paper_asked_for_once_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "DONE"), _negated=True),
                                    models.Q(("finished_at__isnull", False), ("sealed__isnull", False)),
                                    _connector="OR",
                                ),
                                name="paper_done_has_content",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("total", 0), ("done__lte", models.F("total")), _connector="OR"),
                                name="paper_never_more_than_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IssuedPaper",
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
                                    ("ACCOUNT_LIST", "Danh sách chi trả qua tài khoản"),
                                    ("CASH_LIST", "Danh sách chi trả tiền mặt"),
                                    ("CHANGES", "Tổng hợp biến động"),
                                    ("UNPAID", "Danh sách chưa nhận tiền"),
                                    ("DOSSIER", "Hồ sơ chi trả"),
                                    ("HISTORY", "Quá trình hưởng của một người"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("month", models.DateField(null=True)),
                        ("digest", models.CharField(db_index=True, max_length=64)),
                        ("lines", models.PositiveIntegerField()),
                        ("pdf_size", models.PositiveIntegerField()),
                        ("pdf_digest", models.CharField(max_length=64)),
                        (
                            "purpose",
                            models.CharField(blank=True, help_text="why somebody's history was read", max_length=200),
                        ),
                        ("made_at", models.DateTimeField()),
                        (
                            "beneficiary",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                        (
                            "made_for",
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
                                condition=models.Q(
                                    models.Q(
                                        ("beneficiary__isnull", False),
                                        ("kind", "HISTORY"),
                                        models.Q(("purpose", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("kind", "HISTORY"), _negated=True), ("beneficiary__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="history_is_of_one_person_and_says_why",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeriodStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        (
                            "ordinal",
                            models.PositiveSmallIntegerField(help_text="from 1; odd ones close, even ones reopen"),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("CLOSED", "Khóa kỳ"), ("REOPENED", "Mở lại kỳ theo quyết định")], max_length=8
                            ),
                        ),
                        ("decision_number", models.CharField(blank=True, max_length=60)),
                        ("decision_on", models.DateField(null=True)),
                        ("decision_signer", models.CharField(blank=True, max_length=120)),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        ("made_at", models.DateTimeField()),
                        (
                            "funding_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="period_steps",
                                to="payments.fundingaccount",
                            ),
                        ),
                        (
                            "made_by",
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
                                fields=("funding_account", "month", "ordinal"), name="period_step_once_per_ordinal"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="period_month_is_a_first_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        django.db.models.lookups.Exact(
                                            django.db.models.functions.math.Mod("ordinal", 2), 1
                                        ),
                                        ("kind", "CLOSED"),
                                    ),
                                    models.Q(
                                        django.db.models.lookups.Exact(
                                            django.db.models.functions.math.Mod("ordinal", 2), 0
                                        ),
                                        ("kind", "REOPENED"),
                                    ),
                                    _connector="OR",
                                ),
                                name="period_closes_and_reopens_in_turn",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "REOPENED"), _negated=True),
                                    models.Q(
                                        ("decision_on__isnull", False),
                                        models.Q(("decision_number", ""), _negated=True),
                                        models.Q(("decision_signer", ""), _negated=True),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="period_is_reopened_by_decision",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
