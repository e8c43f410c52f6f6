"""Who may be paid, and into which account: programmes, registers, people, verdicts, accounts, cases, corrections."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from staff.migrations._together import Together


class Migration(migrations.Migration):
    initial = True
    # The first and the last of them stand here, so that every database that has some but not all is told apart (ADR 54).
    replaces = [
        ("beneficiaries", "0001_initial"),
        ("beneficiaries", "0002_relations"),
        ("beneficiaries", "0003_life_events"),
        ("beneficiaries", "0004_notices"),
        ("beneficiaries", "0005_verdicts_lookups_and_quality"),
        ("beneficiaries", "0006_verdict_guards"),
        ("beneficiaries", "0007_account_funnel"),
        ("beneficiaries", "0009_reasons_of_all"),
        ("beneficiaries", "0010_reasons_and_files"),
        ("beneficiaries", "0011_uploads"),
        ("beneficiaries", "0012_decisions"),
        ("beneficiaries", "0013_cases_and_handovers"),
        ("beneficiaries", "0016_matching_engine"),
        ("beneficiaries", "0017_audit_guards"),
        ("beneficiaries", "0018_age_rules_end"),
        ("beneficiaries", "0019_history_of_rules"),
        ("beneficiaries", "0020_match_models"),
        ("beneficiaries", "0021_orders"),
        ("beneficiaries", "0022_second_person_and_templates"),
        ("beneficiaries", "0023_template_guards"),
        ("beneficiaries", "0024_last_grant_month"),
        ("beneficiaries", "0025_levels_and_insurance"),
        ("beneficiaries", "0026_history_of_payees_and_phones"),
        ("beneficiaries", "0027_training_orders"),
        ("beneficiaries", "0028_corrections"),
    ]

    dependencies = [
        ("staff", "0001_models"),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="IdentityNumber",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("digest", models.BinaryField(unique=True)),
                        ("sealed", models.BinaryField()),
                    ],
                ),
                migrations.CreateModel(
                    name="AccountNumber",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("digest", models.BinaryField(unique=True)),
                        ("sealed", models.BinaryField()),
                    ],
                ),
                migrations.CreateModel(
                    name="IdentityRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("full_name", models.CharField(max_length=100)),
                        (
                            "name_key",
                            models.CharField(help_text="folded: no marks, lower case, single spaces", max_length=100),
                        ),
                        ("birth_date", models.DateField(null=True)),
                        ("birth_year", models.SmallIntegerField(null=True)),
                        ("sex", models.CharField(choices=[("MALE", "Nam"), ("FEMALE", "Nữ")], max_length=6)),
                        ("hamlet", models.CharField(blank=True, max_length=60)),
                        ("deceased_on", models.DateField(null=True)),
                        ("card_issued", models.BooleanField(default=False)),
                        ("eid_eligible", models.BooleanField(default=False)),
                        ("eid_active", models.BooleanField(default=False)),
                        (
                            "number",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="record",
                                to="beneficiaries.identitynumber",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.administrativeunit",
                            ),
                        ),
                        (
                            "basis",
                            models.CharField(
                                choices=[("EXTRACT", "Dữ liệu dân cư"), ("VERDICT", "Trả lời xác minh từng người")],
                                db_default="EXTRACT",
                                max_length=7,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["birth_year", "name_key"],
                                name="record_by_year_and_name",
                                opclasses=["int2_ops", "text_pattern_ops"],
                            ),
                            models.Index(
                                fields=["unit", "name_key"],
                                name="record_by_unit_and_name",
                                opclasses=["int8_ops", "text_pattern_ops"],
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("eid_active", False), ("eid_eligible", True), _connector="OR"),
                                name="active_eid_is_eligible",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Beneficiary",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("full_name", models.CharField(max_length=100)),
                        ("name_key", models.CharField(max_length=100)),
                        (
                            "sort_key",
                            models.CharField(help_text="given name first, Vietnamese letter order", max_length=300),
                        ),
                        (
                            "birth_date",
                            models.DateField(help_text="only when day, month and year are all known", null=True),
                        ),
                        ("birth_year", models.SmallIntegerField(null=True)),
                        ("sex", models.CharField(choices=[("MALE", "Nam"), ("FEMALE", "Nữ")], max_length=6)),
                        ("hamlet", models.CharField(blank=True, max_length=60)),
                        (
                            "identity_status",
                            models.CharField(
                                choices=[
                                    ("UNCHECKED", "Chưa đối khớp"),
                                    ("MATCHED", "Khớp đúng"),
                                    ("REVIEW", "Chờ rà soát"),
                                    ("NOT_FOUND", "Không tìm thấy"),
                                    ("CONFLICT", "Có sai lệch, phải xác minh"),
                                ],
                                default="UNCHECKED",
                                max_length=10,
                            ),
                        ),
                        (
                            "lookup_digest",
                            models.BinaryField(
                                help_text="keyed digest of the look-up code printed on the slip", null=True
                            ),
                        ),
                        (
                            "same_as",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duplicates",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="beneficiaries",
                                to="staff.administrativeunit",
                            ),
                        ),
                        (
                            "number",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="beneficiaries",
                                to="beneficiaries.identitynumber",
                            ),
                        ),
                        (
                            "identity",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="beneficiaries",
                                to="beneficiaries.identityrecord",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("identity_status", "MATCHED"), _negated=True),
                                    ("identity__isnull", False),
                                    _connector="OR",
                                ),
                                name="matched_beneficiary_has_an_identity",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("birth_date__isnull", True),
                                    ("birth_year", models.F("birth_date__year")),
                                    _connector="OR",
                                ),
                                name="birth_date_agrees_with_birth_year",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("same_as__isnull", True),
                                    models.Q(("same_as", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="beneficiary_is_not_its_own_duplicate",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("lookup_digest__isnull", False)),
                                fields=("lookup_digest",),
                                name="lookup_code_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Programme",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=12, unique=True)),
                        ("name", models.CharField(max_length=200)),
                        (
                            "several_grounds",
                            models.BooleanField(
                                default=False, help_text="a person may hold several categories at once (merit)"
                            ),
                        ),
                        (
                            "budget_source",
                            models.CharField(help_text="nguồn kinh phí the base amount is paid from", max_length=60),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("REGULAR", "Hằng tháng"), ("ONE_OFF", "Một lần"), ("FUNERAL", "Mai táng")],
                                db_default="REGULAR",
                                default="REGULAR",
                                max_length=8,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="BenefitCategory",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True)),
                        (
                            "neutral_code",
                            models.CharField(
                                help_text="what lists, files and exports print", max_length=20, unique=True
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("legal_source", models.CharField(blank=True, max_length=120)),
                        ("sensitive", models.BooleanField(default=False)),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="categories",
                                to="beneficiaries.programme",
                            ),
                        ),
                        (
                            "last_grant_month",
                            models.DateField(
                                help_text="first day of the last month a right may begin in; who has it keeps it until a decision",
                                null=True,
                            ),
                        ),
                        (
                            "beside_insurance",
                            models.CharField(
                                choices=[
                                    ("ALLOWED", "Được hưởng cùng"),
                                    ("LOWER", "Chỉ khi lương hưu, trợ cấp thấp hơn mức hưởng"),
                                    ("NEVER", "Không được hưởng cùng"),
                                ],
                                db_default="ALLOWED",
                                default="ALLOWED",
                                help_text="whether it may be drawn beside a pension or a monthly social-insurance benefit",
                                max_length=7,
                            ),
                        ),
                        (
                            "per_dependant",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="the coefficient is given once per child: 2 children, twice",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("sensitive", False),
                                    models.Q(("neutral_code", models.F("code")), _negated=True),
                                    _connector="OR",
                                ),
                                name="sensitive_category_has_another_printed_code",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Coefficient",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("value", models.DecimalField(decimal_places=2, max_digits=5)),
                        ("valid_from", models.DateField()),
                        (
                            "category",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="coefficients",
                                to="beneficiaries.benefitcategory",
                            ),
                        ),
                        ("legal_source", models.CharField(blank=True, db_default="", max_length=120)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("category", "valid_from"), name="coefficient_once_per_category_and_date"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("value__gt", 0)), name="coefficient_is_positive"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StandardAmount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount", models.BigIntegerField()),
                        ("valid_from", models.DateField()),
                        ("known_on", models.DateField()),
                        ("legal_source", models.CharField(max_length=120)),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="standard_amounts",
                                to="beneficiaries.programme",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("programme", "valid_from"), name="standard_amount_once_per_programme_and_date"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="standard_amount_is_positive"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TopUpRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount", models.BigIntegerField()),
                        ("budget_source", models.CharField(max_length=60)),
                        ("valid_from", models.DateField()),
                        ("known_on", models.DateField()),
                        ("legal_source", models.CharField(max_length=120)),
                        (
                            "category",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="top_up_rates",
                                to="beneficiaries.benefitcategory",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("category", "valid_from"), name="top_up_rate_once_per_category_and_date"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 0)), name="top_up_rate_is_not_negative"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Exclusion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("together", models.BooleanField()),
                        ("valid_from", models.DateField()),
                        ("legal_source", models.CharField(max_length=120)),
                        (
                            "category",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.benefitcategory",
                            ),
                        ),
                        (
                            "other_category",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.benefitcategory",
                            ),
                        ),
                        (
                            "other_programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.programme",
                            ),
                        ),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.programme",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("programme", "category", "other_programme", "other_category", "valid_from"),
                                name="exclusion_once_per_pair_and_date",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AgeChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("age", models.PositiveSmallIntegerField()),
                        (
                            "category",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="age_changes",
                                to="beneficiaries.benefitcategory",
                            ),
                        ),
                        (
                            "next_category",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.benefitcategory",
                            ),
                        ),
                        (
                            "ended_on",
                            models.DateField(help_text="from then on nobody is asked about it any more", null=True),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("category", "age"), name="age_change_once_per_category")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Enrolment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(help_text="mã hồ sơ hưởng", max_length=30, unique=True)),
                        ("coefficient", models.DecimalField(decimal_places=2, max_digits=5)),
                        ("starts_month", models.DateField()),
                        ("ended_month", models.DateField(help_text="first month not paid any more", null=True)),
                        ("suspended_month", models.DateField(null=True)),
                        (
                            "paid_through_month",
                            models.DateField(
                                help_text="đã chi trả đến hết tháng, when the registry was taken over", null=True
                            ),
                        ),
                        (
                            "payee_kind",
                            models.CharField(
                                choices=[
                                    ("OWN", "Chính chủ"),
                                    ("GUARDIAN", "Người giám hộ"),
                                    ("AUTHORISED", "Người được ủy quyền"),
                                    ("CARER", "Người nhận chăm sóc, nuôi dưỡng"),
                                    ("PARENT", "Cha, mẹ (người đại diện theo pháp luật)"),
                                    ("HEAD", "Chủ hộ"),
                                ],
                                default="OWN",
                                max_length=10,
                            ),
                        ),
                        ("payee_name", models.CharField(blank=True, max_length=100)),
                        ("payee_paper_until", models.DateField(null=True)),
                        (
                            "recorded_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                help_text="when it became known to us",
                            ),
                        ),
                        (
                            "beneficiary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="enrolments",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="enrolments",
                                to="beneficiaries.benefitcategory",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="enrolments",
                                to="staff.administrativeunit",
                            ),
                        ),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="enrolments",
                                to="beneficiaries.programme",
                            ),
                        ),
                        (
                            "concerning",
                            models.ForeignKey(
                                help_text="the dead person",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="funerals",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                        (
                            "continues",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="continued_by",
                                to="beneficiaries.enrolment",
                            ),
                        ),
                        (
                            "moved_to",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.administrativeunit",
                            ),
                        ),
                        (
                            "paid_to",
                            models.ForeignKey(
                                help_text="household head who receives with the own sum, unless the member has an account",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receives_for",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("moved_to__isnull", True), ("ended_month__isnull", False), _connector="OR"
                                ),
                                name="enrolment_that_moved_has_ended",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("concerning__isnull", False)),
                                fields=("concerning", "programme"),
                                name="funeral_allowance_once_per_dead_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("coefficient__gt", 0)), name="enrolment_coefficient_is_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("starts_month__day", 1),
                                    models.Q(("ended_month__isnull", True), ("ended_month__day", 1), _connector="OR"),
                                    models.Q(
                                        ("suspended_month__isnull", True), ("suspended_month__day", 1), _connector="OR"
                                    ),
                                ),
                                name="enrolment_months_are_first_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("payee_kind", "OWN"), models.Q(("payee_name", ""), _negated=True), _connector="OR"
                                ),
                                name="payee_other_than_the_beneficiary_has_a_name",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DecisionPaper",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("digest", models.BinaryField(unique=True)),
                        ("media_type", models.CharField(max_length=20)),
                        ("sealed", models.BinaryField()),
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
                    name="Decision",
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
                                    ("GRANT", "Quyết định hưởng"),
                                    ("ADJUST", "Quyết định điều chỉnh"),
                                    ("SUSPEND", "Quyết định tạm dừng"),
                                    ("RESUME", "Quyết định tiếp tục hưởng"),
                                    ("STOP", "Quyết định thôi hưởng"),
                                    ("TRANSFER_OUT", "Quyết định chuyển đi"),
                                    ("TRANSFER_IN", "Quyết định chuyển đến"),
                                    ("RECOVER", "Quyết định thu hồi"),
                                    ("PAY_OUT", "Quyết định chi trả số tiền chưa nhận"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("number", models.CharField(max_length=60)),
                        ("signed_on", models.DateField()),
                        ("effective_month", models.DateField()),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        (
                            "recorded_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                help_text="when it became known to us",
                            ),
                        ),
                        (
                            "enrolment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="beneficiaries.enrolment",
                            ),
                        ),
                        ("amount", models.BigIntegerField(null=True)),
                        ("coefficient", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                        (
                            "from_month",
                            models.DateField(
                                help_text="first month not paid before this decision to resume", null=True
                            ),
                        ),
                        ("last_month", models.DateField(help_text="đã chi trả đến hết tháng", null=True)),
                        ("monthly_ceiling", models.BigIntegerField(null=True)),
                        (
                            "pay_between",
                            models.BooleanField(help_text="whether the months between are paid", null=True),
                        ),
                        ("payee_name", models.CharField(blank=True, db_default="", default="", max_length=100)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                help_text="none: taken over with a registry",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("signer", models.CharField(blank=True, db_default="", default="", max_length=100)),
                        (
                            "to_unit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.administrativeunit",
                            ),
                        ),
                        (
                            "paper",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="beneficiaries.decisionpaper",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("kind__in", ["ADJUST", "RESUME", "RECOVER", "PAY_OUT"])),
                                fields=["effective_month"],
                                name="decision_that_changes_a_sum",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("enrolment", "kind", "number", "signed_on"),
                                name="decision_once_per_enrolment_kind_and_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("effective_month__day", 1)),
                                name="decision_takes_effect_on_a_first_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("coefficient__gt", 0), ("coefficient__isnull", False), ("kind", "ADJUST")
                                    ),
                                    models.Q(
                                        models.Q(("kind", "ADJUST"), _negated=True), ("coefficient__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="adjustment_and_nothing_else_has_a_coefficient",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind", "TRANSFER_OUT"),
                                        ("last_month__isnull", False),
                                        ("last_month__lt", models.F("effective_month")),
                                    ),
                                    models.Q(
                                        models.Q(("kind", "TRANSFER_OUT"), _negated=True),
                                        ("last_month__isnull", True),
                                        ("to_unit__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="transfer_out_and_nothing_else_says_how_far_it_paid",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("from_month__isnull", False),
                                        ("from_month__lte", models.F("effective_month")),
                                        ("kind", "RESUME"),
                                        ("pay_between__isnull", False),
                                    ),
                                    models.Q(
                                        models.Q(("kind", "RESUME"), _negated=True),
                                        ("from_month__isnull", True),
                                        ("pay_between__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="resumption_says_what_becomes_of_the_months_between",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("amount__gt", 0),
                                        ("amount__isnull", False),
                                        ("kind", "RECOVER"),
                                        ("monthly_ceiling__gt", 0),
                                        ("monthly_ceiling__isnull", False),
                                    ),
                                    models.Q(
                                        models.Q(("kind", "RECOVER"), _negated=True),
                                        ("amount__isnull", True),
                                        ("monthly_ceiling__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="recovery_and_nothing_else_has_a_sum_and_a_ceiling",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ArrivalRefusal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.CharField(max_length=300)),
                        ("refused_at", models.DateTimeField()),
                        (
                            "decision",
                            models.OneToOneField(
                                help_text="of the sender, TRANSFER_OUT",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refusal",
                                to="beneficiaries.decision",
                            ),
                        ),
                        (
                            "refused_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                help_text="who refused",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.administrativeunit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="arrival_refusal_says_why"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankAccount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("bank_bin", models.CharField(blank=True, max_length=6)),
                        ("holder_name", models.CharField(blank=True, max_length=100)),
                        (
                            "holder_kind",
                            models.CharField(
                                choices=[
                                    ("OWN", "Chính chủ"),
                                    ("GUARDIAN", "Người giám hộ"),
                                    ("AUTHORISED", "Người được ủy quyền"),
                                    ("CARER", "Người nhận chăm sóc, nuôi dưỡng"),
                                    ("PARENT", "Cha, mẹ (người đại diện theo pháp luật)"),
                                    ("HEAD", "Chủ hộ"),
                                ],
                                default="OWN",
                                max_length=10,
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("VNEID", "Tài khoản hưởng an sinh xã hội trên VNeID"),
                                    ("SLIP", "Phiếu đăng ký"),
                                    ("BANK", "Ngân hàng mở đồng loạt"),
                                    ("REGISTRY", "Danh sách gốc của xã"),
                                    ("PAYER", "Tổ chức dịch vụ chi trả"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("NEEDED", "Cần mở"),
                                    ("REQUESTED", "Đã đề nghị mở"),
                                    ("OPENED", "Đã mở, chờ xác nhận"),
                                    ("VERIFIED", "Đã xác nhận"),
                                    ("CLOSED", "Đã đóng"),
                                    ("REFUSED", "Ngân hàng từ chối mở"),
                                ],
                                max_length=9,
                            ),
                        ),
                        (
                            "reason",
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
                                help_text="why it is not VERIFIED",
                                max_length=24,
                            ),
                        ),
                        ("opened_on", models.DateField(null=True)),
                        ("verified_on", models.DateField(null=True)),
                        ("closed_on", models.DateField(null=True)),
                        ("last_credited_month", models.DateField(null=True)),
                        (
                            "number",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accounts",
                                to="beneficiaries.accountnumber",
                            ),
                        ),
                        (
                            "beneficiary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accounts",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("NEED", "Lập danh sách cần mở"),
                                    ("REGISTER", "Đăng ký, nạp danh sách"),
                                    ("REQUEST", "Đề nghị ngân hàng mở"),
                                    ("BANK_OPENED", "Ngân hàng báo đã mở"),
                                    ("BANK_REFUSED", "Ngân hàng từ chối mở"),
                                    ("VERIFY", "Xác nhận đúng chủ tài khoản"),
                                    ("MONEY_BACK", "Tiền bị hoàn trả vì tài khoản"),
                                    ("HOLDER_CHANGED", "Chủ tài khoản hoặc họ tên người hưởng thay đổi"),
                                    ("CLOSE", "Đóng tài khoản, thôi dùng"),
                                    ("WITHDRAW", "Rút đề nghị mở"),
                                ],
                                db_default="REGISTER",
                                max_length=14,
                            ),
                        ),
                        (
                            "changed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("name_score", models.PositiveSmallIntegerField(help_text="0-100", null=True)),
                        (
                            "name_verdict",
                            models.CharField(
                                choices=[
                                    ("UNCHECKED", "Chưa so tên"),
                                    ("SAME", "Trùng tên"),
                                    ("REVIEW", "Gần giống, chờ xem lại"),
                                    ("DIFFERENT", "Tên khác"),
                                ],
                                db_default="UNCHECKED",
                                max_length=9,
                            ),
                        ),
                        ("note", models.CharField(blank=True, db_default="", max_length=300)),
                        (
                            "status_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                help_text="our clock, when `status` was last written",
                            ),
                        ),
                        ("status_on", models.DateField(help_text="business day the status is true from", null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("beneficiary", "number"), name="account_once_per_beneficiary_and_number"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status__in", ("NEEDED", "REQUESTED", "REFUSED"))),
                                fields=("beneficiary",),
                                name="one_account_to_open_per_beneficiary",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "VERIFIED"), _negated=True), ("reason", ""), _connector="OR"
                                ),
                                name="verified_account_has_no_reason_against_it",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status__in", ("OPENED", "VERIFIED")), _negated=True),
                                    ("number__isnull", False),
                                    _connector="OR",
                                ),
                                name="account_at_the_bank_has_a_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status__in", ("NEEDED", "REQUESTED", "REFUSED")), _negated=True),
                                    ("number__isnull", True),
                                    _connector="OR",
                                ),
                                name="account_to_open_has_no_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("bank_bin__regex", "^\\d{6}$"),
                                    models.Q(("bank_bin", ""), ("number__isnull", True)),
                                    _connector="OR",
                                ),
                                name="bank_bin_has_six_digits",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("closed_on__isnull", True), ("status", "CLOSED"), _connector="OR"),
                                name="only_a_closed_account_has_a_last_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("name_score__isnull", True), ("name_score__lte", 100), _connector="OR"
                                ),
                                name="name_score_is_a_percentage",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccountEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("NEED", "Lập danh sách cần mở"),
                                    ("REGISTER", "Đăng ký, nạp danh sách"),
                                    ("REQUEST", "Đề nghị ngân hàng mở"),
                                    ("BANK_OPENED", "Ngân hàng báo đã mở"),
                                    ("BANK_REFUSED", "Ngân hàng từ chối mở"),
                                    ("VERIFY", "Xác nhận đúng chủ tài khoản"),
                                    ("MONEY_BACK", "Tiền bị hoàn trả vì tài khoản"),
                                    ("HOLDER_CHANGED", "Chủ tài khoản hoặc họ tên người hưởng thay đổi"),
                                    ("CLOSE", "Đóng tài khoản, thôi dùng"),
                                    ("WITHDRAW", "Rút đề nghị mở"),
                                ],
                                max_length=14,
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("NEEDED", "Cần mở"),
                                    ("REQUESTED", "Đã đề nghị mở"),
                                    ("OPENED", "Đã mở, chờ xác nhận"),
                                    ("VERIFIED", "Đã xác nhận"),
                                    ("CLOSED", "Đã đóng"),
                                    ("REFUSED", "Ngân hàng từ chối mở"),
                                ],
                                max_length=9,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=24)),
                        (
                            "holder_kind",
                            models.CharField(
                                choices=[
                                    ("OWN", "Chính chủ"),
                                    ("GUARDIAN", "Người giám hộ"),
                                    ("AUTHORISED", "Người được ủy quyền"),
                                    ("CARER", "Người nhận chăm sóc, nuôi dưỡng"),
                                    ("PARENT", "Cha, mẹ (người đại diện theo pháp luật)"),
                                    ("HEAD", "Chủ hộ"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
                        ("note", models.CharField(blank=True, max_length=300)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="beneficiaries.bankaccount",
                            ),
                        ),
                        (
                            "changed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["account", "effective_on", "id"], name="account_event_as_of")],
                    },
                ),
                migrations.CreateModel(
                    name="MatchRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("started_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("manifest", models.JSONField(default=dict)),
                    ],
                ),
                migrations.CreateModel(
                    name="MatchOrder",
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
                            "ordered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "run",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="order",
                                to="beneficiaries.matchrun",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                condition=models.Q(("stage", "WAITING")), fields=["stage"], name="matchorder_waiting"
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
                                name="matchorder_is_finished_or_waits",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("stage", "REFUSED"), models.Q(("problem_code", ""), _negated=True)),
                                    models.Q(models.Q(("stage", "REFUSED"), _negated=True), ("problem_code", "")),
                                    _connector="OR",
                                ),
                                name="matchorder_says_why_it_was_refused",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("stage", "WAITING")),
                                fields=("stage",),
                                name="one_match_order_waits",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("run__isnull", False), ("stage", "DONE")),
                                    models.Q(models.Q(("stage", "DONE"), _negated=True), ("run__isnull", True)),
                                    _connector="OR",
                                ),
                                name="match_order_is_done_with_its_run",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IdentityMatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "band",
                            models.CharField(
                                choices=[
                                    ("AUTOMATIC", "Tự động"),
                                    ("REVIEWED", "Cán bộ rà soát"),
                                    ("VERDICT", "Trả lời xác minh từng người"),
                                ],
                                max_length=9,
                            ),
                        ),
                        (
                            "evidence",
                            models.JSONField(
                                default=list, help_text="sentences a clerk reads: what agreed, what did not"
                            ),
                        ),
                        ("decided_at", models.DateTimeField()),
                        (
                            "beneficiary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="matches",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
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
                            "identity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="matches",
                                to="beneficiaries.identityrecord",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="matches",
                                to="beneficiaries.matchrun",
                            ),
                        ),
                        (
                            "points",
                            models.FloatField(
                                help_text="bits; empty where number, name, birth year and sex prove it", null=True
                            ),
                        ),
                        (
                            "rule",
                            models.CharField(
                                blank=True,
                                db_default="",
                                help_text="reason code of the engine; empty when a person decided",
                                max_length=24,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_by__isnull", True), ("run__isnull", False)),
                                    models.Q(("decided_by__isnull", False), ("run__isnull", True)),
                                    _connector="OR",
                                ),
                                name="match_is_by_a_run_or_by_a_person",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MatchCandidate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("rank", models.SmallIntegerField(help_text="1 fits best")),
                        ("points", models.FloatField(help_text="bits")),
                        (
                            "evidence",
                            models.JSONField(default=list, help_text="sentences a clerk reads, each with its bits"),
                        ),
                        (
                            "beneficiary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="candidates",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                        (
                            "identity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.identityrecord",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="candidates",
                                to="beneficiaries.matchrun",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("beneficiary", "rank"), name="candidate_once_per_rank"),
                            models.CheckConstraint(
                                condition=models.Q(("rank__gte", 1), ("rank__lte", 3)), name="at_most_three_candidates"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditSample",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("drawn_at", models.DateTimeField()),
                        (
                            "seed",
                            models.BigIntegerField(help_text="the same seed over the same links draws the same sample"),
                        ),
                        ("strata", models.JSONField(help_text="[{rule, band of points, links, drawn}]")),
                        (
                            "drawn_by",
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
                ),
                migrations.CreateModel(
                    name="AuditItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.IntegerField()),
                        ("stratum", models.CharField(max_length=40)),
                        (
                            "extra",
                            models.BooleanField(
                                db_default=False,
                                help_text="drawn to see a small stratum at all; stays out of the precision over all",
                            ),
                        ),
                        (
                            "beneficiary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                        (
                            "identity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.identityrecord",
                            ),
                        ),
                        (
                            "match",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="audits",
                                to="beneficiaries.identitymatch",
                            ),
                        ),
                        (
                            "sample",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="beneficiaries.auditsample",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("sample", "position"), name="audit_item_once_per_position"),
                            models.UniqueConstraint(
                                fields=("sample", "beneficiary", "identity"), name="audit_pair_once_per_sample"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "answer",
                            models.CharField(
                                choices=[
                                    ("SAME", "Cùng một người"),
                                    ("DIFFERENT", "Người khác"),
                                    ("UNSURE", "Chưa xác định được"),
                                ],
                                max_length=9,
                            ),
                        ),
                        (
                            "note",
                            models.CharField(blank=True, help_text="on what papers the answer rests", max_length=300),
                        ),
                        ("answered_at", models.DateTimeField()),
                        (
                            "answered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "item",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="beneficiaries.audititem",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", "DIFFERENT"), _negated=True),
                                    models.Q(("note", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="different_person_has_a_note",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Case",
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
                                    ("IDENTITY", "Xác minh thông tin"),
                                    ("DUPLICATE", "Nghi trùng"),
                                    ("DECEASED", "Dữ liệu dân cư ghi đã mất"),
                                    ("DEATH", "Tin báo tử, chờ xác minh"),
                                    ("HEIR", "Tiền chưa lĩnh của người đã mất"),
                                    ("RECOVERY", "Đề nghị thu hồi tiền chi sau tháng mất"),
                                    ("FUNERAL", "Hồ sơ hỗ trợ chi phí mai táng"),
                                    ("MOVE", "Chuyển nơi cư trú"),
                                    ("CIVIL", "Thay đổi hộ tịch"),
                                    ("ACCOUNT", "Tài khoản"),
                                    ("PAYMENT", "Khoản chi cần xử lý"),
                                    ("MOVED", "Chuyển nơi cư trú, chờ nơi mới quyết định"),
                                    ("OVERPAID", "Đã chi quá số được hưởng, xem xét thu hồi"),
                                    ("AGE", "Sắp đến tuổi thay đổi mức hưởng"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("reason", models.CharField(max_length=40)),
                        ("evidence", models.JSONField(default=list)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("OPEN", "Đang xử lý"),
                                    ("PROPOSED", "Chờ người thứ hai xác nhận"),
                                    ("ESCALATED", "Báo cáo cấp có thẩm quyền"),
                                    ("SOLVED", "Đã xử lý"),
                                    ("REJECTED", "Không chấp nhận"),
                                ],
                                default="OPEN",
                                max_length=10,
                            ),
                        ),
                        ("opened_at", models.DateTimeField()),
                        ("due_on", models.DateField(null=True)),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("note", models.CharField(blank=True, max_length=300)),
                        (
                            "beneficiary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
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
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="staff.administrativeunit",
                            ),
                        ),
                        (
                            "enrolment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="beneficiaries.enrolment",
                            ),
                        ),
                        (
                            "against",
                            models.ForeignKey(
                                help_text="what it may be a duplicate of",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.enrolment",
                            ),
                        ),
                        (
                            "document",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="paper it rests on: number and date",
                                max_length=120,
                            ),
                        ),
                        (
                            "level",
                            models.CharField(
                                choices=[
                                    ("COMMUNE", "Cấp xã"),
                                    ("PROVINCE", "Cấp tỉnh"),
                                    ("POLICE", "Cơ quan Công an"),
                                    ("MINISTRY", "Bộ"),
                                ],
                                db_default="COMMUNE",
                                default="COMMUNE",
                                max_length=8,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("proposal", models.JSONField(null=True)),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "solution",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("SETTLED", "Đã làm xong"),
                                    ("IDENTIFIED", "Đã xác định đúng người"),
                                    ("NOT_THE_SAME", "Không phải cùng một người"),
                                    ("SAME_PERSON", "Cùng một người, thôi hưởng một hồ sơ"),
                                    ("OFFER_AGAIN", "Gửi lại ngân hàng"),
                                    ("CORRECTED", "Đã sửa hồ sơ theo giấy tờ"),
                                ],
                                db_default="",
                                default="",
                                max_length=16,
                            ),
                        ),
                        ("subject", models.CharField(blank=True, db_default="", default="", max_length=60)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ("OPEN", "PROPOSED", "ESCALATED"))),
                                fields=["unit", "due_on"],
                                name="case_live_by_unit",
                            ),
                            models.Index(
                                condition=models.Q(("status__in", ("OPEN", "PROPOSED", "ESCALATED"))),
                                fields=["owner"],
                                name="case_live_by_owner",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status__in", ("OPEN", "PROPOSED", "ESCALATED"))),
                                fields=("beneficiary", "kind", "subject"),
                                name="live_case_once_per_subject",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="case_decided_by_and_at_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("status", "OPEN"), ("decided_by__isnull", False), _connector="OR"),
                                name="decided_case_names_who",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "PROPOSED"), _negated=True),
                                    models.Q(("proposed_by__isnull", False), models.Q(("solution", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="proposed_case_says_what_and_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "SOLVED"), _negated=True),
                                    ("proposed_by__isnull", True),
                                    models.Q(("proposed_by", models.F("decided_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposal_is_confirmed_by_a_second_person",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "status_before",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("OPEN", "Đang xử lý"),
                                    ("PROPOSED", "Chờ người thứ hai xác nhận"),
                                    ("ESCALATED", "Báo cáo cấp có thẩm quyền"),
                                    ("SOLVED", "Đã xử lý"),
                                    ("REJECTED", "Không chấp nhận"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "status_after",
                            models.CharField(
                                choices=[
                                    ("OPEN", "Đang xử lý"),
                                    ("PROPOSED", "Chờ người thứ hai xác nhận"),
                                    ("ESCALATED", "Báo cáo cấp có thẩm quyền"),
                                    ("SOLVED", "Đã xử lý"),
                                    ("REJECTED", "Không chấp nhận"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "level_before",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("COMMUNE", "Cấp xã"),
                                    ("PROVINCE", "Cấp tỉnh"),
                                    ("POLICE", "Cơ quan Công an"),
                                    ("MINISTRY", "Bộ"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "level_after",
                            models.CharField(
                                choices=[
                                    ("COMMUNE", "Cấp xã"),
                                    ("PROVINCE", "Cấp tỉnh"),
                                    ("POLICE", "Cơ quan Công an"),
                                    ("MINISTRY", "Bộ"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "solution",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("SETTLED", "Đã làm xong"),
                                    ("IDENTIFIED", "Đã xác định đúng người"),
                                    ("NOT_THE_SAME", "Không phải cùng một người"),
                                    ("SAME_PERSON", "Cùng một người, thôi hưởng một hồ sơ"),
                                    ("OFFER_AGAIN", "Gửi lại ngân hàng"),
                                    ("CORRECTED", "Đã sửa hồ sơ theo giấy tờ"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("proposal", models.JSONField(null=True)),
                        ("document", models.CharField(blank=True, max_length=120)),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="beneficiaries.case",
                            ),
                        ),
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
                            "owner_after",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner_before",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["case", "id"], name="case_decision_trail")],
                    },
                ),
                migrations.CreateModel(
                    name="DistinctPeople",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("decided_at", models.DateTimeField()),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="beneficiaries.case"
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "first",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                        (
                            "second",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("first", "second"), name="distinct_people_once"),
                            models.CheckConstraint(
                                condition=models.Q(("first__lt", models.F("second"))), name="distinct_people_in_order"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Phone",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sealed", models.BinaryField()),
                        (
                            "owner",
                            models.CharField(
                                choices=[
                                    ("OWN", "Của người hưởng"),
                                    ("RELATIVE", "Của người thân"),
                                    ("GUARDIAN", "Của người giám hộ"),
                                    ("AUTHORISED", "Của người được ủy quyền"),
                                    ("OTHER", "Của người khác"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("owner_name", models.CharField(blank=True, max_length=100)),
                        ("opted_out_at", models.DateTimeField(null=True)),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "beneficiary",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="phone",
                                to="beneficiaries.beneficiary",
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
                                condition=models.Q(
                                    ("owner", "OWN"), models.Q(("owner_name", ""), _negated=True), _connector="OR"
                                ),
                                name="phone_of_another_person_says_whose",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Correction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("full_name_before", models.CharField(max_length=100)),
                        ("full_name_after", models.CharField(blank=True, default="", max_length=100)),
                        ("birth_date_before", models.DateField(null=True)),
                        ("birth_date_after", models.DateField(null=True)),
                        ("birth_year_before", models.SmallIntegerField(null=True)),
                        ("birth_year_after", models.SmallIntegerField(null=True)),
                        ("sex_before", models.CharField(choices=[("MALE", "Nam"), ("FEMALE", "Nữ")], max_length=6)),
                        (
                            "sex_after",
                            models.CharField(
                                blank=True, choices=[("MALE", "Nam"), ("FEMALE", "Nữ")], default="", max_length=6
                            ),
                        ),
                        ("hamlet_before", models.CharField(blank=True, max_length=60)),
                        ("hamlet_after", models.CharField(blank=True, default="", max_length=60)),
                        ("number_removed", models.BooleanField(default=False)),
                        (
                            "paper_kind",
                            models.CharField(
                                choices=[
                                    ("ID_CARD", "Thẻ căn cước, căn cước công dân"),
                                    ("BIRTH_CERTIFICATE", "Giấy khai sinh, trích lục khai sinh"),
                                    ("CIVIL_EXTRACT", "Trích lục cải chính, thay đổi hộ tịch"),
                                    ("POLICE_ANSWER", "Văn bản trả lời của cơ quan Công an"),
                                    ("RESIDENCE", "Giấy xác nhận thông tin về cư trú"),
                                ],
                                max_length=17,
                            ),
                        ),
                        ("paper_number", models.CharField(max_length=60)),
                        ("paper_issued_on", models.DateField()),
                        ("paper_issuer", models.CharField(max_length=120)),
                        ("reason", models.CharField(max_length=300)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("PROPOSED", "Chờ người thứ hai xác nhận"),
                                    ("IN_FORCE", "Đã sửa hồ sơ"),
                                    ("REFUSED", "Không chấp nhận"),
                                    ("WITHDRAWN", "Đã rút"),
                                ],
                                default="PROPOSED",
                                max_length=9,
                            ),
                        ),
                        ("proposed_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "note",
                            models.CharField(
                                blank=True, default="", help_text="why it was refused or withdrawn", max_length=300
                            ),
                        ),
                        (
                            "beneficiary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="beneficiaries.case",
                            ),
                        ),
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
                            "number_after",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.identitynumber",
                            ),
                        ),
                        (
                            "number_before",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.identitynumber",
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
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("full_name_after", ""), _negated=True),
                                    ("birth_year_after__isnull", False),
                                    models.Q(("sex_after", ""), _negated=True),
                                    models.Q(("hamlet_after", ""), _negated=True),
                                    ("number_after__isnull", False),
                                    ("number_removed", True),
                                    _connector="OR",
                                ),
                                name="correction_changes_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("full_name_after", ""),
                                        models.Q(("full_name_after", models.F("full_name_before")), _negated=True),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("sex_after", ""),
                                        models.Q(("sex_after", models.F("sex_before")), _negated=True),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("hamlet_after", ""),
                                        models.Q(("hamlet_after", models.F("hamlet_before")), _negated=True),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("number_after__isnull", True),
                                        ("number_before__isnull", True),
                                        models.Q(("number_after", models.F("number_before")), _negated=True),
                                        _connector="OR",
                                    ),
                                ),
                                name="correction_differs_from_what_stood",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("birth_date_after__isnull", True),
                                    ("birth_year_after", models.F("birth_date_after__year")),
                                    _connector="OR",
                                ),
                                name="correction_birth_date_agrees_with_its_year",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("number_removed", False),
                                    models.Q(("number_after__isnull", True), ("number_before__isnull", False)),
                                    _connector="OR",
                                ),
                                name="correction_removes_a_number_or_names_one",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("paper_number", ""), _negated=True),
                                    models.Q(("paper_issuer", ""), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                ),
                                name="correction_names_its_paper",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at__isnull", True),
                                        ("decided_by__isnull", True),
                                        ("status", "PROPOSED"),
                                    ),
                                    models.Q(
                                        models.Q(("status", "PROPOSED"), _negated=True),
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="correction_decided_by_and_at_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status__in", ["IN_FORCE", "REFUSED"]), _negated=True),
                                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="correction_is_confirmed_by_a_second_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "WITHDRAWN"), _negated=True),
                                    ("decided_by", models.F("proposed_by")),
                                    _connector="OR",
                                ),
                                name="correction_is_withdrawn_by_its_proposer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "REFUSED"), _negated=True),
                                    models.Q(("note", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="refused_correction_says_why",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "PROPOSED")),
                                fields=("beneficiary",),
                                name="one_correction_of_a_person_waits",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Handover",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("case_ids", models.JSONField()),
                        (
                            "digest",
                            models.CharField(
                                help_text="SHA-256 over giver, receiver, unit and the cases as listed", max_length=64
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("listed_at", models.DateTimeField()),
                        (
                            "giver",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "receiver",
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
                                condition=models.Q(("giver", models.F("receiver")), _negated=True),
                                name="handover_between_two_people",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandoverSignature",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "side",
                            models.CharField(choices=[("GIVER", "Bên giao"), ("RECEIVER", "Bên nhận")], max_length=8),
                        ),
                        ("digest", models.CharField(max_length=64)),
                        ("signed_at", models.DateTimeField()),
                        (
                            "handover",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to="beneficiaries.handover",
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
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("handover", "side"), name="handover_side_signed_once"),
                            models.UniqueConstraint(fields=("handover", "signer"), name="handover_signer_signs_once"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReceivedFile",
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
                                    ("CASH_RESULT", "Kết quả chi tiền mặt"),
                                ],
                                max_length=11,
                            ),
                        ),
                        ("content_digest", models.BinaryField(unique=True)),
                        ("received_at", models.DateTimeField()),
                        ("row_count", models.IntegerField()),
                        ("rejected_count", models.IntegerField(default=0)),
                        (
                            "received_by",
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
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.administrativeunit",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="RegistryRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("row_number", models.IntegerField(help_text="as the spreadsheet counts, from 1")),
                        ("row_digest", models.BinaryField()),
                        ("sealed", models.BinaryField()),
                        (
                            "errors",
                            models.JSONField(
                                default=list, help_text="[{column, code, sentence}], no value of the row in them"
                            ),
                        ),
                        ("rejected", models.BooleanField(default=False)),
                        (
                            "enrolment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="registry_rows",
                                to="beneficiaries.enrolment",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rows",
                                to="beneficiaries.receivedfile",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("file", "row_number"), name="row_once_per_file")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InsuranceFeed",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("as_of", models.DateField()),
                        (
                            "file",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.receivedfile",
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
                        "indexes": [models.Index(fields=["unit", "-as_of", "-id"], name="newest_insurance_feed")],
                    },
                ),
                migrations.CreateModel(
                    name="InsuranceTotal",
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
                                    ("PENSION", "Lương hưu"),
                                    ("MONTHLY", "Trợ cấp bảo hiểm xã hội hằng tháng"),
                                    ("UNEMPLOYMENT", "Trợ cấp thất nghiệp"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("people", models.IntegerField()),
                        ("amount", models.BigIntegerField()),
                        ("ours", models.IntegerField()),
                        (
                            "feed",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="totals",
                                to="beneficiaries.insurancefeed",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("feed", "kind"), name="insurance_total_once_per_feed_and_kind"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ours__lte", models.F("people"))), name="ours_are_among_the_insured"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InsuranceBenefit",
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
                                    ("PENSION", "Lương hưu"),
                                    ("MONTHLY", "Trợ cấp bảo hiểm xã hội hằng tháng"),
                                    ("UNEMPLOYMENT", "Trợ cấp thất nghiệp"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("amount", models.BigIntegerField()),
                        ("from_month", models.DateField()),
                        (
                            "number",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.identitynumber",
                            ),
                        ),
                        (
                            "feed",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="benefits",
                                to="beneficiaries.insurancefeed",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("feed", "number", "kind"), name="insurance_once_per_person_and_kind"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="insurance_amount_is_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("from_month__day", 1)), name="insurance_begins_with_a_month"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LevelProposal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("value", models.DecimalField(decimal_places=2, max_digits=14)),
                        ("valid_from", models.DateField()),
                        (
                            "known_on",
                            models.DateField(help_text="the day the document was signed: no list before it knows"),
                        ),
                        ("legal_source", models.CharField(max_length=120)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("PENDING", "Chờ người thứ hai"),
                                    ("ADOPTED", "Đã áp dụng"),
                                    ("REFUSED", "Không áp dụng"),
                                ],
                                default="PENDING",
                                max_length=8,
                            ),
                        ),
                        ("proposed_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("note", models.CharField(blank=True, max_length=300)),
                        (
                            "category",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.benefitcategory",
                            ),
                        ),
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
                            "paper",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.decisionpaper",
                            ),
                        ),
                        (
                            "programme",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.programme",
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
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("category__isnull", False), ("programme__isnull", True)),
                                    models.Q(("category__isnull", True), ("programme__isnull", False)),
                                    _connector="OR",
                                ),
                                name="level_is_of_a_category_or_a_programme",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("value__gt", 0)), name="proposed_level_is_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("legal_source", ""), _negated=True),
                                name="proposed_level_names_its_law",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by__isnull", True),
                                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="level_is_decided_by_a_second_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at__isnull", True),
                                        ("decided_by__isnull", True),
                                        ("status", "PENDING"),
                                    ),
                                    models.Q(
                                        models.Q(("status", "PENDING"), _negated=True),
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="level_says_who_decided_and_when",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "PENDING")),
                                fields=("category", "programme", "valid_from"),
                                name="one_proposal_of_a_level_waits",
                                nulls_distinct=False,
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LifeEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("CIVIL_REGISTRY", "Cơ quan đăng ký hộ tịch"),
                                    ("HOSPITAL", "Cơ sở y tế (chưa đăng ký khai tử)"),
                                    ("COMMUNE", "Thôn, xã báo (chưa đăng ký khai tử)"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("event_id", models.CharField(max_length=80)),
                        ("about", models.CharField(max_length=80)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("DEATH", "Khai tử"),
                                    ("BIRTH", "Khai sinh con"),
                                    ("MOVE", "Chuyển nơi cư trú"),
                                    ("NAME", "Thay đổi họ tên"),
                                    ("NUMBER", "Cấp lại số định danh"),
                                ],
                                max_length=6,
                            ),
                        ),
                        (
                            "action",
                            models.CharField(
                                choices=[("REPORT", "Báo"), ("CORRECT", "Cải chính"), ("WITHDRAW", "Thu hồi")],
                                max_length=8,
                            ),
                        ),
                        (
                            "issued_at",
                            models.DateTimeField(
                                help_text="by the source's clock: of two messages on one fact the later one holds"
                            ),
                        ),
                        ("occurred_on", models.DateField(null=True)),
                        ("full_name", models.CharField(blank=True, max_length=100)),
                        ("name_key", models.CharField(blank=True, max_length=100)),
                        ("birth_year", models.SmallIntegerField(null=True)),
                        ("new_name", models.CharField(blank=True, max_length=100)),
                        ("child_name", models.CharField(blank=True, max_length=100)),
                        ("child_born_on", models.DateField(null=True)),
                        (
                            "content_digest",
                            models.BinaryField(help_text="keyed; of what is said, without id and time of the message"),
                        ),
                        ("sealed", models.BinaryField(help_text="the message as received")),
                        ("received_at", models.DateTimeField()),
                        (
                            "file",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="life_events",
                                to="beneficiaries.receivedfile",
                            ),
                        ),
                        (
                            "new_number",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.identitynumber",
                            ),
                        ),
                        (
                            "number",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="life_events",
                                to="beneficiaries.identitynumber",
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
                        (
                            "scope",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.administrativeunit",
                            ),
                        ),
                        (
                            "to_unit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.administrativeunit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["source", "about"], name="life_event_thread")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "event_id"), name="life_event_once_per_source_and_id"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("about", models.F("event_id")), ("action", "REPORT")),
                                    models.Q(
                                        models.Q(("action", "REPORT"), _negated=True),
                                        models.Q(("about", models.F("event_id")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="life_event_report_is_about_itself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("action", "WITHDRAW"),
                                    models.Q(
                                        ("number__isnull", False),
                                        ("occurred_on__isnull", False),
                                        models.Q(("full_name", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="life_event_says_who_and_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("action", "WITHDRAW"),
                                    ("kind", "DEATH"),
                                    models.Q(("child_born_on__isnull", False), ("kind", "BIRTH")),
                                    models.Q(("kind", "MOVE"), ("to_unit__isnull", False)),
                                    models.Q(("kind", "NAME"), models.Q(("new_name", ""), _negated=True)),
                                    models.Q(("kind", "NUMBER"), ("new_number__isnull", False)),
                                    _connector="OR",
                                ),
                                name="life_event_says_what",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("source", "CIVIL_REGISTRY"), ("kind", "DEATH"), _connector="OR"),
                                name="life_event_unregistered_is_a_death_notice",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LifeEventSettlement",
                    fields=[
                        (
                            "event",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="settlement",
                                serialize=False,
                                to="beneficiaries.lifeevent",
                            ),
                        ),
                        (
                            "people",
                            models.IntegerField(
                                help_text="people of that number known then; 0 is tried again when one appears"
                            ),
                        ),
                        ("settled_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="NoticeAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "answer",
                            models.CharField(
                                choices=[
                                    ("CONFIRM", "Đã mất, chờ đăng ký khai tử"),
                                    ("LIFT", "Còn sống, tin báo không đúng"),
                                ],
                                max_length=7,
                            ),
                        ),
                        ("note", models.CharField(max_length=300)),
                        ("answered_at", models.DateTimeField()),
                        (
                            "answered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="beneficiaries.lifeevent",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("note", ""), _negated=True),
                                name="notice_answer_says_how_it_is_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LifeStatus",
                    fields=[
                        (
                            "beneficiary",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="life_status",
                                serialize=False,
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                        ("deceased_on", models.DateField(null=True)),
                        ("death_registered", models.BooleanField(default=False)),
                        ("notice_on", models.DateField(null=True)),
                        ("not_deceased_on", models.DateField(null=True)),
                        ("moved_on", models.DateField(null=True)),
                        (
                            "name_before",
                            models.CharField(blank=True, help_text="as the ward's registry had it", max_length=100),
                        ),
                        ("name_now", models.CharField(blank=True, max_length=100)),
                        ("settled_at", models.DateTimeField()),
                        (
                            "moved_to",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.administrativeunit",
                            ),
                        ),
                        (
                            "notice",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.lifeevent",
                            ),
                        ),
                        (
                            "number_before",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.identitynumber",
                            ),
                        ),
                        (
                            "number_now",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.identitynumber",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("deceased_on__isnull", True), ("notice_on__isnull", True), _connector="OR"
                                ),
                                name="life_status_is_dead_or_asked_not_both",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("notice__isnull", True), ("notice_on__isnull", True)),
                                    models.Q(("notice__isnull", False), ("notice_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="life_status_hold_names_its_notice",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Child",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("CIVIL_REGISTRY", "Cơ quan đăng ký hộ tịch"),
                                    ("HOSPITAL", "Cơ sở y tế (chưa đăng ký khai tử)"),
                                    ("COMMUNE", "Thôn, xã báo (chưa đăng ký khai tử)"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("root", models.CharField(help_text="id of the first message about this birth", max_length=80)),
                        ("full_name", models.CharField(blank=True, max_length=100)),
                        ("born_on", models.DateField()),
                        ("until_month", models.DateField()),
                        ("withdrawn", models.BooleanField(default=False)),
                        (
                            "parent",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("parent", "source", "root"), name="child_once_per_parent_and_birth"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("until_month__day", 1)), name="child_until_a_first_day"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CandidateLookup",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("NEW_FILE", "Lập hồ sơ mới"),
                                    ("CORRECT_FILE", "Sửa hồ sơ"),
                                    ("SOLVE_CASE", "Xử lý việc cần xác minh"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("looked_at", models.DateTimeField()),
                        (
                            "shown",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                default=list,
                                help_text="ids of identity records, best first",
                                size=None,
                            ),
                        ),
                        (
                            "actor",
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
                ),
                migrations.CreateModel(
                    name="MatchModel",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.CharField(max_length=40, unique=True)),
                        ("content", models.JSONField()),
                        ("made_at", models.DateTimeField()),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "sample",
                            models.ForeignKey(
                                help_text="the audit its thresholds rest on",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.auditsample",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="MatchModelAdoption",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("adopted_at", models.DateTimeField()),
                        ("reason", models.CharField(max_length=300)),
                        (
                            "adopted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                help_text="who made the model",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "model",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adoptions",
                                to="beneficiaries.matchmodel",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("adopted_by", models.F("made_by")), _negated=True),
                                name="model_is_adopted_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="adoption_has_a_reason"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TrainingOrder",
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
                        ("version", models.CharField(max_length=40)),
                        (
                            "model",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="order",
                                to="beneficiaries.matchmodel",
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
                    ],
                    options={
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                condition=models.Q(("stage", "WAITING")), fields=["stage"], name="trainingorder_waiting"
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
                                name="trainingorder_is_finished_or_waits",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("stage", "REFUSED"), models.Q(("problem_code", ""), _negated=True)),
                                    models.Q(models.Q(("stage", "REFUSED"), _negated=True), ("problem_code", "")),
                                    _connector="OR",
                                ),
                                name="trainingorder_says_why_it_was_refused",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("stage", "WAITING")),
                                fields=("stage",),
                                name="one_training_order_waits",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("model__isnull", False), ("stage", "DONE")),
                                    models.Q(models.Q(("stage", "DONE"), _negated=True), ("model__isnull", True)),
                                    _connector="OR",
                                ),
                                name="training_order_is_done_with_its_model",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccountOpening",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("bank_bin", models.CharField(max_length=6)),
                        (
                            "way",
                            models.CharField(
                                choices=[("API", "Kết nối ngân hàng"), ("FILE", "Tệp danh sách")], max_length=4
                            ),
                        ),
                        ("request_id", models.CharField(max_length=30, unique=True)),
                        ("attempt", models.PositiveSmallIntegerField(default=1)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("READY", "Chờ gửi"),
                                    ("SENT", "Đã gửi, chưa rõ kết quả"),
                                    ("TAKEN", "Ngân hàng đang xử lý"),
                                    ("OPENED", "Ngân hàng đã mở"),
                                    ("REFUSED", "Ngân hàng từ chối"),
                                ],
                                default="READY",
                                max_length=7,
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        (
                            "first_used_at",
                            models.DateTimeField(help_text="first use of the current key at the bank", null=True),
                        ),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("bank_reference", models.CharField(blank=True, max_length=64)),
                        ("refusal", models.CharField(blank=True, help_text="the bank's code or words", max_length=60)),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="openings",
                                to="beneficiaries.bankaccount",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ["READY", "SENT"])),
                                fields=["status", "id"],
                                name="opening_at_work",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status__in", ["READY", "SENT", "TAKEN"])),
                                fields=("account",),
                                name="one_open_request_per_account",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status", "READY"),
                                    ("way", "FILE"),
                                    ("first_used_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_request_offered_says_since_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpeningTemplate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("bank_bin", models.CharField(max_length=6)),
                        ("title", models.CharField(max_length=200)),
                        ("columns", models.JSONField()),
                        ("answers", models.JSONField()),
                        ("opened_words", models.JSONField()),
                        ("refused_words", models.JSONField()),
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
                    options={
                        "indexes": [models.Index(fields=["bank_bin", "-id"], name="newest_opening_template")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("bank_bin__regex", "^\\d{6}$")), name="opening_template_is_a_banks"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PayeeRelation",
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
                                    ("OWN", "Chính chủ"),
                                    ("GUARDIAN", "Người giám hộ"),
                                    ("AUTHORISED", "Người được ủy quyền"),
                                    ("CARER", "Người nhận chăm sóc, nuôi dưỡng"),
                                    ("PARENT", "Cha, mẹ (người đại diện theo pháp luật)"),
                                    ("HEAD", "Chủ hộ"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("full_name", models.CharField(max_length=100)),
                        ("name_key", models.CharField(max_length=100)),
                        ("sealed_phone", models.BinaryField(null=True)),
                        (
                            "scope",
                            models.CharField(
                                choices=[
                                    ("RECEIVE", "Nhận tiền thay"),
                                    ("RECEIVE_AND_SIGN", "Nhận tiền thay và ký phiếu đăng ký hình thức nhận"),
                                ],
                                default="RECEIVE",
                                max_length=16,
                            ),
                        ),
                        ("paper_number", models.CharField(blank=True, max_length=60)),
                        ("paper_signed_on", models.DateField(null=True)),
                        ("certified_by", models.CharField(blank=True, max_length=120)),
                        ("valid_from", models.DateField()),
                        ("valid_until", models.DateField(help_text="last day", null=True)),
                        ("ended_on", models.DateField(help_text="first day on which it holds no longer", null=True)),
                        (
                            "end_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("REVOKED", "Chấm dứt theo đề nghị"),
                                    ("REPLACED", "Thay bằng giấy mới"),
                                    ("DECEASED", "Người hưởng hoặc người nhận thay đã mất"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "beneficiary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payees",
                                to="beneficiaries.beneficiary",
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
                            "number",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payees",
                                to="beneficiaries.identitynumber",
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
                                condition=models.Q(("ended_on__isnull", True)),
                                fields=("beneficiary", "kind"),
                                name="one_live_payee_per_beneficiary_and_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kind", "OWN"), _negated=True), name="payee_is_somebody_else"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "AUTHORISED"), _negated=True),
                                    models.Q(
                                        models.Q(("paper_number", ""), _negated=True),
                                        models.Q(("certified_by", ""), _negated=True),
                                        ("valid_until__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="power_of_attorney_has_number_certifier_and_term",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="payee_term_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("end_reason", ""), ("ended_on__isnull", True)),
                                    models.Q(("ended_on__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="payee_ended_on_and_why_together",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PayeePaper",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("content_type", models.CharField(max_length=20)),
                        ("sealed", models.BinaryField()),
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
                            "relation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="paper",
                                to="beneficiaries.payeerelation",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="RegistrationSlip",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "method",
                            models.CharField(
                                choices=[("ACCOUNT", "Qua tài khoản"), ("CASH", "Tiền mặt")], max_length=7
                            ),
                        ),
                        ("signed_on", models.DateField()),
                        (
                            "signer_kind",
                            models.CharField(
                                choices=[
                                    ("OWN", "Chính chủ"),
                                    ("GUARDIAN", "Người giám hộ"),
                                    ("AUTHORISED", "Người được ủy quyền"),
                                    ("CARER", "Người nhận chăm sóc, nuôi dưỡng"),
                                    ("PARENT", "Cha, mẹ (người đại diện theo pháp luật)"),
                                    ("HEAD", "Chủ hộ"),
                                ],
                                help_text="OWN: the beneficiary",
                                max_length=10,
                            ),
                        ),
                        ("signer_name", models.CharField(max_length=100)),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="slips",
                                to="beneficiaries.bankaccount",
                            ),
                        ),
                        (
                            "beneficiary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="slips",
                                to="beneficiaries.beneficiary",
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
                        "indexes": [models.Index(fields=["beneficiary", "signed_on", "id"], name="newest_slip")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("account__isnull", False), ("method", "ACCOUNT")),
                                    models.Q(("account__isnull", True), ("method", "CASH")),
                                    _connector="OR",
                                ),
                                name="slip_names_an_account_or_cash",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SlipScan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("content_type", models.CharField(max_length=20)),
                        ("sealed", models.BinaryField()),
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
                            "slip",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="scan",
                                to="beneficiaries.registrationslip",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="AccountChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("PENDING", "Chờ người thứ hai duyệt"),
                                    ("APPROVED", "Đã duyệt"),
                                    ("REFUSED", "Không duyệt"),
                                ],
                                default="PENDING",
                                max_length=8,
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("usable_from", models.DateField(null=True)),
                        ("note", models.CharField(blank=True, max_length=300)),
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
                            "new_account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="changes_here",
                                to="beneficiaries.bankaccount",
                            ),
                        ),
                        (
                            "old_account",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="changes_away",
                                to="beneficiaries.bankaccount",
                            ),
                        ),
                        (
                            "requested_by",
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
                                condition=models.Q(("status", "PENDING")),
                                fields=("new_account",),
                                name="one_change_at_a_time_to_an_account",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by__isnull", True),
                                    models.Q(("decided_by", models.F("requested_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="account_change_is_decided_by_a_second_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at__isnull", True),
                                        ("decided_by__isnull", True),
                                        ("status", "PENDING"),
                                    ),
                                    models.Q(
                                        models.Q(("status", "PENDING"), _negated=True),
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="account_change_says_who_decided_and_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "APPROVED"), ("usable_from__isnull", False)),
                                    models.Q(
                                        models.Q(("status", "APPROVED"), _negated=True), ("usable_from__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="approved_account_change_has_a_first_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("old_account", models.F("new_account")), _negated=True),
                                name="account_change_is_to_another_account",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SourcePrecedence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("VNEID", "Tài khoản hưởng an sinh xã hội trên VNeID"),
                                    ("SLIP", "Phiếu đăng ký"),
                                    ("BANK", "Ngân hàng mở đồng loạt"),
                                    ("REGISTRY", "Danh sách gốc của xã"),
                                    ("PAYER", "Tổ chức dịch vụ chi trả"),
                                ],
                                max_length=8,
                                unique=True,
                            ),
                        ),
                        ("rank", models.PositiveSmallIntegerField(unique=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="FuneralFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "file_number",
                            models.CharField(
                                blank=True, help_text="mã hồ sơ, once the one-stop desk has given it", max_length=40
                            ),
                        ),
                        ("opened_at", models.DateTimeField()),
                        (
                            "beneficiary",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="funeral_file",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("file_number", ""), _negated=True),
                                fields=("file_number",),
                                name="funeral_file_number_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FuneralFileStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("NOT_RECEIVED", "Chưa tiếp nhận"),
                                    ("REFUSED", "Không tiếp nhận"),
                                    ("SUPPLEMENT", "Yêu cầu bổ sung"),
                                    ("IN_PROGRESS", "Đang xử lý"),
                                    ("STOPPED", "Dừng xử lý"),
                                    ("SETTLED", "Đã giải quyết"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="beneficiaries.funeralfile",
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
                                condition=models.Q(
                                    ("status__in", ["IN_PROGRESS", "SETTLED"]),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="funeral_file_step_says_why",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QualityScore",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("taken_on", models.DateField()),
                        ("files", models.IntegerField()),
                        ("correct", models.IntegerField()),
                        ("complete", models.IntegerField()),
                        ("cleaned", models.IntegerField()),
                        ("live", models.IntegerField()),
                        ("solved_mismatches", models.IntegerField()),
                        ("open_mismatches", models.IntegerField()),
                        ("without_number", models.IntegerField()),
                        ("not_found", models.IntegerField()),
                        ("duplicates", models.IntegerField()),
                        ("deceased", models.IntegerField()),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.programme",
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
                                fields=("taken_on", "unit", "programme"), name="quality_once_per_day_unit_and_programme"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("correct__gte", 0), ("correct__lte", models.F("files"))),
                                    models.Q(("complete__gte", 0), ("complete__lte", models.F("files"))),
                                    models.Q(("cleaned__gte", 0), ("cleaned__lte", models.F("files"))),
                                    models.Q(("live__gte", 0), ("live__lte", models.F("files"))),
                                    models.Q(
                                        ("solved_mismatches__gte", 0), ("solved_mismatches__lte", models.F("files"))
                                    ),
                                    models.Q(("open_mismatches__gte", 0), ("open_mismatches__lte", models.F("files"))),
                                    models.Q(("without_number__gte", 0), ("without_number__lte", models.F("files"))),
                                    models.Q(("not_found__gte", 0), ("not_found__lte", models.F("files"))),
                                    models.Q(("duplicates__gte", 0), ("duplicates__lte", models.F("files"))),
                                    models.Q(("deceased__gte", 0), ("deceased__lte", models.F("files"))),
                                ),
                                name="quality_counts_are_parts_of_the_files",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QualitySignOff",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("taken_on", models.DateField()),
                        ("signed_at", models.DateTimeField()),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("figures", models.JSONField(help_text="the sums that were signed, by name")),
                        (
                            "signed_by",
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
                                fields=("taken_on", "unit"), name="quality_signed_once_per_day_and_unit"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RegistryUpload",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sheet",
                            models.CharField(
                                blank=True, help_text="which sheet, where several hold a list", max_length=60
                            ),
                        ),
                        (
                            "sealed",
                            models.BinaryField(
                                help_text="the file, encrypted; forgotten some weeks after the end", null=True
                            ),
                        ),
                        (
                            "file_digest",
                            models.BinaryField(help_text="keyed digest of the bytes: a double click is one upload"),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("RECEIVED", "Đang đọc"),
                                    ("NEEDS_MAPPING", "Chờ khai tên cột"),
                                    ("PREVIEWED", "Chờ xác nhận"),
                                    ("CONFIRMED", "Đang nạp"),
                                    ("DONE", "Đã nạp"),
                                    ("REFUSED", "Không đọc được"),
                                    ("CANCELLED", "Đã bỏ"),
                                ],
                                default="RECEIVED",
                                max_length=13,
                            ),
                        ),
                        ("stopped", models.BooleanField(default=False)),
                        ("uploaded_at", models.DateTimeField()),
                        ("problem_code", models.CharField(blank=True, max_length=40)),
                        ("problem", models.CharField(blank=True, max_length=600)),
                        ("fingerprint", models.CharField(blank=True, max_length=32)),
                        (
                            "headings",
                            models.JSONField(
                                default=list, help_text="[{position, text, key, certain}]: what the columns seem to be"
                            ),
                        ),
                        ("rows_total", models.IntegerField(default=0)),
                        ("rows_done", models.IntegerField(default=0)),
                        ("counts", models.JSONField(default=dict, help_text="rows per outcome, as previewed")),
                        ("preview_digest", models.BinaryField(null=True)),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
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
                            "file",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="uploads",
                                to="beneficiaries.receivedfile",
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
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("stage__in", ("RECEIVED", "CONFIRMED"))),
                                fields=["stage"],
                                name="upload_for_a_worker",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("stage__in", ("RECEIVED", "NEEDS_MAPPING", "PREVIEWED", "CONFIRMED"))
                                ),
                                fields=("unit", "file_digest", "sheet"),
                                name="waiting_upload_once_per_content",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("stage", "CONFIRMED")),
                                fields=("unit",),
                                name="one_list_at_a_time_is_taken_in_per_unit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("confirmed_at__isnull", True), ("confirmed_by__isnull", True)),
                                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="upload_confirmed_by_and_at_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("stage__in", ["CONFIRMED", "DONE"]), _negated=True),
                                    models.Q(("confirmed_by__isnull", False), ("preview_digest__isnull", False)),
                                    _connector="OR",
                                ),
                                name="nothing_is_taken_in_without_preview_and_confirmation",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("stage__in", ("RECEIVED", "NEEDS_MAPPING", "PREVIEWED", "CONFIRMED")),
                                        _negated=True,
                                    ),
                                    ("sealed__isnull", False),
                                    _connector="OR",
                                ),
                                name="waiting_upload_has_its_content",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UploadRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "row_number",
                            models.IntegerField(help_text="as the spreadsheet counts; none for who is gone", null=True),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("NEW", "Mới"),
                                    ("CHANGED", "Thay đổi"),
                                    ("UNCHANGED", "Không đổi"),
                                    ("GONE", "Không còn trong danh sách"),
                                    ("WRONG", "Sai, không nhận"),
                                ],
                                max_length=9,
                            ),
                        ),
                        (
                            "elsewhere",
                            models.BooleanField(
                                default=False, help_text="receives elsewhere: yes or no, never who or where"
                            ),
                        ),
                        ("errors", models.JSONField(default=list)),
                        ("sealed", models.BinaryField()),
                        (
                            "enrolment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.enrolment",
                            ),
                        ),
                        (
                            "upload",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="beneficiaries.registryupload",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["upload", "outcome", "row_number"], name="upload_rows_by_outcome")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("upload", "row_number"), name="preview_row_once_per_upload"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("row_number__isnull", False), ("outcome", "GONE"), _connector="XOR"
                                ),
                                name="only_who_is_gone_has_no_row",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HeadingMapping",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(help_text="of `ReceivedFile.Kind`", max_length=20)),
                        ("fingerprint", models.CharField(max_length=32)),
                        (
                            "columns",
                            models.JSONField(
                                help_text="folded heading → column key; empty for a column that means nothing to us"
                            ),
                        ),
                        ("saved_at", models.DateTimeField()),
                        (
                            "saved_by",
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
                                fields=("unit", "kind", "fingerprint"), name="one_mapping_per_source"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IdentityEnquiry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("POLICE_LIST", "Danh sách gửi công an xác minh"),
                                    ("PLATFORM", "Nền tảng chia sẻ dữ liệu dân cư"),
                                ],
                                max_length=11,
                            ),
                        ),
                        ("purpose", models.CharField(max_length=200)),
                        ("asked_at", models.DateTimeField()),
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("purpose", ""), _negated=True), name="enquiry_names_its_purpose"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IdentityQuestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("ordinal", models.IntegerField()),
                        ("name_key", models.CharField(max_length=100)),
                        ("birth_date", models.DateField(null=True)),
                        ("birth_year", models.SmallIntegerField(null=True)),
                        (
                            "beneficiary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questions",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                        (
                            "enquiry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questions",
                                to="beneficiaries.identityenquiry",
                            ),
                        ),
                        (
                            "number",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="beneficiaries.identitynumber",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("enquiry", "ordinal"), name="question_once_per_enquiry_and_ordinal"
                            ),
                            models.UniqueConstraint(
                                fields=("enquiry", "beneficiary"), name="question_once_per_enquiry_and_person"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EnquiryFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("written_at", models.DateTimeField()),
                        (
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "enquiry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="files",
                                to="beneficiaries.identityenquiry",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Verdict",
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
                                    ("MATCHES", "Khớp đúng"),
                                    ("WRONG_NAME", "Sai họ tên"),
                                    ("WRONG_BIRTH_DATE", "Sai ngày sinh"),
                                    ("WRONG_NUMBER", "Sai số"),
                                    ("NOT_FOUND", "Không tìm thấy"),
                                    ("DECEASED", "Đã chết"),
                                    ("DUPLICATE", "Trùng"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("POLICE_LIST", "Danh sách gửi công an xác minh"),
                                    ("PLATFORM", "Nền tảng chia sẻ dữ liệu dân cư"),
                                ],
                                max_length=11,
                            ),
                        ),
                        ("answered_on", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "sealed_note",
                            models.BinaryField(help_text="the answering side's remark, encrypted", null=True),
                        ),
                        (
                            "beneficiary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verdicts",
                                to="beneficiaries.beneficiary",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verdicts",
                                to="beneficiaries.receivedfile",
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verdicts",
                                to="beneficiaries.identityquestion",
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
                        "indexes": [
                            models.Index(fields=["beneficiary", "-answered_on", "-id"], name="verdicts_of_a_person")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("question", "outcome", "answered_on"),
                                name="verdict_once_per_question_outcome_and_day",
                            )
                        ],
                    },
                ),
            ]
        )
    ]
