"""Rings that wait for what can't be read, and findings about payments of which two things were said (ADR 35)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FINDING = """
CREATE FUNCTION payments_finding_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.confirmed_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'a finding begins unconfirmed' USING ERRCODE = 'check_violation', CONSTRAINT = 'finding_begins_unconfirmed';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = NEW.found_by_id AND u.is_active AND u.role = NEW.found_role) THEN
            RAISE EXCEPTION 'who found it has not this role' USING ERRCODE = 'check_violation', CONSTRAINT = 'finder_has_the_role';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.confirmed_by_id IS NOT NULL OR (to_jsonb(OLD) - ARRAY['confirmed_by_id', 'confirmed_role', 'confirmed_at'])
       IS DISTINCT FROM (to_jsonb(NEW) - ARRAY['confirmed_by_id', 'confirmed_role', 'confirmed_at']) THEN
        RAISE EXCEPTION 'a finding is confirmed once and never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'finding_is_confirmed_once';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = NEW.confirmed_by_id AND u.is_active AND u.role = NEW.confirmed_role) THEN
        RAISE EXCEPTION 'who confirms it has not this role' USING ERRCODE = 'check_violation', CONSTRAINT = 'finding_confirmer_has_the_role';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finding_guard BEFORE INSERT OR UPDATE ON payments_finding FOR EACH ROW EXECUTE FUNCTION payments_finding_guard();
CREATE TRIGGER never_deleted BEFORE DELETE ON payments_finding FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
SELECT ansinh_keep_history('payments_finding',
    ARRAY['payment_id', 'outcome', 'letter_id', 'document', 'found_by_id', 'found_role', 'confirmed_by_id', 'confirmed_role'], true);

CREATE FUNCTION payments_contradiction_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.payment_id <> OLD.payment_id OR NEW.told_at < OLD.told_at THEN
        RAISE EXCEPTION 'what was told is not untold' USING ERRCODE = 'check_violation', CONSTRAINT = 'contradiction_only_moves_on';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contradiction_guard BEFORE UPDATE ON payments_contradiction FOR EACH ROW EXECUTE FUNCTION payments_contradiction_guard();
CREATE TRIGGER never_deleted BEFORE DELETE ON payments_contradiction FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
"""

# Row by row, and only for the few rows that are confirmed: on every other update of a payment it costs a comparison.
CONFIRMED = """
CREATE FUNCTION payments_confirmed_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_contradiction c WHERE c.payment_id = NEW.id AND NOT EXISTS (
                   SELECT 1 FROM payments_finding f WHERE f.payment_id = c.payment_id AND f.outcome = 'LEFT_NOTHING'
                   AND f.confirmed_at IS NOT NULL AND f.found_at > c.told_at))
       AND (NEW.file_id IS NOT NULL OR EXISTS (SELECT 1 FROM payments_paymentbatch b WHERE b.id = NEW.batch_id AND b.channel = 'CASH')
            OR EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = NEW.batch_id)
            OR EXISTS (SELECT 1 FROM payments_paymentfile p WHERE p.batch_id = NEW.batch_id)) THEN
        RAISE EXCEPTION 'two things were said of this payment' USING ERRCODE = 'check_violation', CONSTRAINT = 'contradicted_is_not_confirmed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_confirmed_guard BEFORE UPDATE OF confirmed_at ON payments_payment FOR EACH ROW
    WHEN (NEW.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at) EXECUTE FUNCTION payments_confirmed_guard();
"""

# What was contradicted before this table was, and has not been confirmed since.
KNOWN_BEFORE = """
INSERT INTO payments_contradiction (payment_id, told_at)
SELECT p.id, max(c.opened_at) FROM beneficiaries_case c JOIN payments_payment p ON p.end_to_end_id = c.subject
WHERE c.kind = 'PAYMENT' AND c.reason IN ('BANK_CONTRADICTS', 'CASH_RESULT_CONTRADICTS') AND p.confirmed_at IS NULL
  AND c.evidence::text NOT LIKE '%khoản này thay thế%' GROUP BY p.id;
"""

RIGHTS = """
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        REVOKE DELETE ON payments_finding, payments_contradiction FROM ansinh_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0030_reasons_of_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="bankevent",
            name="looked_at",
            field=models.DateTimeField(
                help_text="when it last could not be followed; others come first then", null=True
            ),
        ),
        migrations.CreateModel(
            name="Contradiction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("told_at", models.DateTimeField(help_text="only moves forward")),
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contradiction", to="payments.payment"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="payments.bankletter"
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="payments.payment"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("document", ""), _negated=True), name="finding_names_its_letter"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed_at__isnull", True), ("confirmed_by__isnull", True), ("confirmed_role", "")
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
                            ("confirmed_at__isnull", True), ("confirmed_at__gte", models.F("found_at")), _connector="OR"
                        ),
                        name="finding_confirmed_after_it_was_found",
                    ),
                ],
            },
        ),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (FINDING, CONFIRMED, KNOWN_BEFORE, RIGHTS)),
    ]
