"""A fault of ours is a row: its code, the pattern of the address, the class of the error; who asked for what stands nowhere."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0013_erased_by_two_people")]
    operations = [
        migrations.CreateModel(
            name="Fault",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(help_text="what the page showed, and the log names", max_length=12)),
                ("at", models.DateTimeField(db_index=True)),
                ("route", models.CharField(blank=True, max_length=200)),
                ("kind", models.CharField(max_length=80)),
            ],
        ),
    ]
