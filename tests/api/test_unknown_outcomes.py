"""The end of an enquiry through the API: one takes it and brings the paper, another in another role reads it and ends it."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from banks.fake import FakeTransfers
from payments.models import Payment
from payments.services.signing.sign import approve, release, submit
from tests.api.world import World


@pytest.fixture
def unknown(world: World, bank: FakeTransfers, monkeypatch) -> Payment:
    """Sent three days ago, never answered for; the bank does not have it."""
    batch, sent_at = world.lists["971", "ACCOUNT"], timezone.now() - timedelta(days=3)
    given = {"batch_ids": [batch.pk], "now": sent_at}
    submit(actor=world.staff["MAKER", "971"], **given)
    approve(actor=world.staff["CHECKER", "971"], **given)
    release(actor=world.staff["RELEASER", "971"], bank=bank, **given)
    payment = batch.payments.order_by("pk")[0]
    Payment.objects.filter(pk=payment.pk).update(
        status="SENT", cause="CLAIM", first_used_at=sent_at, lease_until=sent_at + timedelta(minutes=2)
    )
    monkeypatch.setattr("payments.api.unknown_outcomes.the_bank", lambda: bank)
    return payment


def paper() -> SimpleUploadedFile:
    stream = io.BytesIO()
    Image.new("L", (8, 8)).save(stream, "PNG")
    return SimpleUploadedFile("cong-van.png", stream.getvalue())


def test_taken_answered_read_and_ended(unknown, as_staff):
    first, second = as_staff("CHECKER", "971"), as_staff("RELEASER", "971")
    at = f"/api/unknown-outcomes/{unknown.pk}"

    assert first.post(f"{at}/take/").status_code == 204
    assert second.post(f"{at}/end/").data["code"] == "LETTER_MISSING"
    answer = first.post(f"{at}/letter/", {"document": "12/CV ngày 07/08/2024", "file": paper()}, format="multipart")
    assert answer.status_code == 204
    (row,) = second.get("/api/unknown-outcomes/").data["results"]
    assert (row["owner_role"], row["document"]) == ("CHECKER", "12/CV ngày 07/08/2024")
    assert second.get(f"{at}/letter/")["Content-Type"] == "image/png"
    assert first.post(f"{at}/end/").data["code"] == "ENQUIRY_NOT_YOURS"
    assert second.post(f"{at}/end/").data == {"never_had": True}

    unknown.refresh_from_db()
    assert (unknown.status, unknown.cause) == ("CANCELLED", "NEVER_HAD")
