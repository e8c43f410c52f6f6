"""Celery: rings the bell. Work is found in the database, so losing every message costs seconds, never a payment."""

import os
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import beat_init, celeryd_init, setup_logging
from django.conf import settings

from config.keys_at_start import stop_worker
from config.log_lines import keep_our_lines
from staff.services.labels import labelled

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

BELL_LASTS_SECONDS = 60


class LabelledTask(Task):
    """A task whose writes stand in the history under its name and id."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it."""
        with labelled(actor_id=None, why=str(self.name), request_id=str(self.request.id or "")):
            return super().__call__(*args, **kwargs)


app = Celery("ansinh", task_cls=LabelledTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_ignore_result=True,
    # Acknowledged when it arrives (ADR 12): a bell that is lost is found by the sweeper, and nothing is left to tell a broker that went away.
    task_acks_late=False,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    timezone="Asia/Ho_Chi_Minh",
    beat_schedule={
        "find-work": {"task": "payments.tasks.find_work", "schedule": 5.0},
        "find-account-work": {"task": "beneficiaries.tasks.find_account_work", "schedule": 60.0},
        "watch-accounts": {"task": "beneficiaries.tasks.watch_accounts", "schedule": crontab(hour=4, minute=40)},
        "registries": {"task": "beneficiaries.tasks.work_on_registries", "schedule": 5.0},
        "matching": {"task": "beneficiaries.tasks.work_on_matching", "schedule": 5.0},
        "nightly-matching": {
            "task": "beneficiaries.tasks.match_by_night",
            "schedule": crontab(hour=settings.MATCHING_HOUR or "1", minute="50"),
        },
        "trainings": {"task": "beneficiaries.tasks.work_on_trainings", "schedule": 60.0},
        "office-files": {"task": "payments.tasks.work_on_files", "schedule": 5.0},
        "gift-lists": {"task": "payments.tasks.look_at_gift_lists", "schedule": 5.0},
        "grants": {"task": "payments.tasks.grant_to_everyone", "schedule": 5.0},
        "ordered-lists": {"task": "payments.tasks.build_ordered_lists", "schedule": 5.0},
        "forget-registries": {"task": "beneficiaries.tasks.forget_registries", "schedule": crontab(hour=3, minute=30)},
        "forget-files": {"task": "payments.tasks.forget_files", "schedule": crontab(hour=3, minute=40)},
        "settle-life-events": {"task": "payments.tasks.settle_life_events", "schedule": 300.0},
        "tell-beneficiaries": {"task": "payments.tasks.tell_beneficiaries", "schedule": 30.0},
        "watch-silence": {"task": "payments.tasks.watch_silence", "schedule": 60.0},
        "watch-statements": {"task": "reconciliation.tasks.watch_for_statements", "schedule": 3600.0},
        "fetch-statements": {"task": "reconciliation.tasks.fetch_statements", "schedule": crontab(minute=15)},
        "free-reserves": {"task": "reconciliation.tasks.free_reserved_money", "schedule": crontab(hour=1, minute=10)},
        "papers": {"task": "reconciliation.tasks.make_ordered_papers", "schedule": 5.0},
        "prison-lists": {"task": "reconciliation.tasks.take_in_prison_lists", "schedule": 60.0},
        "verifications": {"task": "reconciliation.tasks.verify_files_handed_in", "schedule": 5.0},
        "seal-checks": {"task": "reconciliation.tasks.check_seals_asked_for", "schedule": 60.0},
        "forget-papers": {"task": "reconciliation.tasks.forget_ordered_papers", "schedule": crontab(hour=3, minute=50)},
        "late-reports": {"task": "reconciliation.tasks.remind_of_late_reports", "schedule": 3600.0},
        "reports": {"task": "reconciliation.tasks.work_on_reports", "schedule": 60.0},
        # A round of a minute, while it is night; what was read to its end is not read again.
        "fetch-returns": {"task": "payments.tasks.fetch_returns", "schedule": crontab(hour="2-5", minute="*/5")},
        "confirm": {"task": "payments.tasks.confirm", "schedule": 600.0},
        "forget-kept": {"task": "staff.tasks.forget_what_pages_kept", "schedule": crontab(hour=4, minute=0)},
        "roles": {"task": "staff.tasks.begin_and_end_roles", "schedule": crontab(minute=2)},
        "seal": {"task": "staff.tasks.seal", "schedule": crontab(hour=0, minute=20)},
        "check-history": {"task": "staff.tasks.check", "schedule": crontab(hour=1, minute=40)},
        "warn-of-ages": {"task": "payments.tasks.warn_of_ages_ahead", "schedule": crontab(hour=5, minute=10)},
        "ask-identity-again": {
            "task": "beneficiaries.tasks.ask_identity_again",
            "schedule": crontab(hour="2", minute="15"),
        },
        "measure-quality": {"task": "beneficiaries.tasks.measure_today", "schedule": crontab(hour="23", minute="30")},
    },
)
# A bell that rings again is worth nothing once it has: behind a long build they would only pile up.
for bell in app.conf.beat_schedule.values():
    if not isinstance(bell["schedule"], crontab):
        bell["options"] = {"expires": max(bell["schedule"], BELL_LASTS_SECONDS)}
app.autodiscover_tasks(["beneficiaries", "payments", "reconciliation", "staff"])


def ring_at_once(**said: object) -> None:
    """A clock that has just begun says so: else staff would read for a minute that it stands still."""
    watch = app.conf.beat_schedule["watch-silence"]
    app.send_task(watch["task"], expires=BELL_LASTS_SECONDS)


beat_init.connect(ring_at_once)
celeryd_init.connect(stop_worker)
setup_logging.connect(keep_our_lines)
