"""What is granted once is paid once and in its month, whatever is decided about it later, and never forgotten (ADR 72)."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from beneficiaries.errors import DecisionImpossible
from beneficiaries.models import Beneficiary, Enrolment, Exclusion, Programme
from beneficiaries.services.decisions import Draft, record_decision, refuse_arrival, take_in
from payments.errors import ListHasConflicts
from payments.models import Cycle, Entitlement, Payment, PaymentBatch
from payments.services.lists.close_cycle import close_cycle
from payments.services.lists.supplement import Supplement, supplement
from payments.services.once.grants import Granted, grant_to
from payments.services.once.one_off import Household, Order, grant_once, grant_to_households, open_one_off
from payments.services.signing.sign import submit
from reconciliation.services.months.prove import prove_cycle
from tests.payments.plain_sql import constraint_of, run
from tests.payments.province import AUGUST, JULY, SEPTEMBER, Clock, Province, make_province
from tests.waiting import beside

ORDER = Order(signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="12/QĐ-UBND", signed_on=date(2024, 7, 20), month=AUGUST)


@pytest.fixture
def town(province: Province) -> Province:
    """August is built with one person paid by account; emergency help is opened for it."""
    province.open_account(province.enrol(recorded_at=province.clock()).beneficiary)
    province.build(AUGUST)
    open_one_off(
        code="KC-1", name="Trợ giúp khẩn cấp", amount=3_000_000, budget_source="Ngân sách huyện", order=ORDER,
        actor=province.staff["MAKER"],
    )  # fmt: skip
    return province


def grant(town: Province, person: Beneficiary, *, order: Order = ORDER) -> Enrolment:
    programme = Programme.objects.get(code="KC-1")
    grant_once(programme=programme, people=[person], order=order, actor=town.staff["MAKER"], now=town.clock())
    return Enrolment.objects.get(programme=programme, beneficiary=person)


def make(town: Province, *, month: date = AUGUST) -> Supplement:
    return supplement(month=month, actor=town.staff["MAKER"], now=town.clock())


def decide(town: Province, enrolment: Enrolment, kind: str, **changes: object) -> None:
    draft = Draft(
        signer="Nguyễn Văn Chủ, Chủ tịch UBND",
        kind=kind,
        number=f"{kind}/QĐ",
        signed_on=date(2024, 8, 1),
        effective_month=AUGUST,
        **changes,
    )
    record_decision(enrolment=enrolment, draft=draft, actor=town.staff["MAKER"], now=town.clock())


def answers(enrolment: Enrolment) -> list[tuple[date, str]]:
    found = Entitlement.objects.filter(enrolment=enrolment).order_by("month", "pk")
    return list(found.values_list("month", "not_payable_reason"))


class TestOnce:
    @pytest.mark.parametrize("pause", ["SUSPEND", "STOP"])
    def test_resumed_it_is_still_of_its_month_alone(self, town, pause):
        enrolment = grant(town, town.person())
        make(town)
        decide(town, enrolment, pause)
        decide(town, enrolment, "RESUME", pay_between=True)
        town.build(SEPTEMBER)

        enrolment.refresh_from_db()
        assert enrolment.ended_month == SEPTEMBER
        assert answers(enrolment) == [(AUGUST, "")]

    def test_taken_back_before_it_was_listed_and_resumed_it_waits_for_a_list(self, town):
        enrolment = grant(town, town.person())
        decide(town, enrolment, "SUSPEND")
        decide(town, enrolment, "RESUME", pay_between=True)
        make(town)

        assert answers(enrolment) == [(AUGUST, "")]

    @pytest.mark.parametrize("paused", [True, False])
    def test_is_not_resumed_for_another_month(self, town, paused):
        """Nobody would owe its own month then, and the month could not be closed for want of an answer."""
        enrolment = grant(town, town.person())
        if paused:
            decide(town, enrolment, "SUSPEND")
        draft = Draft(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            kind="RESUME",
            number="9",
            signed_on=date(2024, 8, 2),
            effective_month=SEPTEMBER,
            pay_between=False,
        )
        with pytest.raises(DecisionImpossible, match=r"trong tháng của nó \(08/2024\)"):
            record_decision(enrolment=enrolment, draft=draft, actor=town.staff["MAKER"], now=town.clock())

    def test_taken_along_to_another_commune_it_is_of_its_month_alone(self, town):
        enrolment = grant(town, town.person())
        to = town.units["97201"]
        decide(town, enrolment, "TRANSFER_OUT", last_month=JULY, to_unit_id=to.pk)
        draft = Draft(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            kind="TRANSFER_IN",
            number="9",
            signed_on=date(2024, 8, 2),
            effective_month=AUGUST,
        )
        new = take_in(moved=enrolment, code="M-1", draft=draft, actor=town.staff["MAKER"], now=town.clock())
        make(town)
        town.build(SEPTEMBER)

        assert (answers(enrolment), answers(new)) == ([], [(AUGUST, "")])

    def test_sent_back_by_the_other_commune_it_is_of_its_month_alone(self, town):
        enrolment = grant(town, town.person())
        decide(town, enrolment, "TRANSFER_OUT", last_month=JULY, to_unit_id=town.units["97201"].pk)
        refuse_arrival(moved=enrolment, reason="Không ở đây", actor=town.staff["MAKER"], now=town.clock())

        enrolment.refresh_from_db()
        assert enrolment.ended_month == SEPTEMBER

    def test_a_record_left_without_an_end_is_paid_no_second_month(self, town):
        enrolment = grant(town, town.person())
        make(town)
        Enrolment.objects.filter(pk=enrolment.pk).update(ended_month=None)
        town.build(SEPTEMBER)

        assert answers(enrolment) == [(AUGUST, "")]

    def test_a_second_answer_is_refused_by_the_database(self, town):
        enrolment = grant(town, town.person())
        make(town)
        again = Entitlement.objects.get(enrolment=enrolment)
        again.pk, again.month = None, SEPTEMBER

        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            again.save(force_insert=True)
        assert constraint_of(refusal) == "paid_once_is_answered_once"


class TestNobodyIsForgotten:
    def test_whom_a_decision_signed_after_the_lists_day_names_is_left_to_a_supplementary_list(self, town):
        """The lists look at the 18th of August; the decision is of the 20th, and they are made on the 25th."""
        order = Order(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="14/QĐ-UBND", signed_on=date(2024, 8, 20), month=SEPTEMBER
        )
        town.clock.advance(days=20)
        enrolment = grant(town, town.person(), order=order)
        town.build(SEPTEMBER)

        assert answers(enrolment) == []
        assert "Hồ sơ đang hưởng (theo quyết định) = số hồ sơ có câu trả lời" in unproven(SEPTEMBER)
        make(town, month=SEPTEMBER)
        assert answers(enrolment) == [(SEPTEMBER, "")]

    def test_a_right_that_is_not_paid_itself_shuts_nobody_out(self, province):
        """NCC shuts out TCXH, TCXH shuts out the grant: whose TCXH is not paid has the grant, on the month's list and on a later one alike."""
        open_one_off(
            code="KC-1", name="Trợ giúp khẩn cấp", amount=100_000, budget_source="Ngân sách huyện", order=ORDER,
            actor=province.staff["MAKER"],
        )  # fmt: skip
        codes = {programme.code: programme for programme in Programme.objects.all()}
        for one, other, together in (("TCXH", "NCC", False), ("TCXH", "KC-1", False), ("NCC", "KC-1", True)):
            Exclusion.objects.create(
                programme=codes[one], other_programme=codes[other], together=together, valid_from=JULY, legal_source="-"
            )
        early, late = province.person(), province.person()
        for person in (early, late):
            province.enrol(person, category="BB-1", coefficient="1.0")
            province.enrol(person, category="KTN-NL", coefficient="1.0")
        on_the_months_list = grant(province, early)
        province.build(AUGUST)
        on_a_later_one = grant(province, late)
        make(province)

        assert answers(on_the_months_list) == [(AUGUST, "")]
        assert answers(on_a_later_one) == [(AUGUST, "")]

    def test_a_closed_month_takes_nobody_back(self, town, bank):
        enrolment = grant(town, town.person())
        decide(town, enrolment, "SUSPEND")
        Payment.objects.filter(batch__cycle__month=AUGUST).apply("STOP", now=town.clock(), confirmed_at=town.clock())
        for batch in Cycle.objects.get(month=AUGUST).batches.all():
            batch.status = "CANCELLED"
            batch.save(update_fields=["status"])
        close_cycle(month=AUGUST, actor=town.staff["CHECKER"], now=town.clock())

        with pytest.raises(DecisionImpossible, match="đã khóa"):
            decide(town, enrolment, "RESUME", pay_between=True)
        with pytest.raises(IntegrityError, match="takes nobody"), transaction.atomic():
            town.enrol(category="KC-1", starts_month=AUGUST, ended_month=SEPTEMBER, granted=False)


