"""A match has an amount, a basis and can be undone by a counter-row; statements without a number; what may be explained is held by a trigger."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

# Lines landed before had one whole match each.
AMOUNTS = """
ALTER TABLE reconciliation_statementmatch DISABLE TRIGGER append_only;
UPDATE reconciliation_statementmatch m SET amount = l.amount, basis = 'REFERENCE' FROM reconciliation_statementline l WHERE l.id = m.line_id;
ALTER TABLE reconciliation_statementmatch ENABLE TRIGGER append_only;
"""
LIVE = """
CREATE VIEW reconciliation_livematch AS
SELECT m.* FROM reconciliation_statementmatch m
WHERE m.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM reconciliation_statementmatch r WHERE r.reverses_id = m.id);
"""
# The lock lets one transaction explain at a time, so that two of them can't both find room for the same payment.
GUARD = """
CREATE FUNCTION reconciliation_match_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('reconciliation_match'));
    IF EXISTS (SELECT 1 FROM new_rows n LEFT JOIN reconciliation_statementmatch o ON o.id = n.reverses_id
               WHERE n.reverses_id IS NOT NULL AND (o.id IS NULL OR o.reverses_id IS NOT NULL OR n.amount <> -o.amount OR n.line_id <> o.line_id
                     OR n.kind <> o.kind OR n.payment_id IS DISTINCT FROM o.payment_id OR n.top_up_id IS DISTINCT FROM o.top_up_id)) THEN
        RAISE EXCEPTION 'a counter-row is its match with the opposite sign' USING ERRCODE = 'check_violation', CONSTRAINT = 'counter_row_mirrors_its_match';
    END IF;
    IF EXISTS (SELECT 1 FROM (SELECT m.line_id, sum(m.amount) AS explained FROM reconciliation_statementmatch m
                              WHERE m.line_id IN (SELECT line_id FROM new_rows) GROUP BY m.line_id) x
               JOIN reconciliation_statementline l ON l.id = x.line_id
               WHERE sign(x.explained) NOT IN (0, sign(l.amount)) OR abs(x.explained) > abs(l.amount)) THEN
        RAISE EXCEPTION 'a line is explained once' USING ERRCODE = 'check_violation', CONSTRAINT = 'line_is_explained_once';
    END IF;
    IF EXISTS (SELECT 1 FROM (SELECT m.payment_id, m.kind, sum(m.amount) AS explained FROM reconciliation_statementmatch m
                              WHERE m.payment_id IN (SELECT payment_id FROM new_rows) GROUP BY m.payment_id, m.kind) x
               JOIN payments_payment p ON p.id = x.payment_id
               WHERE CASE x.kind WHEN 'DEBIT' THEN -x.explained ELSE x.explained END NOT BETWEEN 0 AND p.amount) THEN
        RAISE EXCEPTION 'a payment is debited once and returned once' USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_is_explained_once';
    END IF;
    IF EXISTS (SELECT 1 FROM (SELECT m.top_up_id, sum(m.amount) AS explained FROM reconciliation_statementmatch m
                              WHERE m.top_up_id IN (SELECT top_up_id FROM new_rows) GROUP BY m.top_up_id) x
               JOIN payments_topup t ON t.id = x.top_up_id WHERE x.explained NOT BETWEEN 0 AND t.amount) THEN
        RAISE EXCEPTION 'a top-up arrives once' USING ERRCODE = 'check_violation', CONSTRAINT = 'top_up_is_explained_once';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER match_guard AFTER INSERT ON reconciliation_statementmatch REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_match_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0003_guards"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AddField(
            "statement", "format", models.CharField(blank=True, max_length=20, default=""), preserve_default=False
        ),
        migrations.AlterField(
            "statement",
            "sequence_number",
            models.IntegerField(null=True, help_text="the bank's; none where its format gives none"),
        ),
        migrations.RemoveConstraint("statementmatch", "payment_matched_once_per_kind"),
        migrations.RemoveConstraint("statementmatch", "match_names_a_payment_or_a_top_up"),
        migrations.AlterField(
            "statementmatch",
            "line",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="matches", to="reconciliation.statementline"
            ),
        ),
        migrations.AlterField(
            "statementmatch",
            "top_up",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="statement_matches",
                to="payments.topup",
            ),
        ),
        migrations.AlterField(
            "statementmatch",
            "kind",
            models.CharField(
                choices=[
                    ("DEBIT", "Chi"),
                    ("RETURN", "Hoàn trả"),
                    ("TOP_UP", "Cấp tiền"),
                    ("CHARGE", "Phí"),
                    ("INTEREST", "Lãi"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddField("statementmatch", "amount", models.BigIntegerField(null=True)),
        migrations.AddField("statementmatch", "basis", models.CharField(max_length=14, null=True)),
        migrations.RunSQL(AMOUNTS, migrations.RunSQL.noop),
        migrations.AlterField(
            "statementmatch", "amount", models.BigIntegerField(help_text="đồng, with the line's sign")
        ),
        migrations.AlterField(
            "statementmatch",
            "basis",
            models.CharField(
                choices=[
                    ("REFERENCE", "Mã đối chiếu và số tiền"),
                    ("BANK_REFERENCE", "Mã giao dịch của ngân hàng và số tiền"),
                    ("SPLIT", "Nhiều dòng cộng đủ một khoản chi"),
                    ("LUMPED", "Một dòng gộp đủ một danh sách"),
                    ("ACCOUNT", "Số tài khoản, số tiền và ngày"),
                    ("NAME", "Họ tên, số tiền và ngày"),
                    ("BY_HAND", "Kế toán nối"),
                ],
                max_length=14,
            ),
        ),
        migrations.AddField(
            "statementmatch",
            "reverses",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversed_by",
                to="reconciliation.statementmatch",
            ),
        ),
        migrations.AddField(
            "statementmatch", "reason", models.CharField(blank=True, max_length=300, default=""), preserve_default=False
        ),
        migrations.AddField(
            "statementmatch",
            "matched_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            "statementmatch",
            models.CheckConstraint(
                name="match_names_what_its_kind_says",
                condition=Q(kind="TOP_UP", top_up__isnull=False, payment__isnull=True)
                | Q(kind__in=["DEBIT", "RETURN"], top_up__isnull=True, payment__isnull=False)
                | Q(kind__in=["CHARGE", "INTEREST"], top_up__isnull=True, payment__isnull=True),
            ),
        ),
        migrations.AddConstraint(
            "statementmatch",
            models.CheckConstraint(name="match_amount_is_not_zero", condition=~Q(amount=0)),
        ),
        migrations.AddConstraint(
            "statementmatch",
            models.CheckConstraint(
                name="match_by_hand_names_who_and_why",
                condition=(~Q(basis="BY_HAND") & Q(reverses__isnull=True))
                | (Q(matched_by__isnull=False) & ~Q(reason="")),
            ),
        ),
        migrations.RunSQL(LIVE, "DROP VIEW reconciliation_livematch"),
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER match_guard ON reconciliation_statementmatch; DROP FUNCTION reconciliation_match_guard()",
        ),
    ]
