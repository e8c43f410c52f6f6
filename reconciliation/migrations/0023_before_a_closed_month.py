"""Into a month before a closed one nothing is booked either: it would change what the closed month began and ended with."""

from django.db import migrations

CLOSED = """
CREATE OR REPLACE FUNCTION reconciliation_is_closed(the_account bigint, the_day date) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM (SELECT DISTINCT ON (s.month) s.kind FROM reconciliation_periodstep s
                                  WHERE s.funding_account_id = the_account AND s.month >= date_trunc('month', the_day)::date
                                  ORDER BY s.month, s.ordinal DESC) x WHERE x.kind = 'CLOSED')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0022_one_account_asked_by_sets")]
    operations = [migrations.RunSQL(CLOSED, migrations.RunSQL.noop)]
