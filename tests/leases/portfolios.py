"""Random terms of leases, for hypothesis."""

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from core.periods import Period
from leases.rent import VatPeriod, VatTable
from leases.terms import ChargeTerms, DiscountTerms, LeaseTerms, LettingTerms, Rhythm
from sites.rates import Step

FIRST, LAST = dt.date(2023, 1, 1), dt.date(2025, 6, 30)
days = st.dates(FIRST, LAST)
rates = st.decimals("0", "400", places=2)


@st.composite
def periods(draw: Any, inside: Period | None = None) -> Period:
    """A bounded period, inside another."""
    low, high = (inside.start, last_of(inside)) if inside else (FIRST, LAST)
    first = draw(st.dates(low, high))
    return Period.through(first, draw(st.dates(first, high)))


def last_of(period: Period) -> dt.date:
    assert period.last_day is not None
    return period.last_day


@st.composite
def rhythms(draw: Any) -> Rhythm:
    subject = draw(st.sampled_from(["office", "service", ""]))
    return Rhythm(draw(st.sampled_from([1, 3, 12])), draw(st.booleans()), subject)


@st.composite
def steps(draw: Any, period: Period) -> tuple[Step, ...]:
    assert period.end is not None
    edges = draw(st.lists(st.dates(period.start, last_of(period)), max_size=3))
    starts = sorted({period.start, *edges})
    ends = [*starts[1:], period.end]
    return tuple(
        Step(Period(start, end), draw(rates)) for start, end in zip(starts, ends, strict=True)
    )


@st.composite
def charges(draw: Any, inside: Period, number: int, *, with_area: bool) -> ChargeTerms:
    unit = draw(st.sampled_from(["flat", "per_term", "once", *(["per_m2"] if with_area else [])]))
    period = draw(periods(inside))
    if unit == "once":
        period = Period.through(period.start, period.start)
    return ChargeTerms(
        id=number,
        kind="service",
        label=draw(st.sampled_from(["Parking", "Internet"])),
        period=period,
        unit=unit,
        rate=draw(rates),
        rhythm=draw(rhythms()),
    )


@st.composite
def discounts(draw: Any, let: Period) -> tuple[DiscountTerms, ...]:
    if not draw(st.booleans()):
        return ()
    unit = draw(st.sampled_from(["percent", "flat"]))
    value = draw(st.decimals("0.01", "100" if unit == "percent" else "50", places=2))
    return (DiscountTerms(draw(periods(let)), unit, value, "Remise"),)


@st.composite
def lettings(draw: Any, term: Period, number: int = 1) -> LettingTerms:
    period = draw(periods(term))
    unit = draw(st.sampled_from(["per_m2", "flat"]))
    area = draw(st.decimals("8", "120", places=2))
    return LettingTerms(
        id=number,
        charge_id=number * 100,
        space_id=number,
        space=f"A{number}",
        tenant_kind="sme",
        area_m2=area,
        period=period,
        unit=unit,
        steps=draw(steps(period)),
        rhythm=draw(rhythms()),
        list_rate=draw(st.none() | rates),
        discounts=draw(discounts(period)),
        charges=tuple(
            draw(charges(period, number * 100 + nth, with_area=True))
            for nth in range(1, draw(st.integers(1, 3)))
        ),
    )


@st.composite
def terms(draw: Any) -> LeaseTerms:
    term = draw(periods())
    count = draw(st.integers(1, 3))
    return LeaseTerms(
        company_id=1,
        tenant_kind="sme",
        period=term,
        deposit_due=Decimal(0),
        lettings=tuple(draw(lettings(term, number)) for number in range(1, count + 1)),
        charges=tuple(
            draw(charges(term, nth, with_area=False)) for nth in range(1, draw(st.integers(1, 3)))
        ),
    )


@st.composite
def vat_tables(draw: Any) -> VatTable:
    change = draw(days)
    return {
        "office": [
            VatPeriod(Period(dt.date(2001, 1, 1), change), Decimal(20)),
            VatPeriod(Period(change), Decimal(0), "exonéré"),
        ],
        "service": [VatPeriod(Period(draw(days)), Decimal(10))],
    }
