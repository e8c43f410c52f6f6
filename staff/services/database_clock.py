"""The one clock of all hosts: the database's. Leases, keys and deadlines that one machine writes and another judges are told by it alone."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """This very moment as the database's machine has it, aware; not the beginning of the transaction.

    A host whose own clock is hours off (a hardware clock in local time is seven) would otherwise take leases for over that are not, and
    replay an order after the bank forgot its key.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
