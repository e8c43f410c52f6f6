"""Beside Excel: every row of the clerk's list and every row of ours has exactly one finding, with its reason."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from beneficiaries.errors.files import ColumnsMissing
from beneficiaries.models import Beneficiary, Decision, Enrolment, Programme, StandardAmount
from payments.models import Cycle, Deduction, Entitlement, PaymentBatch
from payments.states import Cause
from reconciliation.errors import MonthNotListed
from reconciliation.services.months.compare_list import Compared, Comparison, compare_list
from staff.errors import NotAllowed
from tests.api.conftest import bank, fresh_throttles, same_world, world, world_of_the_module
from tests.api.world import NOW, World, make_cycle
from tests.pages.conftest import browse
from tests.pages.forms import Browse

__all__ = ["bank", "browse", "fresh_throttles", "same_world", "world", "world_of_the_module"]

pytestmark = pytest.mark.django_db
AUGUST, NAME = date(2024, 8, 1), "Trần Văn Ân"
HEAD = ("STT", "Mã hồ sơ", "Họ và tên", "Năm sinh", "Số tiền", "Tổng cộng")
Row = Sequence[Any]


def book(rows: Iterable[Row], *, head: Row = HEAD) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "DANH SÁCH CHI TRẢ THÁNG 8")
        for at, row in enumerate([head, *rows], start=2):
            sheet.write_row(at, 0, row)
    return stream.getvalue()


def code_of(world: World, name: str) -> str:
    return world.people[name].enrolments.get().code


def compare(world: World, *rows: Row, unit: str = "97101", month: date = AUGUST, head: Row = HEAD) -> Comparison:
    given = {"unit": world.units[unit], "month": month, "actor": world.staff["MAKER", "97"]}
    return compare_list(content=book(rows, head=head), **given)


def only(comparison: Comparison) -> Compared:
    (row,) = comparison.rows
    return row


class TestAgreeing:
    def test_the_same_person_and_sum_is_nothing_to_look_at(self, world: World) -> None:
        found = compare(
            world, (1, code_of(world, NAME), NAME, 1942, 750_000, 750_000), ("", "", "Tổng cộng", "", "", 750_000)
        )

        assert (found.in_file, found.same, found.rows) == (1, 1, [])
        assert found.their_total == found.our_total == 750_000

    def test_without_a_code_name_and_year_find_the_one_grant(self, world: World) -> None:
        found = compare(world, (1, "", "TRAN VAN AN", "1942", "", "750.000"))

        assert (found.same, found.rows) == (1, [])

    def test_every_row_of_both_lists_is_found_once(self, world: World) -> None:
        found = compare(
            world, (1, code_of(world, NAME), NAME, 1942, "", 750_000), (2, "HS-LA", "Người Lạ", 1950, "", 1), unit="971"
        )

        assert found.same + sum(row.row_number > 0 for row in found.rows) == found.in_file
        assert found.same + sum(row.ours is not None for row in found.rows) == found.our_people


class TestDiffering:
    def test_says_of_what_our_sum_is_made(self, world: World) -> None:
        payment = world.payments[NAME]
        enrolment, cycle = Entitlement.objects.get(payment=payment).enrolment, payment.batch.cycle
        june = make_cycle(date(2024, 6, 1), pay_on=date(2024, 6, 5))
        world.due(enrolment, cycle=june, payment=payment, amount=700_000)
        july = world.due(
            enrolment,
            cycle=make_cycle(date(2024, 7, 1), pay_on=date(2024, 7, 5)),
            payment=None,
            not_payable_reason="NO_DECISION",
        )
        world.due(enrolment, cycle=cycle, payment=payment, month=date(2024, 7, 1), amount=210_000, corrects=july)
        owed = Decision.objects.create(
            enrolment=enrolment,
            kind="RECOVER",
            number="15/QĐ",
            amount=300_000,
            monthly_ceiling=100_000,
            signed_on=date(2024, 7, 1),
            effective_month=AUGUST,
        )
        Deduction.objects.create(decision=owed, payment=payment, amount=100_000)

        row = only(compare(world, (1, enrolment.code, NAME, 1942, 750_000, 750_000)))

        assert (row.finding, row.theirs, row.ours) == ("AMOUNT", 750_000, 1_560_000)
        assert row.why == (
            "Hệ thống: tháng này 750.000 + truy lĩnh 210.000 + tháng trước chưa nhận 700.000 − thu hồi 100.000. Tệp mới ghi mức tháng này."
        )

    def test_what_was_decided_where_somebody_lived_before_is_taken_where_they_are_paid(self, world: World) -> None:
        enrolment, payment = world.people[NAME].enrolments.get(), world.payments[NAME]
        old = world.enrol(world.people[NAME])
        Enrolment.objects.filter(pk=old.pk).update(ended_month=enrolment.starts_month, moved_to=enrolment.unit)
        Enrolment.objects.filter(pk=enrolment.pk).update(continues=old)
        owed = Decision.objects.create(
            enrolment=old,
            kind="RECOVER",
            number="16/QĐ",
            amount=300_000,
            monthly_ceiling=100_000,
            signed_on=date(2024, 7, 1),
            effective_month=AUGUST,
        )
        Deduction.objects.create(decision=owed, payment=payment, amount=100_000)

        row = only(compare(world, (1, enrolment.code, NAME, 1942, 750_000, 750_000)))

        assert (row.finding, row.theirs, row.ours) == ("AMOUNT", 750_000, 650_000)
        assert "thu hồi 100.000" in row.why

    def test_names_the_coefficient_where_the_rate_itself_differs(self, world: World) -> None:
        row = only(compare(world, (1, code_of(world, NAME), NAME, 1942, "", 500_000)))

        assert row.finding == "AMOUNT"
        assert "Hệ số 1,5" in row.why

    def test_says_that_the_file_has_the_standard_amount_of_last_year(self, world: World) -> None:
        programme = world.people[NAME].enrolments.get().programme
        StandardAmount.objects.filter(programme=programme).delete()
        for day, amount in ((date(2021, 7, 1), 360_000), (date(2024, 7, 1), 500_000), (date(2025, 1, 1), 400_000)):
            StandardAmount.objects.create(
                programme=programme, valid_from=day, known_on=day, amount=amount, legal_source="x"
            )

        told = [
            only(compare(world, (1, code_of(world, NAME), NAME, 1942, "", amount))).why for amount in (540_000, 600_000)
        ]

        assert told[0].endswith("Tệp còn ghi theo mức chuẩn cũ 360.000.")
        assert "mức chuẩn cũ" not in told[1]

    def test_another_name_under_the_code_is_told_though_the_sum_agrees(self, world: World) -> None:
        row = only(compare(world, (1, code_of(world, NAME), "Trần Văn Ấm", 1942, "", 750_000)))

        assert row.finding == "NAME"
        assert "Tệp ghi “Trần Văn Ấm”; hồ sơ ghi “Trần Văn Ân”" in row.why

    def test_a_second_row_of_one_grant_is_not_paid_twice(self, world: World) -> None:
        code = code_of(world, NAME)

        row = only(compare(world, (1, code, NAME, 1942, "", 750_000), (2, code.lower(), NAME, 1942, "", 750_000)))

        assert (row.finding, row.row_number) == ("TWICE", 5)
        assert "đã có ở dòng 4" in row.why

    def test_somebody_the_file_lacks_is_named(self, world: World) -> None:
        row = only(compare(world))

        assert (row.finding, row.row_number, row.full_name, row.ours) == ("ONLY_OURS", 0, NAME, 750_000)

    def test_namesakes_of_one_year_are_asked_about_never_guessed(self, world: World) -> None:
        world.enrol(world.add_person(NAME, unit="97101"))
        person = Beneficiary.objects.filter(full_name=NAME).earliest("pk")

        found = compare(world, (1, "", NAME, 1942, "", 750_000))

        assert [row.finding for row in found.rows] == ["ELSEWHERE", "ONLY_OURS"]
        assert found.rows[1].code == person.enrolments.get().code

    @pytest.mark.parametrize("written", ["nhiều", "1,5", ""])
    def test_a_sum_nobody_can_read_is_no_nought(self, written: str, world: World) -> None:
        row = only(compare(world, (1, code_of(world, NAME), NAME, 1942, "", written)))

        assert (row.finding, row.theirs) == ("UNREADABLE", None)

    def test_somebody_elsewhere_is_not_shown(self, world: World) -> None:
        found = compare(world, (1, code_of(world, "Ngô Văn Cường"), "x", 1942, "", 750_000))

        assert found.rows[0].finding == "ELSEWHERE"
        assert found.rows[0].full_name == "x"
        assert found.rows[0].ours is None


class TestNotPaid:
    """The reasons why a month is not owed, in the order in which it is looked at."""

    @pytest.mark.parametrize(("changes", "told"), [
        ({"starts_month": date(2024, 9, 1)}, "Hưởng từ tháng 09/2024"),
        ({"paid_through_month": date(2024, 8, 1)}, "đã chi trả đến hết tháng 08/2024: chi nữa là chi hai lần"),
        ({"ended_month": date(2024, 8, 1)}, "Thôi hưởng từ tháng 08/2024"),
        ({"suspended_month": date(2024, 7, 1)}, "Tạm dừng từ tháng 07/2024"),
        ({}, "Hồ sơ được ghi sau khi lập danh sách"),
    ])  # fmt: skip
    def test_says_why_the_month_is_not_owed(self, changes: dict[str, date], told: str, world: World) -> None:
        enrolment = world.enrol(world.add_person("Phạm Thị Em", unit="97101"))
        Enrolment.objects.filter(pk=enrolment.pk).update(**changes)

        row = compare(world, (1, enrolment.code, "Phạm Thị Em", 1942, "", 750_000)).rows[0]

        assert (row.finding, row.ours) == ("NOT_PAID", None)
        assert told in row.why

    def test_says_which_list_what_is_paid_once_waits_for(self, world: World) -> None:
        enrolment = world.enrol(world.add_person("Phạm Thị Em", unit="97101"))
        once = Programme.objects.create(code="QUA", name="Quà tặng", kind=Programme.Kind.ONE_OFF, budget_source="DP")
        Enrolment.objects.filter(pk=enrolment.pk).update(programme=once)

        row = compare(world, (1, enrolment.code, "Phạm Thị Em", 1942, "", 750_000)).rows[0]

        assert row.why.endswith("mời tỉnh lập danh sách bổ sung của tháng này.")

    def test_says_what_keeps_the_money_back(self, world: World) -> None:
        enrolment = world.enrol(world.add_person("Phạm Thị Em", unit="97101"))
        world.due(enrolment, cycle=Cycle.objects.get(month=AUGUST), payment=None, not_payable_reason="DUPLICATE")

        row = compare(world, (1, enrolment.code, "Phạm Thị Em", 1942, "", 750_000)).rows[0]

        assert row.why.startswith("Nghi trùng")

    def test_who_was_taken_off_the_list_is_not_paid(self, world: World) -> None:
        PaymentBatch.objects.get(pk=world.payments[NAME].batch_id).payments.filter(pk=world.payments[NAME].pk).apply(
            Cause.STOP, now=NOW
        )

        row = only(compare(world, (1, code_of(world, NAME), NAME, 1942, "", 750_000)))

        assert (row.finding, row.ours) == ("NOT_PAID", None)

    def test_nought_beside_nothing_agrees(self, world: World) -> None:
        enrolment = world.enrol(world.add_person("Phạm Thị Em", unit="97101"))

        found = compare(world, (1, enrolment.code, "Phạm Thị Em", 1942, "", 0))

        assert found.same == 1


class TestRefusing:
    def test_a_month_without_lists(self, world: World) -> None:
        with pytest.raises(MonthNotListed):
            compare(world, month=date(2024, 12, 1))

    def test_a_file_without_sums(self, world: World) -> None:
        with pytest.raises(ColumnsMissing):
            compare(world, ("x", NAME), head=("Mã hồ sơ", "Họ và tên"))

    def test_another_districts_list(self, world: World) -> None:
        with pytest.raises(NotAllowed):
            compare_list(content=book([]), unit=world.units["972"], month=AUGUST, actor=world.staff["MAKER", "971"])


class TestPage:
    def send(self, browse: Browse, rows: list[Row], **changes: str) -> tuple[Any, str]:
        clerk = browse("COMMUNE_OFFICER", "971")
        form = {"month": "2024-08", "unit": "97101", "file": SimpleUploadedFile("thang8.xlsx", book(rows)), **changes}
        answer = clerk.send("/so-voi-excel/so/", form, follow=True)
        return clerk, answer.content.decode()

    def test_tells_what_differs_and_hands_it_out_as_a_workbook(self, world: World, browse: Browse) -> None:
        clerk, said = self.send(browse, [(1, code_of(world, NAME), NAME, 1942, "", 500_000)])

        assert "0 dòng khớp, 1 dòng cần xem" in said
        assert "Hệ số 1,5" in said
        link = next(part.split('"')[0] for part in said.split('href="') if part.startswith("/so-voi-excel/tep/"))
        rows = CalamineWorkbook.from_filelike(io.BytesIO(clerk.get(link).content)).get_sheet_by_index(0).to_python()
        assert rows[1][:2] == [4, code_of(world, NAME)]
        assert rows[1][4:7] == [500_000, 750_000, "Số tiền khác"]

    def test_says_so_when_all_agrees(self, world: World, browse: Browse) -> None:
        assert "khớp cả 1 dòng" in self.send(browse, [(1, code_of(world, NAME), NAME, 1942, "", 750_000)])[1]

    def test_a_month_without_lists_is_told_beside_the_form(self, world: World, browse: Browse) -> None:
        assert "Tháng này chưa lập danh sách" in self.send(browse, [], month="2024-12")[1]
