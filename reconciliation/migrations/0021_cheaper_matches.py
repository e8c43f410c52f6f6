"""A match of hundreds of thousands of lines asks once, by key, which of their payments ended unpaid; nobody plans by what a match says of itself (ADR 42)."""

from django.db import migrations

# As before, but read by key: joined to the new rows, every payment there is was hashed to find the few that are meant.
MARK = """
CREATE OR REPLACE FUNCTION reconciliation_mark_matched() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE named bigint[]; unpaid bigint[];
BEGIN
    SELECT array_agg(payment_id) INTO named FROM new_rows WHERE payment_id IS NOT NULL;
    unpaid := ARRAY(SELECT id FROM payments_payment WHERE id = ANY(named) AND status IN ('DRAFT', 'READY', 'FAILED', 'CANCELLED', 'RETURNED'));
    IF cardinality(unpaid) > 0 THEN
        PERFORM reconciliation_mark_debited(unpaid, (SELECT max(matched_at) FROM new_rows));
    END IF;
    RETURN NULL;
END $$;
"""
# Columns no query chooses rows by: statistics of them cost a third of each ANALYZE between two grounds.
STATISTICS = """
ALTER TABLE reconciliation_statementmatch ALTER amount SET STATISTICS 0, ALTER reason SET STATISTICS 0, ALTER matched_at SET STATISTICS 0;
"""


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0020_match_within_one_account")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (MARK, STATISTICS)]
