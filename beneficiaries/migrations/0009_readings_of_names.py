"""Keys of names are those of normaliser 4: titles and remarks around a name are read by other rules. Keys themselves came out the same."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from beneficiaries.services.identity.rebuild_keys import rebuild_keys

KEYS_OF_NORMALISER = "4"


def bring_keys_up(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Writes only what differs: whoever comes from an older normaliser than 3 is brought up here too."""
    rebuild_keys()


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0008_former_names_and_chains")]
    operations = [migrations.RunPython(bring_keys_up, migrations.RunPython.noop)]
