"""Erasing by pages: ordered by one, allowed by another, of the province alone; nobody's number is on any of them."""

from datetime import timedelta

import pytest

from beneficiaries.models import Phone
from beneficiaries.services.receiving.contacts import record_phone, set_opt_out
from payments.models import Payment
from payments.services.erasure import erase
from payments.states import Cause
from staff.models import ErasureOrder
from tests.api.world import NOW, World
from tests.pages.forms import Browse

pytestmark = pytest.mark.django_db
NUMBER = "0912345678"
PAGE = "/xoa-du-lieu/"


@pytest.fixture
def due(world: World) -> World:
    """One telephone whose owner wanted no messages, long ago."""
    person, officer = world.people["Trần Văn Ân"], world.staff["MAKER", "971"]
    long_ago = NOW - timedelta(days=2000)
    record_phone(beneficiary_id=person.pk, number=NUMBER, owner="OWN", owner_name="", actor=officer, now=long_ago)
    set_opt_out(beneficiary_id=person.pk, wants_none=True, actor=officer, now=long_ago)
    Payment.objects.filter(beneficiary=person).apply(Cause.STOP, now=NOW)  # nothing of theirs is under way
    return world


def test_one_orders_another_allows_and_the_server_erases(due: World, browse: Browse) -> None:
    head, accountant = browse("RELEASER", "97"), browse("CHECKER", "97")
    assert "<b>1 số</b>" in head.get(PAGE).content.decode()
    head.post(f"{PAGE}yeu-cau/", {"document": "12/QĐ-SNV"})
    order = ErasureOrder.objects.get()
    approve = f"{PAGE}{order.pk}/dong-y/"
    own, others = (client.get(PAGE).content.decode() for client in (head, accountant))

    assert approve not in own and approve in others
    said = accountant.post(approve, {}, follow=True).content.decode()
    assert f"manage.py erase_overdue run {order.pk}" in said
    erase(order_id=order.pk, now=NOW)

    assert "Đã xóa</span> 1 số" in head.get(PAGE).content.decode()
    assert bytes(Phone.objects.get().sealed) == b""
    assert NUMBER not in own + others + said


def test_who_ordered_it_does_not_allow_it_and_nothing_due_is_said_so(due: World, browse: Browse) -> None:
    head, accountant = browse("RELEASER", "97"), browse("CHECKER", "97")
    head.post(f"{PAGE}yeu-cau/", {"document": "12/QĐ-SNV"})
    order = ErasureOrder.objects.get()

    head.post(f"{PAGE}{order.pk}/dong-y/", {})
    assert ErasureOrder.objects.get().accepted is None
    said = accountant.post(f"{PAGE}{order.pk}/khong-dong-y/", {}, follow=True).content.decode()
    assert "Không đồng ý" in said and ErasureOrder.objects.get().accepted is False

    Phone.objects.update(sealed=b"")
    assert "Chưa có số nào quá thời hạn giữ" in head.get(PAGE).content.decode()


def test_below_the_province_it_is_not_there(due: World, browse: Browse) -> None:
    client = browse("RELEASER", "971")

    assert client.get(PAGE).status_code == 404
    assert PAGE not in client.get("/so-lieu/").content.decode()
    client.post(f"{PAGE}yeu-cau/", {"document": "12/QĐ-SNV"})
    assert not ErasureOrder.objects.exists()
