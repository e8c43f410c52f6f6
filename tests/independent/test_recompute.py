"""The recomputation itself is tested on books and cash lists written straight from the sample's truth."""

import csv
import json
import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from config.sample_province.writing import generate
from tests.independent.recompute import recompute

BOOKS = """
CREATE TABLE payments (id TEXT, routing_number TEXT, account_number TEXT);
CREATE TABLE debits (end_to_end_id TEXT, attempt INTEGER, obp_id TEXT, financial_account TEXT, amount INTEGER,
                     debited_at INTEGER, returned_at INTEGER, status TEXT);
"""


def write_played_quarter(sample: Path, folder: Path) -> tuple[Path, Path]:
    """Write what the bank and the cash points would hold after a perfect quarter: (books, folder of result lists)."""
    books, cash = folder / "books.sqlite", folder / "cash"
    cash.mkdir(parents=True)
    with (sample / "truth" / "rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    connection = sqlite3.connect(books)
    connection.executescript(BOOKS)
    for month in ("07", "08", "09"):
        paid_at = int(datetime(2024, int(month), 5, 9, tzinfo=timezone(timedelta(hours=7))).timestamp())
        book = xlsxwriter.Workbook(str(cash / f"ket_qua_{month}.xlsx"))
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["KẾT QUẢ CHI TRẢ"])
        sheet.write_row(1, 0, ["Mã hồ sơ hưởng", "Tổng số được nhận", "Kết quả"])
        line = 2
        for row in rows:
            outcome = row[f"outcome_{month}"]
            total = sum(int(row[f"{part}_{month}"] or 0) for part in ("regular", "arrears", "carried"))
            if outcome in ("CREDITED", "RETURNED"):
                reference = f"{row['ma_ho_so']}-{month}"
                returned = paid_at + 4 * 86_400 if outcome == "RETURNED" else None
                connection.execute(
                    "INSERT INTO payments VALUES (?, ?, ?)", (reference, row["account_bin"], row["account_number"])
                )
                connection.execute(
                    "INSERT INTO debits VALUES (?, 1, ?, 'fa', ?, ?, ?, ?)",
                    (reference, reference, total, paid_at, returned, outcome.lower()),
                )
            elif outcome in ("COLLECTED", "NOT_COLLECTED"):
                result = "Đã nhận" if outcome == "COLLECTED" else "Chưa nhận"
                sheet.write_row(line, 0, [row["ma_ho_so"], total, result])
                line += 1
        book.close()
    connection.commit()
    connection.close()
    return books, cash


def expected(sample: Path) -> dict[str, Any]:
    truth = json.loads((sample / "truth" / "truth.json").read_text(encoding="utf-8"))
    headline, gap = truth["headline"], truth["not_paid_through_account"]
    figures = {key: value for key, value in headline.items() if not key.endswith("_percent")}
    return figures | {
        "not_paid_through_account": gap["people"],
        "of_those_paid_in_cash": gap["paid_in_cash"],
        "of_those_unpaid": gap["unpaid"],
    }


@pytest.mark.parametrize(("scale", "seed"), [(0.02, 2024), (0.05, 7), (0.05, 8)])
def test_raw_files_and_books_lead_to_the_figures_the_truth_states(tmp_path: Path, scale: float, seed: int):
    sample = tmp_path / "sample"
    generate(out=sample, scale=scale, seed=seed)
    books, cash = write_played_quarter(sample, tmp_path)

    assert recompute(sample, books, cash) == expected(sample)


@pytest.mark.slow
def test_the_default_province_recomputes_to_the_reported_quarter(tmp_path: Path):
    sample = tmp_path / "sample"
    generate(out=sample, scale=1.0, seed=2024)
    books, cash = write_played_quarter(sample, tmp_path)

    figures = recompute(sample, books, cash)

    assert figures == expected(sample)
    assert (figures["beneficiaries"], figures["accounts_opened"], figures["paid_cashless"]) == (26_794, 16_923, 16_467)
    assert 33_200_000_000 <= figures["account_money"] < 33_300_000_000
    assert (figures["of_those_paid_in_cash"], figures["of_those_unpaid"]) == (390, 66)
