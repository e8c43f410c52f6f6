"""Checking papers and seals: told in words, bounded, and with the name of who asked."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from reconciliation.errors import CheckTakesTooLong, TooManyChecks
from reconciliation.models import SealCheckOrder
from reconciliation.reports import verify
from reconciliation.reports.figure_words import figure_in_words
from reconciliation.reports.verify import NotAReport, kind_of
from reconciliation.services.papers.few_at_a_time import few_at_a_time
from reconciliation.services.papers.order_seal_check import check_ordered_seals, order_seal_check
from staff.models import Role, SealCheck, User

Session = psycopg.Connection[tuple[object, ...]]
NOW = datetime(2024, 10, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def another() -> Iterator[Session]:
    """A session of somebody else's request."""
    given = connection.get_connection_params()
    known = {key: given[key] for key in ("host", "port", "user", "password", "dbname") if given.get(key)}
    with psycopg.connect(**known, autocommit=True) as session:
        yield session


@pytest.mark.django_db
class TestFewAtATime:
    def test_a_third_is_asked_to_come_again_and_places_are_given_back(self, another: Session) -> None:
        for place in range(2):
            another.execute("SELECT pg_advisory_lock(hashtext('busy'), %s::int)", [place])
        with pytest.raises(TooManyChecks), few_at_a_time("busy"):
            pass

        another.execute("SELECT pg_advisory_unlock(hashtext('busy'), 1)")
        with few_at_a_time("busy"):
            assert another.execute("SELECT pg_try_advisory_lock(hashtext('busy'), 1)").fetchone() == (False,)
        assert another.execute("SELECT pg_try_advisory_lock(hashtext('busy'), 1)").fetchone() == (True,)

    def test_gives_its_place_back_after_a_refusal(self, another: Session) -> None:
        with pytest.raises(TooManyChecks), few_at_a_time("refused", most=1):
            raise TooManyChecks
        assert another.execute("SELECT pg_try_advisory_lock(hashtext('refused'), 0)").fetchone() == (True,)

    def test_gives_its_place_back_when_the_transaction_around_it_failed(self, another: Session) -> None:
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            few_at_a_time("failed", most=1),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1 / 0")
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            few_at_a_time("failed", most=1),
            transaction.atomic(savepoint=False),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1 / 0")
        assert another.execute("SELECT pg_try_advisory_lock(hashtext('failed'), 0)").fetchone() == (True,)

    def test_a_count_without_an_end_is_ended_with_a_sentence(self) -> None:
        with pytest.raises(CheckTakesTooLong, match="quá một phút"), few_at_a_time("endless"):
            raise OperationalError from psycopg.errors.QueryCanceled()

    def test_bounds_what_the_database_is_asked_inside_alone(self) -> None:
        with connection.cursor() as cursor, few_at_a_time("bounded"):
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("1min",)
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() != ("1min",)


@pytest.mark.django_db
class TestSealCheck:
    def test_names_who_asked_and_two_who_ask_wait_for_one(self) -> None:
        asking, other = (
            User.objects.create(username=name, password="!", full_name=name, role=Role.AUDITOR) for name in ("a", "b")
        )

        first, second = order_seal_check(actor=asking, now=NOW), order_seal_check(actor=other, now=NOW)
        done = check_ordered_seals(clock=lambda: NOW)

        assert (first, done) == (second, 1)
        check = SealCheck.objects.get()
        assert check.checked_by == asking
        assert SealCheckOrder.objects.get().check_made == check
        assert check_ordered_seals(clock=lambda: NOW) == 0
        assert order_seal_check(actor=other, now=NOW) != first


class TestEnds:
    TIDY = b"%PDF-1.7\nxref\n0 1\ntrailer<<>>\nstartxref\n9\n%%EOF\n"

    def test_of_a_pdf_is_taken_with_a_signature_s_comment_behind_it(self) -> None:
        assert kind_of(self.TIDY + b"% signed\n") == ".pdf"

    @pytest.mark.parametrize(
        "content",
        [
            TIDY[:-8],
            TIDY + b"x" * 2_000,
            TIDY.replace(b"\n9\n", b"\n12\n"),
            TIDY.replace(b"\n9\n", b"\n999999\n"),
            b"%PDF-junk",
        ],
    )
    def test_cut_off_or_with_much_behind_it_is_refused_before_anybody_searches_it(self, content: bytes) -> None:
        with pytest.raises(NotAReport, match="bị cắt, hoặc có phần thừa"):
            kind_of(content)


class TestWord:
    def test_with_more_elements_than_any_list_of_ours_is_refused_before_anybody_builds_them(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(verify, "MOST_TAGS", 12)

        assert kind_of(_word(paragraphs=10)) == ".docx"
        with pytest.raises(NotAReport, match="quá nhiều phần tử"):
            kind_of(_word(paragraphs=11))


def _word(*, paragraphs: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", b"<w:document>" + b"<w:p/>" * paragraphs + b"</w:document>")
    return stream.getvalue()


class TestFigureInWords:
    @pytest.mark.parametrize(
        ("path", "words"),
        [
            ("headline.account_money", "Số liệu toàn đơn vị, Số tiền chi qua tài khoản"),
            ("units[3].accounts_own", "Biểu 01, từng đơn vị, dòng 4, tài khoản chính chủ"),
            ("rates.coverage.percent", "Các tỷ lệ, Tỷ lệ đối tượng hưởng an sinh xã hội đã có tài khoản, tỷ lệ %"),
            ("work[0].unheard_of", "Việc chưa xong, dòng 1, mục mã unheard_of"),
        ],
    )
    def test_says_section_row_and_name(self, path: str, words: str) -> None:
        assert figure_in_words(path) == words
