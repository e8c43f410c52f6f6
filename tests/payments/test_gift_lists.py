"""A commune's list of a gift: everybody on it has it once; nobody on it is left out unseen, and nobody has it twice."""

from collections.abc import Mapping
from concurrent.futures import Future
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from beneficiaries.models import Beneficiary, Decision, Enrolment, IdentityNumber, ReceivedFile, StandardAmount
from beneficiaries.parsers.gift_lists import COLUMNS
from beneficiaries.services.intake.lists import ListIntake
from payments.errors import (
    OneOffImpossible,
)
from payments.errors.seen import GiftListIsAnother
from payments.models import Cycle, Payment
from payments.services.lists.build_lists import build_lists
from payments.services.once import gift_list
from payments.services.once.gift_list import GiftPreview, import_gifts, preview_gifts
from payments.services.once.gift_outcomes import GiftOutcome
from payments.services.once.one_off import Order, grant_once, open_one_off
from staff.errors import NotAllowed
from tests.beneficiaries.office_files import person, table
from tests.beneficiaries.offices import HOME, NOW, Offices, open_offices
from tests.waiting import beside

SEPTEMBER = date(2024, 9, 1)
ROW = {
    "grant": "QUA-2-9", "decision": "80/NQ-CP", "signed": "10/06/2024", "signer": "Nguyễn Văn Chủ, Thứ trưởng", "month": "09/2024",
    "name": "Trần Thị Bảy", "birth": "1950", "sex": "Nữ", "hamlet": "Thôn 3",
}  # fmt: skip


ORDER = Order(signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="80/NQ-CP", signed_on=date(2024, 6, 10), month=SEPTEMBER)


@pytest.fixture
def offices(db: None, tmp_path: Path) -> Offices:
    return opened_with_a_gift(tmp_path)


def opened_with_a_gift(tmp_path: Path) -> Offices:
    opened = open_offices(tmp_path)
    open_one_off(
        code="QUA-2-9", name="Quà Quốc khánh", amount=100_000, budget_source="TW", order=ORDER, actor=opened.maker
    )
    return opened


def written(*rows: Mapping[str, object]) -> bytes:
    return table([{**ROW, **row} for row in rows], columns=COLUMNS)


def send(offices: Offices, *rows: Mapping[str, object], unit: str = HOME, seen: str = "") -> ListIntake:
    return import_gifts(content=written(*rows), unit=offices.units[unit], actor=offices.maker, now=NOW, seen=seen)


def look(offices: Offices, *rows: Mapping[str, object]) -> GiftPreview:
    return preview_gifts(content=written(*rows), unit=offices.units[HOME], actor=offices.maker, now=NOW)


def build(offices: Offices) -> None:
    build_lists(month=SEPTEMBER, listed_on=date(2024, 8, 16), pay_on=date(2024, 9, 5), actor=offices.maker, now=NOW)


def paid() -> dict[str, int]:
    return dict(Payment.objects.values_list("payee_name", "amount"))


class TestPeopleOfAList:
    def test_have_it_once_whatever_is_sent_again(self, offices: Offices) -> None:
        offices.receive(person())
        registered = {"code": "97101-000001", "name": "", "birth": "", "sex": ""}
        first = send(offices, registered, {})
        again = send(offices, registered, {})
        longer = send(offices, registered, {}, {"name": "Lê Văn Tám"})
        build(offices)

        assert (first.applied, again.repeated, longer.applied) == (2, True, 3)
        gifts = Payment.objects.exclude(payee_name="Nguyễn Văn An")
        assert set(gifts.values_list("payee_name", "amount")) == {("Trần Thị Bảy", 100_000), ("Lê Văn Tám", 100_000)}
        assert Enrolment.objects.filter(programme__code="QUA-2-9").count() == 3

    def test_of_one_name_are_asked_about_and_never_dropped(self, offices: Offices) -> None:
        intake = send(offices, {}, {"hamlet": "Thôn 4"})
        assert (intake.applied, len(intake.problems)) == (1, 1)
        assert intake.problems[0].startswith(
            "Dòng 4: cột “Họ và tên”: cùng họ tên, năm sinh với dòng 3; nếu là hai người"
        )

        told_apart = send(offices, {"identity": "097142000001"}, {"identity": "097142000002", "hamlet": "Thôn 4"})
        build(offices)
        assert told_apart.problems == []
        assert sum(payment.amount for payment in Payment.objects.all()) == 200_000

    def test_with_a_number_of_ours_are_ours(self, offices: Offices) -> None:
        offices.receive(person())
        send(offices, {"name": "Nguyễn Văn An", "birth": "1942", "sex": "Nam", "identity": "097042000001"})
        assert Beneficiary.objects.count() == 1

    def test_each_bad_row_is_named_by_column(self, offices: Offices) -> None:
        intake = send(
            offices, {"grant": "QUA-TET"}, {"sex": "x", "birth": ""}, {"code": "97101-9"}, {"name": "Lê Văn Tám"}
        )
        assert intake.applied == 1
        assert [problem.split(":")[1].strip() for problem in intake.problems] == [
            "cột “Mã chính sách”", "cột “Ngày sinh”", "cột “Giới tính”", "cột “Mã hồ sơ hưởng”",
        ]  # fmt: skip


