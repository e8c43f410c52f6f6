"""What came back is paid again within the month from a page: shown with what it waits for, made into lists once, by the maker alone."""

import re

import pytest

from beneficiaries.models import BankAccount
from payments.models import Payment, PaymentBatch
from payments.states import Cause
from tests.api.test_unknown_outcomes import unknown
from tests.api.world import NOW, World
from tests.pages.forms import Browse

__all__ = ["unknown"]
PAGE = "/lap-danh-sach/2024-08/chi-lai/"


@pytest.fixture
def failed(unknown: Payment) -> Payment:
    """The bank refused it, and said so again."""
    Payment.objects.filter(pk=unknown.pk).apply(Cause.BANK_FAILED, now=NOW)
    Payment.objects.filter(pk=unknown.pk).update(confirmed_at=NOW)
    BankAccount.objects.filter(pk=unknown.bank_account_id).update(
        status="OPENED", cause="MONEY_BACK", reason="DECLINED"
    )
    return unknown


def test_it_waits_for_its_account_or_goes_in_hand_and_only_once(failed: Payment, browse: Browse) -> None:
    maker = browse("MAKER", "971")
    shown = maker.get(PAGE).content.decode()
    assert failed.payee_name in shown and "Chờ sửa và xác minh lại tài khoản" in shown
    assert re.findall(r'name="to_cash" value="(\d+)"', shown) == [str(failed.pk)]

    nobody_ready = maker.post(f"{PAGE}lap/")
    assert nobody_ready.status_code == 409 and "Chưa có khoản nào chi lại được" in nobody_ready.content.decode()
    assert (
        "Đã lập 1 danh sách chi lại: 1 khoản, 750.000 đ"
        in maker.post(f"{PAGE}lap/", {"to_cash": [failed.pk]}, follow=True).content.decode()
    )
    assert maker.post(f"{PAGE}lap/", {"to_cash": [failed.pk]}).status_code == 409

    again = PaymentBatch.objects.get(status="DRAFT", channel="CASH")
    assert [(one.reissues_id, one.amount) for one in again.payments.all()] == [(failed.pk, 750_000)]
    assert failed.payee_name not in maker.get(PAGE).content.decode()


def test_others_read_and_another_district_does_not(failed: Payment, world: World, browse: Browse) -> None:
    checker = browse("CHECKER", "971")
    assert f'href="{PAGE}"' in checker.get("/danh-sach/?cycle=2024-08").content.decode()
    shown = checker.get(PAGE).content.decode()
    assert failed.payee_name in shown and "<button>Lập danh sách chi lại" not in shown and 'name="to_cash"' not in shown
    assert checker.post(f"{PAGE}lap/", {"to_cash": [failed.pk]}).status_code == 403
    assert browse("LEADER", "971").get(PAGE).status_code == 403
    other = browse("MAKER", "972")
    assert failed.payee_name not in other.get(PAGE).content.decode()
    assert other.post(f"{PAGE}lap/", {"to_cash": [failed.pk]}).status_code == 409
    assert not PaymentBatch.objects.filter(channel="CASH").exists()
    assert browse("MAKER", "971").get("/lap-danh-sach/2031-01/chi-lai/").status_code == 404
