"""Notices: once per payment and kind, after it is certain, never a number, never twice through a retry."""

import re
from copy import copy
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from banks.fake import FakeTransfers
from banks.limiter import Limiter
from beneficiaries.errors import PhoneUnreadable
from beneficiaries.models import Phone
from beneficiaries.services.receiving.contacts import record_phone, set_opt_out
from payments.models import Entitlement, Notice, Payment
from payments.services.notices import ChannelError, FileOutbox, queue_notices, send_notices, wording
from payments.services.notices.channel import Message
from payments.services.notices.which import what_is_paid, word_for
from payments.services.notices.wording import commune_name, month_words, short_name
from tests.payments.life import enrolled, said, tell
from tests.payments.province import AUGUST, JULY, SEPTEMBER, Province

PHONE = "0912345678"


class Wire:
    """A channel that keeps what it was given, and loses its answer the first `failures` times after it has taken the message."""

    def __init__(self, *, failures: int = 0) -> None:
        self.taken: list[Message] = []
        self.failures = failures

    def send(self, message: Message) -> None:
        self.taken.append(message)
        if self.failures:
            self.failures -= 1
            raise ChannelError("timeout")


def one_payment(province: Province, bank: FakeTransfers, *causes: str, **changes: object) -> tuple[Payment, str]:
    enrolment, number = enrolled(province)
    province.open_account(enrolment.beneficiary)
    phone(province, enrolment.beneficiary_id)
    province.build(AUGUST)
    (payment,) = province.release_lists(AUGUST, bank=bank)
    for cause in ("CLAIM", *causes):
        Payment.objects.filter(pk=payment.pk).apply(
            cause, now=province.clock(), **(changes if cause == causes[-1] else {})
        )
    return payment, number


def phone(province: Province, beneficiary_id: int) -> None:
    record_phone(
        beneficiary_id=beneficiary_id,
        number="+84 912 345 678",
        owner="RELATIVE",
        owner_name="Con gái",
        actor=province.staff["MAKER"],
        now=province.clock(),
    )


def send(province: Province, wire: Wire) -> int:
    return send_notices(channel=wire, clock=province.clock, limiter=Limiter())


