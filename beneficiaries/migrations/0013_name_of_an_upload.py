"""A list that was sent is told from others by the name of its file too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0012_levels_between_sign_too")]
    operations = [
        migrations.AddField(
            model_name="registryupload",
            name="file_name",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="as it was called where it came from, long numbers cut",
                max_length=120,
            ),
        ),
    ]
