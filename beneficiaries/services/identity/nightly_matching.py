"""The night's run of matching: ordered by the clock in a person's name, left out where nothing could be found that was not found before."""

import logging
from datetime import datetime

from django.conf import settings

from beneficiaries.linkage.rules import versions
from beneficiaries.models import Beneficiary, IdentityStatus, MatchOrder, MatchRun
from beneficiaries.services.identity.match_models import adopted_model
from beneficiaries.services.identity.matching_tables import snapshot
from beneficiaries.services.identity.order_matching import order_matching
from staff.models import User
from staff.rights import Right, may

logger = logging.getLogger(__name__)


def order_nightly_matching(*, now: datetime) -> MatchOrder | None:
    """Order that everybody not matched yet is matched; None when residents, people and model are those of the last run, or nobody may order.

    In the name of `MATCHING_ACTOR`, else of whoever ordered the last run, while they still may. Two nights at once are one order.
    """
    if not _something_is_new():
        return None
    actor = _in_whose_name()
    if actor is None:
        logger.warning("nightly matching not ordered: nobody in whose name; set ANSINH_MATCHING_ACTOR")
        return None
    return order_matching(actor=actor, now=now)


def _something_is_new() -> bool:
    if Beneficiary.objects.filter(identity_status=IdentityStatus.UNCHECKED).exists():
        return True
    open_ones = Beneficiary.objects.filter(identity_status=IdentityStatus.REVIEW).exists()
    last = MatchRun.objects.filter(order__stage=MatchOrder.Stage.DONE).order_by("-pk").first()
    if not open_ones or last is None:
        return open_ones
    then = last.manifest
    return then["extract"] != snapshot() or any(
        then[name] != value for name, value in versions(adopted_model()).items()
    )


def _in_whose_name() -> User | None:
    if settings.MATCHING_ACTOR:
        named = User.objects.filter(username=settings.MATCHING_ACTOR)
    else:
        named = User.objects.filter(pk__in=MatchOrder.objects.order_by("-pk").values("ordered_by")[:1])
    actor = named.filter(is_active=True).select_related("unit").first()
    return actor if actor is not None and may(actor, Right.MATCH) else None
