"""Ways around the three signatures, each tried as plain SQL in the application's own role: the database has the last word."""

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, transaction

from banks.fake import Fault
from beneficiaries.models import Case
from beneficiaries.services.numbers import keep_account_numbers, last_four_of
from payments.errors import (
    ListChangedSinceSigned,
)
from payments.models import Payment, PaymentBatch, Signature
from payments.services.sending.send import replay_unknown_payments, send_ready_payments
from payments.services.signing.sign import list_digest, release, return_for_revision
from staff.models import User
from tests.payments.plain_sql import constraint_of, run, seal_under_a_lost_key
from tests.payments.province import BANK_BIN, Province


def sign(province: Province, batch: PaymentBatch, *, signer: User, digest: str, revision: int = 1) -> None:
    """Put a releaser's signature into the table itself."""
    with transaction.atomic():
        Signature.objects.create(
            batch=batch, revision=revision, step="RELEASER", signer=signer, digest=digest, signed_at=province.clock()
        )


class TestUnsigned:
    @pytest.mark.parametrize("status", ["SUBMITTED", "APPROVED", "RELEASED", "CLOSED"])
    def test_a_list_without_signatures_goes_nowhere(self, batch, status):
        with pytest.raises(IntegrityError):
            run("UPDATE payments_paymentbatch SET status = %(to)s WHERE id = %(id)s", to=status, id=batch.pk)

    def test_a_list_can_not_skip_the_releaser(self, approved):
        with pytest.raises(IntegrityError) as refusal:
            run("UPDATE payments_paymentbatch SET status = 'RELEASED' WHERE id = %(id)s", id=approved.pk)

        assert constraint_of(refusal) == "list_is_signed_by_different_people"

    def test_a_payment_is_not_released_without_its_list(self, approved):
        with pytest.raises(IntegrityError) as refusal:
            run(
                "UPDATE payments_payment SET status = 'READY', cause = 'RELEASE' WHERE batch_id = %(id)s",
                id=approved.pk,
            )

        assert constraint_of(refusal) == "payment_is_released_with_its_list"

    def test_no_list_begins_released(self, batch):
        with pytest.raises(IntegrityError) as refusal:
            run(
                "INSERT INTO payments_paymentbatch (cycle_id, paying_unit_id, programme_id, budget_source, channel, "
                "funding_account_id, status, revision, paused, token, return_note, status_at) "
                "SELECT cycle_id, paying_unit_id, programme_id, 'another', channel, funding_account_id, 'RELEASED', 1, "
                "false, 'zzzzzzzz', '', status_at FROM payments_paymentbatch WHERE id = %(id)s",
                id=batch.pk,
            )

        assert constraint_of(refusal) == "list_begins_in_draft"


class TestSignatures:
    def test_nobody_signs_a_revision_twice(self, province, approved):
        with pytest.raises(IntegrityError) as refusal:
            sign(province, approved, signer=province.staff["MAKER"], digest=list_digest(approved.pk))

        assert constraint_of(refusal) == "signer_has_the_role_of_the_step"

    def test_nobody_signs_a_revision_twice_after_changing_roles(self, province, approved):
        maker = province.staff["MAKER"]
        maker.role = "RELEASER"
        maker.save()

        with pytest.raises(IntegrityError) as refusal:
            sign(province, approved, signer=maker, digest=list_digest(approved.pk))

        assert constraint_of(refusal) == "signer_once_per_batch_revision"

    def test_nobody_signs_another_list_than_this(self, province, approved):
        with pytest.raises(IntegrityError) as refusal:
            sign(province, approved, signer=province.staff["RELEASER"], digest="0" * 64)

        assert constraint_of(refusal) == "signature_is_of_the_list_as_it_stands"

    def test_nobody_signs_a_revision_in_advance(self, province, approved):
        with pytest.raises(IntegrityError) as refusal:
            sign(province, approved, signer=province.staff["RELEASER"], digest=list_digest(approved.pk), revision=2)

        assert constraint_of(refusal) == "signature_is_of_the_present_revision"

    @pytest.mark.parametrize(
        "statement",
        ["UPDATE payments_signature SET step = 'RELEASER' WHERE step = 'CHECKER'", "DELETE FROM payments_signature"],
    )
    def test_a_signature_is_never_changed_or_removed(self, approved, statement):
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(statement)

    def test_signatures_of_a_returned_revision_count_for_nothing(self, province, approved):
        return_for_revision(
            batch_ids=[approved.pk], actor=province.staff["RELEASER"], note="Xem lại", now=province.clock()
        )

        with pytest.raises(IntegrityError):
            run("UPDATE payments_paymentbatch SET status = 'SUBMITTED' WHERE id = %(id)s", id=approved.pk)
        with pytest.raises(IntegrityError):
            run("UPDATE payments_paymentbatch SET status = 'SUBMITTED', revision = 1 WHERE id = %(id)s", id=approved.pk)
        with pytest.raises(IntegrityError):
            run("UPDATE payments_paymentbatch SET revision = 1 WHERE id = %(id)s", id=approved.pk)


