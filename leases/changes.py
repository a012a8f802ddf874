"""What an act after signature makes of the terms: terms in, terms out. Pure; nothing is written.

A letting is named by its position in the terms, since one that was just added has no id. A letting
keeps its m² for life: more or fewer of them end it and begin another on the same space.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from core.periods import Period
from leases.cutting import (
    charge_carried_on,
    charge_from,
    charge_until,
    charges_ending,
    ending,
    going_on,
    letting_from,
    runs_on,
    shortened,
    step_until,
)
from leases.terms import ChargeTerms, DiscountTerms, LeaseTerms, LettingTerms, merged
from sites.rates import Step


def let(terms: LeaseTerms, letting: LettingTerms) -> LeaseTerms:
    """Another space."""
    return replace(terms, lettings=(*terms.lettings, letting))


def give_up(terms: LeaseTerms, position: int, since: dt.date) -> LeaseTerms:
    """A space goes back: the last day is the one before `since`. Begun later, it falls away."""
    kept = shortened(terms.lettings[position], since)
    return _put(terms, position, () if kept is None else (kept,))


def resize(terms: LeaseTerms, position: int, since: dt.date, area_m2: Decimal) -> LeaseTerms:
    """More or fewer m² of the same space from `since` on, at the same rates."""
    after = letting_from(terms.lettings[position], since)
    return _split(terms, position, since, replace(after, area_m2=area_m2))


def reprice(
    terms: LeaseTerms, position: int, since: dt.date, unit: str, steps: Sequence[Step]
) -> LeaseTerms:
    """Another rent from `since` on; `steps` cover the letting's days from then on.

    Another unit than before begins another letting: one letting has one unit.
    """
    letting = terms.lettings[position]
    if unit != letting.unit and letting.period.start < since:
        after = replace(letting_from(letting, since), unit=unit, steps=tuple(steps))
        return _split(terms, position, since, after)
    before = [step_until(step, since) for step in letting.steps]
    kept = [step for step in before if step is not None]
    return _put(terms, position, (replace(letting, unit=unit, steps=merged([*kept, *steps])),))


def recategorise(
    terms: LeaseTerms,
    since: dt.date,
    tenant_kind: str,
    steps: Sequence[Sequence[Step]],
    list_rate: Decimal | None = None,
) -> LeaseTerms:
    """Another kind of tenant from `since` on (start-up → SME → large), at other rates.

    `steps`: for each letting of the terms those of its days from `since` on; none for a letting
    that is over by then. `list_rate`: of the spaces, where the kind is asked less on purpose.
    """
    found: list[LettingTerms] = []
    for letting, following in zip(terms.lettings, steps, strict=True):
        if letting.period.is_past(since):
            found.append(letting)
            continue
        before = shortened(letting, since)
        if before is not None:
            found.append(before)
        begun = letting_from(letting, since) if before is not None else letting
        listed = None if letting.area_m2 is None else list_rate
        found.append(
            replace(begun, tenant_kind=tenant_kind, steps=tuple(following), list_rate=listed)
        )
    return replace(terms, tenant_kind=tenant_kind, lettings=tuple(found))


def move_end(terms: LeaseTerms, end: dt.date | None) -> LeaseTerms:
    """Another end of the term (excluded; None: open); what ran to the old end, or on after it
    while the tenant held over, follows.

    Longer, the last rate goes on; shorter, what would begin later falls away.
    """
    lettings = []
    for letting in terms.lettings:
        if runs_on(terms, letting):
            moved = ending(letting, end, terms.period.end)
        else:
            moved = letting if end is None else shortened(letting, end)
        if moved is not None:
            lettings.append(moved)
    return replace(
        terms,
        period=Period(terms.period.start, end),
        lettings=tuple(lettings),
        charges=charges_ending(terms, end),
    )


def vacated(terms: LeaseTerms, end: dt.date) -> LeaseTerms:
    """The tenant has left: nothing is let or charged from `end` on.

    What ran to the term's end lasts until `end`, also when that is later (the tenant held over); a
    space that had been given up before keeps its days. The term itself stays what was agreed.
    """
    cut = (
        ending(letting, end, terms.period.end)
        if runs_on(terms, letting)
        else shortened(letting, end)
        for letting in terms.lettings
    )
    return replace(
        terms,
        lettings=tuple(letting for letting in cut if letting is not None),
        charges=charges_ending(terms, end),
    )


def assigned(terms: LeaseTerms, since: dt.date, company_id: int) -> LeaseTerms:
    """What another company goes on with from `since` on: the same terms, stored nowhere yet.

    `since` lies inside the term.
    """
    charges = (charge_from(charge, since) for charge in terms.charges)
    return replace(
        terms,
        company_id=company_id,
        period=Period(since, terms.period.end),
        lettings=tuple(
            going_on(letting, since)
            for letting in terms.lettings
            if not letting.period.is_past(since)
        ),
        charges=tuple(charge for charge in charges if charge is not None),
    )


def carried_on(terms: LeaseTerms, position: int, end: dt.date) -> LeaseTerms:
    """One letting of a tenant who holds over goes on until `end`, at the last rates; so do the
    charges of the lease that ran to its end."""
    moved = ending(terms.lettings[position], end, terms.period.end)
    assert moved is not None
    charges = tuple(charge_carried_on(charge, terms.period, end) for charge in terms.charges)
    return replace(_put(terms, position, (moved,)), charges=charges)


def add_charge(terms: LeaseTerms, position: int | None, charge: ChargeTerms) -> LeaseTerms:
    """A charge beside the rent of a letting, or (None) of the lease."""
    if position is None:
        return replace(terms, charges=(*terms.charges, charge))
    letting = terms.lettings[position]
    return _put(terms, position, (replace(letting, charges=(*letting.charges, charge)),))


def end_charge(terms: LeaseTerms, charge_id: int, since: dt.date) -> LeaseTerms:
    """The charge is not due from `since` on. Raises LookupError for one that is not there."""

    def ended(charges: Sequence[ChargeTerms]) -> tuple[ChargeTerms, ...]:
        shorter = (
            charge if charge.id != charge_id else charge_until(charge, since) for charge in charges
        )
        return tuple(charge for charge in shorter if charge is not None)

    everywhere = [*terms.charges, *(c for letting in terms.lettings for c in letting.charges)]
    if not any(charge.id == charge_id for charge in everywhere):
        raise LookupError(charge_id)
    return replace(
        terms,
        charges=ended(terms.charges),
        lettings=tuple(
            replace(letting, charges=ended(letting.charges)) for letting in terms.lettings
        ),
    )


def discount(terms: LeaseTerms, position: int, granted: DiscountTerms) -> LeaseTerms:
    letting = terms.lettings[position]
    return _put(terms, position, (replace(letting, discounts=(*letting.discounts, granted)),))


def with_deposit(terms: LeaseTerms, due: Decimal) -> LeaseTerms:
    return replace(terms, deposit_due=due)


def with_tacit_renewal(terms: LeaseTerms, months: int | None) -> LeaseTerms:
    """The term goes on by itself for so long, time after time; None: it does not."""
    return replace(terms, tacit_months=months)


def _split(terms: LeaseTerms, position: int, since: dt.date, after: LettingTerms) -> LeaseTerms:
    before = shortened(terms.lettings[position], since)
    return _put(terms, position, (after,) if before is None else (before, after))


def _put(terms: LeaseTerms, position: int, instead: Sequence[LettingTerms]) -> LeaseTerms:
    lettings = terms.lettings
    return replace(terms, lettings=(*lettings[:position], *instead, *lettings[position + 1 :]))
