"""Play many schedules: `python -m tests.simulation --seeds 100000`. Prints every broken promise with its seed and the smallest schedule for it.

Two processes play every second seed each, in a database of their own. What is done is noted in `var/simulation`, so that a run that was ended
goes on where it stopped. Exit code 1 if a promise was broken.
"""

import argparse
import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.simulation.session import play_seeds  # noqa: E402 - the product's models need its settings

PROGRESS_EVERY = 10.0


def main() -> int:
    """Read the command line, play, and say what came out."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100_000, help="how many schedules (default 100000)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (default 0)")
    parser.add_argument("--fresh", action="store_true", help="seeds nobody has played, instead of --first")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", type=int, help="play one seed, and show its steps")
    given = parser.parse_args()
    first = random.SystemRandom().randrange(10**6, 10**12) if given.fresh else given.first
    seeds = range(given.only, given.only + 1) if given.only is not None else range(first, first + given.seeds)
    processes = 1 if len(seeds) < given.processes else given.processes
    context = multiprocessing.get_context("fork")  # no session of any kind is open yet
    reports: Any = context.Queue()
    shares = [seeds[at::processes] for at in range(processes)]
    players = [
        context.Process(target=play_seeds, args=(at, share, reports), kwargs={"verbose": given.only is not None})
        for at, share in enumerate(shares)
    ]
    began = time.monotonic()
    for player in players:
        player.start()
    done, broken = _watch(players, reports, total=len(seeds))
    seconds = time.monotonic() - began
    print(f"{done} of {len(seeds)} schedules from seed {seeds[0]}, {broken} broken, {seconds:.0f} s")
    if stopped := sum(bool(player.exitcode) for player in players):
        print(f"NOT ALL WERE PLAYED: {stopped} of {len(players)} players ended with an error", file=sys.stderr)
    return 1 if broken or stopped else 0


def _watch(players: list[Any], reports: Any, *, total: int) -> tuple[int, int]:
    done, broken, played, said = 0, 0, 0, time.monotonic()
    kinds: Counter[str] = Counter()
    playing, began = 0, 0.0
    while any(player.is_alive() for player in players) or not reports.empty():
        if reports.empty():
            time.sleep(0.05)
            continue
        kind, value = reports.get()
        if kind == "ready":
            playing += 1
            began = time.monotonic()
        elif kind in ("broken", "say"):
            broken += kind == "broken"
            print(value, flush=True)
        elif kind == "kinds":
            kinds.update(value)
        else:
            done += value
            played += value if kind == "played" else 0
        if time.monotonic() - said > PROGRESS_EVERY:
            said = time.monotonic()
            print(
                f"{done}/{total} schedules, {broken} broken, {played / max(said - began, 1):.1f} a second", flush=True
            )
    if played:
        print(f"{played / max(time.monotonic() - began, 0.001):.1f} schedules a second on {playing} processes")
        print("steps played: " + ", ".join(f"{name} {count}" for name, count in sorted(kinds.items())))
    return done, broken


if __name__ == "__main__":
    sys.exit(main())
