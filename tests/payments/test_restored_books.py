"""Books that lie elsewhere than where they last agreed with the bank's send nothing, by whatever way (I1, ADR 94)."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connections, transaction

from banks.errors import BankUnavailable
from banks.fake import FakeTransfers
from banks.files_fake import FakeFiles
from banks.iso20022.characters import Characters
from payments.errors.outcomes import BooksNotRead
from payments.management.commands import after_restore
from payments.models import Alarm, BooksPlace, FundingAccount, Payment, PaymentBatch, PaymentFile
from payments.services.alarms import alarms_in_reach, books_unread, watch
from payments.services.files import build, send_files
from payments.services.files.build import build_next_file
from payments.services.learning.after_restore import reread_bank
from payments.services.learning.learn import fetch_states
from payments.services.providers.hand_over import hand_over
from payments.services.sending import send
from payments.services.sending.books import books_are_read, books_place, note_books_read, reading_begins
from payments.services.sending.send import replay_unknown_payments, send_ready_payments
from staff.errors import NotAllowed
from tests.databases import owner_url_of
from tests.payments.province import Province

ELSEWHERE = """
CREATE OR REPLACE FUNCTION payments_books_place() RETURNS text LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN RETURN 'another server'; END $$
"""


@pytest.fixture
def elsewhere(django_db_setup: None) -> Iterator[None]:
    """The server tells another place, as one does that the books were copied to."""
    with psycopg.connect(owner_url_of(connections["default"].settings_dict["NAME"]), autocommit=True) as owner:
        (ours,) = owner.execute("SELECT pg_get_functiondef('payments_books_place()'::regprocedure)").fetchone() or ("",)
        owner.execute(ELSEWHERE)
        yield
        owner.execute(ours)


def read_the_bank(province: Province, monkeypatch: pytest.MonkeyPatch, bank: FakeTransfers, **options: object) -> str:
    monkeypatch.setattr(after_restore, "the_bank", lambda: bank)
    said = StringIO()
    call_command("after_restore", actor=province.staff["CHECKER"].username, stdout=said, **options)
    return said.getvalue()


def sent_before(province: Province, bank: FakeTransfers, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was before the books came to lie elsewhere."""
    with monkeypatch.context() as patch:
        patch.setattr(send, "books_are_read", lambda: True)
        send_ready_payments(bank=bank, clock=province.clock)


class TestBooksThatLieElsewhere:
    def test_send_nothing_until_the_bank_was_read(self, province, released, bank, elsewhere, monkeypatch):
        send_ready_payments(bank=bank, clock=province.clock)
        assert (len(bank.taken), Payment.objects.filter(status="READY").count()) == (0, 2)

        said = read_the_bank(province, monkeypatch, bank)
        send_ready_payments(bank=bank, clock=province.clock)

        assert "khởi động các tiến trình được" in said
        assert len(bank.taken) == 2
        newest = BooksPlace.objects.latest("pk")
        assert (newest.place, newest.reader) == ("another server", province.staff["CHECKER"])

    def test_go_on_learning(self, province, released, bank, elsewhere, monkeypatch):
        sent_before(province, bank, monkeypatch)
        bank.post_all()

        fetch_states(bank=bank, now=province.clock())

        assert set(Payment.objects.values_list("status", flat=True)) == {"POSTED"}

    def test_replay_what_was_never_answered_only_afterwards(self, province, released, bank, elsewhere, monkeypatch):
        calls: list[object] = []
        monkeypatch.setattr(bank, "send_many", lambda transfers, may_send: calls.extend(transfers) or [])
        sent_before(province, bank, monkeypatch)
        province.clock.advance(hours=1)

        replay_unknown_payments(bank=bank, clock=province.clock)
        assert len(calls) == 2

        note_books_read(place=books_place(), actor=province.staff["CHECKER"], now=province.clock())
        replay_unknown_payments(bank=bank, clock=province.clock)
        assert len(calls) == 4

    def test_build_and_upload_no_file(self, province, released, elsewhere, monkeypatch):
        FundingAccount.objects.filter(code="TK-971").update(sends_by="FILE")
        latin = Characters.LATIN
        assert build_next_file(now=province.clock(), characters=latin) is None
        monkeypatch.setattr(build, "books_are_read", lambda: True)
        file = build_next_file(now=province.clock(), characters=latin)
        assert file is not None

        sent = send_files(bank=FakeFiles(), clock=province.clock)

        assert (sent.files, PaymentFile.objects.get().status) == (0, "BUILT")

    def test_are_handed_over_to_no_provider(self, province, released, elsewhere):
        FundingAccount.objects.filter(code="TK-971").update(sends_by="LIST")

        with pytest.raises(BooksNotRead):
            hand_over(batch_id=released.pk, actor=province.staff["CHECKER"], now=province.clock())

        assert set(Payment.objects.values_list("status", flat=True)) == {"READY"}

    def test_are_an_alarm_until_they_were_read(self, province, released, elsewhere):
        watch(now=province.clock())
        assert Alarm.objects.filter(kind="BOOKS_NOT_READ", cleared_at=None).count() == 1
        assert not alarms_in_reach(unit=None).exists()
        found = books_unread(now=province.clock())
        assert found is not None
        assert found.subject == "books"

        note_books_read(place=books_place(), actor=province.staff["CHECKER"], now=province.clock())
        assert books_unread(now=province.clock()) is None
        watch(now=province.clock())

        assert not Alarm.objects.filter(kind="BOOKS_NOT_READ", cleared_at=None).exists()

    def test_stay_unread_while_the_bank_is_silent(self, province, released, bank, elsewhere, monkeypatch):
        def silent(**_asked: object) -> list[object]:
            raise BankUnavailable("no answer")

        monkeypatch.setattr(bank, "list_since", silent)

        with pytest.raises(CommandError, match="Chưa được gửi tiền: TK-971, TK-972"):
            read_the_bank(province, monkeypatch, bank)

        assert not books_are_read()


