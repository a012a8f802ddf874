"""Rents and list prices, as the engine reads them."""

from typing import Final

import numpy as np

from indicators.intervals import places
from indicators.rentals import ONE_M2, month_at
from indicators.selectors.columns import columns, day_number, from_to, ordinal
from indicators.tables import OPEN, Ints, ListPrices, Rents
from leases.choices import DiscountUnit
from leases.selectors.list_rates import list_prices
from sites.choices import RateUnit

# What a month comes to at a rate, in centimes, rounded once (`sites.rates.monthly_rent`).
_MONTH: Final = "(round({rate} * CASE {unit} WHEN %s THEN area_m2 ELSE 1 END, 2) * 100)"
_LESS: Final = _MONTH.format(
    rate="CASE discount.unit WHEN %s THEN rate * value * 0.01 ELSE value END",
    unit="CASE discount.unit WHEN %s THEN step.unit ELSE discount.unit END",
)

# The days of a step, cut by the discounts of its letting: each asks so much less.
_DISCOUNTED: Final = f"""
WITH step AS (
    SELECT step.id, step.letting_id, step.unit, step.rate, letting.area_m2,
           CASE WHEN upper(step.period) = upper(letting.period)
                THEN daterange(lower(step.period), NULL) ELSE step.period END AS period
      FROM leases_rentstep AS step JOIN leases_letting AS letting ON letting.id = step.letting_id
     WHERE step.letting_id IN (SELECT letting_id FROM leases_discount)),
granted AS (
    SELECT letting_id, range_agg(period) AS days FROM leases_discount GROUP BY letting_id)
SELECT step.id, {from_to("part")}, 0
  FROM step JOIN granted USING (letting_id)
 CROSS JOIN LATERAL unnest(datemultirange(step.period) - granted.days) AS part
 UNION ALL
SELECT step.id, {from_to("step.period * discount.period")}, {_LESS}
  FROM step JOIN leases_discount AS discount
    ON discount.letting_id = step.letting_id AND discount.period && step.period
"""  # noqa: S608  our own words only


def rents() -> Rents:
    """`leases.snapshot.rent_of` over sets: the last rate goes on; a discount lasts as long as it
    says. Those of leases that do not count are among them.

    Steps and lettings are joined here, as lettings and leases are in `loading`.
    """
    letting, lease, until, centi_m2, list_rate = columns(
        f"""
        SELECT id, lease_id, {ordinal("upper(period)")}, coalesce(area_m2 * 100, 0),
               coalesce(list_rate * 10000, 0)
          FROM leases_letting
        """,  # noqa: S608  our own words only
        count=5,
    )
    step, of_letting, start, end, rate, is_per_m2 = columns(
        f"""
        SELECT id, letting_id, {from_to()}, rate * 10000, (unit = %s)::int FROM leases_rentstep
        """,  # noqa: S608  our own words only
        [RateUnit.PER_M2.value],
        count=6,
    )
    at = places(letting, of_letting, "letting")
    end = np.where(end == until[at], OPEN, end)
    pays = np.zeros(len(letting), np.bool_)
    pays[at[rate > 0]] = True
    for_nothing = (is_per_m2 == 0) & ~pays[at]
    row, start, end, less = _discounted(step, start, end)
    at, rate, is_per_m2 = at[row], rate[row], is_per_m2[row]
    full = month_at(np.where(is_per_m2 != 0, centi_m2[at], ONE_M2), rate)
    return Rents(
        letting=letting[at],
        lease=lease[at],
        start=start,
        end=end,
        rent=full - less,
        full=full,
        listed=month_at(centi_m2[at], list_rate[at]),
        centi_m2=centi_m2[at],
        rate=rate,
        is_per_m2=is_per_m2,
        is_for_nothing=for_nothing[row],
    )


def _discounted(step: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """The steps cut by discounts: the row of each piece, its days, and how much less it asks."""
    per_m2, percent = RateUnit.PER_M2.value, DiscountUnit.PERCENT.value
    of_step, begins, ends, less = columns(_DISCOUNTED, [percent, percent, per_m2], count=4)
    cut = np.zeros(len(step), np.bool_)
    pieces = places(step, of_step, "step")
    cut[pieces] = True
    whole = np.flatnonzero(~cut)
    return (
        np.concatenate((whole, pieces)),
        np.concatenate((start[whole], begins)),
        np.concatenate((end[whole], ends)),
        np.concatenate((np.zeros(len(whole), np.int64), less)),
    )


def prices() -> ListPrices:
    """Few: a plan for each site and some years."""
    found = list_prices().values_list("plan__site_id", "plan__period", "rate")
    return ListPrices.of(
        (site, period.start.toordinal(), day_number(period.end), int(rate * 10_000))
        for site, period, rate in found
    )
