"""Ways around the three signatures, one by one: by the API, by SQL in the application's role, by being quick, by what was signed before."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from rest_framework.test import APIClient

from banks.fake import FakeTransfers
from banks.files_fake import FakeFiles
from payments.errors import (
    ListChangedSinceRead,
    MakerSignsAsMakerOnly,
    SignerAlreadySigned,
    WrongBatchState,
)
from payments.models import FundingAccount, Payment, PaymentBatch, Signature
from payments.services.files import send_files
from payments.services.providers import hand_over
from payments.services.sending.send import send_ready_payments
from payments.services.signing.sign import approve, list_digest, release, return_for_revision, submit
from staff.errors import DelegationRefused, NotAllowed, Refusal
from staff.models import Delegation, User
from staff.services.delegations import delegate
from tests.payments.plain_sql import run
from tests.payments.province import AUGUST, BALANCES, Clock, Province, make_province

INSERT_SIGNATURE = (
    "INSERT INTO payments_signature (batch_id, revision, step, signer_id, digest, signed_at) "
    "SELECT %(batch)s, %(revision)s, 'RELEASER', u.id, %(digest)s, now() FROM staff_user u WHERE u.role = %(role)s"
)
RELEASE = "UPDATE payments_paymentbatch SET status = 'RELEASED' WHERE id = %(batch)s"
ADD = (
    "INSERT INTO payments_payment (batch_id, ordinal, beneficiary_id, payee_name, bank_account_id, amount, end_to_end_id, attempt, status, cause, "
    "status_at, lease_by, hold_code, bank_reference, return_code) SELECT batch_id, 99, beneficiary_id, payee_name, bank_account_id, amount, "
    "'zzzzzzzz000099', 1, 'DRAFT', 'BUILD', status_at, '', '', '', '' FROM payments_payment WHERE batch_id = %(batch)s LIMIT 1"
)


class Way:
    """What somebody who wants an approved list released without its releaser has in hand."""

    def __init__(self, province: Province, batch: PaymentBatch, bank: FakeTransfers) -> None:
        self.province, self.batch, self.bank = province, batch, bank

    def post(self, role: str, step: str) -> int:
        client = APIClient()
        client.force_authenticate(self.province.staff[role])
        return client.post(f"/api/batches/{self.batch.pk}/{step}/", {}, format="json").status_code

    def sql(self, statement: str, **values: object) -> None:
        run(statement, batch=self.batch.pk, **values)

    def give_back(self) -> None:
        checker = self.province.staff["CHECKER"]
        return_for_revision(batch_ids=[self.batch.pk], actor=checker, note="Xem lại", now=self.province.clock())


def by_api_as_checker(way: Way) -> None:
    """The checker, who has signed, calls the releaser's address."""
    assert way.post("CHECKER", "release") == 403
    assert way.post("MAKER", "release") == 403


def by_a_replayed_request(way: Way) -> None:
    """The checker's own request once more, and again after the list was given back."""
    assert way.post("CHECKER", "approve") == 409
    way.give_back()
    assert way.post("CHECKER", "approve") == 409


def by_sql(way: Way) -> None:
    """The state itself."""
    with pytest.raises(DatabaseError):
        way.sql(RELEASE)


def by_a_forged_signature(way: Way) -> None:
    """A third signature in the name of somebody without the role."""
    with pytest.raises(DatabaseError):
        way.sql(INSERT_SIGNATURE, revision=1, digest=list_digest(way.batch.pk), role="LEADER")


def by_another_role_later(way: Way) -> None:
    """The checker becomes releaser, as a delegation would make them, and signs a second time."""
    checker = way.province.staff["CHECKER"]
    checker.role = "RELEASER"
    checker.save()
    with pytest.raises(SignerAlreadySigned):
        release(batch_ids=[way.batch.pk], actor=checker, now=way.province.clock(), bank=way.bank)


def by_an_edit_after_signing(way: Way) -> None:
    """Another amount under the same signatures."""
    with pytest.raises(DatabaseError):
        way.sql("UPDATE payments_payment SET amount = amount * 10 WHERE batch_id = %(batch)s")


def by_another_revisions_signatures(way: Way) -> None:
    """What was signed before the list was given back counts for nothing now."""
    way.give_back()
    for status in ("SUBMITTED", "APPROVED", "RELEASED"):
        with pytest.raises(DatabaseError):
            way.sql("UPDATE payments_paymentbatch SET status = %(to)s WHERE id = %(batch)s", to=status)
    with pytest.raises(DatabaseError):
        way.sql("UPDATE payments_signature SET revision = 2")


def by_stopping_one_and_adding_another(way: Way) -> None:
    """The total stays the same."""
    first = Payment.objects.filter(batch=way.batch).order_by("pk")[0]
    way.province.take_off(first)
    with pytest.raises(DatabaseError):
        way.sql(ADD)
    with pytest.raises(DatabaseError):
        way.sql("UPDATE payments_payment SET status = 'DRAFT' WHERE status = 'CANCELLED'")


