"""What holds of every province: nobody omitted, nobody twice, and doubt about identity never means "not paid"."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beneficiaries.models import Enrolment, IdentityStatus
from payments.models import Entitlement, Payment
from tests.payments.province import AUGUST, JULY, SEPTEMBER, Province, rolled_back

few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class Dweller:
    """One person as drawn: where, on which grounds, how identified, with which account."""

    commune: str
    grounds: tuple[str, ...]
    coefficient: str
    granted: bool
    identity: str
    deceased_on: date | None
    account: str
    credited: bool
    twin: bool


dwellers = st.builds(
    Dweller,
    commune=st.sampled_from(["97101", "97102", "97201"]),
    grounds=st.sampled_from([("KTN-NL",), ("TB-1",), ("KTN-NL", "CSND-1"), ("TB-1", "BB-1"), ("KTN-NL", "CT-80")]),
    coefficient=st.sampled_from(["1.0", "1.5", "2.5", "0.33"]),
    granted=st.booleans(),
    identity=st.sampled_from(IdentityStatus.values),
    deceased_on=st.sampled_from([None, None, None, date(2024, 6, 30), date(2024, 7, 15)]),
    account=st.sampled_from(["", "NEEDED", "OPENED", "VERIFIED", "CLOSED", "REFUSED"]),
    credited=st.booleans(),
    twin=st.booleans(),
)


def settle(province: Province, people: list[Dweller]) -> None:
    for drawn in people:
        person = province.person(commune=drawn.commune)
        if drawn.identity == "MATCHED":
            province.identify(person, deceased_on=drawn.deceased_on)
        else:
            person.identity_status = drawn.identity
            person.save()
        for ground in drawn.grounds:
            province.enrol(person, category=ground, coefficient=drawn.coefficient, granted=drawn.granted)
        if drawn.account:
            province.open_account(person, status=drawn.account, last_credited_month=JULY if drawn.credited else None)
        if drawn.twin:
            again = province.person(commune="97201", same_as=person)
            province.enrol(again, category=drawn.grounds[0], coefficient=drawn.coefficient)


class TestEveryProvince:
    @few
    @given(people=st.lists(dwellers, min_size=1, max_size=6))
    def test_everyone_enrolled_has_one_answer_and_every_payable_one_payment(self, province, people):
        with rolled_back():
            settle(province, people)

            for month in (JULY, AUGUST, SEPTEMBER):
                province.build(month)

            originals = Entitlement.objects.filter(corrects__isnull=True)
            answers = originals.values("enrolment", "month").annotate(count=Count("pk"))
            assert answers.count() == Enrolment.objects.count() * 3
            assert {row["count"] for row in answers} == {1}
            assert not Entitlement.objects.filter(not_payable_reason="", payment__isnull=True).exists()
            assert not Entitlement.objects.exclude(not_payable_reason="").filter(payment__isnull=False).exists()

    @few
    @given(people=st.lists(dwellers, min_size=1, max_size=6))
    def test_a_payment_is_the_sum_of_its_entitlements_and_goes_to_their_person(self, province, people):
        with rolled_back():
            settle(province, people)

            for month in (JULY, AUGUST):
                province.build(month)

            for payment in Payment.objects.annotate(due=Sum("entitlements__amount")):
                carried = list(payment.entitlements.values_list("enrolment__beneficiary", "channel").distinct())
                assert payment.amount == payment.due
                assert carried == [(payment.beneficiary_id, payment.batch.channel)]
                assert (payment.bank_account_id is None) == (payment.batch.channel == "CASH")

    @few
    @given(
        people=st.lists(dwellers, min_size=1, max_size=6), doubt=st.sampled_from(["REVIEW", "NOT_FOUND", "CONFLICT"])
    )
    def test_doubt_about_identity_makes_nobody_unpaid(self, province, people, doubt):
        certain = [dweller_with(person, identity="UNCHECKED") for person in people]
        doubted = [dweller_with(person, identity=doubt) for person in people]

        assert answers_of(province, doubted) == answers_of(province, certain)

    @few
    @given(people=st.lists(dwellers, min_size=1, max_size=5))
    def test_no_person_is_paid_one_programme_and_month_twice(self, province, people):
        with rolled_back():
            settle(province, people)

            province.build(AUGUST)

            for entitlement in Entitlement.objects.filter(not_payable_reason="", programme__several_grounds=False):
                person = entitlement.enrolment.beneficiary
                same = [person.pk, person.same_as_id or person.pk]
                paid = Entitlement.objects.filter(
                    not_payable_reason="", programme=entitlement.programme, enrolment__beneficiary__in=same
                )
                assert paid.count() == 1


def dweller_with(person: Dweller, *, identity: str) -> Dweller:
    return Dweller(**{**person.__dict__, "identity": identity, "deceased_on": None})


def answers_of(province: Province, people: list[Dweller]) -> list[tuple[str, int, str]]:
    """(reason not payable, đồng, channel if by account proven before) per entitlement of August, in order."""
    with rolled_back():
        settle(province, people)
        province.build(AUGUST)
        rows = Entitlement.objects.order_by("enrolment_id").values_list("not_payable_reason", "amount", "channel")
        answers = list(rows)
    return answers
