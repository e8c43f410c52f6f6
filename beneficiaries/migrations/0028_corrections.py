"""Corrections of a person's record: the database holds that two people made each, and that nobody's birth or sex changes without one.

And arrivals a commune refused.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What was proposed stays as proposed; where it stands is written once more, when somebody decides.
GUARD = """
CREATE FUNCTION beneficiaries_correction_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT 1 FROM new_rows n WHERE n.status <> 'PROPOSED') THEN
            RAISE EXCEPTION 'a correction begins proposed' USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_begins_proposed';
        END IF;
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id
               WHERE o.status <> 'PROPOSED'
                  OR to_jsonb(n) - ARRAY['status', 'decided_by_id', 'decided_at', 'note'] <> to_jsonb(o) - ARRAY['status', 'decided_by_id', 'decided_at', 'note']) THEN
        RAISE EXCEPTION 'a correction is decided once, never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_is_decided_once';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER correction_begins AFTER INSERT ON beneficiaries_correction REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION beneficiaries_correction_guard();
CREATE TRIGGER correction_guard AFTER UPDATE ON beneficiaries_correction REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION beneficiaries_correction_guard();
CREATE TRIGGER never_deleted BEFORE DELETE ON beneficiaries_correction FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        EXECUTE 'REVOKE DELETE ON beneficiaries_correction FROM ansinh_app';
    END IF;
END $$;
"""
# By row, because the condition is asked of rows that changed only, and those come one at a time: matching updates a whole register for nothing.
PERSON = """
CREATE FUNCTION beneficiaries_person_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM beneficiaries_correction c WHERE c.beneficiary_id = NEW.id AND c.status = 'IN_FORCE'
                   AND coalesce(nullif(c.sex_after, ''), c.sex_before) = NEW.sex
                   AND (NEW.birth_year, NEW.birth_date) IS NOT DISTINCT FROM
                       (coalesce(c.birth_year_after, c.birth_year_before), CASE WHEN c.birth_year_after IS NULL THEN c.birth_date_before ELSE c.birth_date_after END)) THEN
        RAISE EXCEPTION 'birth and sex of a person change by a correction' USING ERRCODE = 'check_violation', CONSTRAINT = 'person_changes_by_correction';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER person_guard BEFORE UPDATE ON beneficiaries_beneficiary FOR EACH ROW
    WHEN ((OLD.birth_year, OLD.birth_date, OLD.sex) IS DISTINCT FROM (NEW.birth_year, NEW.birth_date, NEW.sex))
    EXECUTE FUNCTION beneficiaries_person_guard();
"""
ARRIVAL = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON beneficiaries_arrivalrefusal FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        EXECUTE 'REVOKE UPDATE, DELETE ON beneficiaries_arrivalrefusal FROM ansinh_app';
    END IF;
END $$;
"""
HISTORY = """
SELECT ansinh_keep_history('beneficiaries_correction', ARRAY['status', 'beneficiary_id', 'paper_kind', 'case_id', 'proposed_by_id', 'decided_by_id'], true);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0027_training_orders"),
        ("payments", "0003_guards"),
        ("staff", "0017_sign_ins"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="solution",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="casedecision",
            name="solution",
            field=models.CharField(
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
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("full_name_before", models.CharField(max_length=100)),
                ("full_name_after", models.CharField(blank=True, default="", max_length=100)),
                ("birth_date_before", models.DateField(null=True)),
                ("birth_date_after", models.DateField(null=True)),
                ("birth_year_before", models.SmallIntegerField(null=True)),
                ("birth_year_after", models.SmallIntegerField(null=True)),
                ("sex_before", models.CharField(choices=[("MALE", "Nam"), ("FEMALE", "Nữ")], max_length=6)),
                (
                    "sex_after",
                    models.CharField(blank=True, choices=[("MALE", "Nam"), ("FEMALE", "Nữ")], default="", max_length=6),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                                ("decided_at__isnull", True), ("decided_by__isnull", True), ("status", "PROPOSED")
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
            name="ArrivalRefusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
        migrations.RunSQL(GUARD + PERSON + ARRIVAL + HISTORY, migrations.RunSQL.noop),
    ]
