"""What every installation starts with outlives the emptying of tables between tests."""

from tests.conftest import WRITTEN_BY_MIGRATIONS, empty_tables, tables_with_rows


def test_emptying_leaves_what_migrations_wrote_and_nothing_else(committed_db):
    assert {
        "django_migrations",
        "payments_transition",
        "staff_calendarday",
        "staff_incompatiblerole",
    } <= WRITTEN_BY_MIGRATIONS
    assert not WRITTEN_BY_MIGRATIONS & {"staff_user", "staff_historyrow", "payments_payment"}

    empty_tables()

    assert tables_with_rows() == WRITTEN_BY_MIGRATIONS
