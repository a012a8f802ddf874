"""What an elementary change makes of a lease where more than its terms must be known: the site's
rate plans, a space's m². Nothing is written."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from applications.selectors.terms import preview_terms
from core.periods import Period
from leases.changes import let, recategorise
from leases.models import Lease
from leases.selectors.terms import rent_rhythm
from leases.terms import LeaseTerms, LettingTerms
from sites.choices import RateUnit
from sites.errors import SpaceNotMeasured
from sites.models import Measure, Space
from sites.rates import Step


def steps_over(period: Period, rates: Sequence[tuple[dt.date, Decimal]]) -> tuple[Step, ...]:
    """Each rate from its day until the next one's, the last until the period's end.

    Days that do not follow each other inside the period give steps that do not cover it, which
    `leases.changes.flaws` names.
    """
    ends = [*(day for day, _rate in rates[1:]), period.end]
    return tuple(
        Step(Period(day, end), rate)
        for (day, rate), end in zip(rates, ends, strict=False)
        if end is None or day < end
    )


def with_space(
    lease: Lease,
    terms: LeaseTerms,
    *,
    space: Space,
    period: Period,
    unit: str = "",
    rates: Sequence[tuple[dt.date, Decimal]] = (),
) -> LeaseTerms:
    """Another space over a period, with the m² measured on its first day; at `rates` (each from
    its day on), else at that day's plan for the lease's kind of tenant.

    Raises NoRatePlan, SpaceNotMeasured.
    """
    letting = LettingTerms(
        space_id=space.pk,
        space=space.code,
        tenant_kind=terms.tenant_kind,
        area_m2=area_on(space, period.start),
        period=period,
        unit=unit or RateUnit.PER_M2,
        steps=steps_over(period, rates),
        rhythm=rent_rhythm(space),
    )
    if not rates:
        planned = preview_terms(
            site=lease.site,
            space=space,
            tenant_kind=terms.tenant_kind,
            period=period,
            company=lease.company,
        )
        letting = replace(letting, unit=planned.unit, steps=tuple(planned.steps))
    return let(terms, letting)


def area_on(space: Space, day: dt.date) -> Decimal:
    """The m² measured on the day. Raises SpaceNotMeasured."""
    measures = Measure.objects.filter(space=space).in_force_on(day)
    area: Decimal | None = measures.values_list("area_m2", flat=True).first()
    if area is None:
        raise SpaceNotMeasured(space=space.code, day=day)
    return area


def with_kind(
    lease: Lease,
    terms: LeaseTerms,
    *,
    since: dt.date,
    tenant_kind: str,
    rates: Mapping[int, Decimal],
) -> LeaseTerms:
    """Another kind of tenant: each letting at its own rate of `rates` (by its place in the terms),
    else at the new kind's plan of its first day in it, where that counts in the letting's unit.

    Raises NoRatePlan, SpaceNotMeasured.
    """
    spaces = Space.objects.in_bulk(
        [letting.space_id for letting in terms.lettings if letting.space_id is not None]
    )
    steps: list[Sequence[Step]] = []
    for position, letting in enumerate(terms.lettings):
        if letting.period.is_past(since):
            steps.append(())
            continue
        rest = Period(max(since, letting.period.start), letting.period.end)
        if position in rates:
            steps.append([Step(rest, rates[position])])
            continue
        planned = preview_terms(
            site=lease.site,
            space=spaces[letting.space_id] if letting.space_id is not None else None,
            tenant_kind=tenant_kind,
            period=rest,
            company=lease.company,
        )
        # A plan that counts otherwise gives no rate here: `flaws` asks for the steps.
        steps.append(planned.steps if planned.unit == letting.unit else ())
    return recategorise(terms, since, tenant_kind, steps)
