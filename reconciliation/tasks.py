"""Bells of reconciliation: each task finds its work in the database."""

import secrets
from datetime import timedelta

from celery import shared_task
from django.conf import settings

from payments.services.ledger.recovery_booking import book_all_recoveries
from payments.services.sending.bank import the_transactions
from reconciliation.services.inspections.prison_lists import work_on_prison_lists
from reconciliation.services.lines.debits_that_stand import mark_ended_meanwhile
from reconciliation.services.months.free_reserves import free_all_reserves
from reconciliation.services.papers.judge_apart import judge_apart
from reconciliation.services.papers.make_reports import in_work, make_reports
from reconciliation.services.papers.order_seal_check import check_ordered_seals
from reconciliation.services.papers.order_verification import verify_ordered_files
from reconciliation.services.papers.paper_orders import forget_papers, make_papers
from reconciliation.services.papers.plan_reports import plan_reports
from reconciliation.services.papers.report_reminders import remind_of_reports
from reconciliation.services.statements.fetch_statement import fetch_missing_statements
from reconciliation.services.statements.silence import watch_statements
from staff.models import User
from staff.services.database_clock import database_now


@shared_task
def watch_for_statements() -> None:
    """Look for days with money moved and no statement."""
    watch_statements(now=database_now())


@shared_task
def remind_of_late_reports() -> None:
    """Look for reports not signed by their day."""
    remind_of_reports(now=database_now())


@shared_task
def make_ordered_papers() -> None:
    """Lists and dossiers somebody waits for."""
    make_papers(clock=database_now)


@shared_task
def take_in_prison_lists() -> None:
    """Lists of the police or an execution office that were sent in."""
    work_on_prison_lists(clock=database_now)


@shared_task
def check_seals_asked_for() -> None:
    """Checks of the sealed history somebody waits for."""
    check_ordered_seals(clock=database_now)


@shared_task
def verify_files_handed_in() -> None:
    """A file somebody handed in to be checked, in a process apart; one a ring, so that a series of damaged ones holds nobody else's work up."""
    if verify_ordered_files(clock=database_now, judge=judge_apart, most=1):
        verify_files_handed_in.delay()


@shared_task
def forget_ordered_papers() -> None:
    """Contents of papers made days ago."""
    forget_papers(now=database_now())


@shared_task
def fetch_statements() -> None:
    """Fetch what no statement covers, in the name of the accountant whom the setting names; by files alone when it names nobody."""
    actor = User.objects.filter(username=settings.STATEMENT_ACTOR, is_active=True).first()
    if settings.STATEMENT_ACTOR and actor is not None:
        fetch_missing_statements(bank=the_transactions(), actor=actor, now=database_now())


@shared_task
def free_reserved_money() -> None:
    """Mark debits that stand; give back what stopped and failed payments no longer need, where no statement came to do so; book recoveries
    nobody's list booked."""
    mark_ended_meanwhile(now=database_now())
    free_all_reserves(now=database_now())
    book_all_recoveries(now=database_now())


@shared_task
def work_on_reports() -> None:
    """Order the reports of periods that are over, and make what is due for a minute; the next bell goes on."""
    now = database_now()
    plan_reports(now=now)
    if not in_work(now=now):
        make_reports(holder=f"worker:{secrets.token_hex(8)}", clock=database_now, until=now + timedelta(minutes=1))
