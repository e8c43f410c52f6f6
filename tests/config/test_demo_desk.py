"""Those outside, played for whoever works a month of the demo on its pages: money in the sums lists need, each transfer ordered once, no clock back."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pytest
import requests
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.demo import outside
from payments.models import FundingAccount, FundTransfer
from payments.services.ledger.funding import record_top_up
from payments.services.ledger.transfers import record_transfer
from staff.time_zone import VIETNAM
from tests.payments.province import AUGUST, Clock, Province, make_province


@dataclass
class Desk:
    """The mock bank's desk, in memory; its statement shows what moved."""

    now: datetime
    funds: int = 0
    moved: list[tuple[str, int, str]] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def set_clock(self, now: datetime) -> None:
        assert now > self.now, "a bank's clock never goes back"
        self.now = now

    def top_up(self, *, account_id: str, amount: int, reference: str) -> None:
        self.funds += amount
        self.moved.append((account_id, amount, reference))

    def transfer(self, *, account_id: str, amount: int, reference: str) -> None:
        if amount > self.funds:
            refused = requests.Response()
            refused.status_code = 409
            raise requests.HTTPError(response=refused)
        self.funds -= amount
        self.moved.append((account_id, -amount, reference))

    def statement(self, *, account_id: str, from_on: date, to_on: date, interim: bool = False) -> bytes:
        return "".join(f"<Ref>{reference}</Ref>" for _, _, reference in self.moved).encode()


@pytest.fixture
def province(db: None) -> Province:
    """Two people of district 971 who are paid in hand, 750,000 đ each, on a released list."""
    province = make_province(clock=Clock())
    for _ in range(2):
        province.enrol()
    province.build(AUGUST)
    province.release_lists(AUGUST, bank=None)
    return province


@pytest.fixture
def desk() -> Desk:
    return Desk(now=datetime(2024, 7, 31, 18, tzinfo=VIETNAM))


def test_money_arrives_in_the_sum_the_lists_need_under_a_reference_nobody_used(province: Province, desk: Desk) -> None:
    account = FundingAccount.objects.get(code="TK-971")
    assert outside.needed(month=AUGUST) == {account.pk: 1_500_000}

    (first,) = outside.top_up(month=AUGUST, amounts={account.pk: 1_500_000}, desk=desk)
    told = {"reference": first.reference, "amount": first.amount, "booked_on": first.booked_on}
    record_top_up(account=account, actor=province.staff["CHECKER"], now=timezone.now(), **told)
    (second,) = outside.top_up(month=AUGUST, amounts={account.pk: 5}, desk=desk)

    assert (first.reference, first.booked_on) == ("CAP-202408-971", date(2024, 8, 3))
    assert second.reference == "CAP-202408-971-2"
    assert desk.moved == [("fa_971", 1_500_000, first.reference), ("fa_971", 5, second.reference)]


def test_a_recorded_transfer_is_ordered_once_and_not_without_money(province: Province, desk: Desk) -> None:
    account = FundingAccount.objects.get(code="TK-971")
    (lump,) = outside.lump_sums(month=AUGUST)
    record_transfer(
        account=account, kind=FundTransfer.Kind.FORWARDED, amount=lump.amount, reference="UNC-1", booked_on=date(2024, 8, 15),
        actor=province.staff["CHECKER"], now=timezone.now(), batch=lump.batch,
    )  # fmt: skip
    with pytest.raises(outside.NotOrdered):
        outside.order_transfers(month=AUGUST, desk=desk)
    desk.funds = lump.amount

    assert [outside.order_transfers(month=AUGUST, desk=desk) for _ in range(2)] == [1, 0]
    assert desk.moved == [("fa_971", -1_500_000, "UNC-1")] and desk.now.date() == date(2024, 8, 15)


def test_the_month_ends_at_the_bank_and_every_account_has_its_statement(
    province: Province, desk: Desk, tmp_path: Path
) -> None:
    written = outside.end_month(month=AUGUST, desk=desk, folder=tmp_path / "sao-ke")
    again = outside.end_month(month=AUGUST, desk=desk, folder=tmp_path / "sao-ke")

    assert written == again and all(path.exists() for path in written)
    assert {path.name for path in written} >= {"sao-ke-TK-971-2024-08.xml"}
    assert desk.now == datetime(2024, 9, 1, 1, tzinfo=VIETNAM)


def test_nothing_happens_while_nobody_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "demo").mkdir()
    monkeypatch.setattr("config.management.commands.demo_desk.VAR", tmp_path)
    with outside.known_where(folder=tmp_path / "demo", bank="http://127.0.0.1:1"):
        assert outside.desk_of(folder=tmp_path / "demo") is not None

    with pytest.raises(CommandError, match="make serve"):
        call_command("demo_desk", "topup", "--month", "2024-08")
