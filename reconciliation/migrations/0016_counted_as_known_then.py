"""A snapshot knows how far the history went when it was counted: it is counted again as of that moment (ADR 95)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0015_prison_lists"), ("beneficiaries", "0020_a_term_is_of_its_time")]
    operations = [
        migrations.AddField(
            "reportsnapshot",
            "history_id",
            models.BigIntegerField(
                null=True, help_text="last row of the history when it was counted; null before it was kept"
            ),
        )
    ]
