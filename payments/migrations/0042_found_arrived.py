"""What a letter two people read says to have arrived stands as paid, while no other payment carries its money (ADR 44)."""

from django.conf import settings
from django.db import migrations, models

TRANSITIONS = """
INSERT INTO payments_transition VALUES
    ('READY', 'FOUND_ARRIVED', 'POSTED'), ('FAILED', 'FOUND_ARRIVED', 'POSTED'), ('CANCELLED', 'FOUND_ARRIVED', 'POSTED');
"""
# Row by row, and only for the few rows that move so: on every other update of a payment it costs a comparison.
GUARD = """
CREATE FUNCTION payments_arrived_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_finding f JOIN payments_contradiction c ON c.payment_id = f.payment_id
                   WHERE f.payment_id = NEW.id AND f.outcome = 'ARRIVED' AND f.confirmed_at IS NOT NULL AND f.found_at > c.told_at) THEN
        RAISE EXCEPTION 'only a letter two people read says that it arrived' USING ERRCODE = 'check_violation', CONSTRAINT = 'arrived_by_a_finding';
    END IF;
    IF EXISTS (SELECT 1 FROM payments_succession s WHERE s.predecessor_id = NEW.id) THEN
        RAISE EXCEPTION 'another payment carries its money' USING ERRCODE = 'check_violation', CONSTRAINT = 'arrived_while_it_carries_its_money';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_arrived_guard BEFORE UPDATE OF status ON payments_payment FOR EACH ROW
    WHEN (NEW.cause = 'FOUND_ARRIVED' AND NEW.status IS DISTINCT FROM OLD.status) EXECUTE FUNCTION payments_arrived_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0041_lost_accounts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="arrived_on",
            field=models.DateField(help_text="the day the letter says it arrived", null=True),
        ),
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
                    ("HANDED_OVER", "Giao danh sách tiền mặt"),
                    ("COLLECTED", "Người hưởng đã ký nhận"),
                    ("NOT_COLLECTED", "Người hưởng chưa đến nhận"),
                ],
                default="BUILD",
                max_length=14,
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("arrived_on__isnull", True), ("outcome", "ARRIVED"), _connector="OR"),
                name="only_what_arrived_has_a_day",
            ),
        ),
        migrations.RunSQL(TRANSITIONS, "DELETE FROM payments_transition WHERE cause = 'FOUND_ARRIVED';"),
        migrations.RunSQL(
            GUARD, "DROP TRIGGER payment_arrived_guard ON payments_payment; DROP FUNCTION payments_arrived_guard();"
        ),
    ]
