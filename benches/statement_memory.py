"""By how much a fresh process grows while it reads a statement: `python -m benches.statement_memory FILE` prints MB. No Django, nothing else in memory."""

import io
import re
import sys
from pathlib import Path

from reconciliation.parsers.any_format import read_files


def parse(path: Path) -> int:
    """Read every line; return how many."""
    count = 0
    with path.open("rb") as file:
        for reading in read_files([file]):
            count += sum(1 for _ in reading.lines())
            if not reading.balances_tie:
                raise AssertionError("balances do not tie")
    return count


def peak_kb() -> int:
    """The most memory this program held; what `getrusage` says begins with the peak of the process that started it."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) if found else 0


def main(path: Path) -> None:
    """Read, print the growth."""
    for _ in read_files([io.BytesIO(b":20:x\n:25:1\n:60F:C240801VND1,\n:62F:C240801VND1,\n-\n")]):
        pass  # what is loaded once is no growth
    before = peak_kb()
    parse(path)
    print((peak_kb() - before) // 1024)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
