"""What signatures rest on does not move under them: the day of a list, the time and place of a signer, the units, and who made the list.

Each is tried in the application's own role, past every line of our Python.
"""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from banks.fake import FakeTransfers
from payments.errors.signing import SignatureOutOfTime
from payments.models import Payment, PaymentBatch, RemovalSlip, Signature, SlipSignature
from payments.services.signing.freeze import freeze
from payments.services.signing.removal import sign_slip, take_off
from payments.services.signing.sign import approve, release, submit
from staff.errors import NotAllowed
from staff.models import User
from staff.services.database_clock import database_now
from tests.payments.plain_sql import constraint_of, run
from tests.payments.province import AUGUST, SEPTEMBER, Clock, Province, make_province
from tests.waiting import beside

SIGN = """
INSERT INTO payments_signature (batch_id, revision, step, signer_id, delegation_id, digest, signed_at, signed_as)
SELECT b.id, b.revision, %(step)s, %(by)s, %(under)s, payments_list_digest(b.id), %(at)s, 'x' FROM payments_paymentbatch b WHERE b.id = %(batch)s
"""
MAKE = "INSERT INTO payments_listmaker (batch_id, maker_id, did, done_at) SELECT id, %(by)s, 'REMOVED', status_at FROM payments_paymentbatch"
DELEGATE = """
INSERT INTO staff_delegation (delegator_id, delegate_id, role, unit_id, form, document_number, valid_from, valid_to, recorded_at)
VALUES (%(of)s, %(to)s, 'RELEASER', %(unit)s, 'TUQ', '9/GUQ', %(since)s, %(until)s, now()) RETURNING id
"""


def sign(batch: PaymentBatch, by: User, at: datetime, *, step: str = "RELEASER", under: int | None = None) -> None:
    run(SIGN, batch=batch.pk, by=by.pk, at=at, step=step, under=under)


@pytest.fixture
def of_the_other_district(province: Province) -> User:
    return User.objects.create(username="chu972", password="!", role="RELEASER", unit=province.units["972"])


@pytest.fixture
def deputy(province: Province) -> User:
    return province.staff["COSIGNER"]


@pytest.fixture
def stand_in(province: Province, deputy: User):
    """The releaser lets the deputy sign, by SQL, between two days counted from today in Vietnam; by default from long ago for years."""

    def let(*, unit: str = "97", since: int = -2000, until: int = 2000) -> int:
        today = timezone.localdate(database_now())
        with connection.cursor() as cursor:
            cursor.execute(
                DELEGATE,
                {
                    "of": province.staff["RELEASER"].pk, "to": deputy.pk, "unit": province.units[unit].pk,
                    "since": today + timedelta(days=since), "until": today + timedelta(days=until),
                },
            )  # fmt: skip
            made: int = cursor.fetchone()[0]
        return made

    return let


class TestTheDayOfAList:
    def test_does_not_move_out_of_the_reach_of_a_rule(self, batch):
        with pytest.raises(IntegrityError) as refusal:
            run("UPDATE payments_cycle SET listed_on = '2020-01-01'")

        assert constraint_of(refusal) == "cycle_keeps_the_day_of_its_lists"


class TestTheTimeOfASignature:
    @pytest.mark.parametrize("hours", [-24, -0.01])
    def test_is_not_before_what_it_follows(self, province, approved, hours):
        with pytest.raises(IntegrityError) as refusal:
            sign(approved, province.staff["RELEASER"], province.clock() + timedelta(hours=hours))

        assert constraint_of(refusal) == "signature_is_of_its_moment"

    def test_is_not_before_somebody_changed_the_list(self, province, batch):
        run(MAKE.replace("status_at", "status_at + interval '1 day'"), by=province.staff["MAKER"].pk)

        with pytest.raises(IntegrityError) as refusal:
            sign(batch, province.staff["MAKER"], province.clock(), step="MAKER")

        assert constraint_of(refusal) == "signature_is_of_its_moment"

    def test_is_no_time_to_come(self, province, approved):
        with pytest.raises(IntegrityError) as refusal:
            sign(approved, province.staff["RELEASER"], database_now() + timedelta(minutes=1))

        assert constraint_of(refusal) == "signature_is_of_its_moment"

    def test_is_not_that_of_a_copied_one(self, province, clock, bank):
        province.pay_through_accounts(1, bank=bank)
        clock.advance(days=30)
        province.build(SEPTEMBER)
        province.approve_lists(SEPTEMBER)

        with pytest.raises(IntegrityError) as refusal:
            run(
                "INSERT INTO payments_signature (batch_id, revision, step, signer_id, digest, signed_at, signed_as) "
                "SELECT b.id, 1, s.step, s.signer_id, payments_list_digest(b.id), s.signed_at, s.signed_as "
                "FROM payments_signature s CROSS JOIN payments_paymentbatch b WHERE s.step = 'RELEASER' AND b.status = 'APPROVED'"
            )

        assert constraint_of(refusal) == "signature_is_of_its_moment"

    def test_of_the_list_before_is_told_to_the_person(self, province, approved, bank):
        """Two hosts whose clocks differ, or two who sign in the same moment."""
        earlier = province.clock() - timedelta(seconds=1)

        with pytest.raises(SignatureOutOfTime):
            release(batch_ids=[approved.pk], actor=province.staff["RELEASER"], now=earlier, bank=bank)

        assert not Signature.objects.filter(step="RELEASER").exists()

    def test_of_the_database_is_taken(self, province, approved):
        sign(approved, province.staff["RELEASER"], database_now())


