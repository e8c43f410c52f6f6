"""One calendar of days off, filled from the file that comes with the product, and its changes kept in the history."""

import csv
from datetime import date
from pathlib import Path

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "days_off.csv"


def fill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """What stands there already stays: it may have been decided since."""
    days = apps.get_model("staff", "CalendarDay").objects.using(editor.connection.alias)
    with SHIPPED.open(encoding="utf-8", newline="") as stream:
        days.bulk_create(
            [
                days.model(day=date.fromisoformat(row["on"]), working=row["kind"] == "WORKDAY", name=row["name"])
                for row in csv.DictReader(stream)
            ],
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [("staff", "0009_delegation_guards")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            "calendarday",
            models.CheckConstraint(
                condition=models.Q(working=False) | models.Q(day__week_day__in=(1, 7)),
                name="day_worked_instead_is_a_week_end",
            ),
        ),
        # After the filling: a fresh database has a calendar and no history.
        migrations.RunSQL(
            "SELECT ansinh_keep_history('staff_calendarday', ARRAY['day', 'working', 'name'], true);",
            migrations.RunSQL.noop,
        ),
    ]
