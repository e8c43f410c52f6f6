"""One calendar of days off, filled from the file that comes with the product, and its changes kept in the history."""

import csv
from datetime import date
from pathlib import Path

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from staff.migrations._statements import keep_history, make

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
    replaces = [("staff", "0010_days_off")]
    dependencies = [("staff", "0003_guards_of_roles")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        # After the filling: a fresh database has a calendar and no history.
        make(keep_history("staff_calendarday", "day", "working", "name", inserts=True)),
    ]
