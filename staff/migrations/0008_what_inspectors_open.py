"""What an inspector opened, page by page."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from staff.migrations._statements import append_only, make


class Migration(migrations.Migration):
    dependencies = [("staff", "0007_units_stay_where_they_are")]
    operations = [
        migrations.CreateModel(
            name="PageReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("method", models.CharField(max_length=7)),
                ("path", models.CharField(max_length=200)),
                ("asked_unit", models.CharField(blank=True, max_length=12)),
                (
                    "status",
                    models.PositiveSmallIntegerField(help_text="as HTTP counts: 200 shown, 403 and 404 refused"),
                ),
                ("read_at", models.DateTimeField()),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.administrativeunit",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["reader", "-id"], name="readings_of_an_inspector")],
                "constraints": [
                    models.CheckConstraint(
                        name="page_reading_names_its_page", condition=models.Q(("path__startswith", "/"))
                    )
                ],
            },
        ),
        make(append_only("staff_pagereading")),
    ]
