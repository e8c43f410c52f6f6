"""Who moves takes along what was decided and what is being asked about them; nothing said of them is lost on the way."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from banks.fake import FakeTransfers
from beneficiaries.errors import DecisionImpossible
from beneficiaries.models import Case, Decision, Enrolment, LifeStatus
from beneficiaries.services.cases.queue import cases_in_reach
from beneficiaries.services.decisions import Draft, record_decision, refuse_arrival, take_in
from payments.models import Deduction, Payment, Posting
from payments.services.ledger.recoveries import recoveries_of
from payments.services.ledger.recovery_booking import book_all_recoveries
from payments.services.life import receive
from payments.services.lists.dry_run import dry_run
from reconciliation.services.months.prove import prove_cycle
from staff.errors import NotAllowed
from staff.models import Role, User
from tests.payments.life import enrolled, said, tell
from tests.payments.province import AUGUST, JULY, SEPTEMBER, Province
from tests.payments.test_decisions_and_money import NOW, OCTOBER, decide, due_to


def officer_of(province: Province, commune: str) -> User:
    unit = province.units[commune]
    return User.objects.create(username=f"xa.{commune}", password="!", role=Role.COMMUNE_OFFICER, unit=unit)


def move(province: Province, enrolment: Enrolment, *, to: str = "97201") -> Enrolment:
    """Paid up to July by the old commune; the new one decides in August."""
    decide(province, enrolment, "TRANSFER_OUT", AUGUST, last_month=JULY, to_unit_id=province.units[to].pk)
    draft = Draft(
        signer="Nguyễn Văn Chủ, Chủ tịch UBND",
        kind="TRANSFER_IN",
        number="9/QĐ",
        signed_on=date(2024, 8, 15),
        effective_month=JULY,
    )
    return take_in(moved=enrolment, code="HS-MOI", draft=draft, actor=province.staff["MAKER"], now=NOW)


class TestDecisions:
    @pytest.fixture
    def enrolment(self, province: Province) -> Enrolment:
        return province.enrol(coefficient="1.0")

    def test_a_suspension_is_not_lifted_by_moving(self, province: Province, enrolment: Enrolment) -> None:
        decide(province, enrolment, "SUSPEND", AUGUST)
        enrolment.refresh_from_db()
        new = move(province, enrolment)
        province.build(SEPTEMBER)
        assert due_to(new) == []

        resume = Draft(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            kind="RESUME",
            number="10/QĐ",
            signed_on=date(2024, 8, 19),
            effective_month=OCTOBER,
            pay_between=True,
        )
        record_decision(enrolment=new, draft=resume, actor=province.staff["MAKER"], now=NOW)
        province.build(OCTOBER)
        assert [month for _, month, *_ in due_to(new)] == ["08", "09", "10"]

    def test_an_adjustment_decided_ahead_takes_effect_in_its_month_not_before_and_not_never(
        self, province: Province, enrolment: Enrolment
    ) -> None:
        decide(province, enrolment, "ADJUST", JULY, coefficient=Decimal("1.5"))
        decide(province, enrolment, "ADJUST", OCTOBER, coefficient=Decimal("2.0"))
        new = move(province, enrolment)
        province.build(SEPTEMBER)
        province.build(OCTOBER)

        assert due_to(new) == [("09", "08", 750_000, ""), ("09", "09", 750_000, ""), ("10", "10", 1_000_000, "")]
        assert Decision.objects.get(enrolment=new, kind="ADJUST").recorded_at == NOW

    def test_an_end_decided_ahead_bars_no_move_and_goes_along(self, province: Province, enrolment: Enrolment) -> None:
        decide(province, enrolment, "STOP", OCTOBER)
        enrolment.refresh_from_db()
        new = move(province, enrolment)
        for month in (SEPTEMBER, OCTOBER):
            province.build(month)
        assert (new.ended_month, Decision.objects.filter(enrolment=new, kind="STOP").count()) == (OCTOBER, 1)
        assert [month for _, month, *_ in due_to(new)] == ["08", "09"]

    def test_after_the_end_nobody_moves(self, province: Province, enrolment: Enrolment) -> None:
        decide(province, enrolment, "STOP", JULY)
        enrolment.refresh_from_db()
        with pytest.raises(DecisionImpossible):
            move(province, enrolment)

    def test_what_is_still_to_be_recovered_is_taken_where_they_are_paid_now(
        self, province: Province, enrolment: Enrolment
    ) -> None:
        """150,000 đ, 100,000 a month: the first instalment in the old commune, the rest in the new one, no more than was decided."""
        decide(province, enrolment, "RECOVER", JULY, amount=150_000, monthly_ceiling=100_000)
        province.build(AUGUST)
        there = province.units["97201"].pk
        decide(province, enrolment, "TRANSFER_OUT", SEPTEMBER, last_month=AUGUST, to_unit_id=there)
        draft = Draft(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            kind="TRANSFER_IN",
            number="9/QĐ",
            signed_on=date(2024, 8, 15),
            effective_month=SEPTEMBER,
        )
        new = take_in(moved=enrolment, code="HS-MOI", draft=draft, actor=province.staff["MAKER"], now=NOW)
        for month in (SEPTEMBER, OCTOBER):
            province.build(month)
        taken = Deduction.objects.order_by("pk").values_list("payment__entitlements__enrolment", "amount").distinct()
        assert list(taken) == [(enrolment.pk, 100_000), (new.pk, 50_000)]
        seen = {unit: len(recoveries_of(unit=province.units[unit])) for unit in ("97101", "97201", "97102", "97")}
        assert seen == {"97101": 1, "97201": 1, "97102": 0, "97": 1}  # who takes it off sees what is left, nobody else

    @pytest.mark.parametrize("account", [True, False])
    def test_stands_in_the_try_out_of_the_commune_that_takes_it_off_and_of_its_channel(
        self, province: Province, enrolment: Enrolment, account: bool
    ) -> None:
        """Nobody else is in the old commune: what it decided is no line of its own there."""
        decide(province, enrolment, "RECOVER", JULY, amount=150_000, monthly_ceiling=100_000)
        if account:
            province.open_account(enrolment.beneficiary)
        move(province, enrolment)
        for unit in ("97", "97201"):
            tried = dry_run(
                month=SEPTEMBER, listed_on=date(2024, 8, 18), unit=province.units[unit],
                actor=province.staff["MAKER"], now=NOW,
            )  # fmt: skip
            (row,) = tried.communes
            parts = (900_000, 0) if account else (0, 900_000)
            assert (row.code, row.deducted, row.total) == ("97201", 100_000, 900_000)
            assert (row.through_accounts, row.in_cash) == parts
        assert [(person.code, person.deducted) for person in tried.people] == [("HS-MOI", 100_000)]

    def test_and_settles_the_debt_in_the_books_that_keep_it(
        self, province: Province, enrolment: Enrolment, bank: FakeTransfers
    ) -> None:
        """Owed to huyện Phước Sơn, paid off by xã Phước An's unit: one ledger comes down to nothing, the other never stands below it."""
        decide(province, enrolment, "RECOVER", JULY, amount=150_000, monthly_ceiling=100_000)
        book_all_recoveries(now=NOW)
        province.open_account(enrolment.beneficiary)
        new = move(province, enrolment)
        for month in (SEPTEMBER, OCTOBER):
            province.build(month)
            province.release_lists(month, bank=bank)
            Payment.objects.filter(status="READY").update(status="SENT", cause="CLAIM")
            Payment.objects.filter(status="SENT").update(status="POSTED", cause="BANK_POSTED", credited_on=month)
        for _ in range(2):
            book_all_recoveries(now=NOW)

        paid_there = set(Payment.objects.values_list("batch__paying_unit__code", flat=True))
        owed = Posting.objects.filter(account__kind="OWED_BACK").values_list("account__funding_account__code", "amount")
        assert (paid_there, new.unit.code) == ({"972"}, "97201")
        assert sorted(owed) == [("TK-971", -100_000), ("TK-971", -50_000), ("TK-971", 150_000)]


