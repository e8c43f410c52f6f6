"""`manage.py answer_inspectors --unit 97 --from 2024-07-01 --to 2024-09-30 --folder tra-loi`: every ready question, answered."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reconciliation.reports.rolls.questions import QUESTIONS, answer
from reconciliation.reports.rolls.writing import write_rolls
from staff.models import AdministrativeUnit


class Command(BaseCommand):
    """Answer all questions for one unit."""

    help = "Trả lời các câu hỏi sẵn có của đoàn thanh tra, mỗi câu một PDF và một Excel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Unit, period, folder."""
        parser.add_argument("--unit", required=True, help="mã đơn vị")
        parser.add_argument("--from", dest="from_on", type=date.fromisoformat, required=True)
        parser.add_argument("--to", dest="to_on", type=date.fromisoformat, required=True)
        parser.add_argument("--folder", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the answers and say how many lines each has."""
        unit = AdministrativeUnit.objects.filter(code=options["unit"]).first()
        if unit is None:
            raise CommandError(f"Không có đơn vị {options['unit']}.")
        rolls = {
            key: answer(question=key, unit=unit, from_on=options["from_on"], to_on=options["to_on"], now=timezone.now())
            for key in QUESTIONS
        }
        write_rolls(rolls=rolls.values(), folder=options["folder"], processes=1)
        for key, roll in rolls.items():
            self.stdout.write(QUESTIONS[key].missing or f"{QUESTIONS[key].sentence}: {len(roll.cells)} dòng.")
