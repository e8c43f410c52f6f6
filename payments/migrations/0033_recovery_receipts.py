"""Money paid back at the counter on a decision to recover; with instalments never more than was decided."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RECEIPTS = """
CREATE FUNCTION payments_recovered_too_much(decisions bigint[]) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM beneficiaries_decision d WHERE d.id = ANY(decisions) AND d.amount <
            coalesce((SELECT sum(x.amount) FROM payments_deduction x JOIN payments_payment p ON p.id = x.payment_id
                      WHERE x.decision_id = d.id AND p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED')), 0)
            + coalesce((SELECT sum(r.amount) FROM payments_recoveryreceipt r WHERE r.decision_id = d.id), 0))
$$;

CREATE FUNCTION payments_receipt_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN beneficiaries_decision d ON d.id = n.decision_id WHERE d.kind <> 'RECOVER') THEN
        RAISE EXCEPTION 'a receipt is about a decision to recover' USING ERRCODE = 'check_violation', CONSTRAINT = 'receipt_rests_on_a_decision_to_recover';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('payments:recoveries'));  -- lists and receipts, one after the other
    IF payments_recovered_too_much(ARRAY(SELECT decision_id FROM new_rows)) THEN
        RAISE EXCEPTION 'no more is recovered than was decided' USING ERRCODE = 'check_violation', CONSTRAINT = 'recovered_at_most_what_was_decided';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER receipt_guard AFTER INSERT ON payments_recoveryreceipt REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_receipt_guard();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON payments_recoveryreceipt FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();

CREATE FUNCTION payments_deduction_beside_receipts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('payments:recoveries'));  -- lists and receipts, one after the other
    IF payments_recovered_too_much(ARRAY(SELECT DISTINCT decision_id FROM new_rows)) THEN
        RAISE EXCEPTION 'no more is recovered than was decided' USING ERRCODE = 'check_violation', CONSTRAINT = 'recovered_at_most_what_was_decided';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER deduction_beside_receipts AFTER INSERT ON payments_deduction REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_deduction_beside_receipts();

DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        REVOKE UPDATE, DELETE ON payments_recoveryreceipt FROM ansinh_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0024_last_grant_month"),
        ("payments", "0032_setting_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="ledgeraccount",
            name="kind",
            field=models.CharField(
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
        migrations.CreateModel(
            name="RecoveryReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("decision", "number"), name="recovery_receipt_once"),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="recovery_receipt_is_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True), name="recovery_receipt_has_a_number"
                    ),
                ],
            },
        ),
        migrations.RunSQL(RECEIPTS, migrations.RunSQL.noop),
    ]
