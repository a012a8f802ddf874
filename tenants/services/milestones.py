"""The days by which staff should know what became of a company: which are settled, and by what."""

from collections import defaultdict
from collections.abc import Collection

from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from sites.permissions import require
from tenants.choices import Closing
from tenants.following import first_that_tells
from tenants.models import Declaration, FollowUp, Milestone


def settle(companies: Collection[int]) -> None:
    """Bring the follow-ups of these companies (by id) in line with what is declared now.

    A milestone that a declaration settled is open again once another one replaces it; one that
    was ticked by hand stays. A follow-up whose milestones are all done closes, and goes on when
    one is open again. As many queries for one company as for many.
    """
    rows = list(
        FollowUp.objects.select_for_update()
        .filter(company__in=companies)
        .order_by("company", "left_on", "id")
    )
    declared: dict[int, list[Declaration]] = defaultdict(list)
    for declaration in Declaration.objects.in_force().filter(company__in=companies).order_by("id"):
        declared[declaration.company_id].append(declaration)
    milestones: dict[int, list[Milestone]] = defaultdict(list)
    for milestone in Milestone.objects.filter(follow_up__in=rows):
        milestones[milestone.follow_up_id].append(milestone)
    settled = [
        milestone
        for row in rows
        for milestone in milestones[row.pk]
        if _settle(milestone, declared[row.company_id])
    ]
    Milestone.objects.bulk_update(settled, ["done_at", "done_by", "declaration"])
    # Only the last departure of a company is still asked about.
    latest = {row.company_id: row for row in rows}.values()
    closed = [row for row in latest if _close_or_go_on(row, milestones[row.pk])]
    FollowUp.objects.bulk_update(closed, ["closed_at", "closing"])


def tick(*, milestone: Milestone, done: bool, acting_user: User | None) -> Milestone:
    """Staff say by hand that a milestone is done, or is not after all. One that a declaration
    settles stays settled. Raises NotAllowed."""
    site_id = milestone.follow_up.site_id
    require(acting_user, Action.CHANGE, "company", site_id)
    with recorded(acting_user):
        follow_up = FollowUp.objects.select_for_update().get(pk=milestone.follow_up_id)
        row = Milestone.objects.get(pk=milestone.pk)
        if row.declaration_id is None and done != (row.done_at is not None):
            row.done_at = timezone.now() if done else None
            row.done_by = acting_user if done else None
            row.save(update_fields=["done_at", "done_by"])
            settle([follow_up.company_id])
    return row


def _settle(milestone: Milestone, declared: Collection[Declaration]) -> bool:
    """Whether anything changed."""
    if milestone.done_at is not None and milestone.declaration_id is None:
        return False
    found = first_that_tells(declared, milestone.due_on)
    if (found.pk if found else None) == milestone.declaration_id:
        return False
    milestone.declaration = found
    milestone.done_at = found.made_at if found else None
    milestone.done_by_id = found.acting_user_id if found else None
    return True


def _close_or_go_on(row: FollowUp, milestones: Collection[Milestone]) -> bool:
    """Whether anything changed."""
    done = all(milestone.done_at is not None for milestone in milestones)
    if done and row.closed_at is None:
        row.closed_at, row.closing = timezone.now(), Closing.NOTHING_MORE
        return True
    if not done and row.closing == Closing.NOTHING_MORE:
        row.closed_at, row.closing = None, ""
        return True
    return False
