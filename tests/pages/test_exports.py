"""Handing everything over by pages: ordered by one, allowed by another, of the province alone."""

import pytest

from staff.models import DataExport
from tests.api.world import World
from tests.pages.forms import Browse

pytestmark = pytest.mark.django_db


def test_numbers_take_another_persons_button(world: World, browse: Browse) -> None:
    head, accountant = browse("RELEASER", "97"), browse("CHECKER", "97")
    head.post("/xuat-du-lieu/yeu-cau/", {"document": "12/TLHĐ", "with_numbers": "1"})
    order = DataExport.objects.get()
    own, others = (client.get("/xuat-du-lieu/").content.decode() for client in (head, accountant))
    approve = f"/xuat-du-lieu/{order.pk}/dong-y/"

    assert order.waits and approve not in own and approve in others
    said = accountant.post(approve, {}, follow=True).content.decode()
    assert f"manage.py export_all --order {order.pk}" in said


def test_below_the_province_it_is_not_there(world: World, browse: Browse) -> None:
    client = browse("RELEASER", "971")

    assert client.get("/xuat-du-lieu/").status_code == 404
    assert "/xuat-du-lieu/" not in client.get("/so-lieu/").content.decode()
    client.post("/xuat-du-lieu/yeu-cau/", {"document": "12/TLHĐ"})
    assert not DataExport.objects.exists()
