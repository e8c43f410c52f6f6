"""Fetching statements, from a scripted bank and from the mock bank."""

import socket
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from banks.errors import AnswerLost, BankAnswerUnreadable, BankRefused, BankUnavailable
from banks.statements import HttpStatements
from banks.stripe_transactions import StripeTransactions
from banks.transfers import Accepted
from reconciliation.parsers.camt053 import CamtParser
from tests.banks.conftest import API_KEY, VERSION

DAY = date(2024, 8, 1)


def fetch(base_url, account="fa_test"):
    return HttpStatements(base_url=base_url).fetch(financial_account=account, from_on=DAY, to_on=DAY)


class TestHttpStatements:
    def test_asks_for_account_and_days(self, scripted, reply):
        scripted.script.append(reply(200, b"<Document/>"))

        assert fetch(scripted.base_url, "fa/1").read() == b"<Document/>"
        assert scripted.requests[0].target == "/statements/fa%2F1?from=2024-08-01&to=2024-08-01&format=camt053"

    @pytest.mark.parametrize(
        ("status", "body", "error"),
        [
            (500, b"", BankUnavailable),
            (429, b"", BankUnavailable),
            (404, b"", BankRefused),
            (302, b"", BankRefused),
            (200, b"{}", BankAnswerUnreadable),
            (200, b"", BankAnswerUnreadable),
        ],
    )
    def test_anything_else_than_a_statement_is_an_error(self, scripted, reply, status, body, error):
        scripted.script.append(reply(status, body))

        with pytest.raises(error):
            fetch(scripted.base_url)

    def test_half_a_statement_is_none(self, scripted, reply):
        scripted.script.append(lambda connection: connection.sendall(reply(200, b"<Document>" * 500_000)[:-9]))

        with pytest.raises(AnswerLost):
            fetch(scripted.base_url)

    def test_one_longer_than_any_is_refused_before_it_fills_the_disk(self, scripted, reply, monkeypatch):
        def send(connection: socket.socket) -> None:
            with suppress(OSError):  # hung up on half-way
                connection.sendall(reply(200, b"<Document>" * 500_000))

        monkeypatch.setattr("banks.statements.MAX_STATEMENT_BYTES", 2_000_000)
        scripted.script.append(send)

        with pytest.raises(BankAnswerUnreadable):
            fetch(scripted.base_url)


class TestMockBanksStatement:
    def test_shows_every_debit_of_the_day_and_ties_out(self, mock_bank, banks_under_test, make_transfer):
        bank = banks_under_test.mock_bank(mock_bank, {"fa_statement": 10_000_000})
        orders = [
            (make_transfer(end_to_end_id=f"ST-{number}", financial_account="fa_statement"), True) for number in range(5)
        ]
        assert all(isinstance(outcome, Accepted) for _, outcome in bank.transfers.send_many(orders))
        bank.settle()
        now = datetime.fromisoformat(mock_bank.admin("/clock")["now"]).astimezone(timezone(timedelta(hours=7)))
        mock_bank.admin("/clock", {"advance_seconds": 86_400})

        content = HttpStatements(base_url=mock_bank.admin_url).fetch(
            financial_account="fa_statement", from_on=now.date() - timedelta(days=1), to_on=now.date()
        )
        readings = [(reading, list(reading.lines())) for reading in CamtParser().read(content)]

        (reading, lines) = readings[0]
        debits = [line for line in lines if line.amount < 0]
        assert len(readings) == 1
        assert reading.statement.account == "fa_statement"
        assert reading.balances_tie
        assert reading.entries_tie
        assert {line.end_to_end_id for line in debits} == {f"ST-{number}" for number in range(5)}
        assert [line.amount for line in debits] == [-500_000] * 5
        assert [line.amount for line in lines if line.amount > 0] == [10_000_000]
        assert {line.counterparty_account for line in debits} == {"0123456789"}


class TestMockBanksTransactions:
    def test_lead_from_zero_to_the_booked_balance_whatever_is_held(self, mock_bank, banks_under_test, make_transfer):
        bank = banks_under_test.mock_bank(mock_bank, {"fa_transactions": 100_000_000})
        orders = [
            (make_transfer(end_to_end_id=f"TX-{number}", financial_account="fa_transactions"), True)
            for number in range(120)
        ]
        assert all(isinstance(outcome, Accepted) for _, outcome in bank.transfers.send_many(orders))
        source = StripeTransactions(base_url=mock_bank.base_url, api_key=API_KEY, version=VERSION)
        assert source.booked_balance("fa_transactions") == 100_000_000

        bank.settle()
        pages = list(source.pages_since(financial_account="fa_transactions", since=datetime(2024, 1, 1, tzinfo=UTC)))

        bookings = [booking for page in pages for booking in page]
        assert [len(page) for page in pages] == [100, 21]
        assert len({booking.transaction_id for booking in bookings}) == 121
        assert source.booked_balance("fa_transactions") == sum(booking.amount for booking in bookings) == 40_000_000
        assert {booking.is_of_payment for booking in bookings if booking.amount < 0} == {True}

    @pytest.mark.parametrize(
        "body",
        [
            b"{}",
            b'{"data": [{}], "has_more": false}',
            b'{"data": [{"id": "t", "amount": 1, "created": 1, "currency": "usd"}], "has_more": false}',
            b'{"data": [{"id": "t", "amount": true, "created": 1, "currency": "vnd"}], "has_more": false}',
            b'{"data": [], "has_more": true}',
        ],
    )
    def test_anything_else_is_unreadable(self, scripted, reply, body):
        scripted.script.append(reply(200, body))
        source = StripeTransactions(base_url=scripted.base_url, api_key=API_KEY, version=VERSION)

        with pytest.raises(BankAnswerUnreadable):
            list(source.pages_since(financial_account="fa", since=datetime(2024, 1, 1, tzinfo=UTC)))
