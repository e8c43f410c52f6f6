"""Paying through files: each payment in one live file, an unknown upload enquired, reports applied, nothing paid twice."""

import random
import re
import zlib
from collections import Counter

import pytest
from django.db import DatabaseError, Error, connection, transaction

from banks import files_fake
from banks.files_fake import FakeFiles, FileFault, orders_of
from banks.iso20022.camt054 import read_camt054
from banks.iso20022.characters import Characters
from beneficiaries.models import Case
from payments.errors import (
    NoRefusedFile,
)
from payments.errors.outcomes import ReportIsNotWrong
from payments.models import Alarm, BankReport, FundingAccount, Payment, PaymentBatch, PaymentFile
from payments.services.alarms import watch
from payments.services.files import send_files
from payments.services.files.build import build_next_file
from payments.services.files.confirm import confirm_unpaid_in_files
from payments.services.files.content import BANK_REPORT
from payments.services.files.offer_again import offer_again
from payments.services.files.progress import file_progress
from payments.services.files.reports import apply_bookings, read_reports
from payments.services.files.upload import enquire_unknown_files, upload_file
from payments.services.files.wrong_reports import close_report
from payments.services.learning.contradictions import note_contradictions
from payments.services.learning.learn import Learned, fetch_states
from payments.services.learning.unknowns import resolve_unknowns
from payments.services.sending.send import send_ready_payments
from payments.services.signing.freeze import freeze
from payments.states import FILE_TRANSITIONS
from staff.encryption import seal
from staff.errors import NotAllowed
from tests.payments.plain_sql import run, seal_under_a_lost_key

pytestmark = pytest.mark.django_db
PEOPLE = 5


@pytest.fixture
def files(clock):
    return FakeFiles(now=clock)


@pytest.fixture
def payments(province, bank):
    FundingAccount.objects.update(sends_by="FILE")
    return province.pay_through_accounts(PEOPLE, bank=bank)


@pytest.fixture
def send(files, clock, payments):
    def run(**options):
        return send_files(bank=files, clock=clock, **options)

    return run


def statuses():
    return Counter(Payment.objects.values_list("status", flat=True))


def file_statuses():
    return list(PaymentFile.objects.order_by("pk").values_list("status", flat=True))


def live_debits(files):
    return Counter(debit.end_to_end_id for debit in files.debits if not debit.returned)