class TestRefusingAnArrival:
    @pytest.fixture
    def sent(self, province: Province) -> Enrolment:
        enrolment = province.enrol(coefficient="1.0")
        province.build(JULY)
        decide(province, enrolment, "STOP", date(2024, 12, 1))
        enrolment.refresh_from_db()
        there = province.units["97201"].pk
        decide(province, enrolment, "TRANSFER_OUT", AUGUST, last_month=JULY, to_unit_id=there)
        enrolment.refresh_from_db()
        return enrolment

    def test_gives_the_papers_back_and_the_sender_pays_on_without_a_gap(
        self, province: Province, sent: Enrolment
    ) -> None:
        province.build(AUGUST)
        assert due_to(sent)[-1] == ("08", "08", 500_000, "MOVED")
        new = officer_of(province, "97201")
        refusal = refuse_arrival(moved=sent, reason="Không cư trú tại xã", actor=new, now=NOW)
        sent.refresh_from_db()
        province.build(SEPTEMBER)

        assert (refusal.decision.last_month, sent.moved_to, sent.ended_month) == (JULY, None, date(2024, 12, 1))
        assert [row for row in due_to(sent) if row[0] == "09" and row[1] >= "08"] == [
            ("09", "08", 500_000, ""), ("09", "09", 500_000, ""),
        ]  # fmt: skip
        assert Case.objects.get(kind="MOVED").status == "SOLVED"
        case = Case.objects.get(kind="MOVE", reason="ARRIVAL_REFUSED")
        assert (case.unit, case.status, "07/2024" in str(case.evidence)) == (sent.unit, "OPEN", True)

    def test_is_for_whom_it_was_sent_to_and_once(self, province: Province, sent: Enrolment) -> None:
        with pytest.raises(NotAllowed):
            refuse_arrival(moved=sent, reason="x", actor=officer_of(province, "97101"), now=NOW)
        new = officer_of(province, "97201")
        refuse_arrival(moved=sent, reason="Không cư trú tại xã", actor=new, now=NOW)
        with pytest.raises(DecisionImpossible):
            refuse_arrival(moved=sent, reason="Không cư trú tại xã", actor=new, now=NOW)

    def test_somebody_taken_in_is_not_sent_back(self, province: Province, sent: Enrolment) -> None:
        draft = Draft(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            kind="TRANSFER_IN",
            number="9/QĐ",
            signed_on=date(2024, 8, 15),
            effective_month=AUGUST,
        )
        take_in(moved=sent, code="HS-MOI", draft=draft, actor=province.staff["MAKER"], now=NOW)
        with pytest.raises(DecisionImpossible):
            refuse_arrival(moved=sent, reason="x", actor=officer_of(province, "97201"), now=NOW)


