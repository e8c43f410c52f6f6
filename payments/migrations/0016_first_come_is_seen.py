"""What is decided beside the making and the closing of a month is seen by it, or waits for it; nothing is made in a time to come.

A decision holds the record it is about and takes no month after it (ADR 71). So the month that closes holds the records that might still want an
answer of it, and lists hold the records they pay: whoever decided about one is waited for and seen, whoever comes later waits and sees the lists.
"""

from django.conf import settings
from django.db import migrations, models
from django.db.models import PROTECT, Q

from staff.migrations._statements import make, never_deleted

# Records that were moved away are held too: papers sent back, or taken in, bring an answer to want again.
CYCLE_GUARD = """
CREATE OR REPLACE FUNCTION payments_cycle_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL OR (NEW.month, NEW.opening, NEW.built_at) IS DISTINCT FROM (OLD.month, OLD.opening, OLD.built_at) THEN
        RAISE EXCEPTION 'a closed cycle stays closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_stays_as_it_is';
    END IF;
    IF NEW.listed_on <> OLD.listed_on THEN
        RAISE EXCEPTION 'lists stay of the day they were made on' USING ERRCODE = 'check_violation', CONSTRAINT = 'cycle_keeps_the_day_of_its_lists';
    END IF;
    IF NEW.closed_at IS NOT NULL AND current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'who was granted it meanwhile is seen' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_answered_everybody';
    END IF;
    IF NEW.closed_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM payments_paymentbatch b LEFT JOIN payments_payment p ON p.batch_id = b.id AND p.status IN ('DRAFT', 'READY', 'SENT', 'PROCESSING')
        WHERE b.cycle_id = NEW.id AND b.status <> 'CANCELLED' AND (p.id IS NOT NULL OR b.status NOT IN ('RELEASED', 'CLOSED'))) THEN
        RAISE EXCEPTION 'a cycle is closed when every payment is final' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_is_final';
    END IF;
    IF NEW.closed_at IS NOT NULL THEN
        PERFORM 1 FROM beneficiaries_enrolment e JOIN beneficiaries_programme g ON g.id = e.programme_id AND g.kind <> 'REGULAR'
        WHERE e.starts_month = NEW.month AND (e.moved_to_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM payments_entitlement t WHERE t.enrolment_id = e.id))
        ORDER BY e.id FOR SHARE OF e;
    END IF;
    IF NEW.closed_at IS NOT NULL AND NOT NEW.opening AND EXISTS (
        SELECT 1 FROM beneficiaries_enrolment e JOIN beneficiaries_programme g ON g.id = e.programme_id AND g.kind <> 'REGULAR'
        WHERE e.starts_month = NEW.month AND coalesce(e.ended_month > NEW.month, true) AND e.suspended_month IS NULL
          AND NOT EXISTS (SELECT 1 FROM payments_entitlement t WHERE t.enrolment_id = e.id)) THEN
        RAISE EXCEPTION 'somebody granted it once has no answer' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_answered_everybody';
    END IF;
    RETURN NEW;
END $$;
"""

# A decision about a record that stands. Inserting is `CLOSED_MONTH_INSERT`: whoever goes on with a record of another commune holds that one, which a
# month that closes holds; the month they would take crosswise.
CLOSED_MONTH_GUARD = """
CREATE OR REPLACE FUNCTION payments_closed_month_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM beneficiaries_programme g WHERE g.id = NEW.programme_id AND g.kind <> 'REGULAR') THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT 1 FROM payments_cycle c WHERE c.month = NEW.starts_month AND NOT c.opening AND c.closed_at IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM payments_entitlement t WHERE t.enrolment_id = NEW.id) THEN
        RAISE EXCEPTION 'a closed month takes nobody' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_month_takes_nobody';
    END IF;
    RETURN NEW;
END $$;
"""

# By statement: a gift's list is thousands of records of one month, and asking for each whether it is closed made taking them in half as long again.
CLOSED_MONTH_INSERT = """
DROP TRIGGER closed_month_guard_insert ON beneficiaries_enrolment;
CREATE FUNCTION payments_closed_month_insert() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE months date[];
BEGIN
    SELECT array_agg(DISTINCT n.starts_month) INTO months FROM new_rows n JOIN beneficiaries_programme g ON g.id = n.programme_id AND g.kind <> 'REGULAR'
    WHERE n.ended_month = (n.starts_month + interval '1 month')::date AND n.suspended_month IS NULL;
    IF months IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM beneficiaries_enrolment o WHERE o.id IN (SELECT n.continues_id FROM new_rows n) ORDER BY o.id FOR UPDATE;
    PERFORM 1 FROM payments_cycle c WHERE NOT c.opening AND c.month = ANY(months) AND EXISTS (
        SELECT 1 FROM new_rows n WHERE n.starts_month = c.month AND n.continues_id IS NULL) ORDER BY c.id FOR SHARE;
    IF EXISTS (SELECT 1 FROM payments_cycle c WHERE c.month = ANY(months) AND NOT c.opening AND c.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a closed month takes nobody' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_month_takes_nobody';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER closed_month_guard_insert AFTER INSERT ON beneficiaries_enrolment REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_closed_month_insert();
"""

