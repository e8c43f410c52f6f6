"""Who receives for somebody, and whose telephone is written to, are kept as history: kinds, terms and days, never names or numbers."""

from django.db import migrations

KEPT = {
    "beneficiaries_payeerelation": [
        "kind", "scope", "paper_signed_on", "valid_from", "valid_until", "ended_on", "end_reason", "recorded_by_id", "ended_by_id"
    ],
    "beneficiaries_phone": ["owner", "opted_out_at", "recorded_at", "recorded_by_id"],
}  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0025_levels_and_insurance"), ("staff", "0007_history")]
    operations = [
        migrations.RunSQL(f"SELECT ansinh_keep_history('{table}', ARRAY{columns}, true);", migrations.RunSQL.noop)
        for table, columns in KEPT.items()
    ]
