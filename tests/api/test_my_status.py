"""What a citizen is told: one answer, without log-in, without a word on programme or illness."""

from datetime import date, datetime, timedelta

import pytest
from rest_framework.test import APIClient

from beneficiaries.models import Enrolment, Reason
from beneficiaries.services.lookup import issue_lookup_codes, renew_lookup_code
from payments.api import my_status
from payments.models import Entitlement, Payment, Signature
from payments.services.answers import Answer, own_answers
from payments.services.answers.wording import SENTENCES, month_words
from payments.services.signing.sign import list_digest
from payments.states import Cause
from tests.api.world import NOW, World, make_cycle

NAME = "Trần Văn Ân"
NOBODY = {
    "code": "NOT_FOUND",
    "sentence": "Không tìm thấy thông tin theo mã và năm sinh này. Mời xem lại cả hai, hoặc gọi 1900 0000. Sai năm sinh mười lần thì mã tạm khóa một ngày.",
    "conflicts": [],
}


def release(world: World, unit: str = "971", channel: str = "ACCOUNT") -> None:
    """Sign the list by three people and release its payments."""
    batch = world.lists[unit, channel]
    for role, status in [("MAKER", "SUBMITTED"), ("CHECKER", "APPROVED"), ("RELEASER", "RELEASED")]:
        Signature.objects.create(
            batch=batch,
            revision=1,
            step=role,
            signer=world.staff[role, unit],
            digest=list_digest(batch.pk),
            signed_at=NOW,
        )
        batch.status = status
        batch.save(update_fields=["status"])
    batch.payments.all().apply(Cause.RELEASE, now=NOW)


def move(world: World, *causes: Cause, name: str = NAME, **changes: object) -> None:
    for cause in causes:
        Payment.objects.filter(pk=world.payments[name].pk).apply(cause, now=NOW, **changes)


def answers(world: World, *, name: str = NAME, now: datetime = NOW) -> list[Answer]:
    return own_answers(beneficiary=world.people[name], now=now)


@pytest.fixture
def code(world: World) -> str:
    return issue_lookup_codes(unit=world.units["97101"], now=NOW)[0].code


def ask(code: str, *, birth_year: int = 1942, **headers: str):
    return APIClient().post("/api/my-status/", {"code": code, "birth_year": birth_year}, format="json", headers=headers)


def from_address(address: str, code: str, year: int):
    asked = {"code": code, "birth_year": year}
    return APIClient().post("/api/my-status/", asked, format="json", REMOTE_ADDR=address)


