"""Opening accounts in bulk: each person asked for once, no answer lost or doubled, judged by the bank's own books."""

import io
import json
from datetime import date, timedelta
from typing import ClassVar

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banks.fake import Fault
from banks.fake_accounts import FakeAccounts
from beneficiaries import tasks
from beneficiaries.errors import NothingToRequest, TemplateInvalid
from beneficiaries.models import (
    AccountEvent,
    AccountOpening,
    BankAccount,
    Beneficiary,
    Case,
    IdentityNumber,
    OpeningTemplate,
)
from beneficiaries.parsers.account_lists import RESULT_COLUMNS, read_opening_results
from beneficiaries.services.accounts.account_files import export_openings, import_opening_results
from beneficiaries.services.accounts.open_accounts import note_needed, request_accounts
from beneficiaries.services.accounts.opening_templates import OURS, form_of, record_template
from beneficiaries.services.accounts.send_openings import LEASE, REPLAY_WITHIN, fetch_openings, send_openings
from beneficiaries.services.identity.match import match_people
from beneficiaries.services.intake.lists import ListIntake, verify_accounts
from staff.errors import NotAllowed
from tests.beneficiaries.office_files import people, person, table
from tests.beneficiaries.offices import NOW, TODAY, Offices
from tests.payments.province import Clock, rolled_back

BANK = "970405"


@pytest.fixture
def clock() -> Clock:
    return Clock(now=NOW)


@pytest.fixture
def bank(clock: Clock) -> FakeAccounts:
    return FakeAccounts(now=clock)


@pytest.fixture
def known(offices: Offices) -> Offices:
    """Three people of 97101 without accounts, all matched."""
    three = people(3)
    offices.know_residents(*[{"so_dinh_danh": p["number"], "ho_ten": p["name"]} for p in three])
    offices.receive(*three)
    match_people(actor_id=offices.maker.pk, now=NOW)
    assert Beneficiary.objects.filter(identity_status="MATCHED").count() == 3
    return offices


def ask(offices: Offices, *, way: str = "API") -> None:
    note_needed(unit=offices.province, actor=offices.maker, now=NOW)
    request_accounts(unit=offices.province, bank_bin=BANK, way=way, actor=offices.maker, now=NOW)


def statuses() -> list[str]:
    return sorted(BankAccount.objects.values_list("status", flat=True))


class TestANumberSomebodyAltered:
    def test_is_asked_for_with_no_bank_and_the_others_are(self, known, bank, clock):
        ask(known)
        mine, other, _ = Beneficiary.objects.order_by("pk")
        IdentityNumber.objects.filter(pk=mine.identity.number_id).update(sealed=other.identity.number.sealed)

        done = send_openings(bank=bank, clock=clock)

        assert (done.taken, done.not_taken) == (2, 1)
        assert AccountOpening.objects.get(status="REFUSED").refusal == "identity_number_altered"
        case = Case.objects.get(kind="ACCOUNT", beneficiary=mine)
        assert "không còn nguyên vẹn" in str(case.evidence)


class TestAsking:
    def test_lists_everybody_without_an_account_once(self, known: Offices) -> None:
        added = [note_needed(unit=known.province, actor=known.maker, now=NOW) for _ in range(2)]
        assert (added, statuses()) == ([3, 0], ["NEEDED"] * 3)

    def test_asks_for_each_once(self, known: Offices) -> None:
        ask(known)
        with pytest.raises(NothingToRequest):
            request_accounts(unit=known.province, bank_bin=BANK, way="API", actor=known.maker, now=NOW)
        assert AccountOpening.objects.count() == 3

    def test_keeps_no_list_of_these_people_out(self, known: Offices) -> None:
        """An account that is only asked for has no number; the ward's next list is compared with it all the same."""
        ask(known)
        first, *rest = people(3)
        taken = known.receive(
            {**first, "account": "5550100001", "bank": "Agribank"}, *rest, person(code="97101-000009")
        )
        assert (taken.known, taken.added, taken.changed) == (3, 1, 1)

    def test_waits_until_it_is_clear_who_it_is(self, known: Offices) -> None:
        Beneficiary.objects.filter(pk=Beneficiary.objects.earliest("pk").pk).update(
            identity_status="REVIEW", identity=None
        )
        note_needed(unit=known.province, actor=known.maker, now=NOW)
        asked = request_accounts(unit=known.province, bank_bin=BANK, way="API", actor=known.maker, now=NOW)
        assert (asked.requested, asked.identity_unclear) == (2, 1)


