"""Decisions stop and suspend, reviews decide cases: each once, each row by itself, within the actor's own communes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from beneficiaries.models import Beneficiary, Case, Decision, Enrolment, IdentityMatch
from beneficiaries.services.decisions.rules import ONE_PLACE, WHERE_TO, WHOLE_PLACE, Standing, standing_of
from beneficiaries.services.identity.match import match_people
from beneficiaries.services.identity.review_lists import import_reviews
from beneficiaries.services.intake.lists import ListIntake, import_decisions
from staff.errors import NotAllowed
from tests.beneficiaries.office_files import decision_file, person, review_file
from tests.beneficiaries.offices import ELSEWHERE, HOME, NOW, Offices, the_person

LATER = NOW + timedelta(days=30)  # the decisions of the files are signed on 10 July


def decide(offices: Offices, *rows: dict[str, Any]) -> ListIntake:
    return import_decisions(content=decision_file(*rows), unit=offices.province, actor=offices.maker, now=LATER)


def review(offices: Offices, *rows: dict[str, Any]) -> ListIntake:
    return import_reviews(content=review_file(*rows), unit=offices.province, actor=offices.maker, now=NOW)


@pytest.fixture
def enrolled(offices: Offices) -> Offices:
    offices.receive(person())
    return offices


@pytest.fixture
def doubtful(offices: Offices) -> Offices:
    """Nguyễn Văn An's number has three digits wrong, and only the year is known: an open case; the resident is known under the right one."""
    offices.know_residents({})
    offices.receive(person(number="097042000988", birth=1942))
    match_people(actor_id=offices.maker.pk, now=NOW)
    return offices


class TestDecision:
    @pytest.mark.parametrize(
        ("kind", "ended", "suspended"), [("Thôi hưởng", date(2024, 8, 1), None), ("Tạm dừng", None, date(2024, 8, 1))]
    )
    def test_takes_effect_from_its_month(
        self, enrolled: Offices, kind: str, ended: date | None, suspended: date | None
    ) -> None:
        assert decide(enrolled, {"kind": kind}).applied == 1
        enrolment = Enrolment.objects.get()
        assert (enrolment.ended_month, enrolment.suspended_month) == (ended, suspended)

    def test_is_kept_with_number_day_and_reason(self, enrolled: Offices) -> None:
        decide(enrolled, {})
        decision = Decision.objects.get(kind="STOP")
        assert (decision.number, decision.signed_on, decision.reason) == ("7/QĐ-UBND", date(2024, 7, 10), "Đã mất")

    def test_counts_once_by_content(self, enrolled: Offices, count_rows: Callable[[], dict[str, int]]) -> None:
        decide(enrolled, {})
        before = count_rows()
        assert decide(enrolled, {}).repeated
        assert count_rows() == before

    def test_counts_once_when_it_stands_in_two_lists(self, enrolled: Offices) -> None:
        decide(enrolled, {})
        decide(enrolled, {}, {"code": "97101-000002"})
        assert Decision.objects.filter(kind="STOP").count() == 1

    def test_that_stops_later_does_not_revive_what_was_stopped_before(self, enrolled: Offices) -> None:
        decide(enrolled, {"effective": "08/2024"})
        decide(enrolled, {"effective": "10/2024", "number": "9/QĐ-UBND"})
        assert Enrolment.objects.get().ended_month == date(2024, 8, 1)

    def test_that_stops_earlier_is_heeded(self, enrolled: Offices) -> None:
        decide(enrolled, {"effective": "10/2024"})
        decide(enrolled, {"effective": "08/2024", "number": "9/QĐ-UBND"})
        assert Enrolment.objects.get().ended_month == date(2024, 8, 1)

    @pytest.mark.parametrize(
        ("row", "said"),
        [
            ({"kind": "Tăng"}, "cột “Loại quyết định”: chỉ có chữ; mời ghi một trong: Hưởng, Điều chỉnh,"),
            ({"number": ""}, "cột “Số quyết định”: để trống; mời ghi số quyết định như trên văn bản."),
            ({"signed": "?"}, "cột “Ngày quyết định”: chỉ có ký hiệu; mời ghi dạng 21/11/2026."),
            ({"effective": "quý 3"}, "cột “Hiệu lực từ tháng”: có cả chữ và 1 chữ số; mời ghi dạng tháng/năm"),
        ],
    )
    def test_that_is_incomplete_is_named_and_stops_nobody(
        self, enrolled: Offices, row: dict[str, str], said: str
    ) -> None:
        enrolled.receive(person(code="97101-000002", number="097042000002"))
        intake = decide(enrolled, row, {"code": "97101-000002"})
        assert len(intake.problems) == 1
        assert intake.problems[0].startswith(f"Dòng 3: {said}")
        assert list(Enrolment.objects.order_by("code").values_list("ended_month", flat=True)) == [
            None,
            date(2024, 8, 1),
        ]

    def test_on_somebody_of_another_commune_finds_nobody(self, enrolled: Offices) -> None:
        intake = import_decisions(
            content=decision_file({}), unit=enrolled.units[ELSEWHERE], actor=enrolled.officers[ELSEWHERE], now=NOW
        )
        assert (intake.applied, intake.problems) == (
            0,
            ["Dòng 3: cột “Mã hồ sơ hưởng”: không có hồ sơ này trên địa bàn; mời kiểm tra mã."],
        )
        assert Enrolment.objects.get().ended_month is None

    def test_of_another_commune_is_refused(self, enrolled: Offices) -> None:
        with pytest.raises(NotAllowed):
            import_decisions(
                content=decision_file({}), unit=enrolled.units[HOME], actor=enrolled.officers[ELSEWHERE], now=NOW
            )


