"""Every role × every address of lists and payments × every state: who may, at which step, and everybody else refused without a trace."""

from collections.abc import Callable
from itertools import product

import pytest
from rest_framework.test import APIClient

from banks.fake import FakeTransfers
from payments.models import Payment, PaymentBatch, RemovalSlip, Signature
from payments.services.signing.removal import sign_slip, take_off
from payments.services.signing.sign import approve, release, submit
from payments.states import BatchStatus, Cause, PaymentStatus
from staff.models import Role
from tests.api.world import NOW, World
from tests.payments.province import rolled_back

Client = Callable[[str, str], APIClient]
BODY_OF, REASON = {"return": {"note": "Thiếu quyết định."}}, {"reason": "Gia đình báo tin."}
# Address → who may, and at which step of the list; written down here once more, so that a slip in the product's table shows.
MAY: dict[str, tuple[set[str], set[str]]] = {
    "submit": ({"MAKER"}, {"DRAFT"}),
    "approve": ({"CHECKER"}, {"SUBMITTED"}),
    "release": ({"RELEASER"}, {"APPROVED"}),
    "review": ({"REVIEWER"}, set()),  # no rule asks for these two here
    "cosign": ({"COSIGNER"}, set()),
    "return": ({"REVIEWER", "CHECKER", "COSIGNER", "RELEASER"}, {"SUBMITTED", "APPROVED"}),
    "pause": ({"CHECKER", "RELEASER"}, {"RELEASED"}),
    "resume": ({"CHECKER", "RELEASER"}, {"RELEASED"}),
    "replace-lost": ({"MAKER"}, set()),  # nobody lost an account here
}
UNDONE = {"resume"}  # nothing was paused: allowed, and changes nothing
# Address → who may; of no state here: nobody asked long enough ago, nothing was told twice.
NEVER: dict[str, set[str]] = {
    "unknown-outcomes/{}/take/": {"CHECKER", "RELEASER"},
    "unknown-outcomes/{}/end/": {"CHECKER", "RELEASER"},
    "contradicted-payments/{}/confirm/": {"CHECKER", "RELEASER"},
}
MAY_STOP = {"MAKER", "CHECKER", "RELEASER"}
STOPPABLE = {"DRAFT", "READY"}
MAY_READ = {"COMMUNE_OFFICER", "MAKER", "CHECKER", "RELEASER", "REVIEWER", "COSIGNER", "AUDITOR"}
# State of a payment → the causes that lead there after its list was released.
WAY_TO: dict[str, list[Cause]] = {
    "READY": [],
    "SENT": [Cause.CLAIM],
    "PROCESSING": [Cause.CLAIM, Cause.ACCEPTED],
    "POSTED": [Cause.CLAIM, Cause.BANK_POSTED],
    "FAILED": [Cause.CLAIM, Cause.BANK_FAILED],
    "RETURNED": [Cause.CLAIM, Cause.BANK_POSTED, Cause.BANK_RETURNED],
    "CANCELLED": [],  # by a slip
}


@pytest.fixture
def world(same_world: World) -> World:
    return same_world


def take_off_signed(payment: Payment, world: World) -> None:
    """Off a signed list by a slip with its two signatures."""
    slip = take_off(payment_id=payment.pk, reason="x", actor=world.staff["MAKER", "97"], now=NOW)
    assert slip
    for role in ("CHECKER", "RELEASER"):
        sign_slip(slip_id=slip.pk, actor=world.staff[role, "97"], now=NOW)


def sign_up_to(status: str, world: World, bank: FakeTransfers) -> PaymentBatch:
    """The list of district 971 at a step of its life."""
    batch = world.lists["971", "ACCOUNT"]
    uses = [
        ("SUBMITTED", lambda: submit(batch_ids=[batch.pk], actor=world.staff["MAKER", "97"], now=NOW)),
        ("APPROVED", lambda: approve(batch_ids=[batch.pk], actor=world.staff["CHECKER", "97"], now=NOW)),
        ("RELEASED", lambda: release(batch_ids=[batch.pk], actor=world.staff["RELEASER", "97"], now=NOW, bank=bank)),
    ]
    if status == "CANCELLED":  # a list nobody is left on
        for payment in batch.payments.all():
            take_off(payment_id=payment.pk, reason="x", actor=world.staff["MAKER", "97"], now=NOW)
    elif status != "DRAFT":
        for reached, use in uses:
            use()
            if reached == status:
                break
    if status == "CLOSED":
        for payment in batch.payments.all():
            take_off_signed(payment, world)
        PaymentBatch.objects.filter(pk=batch.pk).update(status=status)
    batch.refresh_from_db()
    assert batch.status == status
    return batch