class TestSending:
    def test_leads_to_open_accounts_in_the_right_name(self, known, bank, clock) -> None:
        ask(known)
        send_openings(bank=bank, clock=clock)
        bank.decide()
        assert fetch_openings(bank=bank, now=clock()) == 3
        assert fetch_openings(bank=bank, now=clock()) == 0
        assert verify_accounts(on=TODAY) == 3
        assert set(BankAccount.objects.values_list("status", "name_verdict")) == {("VERIFIED", "SAME")}

    def test_makes_accounts_fit_to_be_paid_into_without_waiting_for_the_night(
        self, known, bank, clock, monkeypatch
    ) -> None:
        """The minute's task, twice, and the night's after it: each account is verified once."""
        ask(known)
        send_openings(bank=bank, clock=clock)
        bank.decide()
        monkeypatch.setattr(tasks, "the_accounts", lambda: bank)
        for task in (tasks.find_account_work, tasks.find_account_work, tasks.watch_accounts):
            task()
            assert set(BankAccount.objects.values_list("status", flat=True)) == {"VERIFIED"}
        verified = AccountEvent.objects.filter(cause="VERIFY")
        assert verified.count() == BankAccount.objects.count() == 3

    def test_taken_by_a_bank_whose_clock_lies_behind_come_to_their_end(self, known, clock) -> None:
        """Its list since our day shows none of them."""
        behind = Clock(now=NOW - timedelta(days=700))
        bank = FakeAccounts(now=behind)
        ask(known)
        send_openings(bank=bank, clock=clock)
        AccountOpening.objects.filter(pk=AccountOpening.objects.order_by("pk").first().pk).update(
            bank_reference="aco_gone"
        )
        bank.decide()
        assert (fetch_openings(bank=bank, now=clock()), statuses()) == (2, ["OPENED", "OPENED", "REQUESTED"])

    def test_in_another_name_waits_for_a_person(self, known, bank, clock) -> None:
        ask(known)
        send_openings(bank=bank, clock=clock)
        bank.decide(holder_name="TRAN THI BAY")
        fetch_openings(bank=bank, now=clock())
        verify_accounts(on=TODAY)
        assert set(BankAccount.objects.values_list("status", "reason")) == {("OPENED", "NAME_MISMATCH")}
        assert Case.objects.filter(kind="ACCOUNT", reason="NAME_MISMATCH").count() == 3

    def test_refused_opens_a_case_and_may_be_asked_again(self, known, bank, clock) -> None:
        ask(known)
        send_openings(bank=bank, clock=clock)
        bank.decide(refuse="customer_not_accepted")
        fetch_openings(bank=bank, now=clock())
        assert statuses() == ["REFUSED"] * 3
        assert Case.objects.filter(kind="ACCOUNT", reason="OPENING_REFUSED").count() == 3
        again = request_accounts(unit=known.province, bank_bin="970436", way="API", actor=known.maker, now=NOW)
        assert again.requested == 3

    def test_too_old_to_replay_is_offered_anew_only_when_the_list_does_not_show_it(self, known, bank, clock) -> None:
        ask(known)
        lost, kept, _ = AccountOpening.objects.order_by("pk")
        bank.fail_next(lost.request_id, Fault.LOST_BEFORE_TAKING)
        bank.fail_next(kept.request_id, Fault.LOST_AFTER_TAKING)
        send_openings(bank=bank, clock=clock)
        clock.advance(seconds=(REPLAY_WITHIN + timedelta(hours=1)).total_seconds())
        fetch_openings(bank=bank, now=clock())
        assert list(AccountOpening.objects.order_by("pk").values_list("status", "attempt")) == [
            ("READY", 2),
            ("TAKEN", 1),
            ("TAKEN", 1),
        ]
        send_openings(bank=bank, clock=clock)
        assert len({state.request_id for state in bank.taken}) == len(bank.taken) == 3

    @pytest.mark.slow
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        faults=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(Fault)), max_size=5),
        pauses=st.lists(st.sampled_from([1, 400, 3600 * 12, 3600 * 25]), min_size=1, max_size=3),
    )
    def test_opens_at_most_one_account_each_whatever_is_lost(self, known, faults, pauses) -> None:
        with rolled_back():
            clock = Clock(now=NOW)
            bank = FakeAccounts(now=clock)
            ask(known)
            ids = list(AccountOpening.objects.order_by("pk").values_list("request_id", flat=True))
            for position, fault in faults:
                bank.fail_next(ids[position], fault)
            for pause in [*pauses, *[LEASE.total_seconds() + 1] * 6]:
                send_openings(bank=bank, clock=clock)
                fetch_openings(bank=bank, now=clock())
                clock.advance(seconds=pause)
            bank.decide()
            fetch_openings(bank=bank, now=clock())
            assert sorted(state.request_id for state in bank.taken) == sorted(ids)
            assert statuses() == ["OPENED"] * 3


