"""An account lost while its list is in draft or being signed: told at once, mended by one step, and nobody is paid twice or not at all."""

import pytest
from rest_framework.test import APIClient

from beneficiaries.models import BankAccount
from payments.errors import ListHasConflicts, NothingToReissue, WrongBatchState
from payments.models import Payment, PaymentBatch
from payments.services.lists.conflicts import conflicts_of
from payments.services.lists.replace_lost import replace_lost
from payments.services.signing.sign import approve, release, submit
from staff.errors import NotAllowed
from tests.payments.province import AUGUST


class Town:
    """Two people on one list in draft; the first one's account is lost."""

    def __init__(self, province):
        self.province = province
        self.mine, self.neighbours = [province.open_account(province.enrol().beneficiary) for _ in range(2)]
        province.build(AUGUST)
        self.batch = PaymentBatch.objects.get()

    def lose(self) -> None:
        BankAccount.objects.filter(pk=self.mine.pk).update(
            status="CLOSED", cause="CLOSE", reason="ACCOUNT_CLOSED", closed_on=AUGUST
        )

    def replace(self, *, role: str = "MAKER"):
        return replace_lost(batch_id=self.batch.pk, actor=self.province.staff[role], now=self.province.clock())

    def client(self, role: str) -> APIClient:
        client = APIClient()
        client.force_authenticate(self.province.staff[role])
        return client


@pytest.fixture
def town(province) -> Town:
    town = Town(province)
    town.lose()
    return town


class TestTold:
    def test_the_maker_can_not_sign_it_and_is_told_of_whom(self, town, province, clock):
        lost = Payment.objects.get(bank_account=town.mine)
        with pytest.raises(ListHasConflicts) as refused:
            submit(batch_ids=[town.batch.pk], actor=province.staff["MAKER"], now=clock())
        (shown,) = town.client("MAKER").get(f"/api/batches/{town.batch.pk}/conflicts/").json()

        assert refused.value.conflicts == [f"{town.batch.pk}:ACCOUNT_LOST:{lost.pk}:{lost.pk}"]
        assert (shown["kind"], shown["hard"], shown["payment"]) == ("ACCOUNT_LOST", True, lost.pk)

    def test_lost_after_it_was_signed_the_checker_sees_it_and_releasing_takes_it_off(self, province, clock, bank):
        town = Town(province)
        submit(batch_ids=[town.batch.pk], actor=province.staff["MAKER"], now=clock())
        town.lose()
        assert [one.kind for one in conflicts_of(batch_ids=[town.batch.pk])] == ["ACCOUNT_LOST"]

        approve(batch_ids=[town.batch.pk], actor=province.staff["CHECKER"], now=clock())
        release(batch_ids=[town.batch.pk], actor=province.staff["RELEASER"], now=clock(), bank=bank)
        stands = dict(Payment.objects.values_list("bank_account", "status"))
        assert stands == {town.mine.pk: "CANCELLED", town.neighbours.pk: "READY"}


class TestTheWayOn:
    @pytest.mark.parametrize("has_another", [False, True])
    def test_is_another_account_else_cash_on_a_list_of_the_same_month(self, town, province, clock, bank, has_another):
        other = province.open_account(town.mine.beneficiary) if has_another else None
        made = town.replace()

        (again,) = Payment.objects.filter(batch__in=made.batch_ids)
        old = Payment.objects.get(bank_account=town.mine)
        assert (again.bank_account, again.batch.channel) == (other, "ACCOUNT" if has_another else "CASH")
        assert (again.amount, again.reissues, old.status) == (old.amount, old, "CANCELLED")
        assert old.entitlements.count() == 0 and again.entitlements.count() == 1
        # Both lists go on to be signed, and each person is on one of them.
        province.release_lists(AUGUST, bank=bank)
        live = Payment.objects.exclude(status="CANCELLED")
        assert sorted(live.values_list("beneficiary", flat=True)) == sorted(
            [town.mine.beneficiary_id, town.neighbours.beneficiary_id]
        )

    def test_is_walked_once(self, town):
        town.replace()
        with pytest.raises(NothingToReissue):
            town.replace()

    def test_is_not_for_whoever_may_not_build(self, town):
        with pytest.raises(NotAllowed):
            town.replace(role="CHECKER")

    def test_is_not_for_a_list_somebody_signed(self, province, clock):
        town = Town(province)
        submit(batch_ids=[town.batch.pk], actor=province.staff["MAKER"], now=clock())
        town.lose()
        with pytest.raises(WrongBatchState):
            town.replace()

    def test_stands_on_the_page_of_who_made_the_list(self, town, province, client):
        client.force_login(province.staff["MAKER"])
        page = client.get(f"/danh-sach/{town.batch.pk}/").content.decode()
        assert "Chuyển 1 người sang tài khoản khác hoặc tiền mặt" in page

        client.post(f"/danh-sach/{town.batch.pk}/mat-tai-khoan/")
        assert PaymentBatch.objects.filter(channel="CASH").count() == 1
