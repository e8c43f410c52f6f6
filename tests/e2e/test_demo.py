"""`make demo` at a fiftieth of the province: one run with real processes, looked at from many sides."""

import signal
import subprocess
from itertools import takewhile
from pathlib import Path

import pytest
import requests

from config.demo.environment import free_port
from config.embedded.redis import ensure_redis
from tests.e2e import oracles
from tests.e2e.conftest import new_sandbox
from tests.e2e.leaks import leaked, numbers_of, text_of_logs, text_of_redis
from tests.e2e.sandbox import Sandbox
from tests.independent.recompute_funds import recompute_cash, recompute_funds

MONTHS = ("2024-07", "2024-08", "2024-09")


@pytest.fixture(scope="module")
def demo(sandbox: Sandbox) -> subprocess.CompletedProcess[str]:
    return sandbox.run("manage.py", "demo", "--scale", "0.02", COLUMNS="120")


@pytest.fixture(scope="module")
def sample(sandbox: Sandbox, demo: subprocess.CompletedProcess[str]) -> Path:
    return sandbox.var / "sample" / "2024-0.02"


def dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")


class TestWhatTheDemoPrints:
    def test_ends_well_and_complains_of_nothing(self, demo: subprocess.CompletedProcess[str]):
        assert demo.returncode == 0, demo.stderr
        assert "Traceback" not in demo.stdout + demo.stderr

    def test_prints_the_rates_of_the_truth_with_numerator_and_denominator(self, demo, sample: Path):
        headline = oracles.truth_of(sample)["headline"]
        people, accounts, paid = (headline[name] for name in ("beneficiaries", "accounts_opened", "paid_cashless"))

        lines = [" ".join(line.replace("│", " ").split()) for line in demo.stdout.splitlines()]

        assert f"Tỷ lệ có tài khoản {accounts} / {people} {comma(headline['coverage_percent'])}" in lines
        assert f"Tỷ lệ chi trả qua tài khoản {paid} / {accounts} {comma(headline['paid_of_accounts_percent'])}" in lines
        assert f"Tỷ lệ không dùng tiền mặt {paid} / {people} {comma(headline['paid_of_all_percent'])}" in lines
        assert f"Số tiền chi qua tài khoản {dotted(headline['account_money'])} đ" in lines

    def test_leaves_a_pdf_and_a_workbook_and_says_where(self, sandbox: Sandbox, demo):
        report, workbook = (next(sandbox.demo.glob(f"bao-cao-*.{kind}")) for kind in ("pdf", "xlsx"))

        assert (report.read_bytes()[:5], workbook.read_bytes()[:4]) == (b"%PDF-", b"PK\x03\x04")
        assert report.name in demo.stdout
        assert workbook.name in demo.stdout

    def test_says_what_each_stage_took_and_how_much_memory(self, demo):
        assert "Tổng cộng" in demo.stdout
        assert "Bộ nhớ lớn nhất" in demo.stdout

    @pytest.mark.parametrize("month", MONTHS)
    def test_every_cycle_is_proven_once_more_on_request(self, sandbox: Sandbox, demo, month: str):
        proof = sandbox.run("manage.py", "prove", month, DATABASE_URL=sandbox.database_url())

        assert (proof.returncode, proof.stderr) == (0, "")
        assert "khớp đến từng đồng" in proof.stdout


class TestFigures:
    def test_headline_is_that_of_the_truth(self, sandbox: Sandbox, sample: Path):
        assert oracles.headline_of_report(oracles.report_of(sandbox)) == oracles.headline_of_truth(
            oracles.truth_of(sample)
        )

    def test_headline_is_that_recomputed_from_raw_files_bank_books_and_cash_lists(
        self, sandbox: Sandbox, sample: Path, tmp_path: Path
    ):
        recomputed = oracles.recomputed(sandbox, sample=sample, scratch=tmp_path)

        assert oracles.headline_of_report(oracles.report_of(sandbox)) == recomputed

    def test_everybody_missed_has_the_reason_the_truth_gives(self, sandbox: Sandbox, sample: Path):
        truth = oracles.truth_of(sample)["not_paid_through_account"]

        assert oracles.gap_of_report(oracles.report_of(sandbox)) == truth

    def test_every_commune_and_programme_has_its_true_figures(self, sandbox: Sandbox, sample: Path):
        truth, figures = oracles.truth_of(sample), oracles.report_of(sandbox)

        assert oracles.communes_of_report(figures) == truth["communes"]
        assert oracles.programmes_of_report(figures) == oracles.programmes_of_truth(truth)

    def test_card_and_account_registers_have_their_true_figures(self, sandbox: Sandbox, sample: Path):
        registers, truth = oracles.report_of(sandbox)["registers"], oracles.truth_of(sample)["registers"]

        assert (registers["residents"], registers["cards_issued"]) == (truth["residents"], truth["cards_issued"])
        assert (registers["eid_eligible"], registers["eid_active"]) == (
            truth["e_id_eligible"],
            truth["e_id_activated"],
        )


