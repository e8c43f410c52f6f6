"""An age rule may end."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0017_audit_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="agechange",
            name="ended_on",
            field=models.DateField(help_text="from then on nobody is asked about it any more", null=True),
        ),
    ]
