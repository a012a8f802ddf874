"""Follow-ups open when companies leave, and close when they come back.

`leases` knows who left and says so; nothing here looks at a lease. Many companies at once cost as
many queries as one.
"""

from collections.abc import Collection, Mapping

from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from core.history import recorded
from tenants.choices import Closing
from tenants.following import MILESTONES, Departure, due_on
from tenants.models import Company, FollowUp, Milestone
from tenants.querysets import FollowUpQuerySet
from tenants.services.milestones import settle


def note_departures(*, left: Mapping[int, Departure], acting_user: User | None) -> None:
    """These companies (by id) have left. Said again, nothing changes.

    An open follow-up follows a corrected last day or site; one that closed because the company
    was there after all goes on; else another one opens.
    """
    if not left:
        return
    with recorded(acting_user):
        known: dict[int, FollowUp] = {}
        rows = FollowUp.objects.select_for_update().filter(company__in=left)
        # The open one of a company comes last, and wins.
        for row in rows.order_by("company", "closed_at", "id"):
            if row.closed_at is None or row.left_on == left[row.company_id].left_on:
                known[row.company_id] = row
        changed = [row for pk, row in known.items() if _catch_up(row, left[pk])]
        opened = [
            FollowUp(company_id=pk, site_id=departure.site_id, left_on=departure.left_on)
            for pk, departure in left.items()
            if pk not in known
        ]
        FollowUp.objects.bulk_create(opened)
        FollowUp.objects.bulk_update(changed, ["site", "left_on", "closed_at", "closing"])
        Milestone.objects.bulk_create(
            Milestone(follow_up=row, months=months, due_on=due_on(row.left_on, months))
            for row in opened
            for months in MILESTONES
        )
        _date_again(changed)
        settle(left)


def note_stays(*, companies: Collection[int], closing: Closing, acting_user: User | None) -> None:
    """These companies (by id) are there: nobody asks what became of them.

    Nor does a follow-up go on that was over because all was said, should that be put right.
    """
    if not companies:
        return
    with recorded(acting_user):
        _close(FollowUp.objects.filter(company__in=companies).asking(), closing)


def move_follow_ups(*, keep: Company, duplicate: Company) -> None:
    """Two *locked* records become one. Of two open follow-ups the later departure's goes on."""
    both = FollowUp.objects.select_for_update().filter(company__in=[keep, duplicate])
    latest_first = sorted(both.open(), key=lambda row: (row.left_on, row.pk), reverse=True)
    _close(FollowUp.objects.filter(pk__in=[row.pk for row in latest_first[1:]]), Closing.MERGED)
    FollowUp.objects.filter(company=duplicate).update(company=keep)
    settle([keep.pk])


def _catch_up(row: FollowUp, departure: Departure) -> bool:
    """Let a known follow-up say when and where the company left; whether anything changed."""
    goes_on = row.closing in {Closing.CAME_BACK, Closing.STILL_THERE}
    if goes_on:
        row.closed_at, row.closing = None, ""
    said = Departure(row.site_id, row.left_on)
    row.site_id, row.left_on = departure.site_id, departure.left_on
    return goes_on or said != departure


def _date_again(rows: Collection[FollowUp]) -> None:
    left_on = {row.pk: row.left_on for row in rows}
    moved = []
    for milestone in Milestone.objects.filter(follow_up__in=left_on):
        due = due_on(left_on[milestone.follow_up_id], milestone.months)
        if due != milestone.due_on:
            milestone.due_on = due
            moved.append(milestone)
    Milestone.objects.bulk_update(moved, ["due_on"])


def _close(rows: FollowUpQuerySet, closing: Closing) -> None:
    closed_at = Coalesce("closed_at", Value(timezone.now()))
    rows.order_by().update(closed_at=closed_at, closing=closing)
