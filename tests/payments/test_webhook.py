"""Events from the bank: authentic, fresh, stored once and sealed; they only ring, and a silent broker loses none (I6, I7)."""

import hashlib
import hmac
import json
import logging
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from banks.fake import FakeTransfers
from payments import tasks
from payments.models import BankEvent, Payment
from payments.services.learning.receive_event import EVENT
from payments.services.sending.send import send_ready_payments
from payments.views import webhook
from staff.encryption import unseal
from tests.payments.province import Province

SECRET = "whsec_kept_by_both"
ACCOUNT_NUMBER = "55500001234567"


def event(*, id: str = "evt_1", about: str = "obp_1") -> bytes:
    document = {"id": id, "type": "treasury.outbound_payment.posted", "created": 1_722_800_000}
    return json.dumps({**document, "data": {"object": {"id": about, "account_number": ACCOUNT_NUMBER}}}).encode()


def signature(body: bytes, *, at: datetime, secret: str = SECRET) -> str:
    stamp = int(at.timestamp())
    signed = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={signed}"


@pytest.fixture
def rings(monkeypatch) -> list[dict[str, object]]:
    """What was told to the broker."""
    told: list[dict[str, object]] = []
    monkeypatch.setattr(webhook, "_last_ring", 0.0)
    monkeypatch.setattr(webhook.fetch_from_bank, "apply_async", lambda **options: told.append(options))
    return told


@pytest.fixture
def deliver(db, settings, client: Client, rings):
    """Deliver a body with a signature, by default a good one of now."""
    settings.BANK_WEBHOOK_SECRETS = ["whsec_older", SECRET]

    def post(body: bytes = event(), *, header: str | None = None) -> int:
        header = signature(body, at=timezone.now()) if header is None else header
        return client.post(
            reverse(webhook.bank_event), body, content_type="application/json", headers={"Stripe-Signature": header}
        ).status_code

    return post


class TestWhatCounts:
    def test_an_authentic_event_is_stored_and_rings(self, deliver, rings):
        assert deliver() == 204

        stored = BankEvent.objects.get()
        assert (stored.event_id, stored.bank_reference, stored.handled_at, len(rings)) == ("evt_1", "obp_1", None, 1)

    def test_the_same_event_is_stored_once(self, deliver):
        answers = [deliver(), deliver(), deliver()]

        assert (answers, BankEvent.objects.count()) == ([204, 204, 204], 1)

    def test_what_is_stored_is_sealed(self, deliver):
        deliver()

        sealed = bytes(BankEvent.objects.get().sealed)
        assert ACCOUNT_NUMBER.encode() not in sealed
        assert unseal(sealed, purpose=EVENT) == event()

    @pytest.mark.parametrize(
        "header",
        [
            "",
            "t=1,v1=",
            signature(event(), at=timezone.now(), secret="whsec_of_somebody"),
            signature(event(id="evt_2"), at=timezone.now()),
            signature(event(), at=timezone.now() - timedelta(hours=1)),
            signature(event(), at=timezone.now() + timedelta(hours=1)),
        ],
        ids=["missing", "malformed", "another secret", "another body", "stale", "from the future"],
    )
    def test_what_is_not_authentic_and_fresh_is_refused(self, deliver, rings, header):
        assert deliver(header=header) == 400

        assert (BankEvent.objects.count(), rings) == (0, [])

    def test_an_authentic_body_that_is_no_event_is_refused(self, deliver):
        assert deliver(b'{"id": 1}') == 400

    def test_get_is_not_answered(self, client):
        assert client.get(reverse(webhook.bank_event)).status_code == 405

    def test_no_number_of_an_account_is_logged(self, deliver, caplog):
        with caplog.at_level(logging.DEBUG):
            deliver()
            deliver(header="")

        assert ACCOUNT_NUMBER not in caplog.text


class TestItOnlyRings:
    def test_what_an_event_says_is_not_believed(self, province: Province, bank: FakeTransfers, deliver, monkeypatch):
        province.pay_through_accounts(1, bank=bank)
        send_ready_payments(bank=bank, clock=province.clock)
        monkeypatch.setattr(tasks, "the_bank", lambda: bank)
        deliver(event(about=bank.taken[0].bank_reference))

        tasks.fetch_from_bank()

        assert Payment.objects.get().status == "PROCESSING"
        assert BankEvent.objects.get().handled_at is not None

    def test_a_storm_of_events_rings_seldom(self, deliver, rings):
        for number in range(5):
            deliver(event(id=f"evt_{number}"))

        assert (BankEvent.objects.count(), len(rings)) == (5, 1)


class TestTheBrokerIsDown:
    @pytest.fixture(autouse=True)
    def silent_broker(self, rings, monkeypatch):
        def refuse(**options):
            raise OperationalError("connection refused")

        monkeypatch.setattr(webhook.fetch_from_bank, "apply_async", refuse)

    def test_the_bank_still_gets_its_204_and_the_event_is_kept(self, deliver):
        assert (deliver(), BankEvent.objects.count()) == (204, 1)

    def test_the_sweeper_finds_the_event(self, province: Province, bank: FakeTransfers, deliver, monkeypatch):
        province.pay_through_accounts(1, bank=bank)
        send_ready_payments(bank=bank, clock=province.clock)
        bank.post_all()
        monkeypatch.setattr(tasks, "the_bank", lambda: bank)
        monkeypatch.setattr(tasks, "database_now", province.clock)
        Payment.objects.filter(status="PROCESSING").update(bank_created_at=bank.taken[0].created_at)
        BankEvent.objects.create(
            event_id="evt_9", kind="posted", bank_reference="obp", sealed=b"", received_at=province.clock()
        )

        tasks.find_work()

        assert (Payment.objects.get().status, BankEvent.objects.get().handled_at) == ("POSTED", province.clock())
