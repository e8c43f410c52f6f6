"""What every bank behind `Files` keeps: the fake, and the HTTP client against the mock bank's process."""

import itertools
import time
from datetime import UTC, date, datetime

import pytest

from banks.errors import BankAnswerUnreadable, BankError
from banks.files import Duplicate, FileNotTaken, FileUnknown, MessageState, Received, ReportKind
from banks.files_fake import FakeFiles, FileFault
from banks.files_http import HttpFiles
from banks.iso20022.camt054 import read_camt054
from banks.iso20022.pain001 import FileHeader, write_pain001
from banks.iso20022.pain002 import GroupStatus, read_pain002
from tests.banks.conftest import API_KEY

NOW = datetime(2024, 8, 5, 3, 0, tzinfo=UTC)
numbers = itertools.count(1)


class FakeBank:
    def __init__(self, account):
        self.files = FakeFiles()
        self.account = account

    def work(self):
        self.files.report()
        self.files.settle()

    def lose_the_next_answer(self):
        self.files.fail_next(FileFault.LOST_AFTER_TAKING)


class HttpBank:
    def __init__(self, process, account):
        self.process, self.account = process, account
        self.files = HttpFiles(base_url=process.base_url, api_key=API_KEY, timeout=(1.0, 5.0))
        process.admin("/financial_accounts", {"id": account, "name": "UBND xã"})
        process.admin("/topups", {"financial_account": account, "amount": 10**9, "reference": "KBNN-1"})

    def work(self):
        self.process.admin("/settle", {})
        self.process.admin("/clock", {"advance_seconds": 3601})

    def lose_the_next_answer(self):
        rule = {"fault": "error_500_after_execute", "on": "file", "times": 1}
        self.process.admin("/faults", {"rules": [rule]})


@pytest.fixture(params=["fake", "mock bank"])
def bank(request):
    account = f"fa_files{next(numbers)}"
    if request.param == "fake":
        yield FakeBank(account)
        return
    process = request.getfixturevalue("mock_bank")
    yield HttpBank(process, account)
    process.admin("/faults", {"rules": []})


@pytest.fixture
def message(bank):
    return f"MSG{next(numbers):08d}{int(time.time() * 1000)}"[:35]


@pytest.fixture
def content(bank, message, make_transfer):
    def make(count=3, amount=500_000):
        orders = [
            make_transfer(
                end_to_end_id=f"{message[-12:]}{number}",
                financial_account=bank.account,
                amount=amount,
                payment_id=number,
            )
            for number in range(count)
        ]
        header = FileHeader(message, NOW, date(2024, 8, 5), "UBND xã", bank.account, count, count * amount)
        return "".join(write_pain001(header, orders)).encode()

    return make


class TestUpload:
    def test_a_file_is_received_and_found_by_its_message_id(self, bank, message, content):
        outcome = bank.files.upload(message_id=message, content=content(), first_use=True)
        bank.work()

        assert outcome == Received()
        assert bank.files.enquire(message) == MessageState(message_id=message, count=3, total=1_500_000)

    def test_the_same_message_id_is_taken_once(self, bank, message, content):
        bank.files.upload(message_id=message, content=content(), first_use=True)

        again = bank.files.upload(message_id=message, content=content(), first_use=False)
        bank.work()

        assert again == Duplicate()
        assert len(bookings(bank)) == 3

    def test_a_lost_answer_is_unknown_and_the_file_is_there(self, bank, message, content):
        bank.lose_the_next_answer()

        outcome = bank.files.upload(message_id=message, content=content(), first_use=True)

        assert isinstance(outcome, FileUnknown)
        assert bank.files.enquire(message) is not None

    def test_what_was_never_uploaded_is_absent(self, bank):
        assert bank.files.enquire("NEVER-UPLOADED") is None


class TestReports:
    def test_the_file_is_accepted_then_every_order_booked(self, bank, message, content):
        bank.files.upload(message_id=message, content=content(), first_use=True)
        bank.work()

        first, *rest = bank.files.reports(financial_account=bank.account, after=0)
        status = read_pain002(first.content)

        assert first.kind is ReportKind.STATUS
        assert (status.original_message_id, status.status) == (message, GroupStatus.ACCEPTED)
        assert (status.count, status.total) == (3, 1_500_000)
        assert {report.kind for report in rest} == {ReportKind.BOOKINGS}
        assert sum(booking.amount for booking in bookings(bank)) == 1_500_000

    def test_reports_are_read_from_where_one_stopped(self, bank, message, content):
        bank.files.upload(message_id=message, content=content(), first_use=True)
        bank.work()
        sequences = [report.sequence for report in bank.files.reports(financial_account=bank.account, after=0)]

        later = [r.sequence for r in bank.files.reports(financial_account=bank.account, after=sequences[0])]

        assert sequences == sorted(set(sequences))
        assert later == sequences[1:]

    def test_an_account_without_files_has_no_reports(self, bank):
        assert list(bank.files.reports(financial_account=bank.account, after=0)) == []


class TestRefusalOnFirstUseOnly:
    def test_a_refused_connection_proves_something_only_the_first_time(self, content, message):
        bank = HttpFiles(base_url="http://127.0.0.1:9", api_key="k", timeout=(0.5, 0.5))

        first = bank.upload(message_id="M", content=b"<x/>", first_use=True)
        later = bank.upload(message_id="M", content=b"<x/>", first_use=False)

        assert first == FileNotTaken(code="connection_refused", retryable=True)
        assert isinstance(later, FileUnknown)

    @pytest.mark.parametrize(
        "status, outcome",
        [
            (400, FileNotTaken(code="file_refused", retryable=False)),
            (422, FileNotTaken(code="file_refused", retryable=False)),
            (401, FileNotTaken(code="file_refused", retryable=True)),
            (429, FileNotTaken(code="rate_limit", retryable=True)),
            (408, FileUnknown(code="http_408")),
            (424, FileUnknown(code="http_424")),
            (425, FileUnknown(code="http_425")),
            (500, FileUnknown(code="http_500")),
        ],
    )
    def test_only_a_refusal_that_comes_before_anything_proves_that_nothing_was_taken(
        self, scripted, reply, status, outcome
    ):
        """What a bank gave up waiting for it may have taken all the same: freed by that, its orders would go in a second file."""
        scripted.script.append(reply(status, {"error": {"code": "file_refused"}}))

        assert (
            HttpFiles(base_url=scripted.base_url, api_key="k").upload(message_id="M", content=b"<x/>", first_use=True)
            == outcome
        )

    def test_a_report_of_a_sequence_no_column_takes_is_unreadable(self, scripted, reply):
        entry = {"sequence": 10**19, "type": "pain.002.001.12"}
        scripted.script.append(reply(200, {"data": [entry], "has_more": False}))

        with pytest.raises(BankAnswerUnreadable):
            list(HttpFiles(base_url=scripted.base_url, api_key="k").reports(financial_account="fa", after=0))

    def test_asking_a_bank_that_is_away_raises(self):
        with pytest.raises(BankError):
            HttpFiles(base_url="http://127.0.0.1:9", api_key="k", timeout=(0.5, 0.5)).enquire("M")


def bookings(bank):
    reports = bank.files.reports(financial_account=bank.account, after=0)
    return [
        booking
        for report in reports
        if report.kind is ReportKind.BOOKINGS
        for booking in read_camt054(report.content).bookings
    ]
