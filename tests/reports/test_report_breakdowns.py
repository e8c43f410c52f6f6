"""Biểu 03, 05, 07, 08, 10 and the sentences made from work not done."""

from datetime import date, datetime, timedelta

from beneficiaries.models import BankAccount, Case, QualityScore
from payments.models import FundingAccount, TopUp
from payments.services.ledger.journal import book, book_top_up
from reconciliation.reports import take_snapshot
from reconciliation.reports.breakdowns import opening_steps
from reconciliation.reports.letterhead import agency_of, place_of
from reconciliation.reports.obstacles import write_obstacles, write_proposals
from reconciliation.reports.tables import report_tables
from reconciliation.reports.tables.districts import unit_heading
from reconciliation.reports.tables.funds import unexplained
from reconciliation.reports.verify import verify_report
from reconciliation.reports.writing import snapshot_json
from staff.models import User
from tests.reports.provinces import province_figures
from tests.reports.world import JULY, NOW, QUARTER, SEPTEMBER, World

Cells = dict[str, list[object]]


def table(figures: dict[str, object], key: str) -> Cells:
    """Cells of one table by the name of the line; the first of a name wins."""
    found: Cells = {}
    for line in next(each for each in report_tables(figures) if each.key == key).lines:
        found.setdefault(str(line.cells[1]), list(line.cells[2:]))
    return found


def figures_of(world: World) -> dict[str, object]:
    world.play()
    figures: dict[str, object] = take_snapshot(unit=world.province, now=NOW, **QUARTER).figures
    return figures


class TestPersons:
    def test_sexes_and_ages_add_up_to_the_whole_and_a_birthday_on_the_last_day_counts(self, world: World):
        for number in range(12):
            born = date(1944, 9, 30) if number < 6 else date(1944, 10, 1)
            enrolment = world.person(sex="MALE" if number % 2 else "FEMALE", born=born)
            world.pay(enrolment, JULY, account=world.account(enrolment.beneficiary))

        cells = table(figures_of(world), "Biểu 03")

        assert [cells[name][0] for name in ("Toàn tỉnh", "Nam", "Nữ")] == [12, 6, 6]
        assert (cells["Từ đủ 80 tuổi trở lên"][0], cells["Từ đủ 75 đến dưới 80"][0]) == (6, 6)

    def test_an_age_of_four_people_stands_with_the_next_smallest(self, world: World):
        for year in [1940] * 4 + [1960] * 9 + [1990] * 20:
            world.person(born=date(year, 6, 15))

        ages = figures_of(world)["persons"]["age"]

        assert [row["beneficiaries"] for row in ages] == [20, 13]


class TestOpening:
    def test_every_person_stands_at_one_step(self, world: World):
        world.account(world.person().beneficiary)
        world.account(world.person(commune=1).beneficiary, status="REQUESTED", opened_on=None)
        world.person()
        # The database writes the history of accounts with today's day, which lies after the quarter.
        figures = take_snapshot(
            unit=world.province, from_on=date(2024, 7, 1), to_on=date(2099, 12, 31), now=NOW
        ).figures

        cells = table(figures, "Biểu 07")["Toàn tỉnh"]

        assert cells == [0, 1, 1, 1, 0, 0, 0, 1]

    def test_who_was_credited_is_told_as_of_the_day_however_late_it_is_counted(self, world: World):
        last_day, later = date(2099, 12, 31), date(2100, 1, 1)
        fates: list[tuple[str, dict[str, object]]] = [
            ("POSTED", {}),
            ("POSTED", {"credited_on": later}),
            ("RETURNED", {"returned_on": date(2024, 9, 9)}),
            ("RETURNED", {"returned_on": later}),
        ]
        for status, days in fates:
            person = world.person()
            account = world.account(person.beneficiary)
            world.pay(person, SEPTEMBER, account=account, status=status, **days)
        world.play()
        BankAccount.objects.update(last_credited_month=later)  # by the lists of a later month

        counted = opening_steps(unit=world.province, on=last_day)

        (steps,) = counted.values()
        assert steps["FIRST_PAYMENT"] == 2


