"""Lists that go in files: one live debit per entitlement, whatever becomes of uploads and in whatever order the reports come."""

from contextlib import contextmanager
from unittest import mock

import pytest

from payments.models import Payment, PaymentFile
from payments.services.files import upload
from payments.states import Cause, FileCause
from tests.simulation.file_steps import draw_files

QUICK = range(12)
ENOUGH = 100


def play_all(play, seeds: range) -> None:
    for seed in seeds:
        broken = play(draw_files(seed))
        assert broken is None, f"files, seed {seed}: {broken}"


class TestManySeeds:
    def test_every_promise_holds_after_every_step(self, play):
        play_all(play, QUICK)

    @pytest.mark.slow
    @pytest.mark.parametrize("start", range(12, 412, 100))
    def test_every_promise_holds_in_every_schedule(self, play, start):
        play_all(play, range(start, start + 100))

    def test_a_schedule_is_the_same_every_time(self):
        assert [str(draw_files(seed)) for seed in range(20)] == [str(draw_files(seed)) for seed in range(20)]


@contextmanager
def other_message_for_no_answer():
    """An upload without an answer is taken for "not taken": its orders go in another file."""

    def planted(file, *, bank, now):
        if PaymentFile.objects.filter(pk=file.pk, status="UPLOADING").apply(
            FileCause.REFUSED, now=now, lease_until=None
        ):
            Payment.objects.filter(file=file).apply(Cause.NOT_TAKEN, now=now, file=None, first_used_at=None)
        return False

    with mock.patch.object(upload, "_learn_by_id", planted):
        yield


@contextmanager
def frozen_files_leave():
    """Only lists are looked at when payment is frozen, not the files built of them."""
    nothing = Payment.objects.none().values("batch")
    with (
        mock.patch.object(upload, "frozen_lists", lambda: nothing),
        mock.patch("payments.services.files.send.frozen_lists", lambda: nothing),
    ):
        yield


@pytest.mark.slow
@pytest.mark.parametrize("bug", [other_message_for_no_answer, frozen_files_leave])
def test_a_planted_mistake_is_caught(play, bug):
    with bug():
        found = next(((seed, broken) for seed in range(ENOUGH) if (broken := play(draw_files(seed)))), None)

    assert found is not None, f"{bug.__name__} was not noticed in {ENOUGH} schedules"