def everything() -> tuple[object, ...]:
    """What a refusal must leave as it was."""
    return (
        list(PaymentBatch.objects.order_by("pk").values_list("pk", "status", "revision", "return_note", "paused")),
        list(Payment.objects.order_by("pk").values_list("pk", "status", "cause")),
        list(Signature.objects.order_by("pk").values_list("pk", flat=True)),
        list(RemovalSlip.objects.order_by("pk").values_list("pk", "refused_at")),
    )


class TestLists:
    @pytest.mark.parametrize("state", BatchStatus.values)
    def test_only_the_right_hand_at_the_right_step(
        self, state: str, world: World, as_staff: Client, bank: FakeTransfers
    ) -> None:
        batch = sign_up_to(state, world, bank)
        before = everything()

        for (step, (hands, states)), role in product(MAY.items(), Role.values):
            with rolled_back():
                answer = as_staff(role, "971").post(
                    f"/api/batches/{batch.pk}/{step}/", BODY_OF.get(step, {}), format="json"
                )
                expected = 403 if role not in hands else 200 if state in states else 409

                assert (step, role, answer.status_code) == (step, role, expected)
                assert (everything() == before) == (expected != 200 or step in UNDONE)

    @pytest.mark.parametrize("state", BatchStatus.values)
    def test_reading_depends_on_the_role_alone_and_changes_nothing(
        self, state: str, world: World, as_staff: Client, bank: FakeTransfers
    ) -> None:
        batch = sign_up_to(state, world, bank)
        before = everything()

        for role in Role.values:
            for url in ("/api/batches/", f"/api/batches/{batch.pk}/", f"/api/batches/{batch.pk}/payments/"):
                answer = as_staff(role, "971").get(url)
                assert (role, url, answer.status_code) == (role, url, 200 if role in MAY_READ else 403)
        assert everything() == before

    @pytest.mark.parametrize("state", BatchStatus.values)
    def test_outside_the_scope_no_state_shows(
        self, state: str, world: World, as_staff: Client, bank: FakeTransfers
    ) -> None:
        batch = sign_up_to(state, world, bank)
        before = everything()

        for step, (hands, _) in MAY.items():
            for role in sorted(hands):
                answer = as_staff(role, "972").post(
                    f"/api/batches/{batch.pk}/{step}/", BODY_OF.get(step, {}), format="json"
                )
                assert (step, role, answer.status_code) == (step, role, 404)
        assert everything() == before


class TestPayments:
    @pytest.mark.parametrize("state", PaymentStatus.values)
    def test_are_stopped_only_until_they_are_sent_and_only_by_those_who_may(
        self, state: str, world: World, as_staff: Client, bank: FakeTransfers
    ) -> None:
        payment = world.payments["Trần Văn Ân"]
        if state != "DRAFT":
            sign_up_to("RELEASED", world, bank)
            for cause in WAY_TO[state]:
                assert Payment.objects.filter(pk=payment.pk).apply(cause, now=NOW) == 1
            if state == "CANCELLED":
                take_off_signed(payment, world)
        before = everything()

        for role in Role.values:
            with rolled_back():
                answer = as_staff(role, "971").post(f"/api/payments/{payment.pk}/stop/", REASON, format="json")
                expected = 403 if role not in MAY_STOP else 200 if state in STOPPABLE else 409

                assert (role, answer.status_code) == (role, expected)
                assert (everything() == before) == (expected != 200)
            for address, hands in NEVER.items():
                answer = as_staff(role, "971").post(f"/api/{address.format(payment.pk)}", {}, format="json")
                assert (address, role, answer.status_code) == (address, role, 409 if role in hands else 403)
        assert everything() == before

    def test_the_table_knows_every_state(self) -> None:
        assert set(WAY_TO) | {"DRAFT"} == set(PaymentStatus.values)
