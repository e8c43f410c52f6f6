"""Every step about a discrepancy, months closed and reopened, and the rules of both in the database."""

import django.db.models.deletion
import django.db.models.functions.math
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

LIVE = """
CREATE OR REPLACE VIEW reconciliation_livematch AS
SELECT m.* FROM reconciliation_statementmatch m
WHERE m.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM reconciliation_statementmatch r WHERE r.reverses_id = m.id);
"""
# Resolved before there were grounds: only a line that came later ended one.
GROUNDS = "UPDATE reconciliation_discrepancy SET ground = 'FOUND_LATER' WHERE status = 'RESOLVED';"

# I10: who released a payment signs no write-off of it, and the second signature is somebody else's than the first.
STEPS = """
CREATE FUNCTION reconciliation_step_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.kind <> 'PROPOSED' AND NOT (NEW.kind = 'RESOLVED' AND NEW.ground = 'WRITTEN_OFF') THEN RETURN NEW; END IF;
    IF EXISTS (SELECT 1 FROM reconciliation_discrepancy d JOIN payments_payment p ON p.id = d.payment_id
               JOIN payments_signature s ON s.batch_id = p.batch_id AND s.step = 'RELEASER'
               WHERE d.id = NEW.discrepancy_id AND s.signer_id = NEW.made_by_id) THEN
        RAISE EXCEPTION 'nobody writes off what they released' USING ERRCODE = 'check_violation', CONSTRAINT = 'nobody_writes_off_what_they_released';
    END IF;
    IF NEW.kind = 'RESOLVED' AND coalesce((SELECT s.made_by_id FROM reconciliation_discrepancystep s WHERE s.discrepancy_id = NEW.discrepancy_id
                                           AND s.kind = 'PROPOSED' ORDER BY s.id DESC LIMIT 1), NEW.made_by_id) = NEW.made_by_id THEN
        RAISE EXCEPTION 'a write-off is signed by two people' USING ERRCODE = 'check_violation', CONSTRAINT = 'write_off_is_signed_by_two_people';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER step_guard BEFORE INSERT ON reconciliation_discrepancystep FOR EACH ROW EXECUTE FUNCTION reconciliation_step_guard();

CREATE FUNCTION reconciliation_discrepancy_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.kind, NEW.key, NEW.found_at) IS DISTINCT FROM (OLD.kind, OLD.key, OLD.found_at)
       OR (NEW.statement_id, NEW.line_id, NEW.payment_id, NEW.ours, NEW.theirs) IS DISTINCT FROM (OLD.statement_id, OLD.line_id, OLD.payment_id, OLD.ours, OLD.theirs) THEN
        RAISE EXCEPTION 'what a discrepancy is about never changes' USING ERRCODE = 'check_violation', CONSTRAINT = 'discrepancy_is_never_redirected';
    END IF;
    IF NEW.ground = 'WRITTEN_OFF' AND OLD.ground <> 'WRITTEN_OFF'
       AND NOT EXISTS (SELECT 1 FROM reconciliation_discrepancystep s WHERE s.discrepancy_id = NEW.id AND s.kind = 'RESOLVED'
                       AND s.ground = 'WRITTEN_OFF' AND s.made_by_id = NEW.resolved_by_id AND s.made_at = NEW.resolved_at) THEN
        RAISE EXCEPTION 'a write-off stands in the steps' USING ERRCODE = 'check_violation', CONSTRAINT = 'write_off_stands_in_the_steps';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER discrepancy_guard BEFORE UPDATE ON reconciliation_discrepancy FOR EACH ROW EXECUTE FUNCTION reconciliation_discrepancy_guard();
CREATE TRIGGER never_deleted BEFORE DELETE ON reconciliation_discrepancy FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
"""

PERIODS = """
CREATE FUNCTION reconciliation_is_closed(the_account bigint, the_day date) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT s.kind = 'CLOSED' FROM reconciliation_periodstep s
                     WHERE s.funding_account_id = the_account AND s.month = date_trunc('month', the_day)::date ORDER BY s.ordinal DESC LIMIT 1), false)
$$;
CREATE FUNCTION reconciliation_period_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE closed boolean;
BEGIN
    IF TG_TABLE_NAME = 'payments_posting' THEN
        SELECT bool_or(reconciliation_is_closed(x.funding_account_id, x.booked_on)) INTO closed
        FROM (SELECT DISTINCT a.funding_account_id, j.booked_on FROM new_rows n JOIN payments_ledgeraccount a ON a.id = n.account_id
              JOIN payments_journalentry j ON j.id = n.entry_id) x;
    ELSE
        SELECT bool_or(reconciliation_is_closed(x.funding_account_id, x.booked_on)) INTO closed
        FROM (SELECT DISTINCT s.funding_account_id, n.booked_on FROM new_rows n JOIN reconciliation_statement s ON s.id = n.statement_id) x;
    END IF;
    IF closed THEN
        RAISE EXCEPTION 'the month is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_period_takes_nothing_in';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER period_guard AFTER INSERT ON payments_posting REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_period_guard();
CREATE TRIGGER period_guard AFTER INSERT ON reconciliation_statementline REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_period_guard();
"""

