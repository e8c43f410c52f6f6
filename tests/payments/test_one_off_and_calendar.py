"""What is paid once, the calendar of a month, closing it, the ages that are asked about, and trying a month before building it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
import xlsxwriter
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction

from beneficiaries.errors import PaperUnreadable
from beneficiaries.models import Beneficiary, Case, Decision, Enrolment, Programme
from beneficiaries.services.decisions import Draft, keep_paper, record_decision
from beneficiaries.services.rules.age_warnings import warn_of_ages
from payments.errors import (
    BudgetYearNotSaid,
    CycleNotFinished,
    OneOffImpossible,
)
from payments.models import Cycle, Entitlement, Payment, PaymentBatch
from payments.services.lists.build_lists import build_lists
from payments.services.lists.calendar import month_calendar
from payments.services.lists.close_cycle import close_cycle
from payments.services.lists.dry_run import Change, dry_run
from payments.services.once.one_off import (
    Household,
    Order,
    grant_funeral_allowance,
    grant_once,
    grant_to_households,
    open_one_off,
)
from staff.errors import NotAllowed
from tests.payments.province import AUGUST, JULY, SEPTEMBER, Province

NOW = datetime(2024, 8, 20, 3, tzinfo=UTC)
ORDER = Order(signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="80/NQ-CP", signed_on=date(2024, 7, 10), month=AUGUST)


def gift(province: Province):
    return open_one_off(
        code="QUA-2-9", name="Quà Quốc khánh", amount=100_000, budget_source="Ngân sách trung ương", order=ORDER,
        actor=province.staff["MAKER"],
    )  # fmt: skip


class TestGifts:
    def test_go_to_whoever_receives_the_monthly_allowance_when_the_list_is_made(self, province):
        """A child's gift, granted while one guardian received and built while another does; a grown-up's is their own."""
        child, adult = province.person(birth_year=2022), province.person()
        monthly = province.enrol(child, payee_kind="GUARDIAN", payee_name="Lê Thị Cũ")
        province.enrol(adult)
        grant_once(programme=gift(province), people=[child, adult], order=ORDER, actor=province.staff["MAKER"], now=NOW)
        monthly.payee_name = "Nguyễn Thị Mới"
        monthly.save()
        province.build(AUGUST)

        named = Payment.objects.filter(batch__programme__code="QUA-2-9").values_list("beneficiary_id", "payee_name")
        assert dict(named) == {child.pk: "Nguyễn Thị Mới", adult.pk: adult.full_name}

    def test_of_a_household_go_to_its_head_in_one_sum(self, province):
        """Also where somebody else receives the head's allowance, or a member's."""
        head, member = province.person(), province.person(birth_year=2022)
        for person in (head, member):
            province.enrol(person, payee_kind="CARER", payee_name="Lê Thị Chăm")
        household = Household(head=head, members=[head, member])
        grant_to_households(
            programme=gift(province), households=[household], order=ORDER, actor=province.staff["MAKER"], now=NOW
        )
        province.build(AUGUST)

        named = Payment.objects.filter(batch__programme__code="QUA-2-9").values_list("payee_name", "amount")
        assert list(named) == [(head.full_name, 200_000)]

    def test_come_once_to_each_person_whatever_is_sent_again(self, province):
        people = [province.person(), province.person()]
        twin = province.person(same_as=people[0])
        programme = gift(province)
        for _ in range(2):
            grant_once(programme=programme, people=[*people, twin], order=ORDER, actor=province.staff["MAKER"], now=NOW)
        province.build(AUGUST)
        province.build(SEPTEMBER)

        assert [payment.amount for payment in Payment.objects.all()] == [100_000, 100_000]
        assert set(Entitlement.objects.values_list("kind", flat=True)) == {"ONE_OFF"}

    def test_of_a_household_go_to_the_head_but_for_members_with_an_account(self, province):
        head, child, aunt = province.person(), province.person(), province.person()
        province.open_account(aunt)
        programme = gift(province)
        grant_to_households(
            programme=programme, households=[Household(head, [head, child, aunt])], order=ORDER,
            actor=province.staff["MAKER"], now=NOW,
        )  # fmt: skip
        province.build(AUGUST)

        paid = set(Payment.objects.values_list("payee_name", "amount", "batch__channel"))
        assert paid == {(head.full_name, 200_000, "CASH"), (aunt.full_name, 100_000, "ACCOUNT")}
        assert Entitlement.objects.count() == 3

    def test_that_came_back_are_paid_with_a_later_list(self, province):
        programme = gift(province)
        grant_once(programme=programme, people=[province.person()], order=ORDER, actor=province.staff["MAKER"], now=NOW)
        province.build(AUGUST)
        Payment.objects.all().apply("STOP", now=NOW, confirmed_at=NOW)
        province.build(SEPTEMBER)

        assert Payment.objects.get(batch__cycle__month=SEPTEMBER).amount == 100_000

    def test_can_not_join_a_month_that_is_closed(self, province):
        programme = gift(province)
        province.build(AUGUST)
        Cycle.objects.update(closed_at=NOW, closed_by=province.staff["CHECKER"])

        with pytest.raises(OneOffImpossible):
            grant_once(
                programme=programme, people=[province.person()], order=ORDER, actor=province.staff["MAKER"], now=NOW
            )


class TestFuneral:
    @pytest.fixture
    def dead(self, province: Province) -> Beneficiary:
        person = province.person()
        province.identify(person, deceased_on=date(2024, 7, 10))
        return person

    def grant(self, province: Province, dead, code: str = "MTP-1", **changes: object) -> Enrolment:
        return grant_funeral_allowance(
            code=code, organiser_name="Lê Thị Lo", sex="FEMALE", unit=province.units["97101"], dead=dead, order=ORDER,
            actor=province.staff["MAKER"], now=NOW, **changes,
        )  # fmt: skip

    def test_is_not_for_somebody_nobody_said_is_dead(self, province):
        """Else ten million for a funeral, and the allowance of the living goes on every month."""
        with pytest.raises(OneOffImpossible, match="báo tử"):
            self.grant(province, province.enrol().beneficiary)
        assert not Enrolment.objects.filter(programme__kind="FUNERAL").exists()

    def test_is_twenty_standard_amounts_to_whoever_arranged_it_on_a_list_of_its_own(self, province, dead):
        self.grant(province, dead)
        province.build(AUGUST)

        payment = Payment.objects.get()
        assert (payment.payee_name, payment.amount) == ("Lê Thị Lo", 10_000_000)
        assert (payment.batch.programme.code, payment.entitlements.get().kind) == ("MTP", "FUNERAL")

    def test_comes_once_per_dead_person(self, province, dead):
        self.grant(province, dead)

        with pytest.raises(OneOffImpossible):
            self.grant(province, dead, code="MTP-2")

    def test_is_never_less(self, province, dead):
        with pytest.raises(OneOffImpossible):
            self.grant(province, dead, times=19)


class TestCalendar:
    @pytest.mark.parametrize(
        "month, closed, handed_over",
        [
            (date(2024, 9, 1), date(2024, 8, 15), date(2024, 8, 23)),
            (date(2024, 3, 1), date(2024, 2, 15), date(2024, 2, 23)),
            (date(2025, 2, 1), date(2025, 1, 15), date(2025, 1, 24)),
            (date(2024, 10, 1), date(2024, 9, 13), date(2024, 9, 24)),
        ],
    )
    def test_deadlines_are_working_days(self, province, month, closed, handed_over):
        days = month_calendar(month=month)
        assert (days.changes_close_on, days.hand_over_by) == (closed, handed_over)

    def test_the_budget_year_of_an_early_january_list_is_asked(self, province):
        january = {"month": date(2025, 1, 1), "listed_on": date(2024, 12, 18), "pay_on": date(2025, 1, 5)}
        with pytest.raises(BudgetYearNotSaid):
            build_lists(**january, actor=province.staff["MAKER"], now=NOW)

        build_lists(**january, actor=province.staff["MAKER"], now=NOW, budget_year=2025)
        assert Cycle.objects.get().budget_year == 2025


class TestClosing:
    def test_waits_for_every_payment(self, province):
        province.enrol()
        province.build(AUGUST)
        batch = PaymentBatch.objects.get()

        with pytest.raises(CycleNotFinished) as refusal:
            close_cycle(month=AUGUST, actor=province.staff["CHECKER"], now=NOW)
        assert refusal.value.conflicts == [str(batch.pk)]
        with pytest.raises(IntegrityError, match="every payment is final"), transaction.atomic():
            Cycle.objects.update(closed_at=NOW, closed_by=province.staff["CHECKER"])

    def test_nothing_joins_it_afterwards_and_it_stays_closed(self, province):
        enrolment = province.enrol(granted=False)
        province.build(AUGUST)
        cycle = close_cycle(month=AUGUST, actor=province.staff["CHECKER"], now=NOW)

        assert close_cycle(month=AUGUST, actor=province.staff["CHECKER"], now=NOW).closed_at == NOW
        with pytest.raises(IntegrityError, match="stays closed"), transaction.atomic():
            Cycle.objects.update(closed_at=None, closed_by=None)
        with pytest.raises(IntegrityError, match="nothing joins"), transaction.atomic():
            Entitlement.objects.create(
                cycle=cycle, enrolment=enrolment, programme=enrolment.programme, month=JULY, standard_amount=1,
                coefficient=1, amount=1, not_payable_reason="NO_DECISION",
            )  # fmt: skip

    def test_is_the_checkers(self, province):
        with pytest.raises(NotAllowed):
            close_cycle(month=AUGUST, actor=province.staff["MAKER"], now=NOW)


class TestAges:
    @pytest.mark.parametrize(
        "birth, warned",
        [
            (date(1944, 8, 20), True),
            (date(1944, 10, 19), True),
            (date(1944, 10, 20), False),
            (date(1944, 8, 19), False),
        ],
    )
    def test_are_asked_about_sixty_days_before(self, province, birth, warned):
        person = province.person(birth_date=birth, birth_year=1944)
        enrolment = province.enrol(person, category="CT-60")

        assert warn_of_ages(now=NOW) == int(warned)
        enrolment.refresh_from_db()
        assert (enrolment.coefficient, enrolment.ended_month) == (Decimal("1.5"), None)

    def test_are_asked_about_once(self, province):
        province.enrol(province.person(birth_date=date(1944, 9, 1), birth_year=1944), category="CT-60")
        warn_of_ages(now=NOW)
        Case.objects.update(status="SOLVED", decided_by=province.staff["MAKER"], decided_at=NOW)

        assert warn_of_ages(now=NOW) == 0

    def test_by_birth_year_alone_follow_the_setting(self, province, settings):
        settings.BIRTH_YEAR_ONLY_MONTH = 9
        province.enrol(province.person(birth_year=1944), category="CT-60")

        assert warn_of_ages(now=NOW) == 1
        assert "chỉ biết năm sinh" in Case.objects.get().evidence[0]


class TestDryRun:
    def try_september(self, province: Province, unit: str = "97"):
        return dry_run(
            month=SEPTEMBER,
            listed_on=date(2024, 8, 18),
            unit=province.units[unit],
            actor=province.staff["MAKER"],
            now=NOW,
        )

    def decide(self, province: Province, enrolment: Enrolment, kind: str, **changes: object) -> None:
        draft = Draft(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            kind=kind,
            number=f"{kind}-{enrolment.pk}",
            signed_on=date(2024, 8, 1),
            effective_month=SEPTEMBER,
            **changes,
        )
        record_decision(enrolment=enrolment, draft=draft, actor=province.staff["MAKER"], now=NOW)

    @pytest.fixture
    def moving_month(self, province: Province) -> Province:
        """August, then one of every change."""
        stays, dies, stops, pauses, leaves, rises = (province.enrol(coefficient="1.0") for _ in range(6))
        province.build(AUGUST)
        self.decide(province, dies, "STOP", reason="Đối tượng chết")
        self.decide(province, stops, "STOP", reason="Hết điều kiện")
        self.decide(province, pauses, "SUSPEND")
        self.decide(province, leaves, "TRANSFER_OUT", last_month=AUGUST, to_unit_id=province.units["97201"].pk)
        self.decide(province, rises, "ADJUST", coefficient=Decimal(2))
        province.enrol(province.person(commune="97201"), coefficient="1.0", starts_month=SEPTEMBER)
        province.open_account(stays.beneficiary)
        return province

    def test_writes_nothing(self, moving_month):
        counts = (Cycle.objects.count(), Entitlement.objects.count(), Payment.objects.count(), Case.objects.count())
        self.try_september(moving_month)

        assert counts == (
            Cycle.objects.count(),
            Entitlement.objects.count(),
            Payment.objects.count(),
            Case.objects.count(),
        )

    def test_names_every_difference_from_last_month_and_ties_out(self, moving_month):
        rows = {row.kind: (row.enrolments, row.amount) for row in self.try_september(moving_month).changes}

        assert rows == {
            Change.LAST_MONTH: (6, 3_000_000),
            Change.NEW: (1, 500_000),
            Change.MOVED_IN: (0, 0),
            Change.RESUMED: (0, 0),
            Change.ONCE: (0, 0),
            Change.DIED: (1, -500_000),
            Change.MOVED_OUT: (1, -500_000),
            Change.NO_LONGER_ENTITLED: (1, -500_000),
            Change.SUSPENDED: (1, -500_000),
            Change.ONCE_BEFORE: (0, 0),
            Change.LEVEL: (1, 500_000),
            Change.ACCOUNT: (1, 0),
            Change.PAYEE: (0, 0),
            Change.THIS_MONTH: (3, 2_000_000),
        }

    def test_a_gift_is_neither_a_new_right_nor_a_lost_one(self, province):
        """Granted for August to one of two people: in August's difference and in September's it stands apart."""
        stays, _ = (province.enrol(coefficient="1.0") for _ in range(2))
        order = Order(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="80/NQ-CP", signed_on=date(2024, 7, 10), month=AUGUST
        )
        grant_once(
            programme=gift(province), people=[stays.beneficiary], order=order, actor=province.staff["MAKER"], now=NOW
        )
        given = {"unit": province.units["97"], "actor": province.staff["MAKER"], "now": NOW}
        august = dry_run(month=AUGUST, listed_on=date(2024, 7, 18), **given)
        province.build(AUGUST)

        told = [{row.kind: row.enrolments for row in run.changes} for run in (august, self.try_september(province))]

        kinds = (Change.NEW, Change.ONCE, Change.NO_LONGER_ENTITLED, Change.ONCE_BEFORE, Change.THIS_MONTH)
        assert [[of[kind] for kind in kinds] for of in told] == [[2, 1, 0, 0, 3], [0, 0, 0, 1, 2]]

    def test_says_what_the_lists_then_hold(self, moving_month):
        tried = self.try_september(moving_month)
        moving_month.build(SEPTEMBER)

        payments = Payment.objects.filter(batch__cycle__month=SEPTEMBER)
        assert sum(row.total for row in tried.communes) == sum(payment.amount for payment in payments)
        assert sum(tried.sources.values()) == sum(payment.amount for payment in payments)
        assert {row.code: row.not_payable for row in tried.communes} == {"97101": 1, "97201": 0}

    def test_counts_people_as_the_lists_then_do(self, province):
        first = province.enrol(coefficient="1.0")
        province.enrol(first.beneficiary, category="CSND-1", coefficient="1.0")
        tried, beside = self.try_september(province), self.try_september(province, "97201")
        province.build(SEPTEMBER)

        listed = Payment.objects.filter(batch__cycle__month=SEPTEMBER).values("beneficiary").distinct().count()
        assert sum(row.payable for row in tried.communes) > tried.paid_people == listed == 1
        assert beside.paid_people == 0

    def test_says_where_everybody_is_when_two_months_are_drawn_together(self, province, monkeypatch, capsys):
        """Before Tết: the second month is tried and nobody is to be paid; they are on the list of the first, and it says so."""
        for _ in range(2):
            province.enrol(coefficient="1.0")
        given = {"actor": province.staff["MAKER"], "now": NOW, "months_together": 2}
        first = dry_run(month=AUGUST, listed_on=date(2024, 7, 18), unit=province.units["97"], **given)
        build_lists(month=AUGUST, listed_on=date(2024, 7, 18), pay_on=date(2024, 8, 5), **given)
        late = province.enrol(coefficient="1.0", starts_month=SEPTEMBER)
        second = self.try_september(province)

        assert (first.together.ahead, first.together.ahead_amount, first.together.drawn_before) == (2, 1_000_000, 0)
        assert (second.together.drawn_before, second.together.drawn_before_amount) == (2, 1_000_000)
        assert [(row.payable, row.total) for row in second.communes] == [(1, 500_000)]
        province.build(SEPTEMBER)
        assert Payment.objects.filter(batch__cycle__month=SEPTEMBER).get().beneficiary == late.beneficiary
        assert sum(Payment.objects.values_list("amount", flat=True)) == 2_500_000

    @pytest.mark.parametrize(("listed_on", "asks"), [(date(2024, 12, 18), True), (date(2024, 12, 25), False)])
    def test_says_that_a_budget_year_will_be_asked_for(self, province, listed_on, asks):
        given = {"unit": province.units["97"], "actor": province.staff["MAKER"], "now": NOW}
        assert dry_run(month=date(2025, 1, 1), listed_on=listed_on, **given).asks_budget_year is asks

    def test_is_printed_with_whole_figures_on_a_narrow_terminal(self, province, monkeypatch, capsys):
        monkeypatch.setenv("COLUMNS", "60")
        for _ in range(3):
            province.enrol(coefficient="2.5")
        call_command("dry_run", "2024-09", "--actor", "maker", "--unit", "97101", "--listed-on", "2024-08-18")

        printed = capsys.readouterr().out
        assert "3.750.000" in printed and "…" not in printed

    def test_shows_people_of_one_commune_only_and_no_sensitive_category(self, province):
        province.enrol(category="HIV-NGHEO")
        province.enrol(province.person(commune="97102"))

        assert self.try_september(province).people == []
        assert [person.category for person in self.try_september(province, "97101").people] == ["N03"]


class TestPapers:
    def test_are_sealed_and_kept_once(self, province):
        first = keep_paper(content=b"%PDF-1.7 mat", actor=province.staff["MAKER"], now=NOW)
        again = keep_paper(content=b"%PDF-1.7 mat", actor=province.staff["MAKER"], now=NOW)

        assert first == again
        assert b"mat" not in bytes(first.sealed)

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html>", b"%PDF-" + b"0" * (10 * 1024 * 1024)])
    def test_are_pdf_or_pictures_of_bounded_size(self, province, content):
        with pytest.raises(PaperUnreadable):
            keep_paper(content=content, actor=province.staff["MAKER"], now=NOW)
        assert not Decision.objects.exists()


class TestGrantCommand:
    def households(self, tmp_path, *rows: list[str]) -> str:
        path = tmp_path / "ho.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate([["Mã hộ", "Mã hồ sơ hưởng", "Chủ hộ"], *rows]):
                sheet.write_row(number, 0, row)
        return str(path)

    def run(self, path: str, *more: str) -> str:
        out = StringIO()
        call_command(
            "grant", "QUA-TET", "--open", "Quà Tết", "--amount", "300000", "--source", "Ngân sách tỉnh", "--number", "9/QĐ",
            "--signed-on", "2024-07-20", "--signer", "Nguyễn Văn Chủ, Chủ tịch UBND", "--month", "2024-08", "--actor", "maker",
            "--households", path, *more, stdout=out,
        )  # fmt: skip
        return out.getvalue()

    def test_grants_to_the_households_of_a_list(self, province, tmp_path):
        head, child = province.enrol(), province.enrol()

        said = self.run(self.households(tmp_path, ["H1", head.code, "x"], ["H1", child.code, ""]))
        granted = Enrolment.objects.filter(programme__code="QUA-TET")
        assert (said.strip(), granted.count()) == ("Đã ghi 2 người mới.", 2)
        assert granted.get(beneficiary=child.beneficiary).paid_to == head.beneficiary

    @pytest.mark.parametrize("rows", [[["H1", "{head}", ""]], [["H1", "{head}", "x"], ["H1", "HS-KHONG-CO", ""]]])
    def test_grants_to_nobody_while_a_row_is_unclear(self, province, tmp_path, rows):
        head = province.enrol()
        written = [[cell.format(head=head.code) for cell in row] for row in rows]

        with pytest.raises(CommandError):
            self.run(self.households(tmp_path, *written))
        assert not Programme.objects.filter(code="QUA-TET").exists()
