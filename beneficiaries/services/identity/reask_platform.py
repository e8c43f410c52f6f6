"""Ask the platform again by the clock: an identity is confirmed for N days, not for ever."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from beneficiaries.errors import NobodyToAskAbout
from beneficiaries.models import IdentityEnquiry, VerdictSource
from beneficiaries.platform import IdentityPlatform
from beneficiaries.services.identity.ask_platform import ask_platform
from beneficiaries.services.identity.enquiries import ask
from staff.errors import NotAllowed
from staff.services.assignments import at_work_in

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """Over all units: how many people were asked about again, and how many answers came."""

    asked: int
    answered: int


def ask_again(*, platform: IdentityPlatform, now: datetime) -> AskedAgain:
    """Ask about everyone whose last verdict is older than `IDENTITY_REASK_DAYS`, or whose question got no answer in time.

    The clock asks nothing of its own: each unit's last enquiry to the platform is repeated, in the name and for the purpose of whoever
    asked then, while they still may; people nobody ever asked about are left to people. Stops at the platform's first silence. Running it
    twice asks nobody twice.
    """
    newest = IdentityEnquiry.objects.filter(source=VerdictSource.PLATFORM).values("unit").annotate(last=Max("pk"))
    standing = IdentityEnquiry.objects.filter(pk__in=[row["last"] for row in newest]).select_related("unit", "asked_by")
    asked = answered = 0
    for before in standing.order_by("unit__path"):
        actor = at_work_in(before.asked_by, before.unit, on=timezone.localdate(now))
        try:
            enquiry = ask(
                unit=before.unit,
                source=VerdictSource.PLATFORM,
                purpose=before.purpose,
                only_doubtful=False,
                only_again=True,
                actor=actor,
                now=now,
            ).enquiry
        except NobodyToAskAbout:
            continue
        except NotAllowed:
            logger.warning("enquiry %s not repeated: who asked may not ask any more", before.pk)
            continue
        replied = ask_platform(enquiry=enquiry, platform=platform, actor=actor, now=now)
        asked, answered = asked + replied.asked, answered + replied.answered
        for why, count in replied.without_effect.items():
            logger.warning("enquiry %s: %s answers changed nothing: %s", enquiry.pk, count, why)
        if replied.silent:
            break
    return AskedAgain(asked=asked, answered=answered)
