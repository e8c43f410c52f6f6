"""Notes beside rows of a list, and certificates; whoever is left for the next month leaves a list in draft, and is off it when the note is kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from beneficiaries.models import Reason
from staff.migrations._statements import append_only, make

# Off at commit, not at once: the note says why the row is taken off, so it is there first.
GUARDS = """
CREATE FUNCTION payments_row_note_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
                   WHERE p.id = NEW.payment_id AND p.status = 'DRAFT' AND b.status = 'DRAFT') THEN
        RAISE EXCEPTION 'a signed list leaves nobody for the next month' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'left_for_the_next_month_from_a_draft';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER row_note_guard BEFORE INSERT ON payments_rownote FOR EACH ROW
    WHEN (NEW.ground <> '') EXECUTE FUNCTION payments_row_note_guard();
CREATE FUNCTION payments_left_is_off_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_payment p WHERE p.id = NEW.payment_id AND p.status <> 'CANCELLED') THEN
        RAISE EXCEPTION 'whoever is left for the next month is off this list' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'left_for_the_next_month_is_off';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER left_is_off_guard AFTER INSERT ON payments_rownote DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.ground <> '') EXECUTE FUNCTION payments_left_is_off_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0014_money_not_seen_and_hamlets_in_order"),
        ("payments", "0016_first_come_is_seen"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="entitlement",
            name="not_payable_reason",
            field=models.CharField(blank=True, choices=Reason.choices, max_length=24),
        ),
        migrations.CreateModel(
            name="RowNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ASKED", "Theo đề nghị của người hưởng"),
                            ("PAPERS", "Chờ bổ sung giấy tờ"),
                            ("ACCOUNT", "Chờ sửa tài khoản nhận tiền"),
                            ("CHECK", "Chờ kiểm tra lại thông tin"),
                        ],
                        max_length=7,
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("written_at", models.DateTimeField()),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="payments.payment"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="row_note_says_something"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ground", ""), _negated=True),
                        fields=("payment",),
                        name="left_for_the_next_month_once",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True)),
                ("purpose", models.CharField(max_length=200)),
                ("digest", models.CharField(help_text="SHA-256 of the PDF", max_length=64)),
                ("printed_at", models.DateTimeField()),
                (
                    "beneficiary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="beneficiaries.beneficiary",
                    ),
                ),
                (
                    "printed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.administrativeunit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose", ""), _negated=True), name="certificate_says_what_for"
                    )
                ]
            },
        ),
        make(append_only("payments_rownote", "payments_certificate"), GUARDS),
    ]
