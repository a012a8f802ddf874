"""Rents and list prices, as the engine reads them."""

from typing import Final

from indicators.selectors.columns import columns, day_number, from_to
from indicators.tables import ListPrices, Rents
from leases.choices import COUNTING_STATES, DiscountUnit
from leases.selectors.list_rates import list_prices
from sites.choices import RateUnit

_STATES: Final = [str(state) for state in COUNTING_STATES]

# What a month comes to at a rate, in centimes, rounded once (`sites.rates.monthly_rent`).
_MONTH: Final = "(round({rate} * CASE {unit} WHEN %s THEN area_m2 ELSE 1 END, 2) * 100)"
_FULL: Final = _MONTH.format(rate="rate", unit="unit")
_LESS: Final = _MONTH.format(
    rate="CASE discount.unit WHEN %s THEN rate * value * 0.01 ELSE value END",
    unit="CASE discount.unit WHEN %s THEN step.unit ELSE discount.unit END",
)

# `leases.snapshot.rent_of` over sets: the last rate goes on; a discount lasts as long as it says.
_RENTS: Final = f"""
WITH step AS NOT MATERIALIZED (
    SELECT letting.id AS letting_id, letting.lease_id, letting.area_m2, letting.list_rate,
           step.unit, step.rate,
           CASE WHEN upper(step.period) = upper(letting.period)
                THEN daterange(lower(step.period), NULL) ELSE step.period END AS period,
           CASE WHEN step.rate = 0 AND step.unit = %s
                THEN NOT EXISTS (SELECT FROM leases_rentstep AS other
                                  WHERE other.letting_id = letting.id AND other.rate > 0)
                ELSE FALSE END AS for_nothing
      FROM leases_rentstep AS step
      JOIN leases_letting AS letting ON letting.id = step.letting_id
      JOIN leases_lease AS lease ON lease.id = letting.lease_id
     WHERE lease.state = ANY(%s)),
granted AS (
    SELECT letting_id, range_agg(period) AS days FROM leases_discount GROUP BY letting_id),
piece AS (
    SELECT step.*, period AS charged, 0 AS less
      FROM step WHERE NOT EXISTS (SELECT FROM granted WHERE granted.letting_id = step.letting_id)
    UNION ALL
    SELECT step.*, part, 0
      FROM step JOIN granted USING (letting_id)
     CROSS JOIN LATERAL unnest(datemultirange(step.period) - granted.days) AS part
    UNION ALL
    SELECT step.*, step.period * discount.period,
           {_LESS}
      FROM step JOIN leases_discount AS discount
        ON discount.letting_id = step.letting_id AND discount.period && step.period)
SELECT letting_id, lease_id, {from_to("charged")}, full_rent - less, full_rent,
       coalesce(round(list_rate * area_m2, 2) * 100, 0), coalesce(area_m2 * 100, 0),
       rate * 10000, (unit = %s)::int, for_nothing::int
  FROM (SELECT piece.*, {_FULL} AS full_rent FROM piece) AS piece
"""  # noqa: S608  our own words only


def rents() -> Rents:
    per_m2, percent, flat = RateUnit.PER_M2.value, DiscountUnit.PERCENT.value, RateUnit.FLAT.value
    params = [flat, _STATES, percent, percent, per_m2, per_m2, per_m2]
    return Rents(*columns(_RENTS, params, count=11))


def prices() -> ListPrices:
    """Few: a plan for each site and some years."""
    found = list_prices().values_list("plan__site_id", "plan__period", "rate")
    return ListPrices.of(
        (site, period.start.toordinal(), day_number(period.end), int(rate * 10_000))
        for site, period, rate in found
    )
