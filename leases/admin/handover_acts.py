"""Handover reports on the page of their lease: begun there, and gone on with."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core import formats
from leases.admin.handover_forms import BeginForm
from leases.choices import HandoverWay, ReportState
from leases.models import HandoverReport, Lease
from leases.selectors.documents import language_of
from leases.selectors.handovers import report_of_record
from leases.services.handover_reports import STATES, begin_report
from sites.admin.columns import language
from sites.admin.scoping import acting
from sites.admin.work import WorkPages, work


class HandoverActs(WorkPages):
    """To stand before the admin class; the names of its pages are `HANDOVER_ACTS`."""

    HANDOVER_ACTS = ("entry_report", "exit_report")

    @work(
        _("Entry report"),
        path="entry-report",
        right=Action.HAND_OVER,
        icon="inventory",
        when=lambda lease: lease.state in STATES[HandoverWay.IN],
    )
    def entry_report(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        return self._report_page(request, lease, HandoverWay.IN, _("Entry report"))

    @work(
        _("Exit report"),
        path="exit-report",
        right=Action.HAND_OVER,
        icon="inventory",
        when=lambda lease: lease.state in STATES[HandoverWay.OUT],
    )
    def exit_report(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        return self._report_page(request, lease, HandoverWay.OUT, _("Exit report"))

    def _report_page(
        self, request: HttpRequest, lease: Lease, way: HandoverWay, title: str | Promise
    ) -> HttpResponse:
        """Begin it, or go on with the one that was begun."""
        draft = lease.handover_reports.filter(way=way, state=ReportState.DRAFT).first()
        made: list[HandoverReport] = []

        def act(given: dict[str, Any]) -> str:
            made.append(begin_report(lease=lease, way=way, acting_user=acting(request), **given))
            return gettext("Each piece is saved as it is typed.")

        return self.work_page(
            request,
            lease,
            act=act,
            form_class=BeginForm,
            title=title,
            submit=_("Begin the report") if draft is None else _("Go on with the report"),
            hint=told_of(lease, way) if draft is None else _("This report is being written."),
            initial={"language": language_of(lease)},
            then=lambda: self.address_of(made[0]),
        )


def told_of(lease: Lease, way: HandoverWay) -> str:
    """Whether the handover was written down."""
    report = report_of_record(lease, way)
    if report is None:
        if way == HandoverWay.IN:
            return gettext("There is no closed entry report.")
        return gettext("There is no closed exit report.")
    day = formats.day(report.day, language())
    if way == HandoverWay.IN:
        return gettext("The entry report is of %(day)s.") % {"day": day}
    return gettext("The exit report is of %(day)s.") % {"day": day}
