"""Nobody notices what does not happen, unless somebody watches."""

import logging

from payments.models import Alarm, BankLane
from payments.services.alarms import alarms_in_reach, clock_silence, watch
from payments.services.pause import set_paused
from payments.services.send import send_ready_payments
from payments.services.sign import submit


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


class TestPause:
    def test_what_is_not_sent_waits_and_goes_on(self, province, released, bank, clock):
        set_paused(batch_id=released.pk, paused=True, actor=province.staff["CHECKER"], now=clock())
        send_ready_payments(bank=bank, clock=clock)
        assert bank.taken == []

        set_paused(batch_id=released.pk, paused=False, actor=province.staff["RELEASER"], now=clock())
        send_ready_payments(bank=bank, clock=clock)

        assert len(bank.taken) == 2
