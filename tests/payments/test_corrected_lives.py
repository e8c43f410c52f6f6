"""A number typed for somebody else brought that one's messages along: with the right number the person stands as if they had never come."""

from datetime import date

from beneficiaries.models import Beneficiary, LifeStatus
from beneficiaries.services.corrections.asked import Asked, ProvingPaper
from beneficiaries.services.corrections.propose import propose_correction
from payments.services.corrections import confirm
from staff.models import Role, User
from tests.payments.life import enrolled, said, tell
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
    confirm(correction_id=proposed.pk, actor=second, now=province.clock())

    status = LifeStatus.objects.get(pk=enrolment.beneficiary_id)
    assert (status.death_registered, status.deceased_on) == (False, None)
    province.build(AUGUST)
    assert [reason for *_, reason in due_to(enrolment)][-1] == ""
    assert Beneficiary.objects.get(pk=enrolment.beneficiary_id).number_id is not None
