"""Who acted for whom, with which role and over which unit is kept and sealed like the role itself."""

from django.db import migrations

KEPT = {
    "staff_delegation": ["delegator_id", "delegate_id", "role", "unit_id", "document_number", "valid_from", "valid_to", "revoked_at"],
    "staff_roleassignment": ["user_id", "role", "unit_id", "document_number", "valid_from", "valid_to", "assigned_by_id"],
    "staff_assignment": ["officer_id", "unit_id", "from_on", "until_on", "assigned_by_id"],
}  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("staff", "0015_readings_of_printed_papers")]
    operations = [
        migrations.RunSQL(f"SELECT ansinh_keep_history('{table}', ARRAY{columns}, true);", migrations.RunSQL.noop)
        for table, columns in KEPT.items()
    ]
