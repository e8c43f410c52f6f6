"""Seven mistakes that systems like this one have made, each planted in ours: the simulation must find every one of them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from banks import stripe_answers
from banks.transfers import NotTaken, Transfer, Unknown
from payments import tasks
from payments.models import Payment
from payments.services.sending import send
from payments.states import Cause


@contextmanager
def resend_on_time_out() -> Iterator[None]:
    """No answer is taken for "not paid": the order goes out again, as a new one."""
    record = send._record

    def planted(answers, *, now, **given):
        record(answers, now=now, **given)
        for transfer, _ in answers.unknown:
            Payment.objects.filter(pk=transfer.payment_id).apply(
                Cause.NOT_TAKEN, now=now, attempt=transfer.attempt + 1, lease_until=None, first_used_at=None
            )

    with mock.patch.object(send, "_record", planted):
        yield


@contextmanager
def no_guard() -> Iterator[None]:
    """A late refusal moves a payment back, whoever holds it by now."""

    def planted(refusals, *, sending, now, holder):
        ids = [transfer.payment_id for transfer, _ in refusals]
        Payment.objects.filter(pk__in=ids).apply(
            Cause.NOT_TAKEN, now=now, lease_until=now + send.REST, lease_by="", first_used_at=None
        )

    with mock.patch.object(send, "_record_not_taken", planted):
        yield


@contextmanager
def failed_on_unknown() -> Iterator[None]:
    """No answer is written down as a failure."""
    record = send._record

    def planted(answers, *, now, **given):
        record(answers, now=now, **given)
        ids = [transfer.payment_id for transfer, _ in answers.unknown]
        Payment.objects.filter(pk__in=ids).apply(Cause.BANK_FAILED, now=now)

    with mock.patch.object(send, "_record", planted):
        yield


@contextmanager
def new_key_per_retry() -> Iterator[None]:
    """Every call has a key of its own."""
    with mock.patch.object(Transfer, "idempotency_key", property(lambda transfer: uuid4().hex)):
        yield


@contextmanager
def commit_after_the_call() -> Iterator[None]:
    """The intent is in the same transaction as the call: whoever dies in between leaves no trace."""
    offer = send.send_ready_payments

    def planted(**given):
        with transaction.atomic():
            return offer(**given)

    with mock.patch.object(tasks, "send_ready_payments", planted):
        yield


@contextmanager
def absence_from_an_early_list() -> Iterator[None]:
    """Not in the list now, so it never will be: no waiting for the bank's longest processing time, any silence will do."""
    record = send._record

    def planted(answers, **given):
        answers.unknown = [(transfer, Unknown(code=answer.code, stored=True)) for transfer, answer in answers.unknown]
        record(answers, **given)

    early = mock.patch.object(settings, "BANK_MAX_PROCESSING_SECONDS", -10_000)
    with mock.patch.object(send, "_record", planted), early:
        yield


@contextmanager
def refused_replay_believed() -> Iterator[None]:
    """A 429 on a replay is taken as "not taken", though the first call may have been."""

    def planted(code, *, message="", first_use, retryable):
        return NotTaken(code=code, message=message, retryable=retryable)

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(stripe_answers, "not_taken", planted))
        yield


BUGS: dict[str, Callable[[], object]] = {
    bug.__name__: bug
    for bug in (
        resend_on_time_out,
        no_guard,
        failed_on_unknown,
        new_key_per_retry,
        commit_after_the_call,
        absence_from_an_early_list,
        refused_replay_believed,
    )
}
