"""Append-only tables beside the history: sealed with it, and whoever edits, removes or inserts a sealed row without the key is found."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections, transaction

from staff.models import Seal, SealCheck
from staff.services import sealed_tables
from staff.services.checking import check_history
from staff.services.sealed_tables import append_only_tables, blocks_between, columns_of, high_waters
from staff.services.sealing import seal_history
from staff.services.verifying import verify_history

NOW = datetime(2024, 9, 1, 17, 20, tzinfo=UTC)
TABLE = "staff_sealcheck"
Tamper = Callable[[str], None]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten ids a block."""
    monkeypatch.setattr(sealed_tables, "BLOCK", 10)


def keep_rows(count: int, *, start: int = 0) -> None:
    """Rows of an append-only table."""
    SealCheck.objects.bulk_create(
        SealCheck(checked_at=NOW + timedelta(seconds=start + n), seals=n, sealed_rows=0, unsealed_rows=0, findings=["a"], finding_count=1)
        for n in range(count)
    )  # fmt: skip


@pytest.fixture
def two_seals(committed_db: None) -> Tamper:
    """Rows 1 to 15 and 16 to 30 under two seals; what it returns runs a statement as the owner, triggers off: everything but the key."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"TRUNCATE staff_historyrow, staff_seal, {TABLE} RESTART IDENTITY CASCADE")
    for day in range(2):
        keep_rows(15, start=100 * day)
        assert seal_history(now=NOW + timedelta(days=day))

    def run(statement: str) -> None:
        with connections["owner"].cursor() as cursor:
            for table in (TABLE, "staff_seal"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement)
            for table in (TABLE, "staff_seal"):
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    return run


@pytest.mark.django_db
class TestWhatIsSealed:
    def test_every_table_that_refuses_edits_and_deletions(self) -> None:
        found = set(append_only_tables())
        assert {
            "reconciliation_statement", "reconciliation_statementline", "reconciliation_statementmatch", "reconciliation_reportsnapshot",
            "reconciliation_discrepancystep", "reconciliation_periodstep", "payments_signature", "payments_journalentry", "payments_posting",
            "payments_topup", "payments_fundtransfer", "payments_resultline", "payments_bankletter", "beneficiaries_decision",
            "beneficiaries_casedecision", "beneficiaries_lifeevent", "beneficiaries_accountevent", "staff_paperreading", TABLE,
        } <= found  # fmt: skip
        assert found.isdisjoint({"staff_historyrow", "staff_seal", "payments_payment", "staff_user"})

    def test_each_of_them_can_be_read_and_its_height_asked_by_the_application(self) -> None:
        assert set(high_waters()) == set(append_only_tables())
        for table in append_only_tables():
            blocks_between(table, columns_of(table), 1, 10)

    def test_a_session_that_writes_times_differently_reads_the_same(self) -> None:
        keep_rows(3)
        first = blocks_between(TABLE, columns_of(TABLE), 1, 10**9)
        with connection.cursor() as cursor:
            cursor.execute("SET TIME ZONE 'Asia/Ho_Chi_Minh'")
        assert blocks_between(TABLE, columns_of(TABLE), 1, 10**9) == first

    def test_a_column_added_later_leaves_the_seals_whole(self) -> None:
        keep_rows(3)
        columns = columns_of(TABLE)
        before = blocks_between(TABLE, columns[:-1], 1, 10**9)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(
                sealed_tables, "columns_of", lambda table: columns_of(table)[: -1 if table == TABLE else None]
            )
            assert seal_history(now=NOW)
        assert blocks_between(TABLE, columns, 1, 10**9) != before
        assert verify_history().findings == []


class TestTampering:
    """Each row id below lies in the second seal, if nothing else is said."""

    @pytest.mark.parametrize(
        ("tamper", "finding"),
        [
            (f"UPDATE {TABLE} SET seals = 99 WHERE id = 18", "mã dòng đến 19 (niêm phong số 2): bị sửa"),
            (f"UPDATE {TABLE} SET checked_at = checked_at + interval '1 microsecond' WHERE id = 3", "đến 9 (niêm phong số 1): bị sửa"),
            (f"DELETE FROM {TABLE} WHERE id = 22", "mã dòng đến 29 (niêm phong số 2): lúc niêm phong có 10, nay có 9"),
            (
                f"INSERT INTO {TABLE} (id, checked_at, expected, seals, sealed_rows, unsealed_rows, last_digest, findings, finding_count) "
                "OVERRIDING SYSTEM VALUE VALUES (-4, now(), '', 0, 0, 0, '', '[]', 0)",
                "(niêm phong số 1): lúc niêm phong có 0, nay có 1",
            ),
            ("UPDATE staff_seal SET tables = '[]' WHERE number = 2", "số 2 không mang chữ ký"),
            (
                "UPDATE staff_seal SET tables = jsonb_set(tables, '{0,4,0,2}', '123456') WHERE number = 1",
                "số 1 không mang chữ ký",
            ),
            (f"ALTER TABLE {TABLE} RENAME COLUMN finding_count TO counted", "không còn cột finding_count"),
        ],
    )  # fmt: skip
    def test_is_found_and_the_place_named(self, tamper: str, finding: str, two_seals: Tamper) -> None:
        assert verify_history().findings == []

        two_seals(tamper)
        findings = verify_history().findings
        if "RENAME" in tamper:
            two_seals(f"ALTER TABLE {TABLE} RENAME COLUMN counted TO finding_count")

        assert any(finding in found for found in findings), findings

    def test_a_table_whose_guard_was_taken_away_is_named(self, two_seals: Tamper) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"DROP TRIGGER append_only ON {TABLE}")
        try:
            assert any(f"Bảng {TABLE} đã niêm phong nhưng" in found for found in verify_history().findings)
        finally:
            with connections["owner"].cursor() as cursor:
                cursor.execute(
                    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION staff_append_only()"
                )

    def test_what_was_written_since_is_counted_as_not_sealed(self, two_seals: Tamper) -> None:
        found = verify_history()
        keep_rows(4, start=500)

        assert verify_history().unsealed_table_rows == found.unsealed_table_rows + 4
        check = check_history(now=NOW)
        assert (check.sealed_table_rows, check.findings) == (found.sealed_table_rows, [])


@pytest.mark.usefixtures("committed_db")
class TestWritersMeanwhile:
    def test_a_table_somebody_writes_to_is_left_for_the_next_seal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Its ids below the highest one may still be written: sealed now, they would look put in between."""
        monkeypatch.setattr(sealed_tables, "LOCK_WAIT", "50ms")
        keep_rows(2)
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute(f"LOCK TABLE {TABLE} IN ROW EXCLUSIVE MODE")
            seal_history(now=NOW)
            assert TABLE not in {span[0] for seal in Seal.objects.all() for span in seal.tables}
        later = seal_history(now=NOW)
        assert later
        assert TABLE in {span[0] for span in later.tables}

    def test_nobody_but_an_append_only_table_is_locked(self) -> None:
        with pytest.raises(Exception, match="no append-only table"), connection.cursor() as cursor:
            cursor.execute("SELECT staff_append_only_high_water('payments_payment')")
