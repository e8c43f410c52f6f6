"""What each kind of answer, and each kind of silence, proves about a transfer."""

import socket
from datetime import UTC, datetime

import pytest

from banks.errors import BankAnswerUnreadable, BankRefused, BankUnavailable
from banks.transfers import Accepted, NotTaken, Unknown

SINCE = datetime(2024, 8, 1, tzinfo=UTC)
UNREADABLE = [b"", b"{", b"[]", b"null", b"<html>", b"[" * 100_000, b'{"id": "obp_1"}', b"\xff\xfe"]


def error(kind, code, message="no"):
    return {"error": {"type": kind, "code": code, "message": message}}


@pytest.fixture
def refused_url():
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def outcome_of(scripted, connect, make_transfer):
    """The outcome of one transfer when the bank gives this reply."""

    def ask(reply, *, first_use=True, **changes):
        scripted.script.append(reply)
        return connect(scripted.base_url).send(make_transfer(**changes), first_use=first_use)

    return ask


class TestSilence:
    def test_a_refused_connection_is_not_taken_on_first_use(self, connect, make_transfer, refused_url):
        outcome = connect(refused_url).send(make_transfer(), first_use=True)

        assert outcome == NotTaken(code="connection_refused", message="", retryable=True)

    def test_a_refused_connection_on_a_replay_is_unknown(self, connect, make_transfer, refused_url):
        outcome = connect(refused_url).send(make_transfer(), first_use=False)

        assert outcome == Unknown(code="connection_refused")

    def test_a_name_that_does_not_resolve_is_not_taken(self, connect, make_transfer):
        outcome = connect("http://bank.invalid").send(make_transfer(), first_use=True)

        assert isinstance(outcome, NotTaken)

    def test_no_answer_in_time_is_unknown(self, outcome_of, scripted):
        assert outcome_of(lambda connection: scripted.released.wait(5)) == Unknown(code="timeout")

    def test_a_body_that_stops_is_unknown(self, outcome_of, scripted):
        def half(connection):
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"id":')
            scripted.released.wait(5)

        assert outcome_of(half) == Unknown(code="timeout")

    def test_a_reset_is_unknown(self, outcome_of, resetting):
        assert outcome_of(resetting) == Unknown(code="connection_lost")

    def test_a_closed_connection_is_unknown(self, outcome_of):
        assert outcome_of(lambda connection: None) == Unknown(code="connection_lost")

    def test_a_reset_in_mid_body_is_unknown(self, outcome_of, resetting):
        def half(connection):
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"id":')
            resetting(connection)

        assert isinstance(outcome_of(half), Unknown)

    def test_a_body_cut_short_is_unknown(self, outcome_of):
        def half(connection):
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"id":')

        assert isinstance(outcome_of(half), Unknown)

    def test_something_that_is_not_http_is_unknown(self, outcome_of):
        assert isinstance(outcome_of(lambda connection: connection.sendall(b"SSH-2.0-x\r\n\r\n")), Unknown)

    def test_nothing_is_ever_sent_twice_by_itself(self, outcome_of, scripted, resetting):
        outcome_of(resetting)

        assert len(scripted.requests) == 1

    def test_a_lost_connection_does_not_spoil_the_next_call(self, scripted, connect, make_transfer, resetting):
        bank = connect(scripted.base_url)
        scripted.script.append(resetting)
        bank.send(make_transfer(), first_use=True)

        assert isinstance(bank.send(make_transfer(attempt=2), first_use=True), Accepted)