class TestFile:
    def answers(self, offices: Offices, **changes: object) -> bytes:
        sent = export_openings(unit=offices.province, bank_bin=BANK, actor=offices.maker, now=NOW)
        sheet = openpyxl.load_workbook(io.BytesIO(sent)).active
        rows = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[1]]
        said = [
            {
                "request": row[1],
                "result": "Đã mở",
                "number": f"9900{n}",
                "holder": row[2].upper(),
                "opened": "10/06/2024",
                **changes,
            }
            for n, row in enumerate(rows)
        ]
        return table(said, columns=RESULT_COLUMNS)

    def test_goes_out_with_identity_and_comes_back_once(self, known: Offices) -> None:
        ask(known, way="FILE")
        content = self.answers(known)
        first = import_opening_results(content=content, unit=known.province, actor=known.maker, now=NOW)
        again = import_opening_results(content=content, unit=known.province, actor=known.maker, now=NOW)
        assert (first.applied, first.problems, again.applied) == (3, [], 0)
        assert set(BankAccount.objects.values_list("status", "opened_on")) == {("OPENED", date(2024, 6, 10))}

    def test_refusals_and_bad_rows_stop_nothing(self, known: Offices) -> None:
        ask(known, way="FILE")
        refused = import_opening_results(
            content=self.answers(known, result="Từ chối", reason="Thiếu căn cước"),
            unit=known.province,
            actor=known.maker,
            now=NOW,
        )
        assert (refused.applied, statuses()) == (3, ["REFUSED"] * 3)

    def taken(self, offices: Offices, rows: list[dict[str, object]]) -> ListIntake:
        content = table(rows, columns=RESULT_COLUMNS)
        return import_opening_results(content=content, unit=offices.province, actor=offices.maker, now=NOW)

    def rows(self, offices: Offices) -> list[dict[str, object]]:
        ask(offices, way="FILE")
        return [dict(row.raw) for row in read_opening_results(self.answers(offices))]

    def test_an_answer_given_twice_alike_counts_once_and_two_answers_count_as_none(self, known: Offices) -> None:
        first, second, third = self.rows(known)
        done = self.taken(
            known, [first, second, third, first, {**second, "result": "Từ chối"}, {**third, "number": "990077"}]
        )
        assert (done.applied, sorted(statuses())) == (1, ["OPENED", "REQUESTED", "REQUESTED"])
        assert [problem.split(":")[0] for problem in done.problems] == ["Dòng 4", "Dòng 5", "Dòng 7", "Dòng 8"]

    def test_another_answer_later_changes_nothing_and_is_told(self, known: Offices) -> None:
        rows = self.rows(known)
        self.taken(known, rows)
        later = self.taken(known, [{**rows[0], "result": "Từ chối"}, *rows[1:]])
        assert (later.applied, statuses(), len(later.problems)) == (0, ["OPENED"] * 3, 1)
        assert "đã có kết quả khác từ trước" in later.problems[0]

    @pytest.mark.parametrize(
        ("changes", "said"),
        [({"opened": "21/07/2030"}, "ở sau hôm nay"), ({"request": ""}, "không có đề nghị này"), ({"request": "mtk0"}, "không có đề nghị này")],
    )  # fmt: skip
    def test_a_row_that_can_not_be_so_is_told_and_the_others_are_taken(
        self, known: Offices, changes: dict[str, str], said: str
    ) -> None:
        first, *others = self.rows(known)
        done = self.taken(known, [{**first, **changes}, *others])
        assert (done.applied, len(done.problems)) == (2, 1)
        assert said in done.problems[0]

    def test_a_line_of_the_forms_foot_is_no_answer(self, known: Offices) -> None:
        foot = {"request": "", "result": "Người lập", "number": "", "holder": "", "opened": ""}
        done = self.taken(known, [*self.rows(known), foot])
        assert (done.applied, done.problems) == (3, [])

    def test_never_sends_by_api_what_went_by_file(self, known, bank, clock) -> None:
        ask(known, way="FILE")
        self.answers(known)
        send_openings(bank=bank, clock=clock)
        assert bank.taken == []


