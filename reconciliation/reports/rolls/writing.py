"""Write rolls as PDF and workbook, several at a time in processes of their own."""

import multiprocessing
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import islice, repeat
from pathlib import Path

import django

from reconciliation.reports.rolls.docx import roll_docx
from reconciliation.reports.rolls.pdf import render_roll
from reconciliation.reports.rolls.roll import Roll
from reconciliation.reports.rolls.workbook import roll_workbook

_MOST_PER_PROCESS = 60


def write_rolls(*, rolls: Iterable[Roll], folder: Path, processes: int) -> list[Path]:
    """Write the documents of every roll, named after it and readable by this user alone; returns the paths in the order of the rolls.

    The processes are replaced after some rolls, so that what rendering keeps never adds up, and the rolls are read as they are written. Not by
    `max_tasks_per_child`: Python 3.11 waits for ever where work is left when a process has had its share. One process: no other is started.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if processes == 1:
        return [path for roll in rolls for path in write_roll(roll, folder)]
    context = multiprocessing.get_context("spawn")
    paths, waiting = [], iter(rolls)
    while share := list(islice(waiting, processes * _MOST_PER_PROCESS)):
        with ProcessPoolExecutor(processes, mp_context=context, initializer=django.setup) as pool:
            for written in pool.map(write_roll, share, repeat(folder)):
                paths.extend(written)
    return paths


def documents_of(roll: Roll) -> list[tuple[str, bytes]]:
    """`(suffix, content)`, the PDF first, then the workbook, then Word where the office edits it."""
    word = [(".docx", roll_docx(roll))] if roll.editable else []
    return [(".pdf", render_roll(roll)), (".xlsx", roll_workbook(roll)), *word]


def write_roll(roll: Roll, folder: Path) -> list[Path]:
    """Write one roll in all its forms."""
    paths = []
    for suffix, content in documents_of(roll):
        path = folder / f"{roll.name}{suffix}"
        path.touch(mode=0o600)
        path.write_bytes(content)
        paths.append(path)
    return paths
