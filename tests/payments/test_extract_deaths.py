"""A death only the population extract tells of: the family is asked about the funeral, once, whoever tells of the same death afterwards."""

from datetime import date

from beneficiaries.models import Case, Enrolment, FuneralFile
from beneficiaries.services.identity.extract_deaths import ask_about_extract_deaths
from beneficiaries.services.numbers import identity_number_of
from payments.services.once.one_off import Order, grant_funeral_allowance
from tests.payments.life import said, tell
from tests.payments.province import AUGUST, Province

DIED = date(2024, 6, 3)


def dead(province: Province, **changes: object) -> Enrolment:
    enrolment = province.enrol(**changes)
    province.identify(enrolment.beneficiary, deceased_on=DIED)
    return enrolment


def asked() -> list[tuple[str, str]]:
    return list(Case.objects.filter(kind="FUNERAL").order_by("pk").values_list("reason", "status"))


class TestADeathOnlyTheExtractTellsOf:
    def test_is_asked_about_once(self, province: Province) -> None:
        enrolment = dead(province)
        assert [ask_about_extract_deaths(now=province.clock()) for _ in range(2)] == [1, 0]

        case = Case.objects.get(kind="FUNERAL")
        assert (case.beneficiary, case.unit) == (enrolment.beneficiary, enrolment.unit)
        assert case.evidence == ["Dữ liệu dân cư ghi mất ngày 03/06/2024; chưa có tin đăng ký khai tử."]

    def test_what_was_answered_is_not_asked_again(self, province: Province) -> None:
        dead(province)
        ask_about_extract_deaths(now=province.clock())
        Case.objects.update(
            status="SOLVED", decided_by=province.staff["MAKER"], decided_at=province.clock(), note="Còn sống."
        )

        assert ask_about_extract_deaths(now=province.clock()) == 0

    def test_is_one_question_with_the_registrys_message_of_the_same_death(self, province: Province) -> None:
        enrolment = dead(province)
        ask_about_extract_deaths(now=province.clock())
        number = identity_number_of(enrolment.beneficiary.identity.number)
        tell(province, said(enrolment.beneficiary, number))

        assert FuneralFile.objects.get().beneficiary == enrolment.beneficiary
        assert asked() == [("FUNERAL_BY_EXTRACT", "OPEN")]
        assert ask_about_extract_deaths(now=province.clock()) == 0

    def test_the_registry_first_leaves_nothing_to_ask(self, province: Province) -> None:
        enrolment = dead(province)
        number = identity_number_of(enrolment.beneficiary.identity.number)
        tell(province, said(enrolment.beneficiary, number))

        assert ask_about_extract_deaths(now=province.clock()) == 0
        assert asked() == [("FUNERAL_FILE", "OPEN")]

    def test_is_of_one_person_however_many_records_they_have(self, province: Province) -> None:
        kept = dead(province).beneficiary
        province.identify(province.enrol(province.person(same_as=kept)).beneficiary, deceased_on=DIED)

        assert ask_about_extract_deaths(now=province.clock()) == 1

    def test_of_somebody_whose_allowance_had_ended_is_nobodys_funeral_here(self, province: Province) -> None:
        dead(province, ended_month=DIED.replace(day=1))

        assert ask_about_extract_deaths(now=province.clock()) == 0

    def test_asks_nothing_where_the_allowance_is_granted_and_ends_with_it(self, province: Province) -> None:
        enrolment = dead(province)
        ask_about_extract_deaths(now=province.clock())
        grant_funeral_allowance(
            code="MTP-1", organiser_name="Lê Thị Lo", sex="FEMALE", unit=enrolment.unit, dead=enrolment.beneficiary,
            order=Order(signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="1", signed_on=date(2024, 7, 10), month=AUGUST),
            actor=province.staff["MAKER"], now=province.clock(),
        )  # fmt: skip

        assert asked() == [("FUNERAL_BY_EXTRACT", "SOLVED")]
        Case.objects.filter(kind="FUNERAL").update(evidence=["khác"])
        assert ask_about_extract_deaths(now=province.clock()) == 0