class TestADelegation:
    def test_that_ended_signs_nothing_whatever_time_is_claimed(self, province, approved, deputy, stand_in):
        ended = stand_in(until=-1)

        with pytest.raises(IntegrityError) as refusal:
            sign(approved, deputy, province.clock(), under=ended)

        assert constraint_of(refusal) == "signer_has_the_role_of_the_step"

    def test_that_was_revoked_signs_nothing_whatever_time_is_claimed(self, province, approved, deputy, stand_in):
        revoked = stand_in()
        run("UPDATE staff_delegation SET revoked_at = now()")

        with pytest.raises(IntegrityError) as refusal:
            sign(approved, deputy, province.clock(), under=revoked)

        assert constraint_of(refusal) == "signer_has_the_role_of_the_step"

    def test_of_today_signs(self, approved, deputy, stand_in):
        sign(approved, deputy, database_now(), under=stand_in(since=0, until=0))

    @pytest.mark.parametrize("moved", ["COSIGNER", "RELEASER"])
    def test_ends_where_one_of_the_two_has_gone_to_another_district(
        self, province, approved, bank, deputy, stand_in, moved
    ):
        under = stand_in(since=-2000)
        User.objects.filter(pk=province.staff[moved].pk).update(unit=province.units["972"])

        with pytest.raises(IntegrityError) as refusal:
            sign(approved, deputy, database_now(), under=under)
        with pytest.raises(NotAllowed):
            release(batch_ids=[approved.pk], actor=User.objects.get(pk=deputy.pk), now=database_now(), bank=bank)

        assert constraint_of(refusal) == "signer_has_the_role_of_the_step"


class TestThePlaceOfASigner:
    def test_is_one_the_list_lies_in(self, approved, of_the_other_district):
        with pytest.raises(IntegrityError) as refusal:
            sign(approved, of_the_other_district, database_now())

        assert constraint_of(refusal) == "signer_has_the_role_of_the_step"

    @pytest.mark.parametrize("unit", ["97", "971"])
    def test_above_the_list_or_its_own_unit_will_do(self, province, approved, of_the_other_district, unit):
        User.objects.filter(pk=of_the_other_district.pk).update(unit=province.units[unit])

        sign(approved, of_the_other_district, database_now())

    def test_without_any_nobody_signs(self, approved, of_the_other_district):
        User.objects.filter(pk=of_the_other_district.pk).update(unit=None)

        with pytest.raises(IntegrityError):
            sign(approved, of_the_other_district, database_now())


class TestASlip:
    @pytest.fixture
    def slip(self, province, approved) -> RemovalSlip:
        first = Payment.objects.order_by("pk")[0]
        made = take_off(payment_id=first.pk, reason="x", actor=province.staff["MAKER"], now=province.clock())
        assert made
        return made

    SIGN = """
    INSERT INTO payments_slipsignature (slip_id, step, signer_id, digest, signed_at, signed_as)
    SELECT s.id, 'RELEASER', %(by)s, payments_slip_digest(s.id), %(at)s, 'x' FROM payments_removalslip s
    """

    def test_is_signed_by_whose_district_it_is(self, slip, of_the_other_district):
        with pytest.raises(IntegrityError) as refusal:
            run(self.SIGN, by=of_the_other_district.pk, at=database_now())

        assert constraint_of(refusal) == "slip_signer_has_the_role"

    @pytest.mark.parametrize("late", [False, True])
    def test_is_signed_at_its_moment(self, province, slip, late):
        at = database_now() + timedelta(minutes=1) if late else province.clock() - timedelta(minutes=1)

        with pytest.raises(IntegrityError) as refusal:
            run(self.SIGN, by=province.staff["RELEASER"].pk, at=at)

        assert constraint_of(refusal) == "slip_is_signed_at_its_moment"

    def test_says_so_to_the_person(self, province, slip):
        earlier = province.clock() - timedelta(seconds=1)

        with pytest.raises(SignatureOutOfTime):
            sign_slip(slip_id=slip.pk, actor=province.staff["RELEASER"], now=earlier)

    def test_says_so_to_whose_delegator_is_gone(self, province, slip, deputy, stand_in):
        stand_in()
        User.objects.filter(pk=province.staff["RELEASER"].pk).update(is_active=False)

        with pytest.raises(NotAllowed):
            sign_slip(slip_id=slip.pk, actor=deputy, now=database_now())

        assert not SlipSignature.objects.exists()


