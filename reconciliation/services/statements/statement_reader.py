"""The process apart that reads a statement file: `python -m reconciliation.services.statements.statement_reader MEMORY SECONDS FILE… < form > statements`.

Run by `read_apart.py` alone. Files are numbers of open files it was left; the form of a table comes as JSON, what was read goes as `reading_wire` writes it.
"""

import json
import os
import sys
from contextlib import ExitStack

from reconciliation.parsers.any_format import read_files
from reconciliation.parsers.table import TableForm
from reconciliation.services.statements.reading_wire import written
from staff.apart import bound_this_process, say_begun
from staff.errors import SystemBusy

OUT_OF_MEMORY, SYSTEM_BUSY = 3, 4


def main(memory: int, seconds: int, files: list[int]) -> int:
    """Bound this process and read; return the status to end with."""
    bound_this_process(memory=memory, seconds=seconds)
    form = TableForm(**json.load(sys.stdin))
    try:
        with ExitStack() as opened:
            sources = [opened.enter_context(os.fdopen(one, "rb")) for one in files]
            say_begun()
            for line in written(read_files(sources, form=form)):
                print(line)
            sys.stdout.flush()
    except MemoryError:
        return OUT_OF_MEMORY
    except (SystemBusy, OSError):  # the file is open: what is missing now is ours
        return SYSTEM_BUSY
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), [int(one) for one in sys.argv[3:]]))