class TestHouseholds:
    def test_go_to_the_head_for_all(self, offices: Offices) -> None:
        send(
            offices,
            {"household": "H1", "head": "x"},
            {"household": "H1", "name": "Trần Văn Con"},
            {"household": "H2", "head": "x", "name": "Lê Văn Tám"},
        )
        build(offices)
        assert paid() == {"Trần Thị Bảy": 200_000, "Lê Văn Tám": 100_000}

    @pytest.mark.parametrize("second", [{"head": "x"}, {"sex": "?"}])
    def test_that_can_not_be_told_wait_whole_and_stop_no_other(
        self, offices: Offices, second: dict[str, object]
    ) -> None:
        intake = send(
            offices,
            {"household": "H1", "head": "x"},
            {"household": "H1", "name": "Trần Văn Con", **second},
            {"name": "Lê Văn Tám"},
        )
        build(offices)
        assert paid() == {"Lê Văn Tám": 100_000}
        assert {problem.split(":")[0] for problem in intake.problems} == {"Dòng 3", "Dòng 4"}

    def test_of_two_decisions_wait_whole(self, offices: Offices) -> None:
        """A head can't receive by one decision for somebody another decision names."""
        intake = send(
            offices,
            {"household": "H1", "head": "x"},
            {"household": "H1", "name": "Trần Văn Con", "decision": "81/NQ-CP"},
            {"name": "Lê Văn Tám"},
        )
        assert (intake.applied, len(intake.problems)) == (1, 2)
        assert "cùng số, ngày, người ký quyết định và tháng chi" in intake.problems[0]


