"""A reissue stays one: neither the place of a list among those of its month nor the payment it repeats is ever changed."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION payments_reissue_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'what a reissue repeats is never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'reissue_is_never_edited';
END $$;
CREATE TRIGGER reissue_guard BEFORE UPDATE ON payments_payment FOR EACH ROW WHEN (OLD.reissues_id IS DISTINCT FROM NEW.reissues_id)
    EXECUTE FUNCTION payments_reissue_guard();
CREATE TRIGGER sequence_guard BEFORE UPDATE ON payments_paymentbatch FOR EACH ROW WHEN (OLD.sequence <> NEW.sequence)
    EXECUTE FUNCTION payments_reissue_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0017_reissue")]
    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
