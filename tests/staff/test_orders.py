"""Ordered work is done once, whoever looks and whoever dies; what it wrote and its end are one."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, connections

from payments.models import ListOrder
from payments.services.office_files import problem_of
from staff.errors import Refusal, SystemBusy
from staff.models import AdministrativeUnit, Order, User
from staff.services.orders import MOST_ATTEMPTS, carry_out
from tests.payments.province import AUGUST

NOW = datetime(2024, 7, 18, 3, 0, tzinfo=UTC)


class Died(RuntimeError):
    """As if the process had ended here."""


def clock() -> datetime:
    return NOW


@pytest.fixture
def order(db: None) -> ListOrder:
    return make_order()


def make_order() -> ListOrder:
    actor = User.objects.create(username="nguoilap", password="!", full_name="Người lập", role="MAKER")
    return ListOrder.objects.create(
        month=AUGUST, listed_on="2024-07-18", pay_on="2024-08-05", ordered_by=actor, ordered_at=NOW
    )


def write_unit(order: ListOrder, now: datetime) -> None:
    AdministrativeUnit.objects.create(code="99", name="tỉnh thử", kind="PROVINCE", path="/99/")


class TestAnOrder:
    def test_that_is_refused_writes_nothing_and_says_why(self, order: ListOrder) -> None:
        def refuse(order: ListOrder, now: datetime) -> None:
            write_unit(order, now)
            order.months_together = 9
            raise Refusal("Thiếu mức chuẩn.", conflicts=["HS-1"])

        assert carry_out(ListOrder, do=refuse, clock=clock) == 1

        order.refresh_from_db()
        assert (order.stage, order.problem, order.conflicts) == (Order.Stage.REFUSED, "Thiếu mức chuẩn.", ["HS-1"])
        assert (order.months_together, order.finished_at) == (1, NOW)
        assert not AdministrativeUnit.objects.exists()

    @pytest.mark.parametrize("where", ["prepare", "do"])
    def test_waits_on_as_long_as_the_machine_cannot_begin(
        self, order: ListOrder, where: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Nothing is told of it, and however often it is looked at, it is not given up."""

        def busy(order: ListOrder, now: datetime) -> None:
            if where == "do":  # what it wrote is undone
                write_unit(order, now)
            raise SystemBusy

        work: dict[str, Any] = {"do": write_unit, where: busy}
        for _ in range(MOST_ATTEMPTS + 2):
            assert carry_out(ListOrder, clock=clock, **work) == 0
            order.refresh_from_db()
            assert (order.stage, order.attempts, order.started_at, order.problem) == (Order.Stage.WAITING, 0, None, "")
        assert not AdministrativeUnit.objects.exists()
        assert {record.levelname for record in caplog.records} == {"ERROR"}

    def test_waits_after_a_crash_and_is_given_up_after_some(self, order: ListOrder) -> None:
        def die(order: ListOrder, now: datetime) -> None:
            write_unit(order, now)
            raise Died

        for _ in range(MOST_ATTEMPTS):
            with pytest.raises(Died):
                carry_out(ListOrder, do=die, clock=clock)
            order.refresh_from_db()
            assert (order.stage, order.under_way) == (Order.Stage.WAITING, True)
        assert carry_out(ListOrder, do=die, clock=clock) == 0

        order.refresh_from_db()
        assert (order.stage, order.problem_code) == (Order.Stage.REFUSED, "ORDER_FAILED")
        assert not AdministrativeUnit.objects.exists()

    def test_that_came_to_its_end_is_not_done_again(self, order: ListOrder) -> None:
        def refuse(order: ListOrder, now: datetime) -> None:
            raise Refusal

        assert [carry_out(ListOrder, do=refuse, clock=clock, order_id=order.pk) for _ in range(2)] == [1, 0]

    def test_is_done_by_the_person_who_ordered_it(self, order: ListOrder) -> None:
        seen = []

        def look(order: ListOrder, now: datetime) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('ansinh.actor'), current_setting('ansinh.why')")
                seen.append(cursor.fetchone())
            raise Refusal

        carry_out(ListOrder, do=look, clock=clock)

        assert seen == [(str(order.ordered_by_id), f"payments.listorder {order.pk}")]

    def test_is_never_deleted_by_the_application(self, order: ListOrder) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege('payments_listorder', 'DELETE')")
            assert cursor.fetchone() == (False,)


class TestTwoWhoLook:
    def test_do_it_once_and_who_waits_for_it_sees_its_end(self, committed_db: None) -> None:
        order, begun, go_on = make_order(), threading.Event(), threading.Event()
        done: list[int] = []

        def refuse(order: ListOrder, now: datetime) -> None:
            begun.set()
            assert go_on.wait(20)
            raise Refusal("Không lập được.")

        def first() -> None:
            done.append(carry_out(ListOrder, do=refuse, clock=clock))
            connections.close_all()

        def waits_for_it() -> None:
            done.append(carry_out(ListOrder, do=refuse, clock=clock, order_id=order.pk))
            done.append(ListOrder.objects.filter(pk=order.pk, problem="Không lập được.").count())
            connections.close_all()

        threads = [threading.Thread(target=first), threading.Thread(target=waits_for_it)]
        threads[0].start()
        assert begun.wait(20)
        assert carry_out(ListOrder, do=refuse, clock=clock) == 0  # the sweeper passes over it
        threads[1].start()
        go_on.set()
        for thread in threads:
            thread.join(20)

        assert done == [1, 0, 1]
        order.refresh_from_db()
        assert order.attempts == 1


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("Dòng 12: cột “Ngày mở”: sai.", {"row": 12, "column": "Ngày mở", "sentence": "sai."}),
        ("Dòng 3: không có đề nghị này.", {"row": 3, "column": "", "sentence": "không có đề nghị này."}),
        ("Tệp trống.", {"row": None, "column": "", "sentence": "Tệp trống."}),
    ],
)
def test_a_problem_is_shown_by_row_and_column(said: str, problem: dict[str, object]) -> None:
    assert problem_of(said).said() == problem
