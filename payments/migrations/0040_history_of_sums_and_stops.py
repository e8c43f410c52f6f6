"""Money put in, payments stopped, programmes frozen, sums to be recovered, months closed: kept and sealed like the payments themselves."""

from django.db import migrations

KEPT = {
    "payments_topup": ["funding_account_id", "reference", "amount", "booked_on", "document", "recorded_by_id"],
    "payments_removalslip": ["payment_id", "ground", "document_number", "requested_by_id", "refused_by_id", "refused_at"],
    "payments_freeze": ["unit_id", "programme_id", "began_by_id", "began_at", "ended_by_id", "ended_at"],
    "payments_recoveryproposal": ["entitlement_id", "payment_id", "amount", "deceased_on", "withdrawn_at"],
    "payments_cycle": ["month", "listed_on", "pay_on", "closed_at", "closed_by_id"],
}  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("payments", "0039_budget_estimates"), ("staff", "0007_history")]
    operations = [
        migrations.RunSQL(f"SELECT ansinh_keep_history('{table}', ARRAY{columns}, true);", migrations.RunSQL.noop)
        for table, columns in KEPT.items()
    ]
