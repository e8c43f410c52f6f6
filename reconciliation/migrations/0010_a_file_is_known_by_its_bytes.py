"""Reports and lists that were handed out are known again by their bytes, whatever the program draws later."""

from django.db import migrations, models

from staff.migrations._statements import append_only, make


class Migration(migrations.Migration):
    dependencies = [
        ("reconciliation", "0009_a_file_is_checked_behind_the_page"),
    ]

    operations = [
        migrations.CreateModel(
            name="IssuedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("names", models.CharField(db_index=True, max_length=64)),
                ("suffix", models.CharField(max_length=5)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("issued_at", models.DateTimeField()),
            ],
        ),
        make(append_only("reconciliation_issuedfile")),
    ]
