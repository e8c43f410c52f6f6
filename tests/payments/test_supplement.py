"""Supplementary lists: whoever is granted something once when the month's lists are made is paid this month, once, under three signatures (ADR 72)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from banks.fake import FakeTransfers
from beneficiaries.models import Beneficiary, Decision, Enrolment, Programme
from payments.errors import CycleIsClosed, GrantsNotListed, NothingToSupplement, OneOffImpossible
from payments.errors.seen import DryRunIsOld
from payments.models import Cycle, Entitlement, Payment, PaymentBatch
from payments.services.learning.learn import fetch_states
from payments.services.lists.close_cycle import close_cycle
from payments.services.lists.supplement import Supplement, supplement
from payments.services.once.emergency import Newcomer, grant_emergency
from payments.services.once.one_off import (
    Household,
    Order,
    grant_funeral_allowance,
    grant_once,
    grant_to_households,
    open_one_off,
)
from payments.services.sending.send import send_ready_payments
from payments.services.signing.sign import approve, release, submit
from reconciliation.services.months.prove import prove_cycle
from staff.errors import NotAllowed
from tests.payments.province import AUGUST, JULY, SEPTEMBER, Province

ORDER = Order(signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="12/QĐ-UBND", signed_on=date(2024, 7, 20), month=AUGUST)


@pytest.fixture
def town(province: Province, bank: FakeTransfers) -> Province:
    """August is built and released: one person paid by account. A flood comes, and emergency help is opened."""
    province.open_account(province.enrol(recorded_at=province.clock()).beneficiary)
    province.build(AUGUST)
    province.release_lists(AUGUST, bank=bank)
    open_one_off(
        code="KC-1", name="Trợ giúp khẩn cấp", amount=3_000_000, budget_source="Ngân sách huyện", order=ORDER,
        actor=province.staff["MAKER"],
    )  # fmt: skip
    return province


def help_one(town: Province, name: str = "Lê Văn Lũ", *, birth_year: int = 1970, order: Order = ORDER) -> None:
    newcomer = Newcomer(full_name=name, sex="MALE", unit=town.units["97101"], birth_year=birth_year)
    grant_emergency(
        programme=the_grant(), newcomers=[newcomer], order=order, actor=town.staff["MAKER"], now=town.clock()
    )


def grant_once_to(town: Province, person: Beneficiary, *, order: Order = ORDER) -> None:
    grant_once(programme=the_grant(), people=[person], order=order, actor=town.staff["MAKER"], now=town.clock())


def settle(town: Province, bank: FakeTransfers) -> None:
    """Everything released is sent and posted."""
    send_ready_payments(bank=bank, clock=town.clock)
    bank.post_all()
    fetch_states(bank=bank, now=town.clock())


def the_grant() -> Programme:
    return Programme.objects.get(code="KC-1")


def make(town: Province, **changes: object) -> Supplement:
    return supplement(**{"month": AUGUST, "actor": town.staff["MAKER"], "now": town.clock(), **changes})


WITHOUT_STATEMENT = {"TK-971: sao kê phủ đến ngày cuối tháng"}


def unproven() -> set[str]:
    return {check.name for check in prove_cycle(month=AUGUST).checks if not check.holds}


class TestSupplementaryLists:
    def test_pay_an_emergency_in_the_month_whose_lists_are_out(self, town, bank):
        help_one(town)
        made = make(town)

        payment = Payment.objects.get(batch__in=made.batch_ids)
        assert (payment.payee_name, payment.amount, payment.batch.cycle.month) == ("Lê Văn Lũ", 3_000_000, AUGUST)
        assert (payment.batch.status, payment.batch.supplementary, payment.batch.sequence) == ("DRAFT", True, 1)
        submit(batch_ids=made.batch_ids, actor=town.staff["MAKER"], now=town.clock())
        approve(batch_ids=made.batch_ids, actor=town.staff["CHECKER"], now=town.clock())
        assert release(batch_ids=made.batch_ids, actor=town.staff["RELEASER"], now=town.clock(), bank=bank) == 1

    def test_go_by_account_to_whoever_has_one_and_are_sent(self, town, bank):
        person = town.enrol().beneficiary
        town.open_account(person)
        grant_once_to(town, person)
        made = make(town)
        submit(batch_ids=made.batch_ids, actor=town.staff["MAKER"], now=town.clock())
        approve(batch_ids=made.batch_ids, actor=town.staff["CHECKER"], now=town.clock())
        release(batch_ids=made.batch_ids, actor=town.staff["RELEASER"], now=town.clock(), bank=bank)

        send_ready_payments(bank=bank, clock=town.clock)

        assert [payment.status for payment in Payment.objects.filter(batch__in=made.batch_ids)] == ["PROCESSING"]
        assert [line.channel for line in made.lines] == ["ACCOUNT"]

    def test_hold_nobody_twice_however_often_they_are_made(self, town):
        help_one(town)
        first = make(town)
        with pytest.raises(NothingToSupplement):
            make(town)
        help_one(town, "Trần Thị Bão")
        second = make(town)

        assert not set(first.batch_ids) & set(second.batch_ids)
        names = Payment.objects.filter(batch__supplementary=True).order_by("batch", "ordinal")
        assert list(names.values_list("payee_name", "batch__sequence")) == [("Lê Văn Lũ", 1), ("Trần Thị Bão", 2)]
        assert Entitlement.objects.filter(kind="ONE_OFF").count() == 2

    def test_leave_everybody_elses_money_where_it_is(self, town):
        """Neither what a month before owes, nor what came back, nor who is due every month and was granted it late."""
        town.enrol(starts_month=AUGUST)
        came_back = Payment.objects.get()
        before = list(Entitlement.objects.order_by("pk").values_list("pk", "payment", "withdrawn_in"))
        help_one(town)
        made = make(town)

        assert [line.full_name for line in made.lines] == ["Lê Văn Lũ"]
        assert (
            list(
                Entitlement.objects.filter(pk__in=[pk for pk, *_ in before])
                .order_by("pk")
                .values_list("pk", "payment", "withdrawn_in")
            )
            == before
        )
        assert Payment.objects.get(pk=came_back.pk).status == came_back.status

    def test_give_a_household_to_its_head_but_for_members_with_an_account(self, town):
        head, child, aunt = town.person(), town.person(), town.person()
        town.open_account(aunt)
        grant_to_households(
            programme=the_grant(), households=[Household(head, [head, child, aunt])], order=ORDER,
            actor=town.staff["MAKER"], now=town.clock(),
        )  # fmt: skip
        made = make(town)

        assert {(line.payee, line.channel) for line in made.lines} == {
            (head.full_name, "CASH"),
            (aunt.full_name, "ACCOUNT"),
        }
        assert sorted(Payment.objects.filter(batch__in=made.batch_ids).values_list("amount", flat=True)) == [
            3_000_000,
            6_000_000,
        ]

    def test_pay_a_funeral_too(self, town):
        dead = town.person()
        town.identify(dead, deceased_on=date(2024, 7, 10))
        grant_funeral_allowance(
            code="MTP-1", organiser_name="Lê Thị Lo", sex="FEMALE", unit=town.units["97101"], dead=dead, order=ORDER,
            actor=town.staff["MAKER"], now=town.clock(), times=Decimal(20),
        )  # fmt: skip

        assert [(line.payee, line.amount) for line in make(town).lines] == [("Lê Thị Lo", 10_000_000)]

    def test_a_second_record_of_a_person_who_has_it_is_not_paid(self, town):
        """Granted to two records of which it is learned only then that they are one person."""
        help_one(town)
        first = make(town)
        twin = town.person()
        grant_once_to(town, twin)
        twin.same_as = Enrolment.objects.get(entitlements__payment__batch__in=first.batch_ids).beneficiary
        twin.save()

        made = make(town)

        assert [(line.reason, line.amount) for line in made.lines] == [("DUPLICATE", 3_000_000)]
        assert (made.batch_ids, made.amount) == ([], 0)

    def test_are_the_provinces_makers(self, town):
        help_one(town)
        with pytest.raises(NotAllowed):
            make(town, actor=town.staff["CHECKER"])


class TestPreview:
    def test_writes_nothing_and_only_what_it_showed_is_made(self, town):
        help_one(town)
        shown = make(town, preview=True)
        assert not PaymentBatch.objects.filter(supplementary=True).exists()
        assert (shown.lists, len(shown.lines), shown.amount) == (1, 1, 3_000_000)
        help_one(town, "Trần Thị Bão")

        with pytest.raises(DryRunIsOld), transaction.atomic():
            make(town, seen=shown.digest)
        again = make(town, preview=True)
        assert make(town, seen=again.digest).digest == again.digest


class TestAMonthThatIsOpen:
    def test_is_not_closed_while_somebody_waits_for_a_list(self, town, bank):
        settle(town, bank)
        help_one(town)
        with pytest.raises(GrantsNotListed) as refusal:
            close_cycle(month=AUGUST, actor=town.staff["CHECKER"], now=town.clock())
        assert refusal.value.conflicts == ["KC-1"]
        with pytest.raises(IntegrityError, match="has no answer"), transaction.atomic():
            Cycle.objects.update(closed_at=town.clock(), closed_by=town.staff["CHECKER"])

    def test_takes_nobody_once_it_is_closed(self, town, bank):
        settle(town, bank)
        close_cycle(month=AUGUST, actor=town.staff["CHECKER"], now=town.clock())

        with pytest.raises(OneOffImpossible, match=r"đã khóa.*09/2024"):
            help_one(town)
        with pytest.raises(CycleIsClosed):
            make(town)

    def test_takes_nobody_before_the_month_the_grant_has_an_amount_of(self, town):
        """No list of that month could be made, for anybody: nobody is entered for it."""
        before = Enrolment.objects.count()
        Cycle.objects.create(month=JULY, listed_on=JULY, pay_on=JULY, built_at=town.clock())
        with pytest.raises(OneOffImpossible, match="có mức từ tháng 08/2024"):
            help_one(town, order=Order(signer=ORDER.signer, number="12/QĐ-UBND", signed_on=ORDER.signed_on, month=JULY))
        assert Enrolment.objects.count() == before

    def test_takes_nobody_born_after_the_decision(self, town):
        with pytest.raises(OneOffImpossible, match="Năm sinh"):
            help_one(town, birth_year=2025)
        assert not Beneficiary.objects.filter(birth_year=2025).exists()

    def test_is_named_to_whoever_asks_for_one_that_has_no_lists(self, town):
        with pytest.raises(OneOffImpossible, match=r"08/2024.*danh sách bổ sung"):
            grant_once_to(
                town,
                town.person(),
                order=Order(signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="1", signed_on=JULY, month=JULY),
            )

    def test_is_proven_with_its_supplementary_lists_and_not_without(self, town, bank):
        help_one(town)
        assert unproven() == {*WITHOUT_STATEMENT, "Hồ sơ đang hưởng (theo quyết định) = số hồ sơ có câu trả lời"}
        made = make(town).batch_ids
        submit(batch_ids=made, actor=town.staff["MAKER"], now=town.clock())
        approve(batch_ids=made, actor=town.staff["CHECKER"], now=town.clock())
        release(batch_ids=made, actor=town.staff["RELEASER"], now=town.clock(), bank=bank)

        assert unproven() == WITHOUT_STATEMENT

    def test_is_proven_though_a_late_grant_was_stopped_before_it_was_listed(self, town):
        town.clock.advance(hours=1)
        help_one(town)
        enrolment = Enrolment.objects.get(programme=the_grant())
        Decision.objects.create(
            enrolment=enrolment,
            kind="STOP",
            number="13",
            signed_on=AUGUST,
            effective_month=AUGUST,
            recorded_at=town.clock(),
        )
        Enrolment.objects.filter(pk=enrolment.pk).update(ended_month=AUGUST)

        assert unproven() == WITHOUT_STATEMENT

    def test_the_next_month_pays_none_of_it_again(self, town):
        help_one(town)
        make(town)
        town.build(SEPTEMBER)

        assert not Payment.objects.filter(batch__cycle__month=SEPTEMBER, batch__programme__code="KC-1").exists()