class TestAnswers:
    @pytest.mark.parametrize("body", UNREADABLE, ids=range(len(UNREADABLE)))
    def test_a_success_we_can_not_read_is_unknown(self, outcome_of, reply, body):
        assert outcome_of(reply(200, body)) == Unknown(code="answer_unreadable_200")

    def test_an_answer_without_end_is_unknown(self, outcome_of, reply):
        assert outcome_of(reply(200, b" " * (2 * 1024 * 1024 + 1))) == Unknown(code="answer_too_large")

    def test_an_answer_about_another_transfer_is_unknown(self, outcome_of, reply, document):
        other = document(metadata={"end_to_end_id": "AS202408000000002", "attempt": "1"})

        assert outcome_of(reply(200, other)) == Unknown(code="answer_for_another_transfer")

    def test_another_amount_is_accepted_and_shown_as_the_bank_says_it(self, outcome_of, reply, document):
        outcome = outcome_of(reply(200, document(amount=5_000_000)))

        assert outcome.state.amount == 5_000_000

    @pytest.mark.parametrize("amount", [1.5, "500000", True, None])
    def test_an_amount_that_is_no_whole_number_is_unreadable(self, outcome_of, reply, document, amount):
        assert outcome_of(reply(200, document(amount=amount))) == Unknown(code="answer_unreadable_200")

    @pytest.mark.parametrize("status", [408, 409, 424, 425, 500, 502, 503, 504])
    def test_these_statuses_prove_nothing(self, outcome_of, reply, status):
        assert outcome_of(reply(status, error("api_error", "x"))) == Unknown(code=f"http_{status}")

    @pytest.mark.parametrize("status", [204, 302, 307])
    def test_neither_do_redirects_and_empty_successes(self, outcome_of, reply, scripted, status):
        outcome = outcome_of(reply(status, b"", headers={"Location": scripted.base_url}))

        assert outcome == Unknown(code=f"http_{status}")
        assert len(scripted.requests) == 1

    def test_a_reused_key_is_unknown(self, outcome_of, reply):
        assert outcome_of(reply(400, error("idempotency_error", None))) == Unknown(code="idempotency_error")

    def test_a_plain_refusal_on_first_use_is_not_taken_for_good(self, outcome_of, reply):
        outcome = outcome_of(reply(400, error("invalid_request_error", "parameter_invalid", "Bad routing number")))

        assert outcome == NotTaken(code="parameter_invalid", message="Bad routing number", retryable=False)

    def test_a_plain_refusal_on_a_replay_is_unknown(self, outcome_of, reply):
        outcome = outcome_of(reply(400, error("invalid_request_error", "parameter_invalid")), first_use=False)

        assert outcome == Unknown(code="parameter_invalid")

    def test_a_replayed_refusal_shows_the_use_was_not_the_first(self, outcome_of, reply):
        refusal = reply(400, error("invalid_request_error", "x"), headers={"Idempotent-Replayed": "true"})

        assert outcome_of(refusal) == Unknown(code="replayed_x", stored=True)

    @pytest.mark.parametrize("status", [401, 403])
    def test_a_wrong_key_of_ours_is_no_fault_of_the_transfer(self, outcome_of, reply, status):
        assert outcome_of(reply(status, error("invalid_request_error", None))).retryable

    def test_a_refusal_by_something_that_is_not_the_bank_proves_nothing(self, outcome_of, reply):
        assert outcome_of(reply(403, b"<html>Forbidden</html>")) == Unknown(code="answer_unreadable_403")

    def test_too_many_requests_on_first_use_is_not_taken(self, outcome_of, reply):
        assert outcome_of(reply(429, b"slow down")) == NotTaken(code="rate_limit", message="", retryable=True)

    def test_too_many_requests_on_a_replay_is_unknown(self, outcome_of, reply):
        assert outcome_of(reply(429, b"slow down"), first_use=False) == Unknown(code="rate_limit")


class TestPersonalData:
    def test_a_refusal_does_not_repeat_number_or_name(self, outcome_of, reply):
        message = "No account 0123456789 of NGUYỄN THỊ HOÀ, card 001199012345"

        outcome = outcome_of(reply(400, error("invalid_request_error", "no_account", message)))

        assert outcome.message == "No account … of …, card …"

    def test_nothing_personal_is_logged(self, outcome_of, reply, caplog):
        caplog.set_level("DEBUG")

        outcome_of(reply(400, error("invalid_request_error", "x", "No account 0123456789")))

        assert "0123456789" not in caplog.text
        assert "HOÀ" not in caplog.text


