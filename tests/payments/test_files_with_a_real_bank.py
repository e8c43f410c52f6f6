"""Files over HTTP to the mock bank's own process, which loses answers, is late, and refuses: its books are the judge."""

import time

import pytest

from banks.files_http import HttpFiles
from payments.models import FundingAccount, Payment, PaymentFile
from payments.services.files import send_files
from tests.payments.bank_process import API_KEY, running_bank
from tests.payments.province import BALANCES

pytestmark = pytest.mark.django_db
PEOPLE = 12


@pytest.fixture
def process(tmp_path):
    with running_bank(tmp_path / "bank", balances=BALANCES) as process:
        yield process


@pytest.fixture
def payments(province, process):
    FundingAccount.objects.update(sends_by="FILE")
    return province.pay_through_accounts(PEOPLE, bank=process.client())


@pytest.fixture
def send(process, clock, payments):
    bank = HttpFiles(base_url=process.base_url, api_key=API_KEY, timeout=(0.5, 0.5))

    def run(**options):
        sent = send_files(bank=bank, clock=clock, **options)
        clock.advance(minutes=10)
        return sent

    return run


def statuses():
    return sorted(Payment.objects.values_list("status", flat=True))


def test_from_released_to_posted(send, process):
    send(limit=5)
    process.settle()
    send()

    assert statuses() == ["POSTED"] * PEOPLE
    assert len({key for key, _, _ in process.live_debits()}) == len(process.live_debits()) == PEOPLE


@pytest.mark.parametrize("fault", ["timeout_after_accept", "error_500_after_execute", "reset_mid_body"])
def test_a_lost_answer_pays_once(send, process, fault):
    process.admin("/faults", {"rules": [{"fault": fault, "on": "file", "seconds": 1, "times": 1}]})
    first = send()
    send()
    process.settle()
    send()

    assert (first.files, first.unknown) == (0, 1)
    assert len(process.live_debits()) == PEOPLE
    assert statuses() == ["POSTED"] * PEOPLE


def test_a_file_that_arrives_after_we_gave_up_pays_once(send, process):
    process.admin("/faults", {"rules": [{"fault": "accept_late", "on": "file", "seconds": 1.2, "times": 1}]})
    send()  # times out
    send()  # the bank says it has no such file: the same message id goes again
    time.sleep(1)  # and now the first one arrives
    process.settle()
    send()

    assert len(process.live_debits()) == PEOPLE
    assert statuses() == ["POSTED"] * PEOPLE
    assert PaymentFile.objects.count() == 1


def test_some_orders_are_refused_and_the_report_is_late(send, process, payments):
    refused = payments[3].end_to_end_id
    rules = [
        {"fault": "file_reject", "match": {"end_to_end_id": refused}, "code": "AC06"},
        {"fault": "report_late", "seconds": 0.8, "times": 1},
    ]
    process.admin("/faults", {"rules": rules})
    send()
    process.settle()
    send()
    before = statuses()
    time.sleep(1)
    process.admin("/settle", {})
    send()

    assert before == ["POSTED"] * (PEOPLE - 1) + ["SENT"]
    assert Payment.objects.get(end_to_end_id=refused).return_code == "account_frozen"
    assert len(process.live_debits()) == PEOPLE - 1


def test_without_money_nothing_is_taken_and_everything_waits(send, process, payments):
    process.admin("/faults", {"rules": [{"fault": "file_reject", "match": {}, "code": "AM04"}]})
    send()
    process.admin("/settle", {})
    send()

    assert set(Payment.objects.values_list("status", "hold_code")) == {("READY", "file_rejected")}
    assert process.live_debits() == []