class TestMoney:
    def test_where_the_money_is_is_what_the_banks_books_and_the_signed_cash_lists_say(self, sandbox: Sandbox):
        figures, quarter = oracles.report_of(sandbox), {"2024-07", "2024-08", "2024-09"}
        books = recompute_funds(sandbox.books, months=quarter)

        ours = sorted([row[key] for key in next(iter(books.values()))] for row in figures["funds"])
        assert ours == sorted(list(row.values()) for row in books.values())
        assert sum(row["paid"] for row in figures["budget"]) == sum(row["paid"] for row in books.values())
        assert sum(row["returned"] for row in figures["budget"]) == sum(row["returned"] for row in books.values())
        assert sum(row["cash"] for row in figures["budget"]) == recompute_cash(sandbox.demo, months=quarter)

    def test_the_bank_credited_returned_and_failed_as_many_transfers_a_month_as_the_truth_has(
        self, sandbox: Sandbox, sample: Path
    ):
        truth = oracles.outcomes_in_truth(oracles.truth_of(sample))

        assert oracles.outcomes_in_books(sandbox.books) == truth

    def test_the_bank_debited_every_entitlement_at_most_once(self, sandbox: Sandbox, demo):
        carried = dict(sandbox.ask(CARRIED))

        debited = oracles.live_debits(sandbox.books)

        assert debited
        assert debited == {reference: [carried.get(reference)] for reference in debited}

    def test_what_we_hold_for_credited_is_what_the_bank_holds_for_debited(self, sandbox: Sandbox, demo):
        credited = sandbox.ask(
            "SELECT p.end_to_end_id FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id "
            "WHERE b.channel = 'ACCOUNT' AND p.status = 'POSTED'"
        )

        assert {reference for (reference,) in credited} == set(oracles.live_debits(sandbox.books))


class TestNoNumberInClear:
    def test_in_the_database(self, sandbox: Sandbox, sample: Path):
        dump = sandbox.dump()

        assert "COPY public.payments_payment " in dump
        assert leaked(dump, numbers=numbers_of(sample)) == set()

    def test_in_the_logs(self, sandbox: Sandbox, sample: Path):
        logs = text_of_logs(sandbox.demo / "log", sandbox.var / "log")

        assert "database system is ready" in logs
        assert leaked(logs, numbers=numbers_of(sample)) == set()

    def test_in_what_the_demo_printed(self, demo, sample: Path):
        assert leaked(demo.stdout + demo.stderr, numbers=numbers_of(sample)) == set()

    def test_in_the_broker(self, sandbox: Sandbox, sample: Path):
        socket = Path(ensure_redis(sandbox.var).removeprefix("redis+socket://"))

        assert leaked(text_of_redis(socket), numbers=numbers_of(sample)) == set()

    def test_the_search_sees_a_number_in_text_in_longer_digits_and_in_bytes(self):
        numbers = {"012345678901", "987654321"}
        stored = b"so 012345678901".hex()

        assert leaked("ma 987654321, 97041501234567890100", numbers=numbers) == numbers
        assert leaked(rf"12 \\x{stored} t", numbers=numbers) == {"012345678901"}
        assert leaked("01234567890 98765432", numbers=numbers) == set()


class TestServing:
    def test_leaves_the_product_running_on_the_demos_data_until_ctrl_c(self, sandbox: Sandbox, demo):
        port = free_port()
        with sandbox.start("manage.py", "serve", "--port", str(port), COLUMNS="120") as serving:
            said = list(takewhile(lambda line: line != "Nhấn Ctrl-C để dừng.\n", serving.stdout))
            page = requests.get(f"http://127.0.0.1:{port}/", timeout=10)
            schema = requests.get(f"http://127.0.0.1:{port}/api/schema/", timeout=10)
            password = (sandbox.demo / "mat-khau.txt").read_text()
            given = requests.post(
                f"http://127.0.0.1:{port}/api/token/",
                json={"username": "ketoantruong", "password": password},
                timeout=10,
            ).json()
            cycles = requests.get(
                f"http://127.0.0.1:{port}/api/cycles/",
                headers={"Authorization": f"Token {given['token']}"},
                timeout=10,
            )
            serving.send_signal(signal.SIGINT)
            last_words, complaints = serving.communicate(timeout=60)

        assert f"An Sinh đang chạy tại http://127.0.0.1:{port}/\n" in said
        assert "An Sinh" in page.text
        assert (page.status_code, schema.status_code, cycles.status_code) == (200, 200, 200)
        assert (serving.returncode, complaints) == (0, "")
        assert last_words.endswith("Đã dừng; chạy lại được ngay.\n")

    def test_asks_for_the_demo_first_where_there_was_none(self):
        with new_sandbox() as empty:
            refused = empty.run("manage.py", "serve")

        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr.endswith("Chưa có dữ liệu trọn một quý để chạy. Hãy chạy `make demo` trước.\n")


# Payments with what the entitlements they carry now come to: one whose entitlements moved on carries nothing, or less.
CARRIED = """
SELECT p.end_to_end_id, sum(e.amount)::bigint FROM payments_payment p JOIN payments_entitlement e ON e.payment_id = p.id
GROUP BY p.end_to_end_id
"""


def comma(percent: str) -> str:
    return percent.replace(".", ",") + "%"
