"""Guards that read tables read ours: not a temporary one of the session, of the same name, which the application's role may make."""

from django.db import migrations

FUNCTIONS = ("payments_entitlement_joins", "payments_entitlement_insert")
READ_PUBLIC = "\n".join(f"ALTER FUNCTION {name}() SET search_path = public, pg_temp;" for name in FUNCTIONS)


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_reasons_of_all")]
    operations = [migrations.RunSQL(READ_PUBLIC, migrations.RunSQL.noop)]
