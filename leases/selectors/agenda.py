"""The agenda: what comes of the leases that a user may see."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    Min,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
)
from django.db.models.functions import Least

from accounts.rights import Action
from core.periods import Period, add_months, today
from leases.agenda import STAY_WARNINGS, Entry, Facts, Let, entries, is_late
from leases.choices import AgendaKind, LeaseState
from leases.models import Discount, Lease, Letting, Notice, RentStep
from leases.querysets import LeaseQuerySet, LettingQuerySet
from leases.selectors.deposits import waiting
from sites.choices import RateUnit, TenantKind
from sites.rates import Step
from sites.scopes import scope_of

UNDER_WAY = (LeaseState.SIGNED, LeaseState.ACTIVE)
_ORDER = {kind: place for place, kind in enumerate(AgendaKind)}
_CLIPPED = dt.timedelta(days=4)
"""As far as SQL's months and ours may differ: what is fetched is looked at again."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry with its lease; `late`: it waits for somebody, its day is over or was any."""

    entry: Entry
    lease: Lease
    late: bool


def agenda(
    user: Any,
    *,
    months: int,
    site_ids: Collection[int] | None = None,
    kinds: Collection[str] = (),
) -> list[Item]:
    """Of today and so many months, in the order of the days: at all sites or at some, of all kinds
    or of some. Six queries, however many leases there are."""
    day = today()
    window = Period(day, add_months(day, months))
    rows = Lease.objects.visible_to(user)
    if site_ids is not None:
        rows = rows.filter(site__in=site_ids)
    deposits = rows.within(scope_of(user, Action.VIEW, "deposit"))
    found = [Item(entry, lease, late=True) for lease, entry in waiting(deposits, day)]
    found += [
        Item(entry, lease, is_late(facts, entry, day))
        for lease, facts in with_facts(_moved_in(rows, window))
        for entry in entries(facts, window, day)
    ]
    wanted = [item for item in found if not kinds or item.entry.kind in kinds]
    return sorted(wanted, key=_rank)


def _rank(item: Item) -> tuple[Any, ...]:
    """What is late first, one kind after the other: who holds over before who has stayed long."""
    day, kind = item.entry.day, _ORDER[item.entry.kind]
    return (not item.late, *((kind, day) if item.late else (day, kind)), item.lease.number)


def with_facts(leases: LeaseQuerySet) -> Iterator[tuple[Lease, Facts]]:
    """Each lease with what its dates follow from."""
    rows = (
        leases.select_related("site", "company")
        .annotate(stays_from=_stays_from())
        .prefetch_related(
            Prefetch("lettings", Letting.objects.select_related("space").order_by("id")),
            Prefetch("lettings__steps", RentStep.objects.order_by("period")),
            Prefetch("lettings__discounts", Discount.objects.order_by("period")),
            Prefetch("notices", Notice.objects.standing(), to_attr="standing_notices"),
        )
        .order_by("id")
    )
    for lease in rows:
        yield lease, _facts(lease)


def nearing_maximum_stay(day: dt.date) -> LeaseQuerySet:
    """Leases under way whose company's maximum stay is reached within a year, or was."""
    ahead = add_months(day, max(STAY_WARNINGS)) + _CLIPPED
    rows: Any = _with_stay(Lease.objects.filter(state__in=UNDER_WAY))
    found: LeaseQuerySet = rows.filter(stay_ends__lte=ahead)
    return found


def startup_lettings() -> LettingQuerySet:
    """Those that the months of a start-up count from."""
    return Letting.objects.counting().filter(tenant_kind=TenantKind.STARTUP)


def _moved_in(leases: LeaseQuerySet, window: Period) -> LeaseQuerySet:
    """Of which something happens in the window, or is late; and a few more at its edges."""
    end = window.end
    assert end is not None
    lettings = Letting.objects.filter(lease=OuterRef("pk"))
    starts = lettings.filter(period__startswith__gte=window.start, period__startswith__lt=end)
    ends = lettings.filter(period__endswith__gt=window.start, period__endswith__lte=end)
    steps = RentStep.objects.filter(
        letting__lease=OuterRef("pk"),
        period__startswith__gte=window.start,
        period__startswith__lt=end,
    )
    discounts = Discount.objects.filter(letting__lease=OuterRef("pk")).filter(
        Q(period__startswith__gte=window.start, period__startswith__lt=end)
        | Q(period__endswith__gt=window.start, period__endswith__lte=end)
    )
    notices = Notice.objects.standing().filter(lease=OuterRef("pk"), last_day__lt=end)
    notice_by = ExpressionWrapper(
        F("period__endswith") - _months(F("notice_months")), output_field=DateField()
    )
    rows: Any = _with_stay(leases.filter(state__in=UNDER_WAY)).alias(notice_by=notice_by)
    ahead = add_months(end, max(STAY_WARNINGS)) + _CLIPPED
    found: LeaseQuerySet = rows.filter(
        Q(period__endswith__lte=end)
        | Q(state=LeaseState.SIGNED, period__startswith__lt=window.start)
        | Q(notice_by__gte=window.start - _CLIPPED, notice_by__lte=end)
        | Q(stay_ends__lte=ahead)
        | Exists(starts)
        | Exists(ends)
        | Exists(steps)
        | Exists(discounts)
        | Exists(notices)
    )
    return found


def _with_stay(leases: LeaseQuerySet) -> LeaseQuerySet:
    months = _months(F("maximum_stay_months"))
    ends = ExpressionWrapper(_stays_from() + months, output_field=DateField())
    return leases.alias(stay_ends=ends)


def _stays_from() -> Least:
    """Of the company's own lettings, and of those that it succeeds; each by its own index."""
    return Least(_first_day("lease__company"), _first_day("lease__company__succeeded_by__now"))


def _first_day(company: str) -> Subquery:
    first = startup_lettings().filter(**{company: OuterRef("company")}).order_by()
    grouped = first.values(company).annotate(day=Min("period__startswith"))
    return Subquery(grouped.values("day"), output_field=DateField())


def _months(number: F) -> Func:
    return Func(
        number,
        function="make_interval",
        template="%(function)s(months => %(expressions)s)",
        output_field=DurationField(),
    )


def _facts(lease: Any) -> Facts:
    return Facts(
        term=lease.period,
        active=lease.state == LeaseState.ACTIVE,
        notice_months=lease.notice_months,
        tacit_months=lease.tacit_months,
        leaves=lease.standing_notices[0].last_day if lease.standing_notices else None,
        stays_from=lease.stays_from,
        maximum_stay_months=lease.maximum_stay_months,
        lets=tuple(_let(letting) for letting in lease.lettings.all()),
    )


def _let(letting: Letting) -> Let:
    steps = list(letting.steps.all())
    return Let(
        space=letting.space.code if letting.space is not None else None,
        tenant_kind=letting.tenant_kind,
        period=letting.period,
        unit=steps[0].unit if steps else RateUnit.PER_M2,
        steps=tuple(Step(step.period, step.rate) for step in steps),
        discounts=tuple(discount.period for discount in letting.discounts.all()),
    )