class TestReview:
    def test_that_finds_the_person_matches_them_and_closes_the_case(self, doubtful: Offices) -> None:
        review(doubtful, {})
        match, case = IdentityMatch.objects.get(), Case.objects.get()
        assert the_person().identity_status == "MATCHED"
        assert (match.band, match.decided_by, match.evidence) == ("REVIEWED", doubtful.maker, ["Xem giấy khai sinh"])
        assert (case.status, case.decided_by) == ("SOLVED", doubtful.maker)

    @pytest.mark.parametrize(("answer", "status"), [("Không tìm thấy", "NOT_FOUND"), ("Số của người khác", "CONFLICT")])
    def test_that_does_not_find_them_says_so_and_ends_no_enrolment(
        self, doubtful: Offices, answer: str, status: str
    ) -> None:
        review(doubtful, {"answer": answer, "number": ""})
        enrolment = Enrolment.objects.get()
        assert (the_person().identity_status, Case.objects.get().status) == (status, "SOLVED")
        assert (enrolment.ended_month, enrolment.suspended_month) == (None, None)

    def test_does_not_touch_whom_the_rule_matched(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(person())
        match_people(actor_id=offices.maker.pk, now=NOW)
        review(offices, {"answer": "Không tìm thấy", "number": ""})
        assert the_person().identity_status == "MATCHED"

    def test_counts_once_by_content(self, doubtful: Offices, count_rows: Callable[[], dict[str, int]]) -> None:
        review(doubtful, {})
        before = count_rows()
        assert review(doubtful, {}).repeated
        assert count_rows() == before

    def test_with_a_bad_row_names_it_and_takes_the_rest(self, doubtful: Offices) -> None:
        intake = review(doubtful, {"answer": "chắc thế"}, {"code": "97101-000777"}, {})
        assert intake.problems == [
            "Dòng 3: cột “Kết quả”: chỉ có chữ; mời ghi một trong: Đúng người, Không tìm thấy, Số của người khác, Trùng.",
            "Dòng 4: cột “Mã hồ sơ hưởng”: không có hồ sơ này trên địa bàn; mời kiểm tra mã.",
        ]
        assert the_person().identity_status == "MATCHED"

    def test_with_two_answers_about_one_person_keeps_the_one_with_evidence(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(
            person(number="097042000009"),
            person(number="097042000009", code="97101-000002", programme="NCC", category="TB-1"),
        )
        match_people(actor_id=offices.maker.pk, now=NOW)
        review(offices, {"code": "97101-000002", "answer": "Không tìm thấy", "number": ""}, {})
        assert the_person().identity_status == "MATCHED"

    def test_naming_a_number_nobody_has_leaves_the_case_open_and_says_so(self, doubtful: Offices) -> None:
        intake = review(doubtful, {"number": "097042000777"})
        assert intake.problems == [
            "Dòng 3: cột “Số định danh đúng”: dữ liệu dân cư không có số này; mời đối chiếu lại với thẻ."
        ]
        assert (intake.applied, the_person().identity_status, Case.objects.get().status) == (0, "REVIEW", "OPEN")

    def test_naming_the_number_of_somebody_else_takes_over_nobody(self, doubtful: Offices) -> None:
        doubtful.know_residents({"so_dinh_danh": "097042000777", "ho_ten": "Trần Văn Bảy"})
        intake = review(doubtful, {"number": "097042000777"})
        assert (intake.applied, len(intake.problems)) == (0, 1)
        assert (the_person().identity_status, Case.objects.get().status) == ("REVIEW", "OPEN")

    def test_that_finds_two_rows_to_be_one_person_opens_a_case_about_the_second(self, offices: Offices) -> None:
        offices.know_residents({})
        offices.receive(person(), person(code="97101-000002", number=""))
        match_people(actor_id=offices.maker.pk, now=NOW)
        review(offices, {"code": "97101-000002", "answer": "Trùng", "same_as": "97101-000001"})
        assert the_person("97101-000002").same_as == the_person("97101-000001")
        assert Case.objects.get(kind="DUPLICATE").enrolment.code == "97101-000002"

    def test_of_another_commune_is_refused(self, doubtful: Offices) -> None:
        with pytest.raises(NotAllowed):
            import_reviews(
                content=review_file({}), unit=doubtful.units[HOME], actor=doubtful.officers[ELSEWHERE], now=NOW
            )
        assert Beneficiary.objects.get().identity_status == "REVIEW"


LEFT, PLACE = {"last_month": "07/2024", "effective": "08/2024"}, "xã An Hòa, tỉnh Bình Minh"


class TestDecisionsOfEveryKind:
    @pytest.fixture
    def granted(self, enrolled: Offices) -> Offices:
        Decision.objects.create(
            enrolment=Enrolment.objects.get(), kind="GRANT", number="1", signed_on="2024-01-02",
            effective_month="2024-01-01",
        )  # fmt: skip
        return enrolled

    def test_are_read_in_the_order_they_were_signed(self, granted: Offices) -> None:
        intake = decide(
            granted,
            {
                "kind": "Tiếp tục hưởng",
                "signed": "12/07/2024",
                "effective": "09/2024",
                "between": "Không",
                "number": "8",
            },
            {"kind": "Tạm dừng", "signed": "10/07/2024", "effective": "08/2024"},
        )
        resumed = Decision.objects.get(kind="RESUME")
        assert (intake.applied, intake.problems) == (2, [])
        assert (resumed.from_month, resumed.pay_between) == (date(2024, 8, 1), False)
        assert Enrolment.objects.get().suspended_month is None

    def test_a_sum_to_recover_is_read_as_people_write_it(self, granted: Offices) -> None:
        decide(granted, {"kind": "Thu hồi", "amount": "1.500.000 đ", "ceiling": "150.000"})
        recovery = Decision.objects.get(kind="RECOVER")
        assert (recovery.amount, recovery.monthly_ceiling) == (1_500_000, 150_000)

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            (
                {"kind": "Tiếp tục hưởng"},
                "cột “Loại quyết định”: hồ sơ đang hưởng, không ghi được quyết định tiếp tục hưởng.",
            ),
            ({"kind": "Điều chỉnh"}, "cột “Hệ số”: thiếu hệ số mới."),
            (
                {"kind": "Thu hồi", "amount": "1,5"},
                "cột “Số tiền thu hồi”: thiếu số tiền thu hồi hoặc mức thu mỗi tháng.",
            ),
            (
                {"kind": "Chuyển đi", "to_unit": "99999"},
                "cột “Mã xã chuyển đến”: không có xã nào mang mã này; mời ghi mã xã theo danh mục.",
            ),
            (
                {"kind": "Chuyển đi", "to_unit": ELSEWHERE},
                "cột “Đã chi trả đến hết tháng”: thiếu “đã chi trả đến hết tháng”.",
            ),
            (
                {"kind": "Chuyển đi", "to_unit": ELSEWHERE, "last_month": "09/2024"},
                "cột “Hiệu lực từ tháng”: tháng hiệu lực phải là tháng liền sau tháng đã chi trả.",
            ),
            ({"kind": "Chuyển đi", **LEFT}, f"cột “Mã xã chuyển đến”: {WHERE_TO}"),
            ({"kind": "Chuyển đi", **LEFT, "to_place": "tỉnh"}, f"cột “Nơi chuyển đến ngoài tỉnh”: {WHOLE_PLACE}"),
            (
                {"kind": "Chuyển đi", **LEFT, "to_unit": ELSEWHERE, "to_place": PLACE},
                f"cột “Nơi chuyển đến ngoài tỉnh”: {ONE_PLACE}",
            ),
        ],
    )
    def test_what_can_not_be_recorded_is_named_by_row_and_column(
        self, granted: Offices, row: dict[str, str], sentence: str
    ) -> None:
        intake = decide(granted, row)
        assert (intake.applied, intake.problems) == (0, [f"Dòng 3: {sentence}"])
        assert set(Decision.objects.values_list("kind", flat=True)) == {"GRANT"}

    def test_who_goes_to_another_province_is_done_with_here(self, granted: Offices) -> None:
        """No commune of ours is asked to take them in; their right here ends, and the place stands on the decision."""
        assert decide(granted, {"kind": "Chuyển đi", **LEFT, "to_place": PLACE}).problems == []

        enrolment, moved = Enrolment.objects.get(), Decision.objects.get(kind="TRANSFER_OUT")
        assert (enrolment.ended_month, enrolment.moved_to, moved.to_place) == (date(2024, 8, 1), None, PLACE)
        assert standing_of(enrolment, granted=True) == Standing.ENDED

    @pytest.mark.parametrize(
        "says", [{}, {"to_place": "tỉnh"}, {"kind": "STOP", "last_month": None, "to_place": PLACE}]
    )
    def test_the_database_takes_no_move_to_nowhere(self, granted: Offices, says: dict[str, Any]) -> None:
        months = {"effective_month": "2024-08-01", "last_month": "2024-07-01"}
        with pytest.raises(IntegrityError, match="transfer_out_says_where_to"), transaction.atomic():
            Decision.objects.create(
                enrolment=Enrolment.objects.get(), number="9", signed_on="2024-07-02", **{"kind": "TRANSFER_OUT", **months, **says}
            )  # fmt: skip
