"""How fast a registry of 27,000 rows is read and validated, beside openpyxl in the same run: `make bench-intake`.

Interleaved rounds, medians. openpyxl only unpacks the cells; ours also guards, recognises headings and encodings, reads and validates every value.
"""

import argparse
import io
import random
import statistics
import time
from collections.abc import Callable

import openpyxl
import xlsxwriter

from beneficiaries.parsers.registry import COLUMNS, open_registry


def registry(rows: int, *, seed: int = 1) -> bytes:
    """A registry with every column filled."""
    source = random.Random(seed)  # noqa: S311 -- a sample, no secret
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": False, "in_memory": True})
    sheet = book.add_worksheet("Danh sách")
    sheet.write_string(0, 0, "DANH SÁCH ĐỐI TƯỢNG")
    sheet.write_row(1, 0, list(COLUMNS.values()))
    for n in range(rows):
        name = " ".join(
            source.choice(part)
            for part in (["Nguyễn", "Trần", "Lê"], ["Văn", "Thị"], ["Ánh", "Bưởi", "Hường", "Khuyến"])
        )
        birth = f"{source.randint(1, 28):02d}/{source.randint(1, 12):02d}/{source.randint(1925, 2020)}"
        sheet.write_row(
            n + 2, 0,
            [
                f"97101-{n:06d}", name, birth, source.choice(["Nam", "Nữ"]), f"0970{n:08d}", f"Thôn {n % 9}", "TCXH", "CT-80-KLH", 1.5,
                f"{n % 900}/QĐ-UBND", "15/03/2023", "04/2023", "06/2024", "", "Chính chủ", "", f"5550{n:07d}", "Agribank", "",
            ],
        )  # fmt: skip
    book.close()
    return stream.getvalue()


def main() -> None:
    """Print medians and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=27_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    content = registry(options.rows)
    ways: dict[str, Callable[[], int]] = {
        "openpyxl, cells only": lambda: sum(1 for _ in openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[0].iter_rows(values_only=True)),
        "openpyxl read_only, cells only": lambda: sum(
            1
            for _ in openpyxl.load_workbook(io.BytesIO(content), data_only=True, read_only=True).worksheets[0].iter_rows(values_only=True)
        ),
        "An Sinh, guarded, read and validated": lambda: len(open_registry(content).entries),
    }  # fmt: skip
    taken: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(options.rounds):
        for way, read in ways.items():
            started = time.perf_counter()
            assert read() >= options.rows
            taken[way].append(time.perf_counter() - started)
    medians = {way: statistics.median(times) for way, times in taken.items()}
    ours = medians["An Sinh, guarded, read and validated"]
    for way, median in medians.items():
        print(f"{way:40} {median:6.2f} s   {median / ours:5.1f} ×")


if __name__ == "__main__":
    main()
