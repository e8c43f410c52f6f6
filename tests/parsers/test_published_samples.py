"""Statements of real banks, as packages publish them, load with exact sums; what can't be read whole is refused, never read in part.

They are in other currencies: restated, a cent is a đồng. What they must add up to is counted here by other means than the parsers'.
"""

import io
import re
from pathlib import Path

import pytest

from reconciliation.parsers.any_format import read_files
from reconciliation.parsers.errors import StatementRefused
from reconciliation.parsers.interface import ParsedLine, StatementReading

SAMPLES = Path(__file__).parent / "samples"
REFUSED = {
    "jejik-abnamro.sta": "no final closing balance follows its :60M:",
    "self-provided-multiline.sta": "a booking outside every message",
    "self-provided-raphaelm.sta": "balances without a currency",
}
UNTIED = {"okane-2.xml", "apiome-08.xml"}  # their bookings do not lead from their opening to their closing balance
MT940 = sorted(
    path.name for path in (SAMPLES / "mt940").iterdir() if path.suffix in (".sta", ".txt") and path.name not in REFUSED
)
CAMT053 = sorted(path.name for path in (SAMPLES / "camt053").glob("*.xml"))
CAMT054 = sorted(path.name for path in (SAMPLES / "camt054").glob("*.xml"))
_BALANCE = re.compile(r"^(:6[0-5][FM]?:[CD]\d{6})([A-Z]{3})?(\d+,?\d*)", re.MULTILINE)
_BOOKED = re.compile(r"^(:61:\d{6}(?:\d{4}| {4})?)(R?[CD])([A-Z]?)(\d+,?\d*)", re.MULTILINE)
_AMOUNT = re.compile(r"""(Ccy=["'])[A-Z]{3}(["'][^>]*>)\s*([\d.]+)\s*<""")


def _cents(written: str, point: str) -> int:
    whole, _, rest = written.partition(point)
    return int(whole or 0) * 100 + int((rest + "00")[:2])


def _mt940(name: str) -> tuple[str, str]:
    """As published, and restated in đồng."""
    content = (SAMPLES / "mt940" / name).read_bytes()
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    restated = _BALANCE.sub(lambda m: f"{m[1]}{'VND' if m[2] else ''}{_cents(m[3], ',')},", text)
    return text, _BOOKED.sub(lambda m: f"{m[1]}{m[2]}{m[3]}{_cents(m[4], ',')},", restated)


def _read(text: str) -> list[tuple[StatementReading, list[ParsedLine]]]:
    return [(reading, list(reading.lines())) for reading in read_files([io.BytesIO(text.encode())])]


def _camt(folder: str, name: str) -> tuple[str, list[int]]:
    """Restated in đồng, and what its entries come to, read without a parser."""
    text = re.sub(r"(</?)ntfy:", r"\1", (SAMPLES / folder / name).read_text(encoding="utf-8-sig"))
    restated = _AMOUNT.sub(lambda m: f"{m[1]}VND{m[2]}{_cents(m[3], '.')}<", text)
    entries = [
        (1 if direction == "CRDT" else -1) * _cents(amount, ".")
        for amount, direction in re.findall(
            r"<Ntry>(?:(?!<Amt).)*<Amt[^>]*>([\d.]+)</Amt>\s*<CdtDbtInd>(\w+)<", text, re.DOTALL
        )
    ]
    return re.sub(r"<Ccy>[A-Z]{3}<", "<Ccy>VND<", restated), entries


class TestMt940:
    @pytest.mark.parametrize("name", MT940)
    def test_has_every_booking_with_its_amount(self, name: str) -> None:
        published, restated = _mt940(name)

        read = [line.amount for _, lines in _read(restated) for line in lines]

        assert read == [
            (-1 if mark in ("D", "RC") else 1) * _cents(amount, ",")
            for _, mark, _, amount in _BOOKED.findall(published)
        ]
        assert len(read) == len(re.findall(r"^:61:", published, re.MULTILINE))

    @pytest.mark.parametrize("name", MT940)
    def test_has_the_balances_of_each_statement(self, name: str) -> None:
        published, restated = _mt940(name)
        written = [
            (1 if sign == "C" else -1) * _cents(amount, ",")
            for sign, amount in re.findall(r"^:6[02]F:([CD])\d{6}[A-Z]{3}(\d+,?\d*)", published, re.MULTILINE)
        ]

        read = [
            balance
            for reading, _ in _read(restated)
            for balance in (reading.statement.opening, reading.statement.closing)
        ]

        assert read == written

    @pytest.mark.parametrize("name", REFUSED)
    def test_is_refused_where_it_is_not_whole(self, name: str) -> None:
        with pytest.raises(StatementRefused):
            _read(_mt940(name)[1])


class TestCamt053:
    @pytest.mark.parametrize("name", CAMT053)
    def test_has_every_entry_with_its_amount(self, name: str) -> None:
        restated, entries = _camt("camt053", name)

        ((reading, lines),) = _read(restated)

        assert sum(line.amount for line in lines) == sum(entries)
        assert len({line.entry_ordinal for line in lines}) == len(entries)
        assert reading.balances_tie is (name not in UNTIED)


class TestCamt054:
    @pytest.mark.parametrize("name", CAMT054)
    def test_has_every_entry_with_its_amount(self, name: str) -> None:
        restated, entries = _camt("camt054", name)

        ((reading, lines),) = _read(restated.replace("xmlns:ntfy", "xmlns"))

        assert [line.amount for line in lines] == entries
        assert reading.statement.opening is None