@pytest.mark.usefixtures("committed_db")
class TestClosing:
    def test_under_a_snapshot_from_before_somebody_was_granted_it_closes_nothing(self):
        town = make_province(clock=Clock())
        town.enrol(recorded_at=town.clock())
        town.build(AUGUST)
        Payment.objects.all().apply("STOP", now=town.clock(), confirmed_at=town.clock())
        PaymentBatch.objects.update(status="CANCELLED")
        open_one_off(
            code="KC-1", name="Trợ giúp khẩn cấp", amount=3_000_000, budget_source="Ngân sách huyện", order=ORDER,
            actor=town.staff["MAKER"],
        )  # fmt: skip
        person = town.person()

        with beside() as begin, pytest.raises(IntegrityError) as refusal, transaction.atomic():
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            run("SELECT count(*) FROM beneficiaries_enrolment")
            begin(lambda: grant(town, person)).result(timeout=60)
            run("UPDATE payments_cycle SET closed_at = built_at, closed_by_id = %(by)s", by=town.staff["CHECKER"].pk)

        assert constraint_of(refusal) == "closed_cycle_answered_everybody"
        assert Cycle.objects.get().closed_at is None


class TestConflicts:
    def test_one_person_under_two_records_is_not_granted_it_twice(self, town):
        """What the population data tells only after the first list was made."""
        first, second = town.person(), town.person(commune="97201")
        grant(town, first)
        make(town)
        grant(town, second)
        made = make(town)
        town.identify(first)
        Beneficiary.objects.filter(pk=second.pk).update(identity=first.identity, identity_status="MATCHED")

        with pytest.raises(ListHasConflicts) as refusal:
            submit(batch_ids=made.batch_ids, actor=town.staff["MAKER"], now=town.clock())
        assert "PAID_ELSEWHERE" in str(refusal.value.conflicts)

    def test_one_person_who_is_two_members_of_a_household_stands_against_the_payment_itself(self, town):
        """The head would receive the share twice. One record is ended, the payment taken off, and the next list pays each person once."""
        head, child, same = town.person(), town.person(), town.person()
        programme = Programme.objects.get(code="KC-1")
        grant_to_households(
            programme=programme, households=[Household(head, [head, child, same])], order=ORDER, actor=town.staff["MAKER"],
            now=town.clock(),
        )  # fmt: skip
        made = make(town)
        town.identify(child)
        Beneficiary.objects.filter(pk=same.pk).update(identity=child.identity, identity_status="MATCHED")
        (payment,) = Payment.objects.filter(batch__in=made.batch_ids)

        with pytest.raises(ListHasConflicts) as refusal:
            submit(batch_ids=made.batch_ids, actor=town.staff["MAKER"], now=town.clock())
        assert refusal.value.conflicts == [f"{payment.batch_id}:SAME_PERSON:{payment.pk}:{payment.pk}"]

        decide(town, Enrolment.objects.get(programme=programme, beneficiary=same), "STOP")
        town.take_off(payment)
        confirm_in_draft(town)
        town.build(SEPTEMBER)
        (again,) = Payment.objects.filter(batch__cycle__month=SEPTEMBER, batch__programme=programme)
        assert (payment.amount, again.amount) == (9_000_000, 6_000_000)
        submit(batch_ids=[again.batch_id], actor=town.staff["MAKER"], now=town.clock())

    def test_a_head_who_receives_for_others_on_two_lists_stands_against_nobody(self, town):
        head, child, late = town.person(), town.person(), town.person()
        programme = Programme.objects.get(code="KC-1")
        for members in ([head, child], [head, late]):
            grant_to_households(
                programme=programme, households=[Household(head, members)], order=ORDER, actor=town.staff["MAKER"],
                now=town.clock(),
            )  # fmt: skip
            made = make(town)

        submit(batch_ids=made.batch_ids, actor=town.staff["MAKER"], now=town.clock())
        assert Payment.objects.filter(batch__in=made.batch_ids).get().beneficiary_id == head.pk


