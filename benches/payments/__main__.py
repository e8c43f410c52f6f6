"""`make bench-payments`, or `.venv/bin/python -m benches.payments build send files webhook status [--people 300000] [--rounds 5]`."""

import argparse
import os
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from benches.payments import building, by_files, sending, status_query, webhooks  # noqa: E402  (Django first)
from benches.payments.rounds import Line, print_lines  # noqa: E402


def main() -> None:
    """Measure the parts asked for, one after the other, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["build", "send", "files", "webhook", "status"])
    parser.add_argument("--people", type=int, default=300_000, help="on the list that is built")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    parts: dict[str, Callable[[], list[Line]]] = {
        "build": lambda: building.measure(people=options.people, rounds=options.rounds),
        "send": lambda: sending.measure(rounds=options.rounds),
        "files": lambda: by_files.measure(rounds=options.rounds),
        "webhook": lambda: webhooks.measure(rounds=options.rounds),
        "status": lambda: status_query.measure(rounds=options.rounds),
    }
    lines: list[Line] = []
    for name in options.parts:
        print(f"{name}:", flush=True)
        lines += (found := parts[name]())
        print_lines(found)
    print("all:")
    print_lines(lines)


if __name__ == "__main__":
    main()
