"""One key, one execution: over replays, crashes and restarts."""

from __future__ import annotations

import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import requests

from tests.mockbank.conftest import API_KEY, PAYMENTS, BankProcess, order


class TestReplaying:
    def test_gives_the_first_reply_again_even_after_the_payment_moved_on(self, bank: BankProcess) -> None:
        first = bank.create("k1")
        bank.advance()

        again = bank.create("k1")

        assert again.content == first.content
        assert again.headers["Idempotent-Replayed"] == "true"
        assert again.headers["Original-Request"] == first.headers["Request-Id"]
        assert "Idempotent-Replayed" not in first.headers

    def test_refuses_the_key_with_other_parameters(self, bank: BankProcess) -> None:
        bank.create("k1")

        answer = bank.create("k1", amount=600_000)

        assert (answer.status_code, answer.json()["error"]["type"]) == (400, "idempotency_error")

    def test_does_not_store_what_never_executed(self, bank: BankProcess) -> None:
        bank.create("k1", extra={"colour": "red"})

        assert bank.create("k1").status_code == 200

    def test_stores_a_refusal_of_the_execution(self, bank: BankProcess) -> None:
        bank.create("k1", amount=100_000_001)
        bank.admin("/topups", {"financial_account": "fa_so", "amount": 900_000_000})

        assert bank.create("k1", amount=100_000_001).json()["error"]["code"] == "insufficient_funds"

    def test_forgets_a_key_after_a_day_of_bank_time(self, bank: BankProcess) -> None:
        first = bank.create("k1").json()
        bank.advance(24 * 3600)

        assert bank.create("k1").json()["id"] != first["id"]

    def test_answers_409_while_the_first_is_in_progress(self, bank: BankProcess) -> None:
        bank.admin("/faults", {"rules": [{"fault": "accept_late", "seconds": 1, "times": 1}]})
        slow = threading.Thread(target=lambda: requests.post(
            bank.url + PAYMENTS, data=order("k1"), timeout=5,
            headers={"Authorization": f"Bearer {API_KEY}", "Idempotency-Key": "k1"},
        ))  # fmt: skip
        slow.start()
        time.sleep(0.3)

        answer = bank.create("k1")
        slow.join()

        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "idempotency_key_in_use")
        assert bank.create("k1").headers["Idempotent-Replayed"] == "true"


class TestSurviving:
    def test_kill_9_loses_nothing_that_was_answered(self, bank: BankProcess) -> None:
        answered: list[str] = []
        killed = threading.Event()

        def send(worker: int) -> None:
            session = requests.Session()
            number = 0
            while not killed.is_set():
                key = f"w{worker}n{number}"
                headers = {"Authorization": f"Bearer {API_KEY}", "Idempotency-Key": key}
                try:
                    answer = session.post(bank.url + PAYMENTS, data=order(key, amount=1000), headers=headers, timeout=5)
                except requests.RequestException:
                    return
                answered.append(answer.json()["id"])
                number += 1

        with ThreadPoolExecutor(6) as workers:
            for worker in range(6):
                workers.submit(send, worker)
            time.sleep(1.0)
            bank.stop(signal.SIGKILL)
            killed.set()
        bank.start()

        kept = {id for (id,) in bank.query("SELECT id FROM payments")}
        assert len(answered) > 50
        assert set(answered) <= kept
        assert bank.admin("/books/verify")["ok"]

    def test_restart_continues_books_keys_clock_and_returns(self, bank: BankProcess) -> None:
        first = bank.create("k1", account="1002").json()
        bank.advance()
        before = bank.admin("/clock")

        bank.restart(signal.SIGKILL)

        assert bank.admin("/clock") == before
        assert bank.create("k1", account="1002").json()["id"] == first["id"]
        bank.advance(7 * 86_400)
        assert bank.status(first)["status"] == "returned"

    def test_sigterm_stops_it_cleanly(self, bank: BankProcess) -> None:
        assert bank.stop() == 0
        bank.start()