class TestTheWholeWay:
    def test_from_released_to_posted(self, send, files, payments):
        sent = send()
        files.report()
        files.settle()
        send()

        assert (sent.files, sent.payments, sent.unknown) == (1, PEOPLE, 0)
        assert statuses() == {"POSTED": PEOPLE}
        assert file_statuses() == ["ACCEPTED"]
        assert live_debits(files) == {payment.end_to_end_id: 1 for payment in payments}

    def test_a_list_goes_in_as_many_files_as_it_needs(self, send, files):
        send(limit=2)

        assert list(PaymentFile.objects.order_by("pk").values_list("count", flat=True)) == [2, 2, 1]
        assert len(set(files.uploads)) == 3

    def test_a_stretch_of_held_ones_longer_than_a_file_keeps_nobody_behind_it_from_going(self, send, files):
        Payment.objects.filter(ordinal__in=(3, 4)).update(hold_code="by_hand")

        send(limit=2)

        assert list(Payment.objects.filter(status="READY").order_by("ordinal").values_list("ordinal", flat=True)) == [
            3,
            4,
        ]
        assert list(PaymentFile.objects.order_by("pk").values_list("first_ordinal", "count")) == [(1, 2), (5, 1)]

    def test_sending_twice_sends_once(self, send, files):
        send()
        send()

        assert len(files.uploads) == 1

    def test_the_api_leaves_accounts_that_send_by_file_alone(self, payments, bank, clock):
        send_ready_payments(bank=bank, clock=clock)

        assert (bank.taken, statuses()) == ([], {"READY": PEOPLE})

    def test_the_api_asks_nothing_about_payments_in_files(self, send, bank, clock):
        send()
        clock.advance(hours=30)

        resolve_unknowns(bank=bank, clock=clock)
        fetch_states(bank=bank, now=clock())

        assert (bank.taken, statuses()) == ([], {"SENT": PEOPLE})

    def test_a_paused_list_waits_and_resumes(self, send, files):
        PaymentBatch.objects.update(paused=True)
        send()
        before = statuses()
        PaymentBatch.objects.update(paused=False)
        send()

        assert (before, len(files.uploads)) == ({"READY": PEOPLE}, 1)

    def test_a_file_built_before_the_pause_waits_too(self, send, files, clock):
        build_next_file(now=clock(), characters="LATIN")
        PaymentBatch.objects.update(paused=True)
        send()

        assert (files.uploads, file_statuses()) == ([], ["BUILT"])

    def test_a_file_built_before_a_freeze_stays_here(self, send, files, province, clock):
        build_next_file(now=clock(), characters="LATIN")
        freeze(
            unit=province.units["97"],
            programme=None,
            reason="Nghi gian lận.",
            actor=province.staff["RELEASER"],
            now=clock(),
        )
        send()

        assert (files.uploads, file_statuses()) == ([], ["BUILT"])

    def test_a_file_somebody_altered_waits_and_keeps_no_other_from_going(self, send, files, province, clock):
        built = [build_next_file(now=clock(), limit=3, characters=Characters.LATIN) for _ in range(2)]
        PaymentFile.objects.filter(pk=built[0].pk).update(sealed=b"\x01 nothing anybody sealed")

        send()

        assert list(PaymentFile.objects.order_by("pk").values_list("status", "reason")) == [
            ("BUILT", "content_altered"),
            ("RECEIVED", ""),
        ]

    def test_a_number_under_a_key_nobody_has_is_left_out_of_the_file(self, send, files, payments):
        held = Payment.objects.select_related("bank_account").get(pk=payments[0].pk)
        seal_under_a_lost_key(held)

        send()

        held.refresh_from_db()
        assert (held.status, held.hold_code) == ("READY", "account_key_missing")
        assert PaymentFile.objects.get().count == PEOPLE - 1

    def test_progress_is_counted_from_rows(self, send, files, payments):
        send()
        files.report(reject=frozenset({payments[0].end_to_end_id}))
        send()

        (line,) = file_progress()
        assert {status.value: people for status, (people, _) in line.payments.items()} == {"FAILED": 1, "PROCESSING": 4}

    def test_no_number_or_name_stands_in_the_database_in_clear(self, send):
        send()

        sealed = bytes(PaymentFile.objects.get().sealed)
        assert b"InstdAmt" not in sealed
        assert Payment.objects.first().payee_name.encode() not in sealed


