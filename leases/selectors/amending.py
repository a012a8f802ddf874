"""What the site's plans make of a change of a lease: the terms that would be written."""

import datetime as dt
from collections.abc import Sequence

from applications.selectors.terms import preview_terms
from core.periods import Period
from leases import changes
from leases.models import Lease
from leases.selectors.terms import rent_rhythm
from leases.terms import LeaseTerms, LettingTerms
from sites.models import Space
from sites.rates import Step


def with_space(
    lease: Lease, terms: LeaseTerms, space: Space, since: dt.date, *, tenant_kind: str = ""
) -> LeaseTerms:
    """Another space from `since` to the term's end, at the plan of that day; its deposit on top.

    Raises NoRatePlan, SpaceNotMeasured.
    """
    kind = tenant_kind or terms.tenant_kind
    period = Period(since, terms.period.end)
    priced = preview_terms(
        site=lease.site, space=space, tenant_kind=kind, period=period, company=lease.company
    )
    letting = LettingTerms(
        space_id=space.pk,
        space=space.code,
        tenant_kind=kind,
        area_m2=priced.area_m2,
        period=period,
        unit=priced.unit,
        steps=tuple(priced.steps),
        rhythm=rent_rhythm(space),
    )
    return changes.with_deposit(changes.let(terms, letting), terms.deposit_due + priced.deposit)


def with_category(lease: Lease, terms: LeaseTerms, tenant_kind: str, since: dt.date) -> LeaseTerms:
    """Another kind of tenant from `since` on, at the plan of that day.

    Raises NoRatePlan, SpaceNotMeasured.
    """
    spaces = Space.objects.in_bulk(
        [let.space_id for let in terms.lettings if let.space_id is not None]
    )
    steps: list[Sequence[Step]] = []
    for let in terms.lettings:
        if let.period.is_past(since):
            steps.append(())
            continue
        period = Period(max(since, let.period.start), let.period.end)
        priced = preview_terms(
            site=lease.site,
            space=spaces[let.space_id] if let.space_id is not None else None,
            tenant_kind=tenant_kind,
            period=period,
            company=lease.company,
        )
        steps.append(priced.steps)
    return changes.recategorise(terms, since, tenant_kind, steps)