class TestQuality:
    def test_the_last_counted_day_of_the_period_is_taken_and_programmes_are_added(self, world: World):
        counts = dict.fromkeys(
            ("complete", "cleaned", "live", "solved_mismatches", "open_mismatches", "without_number", "not_found", "duplicates", "deceased"), 0
        )  # fmt: skip
        for on, correct in ((date(2024, 9, 1), 1), (date(2024, 9, 29), 7), (date(2024, 10, 1), 9)):
            QualityScore.objects.create(
                taken_on=on, unit=world.communes[0], programme=world.programme, files=10, correct=correct, **counts
            )

        cells = table(figures_of(world), "Biểu 08")

        assert cells["Toàn tỉnh"][:2] == [10, 7]
        assert str(cells["Toàn tỉnh"][8]) == "70.00"

    def test_a_period_without_a_counted_day_says_so_instead_of_zero(self, world: World):
        assert table(figures_of(world), "Biểu 08")["Toàn tỉnh"][0] is None


class TestFunds:
    def test_the_books_give_opening_movements_and_closing_and_leave_nothing_unexplained(self, world: World):
        account = FundingAccount.objects.create(code="TK", bank_account_id="fa", paying_unit=world.district)
        for day, amount in ((date(2024, 6, 30), 100), (date(2024, 7, 1), 40), (date(2024, 10, 1), 7)):
            top_up = TopUp.objects.create(funding_account=account, reference=f"R{amount}", amount=amount, booked_on=day)
            book_top_up(top_up=top_up, now=NOW)
        for source, amounts in (("x", {"PAID": 90, "FUNDS": -90}), ("y", {"FUNDS": 20, "RETURNED": -20})):
            book(
                source=source,
                description="",
                funding_account=account,
                amounts=amounts,
                booked_on=date(2024, 8, 1),
                now=NOW,
            )

        figures = figures_of(world)

        assert table(figures, "Biểu 05")["Chi qua tài khoản"][2:9] == [100, 40, 90, 20, "-", 0, 70]
        assert unexplained(figures["funds"][0]) == 0


class TestCash:
    def test_cash_has_a_line_of_its_own_beside_the_providers_list(self, world: World):
        world.pay(world.person(), JULY, amount=750_000)

        cells = table(figures_of(world), "Biểu 10")

        assert cells["Chi trực tiếp bằng tiền mặt"][:6] == [1, 750_000, 1, 750_000, 0, 0]


class TestWork:
    def case(self, world: World, *, opened_at: datetime, **more: object) -> None:
        beneficiary = world.person().beneficiary
        Case.objects.create(
            kind="ACCOUNT", beneficiary=beneficiary, unit=beneficiary.unit, reason="X", opened_at=opened_at, **more
        )

    def test_work_is_counted_as_of_the_last_day(self, world: World):
        last = datetime.fromisoformat("2024-09-30T23:59:00+07:00")
        self.case(world, opened_at=last, due_on=date(2024, 9, 1))
        self.case(world, opened_at=last + timedelta(minutes=2))

        figures = figures_of(world)

        assert write_obstacles(figures) == ["Tài khoản: còn 1 việc đang xử lý, trong đó 1 việc quá hạn."]
        assert write_proposals(figures) == []


class TestOlderSnapshots:
    def test_a_snapshot_of_the_first_schema_is_still_printed_without_the_tables_it_has_no_figures_for(self):
        figures = province_figures(districts=1, communes=1)
        for key in ("persons", "opening", "quality", "funds", "cash_results", "work"):
            del figures[key]

        keys = [each.key for each in report_tables(figures)]

        assert "Biểu 01" in keys
        assert not {"Biểu 03", "Biểu 05", "Biểu 07", "Biểu 08"} & set(keys)
        assert len(table(figures, "Biểu 10")) == 1


