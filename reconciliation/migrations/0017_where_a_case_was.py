"""Where a case lay is kept as history: it moves with its person, and a report counted again counts it where it was (ADR 95)."""

from django.db import migrations

from staff.migrations._statements import keep_history

KEPT = ["status", "level", "owner_id", "solution", "proposed_by_id", "decided_by_id"]


class Migration(migrations.Migration):
    dependencies = [
        ("reconciliation", "0016_counted_as_known_then"),
        ("beneficiaries", "0020_a_term_is_of_its_time"),
        ("staff", "0013_erased_by_two_people"),
    ]
    operations = [
        migrations.RunSQL(
            keep_history("beneficiaries_case", *KEPT, "unit_id", inserts=False),
            keep_history("beneficiaries_case", *KEPT, inserts=False),
        )
    ]
