"""The trail of a case keeps its terms and when they were set, so that what was overdue on a day is counted the same ever after (ADR 95).

What a person is joined to is kept as history: who counted as one human being at a moment is known too.
"""

from django.db import migrations, models

from staff.migrations._statements import keep_history, rows

LIVE = ["OPEN", "PROPOSED", "ESCALATED"]
CASE_TRANSITIONS = sorted(
    {(before, after) for before in LIVE for after in ("SOLVED", "REJECTED", "ESCALATED") if before != after}
    | {("OPEN", "PROPOSED"), ("ESCALATED", "PROPOSED")}
    | {(before, "OPEN") for before in ("PROPOSED", "ESCALATED", "SOLVED", "REJECTED")}
)


def case_trail(*, terms):
    """The function of the trail; without `terms` as it was before."""
    columns = ", due_before, due_after, made_at" if terms else ""
    born = ", NULL, n.due_on, coalesce(n.decided_at, n.opened_at)" if terms else ""
    # Whoever sets a term without a decision has no moment of their own: the database's clock tells it.
    moved = (
        """, o.due_on, n.due_on,
           CASE WHEN n.decided_at IS DISTINCT FROM o.decided_at THEN coalesce(n.decided_at, clock_timestamp()) ELSE clock_timestamp() END"""
        if terms
        else ""
    )
    due = ", {}.due_on" if terms else ""
    return f"""
CREATE OR REPLACE FUNCTION beneficiaries_case_trail() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET enable_nestloop = off SET search_path = public, pg_temp AS $$
DECLARE refused text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO beneficiaries_casedecision (case_id, status_before, status_after, level_before, level_after, owner_before_id, owner_after_id,
                                                solution, proposal, document, note, decided_by_id, decided_at{columns})
        SELECT n.id, '', n.status, '', n.level, NULL, n.owner_id, n.solution, n.proposal, n.document, n.note, n.decided_by_id, n.decided_at{born}
        FROM new_rows n WHERE n.status <> 'OPEN' OR n.owner_id IS NOT NULL;
        RETURN NULL;
    END IF;
    SELECT o.status || ' -> ' || n.status INTO refused FROM old_rows o JOIN new_rows n ON n.id = o.id
    WHERE o.status <> n.status AND (o.status, n.status) NOT IN ({rows(CASE_TRANSITIONS)}) LIMIT 1;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION 'case may not move %', refused USING ERRCODE = 'check_violation', CONSTRAINT = 'case_moves_by_the_table';
    END IF;
    IF EXISTS (SELECT 1 FROM old_rows o JOIN new_rows n ON n.id = o.id
               WHERE ROW(o.kind, o.beneficiary_id, o.subject, o.opened_at)
                     IS DISTINCT FROM ROW(n.kind, n.beneficiary_id, n.subject, n.opened_at)) THEN
        RAISE EXCEPTION 'what a case is about never changes' USING ERRCODE = 'check_violation', CONSTRAINT = 'case_stays_about_the_same';
    END IF;
    INSERT INTO beneficiaries_casedecision (case_id, status_before, status_after, level_before, level_after, owner_before_id, owner_after_id,
                                            solution, proposal, document, note, decided_by_id, decided_at{columns})
    SELECT n.id, o.status, n.status, o.level, n.level, o.owner_id, n.owner_id, n.solution, n.proposal, n.document, n.note,
           n.decided_by_id, n.decided_at{moved}
    FROM old_rows o JOIN new_rows n ON n.id = o.id
    WHERE ROW(o.status, o.level, o.owner_id{due.format("o")}) IS DISTINCT FROM ROW(n.status, n.level, n.owner_id{due.format("n")});
    RETURN NULL;
END $$;
"""


# Whose code was given out has a function of its own (0010), which bore the name the history gives its functions.
CODES_APART = "ALTER FUNCTION history_of_beneficiaries_beneficiary() RENAME TO lookup_code_history;"
CODES_AS_BEFORE = "ALTER FUNCTION lookup_code_history() RENAME TO history_of_beneficiaries_beneficiary;"
NO_HISTORY = """
DROP TRIGGER history_update ON beneficiaries_beneficiary;
DROP TRIGGER history_delete ON beneficiaries_beneficiary;
DROP FUNCTION history_of_beneficiaries_beneficiary();
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0019_communes_alone"), ("staff", "0012_everything_handed_over")]
    operations = [
        migrations.AddField("casedecision", "due_before", models.DateField(null=True)),
        migrations.AddField("casedecision", "due_after", models.DateField(null=True)),
        migrations.AddField("casedecision", "made_at", models.DateTimeField(null=True)),
        migrations.RunSQL(case_trail(terms=True), case_trail(terms=False)),
        migrations.RunSQL(CODES_APART, CODES_AS_BEFORE),
        migrations.RunSQL(keep_history("beneficiaries_beneficiary", "same_as_id", inserts=False), NO_HISTORY),
    ]
