"""`manage.py answer_inspectors --unit 97 --from 2024-07-01 --to 2024-09-30 --folder tra-loi --actor thanhtra`: every ready question."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reconciliation.reports.rolls.question_data import data_for
from reconciliation.reports.rolls.questions import QUESTIONS, answer
from reconciliation.reports.rolls.writing import write_rolls
from staff.errors import Refusal
from staff.models import AdministrativeUnit, PaperReading, User
from staff.rights import Right, require
from staff.services.paper_readings import note_reading


class Command(BaseCommand):
    """Answer all questions for one unit, to somebody who may read them; that they were told is written down, as through the API."""

    help = "Trả lời các câu hỏi sẵn có của đoàn thanh tra, mỗi câu một PDF và một Excel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Unit, period, folder, actor."""
        parser.add_argument("--unit", required=True, help="mã đơn vị")
        parser.add_argument("--from", dest="from_on", type=date.fromisoformat, required=True)
        parser.add_argument("--to", dest="to_on", type=date.fromisoformat, required=True)
        parser.add_argument("--folder", type=Path, required=True)
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người hỏi; việc đọc được ghi lại")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the answers and say how many lines each has."""
        unit = AdministrativeUnit.objects.filter(code=options["unit"]).first()
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        if unit is None or actor is None:
            raise CommandError("Không có đơn vị hoặc cán bộ này.")
        now = timezone.now()
        try:
            for right in (Right.SEE_ANSWERS, Right.SEE_PERSONS):
                require(actor, right, unit=unit)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        note_reading(kind=PaperReading.Kind.ANSWER, paper_id=unit.pk, unit=unit, actor=actor, now=now)
        rolls = {
            key: answer(question=key, unit=unit, from_on=options["from_on"], to_on=options["to_on"], now=now)
            for key in QUESTIONS
        }
        write_rolls(rolls=rolls.values(), folder=options["folder"], processes=1)
        for key, roll in rolls.items():
            data = data_for(key, unit=unit, from_on=options["from_on"], to_on=options["to_on"])
            found = f"{len(roll.cells)} dòng" if data.answerable else "chưa trả lời được"
            self.stdout.write(" ".join([f"{QUESTIONS[key].sentence}: {found}.", *data.missing]))
