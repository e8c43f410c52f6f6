"""What went out vouches for a file by a mark made with a key outside the database, not by standing in it; rows from before have none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reconciliation", "0012_a_closed_month_is_settled"),
    ]

    operations = [
        migrations.AddField(
            model_name="issuedfile",
            name="mark",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddField(
            model_name="issuedpaper",
            name="mark",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AlterField(
            model_name="issuedfile",
            name="digest",
            field=models.CharField(max_length=64),
        ),
        migrations.AddConstraint(
            model_name="issuedfile",
            constraint=models.UniqueConstraint(
                fields=("digest", "mark"), name="issued_file_once_by_its_bytes_and_mark"
            ),
        ),
    ]
