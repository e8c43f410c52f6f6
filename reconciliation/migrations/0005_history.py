"""What of discrepancies is kept as history."""

from django.db import migrations

KEPT = {
    "reconciliation_discrepancy": (["status", "resolved_by_id", "resolved_at"], True),
}


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0004_matches_with_amounts"), ("staff", "0007_history")]
    operations = [
        migrations.RunSQL(f"SELECT ansinh_keep_history('{table}', ARRAY{columns}, {inserts});", migrations.RunSQL.noop)
        for table, (columns, inserts) in KEPT.items()
    ]
