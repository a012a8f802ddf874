"""Rents, the ends that were agreed, and list prices, as the engine reads them."""

from typing import Final

from indicators.selectors.columns import columns, day_number, from_to, ordinal
from indicators.tables import ListPrices, Rents, Terms
from leases.choices import COUNTING_STATES, AmendmentKind, AmendmentState, ChargeKind, DiscountUnit
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

_UNTIL: Final = """
least(told.leaves,
      CASE WHEN early.id IS NOT NULL
            AND coalesce(told.begins >= early.signed_on, TRUE) THEN early.ends
           WHEN told.lease_id IS NULL THEN upper(lease.period)
           ELSE told.term_end END)
"""
# The end as it stood on each day: the one before the next amendment that was not signed by then,
# and that of the notice that stood. A correction finds an end that never was. A room given up
# before its lease's end has an end of its own from the day on which that was signed; what goes on
# in another letting (other m² or walls, another kind of tenant) is not given up.
_TERMS: Final = f"""
WITH agreed AS (
    SELECT lease_id, number, signed_on, (before->>'end')::date AS end_before,
           before->'lettings' AS lettings_before, after->'lettings' AS lettings_after
      FROM leases_amendment WHERE state = %s AND kind <> %s),
early AS (
    SELECT letting.id, upper(letting.period) AS ends,
           (SELECT max(signed_on) FROM agreed
             WHERE agreed.lease_id = lease.id
               AND NOT lettings_before @> jsonb_build_array(
                   jsonb_build_object('id', letting.id, 'end', upper(letting.period)))
               AND lettings_after @> jsonb_build_array(
                   jsonb_build_object('id', letting.id, 'end', upper(letting.period)))) AS signed_on
      FROM leases_letting AS letting
      JOIN leases_lease AS lease ON lease.id = letting.lease_id
      JOIN leases_charge AS rent ON rent.letting_id = letting.id AND rent.kind = %s
     WHERE upper(letting.period) < coalesce(upper(lease.period), 'infinity')
       AND upper(letting.period) IS DISTINCT FROM lease.exit_on + 1
       AND NOT EXISTS (
           SELECT FROM leases_letting AS following
             JOIN leases_charge AS later ON later.letting_id = following.id AND later.kind = %s
            WHERE following.lease_id = lease.id
              AND lower(following.period) = upper(letting.period)
              AND (following.space_id = letting.space_id
                   OR later.continues_id = coalesce(rent.continues_id, rent.id)))),
edge AS (
    SELECT lease_id, signed_on AS day FROM agreed
    UNION SELECT lease_id, given_on FROM leases_notice
    UNION SELECT lease_id, withdrawn_on FROM leases_notice WHERE withdrawn_on IS NOT NULL),
stretch AS (
    SELECT lease_id, day AS begins, lead(day) OVER (PARTITION BY lease_id ORDER BY day) AS ends
      FROM (SELECT lease_id, day FROM edge UNION SELECT lease_id, DATE '0001-01-01' FROM edge)
        AS known),
told AS (
    SELECT stretch.*, notice.last_day + 1 AS leaves,
           CASE WHEN next.number IS NULL THEN upper(lease.period)
                ELSE next.end_before END AS term_end
      FROM stretch JOIN leases_lease AS lease ON lease.id = stretch.lease_id
      LEFT JOIN LATERAL (
           SELECT max(number) AS number FROM agreed
            WHERE agreed.lease_id = lease.id AND signed_on <= begins) AS last ON TRUE
      LEFT JOIN LATERAL (
           SELECT number, end_before FROM agreed
            WHERE agreed.lease_id = lease.id AND number > coalesce(last.number, 0)
            ORDER BY number LIMIT 1) AS next ON TRUE
      LEFT JOIN LATERAL (
           SELECT last_day FROM leases_notice AS n
            WHERE n.lease_id = lease.id AND n.given_on <= begins
              AND (n.withdrawn_on IS NULL OR n.withdrawn_on > begins)
            ORDER BY id DESC LIMIT 1) AS notice ON TRUE)
SELECT letting.id, {ordinal("coalesce(told.begins, DATE '0001-01-01')")}, {ordinal("told.ends")},
       {ordinal(_UNTIL)},
       CASE WHEN told.leaves IS NULL THEN lease.notice_months ELSE -1 END
  FROM leases_letting AS letting
  JOIN leases_lease AS lease ON lease.id = letting.lease_id
  LEFT JOIN told ON told.lease_id = lease.id
  LEFT JOIN early ON early.id = letting.id
 WHERE lease.state = ANY(%s)
"""  # noqa: S608  our own words only


def rents() -> Rents:
    per_m2, percent, flat = RateUnit.PER_M2.value, DiscountUnit.PERCENT.value, RateUnit.FLAT.value
    params = [flat, _STATES, percent, percent, per_m2, per_m2, per_m2]
    return Rents(*columns(_RENTS, params, count=11))


def terms() -> Terms:
    rent = ChargeKind.RENT.value
    params = [AmendmentState.SIGNED.value, AmendmentKind.CORRECTION.value, rent, rent, _STATES]
    return Terms(*columns(_TERMS, params, count=5))


def prices() -> ListPrices:
    """Few: a plan for each site and some years."""
    found = list_prices().values_list("plan__site_id", "plan__period", "rate")
    return ListPrices.of(
        (site, period.start.toordinal(), day_number(period.end), int(rate * 10_000))
        for site, period, rate in found
    )