class TestHeading:
    def test_names_only_kinds_of_units_there_are(self):
        figures = {"units": [{"name": "xã A", "kind": "COMMUNE"}, {"name": "đặc khu B", "kind": "COMMUNE"}]}

        assert unit_heading(figures) == "Đơn vị (xã, đặc khu)"


class TestRegisters:
    def test_each_commune_has_its_own_line_and_the_whole_is_their_sum(self):
        figures = province_figures(districts=1, communes=2)
        codes = [unit["code"] for unit in figures["units"] if unit["kind"] == "COMMUNE"]
        counts = {"residents": 10, "deceased": 1, "cards_issued": 8, "eid_eligible": 5, "eid_active": 4}
        figures |= {"registers": {key: 3 * value for key, value in counts.items()}}
        figures |= {
            "registers_by_unit": {codes[0]: counts, codes[1]: {key: 2 * value for key, value in counts.items()}}
        }

        lines = next(each for each in report_tables(figures) if each.key == "Biểu 09").lines

        assert [line.cells[2:5] for line in lines] == [(30, 30, 24), (30, 30, 24), (10, 10, 8), (20, 20, 16)]
        assert str(lines[0].cells[5]) == "80.00"


class TestResults:
    def test_biểu_04_says_how_far_the_work_about_these_people_is(self, world: World):
        for nth in range(3):
            enrolment = world.person()
            world.account(enrolment.beneficiary)
            world.pay(enrolment, JULY)
            if nth:
                Case.objects.create(
                    kind="ACCOUNT", beneficiary=enrolment.beneficiary, unit=world.communes[0], reason="X",
                    opened_at=datetime.fromisoformat("2024-09-01T08:00:00+07:00"),
                )  # fmt: skip

        lines = next(each for each in report_tables(figures_of(world)) if each.key == "Biểu 04").lines

        assert [line.cells[-1] for line in lines] == ["Đã xử lý 0; đang xử lý 2"] * 2

    def test_that_is_told_as_of_the_moment_of_counting_and_counted_again_the_same(self, world: World):
        """What came back on the last day is dealt with after it; what is done after the report was made is the next report's to tell."""
        enrolment = world.person()
        world.account(enrolment.beneficiary)
        world.pay(enrolment, JULY)
        decider = User.objects.create(username="canbo", full_name="Cán bộ")
        case = {"kind": "ACCOUNT", "beneficiary": enrolment.beneficiary, "unit": world.communes[0], "level": "COMMUNE"}
        Case.objects.create(**case, reason="X", opened_at=NOW - timedelta(hours=5))
        snapshot = take_snapshot(unit=world.province, now=NOW, **QUARTER)

        Case.objects.update(
            status="SOLVED", decided_at=NOW + timedelta(hours=1), decided_by=decider, solution="NOTHING"
        )

        assert (snapshot.figures["gap"]["done"], snapshot.figures["gap"]["doing"]) == (0, 1)
        assert verify_report(snapshot_json(snapshot).encode()).recount == []
        later = take_snapshot(unit=world.province, now=NOW + timedelta(days=1), **QUARTER).figures["gap"]
        assert (later["done"], later["doing"]) == (1, 0)


class TestLetterhead:
    def test_a_commune_reports_under_its_own_head_and_a_province_by_its_department(self, world: World):
        commune, province = agency_of(world.communes[0]), agency_of(world.province)

        assert (commune["above"], commune["symbol"], commune["signer"]) == ("", "UBND", ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"])  # fmt: skip
        assert (province["above"], province["signer"]) == (f"UBND {world.province.name}", ["GIÁM ĐỐC"])

    def test_a_paper_is_dated_at_the_place_without_its_kind(self):
        named = ("thành phố An Sơn", "thị xã Ninh Hải", "Xã Phước Thuận", "đặc khu Phú Quý")
        assert [place_of(name) for name in named] == ["An Sơn", "Ninh Hải", "Phước Thuận", "Phú Quý"]