class TestAsking:
    def test_tells_what_when_and_into_which_account(self, world: World, code: str) -> None:
        release(world)
        move(world, Cause.CLAIM, Cause.BANK_POSTED, credited_on=date(2024, 8, 5))

        answer = ask(code)

        assert answer.status_code == 200
        assert answer.json() == {
            "answers": [
                {
                    "month": "2024-08",
                    "months": ["2024-08"],
                    "outcome": "PAID",
                    "outcome_label": "Đã chuyển",
                    "amount": 750_000,
                    "deducted": 0,
                    "reason": "",
                    "reason_label": "",
                    "paid_on": "2024-08-05",
                    "bank": "Agribank",
                    "account_last_four": "7101",
                    "sentence": "Tiền tháng 8/2024 (750.000 đồng) đã chuyển vào tài khoản Agribank số cuối 7101 của Ông/Bà ngày 05/08/2024.",
                    "next_step": "Kỳ sau (tháng 9/2024) đang chờ lập, duyệt danh sách. Nếu chưa thấy tiền, gọi 1900 0000 để cán bộ tra soát với ngân hàng.",
                }
            ],
            "phone": "1900 0000",
            "warning": "Cán bộ không bao giờ hỏi mật khẩu hay mã OTP.",
        }
        assert "no-store" in answer["Cache-Control"]

    def test_tells_nothing_of_programme_or_illness_or_name(self, world: World, code: str) -> None:
        text = ask(code).content.decode()

        for word in ("HIV", "N03", "TCXH", "xã hội hằng tháng", NAME, "5550197101"):
            assert word not in text

    def test_says_the_same_for_a_wrong_code_a_wrong_year_and_nonsense(self, world: World, code: str) -> None:
        wrong = [ask("0000-0000-000"), ask(code, birth_year=1943), ask("x")]

        assert [(answer.status_code, answer.json()) for answer in wrong] == [(404, NOBODY)] * 3

    def test_is_asked_by_post_only(self, world: World) -> None:
        assert APIClient().get("/api/my-status/").status_code == 405

    def test_stops_a_guesser_whatever_address_is_forwarded(self, world: World) -> None:
        statuses = [ask("x", **{"X-Forwarded-For": f"10.0.0.{trial}"}).status_code for trial in range(31)]

        assert statuses == [404] * 30 + [429]

    def test_ten_wrong_years_end_the_guessing_from_whatever_addresses(self, world: World, code: str) -> None:
        """Who finds a slip knows a name; forty years of birth would be tried in two minutes."""
        tried = [from_address(f"203.0.113.{year - 1900}", code, year) for year in range(1900, 1910)]
        right = from_address("203.0.113.99", code, 1942)

        assert [(answer.status_code, answer.json()) for answer in [*tried, right]] == [(404, NOBODY)] * 11

    def test_right_answers_are_not_counted_and_a_new_slip_has_tries_of_its_own(self, world: World, code: str) -> None:
        asked = [from_address("203.0.113.1", code, 1942).status_code for _ in range(12)]
        for year in range(1900, 1910):
            from_address("203.0.113.2", code, year)
        renewed = renew_lookup_code(beneficiary_id=world.people[NAME].pk, now=NOW).code

        assert asked == [200] * 12
        assert from_address("203.0.113.3", renewed, 1942).status_code == 200

    def test_codes_of_nobody_leave_one_counter_behind(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """Else anybody could fill the counters' memory with codes of their own invention."""
        counted: list[str] = []
        monkeypatch.setattr(my_status.WrongYears, "allow", lambda self, key: not counted.append(key))

        assert ask("0000-0000-000").status_code == ask("4K7Q-9XM2-PRC").status_code == 404
        assert len(counted) == 2
        assert len(set(counted)) == 1

    def test_logs_neither_code_nor_year(self, world: World, code: str, caplog: pytest.LogCaptureFixture) -> None:
        ask(code, birth_year=1943)

        assert "my-status" in caplog.text
        assert code not in caplog.text
        assert "1943" not in caplog.text


class TestAnswers:
    def test_names_the_day_before_it_comes(self, world: World) -> None:
        assert answers(world)[0].sentence == "Tiền tháng 8/2024 (750.000 đồng) sẽ được trả vào khoảng ngày 05/08/2024."

    def test_says_so_when_the_day_has_passed(self, world: World) -> None:
        assert "chưa trả đúng kỳ" in answers(world, now=NOW + timedelta(days=3))[0].sentence

    def test_is_on_the_way_once_released(self, world: World) -> None:
        release(world)
        move(world, Cause.CLAIM, Cause.ACCEPTED)

        answer = answers(world)[0]

        assert (answer.outcome, answer.reason) == ("ON_THE_WAY", "")
        assert (
            answer.sentence == "Tiền tháng 8/2024 (750.000 đồng) đang được chuyển, dự kiến đến trước ngày 12/08/2024."
        )

    def test_never_calls_an_unknown_outcome_a_failure(self, world: World) -> None:
        release(world)
        move(world, Cause.CLAIM, first_used_at=NOW, lease_until=NOW - timedelta(minutes=1))

        answer = answers(world)[0]

        assert (answer.outcome, answer.reason) == ("ON_THE_WAY", Reason.UNKNOWN)
        assert answer.sentence == "Tiền tháng 8/2024 đã gửi đi ngày 05/08/2024; ngân hàng chưa báo kết quả."

    def test_explains_a_return_with_its_days_and_reason(self, world: World) -> None:
        release(world)
        move(world, Cause.CLAIM, Cause.BANK_POSTED, credited_on=date(2024, 8, 5))
        move(world, Cause.BANK_RETURNED, returned_on=date(2024, 8, 7), return_code="account_closed")

        answer = answers(world)[0]

        assert (answer.outcome, answer.reason, answer.paid_on) == ("NOT_PAID", Reason.RETURNED, None)
        assert (
            answer.sentence
            == "Tiền tháng 8/2024 đã chuyển ngày 05/08/2024, nhưng ngân hàng trả lại ngày 07/08/2024 vì tài khoản đã đóng."
        )

    @pytest.mark.parametrize(
        ("return_code", "reason"),
        [
            ("account_closed", "ACCOUNT_CLOSED"),
            ("no_account", "INVALID_ACCOUNT"),
            ("invalid_currency", "DECLINED"),
            ("", "DECLINED"),
        ],
    )
    def test_explains_a_failure_in_the_words_of_lists_and_reports(
        self, return_code: str, reason: str, world: World
    ) -> None:
        release(world)
        move(world, Cause.CLAIM, Cause.BANK_FAILED, return_code=return_code)

        assert answers(world)[0].reason == reason

    def test_a_stop_keeps_the_money_for_the_person(self, world: World) -> None:
        move(world, Cause.STOP)

        answer = answers(world)[0]

        assert (answer.outcome, answer.reason) == ("NOT_PAID", Reason.IDENTITY_CHECK)
        assert "Tiền vẫn được giữ cho Ông/Bà; UBND xã Phước Thuận trả lời trước ngày" in answer.next_step

    def test_calls_to_the_cash_point_and_says_why_cash(self, world: World) -> None:
        person = world.add_person("Phạm Thị Em", unit="97101")
        cash = world.add_list("971", cycle=world.lists["971", "ACCOUNT"].cycle, channel="CASH")
        payment = world.pay(cash, person, account=None)
        world.due(world.enrol(person), cycle=cash.cycle, payment=payment)
        release(world, channel="CASH")

        answer = answers(world, name="Phạm Thị Em")[0]

        assert (answer.outcome, answer.reason, answer.bank) == ("IN_CASH", Reason.NO_ACCOUNT, "")
        assert (
            answer.sentence
            == "Ông/Bà chưa đăng ký tài khoản nhận trợ cấp, nên tiền tháng 8/2024 được trả bằng tiền mặt."
        )
        assert answer.next_step.startswith(
            "Kỳ này Ông/Bà nhận tiền mặt tại điểm chi trả của xã Phước Thuận từ ngày 05/08/2024, mang theo thẻ căn cước."
        )

    def test_says_why_cash_now_not_why_cash_then(self, world: World) -> None:
        person = world.add_person("Phạm Thị Em", unit="97101")
        cash = world.add_list("971", cycle=world.lists["971", "ACCOUNT"].cycle, channel="CASH")
        payment, enrolment = world.pay(cash, person, account=None), world.enrol(person)
        june = make_cycle(date(2024, 6, 1), pay_on=date(2024, 6, 5))
        world.due(enrolment, cycle=june, payment=payment, cash_reason="NO_ACCOUNT")
        world.due(enrolment, cycle=cash.cycle, payment=payment, cash_reason="ACCOUNT_CLOSED")
        release(world, channel="CASH")

        assert [answer.reason for answer in answers(world, name="Phạm Thị Em")] == [Reason.ACCOUNT_CLOSED]

    def test_says_why_nothing_is_due(self, world: World) -> None:
        person = world.add_person("Đỗ Thị Gái", unit="97101", birth_year=2020)
        world.due(
            world.enrol(person), cycle=world.lists["971", "ACCOUNT"].cycle, payment=None, not_payable_reason="DUPLICATE"
        )

        answer = answers(world, name="Đỗ Thị Gái")[0]

        assert (answer.outcome, answer.amount) == ("NOT_PAID", 0)
        assert answer.sentence.startswith("Hồ sơ cho thấy gia đình có thể đang hưởng")
        assert answer.next_step.startswith("Gia đình chưa phải làm gì. UBND xã Phước Thuận đang kiểm tra")

    def test_puts_arrears_and_carried_months_under_the_payment_that_carries_them(self, world: World) -> None:
        payment = world.payments[NAME]
        enrolment = Entitlement.objects.get(payment=payment).enrolment
        earlier = make_cycle(date(2024, 6, 1), pay_on=date(2024, 6, 5))
        july = make_cycle(date(2024, 7, 1), pay_on=date(2024, 7, 5))
        world.due(enrolment, cycle=earlier, payment=payment)
        first = world.due(world.enrol(world.people[NAME]), cycle=july, payment=None, not_payable_reason="NO_DECISION")
        world.due(
            enrolment,
            cycle=payment.batch.cycle,
            payment=payment,
            month=date(2024, 7, 1),
            amount=210_000,
            corrects=first,
        )

        august, told_july = answers(world)

        assert august.amount == 750_000 + 750_000 + 210_000
        assert (
            "Tiền tháng 8/2024, truy lĩnh tháng 7/2024 và tháng 6/2024 chuyển sang (1.710.000 đồng)" in august.sentence
        )
        assert (told_july.month, told_july.reason) == (date(2024, 7, 1), Reason.NO_DECISION)

    def test_counts_what_was_enrolled_under_a_duplicate_record(self, world: World) -> None:
        kept = world.add_person("Trần Văn Ân (hồ sơ chính)", unit="97101")
        type(kept).objects.filter(pk=world.people[NAME].pk).update(same_as=kept)

        assert [answer.amount for answer in own_answers(beneficiary=kept, now=NOW)] == [750_000]

    def test_says_when_the_next_month_is_paid_with_the_newest_only(self, world: World) -> None:
        enrolment = Entitlement.objects.get(payment=world.payments[NAME]).enrolment
        july = make_cycle(date(2024, 7, 1), pay_on=date(2024, 7, 5))
        release(world)
        before = world.pay(
            world.add_list("971", cycle=july), world.people[NAME], account=world.payments[NAME].bank_account
        )
        world.due(enrolment, cycle=july, payment=before)
        release(world)
        for cause in (Cause.CLAIM, Cause.BANK_POSTED):
            Payment.objects.all().apply(cause, now=NOW)

        said = [answer.next_step for answer in answers(world)]

        assert said[0].startswith("Kỳ sau (tháng 9/2024) trả khoảng từ ngày 05/09/2024. Nếu chưa thấy tiền")
        assert said[1].startswith("Nếu chưa thấy tiền")

    @pytest.mark.parametrize("field", ["ended_month", "suspended_month"])
    def test_promises_nothing_to_whoever_receives_no_more(self, field: str, world: World) -> None:
        release(world)
        move(world, Cause.CLAIM, Cause.BANK_POSTED, credited_on=date(2024, 8, 5))
        Enrolment.objects.filter(entitlements__payment=world.payments[NAME]).update(**{field: date(2024, 9, 1)})

        assert "Kỳ sau" not in answers(world)[0].next_step

    def test_promises_the_next_month_to_whose_right_ends_later(self, world: World) -> None:
        """A child's right has its end written at its grant."""
        release(world)
        move(world, Cause.CLAIM, Cause.BANK_POSTED, credited_on=date(2024, 8, 5))
        Enrolment.objects.filter(entitlements__payment=world.payments[NAME]).update(ended_month=date(2024, 10, 1))

        assert "Kỳ sau (tháng 9/2024)" in answers(world)[0].next_step

    def test_leaves_out_the_month_that_was_paid_ahead(self, world: World) -> None:
        payment = world.payments[NAME]
        enrolment = Entitlement.objects.get(payment=payment).enrolment
        world.due(enrolment, cycle=payment.batch.cycle, payment=payment, month=date(2024, 9, 1))
        release(world)
        move(world, Cause.CLAIM, Cause.BANK_POSTED, credited_on=date(2024, 8, 5))

        answer = answers(world)[0]

        assert "tháng 9/2024 trả trước" in answer.sentence
        assert answer.next_step.startswith("Kỳ sau (tháng 10/2024)")

    def test_reads_the_whole_story_in_two_queries(self, world: World, django_assert_num_queries) -> None:
        person = type(world.people[NAME]).objects.select_related("unit", "identity").get(pk=world.people[NAME].pk)

        with django_assert_num_queries(2):
            own_answers(beneficiary=person, now=NOW)


class TestWording:
    def test_has_a_sentence_and_a_next_step_for_every_reason(self) -> None:
        assert set(SENTENCES) == set(Reason.values)

    def test_joins_months_as_people_say_them(self) -> None:
        july, august = date(2024, 7, 1), date(2024, 8, 1)

        assert month_words([august], current=august, arrears=frozenset()) == "tháng 8/2024"
        assert (
            month_words([july, august], current=august, arrears=frozenset({july}))
            == "tháng 8/2024 và truy lĩnh tháng 7/2024"
        )