class TestAPreview:
    """What is seen is what is written; a look writes nothing."""

    HOUSE = (
        {"household": "H1", "head": "x"},
        {"household": "H1", "name": "Trần Văn Con"},
        {"name": "Lê Văn Tám", "sex": "?"},
    )

    def test_writes_nothing(self, offices: Offices) -> None:
        written = (Beneficiary, Enrolment, Decision, ReceivedFile, IdentityNumber)
        before = [model.objects.count() for model in written]
        found = look(offices, *self.HOUSE, {"name": "Hồ Văn Chín", "identity": "097142000009"})
        assert (found.rows, len(found.digest)) == (4, 64)
        assert [model.objects.count() for model in written] == before

    def test_shows_each_row_as_it_is_written(self, offices: Offices) -> None:
        offices.receive(person())
        registered = {"code": "97101-000001", "name": "", "birth": "", "sex": ""}
        send(offices, registered)
        rows = (registered, *self.HOUSE, registered)
        found = look(offices, *rows)
        seen = [(line.row, line.outcome, line.receiver, line.amount) for line in found.lines]
        before = Enrolment.objects.count()
        intake = send(offices, *rows, seen=found.digest)

        assert seen == [
            (3, GiftOutcome.UNCHANGED, "", 0),
            (4, GiftOutcome.NEW, "", 100_000),
            (5, GiftOutcome.NEW, "Trần Thị Bảy", 100_000),
            (6, GiftOutcome.WRONG, "", 0),
            (7, GiftOutcome.UNCHANGED, "", 0),
        ]
        assert "cột “Giới tính”" in found.lines[3].remarks[0] and "với dòng 3" in found.lines[4].remarks[0]
        assert Enrolment.objects.count() == before + 2
        assert intake.applied == 4

    def test_says_what_was_written_otherwise_and_leaves_it(self, offices: Offices) -> None:
        send(offices, {}, {"name": "Trần Văn Con"})
        rows = [
            {"household": "H1", "head": "x"},
            {"household": "H1", "name": "Trần Văn Con", "month": "10/2024"},
        ]
        for row in rows:
            row["month"], row["decision"] = "10/2024", "99/QĐ"
        head, member = look(offices, *rows).lines
        send(offices, *rows)

        assert (head.outcome, member.outcome, member.amount) == (GiftOutcome.DIFFERS, GiftOutcome.DIFFERS, 0)
        said = " ".join(member.remarks)
        assert "tháng 09/2024" in said and "quyết định 80/NQ-CP" in said and "tự nhận" in said
        assert set(Enrolment.objects.values_list("starts_month", "paid_to")) == {(SEPTEMBER, None)}

    def test_asks_about_a_name_that_is_not_the_records(self, offices: Offices) -> None:
        offices.receive(person())
        (line,) = look(offices, {"code": "97101-000001", "name": "Lê Thị Khác"}).lines
        assert "khác họ tên của hồ sơ" in line.remarks[0] and line.name == "Nguyễn Văn An"

    def test_of_something_else_than_was_seen_writes_nothing(self, offices: Offices) -> None:
        """Somebody was granted it meanwhile, another list was chosen, or the sum was changed."""
        seen = look(offices, *self.HOUSE).digest
        send(offices, {"name": "Trần Văn Con"})
        after = look(offices, *self.HOUSE).digest
        alike = ({**self.HOUSE[0], "birth": "1951"}, *self.HOUSE[1:])  # each line looks the same
        for rows, digest in ((self.HOUSE, seen), (({}, *self.HOUSE[1:]), after), (alike, after)):
            with pytest.raises(GiftListIsAnother):
                send(offices, *rows, seen=digest)
        StandardAmount.objects.filter(programme__code="QUA-2-9").update(amount=200_000)
        with pytest.raises(GiftListIsAnother):
            send(offices, *self.HOUSE, seen=after)
        assert Enrolment.objects.filter(programme__code="QUA-2-9").count() == 1

    def test_of_a_list_that_is_in_says_so(self, offices: Offices) -> None:
        seen = look(offices, {})
        send(offices, {}, seen=seen.digest)
        assert look(offices, {}).repeated
        assert send(offices, {}, seen=seen.digest).repeated, "the button pressed twice"

    def test_is_for_who_may_send_it(self, offices: Offices) -> None:
        with pytest.raises(NotAllowed):
            preview_gifts(
                content=table([ROW], columns=COLUMNS), unit=offices.units[HOME], actor=offices.officers[HOME], now=NOW
            )


class TestAList:
    def test_of_a_month_that_is_closed_is_refused_whole(self, offices: Offices) -> None:
        offices.receive(person())
        Cycle.objects.create(
            month=SEPTEMBER, listed_on=NOW, pay_on=NOW, built_at=NOW, closed_at=NOW, closed_by=offices.maker
        )
        with pytest.raises(OneOffImpossible):
            send(offices, {})

    def test_of_newcomers_names_its_commune(self, offices: Offices) -> None:
        assert send(offices, {}, unit="971").problems == [
            "Dòng 3: người chưa có hồ sơ phải nạp bằng danh sách của từng xã; mời chọn xã khi gửi tệp."
        ]

    def test_is_the_provinces_makers_to_send(self, offices: Offices) -> None:
        with pytest.raises(NotAllowed):
            import_gifts(
                content=table([ROW], columns=COLUMNS), unit=offices.units[HOME], actor=offices.officers[HOME], now=NOW
            )


class TestTwoListsAtOnce:
    def test_that_name_their_grants_in_two_orders_wait_for_each_other(
        self, committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The other begins once the first has granted its first and goes on when it waits: who held one grant and asked for the next would never end."""
        offices = opened_with_a_gift(tmp_path)
        open_one_off(
            code="QUA-TET", name="Quà Tết", amount=300_000, budget_source="TW", order=ORDER, actor=offices.maker
        )
        other: list[Future[object]] = []
        begun: list[bool] = []

        def grant(**given: Any) -> int:
            granted = grant_once(**given)
            if not begun:
                begun.append(True)
                other.append(
                    begin(
                        lambda: send(offices, {"name": "Lê Văn Tám", "grant": "QUA-TET"}, {}, {"name": "Lê Văn Chín"})
                    )
                )
            return granted

        with beside() as begin:
            monkeypatch.setattr(gift_list, "grant_once", grant)
            first = send(offices, {}, {"name": "Lê Văn Tám", "grant": "QUA-TET"})
            second = other[0].result(timeout=60)

        assert (first.applied, second.applied) == (2, 3)
        assert Enrolment.objects.filter(programme__kind="ONE_OFF").count() == 3
