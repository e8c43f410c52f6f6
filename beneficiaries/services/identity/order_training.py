"""Order a version of the matching model to be trained, and train it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from beneficiaries.errors.models import AnotherTrainingWaits, ModelVersionTaken
from beneficiaries.models import TrainingOrder
from beneficiaries.services.identity.match_models import train_match_model, version_is_taken
from beneficiaries.services.identity.order_matching import the_province
from staff.models import Order, User
from staff.rights import Right, require
from staff.services.orders import Clock, carry_out


def order_training(*, version: str, actor: User, now: datetime) -> TrainingOrder:
    """Order `version`; ordering the one that waits again is the same order. Raises `NotAllowed`, `ModelVersionTaken`, `AnotherTrainingWaits`, `NoProvince`."""
    require(actor, Right.TRAIN_MATCHING, unit=the_province())
    if version_is_taken(version):
        raise ModelVersionTaken
    try:
        with transaction.atomic():
            return TrainingOrder.objects.create(version=version, ordered_by=actor, ordered_at=now)
    except IntegrityError:
        waiting = TrainingOrder.objects.filter(stage=Order.Stage.WAITING, version=version).first()
        if waiting is None:
            raise AnotherTrainingWaits from None
        return waiting


def work_on_training_orders(*, clock: Clock, order_id: int | None = None) -> int:
    """Train what was ordered; returns how many orders came to an end."""
    return carry_out(TrainingOrder, do=_train, clock=clock, order_id=order_id)


def _train(order: TrainingOrder, now: datetime) -> None:
    order.model = train_match_model(version=order.version, actor=order.ordered_by, now=now)