# Before it is asked who moved: whoever decides holds the record FOR UPDATE, until the decision stands. All of them, by id, as lists of decisions hold
# them: the foreign key would take them at the end, in no order.
ENTITLEMENT_INSERT = """
CREATE OR REPLACE FUNCTION payments_entitlement_insert() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN payments_payment p ON p.id = n.payment_id JOIN beneficiaries_enrolment e ON e.id = n.enrolment_id
               WHERE (p.beneficiary_id <> e.beneficiary_id AND p.beneficiary_id IS DISTINCT FROM e.paid_to_id) OR p.status <> 'DRAFT') THEN
        RAISE EXCEPTION 'an entitlement joins only a draft payment to its own person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_is_paid_to_its_person';
    END IF;
    PERFORM 1 FROM beneficiaries_enrolment e WHERE e.id IN (SELECT n.enrolment_id FROM new_rows n) ORDER BY e.id FOR KEY SHARE;
    IF EXISTS (SELECT 1 FROM new_rows n JOIN beneficiaries_enrolment e ON e.id = n.enrolment_id
               WHERE e.moved_to_id IS NOT NULL AND n.month >= e.ended_month AND n.not_payable_reason = '') THEN
        RAISE EXCEPTION 'who moved is paid no further' USING ERRCODE = 'check_violation', CONSTRAINT = 'moved_enrolment_is_paid_no_further';
    END IF;
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT cycle_id FROM new_rows) n JOIN payments_cycle c ON c.id = n.cycle_id WHERE c.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'nothing joins a closed cycle' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_cycle_stays_as_it_is';
    END IF;
    RETURN NULL;
END $$;
"""

TRANSFER_GUARD = """
CREATE OR REPLACE FUNCTION beneficiaries_transfer_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'what the old commune gives meanwhile is seen' USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_names_the_last_month_given';
    END IF;
    PERFORM 1 FROM beneficiaries_enrolment e WHERE e.id = NEW.enrolment_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM payments_entitlement t WHERE t.enrolment_id = NEW.enrolment_id AND t.month > NEW.last_month
               AND t.not_payable_reason = '' AND t.withdrawn_in_id IS NULL) THEN
        RAISE EXCEPTION 'the old commune gave more months than it says' USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_names_the_last_month_given';
    END IF;
    RETURN NULL;
END $$;
"""

# Months drawn together give an instalment each: the ceiling is one of a month. Arrears and what is carried over give none beside.
DEDUCTION_GUARD = """
CREATE FUNCTION payments_months_of(the_payment bigint) RETURNS bigint LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT greatest(1, count(DISTINCT t.month)) FROM payments_entitlement t JOIN payments_cycle c ON c.id = t.cycle_id
    JOIN payments_payment p ON p.id = t.payment_id JOIN payments_paymentbatch b ON b.id = p.batch_id AND b.cycle_id = t.cycle_id
    WHERE t.payment_id = the_payment AND t.month >= c.month AND t.corrects_id IS NULL AND t.not_payable_reason = '' AND t.withdrawn_in_id IS NULL
$$;
CREATE OR REPLACE FUNCTION payments_deduction_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN beneficiaries_decision d ON d.id = n.decision_id JOIN beneficiaries_enrolment e ON e.id = d.enrolment_id
               JOIN payments_payment p ON p.id = n.payment_id
               WHERE d.kind <> 'RECOVER' OR p.status <> 'DRAFT' OR n.amount > d.monthly_ceiling * payments_months_of(p.id)
                  OR (p.beneficiary_id <> e.beneficiary_id AND p.beneficiary_id IS DISTINCT FROM e.paid_to_id)) THEN
        RAISE EXCEPTION 'a recovery takes its instalment from a draft payment to its own person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deduction_rests_on_a_decision_to_recover';
    END IF;
    IF EXISTS (SELECT 1 FROM payments_deduction x JOIN payments_payment p ON p.id = x.payment_id AND p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED')
               JOIN beneficiaries_decision d ON d.id = x.decision_id
               WHERE x.decision_id IN (SELECT decision_id FROM new_rows) GROUP BY d.id HAVING sum(x.amount) > d.amount) THEN
        RAISE EXCEPTION 'no more is recovered than was decided' USING ERRCODE = 'check_violation', CONSTRAINT = 'deductions_stay_below_the_decision';
    END IF;
    RETURN NULL;
END $$;
"""

