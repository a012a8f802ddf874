"""A site, and how many companies it has room for."""

import datetime as dt
from collections.abc import Iterable

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from core.periods import Period
from sites.models import Site, SiteCapacity
from sites.permissions import require
from sites.signals import premises_changed

Facts = set[tuple[dt.date, str]]
"""What figures take from a site, each with the day it begins to count."""


def save_site(*, site: Site, acting_user: User | None) -> Site:
    """Keep what was written into `site`, new or known. Raises NotAllowed, ValidationError."""
    require(acting_user, Action.ADD if site.pk is None else Action.CHANGE, "site", site.pk)
    with recorded(acting_user):
        before = facts_of(site.pk)
        site.full_clean()
        site.save()
        tell_changes(before, site, acting_user=acting_user)
    return site


def change_capacities(
    *,
    site: Site,
    kept: Iterable[SiteCapacity],
    struck: Iterable[SiteCapacity],
    acting_user: User | None,
) -> None:
    """The site has room as the `kept` lines say, new or changed, and no longer as the `struck` do.

    Raises NotAllowed, ValidationError; the database refuses two lines about one day.
    """
    require(acting_user, Action.CHANGE, "site", site.pk)
    with recorded(acting_user):
        before = facts_of(site.pk)
        for line in struck:
            line.delete()
        # What stands already makes room before anything new takes it.
        for line in sorted(kept, key=lambda line: line.pk is None):
            line.site = site
            line.save()
        tell_changes(before, site, acting_user=acting_user)


def facts_of(pk: int | None) -> Facts:
    """Its opening, its closing and each capacity; locks the row until the transaction's end."""
    facts: Facts = set()
    for site in Site.objects.select_for_update().filter(pk__in=[] if pk is None else [pk]):
        days = {"opened": site.opened_on, "closed": site.closed_on}
        facts |= {(day, what) for what, day in days.items() if day is not None}
        facts |= {
            (line.period.start, f"{line.companies} until {line.period.end}")
            for line in site.capacities.all()
        }
    return facts


def tell_changes(before: Facts, site: Site, *, acting_user: User | None) -> None:
    """From the first day that is another one than `before`, figures may have changed."""
    changed = before ^ facts_of(site.pk)
    if changed:
        days = Period(min(day for day, _what in changed))
        premises_changed.send(sender=Site, site_id=site.pk, days=days, acting_user=acting_user)
