"""Monthly reports: made once, kept as they were made, and written of to each subscriber once.

The report is a row with its file, made first; then the letter, in the transaction that notes it at
the subscription. Killed anywhere, the next run goes on from there.
"""

import datetime as dt
import hashlib
import logging
from typing import Final

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.models import User
from accounts.rights import Action
from core import messages
from core.periods import add_months, first_of_month, today
from core.stored_files import gone_unless_committed
from indicators.errors import MonthNotOver, ReportMade
from indicators.letters import of_report
from indicators.models import Report, ReportSubscription
from indicators.papers.report import report_pdf
from indicators.papers.told import Told
from indicators.selectors.columns import one_moment
from indicators.selectors.network import Network
from indicators.selectors.reports import as_kept, due_month
from sites.models import Site
from sites.permissions import can, require

SEND_TASK: Final = "indicators.send_reports"
logger = logging.getLogger(__name__)


def send_due() -> int:
    """Make what subscribers wait for, and write to them. Returns how many letters were written.

    Months that were missed are made up for, the oldest first. Several may run at once.
    """
    due = due_month()
    rows = ReportSubscription.objects.filter(sent_through__lt=due).select_related("user", "site")
    waiting = list(rows.order_by("id"))
    sent, failed = 0, []
    for subscription in waiting:
        month = add_months(subscription.sent_through, 1)
        try:
            while month <= due:
                sent += _send(subscription, month)
                month = add_months(month, 1)
        except Exception as error:  # of one site or person: the others get theirs
            logger.exception("The report for subscription %s could not be sent.", subscription.pk)
            failed.append(error)
    if failed:
        raise ExceptionGroup("reports that failed", failed)
    return sent


def make_report(
    *, site: Site | None, month: dt.date, language: str, acting_user: User | None
) -> Report:
    """One of a past month, now; nobody is written to. Raises MonthNotOver, ReportMade,
    NotAllowed."""
    require(acting_user, Action.RECOMPUTE, "indicator", site.pk if site else None)
    if month >= first_of_month(today()):
        raise MonthNotOver
    if _found(site, month, language) is not None:
        raise ReportMade
    report, made = _made(site, month, language, acting_user)
    if not made:
        raise ReportMade
    return report


def _send(subscription: ReportSubscription, month: dt.date) -> bool:
    """Whether a letter was written: not to those who may not see the site any more."""
    user, site = subscription.user, subscription.site
    allowed = bool(
        user.is_active
        and user.is_staff
        and can(user, Action.VIEW, "indicator", subscription.site_id)
    )
    report = None
    if allowed:
        report = _found(site, month, user.language)
        report = report or _made(site, month, user.language, None)[0]
    with transaction.atomic():
        # Of two workers one finds the month before; whoever unsubscribed meanwhile has no row.
        ours = ReportSubscription.objects.filter(
            pk=subscription.pk, sent_through=add_months(month, -1)
        ).update(sent_through=month)
        if not ours or report is None:
            return False
        letter = of_report(report)
        messages.queue(
            to=user.email,
            subject=letter.subject,
            body=letter.body,
            language=user.language,
            matter=f"report:{report.pk}",
            site_code=site.code if site else "",
        )
    return True


def _found(site: Site | None, month: dt.date, language: str) -> Report | None:
    rows = Report.objects.filter(site=site, month=month, language=language)
    return rows.select_related("site").first()


def _made(
    site: Site | None, month: dt.date, language: str, acting_user: User | None
) -> tuple[Report, bool]:
    """The report, and whether it is this one: of two that are made at once the first is kept."""
    with one_moment(), translation.override(language):
        told = Told(Network(), site, month)
        pdf = report_pdf(told)
        figures = as_kept(now for now, _before in told.pairs)
    report = Report(
        month=month,
        site=site,
        language=language,
        made_at=told.network.read_at,
        figures=figures,
        size=len(pdf),
        sha256=hashlib.sha256(pdf).hexdigest(),
        acting_user=acting_user,
    )
    try:
        with gone_unless_committed() as written, transaction.atomic():
            report.file.save("report.pdf", ContentFile(pdf), save=False)
            written.append((report.file.storage, report.file.name or ""))
            report.save(force_insert=True)
    except IntegrityError:
        other = _found(site, month, language)
        if other is None:
            raise
        return other, False
    return report, True
