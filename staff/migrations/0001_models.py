"""Who acts, and what is kept of it: units, users, roles, delegations, the calendar, the history and its seals."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from staff.migrations._together import Together


class Migration(migrations.Migration):
    initial = True
    # The first and the last of them stand here, so that every database that has some but not all is told apart (ADR 54).
    replaces = [
        ("staff", "0001_initial"),
        ("staff", "0002_statistics"),
        ("staff", "0003_civil_registry_role"),
        ("staff", "0004_former_units"),
        ("staff", "0005_calendar"),
        ("staff", "0006_assignments_and_audit"),
        ("staff", "0008_delegations"),
        ("staff", "0011_seal_checks"),
        ("staff", "0012_seal_check_guards"),
        ("staff", "0013_paper_readings"),
        ("staff", "0014_checks_by_people"),
        ("staff", "0015_readings_of_printed_papers"),
        ("staff", "0016_history_of_who_may_act"),
        ("staff", "0017_sign_ins"),
        ("staff", "0018_append_only_tables_are_sealed"),
    ]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="AdministrativeUnit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=12, unique=True)),
                        ("name", models.CharField(help_text="with its kind word: xã Phước Thuận", max_length=120)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("PROVINCE", "Tỉnh"),
                                    ("FORMER", "Tỉnh trước 01/7/2025"),
                                    ("DISTRICT", "Huyện"),
                                    ("COMMUNE", "Xã"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("path", models.CharField(max_length=60, unique=True)),
                        ("valid_from", models.DateField(null=True)),
                        ("valid_to", models.DateField(null=True)),
                        (
                            "parent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="staff.administrativeunit",
                            ),
                        ),
                        ("official_code", models.CharField(blank=True, db_default="", max_length=5)),
                        (
                            "successors",
                            models.ManyToManyField(
                                related_name="predecessors",
                                through="staff.UnitSuccessor",
                                to="staff.administrativeunit",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["path"],
                        "indexes": [
                            models.Index(fields=["path"], name="unit_path_prefix", opclasses=["text_pattern_ops"])
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "path__endswith",
                                        django.db.models.functions.text.Concat(models.F("code"), models.Value("/")),
                                    )
                                ),
                                name="unit_path_ends_with_its_code",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UnitSuccessor",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.SmallIntegerField()),
                        (
                            "former",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.administrativeunit",
                            ),
                        ),
                        (
                            "successor",
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
                                fields=("former", "successor"), name="successor_once_per_former_unit"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("former", models.F("successor")), _negated=True),
                                name="unit_is_not_its_own_successor",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        (
                            "username",
                            models.CharField(
                                error_messages={"unique": "A user with that username already exists."},
                                help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                                max_length=150,
                                unique=True,
                                validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                                verbose_name="username",
                            ),
                        ),
                        ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                        ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                        (
                            "is_staff",
                            models.BooleanField(
                                default=False,
                                help_text="Designates whether the user can log into this admin site.",
                                verbose_name="staff status",
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                                verbose_name="active",
                            ),
                        ),
                        (
                            "date_joined",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                        ),
                        ("full_name", models.CharField(max_length=120)),
                        (
                            "role",
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
                                max_length=16,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="users",
                                to="staff.administrativeunit",
                            ),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "user",
                        "verbose_name_plural": "users",
                        "abstract": False,
                    },
                    managers=[
                        ("objects", django.contrib.auth.models.UserManager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Assignment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("from_on", models.DateField()),
                        ("until_on", models.DateField(null=True)),
                        ("assigned_at", models.DateTimeField()),
                        ("note", models.CharField(blank=True, help_text="the paper it rests on", max_length=200)),
                        (
                            "assigned_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "officer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to="staff.administrativeunit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("officer", "unit", "from_on"), name="assignment_once_per_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"
                                ),
                                name="assignment_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("officer", models.F("assigned_by")), _negated=True),
                                name="nobody_assigns_themselves",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoryRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("relation", models.CharField(max_length=63)),
                        ("row_id", models.BigIntegerField()),
                        (
                            "operation",
                            models.CharField(choices=[("I", "Thêm"), ("U", "Sửa"), ("D", "Xóa")], max_length=1),
                        ),
                        ("changes", models.JSONField()),
                        ("actor_id", models.BigIntegerField(null=True)),
                        ("why", models.CharField(blank=True, help_text="address, task or command", max_length=80)),
                        ("request_id", models.CharField(blank=True, max_length=40)),
                        ("session_role", models.CharField(max_length=63)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["relation", "row_id"], name="history_of_a_row"),
                            models.Index(
                                condition=models.Q(("actor_id__isnull", False)),
                                fields=["actor_id", "id"],
                                name="history_of_an_actor",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Seal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.IntegerField(unique=True)),
                        ("first_id", models.BigIntegerField()),
                        ("last_id", models.BigIntegerField()),
                        ("rows", models.BigIntegerField()),
                        ("blocks", models.JSONField()),
                        ("previous", models.CharField(blank=True, max_length=64)),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        ("public_key", models.CharField(max_length=64)),
                        ("signature", models.CharField(max_length=128)),
                        ("sealed_at", models.DateTimeField()),
                        (
                            "tables",
                            models.JSONField(
                                db_default=[],
                                default=list,
                                help_text="[[table, columns, first id, last id, blocks], …]",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="SealCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("checked_at", models.DateTimeField()),
                        ("seals", models.IntegerField()),
                        ("sealed_rows", models.BigIntegerField()),
                        ("unsealed_rows", models.BigIntegerField()),
                        ("last_digest", models.CharField(blank=True, max_length=64)),
                        ("findings", models.JSONField()),
                        ("finding_count", models.IntegerField()),
                        (
                            "checked_by",
                            models.ForeignKey(
                                help_text="null: the nightly check",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "expected",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="the seal somebody knew from paper, as they gave it",
                                max_length=64,
                            ),
                        ),
                        ("sealed_table_rows", models.BigIntegerField(db_default=0, default=0)),
                        ("unsealed_table_rows", models.BigIntegerField(db_default=0, default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="CalendarDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField(unique=True)),
                        ("working", models.BooleanField()),
                        ("name", models.CharField(max_length=80)),
                        (
                            "legal_source",
                            models.CharField(
                                blank=True,
                                db_default="",
                                help_text="the decision it rests on; empty: nobody has verified it",
                                max_length=120,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("working", False), ("day__week_day__in", (1, 7)), _connector="OR"),
                                name="day_worked_instead_is_a_week_end",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delegation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "role",
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
                                help_text="the delegator's role, whose step is signed",
                                max_length=16,
                            ),
                        ),
                        ("form", models.CharField(choices=[("KT", "Ký thay"), ("TUQ", "Thừa ủy quyền")], max_length=3)),
                        ("document_number", models.CharField(max_length=60)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
                        ("revoked_at", models.DateTimeField(null=True)),
                        (
                            "delegate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="delegations_held",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "delegator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="delegations_given",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="delegations",
                                to="staff.administrativeunit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("delegator", models.F("delegate")), _negated=True),
                                name="delegation_is_to_somebody_else",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                                name="delegation_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("document_number", ""), _negated=True),
                                name="delegation_has_a_document",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("role__in", ["REVIEWER", "CHECKER", "COSIGNER", "RELEASER"])),
                                name="delegation_is_of_a_signature",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaperReading",
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
                        ("paper_id", models.BigIntegerField()),
                        ("read_at", models.DateTimeField()),
                        (
                            "read_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                help_text="whose paper",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.administrativeunit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["kind", "paper_id"], name="readings_of_a_paper")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("paper_id__gt", 0)), name="reading_is_of_a_paper"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RoleAssignment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "role",
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
                                max_length=16,
                            ),
                        ),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(null=True)),
                        ("document_number", models.CharField(max_length=60)),
                        ("assigned_at", models.DateTimeField()),
                        (
                            "assigned_by",
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
                                related_name="role_assignments",
                                to="staff.administrativeunit",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="role_assignments",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("user", models.F("assigned_by")), _negated=True),
                                name="nobody_assigns_a_role_to_themselves",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to__isnull", True),
                                    ("valid_to__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="role_ends_after_it_begins",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SignIn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "session_key",
                            models.CharField(help_text="of `django_session`; never shown", max_length=40, unique=True),
                        ),
                        ("signed_in_at", models.DateTimeField()),
                        ("address", models.CharField(blank=True, max_length=45)),
                        (
                            "device",
                            models.CharField(blank=True, help_text="what the browser says it is", max_length=200),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
            ]
        )
    ]
