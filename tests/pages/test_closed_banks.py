"""What waits for a bank says so beside "Chờ chuyển": which, why, how much, and that nothing need be done."""

from banks.fake import FakeTransfers
from payments.models import BankLane
from tests.api.test_every_state import sign_up_to
from tests.api.world import NOW, World
from tests.pages.forms import Browse


def test_a_list_and_a_payment_name_the_bank_they_wait_for(world: World, browse: Browse, bank: FakeTransfers) -> None:
    batch, payment = sign_up_to("RELEASED", world, bank), world.payments["Trần Văn Ân"]
    assert payment.bank_account
    client, pages = (
        browse("CHECKER", "971"),
        (f"/danh-sach/{batch.pk}/", f"/danh-sach/{batch.pk}/khoan-chi/{payment.pk}/"),
    )
    assert not any("không trả lời" in client.get(page).content.decode() for page in pages)

    BankLane.objects.create(bank_bin=payment.bank_account.bank_bin, failures=10, opened_at=NOW, open_until=NOW)

    for page in pages:
        said = client.get(page).content.decode()
        assert "không trả lời, tạm ngừng gửi đến ngân hàng này:" in said and "đang chờ chuyển" in said, page