# A signature is not older than what it follows (ADR 75), so nothing it follows may be of a time to come: nobody could sign before that came.
NOT_AHEAD = """
CREATE FUNCTION payments_not_ahead() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'nothing is made or asked for in a time to come' USING ERRCODE = 'check_violation', CONSTRAINT = 'made_before_it_is_signed';
END $$;
CREATE TRIGGER maker_not_ahead BEFORE INSERT ON payments_listmaker FOR EACH ROW
    WHEN (NEW.done_at > clock_timestamp()) EXECUTE FUNCTION payments_not_ahead();
CREATE TRIGGER cycle_not_ahead BEFORE INSERT ON payments_cycle FOR EACH ROW
    WHEN (NEW.built_at > clock_timestamp()) EXECUTE FUNCTION payments_not_ahead();
CREATE TRIGGER slip_not_ahead BEFORE INSERT OR UPDATE OF requested_at ON payments_removalslip FOR EACH ROW
    WHEN (NEW.requested_at > clock_timestamp()) EXECUTE FUNCTION payments_not_ahead();
"""


GIFT_LOOK = migrations.CreateModel(
    name="GiftLook",
    fields=[
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        (
            "stage",
            models.CharField(
                choices=[("WAITING", "Đang chờ hoặc đang làm"), ("DONE", "Đã xong"), ("REFUSED", "Không làm được")],
                default="WAITING",
                max_length=7,
            ),
        ),
        ("ordered_at", models.DateTimeField()),
        ("started_at", models.DateTimeField(null=True)),
        ("attempts", models.PositiveSmallIntegerField(default=0)),
        ("finished_at", models.DateTimeField(null=True)),
        ("problem_code", models.CharField(blank=True, max_length=40)),
        ("problem", models.CharField(blank=True, max_length=600)),
        ("conflicts", models.JSONField(default=list, help_text="what stands in the way, as the refusal names it")),
        ("sealed", models.BinaryField(null=True)),
        ("file_digest", models.BinaryField(help_text="keyed digest of the bytes: a double click is one look")),
        ("rows", models.IntegerField(help_text="of the list; None until it was read", null=True)),
        ("sealed_result", models.BinaryField(help_text="what was seen, row by row", null=True)),
        ("ordered_by", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
        ("unit", models.ForeignKey(on_delete=PROTECT, related_name="+", to="staff.administrativeunit")),
        ("written_as", models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="payments.officefile")),
    ],
    options={
        "abstract": False,
        "indexes": [models.Index(condition=Q(stage="WAITING"), fields=["stage"], name="giftlook_waiting")],
        "constraints": [
            models.CheckConstraint(
                condition=Q(stage="WAITING", finished_at__isnull=True)
                | (~Q(stage="WAITING") & Q(finished_at__isnull=False)),
                name="giftlook_is_finished_or_waits",
            ),
            models.CheckConstraint(
                condition=Q(stage="REFUSED") & ~Q(problem_code="") | ~Q(stage="REFUSED") & Q(problem_code=""),
                name="giftlook_says_why_it_was_refused",
            ),
            models.UniqueConstraint(
                condition=Q(stage="WAITING"), fields=["unit", "file_digest"], name="waiting_gift_look_once_per_content"
            ),
            models.CheckConstraint(
                condition=~Q(stage="WAITING") | Q(sealed__isnull=False), name="gift_look_is_kept_while_it_waits"
            ),
        ],
    },
)


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0015_what_is_paid_once_is_answered_once"),
        ("beneficiaries", "0010_who_gave_out_a_code"),
        ("staff", "0007_units_stay_where_they_are"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        GIFT_LOOK,
        make(never_deleted("payments_giftlook")),
        make(
            CYCLE_GUARD,
            CLOSED_MONTH_GUARD,
            CLOSED_MONTH_INSERT,
            ENTITLEMENT_INSERT,
            TRANSFER_GUARD,
            DEDUCTION_GUARD,
            NOT_AHEAD,
        ),
    ]
