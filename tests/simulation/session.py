"""One process of a long run: plays its seeds, notes how far it came, and reports what broke."""

import json
from typing import Any

from config.environment import VAR
from tests.simulation.actors import actors
from tests.simulation.at_hand import at_hand
from tests.simulation.copies import copies_of
from tests.simulation.database import own_database
from tests.simulation.drawing import schedule_of
from tests.simulation.lighter import lighter_statements
from tests.simulation.prepared import prepared_sessions
from tests.simulation.shapes import compiled_once
from tests.simulation.shrinking import shrink
from tests.simulation.simulation import run
from tests.simulation.stage import MUTABLE, Stage

NOTE_EVERY = 100


def play_seeds(number: int, seeds: range, reports: Any, *, verbose: bool) -> None:
    """Play `seeds` in the database of process `number`; puts ("ready" | "played" | "skipped" | "broken" | "kinds", value) on `reports`."""
    folder = VAR / "simulation"
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / f"{seeds.start}-{seeds.stop}-{seeds.step}.json"
    left = seeds[json.loads(note.read_text()) if note.exists() and not verbose else 0 :]
    reports.put(("skipped", len(seeds) - len(left)))
    with (
        at_hand(f"ansinh_simulation_{number}"),
        own_database(f"ansinh_simulation_{number}"),
        prepared_sessions(),
        lighter_statements(),
        compiled_once(),
        copies_of(MUTABLE) as copies,
        actors("web", "w1", "w2") as processes,
    ):
        stage = Stage(copies=copies)
        reports.put(("ready", number))
        for at, seed in enumerate(left, start=len(seeds) - len(left) + 1):
            schedule = schedule_of(seed)
            broken = run(stage, processes, schedule)
            if verbose:
                reports.put(("say", f"{schedule}"))
            if broken:
                smallest = shrink(schedule, play=lambda candidate: run(stage, processes, candidate))
                reports.put(
                    (
                        "broken",
                        f"BROKEN seed {seed}: {broken}\n  smallest: {smallest}\n  {run(stage, processes, smallest)}",
                    )
                )
            reports.put(("played", 1))
            if at % NOTE_EVERY == 0:
                note.write_text(json.dumps(at))
        reports.put(("kinds", dict(stage.played)))
        stage.close()
    note.unlink(missing_ok=True)
