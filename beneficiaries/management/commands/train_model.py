"""`manage.py train_model train|propose|adopt|list`: the model of identity matching, its versions, and which one decides."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from beneficiaries.models import AuditSample, MatchModel
from beneficiaries.services.identity.match_models import (
    adopt_match_model,
    adopted_model,
    keep_proposal,
    propose_thresholds,
)
from beneficiaries.services.identity.order_training import order_training, work_on_training_orders
from beneficiaries.services.identity.words import called, rule_in_words
from staff.errors import Refusal
from staff.models import User
from staff.services.free_text import without_numbers


class Command(BaseCommand):
    """A version is made by one person and adopted by another."""

    help = "Huấn luyện, điều chỉnh ngưỡng và chọn mô hình đối khớp."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, who, which version."""
        steps = parser.add_subparsers(dest="step", required=True)
        train = steps.add_parser("train", help="huấn luyện từ dữ liệu của tỉnh")
        propose = steps.add_parser(
            "propose", help="đề xuất ngưỡng từ mẫu kiểm tra; có --version thì lưu thành phiên bản"
        )
        propose.add_argument("sample", type=int)
        adopt = steps.add_parser("adopt", help="quyết định dùng một phiên bản")
        adopt.add_argument("--reason", required=True)
        for step in (train, adopt, propose):
            step.add_argument("--actor", required=True)
            step.add_argument("--version", required=step is not propose, dest="model_version")
        steps.add_parser("list", help="các phiên bản")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what became of it."""
        if options["step"] == "list":
            self._list()
            return
        actor = User.objects.filter(username=options["actor"]).first()
        if actor is None:
            raise CommandError("Không có người dùng này; mời kiểm tra --actor.")
        version, now = options["model_version"], timezone.now()
        try:
            if options["step"] == "train":
                self._train(version=version, actor=actor)
            elif options["step"] == "adopt":
                adopt_match_model(version=version, reason=without_numbers(options["reason"]), actor=actor, now=now)
                self.stdout.write(f"Từ nay đối khớp theo mô hình {version}.")
            else:
                self._propose(sample_id=options["sample"], version=version, actor=actor)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _train(self, *, version: str, actor: User) -> None:
        order = order_training(version=version, actor=actor, now=timezone.now())
        work_on_training_orders(clock=timezone.now, order_id=order.pk)
        order.refresh_from_db()
        if order.model is None:
            raise CommandError(order.problem)
        self.stdout.write(f"Đã lưu mô hình {version}; chưa dùng cho đến khi người khác quyết định.")

    def _propose(self, *, sample_id: int, version: str | None, actor: User) -> None:
        sample = AuditSample.objects.filter(pk=sample_id).first()
        if sample is None:
            raise CommandError("Không có mẫu kiểm tra này.")
        for line in propose_thresholds(sample=sample):
            self.stdout.write(
                f"{rule_in_words(line.rule)}: đúng {line.right}/{line.judged}, ngưỡng {line.present:g} → {line.proposed:g}, "
                f"cận dưới 95%: {line.low:.4%}, cần kiểm tra thêm {line.lacking}"
            )
        if version:
            keep_proposal(sample=sample, version=version, actor=actor, now=timezone.now())
            self.stdout.write(f"Đã lưu mô hình {version}; chưa dùng cho đến khi người khác quyết định.")

    def _list(self) -> None:
        used = adopted_model().version
        kept = list(MatchModel.objects.order_by("id").values_list("version", flat=True))
        for version in kept if used in kept else [used, *kept]:
            self.stdout.write(f"{called(version)}{' (đang dùng)' if version == used else ''}")
