"""Whoever joins a list holds it, and a month that is open takes supplementary lists.

A list that is being cancelled, or signed, while somebody joins it waits, and then sees who is on it. A foreign key's lock does not do that: it
holds only against another id. Under a snapshot taken before, neither would see the other's work.

A month is closed when whoever was granted something once for it has an answer: what is recorded after its lists were made must not be forgotten.
"""

from django.db import migrations, models

GUARDS = """
CREATE OR REPLACE FUNCTION payments_payment_guard_insert() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM payments_paymentbatch b WHERE b.id IN (SELECT n.batch_id FROM new_rows n) ORDER BY b.id FOR SHARE;
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT batch_id, status FROM new_rows) n JOIN payments_paymentbatch b ON b.id = n.batch_id
               WHERE n.status <> 'DRAFT' OR b.status <> 'DRAFT') THEN
        RAISE EXCEPTION 'payments are added only to a list in draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_list_is_a_ceiling';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION payments_cancelled_list_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'who joined a list meanwhile is seen' USING ERRCODE = 'check_violation', CONSTRAINT = 'cancelled_list_is_empty';
    END IF;
    IF EXISTS (SELECT 1 FROM payments_payment p WHERE p.batch_id = NEW.id AND p.status <> 'CANCELLED') THEN
        RAISE EXCEPTION 'a list with people on it is not cancelled' USING ERRCODE = 'check_violation', CONSTRAINT = 'cancelled_list_is_empty';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION payments_cycle_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL OR (NEW.month, NEW.opening, NEW.built_at) IS DISTINCT FROM (OLD.month, OLD.opening, OLD.built_at) THEN
        RAISE EXCEPTION 'a closed cycle stays closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_stays_as_it_is';
    END IF;
    IF NEW.closed_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM payments_paymentbatch b LEFT JOIN payments_payment p ON p.batch_id = b.id AND p.status IN ('DRAFT', 'READY', 'SENT', 'PROCESSING')
        WHERE b.cycle_id = NEW.id AND b.status <> 'CANCELLED' AND (p.id IS NOT NULL OR b.status NOT IN ('RELEASED', 'CLOSED'))) THEN
        RAISE EXCEPTION 'a cycle is closed when every payment is final' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_is_final';
    END IF;
    IF NEW.closed_at IS NOT NULL AND NOT NEW.opening AND EXISTS (
        SELECT 1 FROM beneficiaries_enrolment e JOIN beneficiaries_programme g ON g.id = e.programme_id AND g.kind <> 'REGULAR'
        WHERE e.starts_month = NEW.month AND e.ended_month > NEW.month AND e.suspended_month IS NULL
          AND NOT EXISTS (SELECT 1 FROM payments_entitlement t WHERE t.enrolment_id = e.id)) THEN
        RAISE EXCEPTION 'somebody granted it once has no answer' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_answered_everybody';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER sequence_guard BEFORE UPDATE ON payments_paymentbatch FOR EACH ROW
    WHEN (OLD.sequence <> NEW.sequence OR OLD.supplementary <> NEW.supplementary) EXECUTE FUNCTION payments_reissue_guard();
"""

# Backwards the column goes, which a trigger that reads it would hold.
WITHOUT_THE_COLUMN = """
CREATE OR REPLACE TRIGGER sequence_guard BEFORE UPDATE ON payments_paymentbatch FOR EACH ROW
    WHEN (OLD.sequence <> NEW.sequence) EXECUTE FUNCTION payments_reissue_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_only_empty_lists_are_cancelled")]
    operations = [
        migrations.AddField(
            model_name="paymentbatch", name="supplementary", field=models.BooleanField(db_default=False)
        ),
        migrations.AddConstraint(
            model_name="paymentbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("supplementary", False), ("sequence__gt", 0), _connector="OR"),
                name="supplementary_list_comes_after_the_months_own",
            ),
        ),
        migrations.RunSQL(GUARDS, WITHOUT_THE_COLUMN),
        migrations.AlterField(
            model_name="entitlement",
            name="not_payable_reason",
            field=models.CharField(
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
                    ("EXCLUDED", "Đã hưởng khoản khác, hai khoản không được hưởng đồng thời"),
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
    ]
