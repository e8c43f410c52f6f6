"""Mistakes beside the seven: each is planted where it would pay twice, and with the kind of story that must find it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from unittest import mock
from uuid import uuid4

import psycopg
from django.conf import settings

from payments.models import Payment, PaymentFile
from payments.services.files import upload
from payments.services.once import emergency, gift_list
from payments.services.sending import send
from payments.states import Cause, FileCause
from tests.simulation.stage import owner_url

moves, take_results = (import_module(f"payments.services.providers.{name}") for name in ("moves", "take_results"))


@contextmanager
def other_message_for_no_answer() -> Iterator[None]:
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
def frozen_files_leave() -> Iterator[None]:
    """Only lists are looked at when payment is frozen, not the files built of them."""
    nothing = Payment.objects.none().values("batch")
    with (
        mock.patch.object(upload, "frozen_lists", lambda: nothing),
        mock.patch("payments.services.files.send.frozen_lists", lambda: nothing),
    ):
        yield


@contextmanager
def corrections_unheard() -> Iterator[None]:
    """A provider that says first that somebody did not come, and then that they were paid, is believed the first time."""
    with mock.patch.object(take_results, "contradicted", lambda rows, *, now: {}):
        yield


@contextmanager
def old_answers_believed() -> Iterator[None]:
    """What a provider said before the letter that answered it counts as news when it is said again."""
    with mock.patch.object(moves, "_without_what_a_letter_answered", lambda rows, *, batch: rows):
        yield


@contextmanager
def statements_unheard() -> Iterator[None]:
    """What a statement shows is nothing to the part that pays, as it was before ADR 40."""
    with _planted_in_the_database(
        "reconciliation_debited(bigint[])",
        "CREATE OR REPLACE FUNCTION reconciliation_debited(ids bigint[]) RETURNS TABLE (payment_id bigint, debited_on date) "
        "LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$ SELECT 0::bigint, NULL::date WHERE false $$",
    ):
        yield


@contextmanager
def lease_not_looked_at() -> Iterator[None]:
    """Whoever claimed an order calls the bank however late: its lease ran out long ago, and others may have it."""
    with mock.patch.object(send, "LEASE_MARGIN", -10_000):
        yield


@contextmanager
def no_cooling_off() -> Iterator[None]:
    """Another account is paid into on the day a second person approved it."""
    with mock.patch.object(settings, "ACCOUNT_COOLING_DAYS", 0):
        yield


@contextmanager
def second_press_counts_twice() -> Iterator[None]:
    """A list of a gift is known by nothing: whoever stands on it in no registry is entered each time it is sent."""
    enter = gift_list.enter_newcomers

    def planted(*, programme, newcomers, actor):
        with mock.patch.object(emergency, "_same", lambda people, number_id, named: None):
            return enter(programme=programme, newcomers=newcomers, actor=actor)

    noted = gift_list.note_received

    def new_each_time(*, digests, **given):
        return noted(digests=[*digests, uuid4().bytes], **given)

    with (
        mock.patch.object(gift_list, "enter_newcomers", planted),
        mock.patch.object(gift_list, "note_received", new_each_time),
    ):
        yield


@contextmanager
def _planted_in_the_database(function: str, sql: str) -> Iterator[None]:
    with psycopg.connect(owner_url(), autocommit=True) as owner:
        (before,) = owner.execute(f"SELECT pg_get_functiondef('{function}'::regprocedure)").fetchone()
        owner.execute(sql)
        try:
            yield
        finally:
            owner.execute(before)


MORE_BUGS: dict[str, tuple[Callable[[], object], str]] = {
    bug.__name__: (bug, only)
    for bug, only in (
        (other_message_for_no_answer, "files"),
        (frozen_files_leave, "files"),
        (corrections_unheard, "provider"),
        (statements_unheard, "debits"),
        (lease_not_looked_at, ""),
        (no_cooling_off, ""),
        (second_press_counts_twice, "gifts"),
    )
}
