"""Which company goes on for which. Who was hosted when is for `leases` to know."""

import datetime as dt

from django.utils.translation import gettext as _

from accounts.models import User
from core.history import recorded
from tenants.errors import CannotSucceed
from tenants.models import Company, Succession


def note_succession(
    *, company: Company, predecessor: Company, since: dt.date, acting_user: User | None
) -> bool:
    """From `since` on the company goes on for the other; whether that is new.

    Raises CannotSucceed where either is in another succession of its kind already.
    """
    with recorded(acting_user):
        # Of two that would succeed it at once the second one is told.
        both = Company.objects.select_for_update(no_key=True)
        list(both.filter(pk__in=[company.pk, predecessor.pk]).order_by("pk"))
        known = list(Succession.objects.select_for_update().order_by("id"))
        asked = (company.pk, predecessor.pk)
        if any((row.company_id, row.predecessor_id) == asked for row in known):
            return False
        reason = ""
        if any(row.company_id == company.pk for row in known):
            reason = _("it succeeds another company already")
        elif any(row.predecessor_id == predecessor.pk for row in known):
            reason = _("another company has succeeded that one already")
        if reason:
            raise CannotSucceed(company=company.name, predecessor=predecessor.name, reason=reason)
        Succession.objects.create(
            company=company, predecessor=predecessor, now=company, since=since
        )
        _follow_the_lines()
    return True


def drop_succession(*, company: Company, predecessor: Company, acting_user: User | None) -> bool:
    """It was a mistake; whether there was one."""
    with recorded(acting_user):
        rows = Succession.objects.filter(company=company, predecessor=predecessor)
        dropped = rows.delete()[0] > 0
        if dropped:
            _follow_the_lines()
    return dropped


def move_successions(*, keep: Company, duplicate: Company) -> None:
    """Two *locked* records become one; where both stand in one place the kept one's counts."""
    both = [keep.pk, duplicate.pk]
    Succession.objects.filter(company__in=both, predecessor__in=both).delete()
    for end in ("company", "predecessor"):
        moved = Succession.objects.filter(**{end: duplicate})
        if Succession.objects.filter(**{end: keep}).exists():
            moved.delete()
        else:
            moved.update(**{end: keep})
    _follow_the_lines()


def _follow_the_lines() -> None:
    """Say of each that is continued who goes on now. There are few."""
    rows = list(Succession.objects.order_by("id"))
    following = {row.predecessor_id: row.company_id for row in rows}
    changed = []
    for row in rows:
        now, seen = row.company_id, {row.predecessor_id}
        while now in following and now not in seen:
            seen.add(now)
            now = following[now]
        if row.now_id != now:
            row.now_id = now
            changed.append(row)
    Succession.objects.bulk_update(changed, ["now"])
