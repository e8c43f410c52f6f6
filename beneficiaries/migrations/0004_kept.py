"""What of people, accounts and registers is never edited or deleted, and what is kept as history: ids and codes only, never names or numbers."""

from django.db import migrations

from staff.migrations._statements import append_only, id_never_changes, keep_history, make, never_deleted, revoke

APPEND_ONLY = [
    "beneficiaries_accountevent",
    "beneficiaries_arrivalrefusal",
    "beneficiaries_auditanswer",
    "beneficiaries_audititem",
    "beneficiaries_auditsample",
    "beneficiaries_candidatelookup",
    "beneficiaries_casedecision",
    "beneficiaries_decision",
    "beneficiaries_decisionpaper",
    "beneficiaries_distinctpeople",
    "beneficiaries_enquiryfile",
    "beneficiaries_funeralfilestep",
    "beneficiaries_handover",
    "beneficiaries_handoversignature",
    "beneficiaries_identityenquiry",
    "beneficiaries_identitymatch",
    "beneficiaries_identityquestion",
    "beneficiaries_lifeevent",
    "beneficiaries_matchmodel",
    "beneficiaries_matchmodeladoption",
    "beneficiaries_noticeanswer",
    "beneficiaries_openingtemplate",
    "beneficiaries_qualityscore",
    "beneficiaries_qualitysignoff",
    "beneficiaries_registrationslip",
    "beneficiaries_registryrow",
    "beneficiaries_slipscan",
    "beneficiaries_verdict",
]

APPEND_ONLY_BY_STAFF = [
    "beneficiaries_insurancebenefit",
    "beneficiaries_insurancefeed",
    "beneficiaries_insurancetotal",
    "beneficiaries_payeepaper",
]

NEVER_DELETED = [
    "beneficiaries_accountchange",
    "beneficiaries_accountopening",
    "beneficiaries_bankaccount",
    "beneficiaries_beneficiary",
    "beneficiaries_case",
    "beneficiaries_child",
    "beneficiaries_correction",
    "beneficiaries_enrolment",
    "beneficiaries_funeralfile",
    "beneficiaries_lifestatus",
    "beneficiaries_payeerelation",
    "beneficiaries_receivedfile",
]

# Guards compare rows before and after by their id; one that could change would slip through.
KEEPS_ITS_ID = [
    "beneficiaries_accountchange",
    "beneficiaries_accountopening",
    "beneficiaries_bankaccount",
    "beneficiaries_beneficiary",
    "beneficiaries_case",
    "beneficiaries_enrolment",
    "beneficiaries_payeerelation",
    "beneficiaries_receivedfile",
]

# A newer row of a rule takes the place of an older one.
RULES = [
    "beneficiaries_agechange",
    "beneficiaries_exclusion",
    "beneficiaries_topuprate",
]

# Who asked for what, and what came of it, stays.
ORDERS = [
    "beneficiaries_matchorder",
    "beneficiaries_trainingorder",
]

# The guards alone write these.
WRITTEN_BY_GUARDS = [
    "beneficiaries_accountevent",
    "beneficiaries_casedecision",
]

# Table, columns, whether new rows are kept too.
HISTORY = [
    ("beneficiaries_bankaccount", ["status", "reason", "number_id", "bank_bin", "source", "holder_kind", "opened_on", "verified_on", "closed_on", "last_credited_month", "cause", "name_verdict"], True),
    ("beneficiaries_enrolment", ["beneficiary_id", "category_id", "unit_id", "coefficient", "starts_month", "ended_month", "suspended_month", "paid_through_month", "payee_kind", "payee_paper_until", "moved_to_id", "paid_to_id"], True),
    ("beneficiaries_case", ["status", "level", "owner_id", "solution", "proposed_by_id", "decided_by_id"], False),
    ("beneficiaries_standardamount", ["programme_id", "amount", "valid_from", "known_on"], True),
    ("beneficiaries_coefficient", ["category_id", "value", "valid_from"], True),
    ("beneficiaries_topuprate", ["category_id", "amount", "valid_from"], True),
    ("beneficiaries_accountchange", ["status", "decided_by_id", "usable_from"], True),
    ("beneficiaries_exclusion", ["programme_id", "category_id", "other_programme_id", "other_category_id", "together", "valid_from"], True),
    ("beneficiaries_agechange", ["category_id", "age", "next_category_id", "ended_on"], True),
    ("beneficiaries_payeerelation", ["kind", "scope", "paper_signed_on", "valid_from", "valid_until", "ended_on", "end_reason", "recorded_by_id", "ended_by_id"], True),
    ("beneficiaries_phone", ["owner", "opted_out_at", "recorded_at", "recorded_by_id"], True),
    ("beneficiaries_correction", ["status", "beneficiary_id", "paper_kind", "case_id", "proposed_by_id", "decided_by_id"], True),
]  # fmt: skip


class Migration(migrations.Migration):
    replaces = [("beneficiaries", "0015_history")]
    dependencies = [("beneficiaries", "0003_guards_of_people")]
    operations = [
        make(
            append_only(*APPEND_ONLY),
            append_only(*APPEND_ONLY_BY_STAFF, by="staff_append_only"),
            never_deleted(*NEVER_DELETED),
            never_deleted("beneficiaries_levelproposal", by="staff_append_only"),
            id_never_changes(*KEEPS_ITS_ID),
            never_deleted(*RULES, by="staff_append_only", right_stays=True),
            revoke("DELETE", *ORDERS),
            revoke("INSERT", *WRITTEN_BY_GUARDS),
            *(keep_history(table, *columns, inserts=inserts) for table, columns, inserts in HISTORY),
        ),
    ]
