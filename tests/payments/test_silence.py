"""Nobody notices what does not happen, unless somebody watches."""

import logging
from datetime import time

from payments.models import Alarm, BankHours, BankLane, Payment
from payments.services.alarms import alarms_in_reach, clock_silence, watch
from payments.services.sending.send import send_ready_payments
from payments.services.signing.freeze import freeze, lift
from payments.services.signing.pause import set_paused
from payments.services.signing.sign import submit


def open_alarms() -> list[tuple[str, str, int]]:
    rows = Alarm.objects.filter(cleared_at=None).order_by("kind", "subject")
    return [(row.kind, row.subject.split(":")[0], row.count) for row in rows]


class TestAlarms:
    def test_what_the_bank_processes_too_long(self, province, bank, clock):
        province.pay_through_accounts(2, bank=bank)
        send_ready_payments(bank=bank, clock=clock)
        watch(now=clock())
        assert open_alarms() == []
        clock.advance(days=2, seconds=1)

        assert (watch(now=clock()), watch(now=clock())) == (1, 0)

        assert open_alarms() == [("PROCESSING_LONG", "list", 2)]

    def test_a_list_that_waits_for_a_signature_and_is_cleared_when_it_comes(self, province, batch, clock):
        clock.advance(days=2, seconds=1)
        watch(now=clock())
        assert open_alarms() == [("WAITS_FOR_SIGNATURE", "list", 1)]

        submit(batch_ids=[batch.pk], actor=province.staff["MAKER"], now=clock())
        watch(now=clock())

        assert (open_alarms(), Alarm.objects.get().cleared_at) == ([], clock())

    def test_a_bank_whose_circuit_is_open_is_everybodys(self, province, clock):
        BankLane.objects.create(bank_bin="970405", failures=10, opened_at=clock(), open_until=clock())

        watch(now=clock())

        assert [alarm.subject for alarm in alarms_in_reach(unit=province.units["97201"])] == ["bank:970405"]

    def test_a_freeze_is_told_to_whoever_it_holds_until_it_is_lifted(self, province, released, clock):
        frozen = freeze(
            unit=province.units["97"], programme=None, reason="Thanh tra", actor=province.staff["CHECKER"], now=clock()
        )
        watch(now=clock())

        assert open_alarms() == [("FROZEN", "freeze", 2)]
        for unit in ("97", "971", "972", "97201"):  # of above, too: nothing of theirs leaves either
            assert [alarm.count for alarm in alarms_in_reach(unit=province.units[unit])] == [2]
        lift(freeze_id=frozen.pk, reason="Xong", actor=province.staff["RELEASER"], now=clock())
        watch(now=clock())
        assert open_alarms() == []

    def test_a_freeze_counts_who_waits_for_the_release_too(self, province, approved, clock):
        freeze(
            unit=province.units["971"], programme=None, reason="Thanh tra", actor=province.staff["CHECKER"], now=clock()
        )
        watch(now=clock())

        assert open_alarms() == [("FROZEN", "freeze", 2)]

    def test_a_freeze_of_a_neighbour_is_none_of_ours(self, province, released, clock):
        freeze(
            unit=province.units["972"], programme=None, reason="Thanh tra", actor=province.staff["CHECKER"], now=clock()
        )
        watch(now=clock())

        assert alarms_in_reach(unit=province.units["971"]).count() == 0
        assert [alarm.count for alarm in alarms_in_reach(unit=province.units["97"])] == [0]

    def test_only_of_the_own_reach(self, province, batch, clock):
        clock.advance(days=3)
        watch(now=clock())

        assert alarms_in_reach(unit=province.units["971"]).count() == 1
        assert alarms_in_reach(unit=province.units["972"]).count() == 0

    def test_a_clock_that_stands_still_is_seen_by_whoever_reads(self, province, clock):
        assert clock_silence(now=clock()) is not None
        watch(now=clock())
        assert clock_silence(now=clock()) is None
        clock.advance(seconds=181)
        assert clock_silence(now=clock()).kind == "CLOCK_SILENT"

    def test_the_log_names_no_person(self, province, batch, clock, caplog):
        clock.advance(days=3)
        with caplog.at_level(logging.WARNING, logger="payments"):
            watch(now=clock())

        assert f"list:{batch.pk}: 1 since" in caplog.text
        assert not any(payment.payee_name in caplog.text for payment in batch.payments.all())


class TestNobodySends:
    """Bells that ring into the void: no worker hears, or a host whose clock is ahead throws them away."""

    def wait(self, clock, *, minutes: int) -> list[tuple[str, str, int]]:
        for _ in range(minutes // 5 + 1):
            watch(now=clock())
            clock.advance(minutes=5)
        return [alarm for alarm in open_alarms() if alarm[0] == "NOT_SENDING"]

    def test_is_an_alarm_after_a_quarter_of_an_hour_and_over_when_somebody_does(self, province, released, bank, clock):
        assert self.wait(clock, minutes=10) == []
        assert self.wait(clock, minutes=5) == [("NOT_SENDING", "account", 2)]
        assert alarms_in_reach(unit=province.units["972"]).count() == 0

        send_ready_payments(bank=bank, clock=clock)
        assert self.wait(clock, minutes=0) == []

    def test_is_none_while_people_hold_the_list_or_one_sender_is_slow(self, province, released, bank, clock):
        set_paused(batch_id=released.pk, paused=True, actor=province.staff["CHECKER"], now=clock())
        assert self.wait(clock, minutes=30) == []
        set_paused(batch_id=released.pk, paused=False, actor=province.staff["RELEASER"], now=clock())
        assert self.wait(clock, minutes=0) == []  # a long pause just lifted
        for _ in range(6):
            Payment.objects.filter(batch=released).update(lease_until=clock())  # offered, and not taken now
            assert self.wait(clock, minutes=0) == []

    def test_is_none_while_the_own_bank_is_closed(self, province, released, clock):
        BankHours.objects.create(bank_bin="", weekday=6, opens_at=time(0), closes_at=time(1), valid_from=clock())
        assert self.wait(clock, minutes=60) == []


class TestPause:
    def test_what_is_not_sent_waits_and_goes_on(self, province, released, bank, clock):
        set_paused(batch_id=released.pk, paused=True, actor=province.staff["CHECKER"], now=clock())
        send_ready_payments(bank=bank, clock=clock)
        assert bank.taken == []

        set_paused(batch_id=released.pk, paused=False, actor=province.staff["RELEASER"], now=clock())
        send_ready_payments(bank=bank, clock=clock)

        assert len(bank.taken) == 2