TRANSFERS = """
CREATE FUNCTION reconciliation_transfer_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM new_rows n JOIN reconciliation_statementmatch o ON o.id = n.reverses_id
               WHERE n.fund_transfer_id IS DISTINCT FROM o.fund_transfer_id)
       OR EXISTS (SELECT 1 FROM (SELECT m.fund_transfer_id, sum(m.amount) AS explained FROM reconciliation_statementmatch m
                                 WHERE m.fund_transfer_id IN (SELECT fund_transfer_id FROM new_rows) GROUP BY 1) x
                  JOIN payments_fundtransfer t ON t.id = x.fund_transfer_id
                  WHERE CASE t.kind WHEN 'GIVEN_BACK' THEN x.explained ELSE -x.explained END NOT IN (0, t.amount)) THEN
        RAISE EXCEPTION 'a transfer is explained once' USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_is_explained_once';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER transfer_guard AFTER INSERT ON reconciliation_statementmatch REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_transfer_guard();
"""

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reconciliation_discrepancystep FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reconciliation_periodstep FOR EACH STATEMENT EXECUTE FUNCTION ansinh_append_only();
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        EXECUTE 'REVOKE UPDATE, DELETE ON reconciliation_discrepancystep, reconciliation_periodstep FROM ansinh_app';
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0016_fund_transfers"),
        ("reconciliation", "0006_seal_on_snapshots"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DiscrepancyStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ASSIGNED", "Giao người xử lý"),
                            ("NOTED", "Ghi chú"),
                            ("BANK_ASKED", "Tra soát ngân hàng"),
                            ("CARRIED", "Chuyển sang kỳ sau"),
                            ("PROPOSED", "Đề nghị xử lý theo quyết định"),
                            ("DECLINED", "Không đồng ý xử lý theo quyết định"),
                            ("RESOLVED", "Đã xử lý"),
                            ("REOPENED", "Mở lại"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("FOUND_LATER", "Số liệu nhận sau đã giải thích"),
                            ("LINKED", "Kế toán nối với khoản chi"),
                            ("BOOKED", "Đã ghi bút toán phí, lãi"),
                            ("BANK_ANSWERED", "Ngân hàng đã trả lời"),
                            ("WRITTEN_OFF", "Xử lý chênh lệch theo quyết định"),
                        ],
                        max_length=13,
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        help_text="in words: why, or the paper it rests on; never a number of a person", max_length=300
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        help_text="by when the bank is to answer; of CARRIED: the month it was carried out of",
                        null=True,
                    ),
                ),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PeriodStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("ordinal", models.PositiveSmallIntegerField(help_text="from 1; odd ones close, even ones reopen")),
                (
                    "kind",
                    models.CharField(
                        choices=[("CLOSED", "Khóa kỳ"), ("REOPENED", "Mở lại kỳ theo quyết định")], max_length=8
                    ),
                ),
                ("decision_number", models.CharField(blank=True, max_length=60)),
                ("decision_on", models.DateField(null=True)),
                ("decision_signer", models.CharField(blank=True, max_length=120)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="discrepancy",
            name="discrepancy_resolved_by_and_at_together",
        ),
        migrations.RemoveConstraint(
            model_name="statementmatch",
            name="match_names_what_its_kind_says",
        ),
        migrations.AddField(
            model_name="discrepancy",
            name="answer_due_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="discrepancy",
            name="ground",
            field=models.CharField(
                blank=True,
                choices=[
                    ("FOUND_LATER", "Số liệu nhận sau đã giải thích"),
                    ("LINKED", "Kế toán nối với khoản chi"),
                    ("BOOKED", "Đã ghi bút toán phí, lãi"),
                    ("BANK_ANSWERED", "Ngân hàng đã trả lời"),
                    ("WRITTEN_OFF", "Xử lý chênh lệch theo quyết định"),
                ],
                db_default="",
                max_length=13,
            ),
        ),
        migrations.AddField(
            model_name="discrepancy",
            name="owner",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="discrepancy",
            name="write_off_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="statementmatch",
            name="fund_transfer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="statement_matches",
                to="payments.fundtransfer",
            ),
        ),
        migrations.AlterField(
            model_name="discrepancy",
            name="kind",
            field=models.CharField(
                choices=[
                    ("MISSING_ON_STATEMENT", "Thiếu trên sao kê"),
                    ("UNEXPECTED_LINE", "Dòng lạ"),
                    ("AMOUNT_DIFFERS", "Lệch số tiền"),
                    ("DUPLICATE_DEBIT", "Ghi Nợ hai lần"),
                    ("LATE", "Đến muộn"),
                    ("RETURN_UNEXPLAINED", "Hoàn trả chưa rõ"),
                    ("BALANCE_GAP", "Lệch số dư"),
                    ("BANK_CONTRADICTS", "Ngân hàng báo khác trạng thái đã ghi"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="statementmatch",
            name="kind",
            field=models.CharField(
                choices=[
                    ("DEBIT", "Chi"),
                    ("RETURN", "Hoàn trả"),
                    ("TOP_UP", "Cấp tiền"),
                    ("CHARGE", "Phí"),
                    ("INTEREST", "Lãi"),
                    ("TRANSFER", "Chuyển tiền khác khoản chi"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            model_name="discrepancy",
            index=models.Index(condition=models.Q(("status", "OPEN")), fields=["found_at"], name="discrepancy_open"),
        ),
        migrations.RunSQL(GROUNDS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="discrepancy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ground", ""), ("resolved_at__isnull", True), ("resolved_by__isnull", True), ("status", "OPEN")
                    ),
                    models.Q(
                        ("resolved_at__isnull", False),
                        ("resolved_by__isnull", False),
                        ("status", "RESOLVED"),
                        models.Q(("ground", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="discrepancy_resolved_by_and_at_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="discrepancy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "OPEN"),
                    models.Q(("answer_due_on__isnull", True), ("write_off_by__isnull", True)),
                    _connector="OR",
                ),
                name="discrepancy_resolved_waits_for_nobody",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementmatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("fund_transfer__isnull", True),
                        ("kind", "TOP_UP"),
                        ("payment__isnull", True),
                        ("top_up__isnull", False),
                    ),
                    models.Q(
                        ("fund_transfer__isnull", True),
                        ("kind__in", ["DEBIT", "RETURN"]),
                        ("payment__isnull", False),
                        ("top_up__isnull", True),
                    ),
                    models.Q(
                        ("fund_transfer__isnull", False),
                        ("kind", "TRANSFER"),
                        ("payment__isnull", True),
                        ("top_up__isnull", True),
                    ),
                    models.Q(
                        ("fund_transfer__isnull", True),
                        ("kind__in", ["CHARGE", "INTEREST"]),
                        ("payment__isnull", True),
                        ("top_up__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="match_names_what_its_kind_says",
            ),
        ),
        migrations.AddField(
            model_name="discrepancystep",
            name="discrepancy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="reconciliation.discrepancy"
            ),
        ),
        migrations.AddField(
            model_name="discrepancystep",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="discrepancystep",
            name="match",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reconciliation.statementmatch",
            ),
        ),
        migrations.AddField(
            model_name="discrepancystep",
            name="owner",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="periodstep",
            name="funding_account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="period_steps", to="payments.fundingaccount"
            ),
        ),
        migrations.AddField(
            model_name="periodstep",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="discrepancystep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "ASSIGNED"), ("owner__isnull", False)),
                    models.Q(("due_on__isnull", False), ("kind__in", ["BANK_ASKED", "CARRIED"])),
                    models.Q(("kind", "RESOLVED"), models.Q(("ground", ""), _negated=True)),
                    ("kind__in", ["NOTED", "PROPOSED", "DECLINED", "REOPENED"]),
                    _connector="OR",
                ),
                name="step_says_what_its_kind_needs",
            ),
        ),
        migrations.AddConstraint(
            model_name="discrepancystep",
            constraint=models.CheckConstraint(condition=models.Q(("note", ""), _negated=True), name="step_has_a_note"),
        ),
        migrations.AddConstraint(
            model_name="periodstep",
            constraint=models.UniqueConstraint(
                fields=("funding_account", "month", "ordinal"), name="period_step_once_per_ordinal"
            ),
        ),
        migrations.AddConstraint(
            model_name="periodstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="period_month_is_a_first_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="periodstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        django.db.models.lookups.Exact(django.db.models.functions.math.Mod("ordinal", 2), 1),
                        ("kind", "CLOSED"),
                    ),
                    models.Q(
                        django.db.models.lookups.Exact(django.db.models.functions.math.Mod("ordinal", 2), 0),
                        ("kind", "REOPENED"),
                    ),
                    _connector="OR",
                ),
                name="period_closes_and_reopens_in_turn",
            ),
        ),
        migrations.AddConstraint(
            model_name="periodstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "REOPENED"), _negated=True),
                    models.Q(
                        ("decision_on__isnull", False),
                        models.Q(("decision_number", ""), _negated=True),
                        models.Q(("decision_signer", ""), _negated=True),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="period_is_reopened_by_decision",
            ),
        ),
        migrations.RunSQL(LIVE, migrations.RunSQL.noop),
        migrations.RunSQL(STEPS + PERIODS + TRANSFERS + APPEND_ONLY, migrations.RunSQL.noop),
    ]
