"""Find numbers of people and accounts that stand in clear where none may stand."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import redis

from tests.independent.raw_files import all_rows, cell_text, twelve_digits

SHORTEST = 9
_HEX = re.compile(r"\\\\?x((?:[0-9a-f]{2})+)")
_DIGITS = re.compile(rf"[0-9]{{{SHORTEST},}}")


def numbers_of(sample: Path) -> set[str]:
    """Every identity number, old card number and account number that stands in the sample's files, typed or corrected."""
    with (sample / "population" / "dan_cu.csv").open(encoding="utf-8", newline="") as file:
        found = {row["so_dinh_danh"] for row in csv.DictReader(file)}
    with (sample / "bank" / "accounts.csv").open(encoding="utf-8", newline="") as file:
        found |= {row["account_number"] for row in csv.DictReader(file)}
    for _, row in all_rows(sample / "registries"):
        typed = cell_text(row["Số định danh cá nhân/CMND"]).replace(" ", "").replace(".", "")
        found |= {typed, twelve_digits(typed)}
    return {number for number in found if number.isdigit() and len(number) >= SHORTEST}


def leaked(text: str, *, numbers: set[str]) -> set[str]:
    """Which of `numbers` stand in `text`: as such, inside a longer run of digits, or as bytes written in hexadecimal."""
    binary = " ".join(bytes.fromhex(match).decode("ascii", "replace") for match in _HEX.findall(text))
    lengths = {len(number) for number in numbers}
    return {
        run[start : start + length]
        for run in _runs(_HEX.sub(" ", text) + " " + binary)
        for length in lengths
        for start in range(len(run) - length + 1)
    } & numbers


def text_of_logs(*folders: Path) -> str:
    """All logs below the folders."""
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in paths)


def text_of_redis(socket: Path) -> str:
    """Every key and value of the broker."""
    broker = redis.Redis(unix_socket_path=str(socket), decode_responses=True)
    readers = {
        "string": broker.get,
        "list": lambda key: broker.lrange(key, 0, -1),
        "set": broker.smembers,
        "zset": lambda key: broker.zrange(key, 0, -1),
        "hash": broker.hgetall,
    }
    return "\n".join(f"{key} {readers[broker.type(key)](key)}" for key in broker.scan_iter())


def _runs(text: str) -> Iterator[str]:
    return (match.group() for match in _DIGITS.finditer(text))