class TestTakenBack:
    """Granted, and taken back by a decision of 01/08 before any list paid it."""

    LATER = Order(signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="31/QĐ-UBND", signed_on=date(2024, 8, 2), month=AUGUST)
    BETWEEN = Order(
        signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="29/QĐ-UBND", signed_on=date(2024, 7, 31), month=AUGUST
    )

    @pytest.fixture
    def lost(self, town) -> Enrolment:
        enrolment = grant(town, town.person())
        decide(town, enrolment, "STOP")
        return enrolment

    def give(self, town: Province, lost: Enrolment, order: Order) -> Granted:
        return grant_to(
            programme=lost.programme, people=[lost.beneficiary], households=[], newcomers=[], order=order,
            actor=town.staff["MAKER"], now=town.clock(),
        )  # fmt: skip

    @pytest.mark.parametrize("order", [ORDER, BETWEEN])
    def test_it_stays_so_for_a_decision_of_before_and_is_told(self, town, lost, order):
        given = self.give(town, lost, order)

        assert (given.granted, given.already, given.taken_back) == (0, 1, 1)

    def test_a_later_decision_gives_it_anew_and_once(self, town, lost):
        given, again = self.give(town, lost, self.LATER), self.give(town, lost, self.LATER)
        made = make(town)

        assert (given.granted, given.already, given.taken_back) == (1, 0, 0)
        assert (again.granted, again.already, again.taken_back) == (0, 1, 0)
        assert [(line.amount, line.reason) for line in made.lines] == [(3_000_000, "")]

    def test_resumed_beside_that_it_is_paid_once_all_the_same(self, town, lost):
        self.give(town, lost, self.LATER)
        decide(town, lost, "RESUME", pay_between=True)
        make(town)

        assert Entitlement.objects.filter(enrolment__programme=lost.programme, not_payable_reason="").count() == 1

    @pytest.mark.parametrize("resumed", [False, True])
    def test_what_came_back_waits_for_a_decision_to_resume(self, town, resumed):
        """Taken off its list, its money went with the next month's all the same."""
        enrolment = grant(town, town.person())
        make(town)
        decide(town, enrolment, "STOP")
        town.take_off(Payment.objects.get(batch__programme=enrolment.programme))
        confirm_in_draft(town)
        if resumed:
            decide(town, enrolment, "RESUME", pay_between=True)
        town.build(SEPTEMBER)

        assert (
            Payment.objects.filter(batch__cycle__month=SEPTEMBER, batch__programme=enrolment.programme).count()
            == resumed
        )

    def test_what_a_list_pays_is_no_more_given_anew(self, town):
        listed = grant(town, town.person())
        make(town)
        decide(town, listed, "STOP")

        assert self.give(town, listed, self.LATER).granted == 0

    def test_who_moved_away_has_it_at_the_new_place(self, town):
        enrolment = grant(town, town.person())
        decide(town, enrolment, "TRANSFER_OUT", last_month=JULY, to_unit_id=town.units["97201"].pk)

        assert self.give(town, enrolment, self.LATER).granted == 0


def confirm_in_draft(town: Province) -> None:
    """What never left a draft is certain at once."""
    Payment.objects.filter(status="CANCELLED", confirmed_at=None).update(confirmed_at=town.clock())


def unproven(month: date) -> set[str]:
    return {check.name for check in prove_cycle(month=month).checks if not check.holds}
