"""A gift list sent after its preview carries what the preview showed: anything else is not written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0013_what_signatures_rest_on")]

    operations = [
        migrations.AddField(
            model_name="officefile",
            name="seen",
            field=models.CharField(
                blank=True, help_text="digest of the preview it was sent by; empty: none", max_length=64
            ),
        ),
    ]