class TestUnknownUploads:
    def test_a_lost_answer_is_enquired_by_message_id_and_never_sent_again(self, send, files, clock):
        files.fail_next(FileFault.LOST_AFTER_TAKING)
        first = send()
        clock.advance(minutes=10)
        send()
        files.settle()

        assert first.unknown == 1
        assert file_statuses() == ["RECEIVED"]
        assert set(live_debits(files).values()) == {1}

    def test_nothing_is_concluded_while_the_lease_lasts(self, send, files):
        files.fail_next(FileFault.LOST_AFTER_TAKING)
        send()
        send()

        assert file_statuses() == ["UPLOADING"]

    def test_what_never_arrived_goes_again_under_the_same_message_id(self, send, files, clock):
        files.fail_next(FileFault.LOST_BEFORE_TAKING)
        send()
        clock.advance(minutes=10)
        send()

        assert files.uploads == [PaymentFile.objects.get().message_id]
        assert statuses() == {"SENT": PEOPLE}

    def test_an_upload_that_arrives_after_our_time_out_pays_once(self, send, files, clock):
        files.fail_next(FileFault.TAKEN_LATER)
        send()
        clock.advance(minutes=10)
        send()
        files.arrive()
        files.report()
        files.settle()
        send()

        assert set(live_debits(files).values()) == {1}
        assert statuses() == {"POSTED": PEOPLE}

    def test_a_duplicate_refused_by_message_id_is_found_to_be_ours(self, send, files, clock):
        files.fail_next(FileFault.TAKEN_LATER)
        send()
        clock.advance(minutes=10)
        enquire_unknown_files(bank=files, clock=clock)  # absent: back to BUILT, and now the first upload arrives
        files.arrive()
        send()

        assert file_statuses() == ["RECEIVED"]
        assert len(set(files.uploads)) == 1

    def test_a_silent_bank_concludes_nothing(self, send, files, clock):
        files.fail_next(FileFault.LOST_BEFORE_TAKING)
        send()
        clock.advance(days=2)
        files.silent = True
        send()

        assert (file_statuses(), statuses()) == (["UPLOADING"], {"SENT": PEOPLE})

    def test_a_refused_connection_rests_and_tries_the_same_file(self, send, files, clock):
        files.fail_next(FileFault.CONNECTION_REFUSED)
        send()
        stood = file_statuses()
        clock.advance(minutes=1)
        send()

        assert (stood, file_statuses()) == (["BUILT"], ["RECEIVED"])

    def test_one_who_sleeps_with_the_file_in_hand_moves_nothing(self, send, files, clock, monkeypatch):
        file = build_next_file(now=clock(), characters="LATIN")
        upload = files.upload

        def sleep_then_upload(**call):
            monkeypatch.setattr(files, "upload", upload)
            clock.advance(minutes=10)
            send()  # another worker asks, finds nothing, and uploads
            send()
            return upload(**call)

        monkeypatch.setattr(files, "upload", sleep_then_upload)
        upload_file(file_id=file.pk, bank=files, clock=clock)
        files.settle()

        assert file_statuses() == ["RECEIVED"]
        assert set(live_debits(files).values()) == {1}


