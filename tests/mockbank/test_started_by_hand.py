"""What somebody sees who starts the bank by hand and mistypes, or starts it twice."""

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import BankProcess


def start(data: Path, *options: str, port: str = "0") -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "mockbank",
        "--port",
        port,
        "--admin-port",
        "0",
        "--seed",
        "7",
        "--data",
        str(data),
    ]
    return subprocess.run([*command, *options], capture_output=True, text=True, timeout=60, check=False)


class TestStartedByHand:
    def test_two_banks_never_keep_the_same_books(self, bank: BankProcess) -> None:
        second = start(bank.data)
        assert second.returncode == 2
        assert second.stderr == f"mockbank: {bank.data} is in use by a bank that runs\n"

    def test_a_port_that_is_taken_is_named(self, bank: BankProcess, tmp_path: Path) -> None:
        port = bank.url.rpartition(":")[2]
        second = start(tmp_path / "other", port=port)
        assert second.returncode == 2
        assert second.stderr.startswith("mockbank: ")
        assert port in second.stderr and "Traceback" not in second.stderr

    @pytest.mark.parametrize(
        "content", [None, b"routing_number,account_number,holder_name,status,from_date\n970405,1\n", b"\xff\xfe\x00"]
    )
    def test_a_truth_that_cannot_be_read_is_named(self, tmp_path: Path, content: bytes | None) -> None:
        file = tmp_path / "truth.csv"
        if content is not None:
            file.write_bytes(content)
        refused = start(tmp_path / "books", "--accounts", str(file))
        assert refused.returncode == 2
        assert refused.stderr.startswith("mockbank: ")
        assert len(refused.stderr.splitlines()) == 1
