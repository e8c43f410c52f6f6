"""Who waits to be sent into an account the bank has closed since is taken off a released list, by a slip that says so; of any other account it is refused."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION payments_slip_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.refused_at IS NOT NULL OR (SELECT count(*) FROM payments_slipsignature g WHERE g.slip_id = OLD.id) = 2
           OR (to_jsonb(OLD) - '{refused_at,refused_by_id,refusal_note}'::text[]) IS DISTINCT FROM (to_jsonb(NEW) - '{refused_at,refused_by_id,refusal_note}'::text[]) THEN
            RAISE EXCEPTION 'a slip is signed or refused, never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'slip_is_never_edited';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.refused_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
        WHERE p.id = NEW.payment_id AND p.status IN ('DRAFT', 'READY') AND b.status IN ('SUBMITTED', 'APPROVED', 'RELEASED')
          AND (NEW.ground <> 'CHANGED' OR (b.status = 'RELEASED' AND (p.status = 'DRAFT' OR EXISTS (
               SELECT 1 FROM beneficiaries_bankaccount a WHERE a.id = p.bank_account_id AND a.status <> 'VERIFIED' AND (a.status <> 'OPENED'
               OR a.last_credited_month IS NULL OR a.reason IN ('ACCOUNT_CLOSED', 'ACCOUNT_BLOCKED', 'INVALID_ACCOUNT', 'RETURNED', 'DECLINED'))))))
          AND (NEW.ground <> 'LIFE' OR EXISTS (SELECT 1 FROM beneficiaries_life l WHERE l.beneficiary_id = p.beneficiary_id
                                               AND (l.deceased_on IS NOT NULL OR l.notice_on IS NOT NULL)))) THEN
        RAISE EXCEPTION 'only who stands on a signed list and was not sent is taken off it by a slip'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'slip_is_of_a_signed_list';
    END IF;
    RETURN NEW;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION payments_slip_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.refused_at IS NOT NULL OR (SELECT count(*) FROM payments_slipsignature g WHERE g.slip_id = OLD.id) = 2
           OR (to_jsonb(OLD) - '{refused_at,refused_by_id,refusal_note}'::text[]) IS DISTINCT FROM (to_jsonb(NEW) - '{refused_at,refused_by_id,refusal_note}'::text[]) THEN
            RAISE EXCEPTION 'a slip is signed or refused, never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'slip_is_never_edited';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.refused_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
        WHERE p.id = NEW.payment_id AND p.status IN ('DRAFT', 'READY') AND b.status IN ('SUBMITTED', 'APPROVED', 'RELEASED')
          AND (NEW.ground <> 'CHANGED' OR (p.status = 'DRAFT' AND b.status = 'RELEASED'))
          AND (NEW.ground <> 'LIFE' OR EXISTS (SELECT 1 FROM beneficiaries_life l WHERE l.beneficiary_id = p.beneficiary_id
                                               AND (l.deceased_on IS NOT NULL OR l.notice_on IS NOT NULL)))) THEN
        RAISE EXCEPTION 'only who stands on a signed list and was not sent is taken off it by a slip'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'slip_is_of_a_signed_list';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0040_history_of_sums_and_stops")]
    operations = [migrations.RunSQL(GUARD, BEFORE)]
