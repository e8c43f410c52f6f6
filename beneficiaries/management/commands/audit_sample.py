"""`manage.py audit_sample draw|show`: a sample of automatic links to be judged blind, and what it has shown."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from beneficiaries.models import AuditSample
from beneficiaries.services.identity.audit_samples import draw_audit_sample, evaluate_audit_sample
from beneficiaries.services.identity.words import rule_in_words
from staff.errors import Refusal
from staff.models import User


class Command(BaseCommand):
    """Pairs are judged through the API; figures come out here."""

    help = "Chọn mẫu kiểm tra kết quả khớp tự động và tính độ chính xác."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, who, how many."""
        steps = parser.add_subparsers(dest="step", required=True)
        draw = steps.add_parser("draw", help="chọn mẫu")
        draw.add_argument("--actor", required=True)
        draw.add_argument("--size", type=int, default=3000)
        draw.add_argument("--seed", type=int, default=1)
        show = steps.add_parser("show", help="độ chính xác của một mẫu")
        show.add_argument("sample", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw, or print one line per stratum."""
        if options["step"] == "draw":
            self._draw(username=options["actor"], size=options["size"], seed=options["seed"])
            return
        sample = AuditSample.objects.filter(pk=options["sample"]).first()
        if sample is None:
            raise CommandError("Không có mẫu kiểm tra này.")
        for line in evaluate_audit_sample(sample=sample):
            self.stdout.write(
                f"{rule_in_words(line.stratum) or 'tất cả'}: đúng {line.right}/{line.answered}, chưa rõ {line.unsure}, cận dưới 95%: {line.low:.4%}"
            )

    def _draw(self, *, username: str, size: int, seed: int) -> None:
        actor = User.objects.select_related("unit").filter(username=username).first()
        if actor is None or actor.unit is None:
            raise CommandError("Không có người dùng này, hoặc người dùng chưa được giao địa bàn.")
        try:
            sample = draw_audit_sample(size=size, seed=seed, unit=actor.unit, actor=actor, now=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Mẫu {sample.pk}: {sample.items.count()} cặp chờ kiểm tra.")
