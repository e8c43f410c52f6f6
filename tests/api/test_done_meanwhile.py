"""Two at once: whoever comes second is told so in words, and nothing of their step is written; a fault of ours stays a fault."""

from concurrent.futures import Future
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from rest_framework.response import Response
from rest_framework.test import APIClient

from payments.models import FundingAccount, SettingChange
from payments.services.ledger.funding import propose_account
from payments.services.setting_changes import accept_change
from reconciliation.models import PeriodStep
from reconciliation.services.months.close_period import close_period
from staff.api import refusal_handler
from staff.api.races import RACED
from staff.models import AdministrativeUnit, User
from staff.services.database_clock import database_now
from tests.reconciliation.paid_month import MONTH, make_paid_month
from tests.waiting import beside

REOPENING = {"number": "15/QĐ-UBND", "decided_on": "2024-09-12", "signer": "Nguyễn Văn Chủ", "reason": "Ngân hàng gửi bổ sung."}  # fmt: skip


def said_of(statement: str) -> Response | None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return refusal_handler(refused.value, {})


def raising(code: str, rule: str = "a_rule") -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}', CONSTRAINT = '{rule}'; END $$"


@pytest.mark.django_db
class TestWhatTheDatabaseRefuses:
    @pytest.mark.parametrize(
        ("statement", "code"),
        [
            (raising("check_violation"), "DONE_MEANWHILE"),
            (raising("serialization_failure"), "TRY_ONCE_MORE"),
            (raising("deadlock_detected"), "TRY_ONCE_MORE"),
            (raising("lock_not_available"), "TRY_ONCE_MORE"),
        ],
    )
    def test_of_two_at_once_is_told_in_words(self, statement: str, code: str, caplog: pytest.LogCaptureFixture):
        answer = said_of(statement)

        assert answer is not None
        assert (answer.status_code, answer.data["code"], answer.data["conflicts"]) == (409, code, [])
        assert "chưa ghi gì" in answer.data["sentence"]
        assert caplog.messages[0].endswith(" a_rule")

    def test_by_a_rule_two_steps_can_meet_at_is_told_in_words(self):
        """Each of them, and each stands in the database under that name."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indisunique")
            kept = {name for (name,) in cursor.fetchall()}

        assert kept >= RACED, sorted(RACED - kept)
        told = {rule: said_of(raising("unique_violation", rule)) for rule in sorted(RACED)}
        assert [
            rule for rule, answer in told.items() if answer is None or answer.data["code"] != "DONE_MEANWHILE"
        ] == []

    @pytest.mark.parametrize(
        ("statement", "told"),
        [
            (raising("unique_violation", "line_once_per_statement"), "23505 line_once_per_statement"),
            (raising("exclusion_violation", "payments_cycle_month_key"), "23P01 payments_cycle_month_key"),
            (raising("foreign_key_violation", "referred_rows_stay"), "23503 referred_rows_stay"),
            (raising("check_violation", ""), "23514 (no name)"),
            ("INSERT INTO payments_cycle (id) VALUES (DEFAULT)", "23502 (no name)"),
        ],
    )
    def test_by_any_other_rule_is_a_fault_of_ours_and_an_error_in_the_log(
        self, statement: str, told: str, caplog: pytest.LogCaptureFixture
    ):
        assert said_of(statement) is None
        assert [(one.levelname, one.getMessage().rpartition(": ")[2]) for one in caplog.records] == [("ERROR", told)]

    @pytest.mark.parametrize(
        "statement",
        [
            raising("insufficient_privilege"),
            raising("query_canceled"),
            "SELECT 1 / 0",
            "SELECT * FROM khong_co",
            "CREATE TEMP TABLE one (n int CHECK (n > 0)); INSERT INTO one VALUES (0)",
            "CREATE TEMP TABLE one (n int NOT NULL); INSERT INTO one VALUES (NULL)",
        ],
    )
    def test_for_another_cause_stays_a_fault_of_ours(self, statement: str):
        assert said_of(statement) is None

    def test_is_logged_without_what_stands_in_the_row(self, caplog: pytest.LogCaptureFixture):
        said_of(
            "CREATE TEMP TABLE numbers (number text CONSTRAINT number_once UNIQUE);"
            "INSERT INTO numbers VALUES ('097042000001'), ('097042000001')"
        )

        assert caplog.messages == ["a rule of the database broken by a fault of ours: 23505 number_once"]


def post(user: User, address: str, body: object) -> Response:
    client = APIClient()
    client.force_authenticate(user)
    answer: Response = client.post(address, body, format="json")
    return answer


class TestTwoFinanceSteps:
    def test_a_month_reopened_in_the_moment_it_is_closed_says_so_and_stays_closed(
        self, committed_db: None, tmp_path: Path
    ):
        """The clock of the second was read before it waited for the first: by the guard, it reopens before it was closed."""
        month = make_paid_month(tmp_path)
        month.receive(*month.pages)
        account, releaser = FundingAccount.objects.get(), User.objects.get(username="releaser")
        address = f"/api/funding-accounts/{account.code}/periods/{MONTH:%Y-%m}/reopen/"

        with beside() as begin:
            with transaction.atomic():
                FundingAccount.objects.select_for_update().get(pk=account.pk)
                waiting = begin(lambda: post(releaser, address, REOPENING))
                assert not waiting.done()
                close_period(account=account, month=MONTH, carried={}, actor=month.checker, now=database_now())
            second = answered(waiting)

        assert (second.status_code, second.data["code"]) == (409, "DONE_MEANWHILE")
        assert [*PeriodStep.objects.order_by("pk").values_list("kind", flat=True)] == ["CLOSED"]
        assert post(releaser, address, REOPENING).status_code == 200

    def test_two_proposals_that_open_the_same_account_open_it_once(self, committed_db: None):
        """Each finds it free; the second waits for the first to be written. Its proposal goes on waiting for somebody."""
        units = [
            AdministrativeUnit.objects.create(code=code, name=code, path=f"{code}/", kind="PROVINCE") for code in "AB"
        ]
        changes = [proposal(unit) for unit in units]
        with beside() as begin:
            with transaction.atomic():
                accept_change(change_id=changes[0].pk, actor=releaser_of(units[0]), now=database_now())
                waiting = begin(
                    lambda: post(releaser_of(units[1]), f"/api/setting-changes/{changes[1].pk}/accept/", {})
                )
                assert not waiting.done()
            second = answered(waiting)

        assert (second.status_code, second.data["code"]) == (409, "DONE_MEANWHILE")
        assert [account.paying_unit for account in FundingAccount.objects.all()] == [units[0]]
        assert SettingChange.objects.get(pk=changes[1].pk).accepted is None


def proposal(unit: AdministrativeUnit) -> SettingChange:
    accountant = User.objects.create(username=f"soat-{unit.code}", full_name="Kế toán", role="CHECKER", unit=unit)
    return propose_account(
        code="TKCT-1", bank_account_id=f"fa_{unit.code}", unit=unit, document="1/QĐ", actor=accountant, now=database_now()
    )  # fmt: skip


def releaser_of(unit: AdministrativeUnit) -> User:
    return User.objects.get_or_create(username=f"duyet-{unit.code}", full_name="Chủ tài khoản", role="RELEASER", unit=unit)[0]  # fmt: skip


def answered(waiting: Future[object]) -> Response:
    answer = waiting.result(timeout=60)
    assert isinstance(answer, Response)
    return answer
