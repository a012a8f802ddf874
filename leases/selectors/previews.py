"""What an amendment would change, before anybody signs it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.money import ZERO
from core.periods import Period, add_months, first_of_month
from leases.models import Lease
from leases.rent import rent_due
from leases.selectors.statements import vat_table
from leases.terms import LeaseTerms

MONTHS: Final = 12
"""That are compared, from the one in which the change takes effect."""


@dataclass(frozen=True, slots=True)
class MonthPreview:
    """What a month makes due, DH without tax, under the terms of before and of after."""

    month: dt.date
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Preview:
    """DH; `vat_before` and `vat_after` are of all the months."""

    period: Period
    months: Sequence[MonthPreview]
    vat_before: Decimal
    vat_after: Decimal
    deposit_before: Decimal
    deposit_after: Decimal

    @property
    def before(self) -> Decimal:
        return sum((month.before for month in self.months), ZERO)

    @property
    def after(self) -> Decimal:
        return sum((month.after for month in self.months), ZERO)


def preview(
    lease: Lease, before: LeaseTerms, after: LeaseTerms, since: dt.date, *, months: int = MONTHS
) -> Preview:
    """Month by month, from the month of `since` on."""
    rules = vat_table(lease.site.lessor_id)
    first = first_of_month(since)
    starts = [add_months(first, number) for number in range(months)]
    vat_before = vat_after = ZERO
    found = []
    for start in starts:
        month = Period(start, add_months(start, 1))
        was, will = rent_due(before, month, rules), rent_due(after, month, rules)
        found.append(MonthPreview(start, was.net, will.net))
        vat_before += was.vat
        vat_after += will.vat
    return Preview(
        period=Period(first, add_months(first, months)),
        months=found,
        vat_before=vat_before,
        vat_after=vat_after,
        deposit_before=before.deposit_due,
        deposit_after=after.deposit_due,
    )
