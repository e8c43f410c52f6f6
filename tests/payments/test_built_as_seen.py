"""What was tried out is what is built: the bank is asked about money that came back before, not in between."""

import pytest
from rest_framework.test import APIClient

from banks.errors import BankUnavailable
from banks.fake import FakeTransfers
from banks.transfers import Status
from payments.models import ListOrder, Payment
from payments.services.learning.learn import fetch_states
from payments.services.lists.order_lists import order_lists, work_on_list_orders
from payments.services.sending.send import send_ready_payments
from staff.models import User
from tests.payments.province import SEPTEMBER, Clock, Province


@pytest.fixture
def maker(province: Province) -> User:
    actor = province.staff["MAKER"]
    assert actor.unit is not None and actor.unit.kind == "PROVINCE"
    return actor


@pytest.fixture
def came_back(province: Province, bank: FakeTransfers, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Payment:
    """August's money failed, and nobody has asked the bank again yet."""
    (payment,) = province.pay_through_accounts(1, bank=bank)
    send_ready_payments(bank=bank, clock=clock)
    bank.move(bank.taken[0].bank_reference, to=Status.FAILED)
    fetch_states(bank=bank, now=clock())
    monkeypatch.setattr("payments.services.lists.order_lists.the_bank", lambda: bank)
    monkeypatch.setattr("payments.services.lists.order_lists.the_files", lambda: None)
    return payment


def try_out(maker: User) -> dict:
    client = APIClient()
    client.force_authenticate(maker)
    answer = client.post("/api/cycles/2024-09/dry-run/", {"listed_on": "2024-08-16"}, format="json")
    assert answer.status_code == 200
    return answer.json()


def build(maker: User, clock: Clock, *, seen: str) -> str:
    given = {"month": SEPTEMBER, "actor": maker, "now": clock(), "seen": seen}
    order = order_lists(**given)
    work_on_list_orders(clock=clock)
    return ListOrder.objects.get(pk=order.pk).problem


def test_the_first_build_is_not_refused_for_money_that_came_back(maker, clock, came_back):
    shown = try_out(maker)

    assert sum(row["carried"] for row in shown["communes"]) == 750_000
    assert build(maker, clock, seen=shown["digest"]) == ""
    assert Payment.objects.get(batch__cycle__month=SEPTEMBER).amount == 1_500_000


def test_a_silent_bank_keeps_nobody_from_trying_out(maker, clock, came_back, bank, monkeypatch):
    asked: list[str] = []

    def silent(reference: str) -> None:
        asked.append(reference)
        raise BankUnavailable

    monkeypatch.setattr(bank, "enquire", silent)
    shown = try_out(maker)

    assert sum(row["carried"] for row in shown["communes"]) == 0
    assert (build(maker, clock, seen=shown["digest"]), len(asked)) == ("", 1)