class TestReports:
    def test_a_rejected_order_has_failed_with_its_reason(self, send, files, payments):
        send()
        files.report(reject=frozenset({payments[0].end_to_end_id}), reason="AC04")
        files.settle()
        send()

        refused = Payment.objects.get(pk=payments[0].pk)
        assert (refused.status, refused.return_code) == ("FAILED", "account_closed")
        assert statuses() == {"FAILED": 1, "POSTED": PEOPLE - 1}
        assert file_statuses() == ["PARTIALLY"]

    def test_money_given_back_days_later_is_returned(self, send, files, payments, clock):
        send()
        files.settle()
        send()
        clock.advance(days=2)
        files.give_back(payments[0].end_to_end_id, financial_account="fa_971", reason="AC01")
        send()

        back = Payment.objects.select_related("bank_account").get(pk=payments[0].pk)
        assert (back.status, back.return_code) == ("RETURNED", "invalid_account_number")
        assert back.bank_account.status == "OPENED"

    def test_a_debit_after_the_return_keeps_the_money_from_going_another_way(self, send, files, payments, clock):
        """The bank gave it back, and then to the person after all."""
        send()
        files.settle()
        files.give_back(payments[0].end_to_end_id, financial_account="fa_971")
        send()
        clock.advance(days=1)
        files.debit_again(payments[0].end_to_end_id, financial_account="fa_971")

        confirm_unpaid_in_files(bank=files, now=clock())

        payment = Payment.objects.get(pk=payments[0].pk)
        assert (payment.status, payment.confirmed_at) == ("RETURNED", None)
        assert Case.objects.filter(kind="PAYMENT", reason="BANK_CONTRADICTS").count() == 1

    def test_an_order_debited_twice_goes_to_a_person_and_the_same_booking_told_twice_does_not(
        self, send, files, payments, clock
    ):
        send()
        files.settle()
        files.report()
        (bookings,) = [
            report.content
            for report in files.reports(financial_account="fa_971", after=0)
            if report.kind == "camt.054.001.08"
        ]
        account = FundingAccount.objects.get(bank_account_id="fa_971")
        send()
        apply_bookings(read_camt054(bookings), account=account, now=clock(), learned=Learned())
        assert not Case.objects.filter(kind="PAYMENT").exists()

        files.debit_again(payments[0].end_to_end_id, financial_account="fa_971")
        send()

        assert statuses() == {"POSTED": PEOPLE}
        assert Case.objects.get(kind="PAYMENT").subject == payments[0].end_to_end_id

    def test_a_debit_and_its_return_in_one_reading_end_returned(self, send, files, payments):
        send()
        files.settle()
        files.give_back(payments[0].end_to_end_id, financial_account="fa_971")
        send()

        assert statuses() == {"RETURNED": 1, "POSTED": PEOPLE - 1}

    def test_bookings_before_the_status_report_end_the_same(self, send, files):
        send()
        files.settle()
        send()
        files.report()
        send()

        assert statuses() == {"POSTED": PEOPLE}

    def test_a_report_is_kept_once_and_read_once(self, send, files, clock):
        send()
        files.report()
        send()
        stored = BankReport.objects.count()
        learned = read_reports(bank=files, now=clock())

        assert (stored, BankReport.objects.count(), learned.moved) == (1, 1, 0)

    def test_a_report_that_breaks_its_rules_moves_nothing(self, send, files, monkeypatch):
        send()
        monkeypatch.setattr("banks.files_fake.status_report", lambda totals, *_: "<Document/>")
        files.report()
        send()

        assert statuses() == {"SENT": PEOPLE}
        assert BankReport.objects.exclude(problem="").count() == 1

    def test_a_wrong_report_is_an_alarm_and_holds_what_failed_until_the_bank_was_asked(
        self, send, files, payments, province, clock, monkeypatch
    ):
        send()
        files.report(reject=frozenset({payments[0].end_to_end_id}))
        send()
        monkeypatch.setattr("banks.files_fake.status_report", lambda *_: "<Document/>")
        files.report()
        send()
        clock.advance(days=3)
        watch(now=clock())
        report = BankReport.objects.exclude(problem="").get()
        assert Alarm.objects.filter(
            kind="BANK_REPORT_WRONG", subject=f"bank-report:{report.pk}", cleared_at=None
        ).exists()
        assert confirm_unpaid_in_files(bank=files, now=clock()) == 0

        with pytest.raises(NotAllowed):
            close_report(report_id=report.pk, note="x", actor=province.staff["MAKER"], now=clock())
        given = {"report_id": report.pk, "note": "Văn bản 4/NH", "actor": province.staff["CHECKER"], "now": clock()}
        close_report(**given)
        watch(now=clock())

        assert not Alarm.objects.filter(kind="BANK_REPORT_WRONG", cleared_at=None).exists()
        assert confirm_unpaid_in_files(bank=files, now=clock()) == 1
        with pytest.raises(ReportIsNotWrong):
            close_report(**given)
        for change in ("note = 'khác'", "problem = ''", "closed_by_id = NULL, note = ''"):
            with pytest.raises(DatabaseError):
                run(f"UPDATE payments_bankreport SET {change} WHERE id = %(pk)s", pk=report.pk)

    @pytest.mark.parametrize("sealed", [b"", b"\x01 nothing anybody sealed"])
    def test_a_report_somebody_altered_moves_nothing_and_keeps_no_other_from_being_read(
        self, send, files, clock, sealed
    ):
        send(limit=3)
        files.report()
        for report in files.reports(financial_account="fa_971", after=0):
            kept = seal(zlib.compress(report.content), purpose=BANK_REPORT) if report.sequence > 1 else sealed
            BankReport.objects.create(
                funding_account=FundingAccount.objects.get(bank_account_id="fa_971"),
                sequence=report.sequence,
                kind=report.kind,
                sealed=kept,
                received_at=clock(),
            )

        learned = read_reports(bank=files, now=clock())

        assert (learned.moved, learned.complete) == (2, False)
        assert [bool(report.problem) for report in BankReport.objects.order_by("sequence")] == [True, False]

    @pytest.mark.parametrize("left_out", [r"<OrgnlNbOfTxs>\d+</OrgnlNbOfTxs>", r"<OrgnlCtrlSum>\d+</OrgnlCtrlSum>"])
    def test_a_report_that_repeats_only_one_of_the_sums_is_heard(self, send, files, monkeypatch, left_out):
        send()
        whole = files_fake.status_report
        monkeypatch.setattr("banks.files_fake.status_report", lambda *said: re.sub(left_out, "", whole(*said)))
        files.report()
        send()

        assert statuses() == {"PROCESSING": PEOPLE}

    def test_an_order_of_another_account_is_neither_booked_nor_refused_by_it(self, province, send, clock):
        """What the bank of one account says of another account's order moves nothing; a person looks."""
        send()
        theirs = Payment.objects.first()
        order = (f"{theirs.end_to_end_id}-{theirs.attempt}", theirs.end_to_end_id, str(theirs.amount))
        said = files_fake.bookings_report("fa_972", [order], returned=False, reason=None, now=clock())
        other = FundingAccount.objects.get(code="TK-972")
        apply_bookings(read_camt054(said.encode()), account=other, now=clock(), learned=Learned())

        theirs.refresh_from_db()
        assert (theirs.status, Case.objects.get().reason) == ("SENT", "BANK_CONTRADICTS")

    def test_a_file_refused_whole_is_held_until_a_person_offers_it_again(self, send, files, province, clock):
        send()
        files.report(whole="RJCT")
        send()
        files._unsettled.clear()
        held = set(Payment.objects.values_list("status", "hold_code", "attempt"))
        with pytest.raises(NotAllowed):
            offer_again(batch_id=PaymentBatch.objects.get().pk, actor=province.staff["MAKER"], now=clock())
        offer_again(batch_id=PaymentBatch.objects.get().pk, actor=province.staff["RELEASER"], now=clock())
        send()
        files.settle()
        send()

        assert held == {("READY", "file_rejected", 2)}
        assert file_statuses() == ["REJECTED", "RECEIVED"]
        assert set(live_debits(files).values()) == {1}
        assert statuses() == {"POSTED": PEOPLE}

    def test_an_order_the_bank_booked_otherwise_is_not_offered_again_with_its_refused_file(
        self, send, files, payments, province, clock
    ):
        """The bank booked 1 đ less for one order, then refused the whole file: what two things were said of waits for a letter."""
        send()
        (instruction, order, amount) = orders_of(next(iter(files._messages.values()))[1])[0]
        account = PaymentBatch.objects.get().funding_account.bank_account_id
        files._book(account, [(instruction, order, str(int(amount) - 1))], returned=False, reason=None)
        files.report(whole="RJCT")
        send()

        offered = offer_again(batch_id=PaymentBatch.objects.get().pk, actor=province.staff["RELEASER"], now=clock())

        assert offered == PEOPLE - 1
        assert Payment.objects.get(end_to_end_id=order).hold_code == "file_rejected"

    def test_a_refused_file_is_told_of_though_its_first_person_waits_no_more(
        self, send, files, payments, bank, province, clock
    ):
        send()
        files.report(whole="RJCT")
        read_reports(bank=files, now=clock())  # and the worker died here
        province.take_off(payments[0])
        send()

        assert list(Case.objects.values_list("reason", "subject", "beneficiary")) == [
            ("FILE_REFUSED", PaymentFile.objects.get().message_id, payments[1].beneficiary_id)
        ]

    def test_only_a_refused_file_is_offered_again(self, send, province, clock):
        send()

        with pytest.raises(NoRefusedFile):
            offer_again(batch_id=PaymentBatch.objects.get().pk, actor=province.staff["RELEASER"], now=clock())

    @pytest.mark.parametrize("ended", ["", "SOLVED", "REJECTED"])
    def test_one_who_closes_the_case_of_a_contradiction_sets_nothing_free(
        self, send, files, payments, province, clock, ended
    ):
        send()
        files.report(reject=frozenset({payments[0].end_to_end_id}))
        send()
        clock.advance(minutes=5)
        note_contradictions(payment_ids=[payments[0].pk], reason="BANK_CONTRADICTS", now=clock())
        if ended:
            Case.objects.update(status=ended, decided_by=province.staff["CHECKER"], decided_at=clock(), note="Đã xem.")

        assert confirm_unpaid_in_files(bank=files, now=clock()) == 0

    def test_what_failed_is_confirmed_by_a_later_whole_reading(self, send, files, payments, clock):
        send()
        files.report(reject=frozenset({payments[0].end_to_end_id}))
        send()
        at_once = confirm_unpaid_in_files(bank=files, now=clock())
        clock.advance(minutes=5)
        files.silent = True
        unheard = confirm_unpaid_in_files(bank=files, now=clock())
        files.silent = False

        assert (at_once, unheard) == (0, 0)
        assert confirm_unpaid_in_files(bank=files, now=clock()) == 1