class TestReading:
    def test_asks_again_when_the_bank_did_not_answer(self, scripted, connect, reply, document):
        scripted.script += [reply(503, b""), lambda connection: None, reply(200, document(id="obp_9"))]

        assert connect(scripted.base_url).enquire("obp_9").bank_reference == "obp_9"

    def test_gives_up_after_three_times(self, scripted, connect, reply):
        scripted.script += [reply(500, b"")] * 3

        with pytest.raises(BankUnavailable):
            connect(scripted.base_url).enquire("obp_9")
        assert len(scripted.requests) == 3

    def test_a_refusal_is_not_repeated(self, scripted, connect, reply):
        scripted.script.append(reply(404, error("invalid_request_error", "resource_missing")))

        with pytest.raises(BankRefused, match="resource_missing"):
            connect(scripted.base_url).enquire("obp_9")
        assert len(scripted.requests) == 1

    def test_an_unknown_status_is_unreadable(self, scripted, connect, reply, document):
        scripted.script.append(reply(200, document(status="evaporated")))

        with pytest.raises(BankAnswerUnreadable):
            connect(scripted.base_url).enquire("obp_9")

    def test_a_list_that_does_not_advance_is_not_read_for_ever(self, scripted, connect, reply, document):
        page = reply(200, {"object": "list", "data": [document()], "has_more": True})
        scripted.script += [page, page, page]

        with pytest.raises(BankAnswerUnreadable):
            list(connect(scripted.base_url).list_since(financial_account="fa_test", since=SINCE))

    def test_a_list_that_goes_in_a_circle_is_told_once_and_left(self, scripted, connect, reply, document):
        one, other = (reply(200, {"data": [document(id=name)], "has_more": True}) for name in ("obp_a", "obp_b"))
        scripted.script += [one, other, one, other, one, reply(200, {"data": [], "has_more": False})]
        told = []

        with pytest.raises(BankAnswerUnreadable, match="does not advance"):
            for states in connect(scripted.base_url).list_since(financial_account="fa_test", since=SINCE):
                told += [state.bank_reference for state in states]
        assert told == ["obp_a", "obp_b"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"status": "evaporated"},
            {"amount": 10**30},
            {"created": 2**50},
            {"currency": None},
            {"financial_account": "fa\0"},
            {"metadata": {"end_to_end_id": "e" * 65, "attempt": "1"}},
            {"metadata": {"end_to_end_id": "\ud800", "attempt": "1"}},
        ],
    )
    def test_one_order_nobody_can_read_keeps_nobody_from_learning_of_the_others(
        self, scripted, connect, reply, document, wrong
    ):
        """And the list counts as not read: of what it does not show, nothing follows."""
        page = [document(id="obp_3"), document(id="obp_2", **wrong)]
        rest = [document(id="obp_1")]
        scripted.script += [reply(200, {"data": page, "has_more": True}), reply(200, {"data": rest, "has_more": False})]
        told = []

        with pytest.raises(BankAnswerUnreadable, match="1 entries of a list"):
            for states in connect(scripted.base_url).list_since(financial_account="fa_test", since=SINCE):
                told += [state.bank_reference for state in states]
        assert told == ["obp_3", "obp_1"]

    @pytest.mark.parametrize("attempt", ["99999999999", "1e3", {}, ["1"]])
    def test_an_attempt_that_is_none_of_ours_is_nobodys(self, scripted, connect, reply, document, attempt):
        metadata = {"end_to_end_id": "somebodys", "attempt": attempt}
        scripted.script.append(reply(200, document(metadata=metadata)))

        assert connect(scripted.base_url).enquire("obp_1").attempt == 0

    def test_the_words_of_a_return_are_kept_as_far_as_a_column_takes_them(self, scripted, connect, reply, document):
        scripted.script.append(reply(200, document(status="returned", returned_details={"code": "dừng\0 " + "x" * 60})))

        assert connect(scripted.base_url).enquire("obp_1").return_code == "dừng " + "x" * 35

    @pytest.mark.parametrize("balance", [None, {}, {"cash": {"usd": 1}}, {"cash": {"vnd": 1.5}}])
    def test_a_balance_that_is_not_in_dong_is_unreadable(self, scripted, connect, reply, balance):
        scripted.script.append(reply(200, {"id": "fa_test", "balance": balance}))

        with pytest.raises(BankAnswerUnreadable):
            connect(scripted.base_url).balance("fa_test")
