"""Who asked for a check of the seals, and which seal they knew."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0013_paper_readings"),
    ]

    operations = [
        migrations.AddField(
            model_name="sealcheck",
            name="checked_by",
            field=models.ForeignKey(
                help_text="null: the nightly check",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sealcheck",
            name="expected",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="the seal somebody knew from paper, as they gave it",
                max_length=64,
            ),
        ),
    ]
