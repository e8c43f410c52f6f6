"""From an age that comes to the next list: somebody is warned, decides, and the list follows; while nobody decides, nothing changes by itself."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from beneficiaries.models import Case, Enrolment
from beneficiaries.services.cases.deciding import settle_case, take_case
from beneficiaries.services.decisions import Draft, record_decision
from beneficiaries.services.rules.age_warnings import warn_of_ages
from payments.models import Entitlement
from tests.payments.province import AUGUST, SEPTEMBER, Province

NOW = datetime(2024, 8, 10, 3, tzinfo=UTC)
OCTOBER = date(2024, 10, 1)


def amounts(enrolment: Enrolment) -> dict[str, int]:
    rows = Entitlement.objects.filter(enrolment=enrolment, withdrawn_in=None).order_by("month", "pk")
    return {f"{row.month:%m}": row.amount for row in rows}


def walk(province: Province, enrolment: Enrolment, draft: Draft | None, *, says: str) -> Case:
    """Warned in August, decided from the case, and the lists of September and October built."""
    province.build(AUGUST)
    assert warn_of_ages(now=NOW) == 1
    case = Case.objects.get(kind="AGE")
    assert (case.enrolment_id, case.evidence[1]) == (enrolment.pk, says)
    maker = province.staff["MAKER"]
    take_case(case_id=case.pk, actor=maker, now=NOW)
    if draft is not None:
        record_decision(enrolment=enrolment, draft=draft, actor=maker, now=NOW)
        settle_case(case_id=case.pk, actor=maker, note="Đã ra quyết định", document=draft.number, now=NOW)
    province.build(SEPTEMBER)
    province.build(OCTOBER)
    case.refresh_from_db()
    return case


def decision(kind: str, month: date, **changes: object) -> Draft:
    return Draft(
        kind=kind,
        number="31/QĐ-UBND",
        signed_on=date(2024, 8, 9),
        signer="Nguyễn Văn Chủ, Chủ tịch UBND xã",
        effective_month=month,
        **changes,
    )


@pytest.fixture
def child(province: Province) -> Enrolment:
    """Sixteen on 20 September 2024."""
    person = province.person(birth_date=date(2008, 9, 20), birth_year=2008)
    return province.enrol(person, category="TE-KNND-16", coefficient="1.5")


@pytest.fixture
def elder(province: Province) -> Enrolment:
    """Eighty on 20 September 2024."""
    person = province.person(birth_date=date(1944, 9, 20), birth_year=1944)
    return province.enrol(person, category="CT-60", coefficient="1.5")


def test_a_child_turning_sixteen_who_left_school_is_on_no_list_after_the_decision(province, child) -> None:
    case = walk(province, child, decision("STOP", OCTOBER), says="chuyển sang nhóm SV-16-22")
    assert case.status == "SOLVED"
    assert amounts(child) == {"08": 750_000, "09": 750_000}


def test_a_child_turning_sixteen_goes_on_while_nobody_decides(province, child) -> None:
    case = walk(province, child, None, says="chuyển sang nhóm SV-16-22")
    assert case.status == "OPEN"
    assert amounts(child) == {"08": 750_000, "09": 750_000, "10": 750_000}


def test_a_person_turning_eighty_has_more_from_the_month_decided(province, elder) -> None:
    case = walk(province, elder, decision("ADJUST", OCTOBER, coefficient=Decimal("2.0")), says="chuyển sang nhóm CT-80")
    assert case.status == "SOLVED"
    assert amounts(elder) == {"08": 750_000, "09": 750_000, "10": 1_000_000}