class TestASignedListIsACeiling:
    @pytest.mark.parametrize(
        "change",
        [
            "amount = amount + 1",
            "amount = amount - 1",
            "beneficiary_id = (SELECT max(id) FROM beneficiaries_beneficiary)",
            "bank_account_id = (SELECT max(id) FROM beneficiaries_bankaccount)",
            "payee_name = 'Người khác'",
            "end_to_end_id = 'zzzzzzzz000001'",
            "id = id + 1000000, amount = amount * 10",
        ],
    )
    @pytest.mark.parametrize("state", ["approved", "released"])
    def test_a_payment_is_never_edited(self, request, state, change):
        batch = request.getfixturevalue(state)

        with pytest.raises(DatabaseError):
            run(
                f"UPDATE payments_payment SET {change} WHERE id = (SELECT min(id) FROM payments_payment WHERE batch_id = %(id)s)",
                id=batch.pk,
            )

    @pytest.mark.parametrize("state", ["approved", "released"])
    def test_nobody_is_added(self, request, state):
        batch = request.getfixturevalue(state)

        with pytest.raises(IntegrityError) as refusal:
            run(
                "INSERT INTO payments_payment (batch_id, ordinal, beneficiary_id, payee_name, bank_account_id, amount, "
                "end_to_end_id, attempt, status, cause, status_at, lease_by, hold_code, bank_reference, return_code) "
                "SELECT batch_id, 99, beneficiary_id, payee_name, bank_account_id, amount, 'zzzzzzzz000099', 1, 'DRAFT', 'BUILD', "
                "status_at, '', '', '', '' FROM payments_payment WHERE batch_id = %(id)s LIMIT 1",
                id=batch.pk,
            )

        assert constraint_of(refusal) == "signed_list_is_a_ceiling"

    def test_no_payment_begins_ready(self, batch):
        with pytest.raises(IntegrityError) as refusal:
            run(
                "INSERT INTO payments_payment (batch_id, ordinal, beneficiary_id, payee_name, bank_account_id, amount, "
                "end_to_end_id, attempt, status, cause, status_at, lease_by, hold_code, bank_reference, return_code) "
                "SELECT batch_id, 99, beneficiary_id, payee_name, bank_account_id, amount, 'zzzzzzzz000099', 1, 'READY', 'RELEASE', "
                "status_at, '', '', '', '' FROM payments_payment WHERE batch_id = %(id)s LIMIT 1",
                id=batch.pk,
            )

        assert constraint_of(refusal) == "signed_list_is_a_ceiling"

    @pytest.mark.parametrize(
        "change",
        [
            "channel = 'CASH'",
            "funding_account_id = (SELECT max(id) FROM payments_fundingaccount)",
            "paying_unit_id = (SELECT max(id) FROM staff_administrativeunit)",
            "programme_id = (SELECT max(id) FROM beneficiaries_programme)",
            "budget_source = 'Nguồn khác'",
            "token = 'zzzzzzzz'",
        ],
    )
    def test_a_list_is_never_redirected(self, approved, change):
        with pytest.raises(IntegrityError) as refusal:
            run(f"UPDATE payments_paymentbatch SET {change} WHERE id = %(id)s", id=approved.pk)

        assert constraint_of(refusal) == "list_is_never_redirected"

    def test_a_stop_leaves_the_list_as_it_was_signed(self, province, approved):
        digest = list_digest(approved.pk)

        province.take_off(Payment.objects.get(batch=approved, ordinal=1))

        assert list_digest(approved.pk) == digest