def by_tables_of_ones_own(way: Way) -> None:
    """Temporary tables with the names of the rules and of the signatures."""
    way.sql(
        "CREATE TEMP TABLE payments_batch_transition ON COMMIT DROP AS SELECT 'APPROVED' AS source, 'RELEASED' AS target"
    )
    way.sql(
        "CREATE TEMP TABLE payments_signature ON COMMIT DROP AS SELECT s.batch_id, s.revision, x.step, x.signer_id, s.digest FROM "
        "public.payments_signature s, (VALUES ('MAKER', 1), ('CHECKER', 2), ('RELEASER', 3)) x(step, signer_id)"
    )
    with pytest.raises(DatabaseError):
        way.sql("UPDATE public.payments_paymentbatch SET status = 'RELEASED' WHERE id = %(batch)s")
    with pytest.raises(DatabaseError):
        way.sql("UPDATE public.payments_payment SET status = 'READY', cause = 'RELEASE' WHERE batch_id = %(batch)s")
    way.sql("DROP TABLE pg_temp.payments_batch_transition, pg_temp.payments_signature")


def by_the_payments_alone(way: Way) -> None:
    """The list stays where it is, its payments become ready."""
    for cause in ("RELEASE", "NOT_TAKEN", "CLAIM"):
        with pytest.raises(DatabaseError):
            way.sql(
                "UPDATE payments_payment SET status = 'READY', cause = %(cause)s WHERE batch_id = %(batch)s",
                cause=cause,
            )


def by_switching_the_guards_off(way: Way) -> None:
    """The application's role may not."""
    for statement in (
        "ALTER TABLE payments_paymentbatch DISABLE TRIGGER batch_guard",
        "SET LOCAL session_replication_role = replica",
        "DROP TRIGGER batch_guard ON payments_paymentbatch",
        "TRUNCATE payments_signature CASCADE",
        "INSERT INTO payments_batch_transition VALUES ('APPROVED', 'CLOSED')",
    ):
        with pytest.raises(DatabaseError):
            way.sql(statement)


def by_the_page(way: Way) -> None:
    """The releaser's button pressed by whoever has none: its address is no secret."""
    for role in ("CHECKER", "MAKER", "LEADER"):
        client = Client()
        client.force_login(way.province.staff[role])
        client.post(f"/danh-sach/{way.batch.pk}/ky/releaser/", {"digest": list_digest(way.batch.pk)})


def by_the_admin(way: Way) -> None:
    """There is no back office of tables: no superuser, no address, no permission to hand out."""
    assert not apps.is_installed("django.contrib.admin")
    client = Client()
    client.force_login(way.province.staff["RELEASER"])
    assert client.get("/admin/").status_code == 404
    assert (
        not hasattr(way.province.staff["RELEASER"], "is_superuser")
        or not User.objects.filter(is_superuser=True).exists()
    )


def by_a_delegation_to_a_signer(way: Way) -> None:
    """The releaser lets the checker, who has signed, or the maker sign in their place; by the service, then by SQL."""
    releaser, today = way.province.staff["RELEASER"], date(2024, 8, 1)
    given = {"form": "TUQ", "document_number": "3/GUQ", "valid_from": today, "valid_to": date(2024, 12, 31)}
    for role in ("CHECKER", "MAKER"):
        to = way.province.staff[role]
        with pytest.raises(DelegationRefused):
            delegate(to=to, unit=way.province.units["97"], actor=releaser, now=way.province.clock(), **given)
        with pytest.raises(DatabaseError), transaction.atomic():
            Delegation.objects.create(
                delegator=releaser, delegate=to, role="RELEASER", unit=way.province.units["97"], recorded_at=way.province.clock(),
                **given,
            )  # fmt: skip
        with pytest.raises(NotAllowed):
            release(batch_ids=[way.batch.pk], actor=to, now=way.province.clock(), bank=way.bank)


def by_redirecting_the_account(way: Way) -> None:
    """The account the list names is given another number, another owner or another bank; the list itself stays untouched."""
    account = Payment.objects.filter(batch=way.batch).first().bank_account_id
    for change in ("number_id = number_id + 1", "beneficiary_id = beneficiary_id + 1", "bank_bin = '970436'"):
        with pytest.raises(DatabaseError):
            way.sql(f"UPDATE beneficiaries_bankaccount SET {change} WHERE id = %(account)s", account=account)
    with pytest.raises(DatabaseError):
        way.sql("UPDATE payments_payment SET bank_account_id = bank_account_id + 1 WHERE batch_id = %(batch)s")