class TestOnce:
    def test_tells_of_a_posted_payment_once_however_often_the_bell_rings(
        self, province: Province, bank: FakeTransfers
    ) -> None:
        one_payment(province, bank, "BANK_POSTED", credited_on=province.clock().date())
        wire = Wire()
        for _ in range(3):
            queue_notices(now=province.clock())
            send(province, wire)

        assert [message.key.endswith("-PAID") for message in wire.taken] == [True]
        assert wire.taken[0].phone == PHONE
        assert wire.taken[0].sms == (
            f"UBND xa PHUOC THUAN: Tro cap thang 8/2024 cua {short_name(Payment.objects.get().payee_name)} da chuyen vao TK so cuoi "
            f"{wire.taken[0].sms.split('so cuoi ')[1][:4]} ngay 05/8. Hoi: 1900 0000. Can bo khong hoi OTP."
        )

    def test_a_return_after_the_good_news_is_told_apart(self, province: Province, bank: FakeTransfers) -> None:
        payment, _ = one_payment(province, bank, "BANK_POSTED")
        wire = Wire()
        queue_notices(now=province.clock())
        send(province, wire)
        Payment.objects.filter(pk=payment.pk).apply("BANK_RETURNED", now=province.clock(), return_code="account_closed")
        queue_notices(now=province.clock())
        send(province, wire)

        assert [message.key.rsplit("-", 1)[1] for message in wire.taken] == ["PAID", "NOT_PAID"]
        assert "Moi den UBND xa, mang the can cuoc" in wire.taken[1].sms

    def test_a_lost_answer_repeats_the_key_and_the_outbox_holds_one_file(
        self, province: Province, bank: FakeTransfers, tmp_path: Path
    ) -> None:
        one_payment(province, bank, "BANK_POSTED")
        queue_notices(now=province.clock())
        wire = Wire(failures=1)
        assert send(province, wire) == 0
        assert send(province, wire) == 0  # rests
        province.clock.advance(minutes=3)
        assert send(province, wire) == 1
        outbox = FileOutbox(tmp_path)
        for message in wire.taken:
            outbox.send(message)

        assert len({message.key for message in wire.taken}) == 1
        (file,) = tmp_path.iterdir()
        assert PHONE.encode() not in file.read_bytes()

    def test_gives_up_after_six_attempts(self, province: Province, bank: FakeTransfers) -> None:
        one_payment(province, bank, "BANK_POSTED")
        queue_notices(now=province.clock())
        wire = Wire(failures=99)
        for _ in range(10):
            send(province, wire)
            province.clock.advance(hours=3)

        assert (len(wire.taken), Notice.objects.get().status) == (6, "GIVEN_UP")

    def test_the_database_queues_no_notice_twice_and_sends_none_again(
        self, province: Province, bank: FakeTransfers
    ) -> None:
        payment, _ = one_payment(province, bank, "BANK_POSTED")
        queue_notices(now=province.clock())
        send(province, Wire())
        for change in (
            lambda: Notice.objects.create(
                payment=payment, kind="PAID", not_before=province.clock(), queued_at=province.clock()
            ),
            lambda: Notice.objects.update(status="WAITING", sent_at=None),
            lambda: Notice.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


class TestNotTold:
    def test_what_is_under_way_is_no_news(self, province: Province, bank: FakeTransfers) -> None:
        one_payment(province, bank, "ACCEPTED")

        assert queue_notices(now=province.clock()) == 0

    def test_news_that_is_no_longer_true_is_dropped(self, province: Province, bank: FakeTransfers) -> None:
        payment, _ = one_payment(province, bank, "BANK_POSTED")
        queue_notices(now=province.clock())
        Payment.objects.filter(pk=payment.pk).apply("BANK_RETURNED", now=province.clock())
        wire = Wire()
        send(province, wire)

        assert wire.taken == []
        assert Notice.objects.get().status == "DROPPED"

    def test_who_opted_out_after_it_was_queued(self, province: Province, bank: FakeTransfers) -> None:
        payment, _ = one_payment(province, bank, "BANK_POSTED")
        queue_notices(now=province.clock())
        set_opt_out(
            beneficiary_id=payment.beneficiary_id, wants_none=True, actor=province.staff["MAKER"], now=province.clock()
        )
        wire = Wire()
        send(province, wire)

        assert wire.taken == []

    def test_the_family_of_somebody_who_died(self, province: Province, bank: FakeTransfers) -> None:
        payment, number = one_payment(province, bank, "BANK_POSTED")
        queue_notices(now=province.clock())
        tell(province, said(payment.beneficiary, number))
        wire = Wire()
        send(province, wire)

        assert wire.taken == []

    def test_news_older_than_a_week(self, province: Province, bank: FakeTransfers) -> None:
        one_payment(province, bank, "BANK_POSTED")
        province.clock.advance(days=8)

        assert queue_notices(now=province.clock()) == 0


class TestWords:
    @pytest.mark.parametrize(
        ("causes", "code"), [(("BANK_POSTED",), ""), (("BANK_RETURNED",), "no_account"), (("BANK_FAILED",), "declined")]
    )
    def test_no_number_beyond_four_digits_no_link_no_category_no_marks(
        self, province: Province, bank: FakeTransfers, causes: tuple[str, ...], code: str
    ) -> None:
        _, number = one_payment(province, bank, *causes, return_code=code)
        queue_notices(now=province.clock())
        wire = Wire()
        send(province, wire)
        (message,) = wire.taken
        bare = message.sms.replace("1900 0000", "")

        assert not re.search(r"\d{5}", bare)
        assert number not in message.sms
        assert message.sms.isascii()
        assert len(message.sms) <= 160
        assert not re.search(r"http|www|\.vn|KTN|TCXH|khuyet tat", message.sms)
        assert PHONE not in repr(message)

    def test_cash_that_is_ready(self, province: Province, bank: FakeTransfers) -> None:
        enrolment, _ = enrolled(province)
        phone(province, enrolment.beneficiary_id)
        province.build(AUGUST)
        province.release_lists(AUGUST, bank=bank)
        Payment.objects.all().apply("HANDED_OVER", now=province.clock())
        queue_notices(now=province.clock())
        wire = Wire()
        send(province, wire)

        assert "nhan tien mat thang 8/2024" in wire.taken[0].sms

    @pytest.mark.parametrize(
        ("coefficient", "first", "second"),
        [
            ("1.0", "Tro cap thang 8/2024 (750.000d) cua", "Tro cap thang 8/2024 (500.000d) cua"),
            ("1.5", "Tro cap thang 8/2024 (khoan 1/2) cua", "Tro cap thang 8/2024 (khoan 2/2) cua"),
        ],
    )
    def test_two_payments_of_one_month_are_told_apart(self, province, bank, coefficient, first, second) -> None:
        """A carer's allowance beside one's own: the same months, account and day."""
        enrolment, _ = enrolled(province)
        province.enrol(enrolment.beneficiary, category="CSND-1", coefficient=coefficient)
        province.open_account(enrolment.beneficiary)
        phone(province, enrolment.beneficiary_id)
        province.build(AUGUST)
        province.release_lists(AUGUST, bank=bank)
        for cause in ("CLAIM", "BANK_POSTED"):
            Payment.objects.all().apply(cause, now=province.clock())
        queue_notices(now=province.clock())
        wire = Wire()
        send(province, wire)

        told = sorted((message.sms for message in wire.taken), key=lambda text: second in text)
        assert len(told) == 2 and first in told[0] and second in told[1]
        assert all(len(text) <= 160 and not re.search(r"\d{5}|CSND|TCXH", text) for text in told)

    def test_one_alone_says_its_month_only(self, province: Province, bank: FakeTransfers) -> None:
        payment, _ = one_payment(province, bank, "BANK_POSTED")

        assert what_is_paid(payment, in_cash=False) == "Tro cap thang 8/2024"
        assert what_is_paid(payment, in_cash=True) == "thang 8/2024"

    def test_names_what_is_paid_once_and_what_is_paid_later(self, province: Province, bank: FakeTransfers) -> None:
        payment, _ = one_payment(province, bank, "BANK_POSTED")
        (kept,) = payment.entitlements.all()
        once, later = copy(kept), copy(kept)
        once.kind, later.corrects_id = Entitlement.Kind.ONE_OFF, kept.pk

        said = [word_for(rows) for rows in ([kept], [once], [later], [kept, later])]
        assert said == ["Tro cap", "Tro cap mot lan", "Truy linh", "Tro cap"]

    def test_names_communes_and_months_are_short(self) -> None:
        assert short_name("Đặng Thị Ngọc Ánh") == "D.T.N.ANH"
        assert commune_name("xã Phước Thuận") == ("xa PHUOC THUAN", "xa")
        assert month_words([AUGUST, JULY, AUGUST]) == "thang 7, 8/2024"
        assert month_words([SEPTEMBER]) == "thang 9/2024"


class TestPhones:
    @pytest.mark.parametrize(("number", "owner_name"), [("12345", "Con"), ("09123456789", "Con"), ("0912345678", "")])
    def test_what_is_no_telephone_or_nobodys_is_refused(self, province: Province, number: str, owner_name: str) -> None:
        with pytest.raises(PhoneUnreadable):
            record_phone(
                beneficiary_id=province.person().pk,
                number=number,
                owner="RELATIVE",
                owner_name=owner_name,
                actor=province.staff["MAKER"],
                now=province.clock(),
            )

    def test_the_number_is_sealed(self, province: Province) -> None:
        phone(province, province.person().pk)

        assert PHONE.encode() not in bytes(Phone.objects.get().sealed)


class TestTheLongestMessage:
    @pytest.mark.parametrize("template", [wording.PAID, wording.NOT_PAID, wording.WAIT, wording.CASH_READY])
    @pytest.mark.parametrize(
        ("unit", "name"),
        [
            ("xã Phước Thuận", "Nguyễn Thị Lan"),
            ("phường Nguyễn Thị Minh Khai Bắc Trung Nam", "Công Tằng Tôn Nữ Hoàng Thị Phương Nguyễnphương"),
        ],
    )
    def test_keeps_the_number_to_ask_at_and_the_warning(self, template, unit, name):
        commune, kind = wording.commune_name(unit)
        months = wording.month_words([date(2024, month, 1) for month in (10, 11, 12)])
        what = f"{months} (12.345.000d)" if template == wording.CASH_READY else f"Tro cap {months} (12.345.000d)"
        text = wording.fitted(
            template, commune=commune, name=wording.short_name(name), kind=kind, what=what, last_four="1234",
            day="05/9", phone="1900 0000",
        )  # fmt: skip

        assert len(text) <= wording.LONGEST
        assert text.endswith(template.rpartition("{phone}")[2]) and "1900 0000" in text
