"""The history and its seals: written by the database, out of the application's reach, and whoever tampers without the key is found."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import InternalError, ProgrammingError, connection, connections, transaction

from staff.errors import SealKeyMissing
from staff.models import AdministrativeUnit, HistoryRow, Role, Seal, User
from staff.services import sealing
from staff.services.checking import check_history
from staff.services.labels import labelled
from staff.services.sealing import last_seal_digest, seal_history
from staff.services.verifying import verify_history

NOW = datetime(2024, 9, 1, 17, 20, tzinfo=UTC)
Tamper = Callable[[str], None]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten ids a block, so that a few users fill several."""
    monkeypatch.setattr(sealing, "BLOCK", 10)


def make_users(count: int, *, start: int = 0) -> list[User]:
    return User.objects.bulk_create(
        User(username=f"u{start + n}", full_name="", password="!", role=Role.MAKER) for n in range(count)
    )


@pytest.fixture
def as_owner(committed_db: None) -> Tamper:
    """Whoever owns the tables and switched the triggers off: everything but the key. Ids begin at 1."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE staff_historyrow, staff_seal RESTART IDENTITY")

    def run(statement: str) -> None:
        with connections["owner"].cursor() as cursor:
            for table in ("staff_historyrow", "staff_seal"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement)
            for table in ("staff_historyrow", "staff_seal"):
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    return run


class TestHistory:
    pytestmark = pytest.mark.django_db

    def test_says_what_changed_who_and_why_of_a_million_rows_in_one_statement(self) -> None:
        actor, *others = make_users(5)
        with labelled(actor_id=actor.pk, why="manage.py staff", request_id="r-1"):
            User.objects.filter(pk__in=[user.pk for user in others]).update(role=Role.CHECKER)

        rows = HistoryRow.objects.filter(operation="U")
        assert [(row.row_id, row.changes) for row in rows.order_by("row_id")] == [
            (user.pk, {"role": ["MAKER", "CHECKER"]}) for user in others
        ]
        assert set(rows.values_list("actor_id", "why", "request_id", "relation")) == {
            (actor.pk, "manage.py staff", "r-1", "staff_user")
        }

    def test_is_silent_about_columns_life_does_not_change(self) -> None:
        (user,) = make_users(1)
        before = HistoryRow.objects.count()

        user.last_login = NOW
        user.save()

        assert HistoryRow.objects.count() == before

    def test_carries_no_label_of_the_request_before(self) -> None:
        (user,) = make_users(1)
        with labelled(actor_id=user.pk, why="manage.py staff"):
            pass
        make_users(1, start=50)

        last = HistoryRow.objects.latest("pk")
        assert (last.actor_id, last.why) != (user.pk, "manage.py staff")
        assert last.session_role == connection.settings_dict["USER"]

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE staff_historyrow SET actor_id = 1",
            "DELETE FROM staff_historyrow",
            "TRUNCATE staff_historyrow",
            "INSERT INTO staff_historyrow (at, relation, row_id, operation, changes, why, request_id, session_role) "
            "VALUES (now(), 'x', 1, 'U', '{}', '', '', '')",
            "UPDATE staff_seal SET rows = 0",
            "DELETE FROM staff_seal",
            "ALTER TABLE staff_historyrow DISABLE TRIGGER USER",
            "SELECT ansinh_keep_history('staff_user', ARRAY['role'], false)",
        ],
    )
    def test_is_out_of_the_applications_reach(self, statement: str) -> None:
        make_users(1)
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


class TestSealing:
    pytestmark = pytest.mark.django_db

    def test_chains_what_was_written_since_the_last_seal(self) -> None:
        make_users(25)
        first = seal_history(now=NOW)
        make_users(5, start=100)
        second = seal_history(now=NOW + timedelta(days=1))

        assert first and second
        assert (first.rows, second.rows) == (25, 5)
        assert (second.first_id, second.previous) == (first.last_id + 1, first.digest)
        assert last_seal_digest() == second.digest
        assert verify_history(expect=first.digest[:16]).findings == []

    def test_has_nothing_to_do_twice(self) -> None:
        make_users(1)
        seal_history(now=NOW)

        assert seal_history(now=NOW) is None

    def test_reports_what_is_not_sealed_yet(self) -> None:
        make_users(3)
        seal_history(now=NOW)
        make_users(4, start=10)

        found = verify_history()
        assert (found.seals, found.sealed_rows, found.unsealed_rows, found.findings) == (1, 3, 4, [])

    def test_is_refused_without_the_key(self, settings: pytest.FixtureRequest) -> None:
        settings.SEAL_KEY = None
        with pytest.raises(SealKeyMissing):
            seal_history(now=NOW)

    def test_verifies_with_the_public_key_alone(self, settings: pytest.FixtureRequest) -> None:
        make_users(1)
        seal = seal_history(now=NOW)
        assert seal
        settings.SEAL_KEY, settings.SEAL_PUBLIC_KEYS = None, [seal.public_key]

        assert verify_history().findings == []


def three_seals() -> list[Seal]:
    """Forty-five rows of history under three seals of fifteen."""
    AdministrativeUnit.objects.create(code="97", name="tỉnh Phước Hòa", kind="PROVINCE", path="/97/")
    seals = []
    for day in range(3):
        make_users(15, start=100 * day)
        seal = seal_history(now=NOW + timedelta(days=day))
        assert seal
        seals.append(seal)
    return seals


class TestTampering:
    """As the owner of the tables, with the triggers off; each row id below lies in the second seal."""

    @pytest.mark.parametrize(
        ("tamper", "finding"),
        [
            ("UPDATE staff_historyrow SET actor_id = 7 WHERE id = 18", "dòng 16–19 (niêm phong số 2): bị sửa"),
            ("UPDATE staff_historyrow SET at = at + interval '1 microsecond' WHERE id = 22", "dòng 20–29"),
            ("""UPDATE staff_historyrow SET changes = '{"role": [null, "RELEASER"]}' WHERE id = 30""", "dòng 30–30"),
            (
                "DELETE FROM staff_historyrow WHERE id = 20",
                "dòng 20–29 (niêm phong số 2): lúc niêm phong có 10, nay có 9",
            ),
            ("DELETE FROM staff_historyrow WHERE id BETWEEN 20 AND 29", "lúc niêm phong có 10, nay có 0"),
            (
                "DELETE FROM staff_historyrow WHERE id = 20; INSERT INTO staff_historyrow OVERRIDING SYSTEM VALUE "
                "SELECT 20, at, relation, row_id, operation, changes, actor_id, why, request_id, session_role FROM staff_historyrow WHERE id = 21",
                "dòng 20–29 (niêm phong số 2): bị sửa",
            ),
            (
                "UPDATE staff_historyrow h SET row_id = o.row_id FROM staff_historyrow o WHERE (h.id, o.id) IN ((20, 21), (21, 20))",
                "dòng 20–29 (niêm phong số 2): bị sửa",
            ),
            (
                "UPDATE staff_seal SET sealed_at = sealed_at - interval '1 day' WHERE number = 2",
                "số 2 không mang chữ ký",
            ),
            ("UPDATE staff_seal SET rows = 14 WHERE number = 2", "số 2 không mang chữ ký"),
            ("DELETE FROM staff_seal WHERE number = 2", "số 3 không nối tiếp"),
            ("DELETE FROM staff_seal WHERE number = 1", "số 2 không nối tiếp"),
        ],
    )
    def test_is_found_and_the_place_named(self, tamper: str, finding: str, as_owner: Tamper) -> None:
        three_seals()

        as_owner(tamper)

        assert any(finding in found for found in verify_history().findings), verify_history().findings

    def test_a_row_put_in_between_is_found(self, as_owner: Tamper) -> None:
        """A hole left by a transaction that failed is no place to write history in."""
        make_users(3)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            make_users(2, start=50)
            raise ZeroDivisionError
        make_users(3, start=70)
        seal_history(now=NOW)
        assert verify_history().findings == []

        as_owner(
            "INSERT INTO staff_historyrow OVERRIDING SYSTEM VALUE "
            "SELECT 4, at, relation, row_id, operation, changes, actor_id, why, request_id, session_role FROM staff_historyrow WHERE id = 3"
        )

        assert verify_history().findings == ["Nhật ký dòng 1–8 (niêm phong số 1): lúc niêm phong có 6, nay có 7."]

    def test_a_tail_cut_off_is_found_by_the_seal_on_paper(self, as_owner: Tamper) -> None:
        on_paper = three_seals()[2].digest

        as_owner("DELETE FROM staff_seal WHERE number = 3; DELETE FROM staff_historyrow WHERE id > 30")

        assert verify_history().findings == []  # nothing in the database tells of it
        assert "bị cắt hoặc bị dựng lại" in verify_history(expect=on_paper[:16]).findings[0]

    def test_a_chain_regrown_by_our_own_sealing_is_found_by_the_seal_on_paper(self, as_owner: Tamper) -> None:
        on_paper = three_seals()[2].digest
        as_owner("DELETE FROM staff_seal WHERE number > 1; UPDATE staff_historyrow SET actor_id = 7 WHERE id = 40")
        seal_history(now=NOW + timedelta(days=5))

        assert verify_history().findings == []
        assert verify_history(expect=on_paper).findings

    def test_a_chain_regrown_with_another_key_is_found_without_paper(
        self, as_owner: Tamper, settings: pytest.FixtureRequest
    ) -> None:
        three_seals()
        ours = settings.SEAL_KEY
        as_owner("DELETE FROM staff_seal; UPDATE staff_historyrow SET actor_id = 7 WHERE id = 40")
        settings.SEAL_KEY = Ed25519PrivateKey.generate().private_bytes_raw()
        seal_history(now=NOW)
        settings.SEAL_KEY = ours

        assert verify_history().findings == ["Niêm phong số 1 không mang chữ ký của khóa niêm phong."]

    def test_too_short_an_expectation_proves_nothing(self, as_owner: Tamper) -> None:
        three_seals()

        assert verify_history(expect="a").findings == ["Mã niêm phong cần ít nhất 12 ký tự."]


class TestCommands:
    def test_seal_prints_the_digest_and_verify_exits_one_when_something_is_wrong(self, as_owner: Tamper) -> None:
        make_users(3)
        said = StringIO()
        call_command("seal", stdout=said)
        call_command("verify_audit", "--expect", last_seal_digest(), stdout=said)
        assert last_seal_digest() in said.getvalue()
        assert "còn nguyên vẹn" in said.getvalue()

        as_owner("DELETE FROM staff_historyrow WHERE id = 2")

        with pytest.raises(CommandError, match="1 điểm không đúng"):
            call_command("verify_audit", stdout=said)
        assert "lúc niêm phong có 3, nay có 2" in said.getvalue()


class TestNightlyCheck:
    def test_a_chain_that_lost_its_end_since_the_check_before_is_noticed(self, as_owner: Tamper) -> None:
        for night in range(3):
            make_users(5, start=night * 5)
            seal_history(now=NOW + timedelta(days=night))
        assert check_history(now=NOW).findings == []

        as_owner("DELETE FROM staff_seal WHERE number = 3; DELETE FROM staff_historyrow WHERE id > 10")

        assert [check_history(now=NOW).finding_count for _ in range(2)] == [1, 1]

    def test_what_was_found_is_never_edited(self, db: None) -> None:
        seal_history(now=NOW)
        check = check_history(now=NOW)

        with pytest.raises(ProgrammingError), transaction.atomic():
            type(check).objects.update(finding_count=0)
