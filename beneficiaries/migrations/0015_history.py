"""What of accounts, enrolments, amounts and cases is kept as history: only what life changes, ids and codes only."""

from django.db import migrations

KEPT = {
    "beneficiaries_bankaccount": (
        [
            "status",
            "reason",
            "number_id",
            "bank_bin",
            "source",
            "holder_kind",
            "opened_on",
            "verified_on",
            "closed_on",
            "last_credited_month",
            "cause",
            "name_verdict",
        ],
        True,
    ),
    "beneficiaries_enrolment": (
        [
            "beneficiary_id",
            "category_id",
            "unit_id",
            "coefficient",
            "starts_month",
            "ended_month",
            "suspended_month",
            "paid_through_month",
            "payee_kind",
            "payee_paper_until",
            "moved_to_id",
            "paid_to_id",
        ],
        True,
    ),
    "beneficiaries_case": (["status", "level", "owner_id", "solution", "proposed_by_id", "decided_by_id"], False),
    "beneficiaries_standardamount": (["programme_id", "amount", "valid_from", "known_on"], True),
    "beneficiaries_coefficient": (["category_id", "value", "valid_from"], True),
    "beneficiaries_topuprate": (["category_id", "amount", "valid_from"], True),
    "beneficiaries_accountchange": (["status", "decided_by_id", "usable_from"], True),
}


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0014_case_guards"), ("staff", "0007_history")]
    operations = [
        migrations.RunSQL(f"SELECT ansinh_keep_history('{table}', ARRAY{columns}, {inserts});", migrations.RunSQL.noop)
        for table, (columns, inserts) in KEPT.items()
    ]
