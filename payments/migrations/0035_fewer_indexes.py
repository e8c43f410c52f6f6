"""Every move of a payment writes all its indexes anew: those that another one covers, or nobody asks, are gone.

Orders sent by file leave the index of those nobody answered. A voucher's number is one account's own, so that nobody learns of another's.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0024_last_grant_month"),
        ("payments", "0034_alarm_of_late_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="payment",
            name="payment_unanswered",
        ),
        migrations.AlterField(
            model_name="entitlement",
            name="corrects",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="payments.entitlement",
            ),
        ),
        migrations.AlterField(
            model_name="entitlement",
            name="decision",
            field=models.ForeignKey(
                db_index=False,
                help_text="what makes an earlier month owed now",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="beneficiaries.decision",
            ),
        ),
        migrations.AlterField(
            model_name="entitlement",
            name="enrolment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entitlements",
                to="beneficiaries.enrolment",
            ),
        ),
        migrations.AlterField(
            model_name="entitlement",
            name="programme",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="beneficiaries.programme",
            ),
        ),
        migrations.AlterField(
            model_name="entitlement",
            name="withdrawn_in",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.cycle",
            ),
        ),
        migrations.AlterField(
            model_name="fundtransfer",
            name="reference",
            field=models.CharField(max_length=35),
        ),
        migrations.AlterField(
            model_name="payment",
            name="batch",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="payments.paymentbatch",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="end_to_end_id",
            field=models.CharField(max_length=30),
        ),
        migrations.AddIndex(
            model_name="entitlement",
            index=models.Index(
                condition=models.Q(("corrects__isnull", False)), fields=["corrects"], name="entitlement_corrects"
            ),
        ),
        migrations.AddIndex(
            model_name="entitlement",
            index=models.Index(
                condition=models.Q(("decision__isnull", False)), fields=["decision"], name="entitlement_by_decision"
            ),
        ),
        migrations.AddIndex(
            model_name="entitlement",
            index=models.Index(
                condition=models.Q(("withdrawn_in__isnull", False)),
                fields=["withdrawn_in"],
                name="entitlement_withdrawn",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("lease_until__isnull", False), ("status", "SENT")),
                fields=["id"],
                name="payment_offered",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundtransfer",
            constraint=models.UniqueConstraint(
                fields=("funding_account", "reference"), name="fund_transfer_once_per_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(fields=("end_to_end_id",), name="payment_has_its_own_end_to_end_id"),
        ),
        migrations.AlterField(
            model_name="bankevent",
            name="event_id",
            field=models.CharField(max_length=80),
        ),
        migrations.AddConstraint(
            model_name="bankevent",
            constraint=models.UniqueConstraint(fields=("event_id",), name="event_is_kept_once"),
        ),
    ]
