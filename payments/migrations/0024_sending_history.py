"""Who changed how an account sends, and a paying point, stays in the history."""

from django.db import migrations

KEPT = {
    "payments_fundingaccount": (["sends_by"], False),
    "payments_payingpoint": (["unit_id", "closed_on"], True),
}


class Migration(migrations.Migration):
    dependencies = [("payments", "0023_providers"), ("staff", "0007_history")]
    operations = [
        migrations.RunSQL(f"SELECT ansinh_keep_history('{table}', ARRAY{columns}, {inserts});", migrations.RunSQL.noop)
        for table, (columns, inserts) in KEPT.items()
    ]