class TestWhoSaysThatTheyWereRead:
    def test_says_so_of_the_place_they_lie_at(self, province, elsewhere):
        with pytest.raises(IntegrityError), transaction.atomic():
            note_books_read(place="a place of before", actor=province.staff["CHECKER"], now=province.clock())

        assert not books_are_read()

    def test_is_somebody(self, province):
        with pytest.raises(IntegrityError), transaction.atomic():
            BooksPlace.objects.create(place=books_place(), read_at=province.clock(), agreed=True)

    def test_takes_nothing_back(self, province):
        with pytest.raises(ProgrammingError), transaction.atomic():
            BooksPlace.objects.update(place="x")
        with pytest.raises(ProgrammingError), transaction.atomic():
            BooksPlace.objects.all().delete()


class TestAReadingThatBrokeOff:
    def test_does_not_move_where_the_next_one_begins(self, province):
        actor, now, place = province.staff["CHECKER"], province.clock(), books_place()
        early = now - timedelta(days=90)
        reading_begins(place=place, since=early, actor=actor, now=now)
        again = reading_begins(place=place, since=now, actor=actor, now=now)
        note_books_read(place=place, actor=actor, now=now)

        afterwards = reading_begins(place=place, since=now, actor=actor, now=now)

        assert (again, afterwards) == (early, now)

    def test_is_begun_by_whoever_ends_what_nobody_knows(self, province):
        with pytest.raises(NotAllowed):
            reading_begins(
                place=books_place(), since=province.clock(), actor=province.staff["MAKER"], now=province.clock()
            )

    def test_leaves_books_that_were_read_read(self, province):
        reading_begins(
            place=books_place(), since=province.clock(), actor=province.staff["CHECKER"], now=province.clock()
        )

        assert books_are_read()


class TestFiles:
    def test_built_before_a_restore_wait_with_their_list(self, province, released, bank):
        PaymentBatch.objects.filter(pk=released.pk).update(paused=False)
        PaymentFile.objects.create(
            batch=released, message_id="AS1", status_at=province.clock(), count=2, total=1, first_ordinal=1,
            last_ordinal=2, digest=b"x", sealed=b"x", built_at=province.clock(),
        )  # fmt: skip

        _, paused = reread_bank(
            actor=province.staff["RELEASER"], since=province.clock(), bank=bank, clock=province.clock
        )

        assert [batch.pk for batch in paused] == [released.pk]
