"""Who is released and not sent leaves the list when the agent it goes to died, or when another receives now than the account's holder.

The guard knew only accounts the bank takes no money into: a slip about a dead agent was refused, and with it every slip of that round.
"""

from django.db import migrations

# What stands against money that waits: the account is not good any more, its holder was replaced, or an agent of that name died and nobody
# alive receives under it.
LOST_ITS_WAY = """
CREATE FUNCTION payments_lost_its_way(the_payment bigint) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM payments_payment p JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id
        WHERE p.id = the_payment AND (
            a.status <> 'VERIFIED' AND (a.status <> 'OPENED' OR a.last_credited_month IS NULL
                OR a.reason IN ('ACCOUNT_CLOSED', 'ACCOUNT_BLOCKED', 'INVALID_ACCOUNT', 'RETURNED', 'DECLINED'))
            OR a.holder_kind <> 'OWN' AND a.name_verdict IN ('DIFFERENT', 'REVIEW') AND EXISTS (
                SELECT 1 FROM beneficiaries_payeerelation r WHERE r.beneficiary_id = a.beneficiary_id AND r.kind = a.holder_kind
                HAVING count(DISTINCT r.name_key) > CASE a.name_verdict WHEN 'DIFFERENT' THEN 0 ELSE 1 END)))
    OR EXISTS (
        SELECT 1 FROM payments_payment p
        JOIN beneficiaries_payeerelation r ON r.beneficiary_id = p.beneficiary_id AND r.full_name = p.payee_name
             AND r.kind = 'AUTHORISED' AND r.end_reason = 'DECEASED'
        WHERE p.id = the_payment
          AND NOT EXISTS (SELECT 1 FROM beneficiaries_payeerelation h
                          WHERE h.beneficiary_id = p.beneficiary_id AND h.full_name = p.payee_name AND h.ended_on IS NULL)
          AND NOT EXISTS (SELECT 1 FROM beneficiaries_beneficiary b WHERE b.id = p.beneficiary_id AND b.full_name = p.payee_name)
          AND NOT EXISTS (SELECT 1 FROM beneficiaries_decision d JOIN beneficiaries_enrolment n ON n.id = d.enrolment_id
                          WHERE n.beneficiary_id = p.beneficiary_id AND d.kind = 'PAY_OUT' AND d.payee_name = p.payee_name))
$$;
"""

_GUARD = """
CREATE OR REPLACE FUNCTION payments_slip_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.refused_at IS NOT NULL OR (SELECT count(*) FROM payments_slipsignature g WHERE g.slip_id = OLD.id) = 2
           OR (to_jsonb(OLD) - '{{refused_at,refused_by_id,refusal_note}}'::text[]) IS DISTINCT FROM (to_jsonb(NEW) - '{{refused_at,refused_by_id,refusal_note}}'::text[]) THEN
            RAISE EXCEPTION 'a slip is signed or refused, never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'slip_is_never_edited';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.refused_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
        WHERE p.id = NEW.payment_id AND p.status IN ('DRAFT', 'READY') AND b.status IN ('SUBMITTED', 'APPROVED', 'RELEASED')
          AND (NEW.ground <> 'CHANGED' OR (b.status = 'RELEASED' AND (p.status = 'DRAFT' OR {lost})))
          AND (NEW.ground <> 'LIFE' OR EXISTS (SELECT 1 FROM beneficiaries_life l WHERE l.beneficiary_id = p.beneficiary_id
                                               AND (l.deceased_on IS NOT NULL OR l.notice_on IS NOT NULL)))) THEN
        RAISE EXCEPTION 'only who stands on a signed list and was not sent is taken off it by a slip'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'slip_is_of_a_signed_list';
    END IF;
    RETURN NEW;
END $$;
"""
SLIP_GUARD = _GUARD.format(lost="payments_lost_its_way(p.id)")
SLIP_GUARD_BEFORE = _GUARD.format(
    lost="""EXISTS (
               SELECT 1 FROM beneficiaries_bankaccount a WHERE a.id = p.bank_account_id AND a.status <> 'VERIFIED' AND (a.status <> 'OPENED'
               OR a.last_credited_month IS NULL OR a.reason IN ('ACCOUNT_CLOSED', 'ACCOUNT_BLOCKED', 'INVALID_ACCOUNT', 'RETURNED', 'DECLINED')))"""
)


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0027_old_books_stay_old"),
        ("beneficiaries", "0021_one_level_by_one_person"),
    ]
    operations = [
        migrations.RunSQL(LOST_ITS_WAY, "DROP FUNCTION payments_lost_its_way(bigint)"),
        migrations.RunSQL(SLIP_GUARD, SLIP_GUARD_BEFORE),
    ]