class TestABanksOwnForm:
    FORM: ClassVar[dict[str, object]] = {
        "title": "DANH SÁCH MỞ TÀI KHOẢN",
        "columns": [
            {"heading": "Số tham chiếu", "field": "request"},
            {"heading": "Tên khách hàng", "field": "name"},
            {"heading": "CCCD", "field": "number"},
            {"heading": "Mã chi nhánh", "text": "4801"},
        ],
        "answers": {
            "request": "Số tham chiếu", "result": "Trạng thái", "number": "Số TK", "holder": "Tên TK", "opened": "Ngày hiệu lực",
        },
        "opened_words": ["Thành công"],
        "refused_words": ["Không thành công"],
    }  # fmt: skip

    def record(self, offices: Offices, **changes: object) -> OpeningTemplate:
        content = json.dumps({**self.FORM, **changes}).encode()
        return record_template(bank_bin=BANK, content=content, actor=offices.maker, now=NOW)

    def test_goes_out_and_comes_back_in_it(self, known: Offices) -> None:
        self.record(known)
        ask(known, way="FILE")
        sent = export_openings(unit=known.province, bank_bin=BANK, actor=known.maker, now=NOW)
        title, _, heading, *rows = openpyxl.load_workbook(io.BytesIO(sent)).active.iter_rows(values_only=True)
        assert (title[0], heading[:5]) == (
            "DANH SÁCH MỞ TÀI KHOẢN",
            ("Số tham chiếu", "Tên khách hàng", "CCCD", "Mã chi nhánh", "Trạng thái"),
        )
        assert {row[3] for row in rows} == {"4801"}
        said = [
            {"request": row[0], "result": "Thành công", "number": f"9900{n}", "holder": row[1].upper(), "opened": "10/06/2024"}
            for n, row in enumerate(rows)
        ]  # fmt: skip
        answers = self.FORM["answers"]
        assert isinstance(answers, dict)
        done = import_opening_results(
            content=table(said, columns=answers), unit=known.province, actor=known.maker, now=NOW
        )
        assert (done.applied, done.problems, statuses()) == (3, [], ["OPENED"] * 3)

    def test_is_of_that_bank_only(self, known: Offices) -> None:
        self.record(known)
        assert form_of("970436") == OURS
        assert form_of(BANK).title == "DANH SÁCH MỞ TÀI KHOẢN"

    @pytest.mark.parametrize(
        "changes",
        [
            {"columns": []},
            {"columns": [{"heading": "Số tham chiếu", "field": "password"}]},
            {"columns": "x"},
            {"answers": {"request": "Số tham chiếu"}},
            {"answers": {**FORM["answers"], "request": "Khác"}},  # type: ignore[dict-item]  # FORM is typed loosely
            {"answers": {**FORM["answers"], "number": "CCCD"}},  # type: ignore[dict-item]  # FORM is typed loosely
            {"opened_words": ["Không thành công"]},
            {"title": "x" * 101},
            {"more": "x"},
        ],
    )
    def test_that_could_not_be_sent_or_read_is_refused(self, known: Offices, changes: dict[str, object]) -> None:
        with pytest.raises(TemplateInvalid):
            self.record(known, **changes)
        assert not OpeningTemplate.objects.exists()

    def test_is_recorded_for_the_whole_province_by_who_requests_accounts(self, known: Offices) -> None:
        with pytest.raises(NotAllowed):
            record_template(
                bank_bin=BANK, content=json.dumps(self.FORM).encode(), actor=known.officers["97101"], now=NOW
            )

    def test_is_never_edited(self, known: Offices) -> None:
        self.record(known)
        with pytest.raises(DatabaseError), transaction.atomic():
            OpeningTemplate.objects.update(title="khác")
