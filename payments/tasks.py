"""Bells: each task finds its work in the database. A message lost, doubled or late changes only when the work is done."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from banks.limiter import Limiter
from beneficiaries.services.intake.insurance import ask_about_insurance
from beneficiaries.services.receiving.dead_agents import end_payees_who_died
from beneficiaries.services.rules.age_warnings import warn_of_ages
from payments.services.alarms import watch
from payments.services.files import send_files
from payments.services.files.confirm import confirm_unpaid_in_files
from payments.services.learning.confirm import confirm_afresh, confirm_unpaid
from payments.services.learning.late_returns import fetch_late_returns
from payments.services.learning.learn import fetch_states
from payments.services.learning.unknowns import resolve_unknowns
from payments.services.life import draw_consequences, settle_waiting
from payments.services.lists.emptied import cancel_emptied
from payments.services.lists.order_lists import work_on_list_orders
from payments.services.notices import queue_notices, send_notices, the_channel
from payments.services.office_files import forget_reasons, work_on_office_files
from payments.services.once.gift_looks import forget_looks, work_on_gift_looks
from payments.services.once.grant_orders import work_on_grant_orders
from payments.services.once.granted_twice import ask_about_grants_twice
from payments.services.sending.bank import the_bank, the_files
from payments.services.sending.books_started import compared_since_start
from payments.services.sending.open_work import OpenWork, look_for_work
from payments.services.sending.send import send_ready_payments
from payments.services.sending.succession import hold_successors
from payments.services.signing.stop import stop_lost_accounts
from staff.services.database_clock import database_now
from staff.services.steps import each_on_its_own

# The sweeper rings anew while there is work: behind a long send, older bells are worth nothing and only pile up.
BELL_LASTS_SECONDS = 60


@shared_task(expires=BELL_LASTS_SECONDS)
def send_payments() -> None:
    """Send whatever is released and not sent."""
    send_ready_payments(bank=the_bank(), clock=database_now)


@shared_task(expires=BELL_LASTS_SECONDS)
def send_payment_files() -> None:
    """Build, upload, enquire and read reports, for funding accounts that send by file."""
    send_files(bank=the_files(), clock=database_now)


@shared_task
def fetch_from_bank() -> None:
    """Learn what became of what was sent."""
    fetch_states(bank=the_bank(), now=database_now())


@shared_task(expires=BELL_LASTS_SECONDS)
def fetch_returns() -> None:
    """Look for money that came back and of which no ring told: one round of it."""
    fetch_late_returns(bank=the_bank(), now=database_now())


@shared_task
def find_work() -> None:
    """The sweeper: what no bell announced is found here within seconds."""
    work = look_for_work(now=database_now())
    each_on_its_own(
        lambda: _ring_for(work),
        lambda: _confirm_afresh(work),
        lambda: _learn(work),
        # For files and providers, which ask no bank themselves; they are found again at the next round.
        lambda: compared_since_start(bank=the_bank(), now=database_now()),
    )


def _ring_for(work: OpenWork) -> None:
    if work.to_send:
        send_payments.delay()
    if work.in_files:
        send_payment_files.delay()


def _confirm_afresh(work: OpenWork) -> None:
    if work.to_confirm:
        confirm_afresh(bank=the_bank(), now=database_now())


def _learn(work: OpenWork) -> None:
    read = work.unknown and resolve_unknowns(bank=the_bank(), clock=database_now).read
    if work.in_flight and not read:
        fetch_states(bank=the_bank(), now=database_now())


@shared_task
def work_on_files() -> None:
    """Take in what offices, banks and providers sent."""
    work_on_office_files(clock=database_now)


@shared_task
def look_at_gift_lists() -> None:
    """Look at the gift lists that were sent."""
    work_on_gift_looks(clock=database_now)


@shared_task
def grant_to_everyone() -> None:
    """Try or write what was ordered for everybody who receives a policy."""
    work_on_grant_orders(clock=database_now)


@shared_task
def forget_files() -> None:
    """Lists to correct, and lists looked at, that were kept long enough."""
    each_on_its_own(lambda: forget_reasons(now=database_now()), lambda: forget_looks(now=database_now()))


@shared_task
def build_ordered_lists() -> None:
    """Build the lists that were ordered."""
    work_on_list_orders(clock=database_now)


@shared_task
def confirm() -> None:
    """Take off lists what waits for an account that was lost, and cancel drafts nobody is left on; ask afresh about what came back, so that the
    next list may carry it."""
    each_on_its_own(
        lambda: stop_lost_accounts(now=database_now()),
        lambda: cancel_emptied(now=database_now()),
        lambda: confirm_unpaid(bank=the_bank(), now=database_now()),
        lambda: confirm_unpaid_in_files(bank=the_files(), now=database_now()),
        lambda: hold_successors(now=database_now()),
    )


@shared_task
def watch_silence() -> None:
    """Say that the clock runs, and raise or clear the alarms of what should have happened."""
    watch(now=database_now())


@shared_task
def warn_of_ages_ahead() -> None:
    """Ask for decisions about people who soon reach an age of their category, or draw what excludes their right, or have one grant twice."""
    each_on_its_own(
        lambda: warn_of_ages(now=database_now()),
        lambda: ask_about_insurance(now=database_now()),
        lambda: ask_about_grants_twice(now=database_now()),
    )


@shared_task
def settle_life_events() -> None:
    """Weigh what was received and not weighed, then look for money that moved since somebody died, and for agents who died."""
    each_on_its_own(
        _settle_all_that_waits,
        lambda: draw_consequences(people=None, actor=None, now=database_now()),
        lambda: end_payees_who_died(on=timezone.localdate(), now=database_now()),
    )


def _settle_all_that_waits() -> None:
    while settle_waiting(now=database_now()):
        pass


@shared_task
def tell_beneficiaries() -> None:
    """Queue what became certain and send what waits, if a channel is set up."""
    channel = the_channel()
    if channel is not None:
        queue_notices(now=database_now())
        send_notices(channel=channel, clock=database_now, limiter=Limiter(rate=settings.NOTICE_RATE))
