"""What terms come to on a day is what their statement of that whole month comes to."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from core.periods import Period
from leases.rent import rent_due
from leases.snapshot import rent_of
from leases.terms import DiscountTerms, LeaseTerms, LettingTerms
from sites.rates import Step

MAY = Period(dt.date(2026, 5, 1), dt.date(2026, 6, 1))
rates = st.decimals("1", "400", places=4)


def let(unit: str, rate: Decimal, area: Decimal) -> LettingTerms:
    return LettingTerms(
        space_id=1,
        space="A1",
        area_m2=area,
        period=MAY,
        unit=unit,
        steps=(Step(MAY, rate),),
        id=1,
        charge_id=1,
    )


@given(
    unit=st.sampled_from(["per_m2", "flat"]),
    rate=rates,
    area=st.decimals("1", "200", places=2),
    less=st.tuples(
        st.sampled_from(["percent", "per_m2", "flat"]), st.decimals("0.0001", "1", places=4)
    )
    | st.none(),
)
# 100.005 less half: the half is taken of the rate, not of what was rounded before.
@example(unit="per_m2", rate=Decimal("6.667"), area=Decimal(15), less=("percent", Decimal(50)))
def test_a_day_and_its_month_agree(
    unit: str, rate: Decimal, area: Decimal, less: tuple[str, Decimal] | None
) -> None:
    letting = let(unit, rate, area)
    if less is not None:
        letting = replace(letting, discounts=(DiscountTerms(MAY, *less, "Remise"),))
    terms = LeaseTerms(1, "sme", MAY, Decimal(0), (letting,))
    assert rent_of(letting, MAY.start) == rent_due(terms, MAY).net
