"""What of lists, payments and money is never edited or deleted, and what is kept as history: ids and codes only. No insert of payments: the signed digest covers the list."""

from django.db import migrations

from staff.migrations._statements import append_only, id_never_changes, keep_history, make, never_deleted, revoke

APPEND_ONLY = [
    "payments_bankletter",
    "payments_budgetcode",
    "payments_budgetestimate",
    "payments_conflictnote",
    "payments_deduction",
    "payments_entitlementpart",
    "payments_fundtransfer",
    "payments_handover",
    "payments_journalentry",
    "payments_ledgeraccount",
    "payments_listmaker",
    "payments_posting",
    "payments_providertemplate",
    "payments_recoveryreceipt",
    "payments_resultline",
    "payments_resultlist",
    "payments_signature",
    "payments_signedpaper",
    "payments_signingrule",
    "payments_slipsignature",
    "payments_treasuryvoucher",
]

NEVER_DELETED = [
    "payments_bankevent",
    "payments_bankholiday",
    "payments_bankhours",
    "payments_bankreport",
    "payments_contradiction",
    "payments_cycle",
    "payments_enquiry",
    "payments_entitlement",
    "payments_finding",
    "payments_freeze",
    "payments_notice",
    "payments_payingpoint",
    "payments_payment",
    "payments_paymentbatch",
    "payments_paymentfile",
    "payments_provider",
    "payments_recoveryproposal",
    "payments_removalslip",
    "payments_settingchange",
    "payments_stopnotice",
    "payments_topup",
]

# Guards compare rows before and after by their id; one that could change would slip through.
KEEPS_ITS_ID = [
    "payments_bankevent",
    "payments_cycle",
    "payments_entitlement",
    "payments_payment",
    "payments_paymentbatch",
    "payments_topup",
]

# A ledger account names whose and which every posting of it is: edited, it would rewrite closed months without a trace. So with money put in.
TOP_UPS = """
CREATE TRIGGER append_only BEFORE UPDATE ON payments_topup FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
"""

# Who asked for what, and what came of it, stays.
ORDERS = [
    "payments_listorder",
    "payments_officefile",
]

# Table, columns, whether new rows are kept too.
HISTORY = [
    ("payments_payment", ["status", "cause", "hold_code", "attempt", "bank_reference", "return_code", "credited_on", "returned_on", "confirmed_at"], False),
    ("payments_paymentbatch", ["status", "revision", "paused"], False),
    ("payments_entitlement", ["payment_id", "withdrawn_in_id"], False),
    ("payments_fundingaccount", ["sends_by"], False),
    ("payments_payingpoint", ["unit_id", "closed_on"], True),
    ("payments_enquiry", ["payment_id", "attempt", "owner_id", "owner_role", "letter_id", "document", "outcome", "decided_by_id", "decided_role"], True),
    ("payments_finding", ["payment_id", "outcome", "letter_id", "document", "found_by_id", "found_role", "confirmed_by_id", "confirmed_role"], True),
    ("payments_settingchange", ["kind", "unit_id", "said", "document", "proposed_by_id", "accepted", "decided_by_id"], True),
    ("payments_topup", ["funding_account_id", "reference", "amount", "booked_on", "document", "recorded_by_id"], True),
    ("payments_removalslip", ["payment_id", "ground", "document_number", "requested_by_id", "refused_by_id", "refused_at"], True),
    ("payments_freeze", ["unit_id", "programme_id", "began_by_id", "began_at", "ended_by_id", "ended_at"], True),
    ("payments_recoveryproposal", ["entitlement_id", "payment_id", "amount", "deceased_on", "withdrawn_at"], True),
    ("payments_cycle", ["month", "listed_on", "pay_on", "closed_at", "closed_by_id"], True),
]  # fmt: skip


class Migration(migrations.Migration):
    replaces = [("payments", "0013_history")]
    dependencies = [("payments", "0007_guards_of_files_and_settings")]
    operations = [
        make(
            append_only(*APPEND_ONLY),
            never_deleted(*NEVER_DELETED),
            id_never_changes(*KEEPS_ITS_ID),
            TOP_UPS,
            revoke("UPDATE", "payments_topup"),
            revoke("DELETE", *ORDERS),
            revoke("INSERT, UPDATE, DELETE", "payments_succession"),
            *(keep_history(table, *columns, inserts=inserts) for table, columns, inserts in HISTORY),
        ),
    ]
