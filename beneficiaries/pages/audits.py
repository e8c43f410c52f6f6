"""Audit samples and the matching model: drawn by one, judged blind by others, thresholds proposed from it, a version used by another's decision."""

from typing import Any

from beneficiaries.api.audits import AuditAnswerView, AuditPairsView, AuditSamplesView, AuditSampleView
from beneficiaries.api.match_models import (
    AuditThresholdsView,
    MatchModelAdoptionsView,
    MatchModelsView,
    MatchModelTrainingsView,
)
from beneficiaries.models import AuditAnswer, AuditSample, Sex
from beneficiaries.services.identity.audit_samples import DECOY
from beneficiaries.services.identity.match_models import adopted_model
from beneficiaries.services.identity.words import called, rule_in_words
from staff.models import Role, User
from staff.pages import Page, PageStep
from staff.pages.choices import units_below
from staff.rights import RIGHTS, Right, may

PAIRS_SHOWN = 5
# What a link rests on, as a clerk reads it; behind the stroke stands from how many bits of evidence on.
HUNDRED = 100


class AuditsPage(Page):
    """Samples, the newest first, and the form for the next one."""

    template_name = "beneficiaries/audits.html"

    def content(self, **address: Any) -> dict[str, Any]:
        actor = self.request.user
        return {
            "samples": self.ask(AuditSamplesView),
            "drawn_here": set(AuditSample.objects.filter(drawn_by=actor.pk).values_list("pk", flat=True)),
            "drawers": _roles_with(Right.DRAW_AUDIT),
            "judges": _roles_with(Right.ANSWER_AUDIT),
            "units": units_below(actor) if isinstance(actor, User) else [],
            "may_draw": isinstance(actor, User) and may(actor, Right.DRAW_AUDIT),
            "may_judge": isinstance(actor, User) and may(actor, Right.ANSWER_AUDIT),
        }


class Draw(PageStep):
    """The same seed over the same links draws the same pairs."""

    step, back, again = AuditSamplesView, "page-audits", AuditsPage

    def said(self, data: Any) -> str:
        drawn = sum(line["drawn"] for line in data["strata"])
        return (
            f"Đã chọn mẫu số {data['id']}: {drawn} kết quả khớp tự động, trộn thêm cặp đối chứng; người khác kiểm tra."
        )


class AuditPage(Page):
    """What a sample has shown so far, and what it says about the thresholds."""

    template_name = "beneficiaries/audit.html"

    def content(self, **address: Any) -> dict[str, Any]:
        actor = self.request.user
        sample_id: int = address["sample_id"]
        rows = self.ask(AuditSampleView, sample_id=sample_id)
        thresholds = self.ask_if_allowed(AuditThresholdsView, sample_id=sample_id) or []
        return {
            "sample_id": sample_id,
            "rows": [
                row
                | {
                    "name": rule_in_words(row["stratum"]),
                    "low_text": _percent(row["low"]),
                    "rate": _share(row["right"], row["answered"]),
                }
                for row in rows
            ],
            "taken_for_one": sum(row["answered"] - row["right"] for row in rows if row["stratum"] == DECOY),
            "thresholds": [
                line
                | {
                    "name": rule_in_words(line["rule"]),
                    "low_text": _percent(line["low"]),
                    "present": _bits(line["present"]),
                    "proposed": _bits(line["proposed"]),
                }
                for line in thresholds
            ],
            "may_train": isinstance(actor, User) and may(actor, Right.TRAIN_MATCHING),
        }


class Propose(PageStep):
    """A version with the thresholds this sample proposes; it decides nothing yet."""

    step, back, again = MatchModelsView, "page-audit", AuditPage

    def of_step(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}

    def said(self, data: Any) -> str:
        return f"Đã lưu mô hình {data['version']}; chưa dùng cho đến khi người khác quyết định."


class PairsPage(Page):
    """Pairs nobody judged yet, a few at a time. Neither decision nor points stand here: whoever judges looks."""

    template_name = "beneficiaries/audit_pairs.html"

    def content(self, **address: Any) -> dict[str, Any]:
        sexes = dict(Sex.choices)
        pairs = self.ask(AuditPairsView, query={"limit": PAIRS_SHOWN}, sample_id=address["sample_id"])
        return {
            "sample_id": address["sample_id"],
            "waiting": pairs["count"],
            "pairs": [
                {"id": pair["id"], "sides": [_side(pair[name], sexes) for name in ("beneficiary", "identity")]}
                for pair in pairs["results"]
            ],
            "answers": AuditAnswer.Answer.choices,
        }


class Judge(PageStep):
    """One answer to one pair; it stands."""

    step, back, again, row = AuditAnswerView, "page-audit-pairs", PairsPage, "item_id"
    done = "Đã ghi câu trả lời."

    def of_step(self, address: dict[str, Any]) -> dict[str, Any]:
        return {"item_id": address["item_id"]}

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {"sample_id": address["sample_id"]}


class ModelsPage(Page):
    """Versions of the matching model, which one decides, and trainings under way."""

    template_name = "beneficiaries/models.html"

    def content(self, **address: Any) -> dict[str, Any]:
        actor = self.request.user
        return {
            "models": self.ask(MatchModelsView),
            "trainings": self.ask_if_allowed(MatchModelTrainingsView, query={"limit": 10}),
            "used": called(adopted_model().version),
            "may_train": isinstance(actor, User) and may(actor, Right.TRAIN_MATCHING),
            "may_adopt": isinstance(actor, User) and may(actor, Right.ADOPT_MATCHING),
        }


class Train(PageStep):
    """In the background, for minutes."""

    step, back, again = MatchModelTrainingsView, "page-models", ModelsPage
    done = "Đã đặt huấn luyện; chạy nền, tải lại trang để xem kết quả."


class Adopt(PageStep):
    """The other person's decision; never whoever made the version."""

    step, back, again = MatchModelAdoptionsView, "page-models", ModelsPage

    def said(self, data: Any) -> str:
        return f"Từ nay đối khớp theo mô hình {data['version']}; cặp đã khớp giữ nguyên."


def _roles_with(right: Right) -> str:
    """Who may, as staff call them."""
    labels = [str(label) for code, label in Role.choices if right in RIGHTS.get(code, ())]
    return ", ".join(label[:1].lower() + label[1:] for label in labels)


def _side(side: dict[str, Any], sexes: dict[str, Any]) -> dict[str, Any]:
    return side | {"sex": sexes.get(side["sex"], "")}


def _share(part: int, whole: int) -> str:
    return _percent(part / whole) if whole else "-"


def _percent(share: float) -> str:
    return f"{share * HUNDRED:.2f}%".replace(".", ",")


def _bits(points: float) -> str:
    return f"{points:.1f}".replace(".", ",")
