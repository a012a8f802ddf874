"""What the site's plans make of a change of a lease: the terms that would be written."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from applications.selectors.terms import planned_steps, preview_terms
from core.money import ZERO, rounded
from core.periods import ONE_DAY, Period
from leases import changes
from leases.models import Lease
from leases.selectors.list_rates import list_rate
from leases.selectors.terms import rent_rhythm
from leases.snapshot import rent_of, rent_on
from leases.terms import LeaseTerms, LettingTerms
from sites.choices import TenantKind
from sites.errors import NoRatePlan, SpaceNotMeasured
from sites.models import Measure, Space
from sites.rates import Step


@dataclass(frozen=True, slots=True)
class Rates:
    """A rent that is asked instead of the plan's: each rate from its day on."""

    unit: str
    since: Sequence[tuple[dt.date, Decimal]]

    def steps(self, period: Period) -> tuple[Step, ...]:
        """The last until the period's end. Days that do not follow each other inside the period
        give steps that do not cover it, which `leases.flaws` names."""
        ends = [*(day for day, _rate in self.since[1:]), period.end]
        return tuple(
            Step(Period(day, end), rate)
            for (day, rate), end in zip(self.since, ends, strict=True)
            if end is None or day < end
        )


def with_space(
    lease: Lease,
    terms: LeaseTerms,
    space: Space,
    since: dt.date,
    *,
    tenant_kind: str = "",
    end: dt.date | None = None,
    rates: Rates | None = None,
) -> LeaseTerms:
    """Another space from `since` to `end` (excluded; None: the term's), at `rates`, else at the
    plan of that day with its deposit on top.

    Raises NoRatePlan, SpaceNotMeasured.
    """
    kind = tenant_kind or terms.tenant_kind
    period = Period(since, end or terms.period.end)
    area: Decimal | None
    if rates is not None:
        area, unit, steps = _area_on(space, since), rates.unit, rates.steps(period)
        deposit = Decimal(0)
    else:
        priced = preview_terms(
            site=lease.site, space=space, tenant_kind=kind, period=period, company=lease.company
        )
        area, unit, steps = priced.area_m2, priced.unit, tuple(priced.steps)
        deposit = priced.deposit
    letting = LettingTerms(
        space_id=space.pk,
        space=space.code,
        tenant_kind=kind,
        area_m2=area,
        period=period,
        unit=unit,
        steps=steps,
        rhythm=rent_rhythm(space),
        list_rate=list_rate(lease.site, kind, since),
    )
    return changes.with_deposit(changes.let(terms, letting), terms.deposit_due + deposit)


def moved(
    lease: Lease, terms: LeaseTerms, position: int, space: Space, since: dt.date
) -> LeaseTerms:
    """Another space instead of one, which is given up on the day before.

    The deposit of the space that is left, by its share of that day's rent, goes with it. Raises
    NoRatePlan, SpaceNotMeasured.
    """
    day = since - ONE_DAY
    rent, left = rent_on(terms, day), rent_of(terms.lettings[position], day)
    share = rounded(Fraction(terms.deposit_due) * Fraction(left) / Fraction(rent)) if rent else ZERO
    kept = changes.with_deposit(terms, max(terms.deposit_due - share, ZERO))
    return with_space(lease, changes.give_up(kept, position, since), space, since)


def lasting_to(lease: Lease, terms: LeaseTerms, end: dt.date | None) -> LeaseTerms:
    """Another end of the term (excluded; None: open).

    Longer, the last rates go on; but a start-up's rent that is its plan's comes to the plan's next
    step: a renewal neither begins the steps again nor puts them off.
    """
    after, old = changes.move_end(terms, end), terms.period.end
    if old is None or (end is not None and end <= old):
        return after
    for position, let in enumerate(after.lettings):
        if steps := _steps_to_come(lease, let, old):
            after = changes.reprice(after, position, old, let.unit, steps)
    return after


def _steps_to_come(lease: Lease, let: LettingTerms, since: dt.date) -> tuple[Step, ...]:
    """What the plan of a start-up's letting has from a day on; none where another rent was agreed,
    or the letting has no day before or after."""
    last = since - ONE_DAY
    if let.tenant_kind != TenantKind.STARTUP or last not in let.period or since not in let.period:
        return ()
    try:
        unit, planned = planned_steps(
            site=lease.site, tenant_kind=let.tenant_kind, period=let.period, company=lease.company
        )
    except NoRatePlan:
        return ()
    rates = [
        next(step.rate for step in each if last in step.period) for each in (planned, let.steps)
    ]
    if unit != let.unit or rates[0] != rates[1]:
        return ()
    rest = Period(since, let.period.end)
    return tuple(
        Step(part, step.rate)
        for step in planned
        if (part := step.period.intersection(rest)) is not None
    )


def _rate_on(steps: Sequence[Step], day: dt.date) -> Decimal:
    return next(step.rate for step in steps if day in step.period)


def with_category(
    lease: Lease,
    terms: LeaseTerms,
    tenant_kind: str,
    since: dt.date,
    *,
    rates: Mapping[int, Decimal] | None = None,
) -> LeaseTerms:
    """Another kind of tenant from `since` on: each letting at its own rate of `rates` (by its
    place in the terms), else at the plan of that day.

    A plan that counts in another unit than the letting has no rate for it, which
    `leases.flaws` names. Raises NoRatePlan.
    """
    asked = rates or {}
    steps: list[Sequence[Step]] = []
    for position, let in enumerate(terms.lettings):
        if let.period.is_past(since):
            steps.append(())
            continue
        period = Period(max(since, let.period.start), let.period.end)
        if position in asked:
            steps.append([Step(period, asked[position])])
            continue
        unit, planned = planned_steps(
            site=lease.site, tenant_kind=tenant_kind, period=period, company=lease.company
        )
        steps.append(planned if unit == let.unit else ())
    listed = list_rate(lease.site, tenant_kind, since)
    return changes.recategorise(terms, since, tenant_kind, steps, listed)


def _area_on(space: Space, day: dt.date) -> Decimal:
    measures = Measure.objects.filter(space=space).in_force_on(day)
    area: Decimal | None = measures.values_list("area_m2", flat=True).first()
    if area is None:
        raise SpaceNotMeasured(space=space.code, day=day)
    return area
