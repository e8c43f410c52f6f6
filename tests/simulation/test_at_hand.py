"""A long run's sessions go by the server's socket, their passing tables lie in memory, and nothing of it stays."""

import os
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from tests.simulation.at_hand import at_hand
from tests.simulation.copies import own_server

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]  # only long runs go that way

SPACE = f"ansinh_at_hand_{os.getpid()}"
MADE = """
SELECT t.spcname, pg_tablespace_location(t.oid), inet_client_addr() FROM pg_class c JOIN pg_tablespace t ON t.oid = c.reltablespace
WHERE c.relname = 'passing'
"""


def test_is_for_the_block_and_leaves_nothing():
    if own_server() is None:
        pytest.skip("a server that is not ours has no administrator for us")
    with at_hand(SPACE):
        connections.close_all()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE passing ON COMMIT DROP AS SELECT 'x' AS text")
            cursor.execute(MADE)
            space, place, address = cursor.fetchone()
        there = Path(place).is_dir()
        connections.close_all()

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tablespace WHERE spcname = %s", [SPACE])
        (left,) = cursor.fetchone()
        cursor.execute("SELECT inet_client_addr() IS NOT NULL")
        (by_tcp,) = cursor.fetchone()
    assert (space, address, there, left, by_tcp) == (SPACE, None, True, 0, True)
    assert not Path(place).exists()
