"""Changes of settings that two people make, funding accounts that close, top-ups with their document."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CHANGES = """
CREATE FUNCTION payments_setting_change_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.accepted IS NOT NULL THEN
            RAISE EXCEPTION 'a change begins undecided' USING ERRCODE = 'check_violation', CONSTRAINT = 'setting_change_begins_undecided';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = NEW.proposed_by_id AND u.is_active AND u.role = NEW.proposed_role) THEN
            RAISE EXCEPTION 'who proposes has not this role' USING ERRCODE = 'check_violation', CONSTRAINT = 'proposer_has_the_role';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.accepted IS NOT NULL OR (to_jsonb(OLD) - ARRAY['accepted', 'decided_by_id', 'decided_role', 'decided_at'])
       IS DISTINCT FROM (to_jsonb(NEW) - ARRAY['accepted', 'decided_by_id', 'decided_role', 'decided_at']) THEN
        RAISE EXCEPTION 'a change is decided once and never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'setting_change_is_decided_once';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM staff_user u WHERE u.id = NEW.decided_by_id AND u.is_active AND u.role = NEW.decided_role) THEN
        RAISE EXCEPTION 'who decides has not this role' USING ERRCODE = 'check_violation', CONSTRAINT = 'setting_decider_has_the_role';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER setting_change_guard BEFORE INSERT OR UPDATE ON payments_settingchange FOR EACH ROW EXECUTE FUNCTION payments_setting_change_guard();
CREATE TRIGGER never_deleted BEFORE DELETE ON payments_settingchange FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
SELECT ansinh_keep_history('payments_settingchange', ARRAY['kind', 'unit_id', 'said', 'document', 'proposed_by_id', 'accepted', 'decided_by_id'], true);
"""

# A rule that says who signs is itself signed by two; the same as they accepted it.
RULES = """
CREATE FUNCTION payments_signing_rule_accepted() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_settingchange c WHERE c.id = NEW.change_id AND c.kind = 'SIGNING_RULE' AND c.accepted
                   AND c.said = jsonb_build_object('step', NEW.step, 'title', NEW.title, 'from_amount', NEW.from_amount, 'valid_from', NEW.valid_from)) THEN
        RAISE EXCEPTION 'nobody accepted this rule' USING ERRCODE = 'check_violation', CONSTRAINT = 'signing_rule_was_accepted';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signing_rule_accepted AFTER INSERT ON payments_signingrule FOR EACH ROW EXECUTE FUNCTION payments_signing_rule_accepted();
"""

# Nothing leaves from an account that is closed.
ACCOUNTS = """
CREATE FUNCTION payments_closed_account_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_fundingaccount f WHERE f.id = NEW.funding_account_id AND f.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'nothing is released from a closed account' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_account_pays_nothing';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closed_account_guard BEFORE UPDATE OF status ON payments_paymentbatch FOR EACH ROW
    WHEN (NEW.status = 'RELEASED' AND OLD.status <> 'RELEASED') EXECUTE FUNCTION payments_closed_account_guard();
"""

RIGHTS = """
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        REVOKE DELETE ON payments_settingchange FROM ansinh_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0031_rings_and_findings"),
        ("staff", "0012_seal_check_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="fundingaccount",
            name="closed_at",
            field=models.DateTimeField(help_text="nothing is released from it any more", null=True),
        ),
        migrations.AddField(
            model_name="topup",
            name="document",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="topup",
            name="recorded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="topup",
            name="recorded_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="alarm",
            name="kind",
            field=models.CharField(
                choices=[
                    ("PROCESSING_LONG", "Ngân hàng xử lý quá lâu"),
                    ("OUTCOME_UNKNOWN", "Chưa rõ kết quả, chờ người tra soát"),
                    ("HELD", "Ngân hàng không nhận lệnh, chờ người xử lý"),
                    ("WAITS_FOR_SIGNATURE", "Danh sách chờ ký quá hạn"),
                    ("NO_STATEMENT", "Chưa có sao kê"),
                    ("BANK_SILENT", "Ngân hàng nhận không trả lời, tạm ngừng gửi"),
                    ("LEDGER_NEGATIVE", "Số dư sổ kế toán âm, mời đối chiếu"),
                    ("CLOCK_SILENT", "Đồng hồ hệ thống không chạy"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="SettingChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.administrativeunit"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="signingrule",
            name="change",
            field=models.OneToOneField(
                help_text="the proposal a second person accepted; a trigger asks for it",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signing_rule",
                to="payments.settingchange",
            ),
        ),
        migrations.AddConstraint(
            model_name="settingchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("document", ""), _negated=True), name="setting_change_rests_on_a_document"
            ),
        ),
        migrations.AddConstraint(
            model_name="settingchange",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="settingchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted", True), _negated=True),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="setting_change_accepted_by_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="settingchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted", True), _negated=True),
                    models.Q(("decided_role", models.F("proposed_role")), _negated=True),
                    _connector="OR",
                ),
                name="setting_change_accepted_in_another_role",
            ),
        ),
        migrations.AddConstraint(
            model_name="settingchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted__isnull", True)),
                fields=("kind", "unit", "said"),
                name="setting_change_waits_once",
            ),
        ),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (CHANGES, RULES, ACCOUNTS, RIGHTS)),
    ]
