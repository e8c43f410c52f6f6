"""Each start of the server is compared with the bank's newest orders: a copied data directory is known by them alone (ADR 100). Faults people met are an alarm."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from staff.migrations._statements import append_only, make

STANDING = """
CREATE FUNCTION payments_books_standing() RETURNS text LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    newest payments_booksstart;
BEGIN
    IF NOT coalesce((SELECT place FROM payments_booksplace WHERE agreed ORDER BY id DESC LIMIT 1) = payments_books_place(), false) THEN
        RETURN 'ELSEWHERE';
    END IF;
    SELECT * INTO newest FROM payments_booksstart ORDER BY id DESC LIMIT 1;
    RETURN CASE WHEN newest.id IS NULL OR newest.started_at <> pg_postmaster_start_time() THEN 'NOT_COMPARED'
                WHEN newest.agreed THEN 'READ' ELSE 'BEHIND' END;
END $$;
CREATE FUNCTION payments_booksstart_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    newest payments_booksstart;
BEGIN
    IF NEW.started_at <> pg_postmaster_start_time() THEN
        RAISE EXCEPTION 'another start' USING ERRCODE = 'check_violation', CONSTRAINT = 'books_are_compared_at_this_start';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('payments_booksstart'));
    SELECT * INTO newest FROM payments_booksstart ORDER BY id DESC LIMIT 1;
    IF NEW.reading_id IS NOT NULL AND NEW.reading_id <> (SELECT max(id) FROM payments_booksplace WHERE agreed) THEN
        RAISE EXCEPTION 'an old reading' USING ERRCODE = 'check_violation', CONSTRAINT = 'books_start_names_the_newest_reading';
    END IF;
    IF NEW.agreed AND NEW.reading_id IS NULL AND newest.started_at = NEW.started_at AND NOT newest.agreed THEN
        RAISE EXCEPTION 'the bank was not read' USING ERRCODE = 'check_violation', CONSTRAINT = 'books_behind_are_read_by_somebody';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER booksstart_guard BEFORE INSERT ON payments_booksstart FOR EACH ROW EXECUTE FUNCTION payments_booksstart_guard();
"""
ARE_READ = """
CREATE OR REPLACE FUNCTION payments_books_are_read() RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN payments_books_standing() = 'READ';
END $$;
"""
ARE_READ_BEFORE = """
CREATE OR REPLACE FUNCTION payments_books_are_read() RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT place FROM payments_booksplace WHERE agreed ORDER BY id DESC LIMIT 1) = payments_books_place(), false);
END $$;
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
            ("BANK_REPORT_WRONG", "Báo cáo của ngân hàng sai, chưa áp dụng gì"),
            ("LEDGER_NEGATIVE", "Số dư sổ kế toán âm, mời đối chiếu"),
            ("FAULT", "Có người gặp trang lỗi của hệ thống trong một ngày qua"),
            ("CLOCK_SILENT", "Đồng hồ hệ thống không chạy"),
        ],
        max_length=20,
    ),
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0025_wrong_reports_are_closed"), ("staff", "0014_faults_people_met")]
    operations = [
        migrations.CreateModel(
            name="BooksStart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "started_at",
                    models.DateTimeField(
                        help_text="as the server tells it; a copy put in place of another is started anew"
                    ),
                ),
                ("compared_at", models.DateTimeField()),
                ("agreed", models.BooleanField()),
                (
                    "account",
                    models.CharField(
                        blank=True, help_text="the funding account whose list showed such an order", max_length=40
                    ),
                ),
                (
                    "read_until",
                    models.DateTimeField(help_text="the bank's time of the newest order `reading` saw", null=True),
                ),
                (
                    "reading",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.booksplace",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(agreed=True) | ~Q(account=""), name="books_behind_name_the_account"
                    )
                ]
            },
        ),
        make(STANDING, append_only("payments_booksstart")),
        migrations.RunSQL(ARE_READ, ARE_READ_BEFORE),
        ALARM,
    ]
