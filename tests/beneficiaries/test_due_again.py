"""Asked again after N days: the page says how many are due by the rule the next list goes by, and the list has just these."""

from datetime import timedelta

import pytest

from beneficiaries.errors import NobodyToAskAbout
from beneficiaries.models import IdentityQuestion, Verdict
from beneficiaries.services.identity.enquiries import Due, ask, count_due
from tests.beneficiaries.office_files import people
from tests.beneficiaries.offices import HOME, NOW, Offices


def asked(offices: Offices, *, later: int) -> int:
    return ask(
        unit=offices.units[HOME], source="POLICE_LIST", purpose="Rà soát", only_doubtful=False,
        actor=offices.officers[HOME], now=NOW + timedelta(days=later),
    ).people  # fmt: skip


def due(offices: Offices, *, later: int) -> Due:
    return count_due(unit=offices.units[HOME], now=NOW + timedelta(days=later))


def test_moves_from_never_to_waiting_to_answered_to_due_again(offices: Offices, settings) -> None:
    settings.IDENTITY_REASK_DAYS, settings.IDENTITY_ANSWER_DAYS = 180, 30
    offices.receive(*people(2))
    assert due(offices, later=0) == Due(never=2, again=0, waiting=0, days=180)
    assert asked(offices, later=0) == 2
    assert due(offices, later=0) == Due(never=0, again=0, waiting=2, days=180)

    question = IdentityQuestion.objects.earliest("ordinal")
    Verdict.objects.create(
        question=question, beneficiary=question.beneficiary, outcome="MATCHES", source="POLICE_LIST",
        answered_on=NOW.date(), recorded_at=NOW, recorded_by=offices.officers[HOME],
    )  # fmt: skip
    assert due(offices, later=0) == Due(never=0, again=0, waiting=1, days=180)
    assert due(offices, later=31) == Due(never=1, again=0, waiting=0, days=180)  # the other question was never answered
    assert due(offices, later=181) == Due(never=1, again=1, waiting=0, days=180)


@pytest.mark.parametrize("later", [31, 179, 181])
def test_counts_whom_the_next_list_has(offices: Offices, settings, later: int) -> None:
    settings.IDENTITY_REASK_DAYS, settings.IDENTITY_ANSWER_DAYS = 180, 30
    offices.receive(*people(3))
    asked(offices, later=0)
    for question in IdentityQuestion.objects.order_by("ordinal")[:2]:
        Verdict.objects.create(
            question=question, beneficiary=question.beneficiary, outcome="MATCHES", source="POLICE_LIST",
            answered_on=NOW.date(), recorded_at=NOW, recorded_by=offices.officers[HOME],
        )  # fmt: skip
    told = due(offices, later=later)
    assert asked(offices, later=later) == told.never + told.again
    with pytest.raises(NobodyToAskAbout):
        asked(offices, later=later)
