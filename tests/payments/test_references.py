"""A payment's own reference names it alone, however long its list is."""

import pytest
from django.db import connection

from payments.services.lists.building import REFERENCE
from reconciliation.parsers.table_rows import reference_in

pytestmark = pytest.mark.django_db


def references(*ordinals: int) -> list[str]:
    said = REFERENCE.format(prefix="'a1b2c3d4'", ordinal="n")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {said} FROM unnest(%s) WITH ORDINALITY AS x (n, at) ORDER BY at", [list(ordinals)])
        return [reference for (reference,) in cursor.fetchall()]


class TestReference:
    def test_has_six_digits_as_people_are_used_to(self):
        assert references(1, 999_999) == ["a1b2c3d4000001", "a1b2c3d4999999"]

    def test_of_a_list_of_more_than_a_million_repeats_no_other(self):
        assert references(100_000, 1_000_000, 1_000_001) == ["a1b2c3d4100000", "a1b2c3d41000000", "a1b2c3d41000001"]

    def test_is_known_again_in_a_banks_text(self):
        assert [reference_in(f"TRO CAP {one.upper()} T8") for one in references(17, 1_000_000)] == references(
            17, 1_000_000
        )
