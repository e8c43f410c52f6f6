"""What of statements, differences and reports is never edited or deleted, and what is kept as history."""

from django.db import migrations

from staff.migrations._statements import append_only, id_never_changes, keep_history, make, never_deleted

APPEND_ONLY = [
    "reconciliation_discrepancystep",
    "reconciliation_issuedpaper",
    "reconciliation_periodstep",
    "reconciliation_reportreading",
    "reconciliation_reportsnapshot",
    "reconciliation_signedreport",
    "reconciliation_statement",
    "reconciliation_statementline",
    "reconciliation_statementmatch",
]

NEVER_DELETED = [
    "reconciliation_discrepancy",
    "reconciliation_paperorder",
    "reconciliation_reportrun",
]

# Guards compare rows before and after by their id; of users, see the guard of matches.
KEEPS_ITS_ID = [
    "staff_user",
]

# Table, columns, whether new rows are kept too.
HISTORY = [
    ("reconciliation_discrepancy", ["status", "ground", "owner_id", "write_off_by_id", "answer_due_on", "resolved_by_id", "resolved_at"], True),
    ("reconciliation_reportrun", ["status", "cause", "snapshot_id", "due_on", "signed_by_id"], False),
    ("reconciliation_statementmapping", ["columns", "saved_by_id", "saved_at"], True),
]  # fmt: skip


class Migration(migrations.Migration):
    replaces = [("reconciliation", "0005_history")]
    dependencies = [("reconciliation", "0004_guards_of_differences_and_reports")]
    operations = [
        make(
            append_only(*APPEND_ONLY),
            never_deleted(*NEVER_DELETED),
            id_never_changes(*KEEPS_ITS_ID),
            *(keep_history(table, *columns, inserts=inserts) for table, columns, inserts in HISTORY),
        ),
    ]
