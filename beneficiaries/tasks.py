"""Bells and the clock: each task finds its work in the database and calls one service; running it twice changes nothing."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from beneficiaries.models import AccountOpening
from beneficiaries.services.accounts.account_bank import the_accounts
from beneficiaries.services.accounts.account_flags import flag_accounts
from beneficiaries.services.accounts.check_holders import check_holders, to_ask
from beneficiaries.services.accounts.send_openings import fetch_openings, send_openings
from beneficiaries.services.accounts.verify_new import verify_new_accounts
from beneficiaries.services.identity.ask_platform import the_platform
from beneficiaries.services.identity.doubted_deaths import ask_about_doubted_deaths
from beneficiaries.services.identity.extract_deaths import ask_about_extract_deaths
from beneficiaries.services.identity.left_in_cash import ask_about_left_in_cash
from beneficiaries.services.identity.nightly_matching import order_nightly_matching
from beneficiaries.services.identity.order_matching import work_on_match_orders
from beneficiaries.services.identity.order_training import work_on_training_orders
from beneficiaries.services.identity.reask_platform import ask_again
from beneficiaries.services.intake.lists import verify_accounts
from beneficiaries.services.intake.uploads import forget_uploads, work_on_uploads
from beneficiaries.services.quality import measure_quality
from beneficiaries.services.receiving.dead_agents import end_payees_who_died
from beneficiaries.services.receiving.payees import begin_payees, end_payees_of_the_dead, warn_of_papers
from beneficiaries.services.receiving.payees_accounts import look_at_payees_accounts
from beneficiaries.states import OpeningStatus
from staff.services.database_clock import database_now
from staff.services.steps import each_on_its_own


@shared_task
def find_account_work() -> None:
    """Requests to open accounts out, answers in, holders checked; nothing is asked of the bank when nothing waits. Then whatever account became
    fit to be paid into by that, by a person's word or by a match, is verified."""
    if AccountOpening.objects.filter(
        way="API", status__in=(OpeningStatus.READY, OpeningStatus.SENT, OpeningStatus.TAKEN)
    ).exists():
        send_openings(bank=the_accounts(), clock=database_now)
        fetch_openings(bank=the_accounts(), now=database_now())
    if to_ask(now=database_now()).exists():
        check_holders(bank=the_accounts(), now=database_now())
    verify_new_accounts(now=database_now())


@shared_task
def watch_accounts() -> None:
    """Once a day: accounts fit to be paid into, papers that begin or run out, powers of attorney of the dead, accounts and agents that look wrong."""
    now = database_now()
    today = timezone.localdate(now)
    each_on_its_own(
        lambda: verify_accounts(on=today),
        lambda: begin_payees(on=today),
        lambda: look_at_payees_accounts(on=today, now=now),
        lambda: end_payees_of_the_dead(on=today, now=now),
        lambda: end_payees_who_died(on=today, now=now),
        lambda: warn_of_papers(on=today, now=now),
        lambda: flag_accounts(now=now),
        lambda: ask_about_doubted_deaths(now=now),
        lambda: ask_about_extract_deaths(now=now),
        lambda: ask_about_left_in_cash(now=now),
    )


@shared_task
def work_on_registries() -> None:
    """Preview what was uploaded, take in what was confirmed."""
    work_on_uploads(clock=database_now)


@shared_task
def work_on_matching() -> None:
    """Match what was ordered."""
    work_on_match_orders(clock=database_now)


@shared_task
def match_by_night() -> None:
    """Order the night's run; `work_on_matching` carries it out, and an alarm tells when it did not come to its end."""
    if settings.MATCHING_HOUR:
        order_nightly_matching(now=database_now())


@shared_task
def work_on_trainings() -> None:
    """Train what was ordered."""
    work_on_training_orders(clock=database_now)


@shared_task
def forget_registries() -> None:
    """Contents of uploads that ended long ago."""
    forget_uploads(now=database_now())


@shared_task
def measure_today() -> None:
    """Count the four scores of the day."""
    measure_quality(now=database_now())


@shared_task
def ask_identity_again() -> None:
    """Verdicts that grew old are asked for anew, where a platform is set up."""
    if settings.PLATFORM_URL:
        ask_again(platform=the_platform(), now=database_now())
