"""The Celery app and its timetable. Jobs carry no data: they look for what is to do."""

import gc
import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_process_init

from technopark.embedded.process import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "technopark.settings")

app = Celery("technopark")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# In Africa/Casablanca. Each job catches up on what it missed, so a late or lost run loses nothing.
app.conf.beat_schedule = {
    "send messages": {"task": "core.send_messages", "schedule": 60.0},
    "scan documents": {"task": "applications.scan_documents", "schedule": 60.0},
    "deliver webhooks": {"task": "sites.deliver_webhooks", "schedule": 60.0},
    "forget replies and deliveries": {"task": "sites.forget", "schedule": crontab("50", "*")},
    "expire offers and places": {"task": "applications.expire", "schedule": 60.0},
    "anonymise applications": {"task": "applications.anonymise", "schedule": crontab("30", "1")},
    "sweep files": {"task": "applications.sweep_files", "schedule": crontab("20", "2")},
    "tell of vacancies": {"task": "applications.tell_of_vacancies", "schedule": crontab("30", "6")},
    # All day long: who came back after seven still has their mail of the day.
    "morning mail": {"task": "applications.send_digests", "schedule": crontab("*/10", "7-19")},
    "index applications": {"task": "applications.index", "schedule": crontab("40", "*")},
    "carry holding over": {"task": "leases.carry_holding_over", "schedule": crontab("10", "0")},
    "warn of maximum stays": {
        "task": "leases.warn_of_maximum_stays",
        "schedule": crontab("20", "6"),
    },
    # Hourly, every day: a house that was down on Monday writes when it is up again.
    "weekly agenda": {"task": "leases.send_agendas", "schedule": crontab("5", "7-19")},
    "ask graduates": {"task": "tenants.ask_graduates", "schedule": crontab("15", "9")},
    "issue documents": {"task": "leases.issue_documents", "schedule": 600.0},
    # A sweep: what a person asks for is begun at once.
    "compute rent runs": {"task": "billing.compute_runs", "schedule": 60.0},
    "issue rent runs": {"task": "billing.issue_runs", "schedule": 60.0},
    "make papers": {"task": "billing.make_papers", "schedule": 60.0},
    "issue receipts": {"task": "billing.issue_receipts", "schedule": 600.0},
    # Hourly: a house that was down on the day catches up. It finds nothing to do on most days.
    "monthly rent runs": {"task": "billing.monthly", "schedule": crontab("15", "6-20")},
    # On working days, where a site's steps go by themselves; a letter is written once.
    "send reminders": {
        "task": "billing.remind",
        "schedule": crontab("25", "8-18", day_of_week="mon-fri"),
    },
    "propose penalties": {"task": "billing.propose_penalties", "schedule": crontab("45", "1")},
    # A sweep: the day that is over, what news have touched, and runs that were killed.
    "compute snapshots": {"task": "indicators.compute_snapshots", "schedule": 600.0},
    # Hourly, every day: a house that was down on the 2nd catches up.
    "send reports": {"task": "indicators.send_reports", "schedule": crontab("35", "6-20")},
    "check snapshots": {"task": "indicators.check_snapshots", "schedule": crontab("45", "2")},
}
# The broker may be away for a moment; a user's request must not wait for it.
app.conf.broker_transport_options = {"socket_connect_timeout": 2, "max_retries": 1}


@worker_process_init.connect  # type: ignore[untyped-decorator,unused-ignore]
def _begin(**_kwargs: Any) -> None:
    """A killed worker leaves no pool process behind. What is loaded by now stays for good: the
    collector, which would look through it again and again, took a third of a rent run's CPU."""
    die_with_parent()
    gc.freeze()
