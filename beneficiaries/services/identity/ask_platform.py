"""Ask the platform about the people of an enquiry, in pieces: what it answered is kept, its silence changes nothing."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from beneficiaries.models import IdentityEnquiry
from beneficiaries.platform import IdentityPlatform, PlatformSilent, Question
from beneficiaries.platform.http import HttpPlatform
from beneficiaries.services.identity.enquiries import number_of, questions_of, reference_of, residence_of
from beneficiaries.services.identity.verdicts import VerdictGiven, record_verdicts
from staff.models import User
from staff.rights import Right, require

PER_PIECE = 100


@dataclass(frozen=True, slots=True)
class Replied:
    """`silent`: the platform stopped answering; the rest is asked again later, under a new enquiry.

    `without_effect`: how many answers changed nothing, by the sentence why.
    """

    asked: int
    answered: int
    silent: bool
    without_effect: Counter[str] = field(default_factory=Counter)


def the_platform() -> IdentityPlatform:
    """The platform that settings name."""
    return HttpPlatform(base_url=settings.PLATFORM_URL, token=settings.PLATFORM_TOKEN)


def ask_platform(*, enquiry: IdentityEnquiry, platform: IdentityPlatform, actor: User, now: datetime) -> Replied:
    """Ask about everyone of `enquiry`, a hundred at a time; each piece is kept before the next is asked. No lock is held meanwhile.

    Raises `NotAllowed`.
    """
    require(actor, Right.ASK_IDENTITY, unit=enquiry.unit)
    asked = answered = 0
    idle: Counter[str] = Counter()
    everyone = list(questions_of(enquiry))
    for start in range(0, len(everyone), PER_PIECE):
        piece = everyone[start : start + PER_PIECE]
        ordinals = {reference_of(question): question.ordinal for question in piece}
        questions = [
            Question(
                reference=reference_of(question),
                full_name=question.beneficiary.full_name,
                birth=question.birth_date.isoformat() if question.birth_date else str(question.birth_year or ""),
                sex=question.beneficiary.sex,
                number=number_of(question),
                residence=residence_of(question),
            )
            for question in piece
        ]
        asked += len(questions)
        try:
            answers = platform.ask(questions, purpose=enquiry.purpose)
        except PlatformSilent:
            return Replied(asked=asked, answered=answered, silent=True, without_effect=idle)
        given = [
            VerdictGiven(ordinal=ordinals[one.reference], outcome=one.outcome, answered_on=one.answered_on)
            for one in answers
        ]
        done = record_verdicts(enquiry=enquiry, given=given, actor=actor, now=now, file=None)
        idle.update(done.without_effect.values())
        answered += len(given)
    return Replied(asked=asked, answered=answered, silent=False, without_effect=idle)
