"""What of lists, payments and entitlements is kept as history. No insert of payments: the signed digest covers the list."""

from django.db import migrations

KEPT = {
    "payments_payment": (
        [
            "status",
            "cause",
            "hold_code",
            "attempt",
            "bank_reference",
            "return_code",
            "credited_on",
            "returned_on",
            "confirmed_at",
        ],
        False,
    ),
    "payments_paymentbatch": (["status", "revision", "paused"], False),
    "payments_entitlement": (["payment_id", "withdrawn_in_id"], False),
}


class Migration(migrations.Migration):
    dependencies = [("payments", "0012_owing_guards"), ("staff", "0007_history")]
    operations = [
        migrations.RunSQL(f"SELECT ansinh_keep_history('{table}', ARRAY{columns}, {inserts});", migrations.RunSQL.noop)
        for table, (columns, inserts) in KEPT.items()
    ]