class TestWhatTheDatabaseRefuses:
    def refused(self, statement, *values):
        with pytest.raises(Error) as refusal, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
        return str(refusal.value)

    def test_leaving_a_live_file(self, send):
        send()

        assert "one live file" in self.refused(
            "UPDATE payments_payment SET status='READY', cause='NOT_TAKEN', file_id=NULL, attempt=attempt+1"
        )
        assert "one live file" in self.refused("UPDATE payments_payment SET status='READY', cause='NOT_TAKEN'")
        assert "one live file" in self.refused("UPDATE payments_payment SET file_id=NULL")

    def test_joining_a_file_that_was_uploaded(self, send, payments):
        send(limit=2)
        last = PaymentFile.objects.order_by("-pk").first()

        assert "one live file" in self.refused(
            "UPDATE payments_payment SET file_id=%s WHERE id=%s", last.pk, payments[0].pk
        )

    def test_editing_or_deleting_a_file(self, send):
        send()

        assert "never edited" in self.refused("UPDATE payments_paymentfile SET message_id='X'")
        assert "never edited" in self.refused("UPDATE payments_paymentfile SET digest='x'")
        assert self.refused("DELETE FROM payments_paymentfile")

    def test_moves_outside_the_table(self, send):
        send()

        assert "may not move" in self.refused("UPDATE payments_paymentfile SET status='BUILT', cause='NOT_TAKEN'")

    def test_the_database_holds_the_same_table(self, db):
        with connection.cursor() as cursor:
            cursor.execute("SELECT source, cause, target FROM payments_file_transition")
            rows = {(source, cause): target for source, cause, target in cursor.fetchall()}

        assert rows == {(str(before), str(cause)): str(after) for (before, cause), after in FILE_TRANSITIONS.items()}


class TestAnyOrderOfTrouble:
    @pytest.mark.parametrize("seed", range(12))
    def test_nobody_is_paid_twice_and_nobody_is_lost(self, send, files, payments, clock, seed):
        chance = random.Random(seed)
        files.fail_next(*chance.choices(list(FileFault)[:4], k=6))
        everyone = {payment.end_to_end_id for payment in payments}
        steps = [
            lambda: send(limit=chance.choice([1, 2, 5])),
            lambda: clock.advance(minutes=chance.choice([1, 10])),
            files.arrive,
            files.report,
            files.settle,
            lambda: setattr(files, "silent", not files.silent),
        ]
        for _ in range(25):
            chance.choice(steps)()
            assert max(live_debits(files).values(), default=0) <= 1
        files.silent = False
        files._faults.clear()
        for _ in range(4):
            clock.advance(minutes=10)
            send()
            files.arrive()
            files.settle()
        send()

        assert live_debits(files) == dict.fromkeys(everyone, 1)
        assert statuses() == {"POSTED": PEOPLE}
