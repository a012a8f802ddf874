"""How long a start-up has been in the network, of the months that its plan gives it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Min

from core.periods import ONE_DAY, add_months
from leases.agenda import STAY_WARNINGS
from leases.models import Lease
from leases.selectors.agenda import startup_lettings
from sites.choices import TenantKind
from tenants.models import Company


@dataclass(frozen=True, slots=True)
class Stay:
    """Whole months used of `maximum` since the company's first start-up letting in the network."""

    since: dt.date
    maximum: int
    used: int
    last_day: dt.date
    left: int | None
    """Within how many months it is over (0: it is); None: not soon."""


def first_startup_day(company: Company) -> dt.date | None:
    """The first day of the company's first signed start-up letting in the network, or of one that
    it succeeds."""
    line = [company.pk, *company.line.values_list("predecessor", flat=True)]
    lettings = startup_lettings().filter(lease__company__in=line)
    day: dt.date | None = lettings.aggregate(day=Min("period__startswith"))["day"]
    return day


def stay_of(lease: Lease, day: dt.date) -> Stay | None:
    """None: the lease is no start-up's, or its plan knows no longest stay."""
    maximum = lease.maximum_stay_months
    if lease.tenant_kind != TenantKind.STARTUP or maximum is None:
        return None
    first = first_startup_day(lease.company)
    return stay(min(first or lease.period.start, lease.period.start), maximum, day)


def stay(since: dt.date, maximum: int, day: dt.date) -> Stay:
    """The stay as it stands on the day; it warns, and never blocks."""
    end = add_months(since, maximum)
    used = (day.year - since.year) * 12 + day.month - since.month
    if add_months(since, used) > day:
        used -= 1
    soon = (months for months in sorted(STAY_WARNINGS) if day >= add_months(end, -months))
    left = 0 if day >= end else next(soon, None)
    return Stay(since, maximum, max(used, 0), end - ONE_DAY, left)