class TestRedirectingTheMoney:
    """Whoever can't touch the payment may try its account."""

    @pytest.fixture
    def another_number(self, db: None) -> int:
        return keep_account_numbers([(BANK_BIN, "9990009990")])[BANK_BIN, "9990009990"]

    @pytest.mark.parametrize("state", ["approved", "released"])
    def test_an_account_keeps_its_number(self, request, state, another_number):
        request.getfixturevalue(state)

        with pytest.raises(DatabaseError):
            run("UPDATE beneficiaries_bankaccount SET number_id = %(number)s", number=another_number)

    @pytest.mark.parametrize("change", ["bank_bin = '970436'", "beneficiary_id = beneficiary_id + 1"])
    def test_an_account_keeps_its_bank_and_its_owner(self, released, change):
        with pytest.raises(DatabaseError):
            run(f"UPDATE beneficiaries_bankaccount SET {change}")

    def test_a_kept_number_keeps_its_digest(self, released):
        with pytest.raises(IntegrityError) as refusal:
            run("UPDATE beneficiaries_accountnumber SET digest = sha256(digest)")

        assert constraint_of(refusal) == "number_keeps_its_digest"

    def test_nothing_is_sent_to_a_number_swapped_under_its_digest(self, released, another_number, bank, clock):
        run(
            "UPDATE beneficiaries_accountnumber SET sealed = "
            "(SELECT sealed FROM beneficiaries_accountnumber WHERE id = %(number)s)",
            number=another_number,
        )

        send_ready_payments(bank=bank, clock=clock)

        assert bank.taken == []
        assert set(Payment.objects.values_list("status", "hold_code")) == {("READY", "account_number_altered")}

    def test_one_number_under_a_key_nobody_has_keeps_no_other_from_going(self, released, bank, clock):
        held, goes = Payment.objects.filter(batch=released).select_related("bank_account").order_by("pk")
        seal_under_a_lost_key(held)

        send_ready_payments(bank=bank, clock=clock)

        assert [transfer.end_to_end_id for transfer in bank.taken] == [goes.end_to_end_id]
        held.refresh_from_db()
        assert (held.status, held.hold_code) == ("READY", "account_key_missing")
        assert Case.objects.filter(subject=held.end_to_end_id).values_list("reason", flat=True).get() == (
            "ACCOUNT_KEY_MISSING"
        )
        assert last_four_of(held.bank_account) == "????"

    def test_a_number_swapped_after_it_was_sent_proves_nothing(self, released, another_number, bank, clock):
        payments = list(Payment.objects.filter(batch=released))
        for payment in payments:
            bank.fail_next(payment.end_to_end_id, Fault.LOST_AFTER_TAKING)
        send_ready_payments(bank=bank, clock=clock)
        run(
            "UPDATE beneficiaries_accountnumber SET sealed = "
            "(SELECT sealed FROM beneficiaries_accountnumber WHERE id = %(number)s)",
            number=another_number,
        )
        clock.advance(seconds=121)

        replay_unknown_payments(bank=bank, clock=clock)

        assert set(Payment.objects.values_list("status", flat=True)) == {"SENT"}

    def test_a_funding_account_keeps_its_number_at_the_bank(self, released):
        with pytest.raises(DatabaseError):
            run("UPDATE payments_fundingaccount SET bank_account_id = bank_account_id || 'x'")

    def test_a_list_whose_digest_changed_is_not_signed(self, province, bank, approved, monkeypatch):
        monkeypatch.setattr("payments.services.signing.sign.list_digest", lambda batch_id: "f" * 64)

        with pytest.raises(ListChangedSinceSigned):
            release(batch_ids=[approved.pk], actor=province.staff["RELEASER"], now=province.clock(), bank=bank)
