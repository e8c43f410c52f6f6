"""An order of lists names the dry run it was given by, so that nothing else is built than what somebody looked at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0045_found_wrong")]
    operations = [
        migrations.AddField(
            model_name="listorder",
            name="seen",
            field=models.CharField(
                blank=True, default="", help_text="digest of the dry run it was ordered by; empty: none", max_length=64
            ),
            preserve_default=False,
        )
    ]
