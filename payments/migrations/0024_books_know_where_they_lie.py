"""Books know where they lie: a database that was restored, copied or promoted is read against the bank's before anything is sent (ADR 94)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from staff.migrations._statements import append_only, make

# VACUUM FULL and migrations keep a table's oid; a restore into the same database makes the table anew. The timeline is that of the log being
# written: the control file names the new one only when the first checkpoint after a promotion has ended.
PLACE = """
CREATE FUNCTION payments_books_place() RETURNS text LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN format('%s/%s/%s/%s', (SELECT system_identifier FROM pg_control_system()),
                  CASE WHEN pg_is_in_recovery() THEN 'standby' ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END,
                  (SELECT oid FROM pg_database WHERE datname = current_database()), to_regclass('public.payments_payment')::oid);
END $$;
CREATE FUNCTION payments_books_are_read() RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT place FROM payments_booksplace WHERE agreed ORDER BY id DESC LIMIT 1) = payments_books_place(), false);
END $$;
CREATE FUNCTION payments_booksplace_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.place <> payments_books_place() THEN
        RAISE EXCEPTION 'books lie elsewhere' USING ERRCODE = 'check_violation', CONSTRAINT = 'books_lie_where_they_lie';
    END IF;
    IF NOT EXISTS (SELECT FROM staff_user u WHERE u.id = NEW.reader_id AND u.is_active)
       AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = 'payments_booksplace'::regclass), 'USAGE') THEN
        RAISE EXCEPTION 'somebody read the bank' USING ERRCODE = 'check_violation', CONSTRAINT = 'books_are_read_by_somebody';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER booksplace_guard BEFORE INSERT ON payments_booksplace FOR EACH ROW EXECUTE FUNCTION payments_booksplace_guard();
"""
# Books with payments in them may have been restored before this was known: they are read once.
FRESH = """
INSERT INTO payments_booksplace (place, read_at, agreed, unknown_orders, document)
SELECT payments_books_place(), now(), true, 0, '' WHERE NOT EXISTS (SELECT FROM payments_payment);
"""

ALARM = migrations.AlterField(
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
            ("FROZEN", "Đang tạm ngừng chi"),
            ("NOT_SENDING", "Khoản đã duyệt chi chờ gửi, không máy nào gửi"),
            ("BOOKS_NOT_READ", "Sổ khôi phục từ bản sao, chưa đối chiếu với ngân hàng: không gửi tiền"),
            ("BANK_SILENT", "Ngân hàng nhận không trả lời, tạm ngừng gửi"),
            ("MATCHING_LATE", "Đối khớp không chạy hoặc chạy không xong"),
            ("RING_UNFOLLOWED", "Ngân hàng báo tin về lệnh không tra được"),
            ("LEDGER_NEGATIVE", "Số dư sổ kế toán âm, mời đối chiếu"),
            ("CLOCK_SILENT", "Đồng hồ hệ thống không chạy"),
        ],
        max_length=20,
    ),
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0023_grants_are_ordered"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="BooksPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=80)),
                ("read_at", models.DateTimeField()),
                (
                    "agreed",
                    models.BooleanField(help_text="False: the reading began, and who reads again begins no later"),
                ),
                (
                    "since",
                    models.DateTimeField(help_text="where the books ended when the reading began", null=True),
                ),
                (
                    "unknown_orders",
                    models.PositiveIntegerField(
                        default=0, help_text="orders at the bank of which our books have nothing"
                    ),
                ),
                (
                    "document",
                    models.CharField(blank=True, help_text="the paper that says who was paid by those", max_length=100),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        db_constraint=False,
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
                        condition=Q(unknown_orders=0) | ~Q(document=""), name="unknown_orders_are_explained_by_a_paper"
                    )
                ]
            },
        ),
        make(PLACE, append_only("payments_booksplace")),
        migrations.RunSQL(FRESH, migrations.RunSQL.noop),
        ALARM,
    ]
