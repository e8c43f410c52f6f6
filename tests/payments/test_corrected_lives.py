"""A number typed for somebody else brought that one's messages along: with the right number the person stands as if they had never come."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from beneficiaries.models import Beneficiary, Case, Enrolment, IdentityMatch, LifeStatus
from beneficiaries.services.corrections.asked import Asked, ProvingPaper
from beneficiaries.services.corrections.propose import propose_correction
from beneficiaries.services.identity.doubted_deaths import ask_about_doubted_deaths, follow_identities
from beneficiaries.services.life_events.now import life_of
from beneficiaries.services.numbers import identity_number_of
from payments.services.corrections import confirm
from payments.services.life import settle_waiting
from staff.models import Role, User
from tests.payments.life import enrolled, said, tell, withdrawn
from tests.payments.province import AUGUST, Province
from tests.payments.test_decisions_and_money import due_to


def test_a_namesakes_death_is_theirs_once_the_number_is_put_right(province: Province) -> None:
    enrolment, number = enrolled(province)
    tell(province, said(enrolment.beneficiary, number))
    assert LifeStatus.objects.get(pk=enrolment.beneficiary_id).death_registered

    proposed = propose_correction(
        beneficiary_id=enrolment.beneficiary_id,
        asked=Asked(number="097042900001"),
        paper=ProvingPaper(kind="POLICE_ANSWER", number="12/CA", issued_on=date(2024, 7, 1), issuer="Công an xã"),
        reason="Số của người trùng họ tên",
        actor=province.staff["MAKER"],
        now=province.clock(),
    )
    second = User.objects.create(username="canbo2", password="!", role=Role.COMMUNE_OFFICER, unit=enrolment.unit)
    confirm(correction_id=proposed.pk, actor=second, now=province.clock(), seen="Xem bản chính")

    status = LifeStatus.objects.get(pk=enrolment.beneficiary_id)
    assert (status.death_registered, status.deceased_on) == (False, None)
    province.build(AUGUST)
    assert [reason for *_, reason in due_to(enrolment)][-1] == ""
    assert Beneficiary.objects.get(pk=enrolment.beneficiary_id).number_id is not None


def in_doubt(enrolment: Enrolment) -> None:
    Beneficiary.objects.filter(pk=enrolment.beneficiary_id).update(identity_status="CONFLICT")


def is_dead(enrolment: Enrolment) -> bool:
    return life_of([enrolment.beneficiary_id])[enrolment.beneficiary_id].deceased_on is not None


class TestAResidentSomebodyMayNotBe:
    """ADR 55: doubt about who somebody is never decides that they are dead. It asks."""

    def test_recorded_dead_stops_nothing_and_is_asked_about_once(self, province: Province) -> None:
        enrolment = province.enrol()
        province.identify(enrolment.beneficiary, deceased_on=date(2024, 6, 3))
        assert is_dead(enrolment)
        in_doubt(enrolment)
        assert ask_about_doubted_deaths(now=province.clock()) == 1
        province.build(AUGUST)
        assert due_to(enrolment)[-1][-1] == ""
        case = Case.objects.get(kind="DECEASED", reason="DEATH_IN_DOUBT")
        case.status, case.decided_by, case.decided_at = "SOLVED", province.staff["MAKER"], province.clock()
        case.note, case.document = "Đã gặp: còn sống.", "Biên bản 3/BB"
        case.save()
        assert ask_about_doubted_deaths(now=province.clock()) == 0  # what was found out is not asked again

    def test_dies_by_the_registry_and_nobody_here_with_them(self, province: Province) -> None:
        """Under the resident's number and name, which nothing but the doubtful pair makes this person's."""
        enrolment = province.enrol()
        province.identify(enrolment.beneficiary)
        resident = Beneficiary.objects.get(pk=enrolment.beneficiary_id).identity
        assert resident is not None
        number = identity_number_of(resident.number)
        tell(province, said(enrolment.beneficiary, number))
        assert is_dead(enrolment)

        in_doubt(enrolment)
        follow_identities(people=[enrolment.beneficiary_id], actor_id=province.staff["MAKER"].pk, now=province.clock())
        settle_waiting(now=province.clock())
        assert not is_dead(enrolment)
        assert Case.objects.get(kind="CIVIL").reason == "EVENT_OF_ANOTHER_NAME"
        province.build(AUGUST)
        assert due_to(enrolment)[-1][-1] == ""

        Beneficiary.objects.filter(pk=enrolment.beneficiary_id).update(identity_status="MATCHED")  # it was them
        settle_waiting(now=province.clock())
        assert is_dead(enrolment)

    @pytest.mark.parametrize("found", ["nobody", "another"])
    def test_leaves_no_death_behind_when_it_was_somebody_else(self, province: Province, found: str) -> None:
        """Two people after all, or another resident: the death told under the former one's number is not theirs any more."""
        enrolment = province.enrol()
        person = enrolment.beneficiary
        province.identify(person)
        resident = Beneficiary.objects.get(pk=person.pk).identity
        assert resident is not None
        given = {"band": "REVIEWED", "decided_by": province.staff["MAKER"], "decided_at": province.clock()}
        IdentityMatch.objects.create(beneficiary=person, identity=resident, **given)
        tell(province, said(person, identity_number_of(resident.number)))
        assert is_dead(enrolment)

        if found == "another":
            province.identify(person)
        else:
            Beneficiary.objects.filter(pk=person.pk).update(identity=None, identity_status="CONFLICT")
        follow_identities(people=[person.pk], actor_id=province.staff["MAKER"].pk, now=province.clock())
        settle_waiting(now=province.clock())
        assert not is_dead(enrolment)
        province.build(AUGUST)
        assert due_to(enrolment)[-1][-1] == ""


@pytest.mark.parametrize("change", [{"full_name": "Lê Thị Bình"}, {"number": None}])
def test_no_name_or_number_changes_without_a_paper(province: Province, change: dict[str, object]) -> None:
    enrolment, _ = enrolled(province)
    with pytest.raises(IntegrityError), transaction.atomic():
        Beneficiary.objects.filter(pk=enrolment.beneficiary_id).update(**change)


def test_a_name_and_a_number_the_registry_changed_go_back_when_it_takes_its_word_back(province: Province) -> None:
    enrolment, number = enrolled(province)
    person = enrolment.beneficiary
    tell(province, said(person, number, "DT-1", kind="NAME", new_name="Nguyễn Văn Mới"))
    tell(province, said(person, number, "CS-1", kind="NUMBER", new_number="097142900077", full_name="Nguyễn Văn Mới"))
    changed = Beneficiary.objects.get(pk=person.pk)
    assert (changed.full_name, changed.number_id != person.number_id) == ("Nguyễn Văn Mới", True)
    tell(province, withdrawn("DT-2", about="DT-1", kind="NAME"), withdrawn("CS-2", about="CS-1", kind="NUMBER"))
    assert Beneficiary.objects.values_list("full_name", "number_id").get(pk=person.pk) == (
        person.full_name,
        person.number_id,
    )
