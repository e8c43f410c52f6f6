"""A kind of case: the person has not seen money that is held to have arrived."""

from django.db import migrations, models

from beneficiaries.models import CaseKind


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0010_who_gave_out_a_code")]
    operations = [
        migrations.AlterField(
            model_name="case", name="kind", field=models.CharField(choices=CaseKind.choices, max_length=20)
        )
    ]
