"""The calendar of runs: drafted ahead by the site's day of the month; issued by itself only where
a site asked for that."""

import logging

from django.db import transaction

from billing.choices import RunState
from billing.models import RentRun, SiteBilling
from billing.services.issuing import start_issuing
from billing.services.runs import draft_run, leave_out_anomalies
from core.errors import DomainError
from core.periods import ONE_DAY, add_months, end_of, first_of_month, today

logger = logging.getLogger(__name__)


def draft_next_month() -> int:
    """Begin next month's run of every site whose day has come, unless it has one or an open one.

    A job that was down on the day catches up, later days of the month too. Returns how many began.
    """
    begun = 0
    month = add_months(first_of_month(today()), 1)
    for settings in SiteBilling.objects.select_related("site").filter(drafted_on__lte=today().day):
        runs = RentRun.objects.filter(site=settings.site)
        if settings.starts_on >= add_months(month, 1) or runs.open().exists():
            continue
        if not runs.filter(month=month).exists():
            draft_run(site=settings.site, month=month, acting_user=None)
            begun += 1
    return begun


def issue_by_themselves() -> int:
    """Issue the runs of this month of the sites that asked for it, from its first day on.

    Leases with anomalies are left out; those that changed since the preview are not issued. A run
    that a person drafted after the first, paused or began to issue is theirs. Returns how many
    were begun.
    """
    begun = 0
    month = first_of_month(today())
    runs = RentRun.objects.filter(
        state=RunState.DRAFT,
        month=month,
        drafted_at__lt=end_of(month - ONE_DAY),
        site__billing__issues_by_itself=True,
    )
    for run in runs:
        try:
            with transaction.atomic():
                leave_out_anomalies(run=run, acting_user=None)
                start_issuing(run=run, acting_user=None)
        except DomainError as refusal:  # of one site: the others' go out, and its page says why
            logger.warning("Run %s is not issued by itself: %s", run, refusal)
        else:
            begun += 1
    return begun
