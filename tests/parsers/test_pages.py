"""Pages of one statement joined, as banks write them: interim balances or none, counts per page or of the whole, paged messages."""

import io
import re
from datetime import date

import pytest

from reconciliation.parsers.any_format import read_files
from reconciliation.parsers.errors import BalanceMissing, StatementIncomplete
from tests.parsers.camt053_documents import balance, document, entry, statement

FIRST = balance("OPBD", "1500000") + balance("ITBD", "1000000")
MIDDLE = balance("ITBD", "1000000") + balance("ITBD", "500000")
LAST = balance("ITBD", "500000") + balance("CLBD", "0")
BALANCES = (FIRST, MIDDLE, LAST)


def paged(number, *, of=3, balances=None, name="StmtPgntn", count=None):
    """Page `number`, with one debit of 500.000 đồng."""
    head = f"<{name}><PgNb>{number}</PgNb><LastPgInd>{str(number == of).lower()}</LastPgInd></{name}>"
    summary = f"<TxsSummry><TtlNtries><NbOfNtries>{count}</NbOfNtries></TtlNtries></TxsSummry>" if count else ""
    said = BALANCES[number - 1] if balances is None else balances
    return statement(entry(), balances=said, head=head, summary=summary)


def read_all(*files):
    """[(reading, lines)] of files given together."""
    readings = read_files([io.BytesIO(file) for file in files])
    return [(reading, list(reading.lines())) for reading in readings]


class TestPages:
    def test_become_one_statement_whose_lines_count_on(self):
        ((reading, lines),) = read_all(*(document(paged(number)) for number in (2, 3, 1)))

        assert (reading.statement.opening, reading.statement.closing, reading.total) == (1_500_000, 0, -1_500_000)
        assert [(line.ordinal, line.entry_ordinal) for line in lines] == [(1, 1), (2, 2), (3, 3)]
        assert (reading.balances_tie, reading.entries_tie, reading.doubts) == (True, True, ())

    def test_may_stand_in_one_file(self):
        ((reading, lines),) = read_all(document(*(paged(number) for number in (1, 2, 3))))

        assert (len(lines), reading.statement.closing, reading.balances_tie) == (3, 0, True)

    @pytest.mark.parametrize("counts", [(1, 1, 1), (3, 3, 3), (None, None, 3)])
    def test_count_for_themselves_or_for_the_whole(self, counts):
        files = [document(paged(number, count=count)) for number, count in enumerate(counts, start=1)]

        ((reading, _),) = read_all(*files)

        assert reading.entries_tie

    def test_are_counted(self):
        ((reading, _),) = read_all(*(document(paged(number, count=2)) for number in (1, 2, 3)))

        assert not reading.entries_tie

    @pytest.mark.parametrize(
        "balances",
        [
            (balance("OPBD", "1500000"), "", balance("CLBD", "0")),
            (balance("OPBD", "1500000") + balance("CLBD", "0"),) * 3,
        ],
        ids=["no interim balances", "the whole statement's on every page"],
    )
    def test_need_no_balances_of_their_own(self, balances):
        files = [document(paged(number, balances=said)) for number, said in enumerate(balances, start=1)]

        ((reading, _),) = read_all(*files)

        assert (reading.balances_tie, reading.doubts) == (True, ())

    def test_in_the_middle_need_no_days_of_their_own(self):
        """Written on the 2nd about the 1st: the statement covers what its first and last page say, in whatever order they come."""
        said = (balance("OPBD", "1500000"), "", balance("CLBD", "0"))
        pages = [paged(number, balances=each) for number, each in enumerate(said, start=1)]
        pages = [re.sub("<FrToDt>.*</FrToDt>", "", page).replace("2024-08-01T17", "2024-08-02T17") for page in pages]

        for files in (
            [document(page) for page in pages],
            [document(page) for page in reversed(pages)],
            [document(*pages)],
        ):
            ((reading, _),) = read_all(*files)
            assert (reading.statement.from_on, reading.statement.to_on) == (date(2024, 8, 1), date(2024, 8, 1))

    def test_that_do_not_follow_on_one_another_are_doubted(self):
        files = [document(paged(number)) for number in (1, 2)]
        files.append(document(paged(3, balances=balance("ITBD", "600000") + balance("CLBD", "0"))))

        ((reading, _),) = read_all(*files)

        assert [doubt.key for doubt in reading.doubts] == ["page-3", "pages-3"]

    @pytest.mark.parametrize("numbers", [(1,), (1, 2), (2, 3), (1, 3), (1, 1, 2, 3)])
    def test_must_be_all_of_them_and_each_once(self, numbers):
        with pytest.raises(StatementIncomplete):
            read_all(*(document(paged(number)) for number in numbers))

    def test_the_first_must_say_what_the_statement_begins_with(self):
        with pytest.raises(BalanceMissing):
            read_all(document(paged(1, balances=balance("ITBD", "1000000"))), document(paged(2)), document(paged(3)))

    def test_of_two_statements_are_kept_apart(self):
        first = [document(paged(number)).replace(b"fa_1", b"fa_2") for number in (1, 2, 3)]
        second = [document(paged(number)) for number in (1, 2, 3)]

        found = read_all(*first, *second)

        assert [(reading.statement.account, len(lines)) for reading, lines in found] == [("fa_1", 3), ("fa_2", 3)]

    def test_of_a_message_count_where_the_statement_is_not_whole_in_it(self):
        def message(number, balances):
            last = b"true" if number == 2 else b"false"
            pages = b"<MsgPgntn><PgNb>%d</PgNb><LastPgInd>%s</LastPgInd></MsgPgntn>" % (number, last)
            return document(statement(entry(), balances=balances)).replace(b"</GrpHdr>", pages + b"</GrpHdr>")

        ((reading, lines),) = read_all(message(2, balance("CLBD", "0")), message(1, balance("OPBD", "1000000")))

        assert (len(lines), reading.balances_tie) == (2, True)
        whole = balance("OPBD", "1000000") + balance("CLBD", "500000")
        assert len(read_all(message(1, whole))) == 1