def test_a_resumption_signed_ahead_waits_for_its_month(province: Province) -> None:
    """Suspended from August, resumed from October with the months between: nothing before the list of October, then all three."""
    before = datetime(2024, 7, 10, 3, tzinfo=UTC)
    enrolment = province.enrol(coefficient="1.0", recorded_at=before)
    decide(province, enrolment, "SUSPEND", AUGUST, now=before)
    enrolment.refresh_from_db()
    decide(province, enrolment, "RESUME", OCTOBER, pay_between=True, now=before)
    for month in (AUGUST, SEPTEMBER):
        province.build(month)
        assert due_to(enrolment) == []
        assert _everybody_has_an_answer(month)
    province.build(OCTOBER)
    assert _everybody_has_an_answer(OCTOBER)
    assert [month for _, month, *_ in due_to(enrolment)] == ["08", "09", "10"]


def _everybody_has_an_answer(month: date) -> bool:
    """Whether the proof of the month counts as many enrolments as answers."""
    checks = prove_cycle(month=month).checks
    return next(check.holds for check in checks if "câu trả lời" in check.name)


class TestWhatIsAsked:
    def test_goes_along_and_waits_for_somebody_of_the_new_commune(self, province: Province) -> None:
        enrolment, number = enrolled(province)
        person, old, new = enrolment.beneficiary, officer_of(province, "97101"), officer_of(province, "97201")
        Case.objects.create(
            kind="IDENTITY", beneficiary=person, unit=person.unit, reason="NUMBER_MISSING", opened_at=NOW, owner=old
        )
        Case.objects.create(
            kind="OVERPAID", beneficiary=person, unit=person.unit, reason="OVERPAID", opened_at=NOW, subject="x"
        )
        tell(province, said(person, number, "BV-1", source="HOSPITAL"))
        move(province, enrolment)

        assert {case.kind for case in cases_in_reach(new, now=NOW)} == {"IDENTITY", "DEATH"}
        assert {case.kind for case in cases_in_reach(old, now=NOW)} == {"OVERPAID"}  # of money the old commune gave
        assert Case.objects.get(kind="IDENTITY").owner is None

    def test_that_somebody_moved_is_asked_no_more_when_they_arrived(self, province: Province) -> None:
        enrolment, number = enrolled(province)
        tell(province, said(enrolment.beneficiary, number, "M-1", kind="MOVE", to_unit="97201"))
        move(province, enrolment)

        assert Case.objects.get(kind="MOVE").status == "SOLVED"

    def test_a_notice_of_the_old_commune_holds_on_but_a_later_one_of_it_counts_no_more(
        self, province: Province
    ) -> None:
        enrolment, number = enrolled(province)
        person, old = enrolment.beneficiary, officer_of(province, "97101")
        receive(events=[said(person, number, "X-1", source="COMMUNE")], actor=old, now=NOW)
        move(province, enrolment)
        tell(province, said(person, number, "M-2", kind="MOVE", to_unit="97201"))
        assert LifeStatus.objects.get().notice_on is not None

        other, another = enrolled(province)
        move_on = Draft(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            kind="TRANSFER_OUT",
            number="8/QĐ",
            signed_on=date(2024, 7, 10),
            effective_month=AUGUST,
            last_month=JULY,
            to_unit_id=province.units["97201"].pk,
        )
        record_decision(enrolment=other, draft=move_on, actor=province.staff["MAKER"], now=NOW)
        draft = Draft(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            kind="TRANSFER_IN",
            number="11/QĐ",
            signed_on=date(2024, 8, 15),
            effective_month=JULY,
        )
        take_in(moved=other, code="HS-MOI-2", draft=draft, actor=province.staff["MAKER"], now=NOW)
        later = datetime(2024, 8, 22, tzinfo=UTC)
        receive(events=[said(other.beneficiary, another, "X-2", source="COMMUNE")], actor=old, now=later)
        assert not LifeStatus.objects.filter(pk=other.beneficiary_id, notice_on__isnull=False).exists()
