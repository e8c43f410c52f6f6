"""Days of cash on pages: two names before the day, typed once; the sums are the list's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from payments.models import CashDay, Payment, PaymentBatch
from tests.api.test_my_status import release
from tests.api.world import World
from tests.pages.forms import Browse

pytestmark = pytest.mark.django_db


@pytest.fixture
def cash(world: World) -> str:
    """The page of a released cash list with one person of the first commune."""
    an = world.payments["Trần Văn Ân"]
    other = PaymentBatch.objects.get(pk=an.batch_id)
    batch = PaymentBatch.objects.create(
        cycle=other.cycle, paying_unit=other.paying_unit, programme=other.programme, budget_source="Quỹ", channel="CASH",
        token="tienmat1", status_at=other.status_at,
    )  # fmt: skip
    Payment.objects.create(
        batch=batch, ordinal=1, beneficiary=an.beneficiary, payee_name=an.payee_name, amount=500_000,
        end_to_end_id="tienmat1.1", status_at=other.status_at,
    )  # fmt: skip
    world.lists["971", "CASH"] = batch
    release(world, channel="CASH")
    return f"/danh-sach/{batch.pk}/ngay-chi/"


def typed(**changes: str) -> dict[str, str]:
    tomorrow = f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}"
    given = {"unit": "97101", "point": "", "held_on": tomorrow, "carrier": "Lê Thị Phát", "witness": "Trần Văn Chứng"}
    return given | changes


def test_a_day_is_planned_on_the_page_and_stands_there(cash: str, browse: Browse) -> None:
    said = browse("MAKER", "971").post(f"{cash}phan-cong/", typed(), follow=True).content.decode()

    assert "Đã phân công ngày chi." in said and "Lê Thị Phát mang, Trần Văn Chứng chứng kiến" in said
    assert said.count("500.000") >= 2  # of the place and of the whole list
    assert CashDay.objects.get().amount == 500_000


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"witness": "le thi phat"}, "hai người khác nhau"), ({"held_on": "01/08/2024"}, "ngày sau hôm nay"), ({"held_on": "31/02/2026"}, "#held_on-97101-0")],
)  # fmt: skip
def test_what_is_refused_is_open_again_with_what_was_typed(
    cash: str, browse: Browse, changes: dict[str, str], told: str
) -> None:
    said = browse("MAKER", "971").post(f"{cash}phan-cong/", typed(**changes)).content.decode()

    assert told in said and 'value="Lê Thị Phát"' in said and "<details open>" in said
    assert not CashDay.objects.exists()


def test_whoever_only_reads_sees_the_places_and_no_form(cash: str, browse: Browse) -> None:
    said = browse("AUDITOR", "971").get(cash).content.decode()

    assert "chưa phân công" in said and "Ghi phân công" not in said


def test_what_came_back_is_refused_in_words_before_the_day(cash: str, browse: Browse) -> None:
    browse("MAKER", "971").post(f"{cash}phan-cong/", typed())
    sent = {"unit": "97101", "point": "", "returned": "500.000"}

    said = browse("CHECKER", "971").post(f"{cash}mang-ve/", sent).content.decode()

    assert "chưa ghi người mang tiền" in said


def test_another_district_sees_nothing(cash: str, browse: Browse) -> None:
    assert browse("MAKER", "972").get(cash).status_code == 404
