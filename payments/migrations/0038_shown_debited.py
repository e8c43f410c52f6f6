"""A contradiction says since when a statement shows money that left and did not come back (ADR 40)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0037_succession_guard_of_many")]

    operations = [
        migrations.AddField(
            model_name="contradiction",
            name="debited_on",
            field=models.DateField(
                help_text="a statement shows a debit of this day that never came back; kept by triggers", null=True
            ),
        ),
    ]
