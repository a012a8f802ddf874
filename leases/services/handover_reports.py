"""Handover reports: begun from the checklist, filled piece by piece, closed for good."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core import formats
from core.history import recorded
from core.jobs import wake_on_commit
from core.languages import Language
from core.periods import today
from leases.choices import HandoverWay, LeaseState, ReportState
from leases.errors import (
    BadLeaseDate,
    PresentMissing,
    ReasonNeeded,
    ReportClosed,
    ReportUnfinished,
)
from leases.models import HandoverItem, HandoverKey, HandoverReport, Lease, MeterReading
from leases.selectors.checklist import checklist_at
from leases.selectors.documents import language_of
from leases.selectors.handovers import Sheet, report_of_record, spaces_on
from leases.services.documents import ISSUE_TASK
from leases.services.locking import locked
from sites.models import Space
from sites.permissions import require

STATES: Final = {
    HandoverWay.IN: {LeaseState.SIGNED, LeaseState.ACTIVE},
    # An exit is often written down after the end was entered.
    HandoverWay.OUT: {LeaseState.ACTIVE, LeaseState.ENDED},
}
"""In which a report of a way may be begun."""
_NAMED: Final = 5
"""Things that a refusal names before it counts the rest."""


def begin_report(
    *,
    lease: Lease,
    way: HandoverWay,
    day: dt.date | None = None,
    language: str = "",
    acting_user: User | None,
) -> HandoverReport:
    """A draft with all that is to be looked at in the spaces of the day (today unless given).

    An exit takes the elements, keys and meters of its entry, in the entry's words, to be compared
    with it. The draft that is there, where there is one. `language`: the company's unless given.
    Raises WrongLeaseState, NotAllowed.
    """
    with recorded(acting_user):
        row = locked(lease, states=STATES[way])
        require(acting_user, Action.HAND_OVER, "lease", row.site_id)
        known = row.handover_reports.filter(way=way, state=ReportState.DRAFT).first()
        if known is not None:
            return known
        day = day or today()
        entry = report_of_record(row, HandoverWay.IN) if way == HandoverWay.OUT else None
        if entry is not None:
            language = entry.language
        report = HandoverReport.objects.create(
            lease=row,
            way=way,
            compared_with=entry,
            day=day,
            language=language if language in Language.values else language_of(row),
            acting_user=acting_user,
        )
        _copy_elements(report, spaces_on(row, day), entry)
        if entry is not None:
            _copy_keys_and_meters(report, entry)
    return report


def change_report(
    *,
    report: HandoverReport,
    day: dt.date | None = None,
    present_for_lessor: str | None = None,
    present_for_tenant: str | None = None,
    remark: str | None = None,
    acting_user: User | None,
) -> HandoverReport:
    """When it was, who was there, what is said of the whole; None leaves a thing as it is.

    Raises ReportClosed, NotAllowed.
    """
    given: dict[str, Any] = {
        "day": day,
        "present_for_lessor": present_for_lessor,
        "present_for_tenant": present_for_tenant,
        "remark": remark,
    }
    with opened(report, acting_user=acting_user) as row:
        changed = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in given.items()
            if value is not None
        }
        for name, value in changed.items():
            setattr(row, name, value)
        if changed:
            row.save(update_fields=[*changed])
    return row


def close_report(*, report: HandoverReport, acting_user: User | None) -> HandoverReport:
    """Nothing in it changes any more; its document is issued by the next job. A second time
    changes nothing.

    Raises ReportUnfinished (something was not looked at, counted or read), PresentMissing,
    BadLeaseDate (in the future), ReportClosed of one that was dropped, NotAllowed.
    """
    with recorded(acting_user):
        row = _locked(report, acting_user)
        if row.state == ReportState.CLOSED:
            return row
        _require_draft(row)
        if row.day > today():
            raise BadLeaseDate(
                field="day", reason=_("A handover is not reported before it took place.")
            )
        if not row.present_for_lessor:
            raise PresentMissing
        if to_do := Sheet(row).to_do:
            raise ReportUnfinished(things=_named(to_do))
        row.state = ReportState.CLOSED
        row.closed_at = timezone.now()
        row.acting_user = acting_user
        row.save(update_fields=["state", "closed_at", "acting_user"])
        wake_on_commit(ISSUE_TASK)
    return row


def drop_report(*, report: HandoverReport, reason: str, acting_user: User | None) -> HandoverReport:
    """The draft is not wanted; it stays as it is, and another one may begin.

    Raises ReasonNeeded, ReportClosed, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with opened(report, acting_user=acting_user) as row:
        row.state = ReportState.DROPPED
        row.reason = reason.strip()
        row.acting_user = acting_user
        row.save(update_fields=["state", "reason", "acting_user"])
    return row


@contextmanager
def opened(report: HandoverReport, *, acting_user: User | None) -> Iterator[HandoverReport]:
    """The draft, its lease and itself locked, inside a transaction of the user's.

    Raises ReportClosed, NotAllowed.
    """
    with recorded(acting_user):
        row = _locked(report, acting_user)
        _require_draft(row)
        yield row


def _locked(report: HandoverReport, acting_user: User | None) -> HandoverReport:
    lease = locked(report.lease, states=set(LeaseState))
    require(acting_user, Action.HAND_OVER, "lease", lease.site_id)
    row = HandoverReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    row.lease = lease
    return row


def _require_draft(row: HandoverReport) -> None:
    if row.state != ReportState.DRAFT:
        raise ReportClosed(state=row.get_state_display())


def _copy_elements(
    report: HandoverReport, spaces: Sequence[Space], entry: HandoverReport | None
) -> None:
    """Of each space what the entry had, else the checklist; of no space what the entry had."""
    had: dict[int | None, list[HandoverItem]] = {}
    if entry is not None:
        for item in entry.items.order_by("position", "id"):
            had.setdefault(item.space_id, []).append(item)
    elements = checklist_at(report.lease.site, report.language)
    items: list[HandoverItem] = []
    for space in (*spaces, None):
        space_id = space.pk if space is not None else None
        items += [
            HandoverItem(report=report, space=space, room=was.room, element=was.element, before=was)
            for was in had.get(space_id, ())
        ]
        if space is not None and space_id not in had:
            items += [
                HandoverItem(report=report, space=space, element=element)
                for element in elements(space.kind)
            ]
    for position, item in enumerate(items, start=1):
        item.position = position
    HandoverItem.objects.bulk_create(items)


def _copy_keys_and_meters(report: HandoverReport, entry: HandoverReport) -> None:
    HandoverKey.objects.bulk_create(
        HandoverKey(report=report, what=key.what, identifier=key.identifier, before=key)
        for key in entry.keys.order_by("id")
    )
    MeterReading.objects.bulk_create(
        MeterReading(report=report, kind=meter.kind, number=meter.number, before=meter)
        for meter in entry.meters.order_by("id")
    )


def _named(things: Sequence[str]) -> str:
    more = len(things) - _NAMED
    shown = [*things[:_NAMED], *([f"… (+{more})"] if more > 0 else [])]
    return formats.apart(shown, get_language() or "fr")
