"""What two people found to have arrived may be found wrong by two people with another letter (ADR 48); an alarm when nobody sends."""

from django.db import migrations, models

TRANSITIONS = "INSERT INTO payments_transition VALUES ('POSTED', 'FOUND_WRONG', 'FAILED');"
# The newest finding decides, both ways: an older letter is no letter any more.
GUARD = """
CREATE FUNCTION payments_last_finding(the_payment bigint) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN f.found_at > (SELECT c.told_at FROM payments_contradiction c WHERE c.payment_id = the_payment) THEN f.outcome END
    FROM payments_finding f WHERE f.payment_id = the_payment AND f.confirmed_at IS NOT NULL ORDER BY f.found_at DESC, f.id DESC LIMIT 1
$$;
CREATE OR REPLACE FUNCTION payments_arrived_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF payments_last_finding(NEW.id) IS DISTINCT FROM 'ARRIVED' THEN
        RAISE EXCEPTION 'only a letter two people read says that it arrived' USING ERRCODE = 'check_violation', CONSTRAINT = 'arrived_by_a_finding';
    END IF;
    IF EXISTS (SELECT 1 FROM payments_succession s WHERE s.predecessor_id = NEW.id) THEN
        RAISE EXCEPTION 'another payment carries its money' USING ERRCODE = 'check_violation', CONSTRAINT = 'arrived_while_it_carries_its_money';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION payments_found_wrong_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.cause <> 'FOUND_ARRIVED' OR payments_last_finding(NEW.id) IS DISTINCT FROM 'LEFT_NOTHING' THEN
        RAISE EXCEPTION 'only another letter two people read takes back that it arrived'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'found_wrong_by_a_finding';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_found_wrong_guard BEFORE UPDATE OF status ON payments_payment FOR EACH ROW
    WHEN (NEW.cause = 'FOUND_WRONG' AND NEW.status IS DISTINCT FROM OLD.status) EXECUTE FUNCTION payments_found_wrong_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0044_money_put_in_stays")]

    operations = [
        migrations.AlterField(
            model_name="payment",
            name="cause",
            field=models.CharField(
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
        migrations.RunSQL(TRANSITIONS, "DELETE FROM payments_transition WHERE cause = 'FOUND_WRONG';"),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
