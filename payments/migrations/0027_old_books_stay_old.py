"""Books once found old stay so until somebody read the bank, however often the server is started: what is learned meanwhile hides the proof (ADR 100)."""

from django.db import migrations

STANDING = """
CREATE OR REPLACE FUNCTION payments_books_standing() RETURNS text LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    newest payments_booksstart;
BEGIN
    IF NOT coalesce((SELECT place FROM payments_booksplace WHERE agreed ORDER BY id DESC LIMIT 1) = payments_books_place(), false) THEN
        RETURN 'ELSEWHERE';
    END IF;
    SELECT * INTO newest FROM payments_booksstart ORDER BY id DESC LIMIT 1;
    RETURN CASE WHEN NOT newest.agreed THEN 'BEHIND'
                WHEN newest.id IS NULL OR newest.started_at <> pg_postmaster_start_time() THEN 'NOT_COMPARED'
                ELSE 'READ' END;
END $$;
CREATE OR REPLACE FUNCTION payments_booksstart_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
    IF NEW.agreed AND NEW.reading_id IS NULL AND NOT newest.agreed THEN
        RAISE EXCEPTION 'the bank was not read' USING ERRCODE = 'check_violation', CONSTRAINT = 'books_behind_are_read_by_somebody';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0026_books_know_their_start")]
    operations = [migrations.RunSQL(STANDING, migrations.RunSQL.noop)]
