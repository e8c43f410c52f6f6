"""Who is paid elsewhere, or on grounds that exclude each other, blocks a list; a namesake of another unit is asked about."""

from datetime import date

import pytest

from beneficiaries.models import BankAccount, Beneficiary, BenefitCategory, Exclusion, Programme
from payments.errors import (
    ListHasConflicts,
    ListHasWarnings,
)
from payments.models import Payment, PaymentBatch
from payments.services.lists.conflicts import conflicts_of
from payments.services.signing.sign import submit
from tests.payments.province import AUGUST, Province


def kinds(unit: str = "971") -> set[str]:
    return {str(conflict.kind) for conflict in conflicts_of(batch_ids=lists(unit))}


def lists(unit: str = "971") -> list[int]:
    return list(PaymentBatch.objects.filter(paying_unit__code=unit).values_list("pk", flat=True))


def sign(province: Province) -> None:
    submit(batch_ids=lists(), actor=province.staff["MAKER"], now=province.clock())


def one_identity(province: Province, *people: Beneficiary) -> None:
    """The population data knows them as one: learned after the lists were built."""
    province.identify(people[0])
    Beneficiary.objects.filter(pk__in=[person.pk for person in people]).update(
        identity=people[0].identity, identity_status="MATCHED"
    )


class TestHard:
    def test_a_person_whom_another_unit_pays_too_names_the_other_payment(self, province):
        here = province.enrol().beneficiary
        there = province.enrol(province.person(commune="97201")).beneficiary
        province.build(AUGUST)
        one_identity(province, here, there)

        (conflict,) = conflicts_of(batch_ids=lists())
        other = Payment.objects.get(beneficiary=there)
        assert (conflict.kind, conflict.hard) == ("PAID_ELSEWHERE", True)
        assert (conflict.other_id, conflict.other_batch_id) == (other.pk, other.batch_id)
        with pytest.raises(ListHasConflicts):
            sign(province)

    @pytest.mark.parametrize(("together", "found"), [(False, {"EXCLUDED"}), (True, set())])
    def test_grounds_of_two_programmes_follow_the_table(self, province, together, found):
        other = BenefitCategory.objects.exclude(programme__code="TCXH").filter(programme__kind="REGULAR").first()
        first, second = province.enrol().beneficiary, province.enrol(category=other.code).beneficiary
        province.build(AUGUST)
        one_identity(province, first, second)
        Exclusion.objects.create(
            programme=Programme.objects.get(code="TCXH"), other_programme=other.programme, together=together,
            valid_from=date(2024, 8, 1), legal_source="NĐ",
        )  # fmt: skip

        assert kinds() == found

    def test_grounds_of_one_programme_that_stand_beside_each_other_block_nothing(self, province):
        first = province.enrol(category="DT-CON", coefficient="1.0").beneficiary
        second = province.enrol().beneficiary
        province.build(AUGUST)
        one_identity(province, first, second)

        assert kinds() == set()

    def test_money_that_came_back_is_no_payment_elsewhere(self, province):
        here = province.enrol().beneficiary
        there = province.enrol(province.person(commune="97201")).beneficiary
        province.build(AUGUST)
        one_identity(province, here, there)
        Payment.objects.filter(beneficiary=there).apply("STOP", now=province.clock())

        assert kinds() == set()


class TestSoft:
    def test_a_namesake_born_the_same_day_whom_another_unit_pays_is_asked_about(self, province):
        born = {"birth_date": date(1942, 9, 5)}
        here = province.enrol(province.person(**born)).beneficiary
        province.enrol(province.person(commune="97201", full_name=here.full_name, name_key=here.name_key, **born))
        province.build(AUGUST)

        assert kinds() == {"NAME_ELSEWHERE"}
        with pytest.raises(ListHasWarnings):
            sign(province)

    def share(self, province: Province, *kinds: str) -> None:
        """One account number for as many people as `kinds` say whose it is to them, all paid into it this month."""
        number = None
        for _ in kinds:
            account = province.open_account(province.enrol().beneficiary, **({"number_id": number} if number else {}))
            number = account.number_id
        province.build(AUGUST)
        for account, kind in zip(BankAccount.objects.order_by("pk"), kinds, strict=True):
            BankAccount.objects.filter(pk=account.pk).update(holder_kind=kind)

    @pytest.mark.parametrize(
        ("held_as", "asked"),
        [
            (("OWN", "PARENT"), False),  # a mother and her child
            (("PARENT", "PARENT"), False),  # her two children
            (("OWN", "CARER"), False),
            (("OWN", "OWN"), True),  # two who both call it their own
            (("PARENT",) * 5, True),  # more than a family has
            (("AUTHORISED",) * 3, True),
        ],
    )
    def test_an_account_of_several_is_asked_about_only_where_that_is_unusual(self, province, held_as, asked):
        self.share(province, *held_as)

        assert kinds() == ({"SHARED_ACCOUNT"} if asked else set())
