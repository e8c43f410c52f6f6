"""The model matching decides by: trained from the province's own data, its thresholds held against an audit, adopted by another person."""

import math
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from beneficiaries.errors.models import MakerCannotAdopt, ModelNotKept, ModelVersionTaken, TooFewToTrain
from beneficiaries.linkage.engine import Model, load_model
from beneficiaries.linkage.engine.deciding import haystack
from beneficiaries.linkage.engine.model import FORM, model_of
from beneficiaries.linkage.exact import bounds
from beneficiaries.linkage.second.training import train_on_own
from beneficiaries.models import AuditItem, AuditSample, IdentityRecord, MatchModel, MatchModelAdoption
from beneficiaries.services.identity.matching_tables import read_population, read_whole_registry, snapshot
from staff.models import User
from staff.rights import Right, require
from staff.services.units import the_province

FEWEST_LABELS = 1_000
CLAIM = 0.999  # the precision an audit must show of every rule that decides by points
THRESHOLD_OF = {"POINTS_NUMBER": "number", "POINTS_BIRTH": "birth", "POINTS_WEAK": "weak"}


@dataclass(frozen=True)
class Proposal:
    """What an audit says of one rule. `proposed` bits stand above every link judged wrong; `low` is the one-sided 95 % bound of the links from there on.

    `lacking`: right answers more that would be needed to claim `CLAIM`; 0 when it is claimed.
    """

    rule: str
    present: float
    proposed: float
    judged: int
    right: int
    low: float
    lacking: int


def adopted_model() -> Model:
    """The version adopted last, or the one shipped with the product while nobody has adopted any."""
    last = MatchModelAdoption.objects.select_related("model").order_by("-id").first()
    return model_of(last.model.content) if last else load_model()


def version_is_taken(version: str) -> bool:
    """Whether a model of that name is kept, or came with the product."""
    return version == load_model().version or MatchModel.objects.filter(version=version).exists()


@transaction.atomic
def train_match_model(*, version: str, actor: User, now: datetime) -> MatchModel:
    """Train weights from the register and the extract as they are; thresholds stay those in use. Decides nothing until adopted.

    Raises `NotAllowed`, `TooFewToTrain`, `ModelVersionTaken`.
    """
    require(actor, Right.TRAIN_MATCHING, unit=the_province())
    registry = read_whole_registry()
    numbered = registry.rows["full_number"].sum() if registry.rows.height else 0
    if numbered < FEWEST_LABELS:
        there, needed = (f"{count:,}".replace(",", ".") for count in (numbered, FEWEST_LABELS))
        raise TooFewToTrain(
            f"{TooFewToTrain.sentence} Có {there} người, cần từ {needed}. Mô hình đang dùng vẫn chạy như thường; "
            "nạp thêm danh sách, bổ sung số định danh rồi đặt lại."
        )
    trained = train_on_own(registry, read_population())
    made: dict[str, Any] = {
        "by": "splink on DuckDB",
        "rows": registry.rows.height,
        "extract": snapshot(),
        "labels": trained.pop("labels"),
        "trained_on": now.date().isoformat(),
    }
    present = adopted_model()
    content = {"made": made | {"thresholds_of": present.version}, **trained, "thresholds": asdict(present.thresholds)}
    return _kept(version=version, content=content, actor=actor, now=now)


def propose_thresholds(*, sample: AuditSample) -> list[Proposal]:
    """For every rule of points with an answer: the lowest threshold above all links judged wrong. It is never lowered: what lies below was not linked."""
    answers: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    judged = AuditItem.objects.filter(sample=sample, match__isnull=False, answer__answer__in=("SAME", "DIFFERENT"))
    for rule, points, answer in judged.values_list("match__rule", "match__points", "answer__answer"):
        if rule in THRESHOLD_OF and points is not None:
            answers[rule].append((points, answer == "SAME"))
    asked, outweighed = asdict(adopted_model().thresholds), haystack(IdentityRecord.objects.count())
    return [_proposal(rule, answers[rule], asked[THRESHOLD_OF[rule]], outweighed) for rule in sorted(answers)]


def _proposal(rule: str, answers: list[tuple[float, bool]], present: float, outweighed: float) -> Proposal:
    wrong = [points - outweighed for points, right in answers if not right]
    proposed = max([present, *(math.floor(bits * 10 + 1) / 10 for bits in wrong)])
    kept = [right for points, right in answers if points - outweighed >= proposed]
    enough = math.ceil(math.log(0.05) / math.log(CLAIM))
    return Proposal(
        rule=rule, present=present, proposed=proposed, judged=len(answers), right=sum(right for _, right in answers),
        low=bounds(len(kept), len(kept), confidence=0.90)[0], lacking=max(0, enough - len(kept)),
    )  # fmt: skip


@transaction.atomic
def keep_proposal(*, sample: AuditSample, version: str, actor: User, now: datetime) -> MatchModel:
    """A new version: the weights in use with the thresholds proposed from `sample`. Raises `NotAllowed`, `ModelVersionTaken`."""
    require(actor, Right.TRAIN_MATCHING, unit=the_province())
    present = adopted_model()
    asked = asdict(present.thresholds)
    found = propose_thresholds(sample=sample)
    asked |= {THRESHOLD_OF[line.rule]: line.proposed for line in found}
    asked["weak_unplaced"] += asked["weak"] - present.thresholds.weak
    content = {
        "made": present.made | {"weights_of": present.version, "audit": sample.pk, "proposal": [asdict(line) for line in found]},
        "weights": present.weights,
        "usual": present.usual,
        "thresholds": asked,
    }  # fmt: skip
    return _kept(version=version, content=content, actor=actor, now=now, sample=sample)


def _kept(
    *, version: str, content: dict[str, Any], actor: User, now: datetime, sample: AuditSample | None = None
) -> MatchModel:
    content = {"form": FORM, "version": version, **content}
    model_of(content)  # a version that matching could not read is not kept
    if version_is_taken(version):
        raise ModelVersionTaken
    return MatchModel.objects.create(version=version, content=content, made_by=actor, made_at=now, sample=sample)


@transaction.atomic
def adopt_match_model(*, version: str, reason: str, actor: User, now: datetime) -> MatchModelAdoption:
    """Let matching decide by `version` from now on. Links made before keep theirs. Raises `NotAllowed`, `ModelNotKept`, `MakerCannotAdopt`."""
    require(actor, Right.ADOPT_MATCHING, unit=the_province())
    model = MatchModel.objects.filter(version=version).first()
    if model is None:
        raise ModelNotKept
    if model.made_by_id == actor.pk:
        raise MakerCannotAdopt
    return MatchModelAdoption.objects.create(
        model=model, made_by_id=model.made_by_id, adopted_by=actor, adopted_at=now, reason=reason
    )
