"""Of a difference, also who has it, on what ground it ended, who signed and until when the bank is asked; of a mapping, what columns were said to mean."""

from django.db import migrations

KEPT = {
    "reconciliation_discrepancy": [
        "status", "ground", "owner_id", "write_off_by_id", "answer_due_on", "resolved_by_id", "resolved_at",
    ],
    "reconciliation_statementmapping": ["columns", "saved_by_id", "saved_at"],
}  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0011_statement_tables_and_notifications"), ("staff", "0007_history")]
    operations = [
        migrations.RunSQL(f"SELECT ansinh_keep_history('{table}', ARRAY{columns}, true);", migrations.RunSQL.noop)
        for table, columns in KEPT.items()
    ]