class TestAUnit:
    @pytest.mark.parametrize(
        "change",
        [
            "path = '/97/972/971/'",
            "code = '979', path = '/97/979/'",
            "parent_id = (SELECT id FROM staff_administrativeunit WHERE code = '972')",
        ],
    )
    def test_stays_where_it_is(self, province, change):
        with pytest.raises(IntegrityError) as refusal:
            run(f"UPDATE staff_administrativeunit SET {change} WHERE code = '971'")

        assert constraint_of(refusal) == "unit_stays_where_it_is"

    def test_keeps_its_freeze(self, province, approved):
        freeze(
            unit=province.units["971"], programme=None, reason="Kiểm tra", actor=province.staff["RELEASER"],
            now=province.clock(),
        )  # fmt: skip
        with pytest.raises(IntegrityError):
            run("UPDATE staff_administrativeunit SET path = '/971/' WHERE code = '971'")

        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM payments_frozenlist")
            assert cursor.fetchone() == (1,)

    @pytest.mark.parametrize("table", ["staff_administrativeunit", "staff_user"])
    def test_and_whoever_works_there_keep_their_ids(self, province, table):
        """Two that changed ids would change places with everything that names them."""
        with pytest.raises(DatabaseError, match="append-only"):
            run(f"UPDATE {table} SET id = -id")

    def test_is_renamed_and_ends(self, province):
        run("UPDATE staff_administrativeunit SET name = 'huyện mới', valid_to = '2025-06-30' WHERE code = '971'")


class TestWhoMadeAListWhileItIsSigned:
    @pytest.fixture
    def drafted(self, committed_db: None) -> Province:
        province = make_province(clock=Clock())
        province.open_account(province.enrol().beneficiary)
        province.build(AUGUST)
        return province

    def test_is_seen_by_who_signs_after(self, drafted):
        """The releaser's name as a maker, not yet committed, while all three sign."""
        releaser = drafted.staff["RELEASER"]
        with beside() as begin:
            with transaction.atomic():
                run(MAKE, by=releaser.pk)
                signing = begin(lambda: self.sign_by_three(drafted))
            with pytest.raises(IntegrityError) as refusal:
                signing.result(timeout=60)

        assert constraint_of(refusal) == "maker_signs_as_maker_only"
        assert not Signature.objects.filter(signer=releaser).exists()

    def test_waits_for_who_signs_and_is_refused(self, drafted):
        releaser = drafted.staff["RELEASER"]
        with beside() as begin:
            with transaction.atomic():
                self.sign_by_three(drafted)
                making = begin(lambda: run(MAKE, by=releaser.pk))
            with pytest.raises(IntegrityError) as refusal:
                making.result(timeout=60)

        assert constraint_of(refusal) == "list_is_made_in_draft"

    def test_is_seen_by_no_snapshot_from_before_which_therefore_signs_nothing(self, drafted):
        with beside() as begin, pytest.raises(IntegrityError) as refusal, transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            run("SELECT count(*) FROM payments_listmaker")
            begin(lambda: run(MAKE, by=drafted.staff["RELEASER"].pk)).result(timeout=60)
            self.sign_by_three(drafted)

        assert constraint_of(refusal) == "signature_sees_who_made_the_list"

    @staticmethod
    def sign_by_three(province: Province) -> None:
        batch = PaymentBatch.objects.get()
        with transaction.atomic():
            for step, status in (("MAKER", "SUBMITTED"), ("CHECKER", "APPROVED"), ("RELEASER", "RELEASED")):
                sign(batch, province.staff[step], province.clock(), step=step)
                run("UPDATE payments_paymentbatch SET status = %(to)s", to=status)


def test_a_month_signed_in_its_order_is_paid(province, clock, bank: FakeTransfers):
    """Nobody who signs as they should meets any of this, neither in one moment nor a day apart."""
    province.open_account(province.enrol().beneficiary)
    province.build(AUGUST)
    ids = list(PaymentBatch.objects.values_list("pk", flat=True))
    submit(batch_ids=ids, actor=province.staff["MAKER"], now=clock())
    clock.advance(days=1)
    approve(batch_ids=ids, actor=province.staff["CHECKER"], now=clock())

    assert release(batch_ids=ids, actor=province.staff["RELEASER"], now=clock(), bank=bank) == 1
