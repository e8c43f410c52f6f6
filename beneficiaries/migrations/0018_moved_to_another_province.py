"""Who moves out goes somewhere: to a commune of ours, or to a place outside the province that is named. What was recorded before stays as it is."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0017_a_title_behind_a_comma_names_nobody")]
    operations = [
        migrations.AddField(
            model_name="decision",
            name="to_place",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="outside the province: commune and province",
                max_length=100,
            ),
        ),
        AddConstraintNotValid(
            model_name="decision",
            constraint=models.CheckConstraint(
                name="transfer_out_says_where_to",
                condition=models.Q(
                    models.Q(("kind", "TRANSFER_OUT"), ("to_place", ""), ("to_unit__isnull", False)),
                    models.Q(("kind", "TRANSFER_OUT"), ("to_place__regex", "\\S\\s+\\S"), ("to_unit__isnull", True)),
                    models.Q(models.Q(("kind", "TRANSFER_OUT"), _negated=True), ("to_place", "")),
                    _connector="OR",
                ),
            ),
        ),
    ]
