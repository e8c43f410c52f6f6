"""Payees who died: their right ends, the person is paid in hand and asked who receives now. A number is nothing without the name."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from beneficiaries.errors import PayeeInvalid
from beneficiaries.models import Case, Enrolment, IdentityRecord, PayeeRelation
from beneficiaries.parsers.life_events import IncomingEvent
from beneficiaries.services.life_events import record_life_events
from beneficiaries.services.numbers import keep_identity_numbers
from beneficiaries.services.receiving.dead_agents import end_payees_who_died
from beneficiaries.services.receiving.payees import Paper, record_payee
from staff.models import Role, User
from tests.beneficiaries.office_files import person
from tests.beneficiaries.offices import ELSEWHERE, NOW, TODAY, Offices, the_person

AGENT, NUMBER = "Trần Thị Con", "097142000077"
DEATH = IncomingEvent(
    position=1,
    event_id="KT-9",
    source="CIVIL_REGISTRY",
    kind="DEATH",
    action="REPORT",
    issued_at=datetime(2024, 6, 10, 1, 0, tzinfo=UTC),
    occurred_on=date(2024, 6, 8),
    number=NUMBER,
    full_name="TRẦN THỊ CON",
    birth_year=1970,
)


@pytest.fixture
def agent(offices: Offices) -> PayeeRelation:
    offices.receive(person())
    return receives(offices, "AUTHORISED")


def receives(offices: Offices, kind: str) -> PayeeRelation:
    paper = Paper(
        number="12/CT", certified_by="UBND xã", valid_from=date(2024, 1, 1), valid_until=date(2028, 12, 31)
    )  # fmt: skip
    return record_payee(
        beneficiary=the_person(), kind=kind, full_name=AGENT, paper=paper, actor=offices.maker, now=NOW, identity_number=NUMBER
    )  # fmt: skip


def tell(offices: Offices, event: IncomingEvent, *, commune: str = "97") -> int:
    registry, _ = User.objects.get_or_create(
        username=f"hotich.{commune}",
        defaults={"password": "!", "role": Role.CIVIL_REGISTRY, "unit": offices.units[commune]},
    )
    record_life_events(events=[event], actor=registry, now=NOW)
    return end_payees_who_died(on=TODAY, now=NOW)


def told() -> list[str]:
    return list(Case.objects.filter(kind="ACCOUNT").values_list("reason", flat=True))


def test_a_registered_death_ends_the_power_and_asks_for_another_payee(offices: Offices, agent: PayeeRelation) -> None:
    assert tell(offices, DEATH) == 1
    agent.refresh_from_db()
    assert (agent.ended_on, agent.end_reason, told()) == (TODAY, "DECEASED", ["PAYEE_DIED"])
    assert Enrolment.objects.get().payee_paper_until < TODAY
    assert "097142" not in str(Case.objects.get().evidence)


def test_again_changes_nothing(offices: Offices, agent: PayeeRelation) -> None:
    tell(offices, DEATH)
    assert end_payees_who_died(on=TODAY, now=NOW) == 0
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("event", "commune"),
    [
        (replace(DEATH, full_name="Trần Văn Khác"), "97"),
        (replace(DEATH, number="097142000078"), "97"),
        (DEATH, ELSEWHERE),
    ],
)
def test_of_another_name_number_or_place_is_not_believed(
    offices: Offices, agent: PayeeRelation, event: IncomingEvent, commune: str
) -> None:
    assert tell(offices, event, commune=commune) == 0
    assert told() == []


def test_a_withdrawn_death_ends_nothing(offices: Offices, agent: PayeeRelation) -> None:
    withdrawal = IncomingEvent(
        position=1, event_id="KT-10", about="KT-9", source="CIVIL_REGISTRY", kind="DEATH", action="WITHDRAW",
        issued_at=datetime(2024, 6, 12, 1, 0, tzinfo=UTC),
    )  # fmt: skip
    registry = User.objects.create(username="hotich", password="!", role=Role.CIVIL_REGISTRY, unit=offices.units["97"])
    record_life_events(events=[DEATH, replace(withdrawal, position=2)], actor=registry, now=NOW)
    assert (end_payees_who_died(on=TODAY, now=NOW), told()) == (0, [])


def test_a_mere_notice_asks_once_and_ends_nothing(offices: Offices, agent: PayeeRelation) -> None:
    assert tell(offices, replace(DEATH, source="HOSPITAL", event_id="BV-1")) == 0
    Case.objects.update(status="SOLVED", decided_by=offices.maker, decided_at=NOW)
    end_payees_who_died(on=TODAY, now=NOW)
    assert told() == ["PAYEE_DEATH_NOTICE"]


@pytest.mark.parametrize("kind", ["GUARDIAN", "PARENT", "CARER"])
def test_whoever_receives_by_another_right_is_named_no_more_and_the_clerk_is_told_who_stands_in(
    offices: Offices, kind: str
) -> None:
    offices.receive(person())
    relation = receives(offices, kind)
    assert tell(offices, DEATH) == 1
    relation.refresh_from_db()
    enrolment = Enrolment.objects.get()
    assert (relation.ended_on, relation.end_reason, told()) == (TODAY, "DECEASED", ["PAYEE_DIED"])
    assert (enrolment.payee_kind, enrolment.payee_name, enrolment.payee_paper_until) == ("OWN", "", None)
    (sentence,) = Case.objects.get().evidence
    assert ("quyết định" if kind == "CARER" else "giám hộ thay") in sentence


def test_the_same_payee_recorded_beside_without_a_number_and_an_ended_right_are_the_dead_ones_too(
    offices: Offices,
) -> None:
    offices.receive(person())
    receives(offices, "GUARDIAN")
    record_payee(
        beneficiary=the_person(), kind="PARENT", full_name=AGENT.upper(), paper=Paper(), actor=offices.maker, now=NOW
    )  # fmt: skip
    Enrolment.objects.update(ended_month=date(2024, 9, 1))
    tell(offices, DEATH)
    assert set(PayeeRelation.objects.values_list("end_reason", flat=True)) == {"DECEASED"}
    assert Enrolment.objects.get().payee_name == ""


def test_a_guardian_only_noticed_goes_on_and_is_asked_about(offices: Offices) -> None:
    offices.receive(person())
    receives(offices, "GUARDIAN")
    assert tell(offices, replace(DEATH, source="HOSPITAL", event_id="BV-1")) == 0
    assert (Enrolment.objects.get().payee_name, told()) == (AGENT, ["PAYEE_DEATH_NOTICE"])


def test_nobody_is_recorded_who_is_known_to_have_died(offices: Offices) -> None:
    offices.receive(person())
    tell(offices, DEATH)
    with pytest.raises(PayeeInvalid, match="đã mất"):
        receives(offices, "GUARDIAN")
    assert not PayeeRelation.objects.exists()


def test_the_population_data_knows_too(offices: Offices, agent: PayeeRelation) -> None:
    offices.know_residents({"so_dinh_danh": NUMBER, "ho_ten": AGENT, "ngay_mat": "08/06/2024"})
    assert IdentityRecord.objects.get(number=keep_identity_numbers([NUMBER])[NUMBER]).deceased_on
    assert end_payees_who_died(on=TODAY, now=NOW) == 1
