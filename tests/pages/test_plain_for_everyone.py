"""What stopped a person at a desk: a link that refuses, a bank's word for cash, a code instead of a name."""

import pytest

from payments.models import PaymentBatch
from reconciliation.pages.named import payees_of
from tests.api.test_my_status import release
from tests.api.world import World
from tests.pages.forms import Browse

pytestmark = pytest.mark.django_db
NAME = "Trần Văn Ân"


@pytest.fixture
def cash(world: World) -> PaymentBatch:
    """A released cash list with one person, who did not come."""
    an = world.payments[NAME]
    batch = world.add_list("971", cycle=an.batch.cycle, channel="CASH")
    world.pay(batch, an.beneficiary, account=None)
    release(world, channel="CASH")
    return batch


class TestALinkThatIsShown:
    @pytest.mark.parametrize("role", ["COMMUNE_OFFICER", "CHECKER", "RELEASER", "AUDITOR"])
    def test_to_gift_lists_refuses_nobody(self, role: str, world: World, browse: Browse) -> None:
        unit = "97101" if role == "COMMUNE_OFFICER" else "971"

        assert "/chi-mot-lan/nap/" not in browse(role, unit).get("/chi-mot-lan/").content.decode()
        assert "/chi-mot-lan/nap/" in browse("MAKER", "971").get("/chi-mot-lan/").content.decode()

    @pytest.mark.parametrize(("role", "status"), [("CHECKER", 200), ("RELEASER", None)])
    def test_to_a_persons_papers_opens_them(self, role: str, status: int | None, world: World, browse: Browse) -> None:
        payment, client = world.payments[NAME], browse(role, "971")
        papers = f'href="/nguoi-huong/{payment.beneficiary_id}/"'

        shown = client.get(f"/danh-sach/{payment.batch_id}/khoan-chi/{payment.pk}/").content.decode()

        assert (papers in shown) == (status is not None)
        assert client.get(f"/nguoi-huong/{payment.beneficiary_id}/").status_code == (status or 403)


class TestFigures:
    def test_name_each_period_once(self, world: World, browse: Browse) -> None:
        shown = browse("CHECKER", "97").get("/so-lieu/?on=31/08/2024").content.decode()

        assert shown.count(">Quý</option>") == 1
        assert '<option value="QUARTER" selected>' in shown

    def test_lead_from_the_lowest_commune_to_its_own_of_the_same_days(self, world: World, browse: Browse) -> None:
        client = browse("CHECKER", "97")

        shown = client.get("/so-lieu/?on=31/08/2024&span=MONTH").content.decode()
        lowest = shown[shown.index("thấp nhất") : shown.index("Theo đơn vị")]

        assert 'href="?unit=97101&amp;on=2024-08-31&amp;span=MONTH"' in lowest


class TestCash:
    def test_is_waited_for_in_the_words_of_cash(self, cash: PaymentBatch, browse: Browse) -> None:
        shown = browse("CHECKER", "971").get(f"/danh-sach/{cash.pk}/").content.decode()

        assert "Chờ giao danh sách" in shown and "Đã ký nhận" in shown
        assert "Chờ chuyển" not in shown and "Đã ghi có" not in shown and "Không chuyển được" not in shown


def test_an_inspector_begins_at_the_questions(world: World, browse: Browse) -> None:
    assert 'class="button" href="/thanh-tra/"' in browse("AUDITOR", "97").get("/").content.decode()
    assert 'class="button" href="/thanh-tra/"' not in browse("CHECKER", "97").get("/").content.decode()


def test_a_part_of_the_pages_is_one_line_on_a_telephone(world: World, browse: Browse) -> None:
    shown = browse("COMMUNE_OFFICER", "97101").get("/viec/").content.decode()
    small = shown[shown.index('<details class="entries-small">') : shown.index("</details>")]

    assert "<summary>Việc cần xử lý" in small and 'href="/nguoi-huong/"' in small


def test_a_reference_has_the_name_of_its_payment_where_one_may_see_it(world: World) -> None:
    payment = world.payments[NAME]
    asked = [payment.end_to_end_id, "không phải của ta", None]

    told = payees_of(world.staff["CHECKER", "971"], asked)

    assert told == {payment.end_to_end_id: {"id": payment.pk, "batch_id": payment.batch_id, "name": NAME}}
    assert payees_of(world.staff["CHECKER", "972"], asked) == {}