def by_sending_it_unreleased(way: Way) -> None:
    """Whoever sends, uploads or hands over asks for no signature: they find nothing, and a claim by SQL is refused."""
    send_ready_payments(bank=way.bank, clock=way.province.clock)
    FundingAccount.objects.update(sends_by="FILE")
    send_files(bank=FakeFiles(now=way.province.clock), clock=way.province.clock)
    FundingAccount.objects.update(sends_by="LIST")
    with pytest.raises(WrongBatchState):
        hand_over(batch_id=way.batch.pk, actor=way.province.staff["CHECKER"], now=way.province.clock())
    with pytest.raises(DatabaseError):
        way.sql("UPDATE payments_payment SET status = 'SENT', cause = 'CLAIM' WHERE batch_id = %(batch)s")
    assert way.bank.taken == []


def by_having_made_it(way: Way) -> None:
    """Whoever took somebody off while it was in draft is a maker, whatever role they hold now: neither by the service nor by SQL."""
    way.give_back()
    way.sql(
        "INSERT INTO payments_listmaker (batch_id, maker_id, did, done_at) SELECT %(batch)s, u.id, 'REMOVED', %(at)s FROM staff_user u "
        "WHERE u.role = 'RELEASER'",
        at=way.province.clock(),
    )
    way.province.approve_lists(AUGUST)
    with pytest.raises(MakerSignsAsMakerOnly):
        release(batch_ids=[way.batch.pk], actor=way.province.staff["RELEASER"], now=way.province.clock(), bank=way.bank)
    with pytest.raises(DatabaseError):
        way.sql(INSERT_SIGNATURE, revision=2, digest=list_digest(way.batch.pk), role="RELEASER")


def by_signing_another_list(way: Way) -> None:
    """A signature of the right person over another digest: what was read is not what is signed."""
    with pytest.raises(ListChangedSinceRead):
        release(
            batch_ids=[way.batch.pk], actor=way.province.staff["RELEASER"], now=way.province.clock(), bank=way.bank,
            seen={way.batch.pk: "0" * 64},
        )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        way.sql(INSERT_SIGNATURE, revision=1, digest="0" * 64, role="RELEASER")
        way.sql(RELEASE)


# The ten the issue asks for, and more; two clicks at once are further down, in sessions of their own.
WAYS: list[Callable[[Way], None]] = [
    by_the_page,
    by_the_admin,
    by_a_delegation_to_a_signer,
    by_redirecting_the_account,
    by_sending_it_unreleased,
    by_having_made_it,
    by_signing_another_list,
    by_api_as_checker,
    by_a_replayed_request,
    by_sql,
    by_a_forged_signature,
    by_another_role_later,
    by_an_edit_after_signing,
    by_another_revisions_signatures,
    by_stopping_one_and_adding_another,
    by_tables_of_ones_own,
    by_the_payments_alone,
    by_switching_the_guards_off,
]


class TestWaysAround:
    @pytest.mark.parametrize("attempt", WAYS, ids=lambda attempt: attempt.__name__)
    def test_is_refused_and_releases_nothing(self, province, approved, bank, attempt):
        attempt(Way(province, approved, bank))

        approved.refresh_from_db()
        assert approved.status in ("APPROVED", "DRAFT")
        assert set(Payment.objects.filter(batch=approved).values_list("status", flat=True)) <= {"DRAFT", "CANCELLED"}
        assert not Signature.objects.filter(step="RELEASER").exists()

    def test_no_function_of_ours_reads_tables_of_the_session(self, province):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT p.proname FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.pronamespace = 'public'::regnamespace "
                "AND l.lanname IN ('plpgsql', 'sql') AND p.prosrc ~* '\\m(from|join|update|into)\\s+[a-z]+_' "
                "AND NOT coalesce(array_to_string(p.proconfig, ',') LIKE '%search_path=%', false) ORDER BY 1"
            )
            assert [name for (name,) in cursor.fetchall()] == []


class TestTwoClicksAtOnce:
    @pytest.mark.parametrize("step", ["submit", "approve", "release"])
    def test_count_as_one_signature(self, committed_db, step):
        clock = Clock()
        town, bank = make_province(clock=clock), FakeTransfers(balances=BALANCES, now=clock)
        town.open_account(town.enrol().beneficiary)
        town.build(AUGUST)
        ids = list(PaymentBatch.objects.values_list("pk", flat=True))
        uses = {
            "submit": lambda: submit(batch_ids=ids, actor=town.staff["MAKER"], now=clock()),
            "approve": lambda: approve(batch_ids=ids, actor=town.staff["CHECKER"], now=clock()),
            "release": lambda: release(batch_ids=ids, actor=town.staff["RELEASER"], now=clock(), bank=bank),
        }
        for earlier, use in uses.items():
            if earlier == step:
                break
            use()

        results = _at_once(uses[step])

        assert sorted(isinstance(result, WrongBatchState) for result in results) == [False, True]
        assert Signature.objects.count() == list(uses).index(step) + 1


def _at_once(work: Callable[[], object]) -> list[object]:
    start = threading.Barrier(2)

    def click(_: int) -> object:
        start.wait()
        try:
            return work()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(click, range(2)))
