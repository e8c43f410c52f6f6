"""Make kept keys of names anew after the normaliser has changed; only rows whose keys differ are written."""

from django.db import connection, transaction

from beneficiaries.linkage.names import name_key, sort_key
from beneficiaries.models import Beneficiary, IdentityRecord
from staff.bulk import refresh_statistics

_NAMES = {
    IdentityRecord: "SELECT DISTINCT full_name FROM beneficiaries_identityrecord",
    Beneficiary: "SELECT DISTINCT full_name FROM beneficiaries_beneficiary",
}
_RECORDS = """
UPDATE beneficiaries_identityrecord r SET name_key = v.key
FROM (SELECT unnest(%s::text[]) AS name, unnest(%s::text[]) AS key) v
WHERE r.full_name = v.name AND r.name_key <> v.key
"""
_PEOPLE = """
UPDATE beneficiaries_beneficiary b SET name_key = v.key, sort_key = v.sort
FROM (SELECT unnest(%s::text[]) AS name, unnest(%s::text[]) AS key, unnest(%s::text[]) AS sort) v
WHERE b.full_name = v.name AND (b.name_key, b.sort_key) IS DISTINCT FROM (v.key, v.sort)
"""


@transaction.atomic
def rebuild_keys() -> int:
    """Bring `name_key` and `sort_key` of everybody up to the present rules; returns how many rows changed. A second run changes none."""
    with connection.cursor() as cursor:
        residents = [row[0] for row in cursor.execute(_NAMES[IdentityRecord]).fetchall()]
        cursor.execute(_RECORDS, [residents, [name_key(name) for name in residents]])
        changed = int(cursor.rowcount)
        people = [row[0] for row in cursor.execute(_NAMES[Beneficiary]).fetchall()]
        cursor.execute(_PEOPLE, [people, [name_key(name) for name in people], [sort_key(name) for name in people]])
        changed += int(cursor.rowcount)
    refresh_statistics(IdentityRecord, Beneficiary)
    return changed
