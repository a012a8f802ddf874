"""Rents of real leases: a day agrees with its month's statement and with the lease's own page."""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pytest
import time_machine

from billing.selectors.due import as_billed
from core.money import ZERO
from core.periods import ONE_DAY, Period, add_months
from indicators.selectors.network import Network
from indicators.selectors.shown import ShownRow
from leases import changes
from leases.choices import AmendmentKind
from leases.models import Lease
from leases.rent import DISCOUNT, RENT, rent_due
from leases.selectors.standing import is_holding_over
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.drafts import change_draft
from leases.services.exits import end_lease
from leases.services.signing import sign_lease
from leases.snapshot import area_on, rent_on
from leases.terms import DiscountTerms, LeaseTerms, Rhythm
from sites.choices import TenantKind
from sites.models import Site
from sites.rates import Step
from sites.services.splitting import merge_spaces, split_space
from tests.factories import scene, tenancies

pytestmark = pytest.mark.django_db

START = dt.date(2025, 1, 1)
NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
TODAY = NOW.date()
Roll = dict[str, list[ShownRow]]


def amended(lease: Lease, after: LeaseTerms, on: dt.date, *, signed_on: dt.date) -> None:
    made = draft_amendment(
        lease=lease, kind=AmendmentKind.RENT, effective_on=on, after=after, reason="Avenant",
        acting_user=None,
    )  # fmt: skip
    sign_amendment(amendment=made, signed_on=signed_on, acting_user=None)


def at_random(draw: random.Random, site: Site) -> Lease:
    """Signed at rates, discounts and a rhythm of its own, and handed over."""
    area = Decimal(draw.randrange(800, 9000)) / 100
    first = START + dt.timedelta(draw.choice([0, 0, 10, 40]))
    lease = tenancies.drafted(
        site,
        scene.office(site, area_m2=str(area)),
        start=first,
        months=draw.choice([15, 36, None]),
        kind=draw.choice([TenantKind.SME, TenantKind.STARTUP]),
    )
    terms = terms_of(lease)
    (letting,) = terms.lettings
    cut = add_months(START, draw.randrange(3, 9))
    whole = letting.period
    rate_unit, times = draw.choice([("per_m2", 1), ("flat", 100)])
    steps = tuple(
        Step(part, Decimal(draw.randrange(100_000, 1_500_000) * times) / 10_000)
        for part in (Period(whole.start, cut), Period(cut, whole.end))
    )
    less = {
        "percent": Decimal(draw.randrange(1, 1_000_000)) / 10_000,
        "per_m2": Decimal(draw.randrange(1, 90_000)) / 10_000,
        "flat": Decimal(draw.randrange(1, 50_000)) / 10_000,
    }
    unit = draw.choice(list(less))
    granted = Period(add_months(START, 4), add_months(START, draw.randrange(5, 12)))
    letting = replace(
        letting,
        unit=rate_unit,
        steps=steps,
        rhythm=Rhythm(draw.choice([1, 3, 12]), draw.choice([True, False]), "office"),
        discounts=(DiscountTerms(granted, unit, less[unit], "Remise"),),
    )
    change_draft(
        lease=lease, after=replace(terms, lettings=(letting,)), reason="Négocié", acting_user=None
    )
    return tenancies.moved_in(sign_lease(lease=lease, signed_on=first, acting_user=None))


def portfolio(draw: random.Random) -> Site:
    """Leases at random, and whatever may befall some of them."""
    site = scene.site("CAS")
    scene.plan(site, TenantKind.SUPPORT, [(0, "12.3456")])
    leases = [at_random(draw, site) for _each in range(6)]
    tenancies.active(site, scene.office(site), start=START, kind=TenantKind.SUPPORT)
    tenancies.active(site, start=START, kind=TenantKind.DOMICILIATION)
    walls = [scene.office(site, code=code) for code in ("W1", "W2", "W3")]
    tenancies.active(site, walls[0], start=START)
    tenancies.active(site, walls[1], walls[2], start=START)
    since = dt.date(2025, 9, 1)
    parts = [("W1-A", Decimal("12.5")), ("W1-B", Decimal("7.5"))]
    split_space(space=walls[0], parts=parts, since=since, acting_user=None)
    merge_spaces(spaces=walls[1:], code="W23", area_m2=Decimal(40), since=since, acting_user=None)
    terms = terms_of(leases[0])
    smaller = changes.resize(terms, 0, dt.date(2025, 11, 1), Decimal("7.77"))
    amended(leases[0], smaller, dt.date(2025, 11, 1), signed_on=dt.date(2025, 10, 20))
    end_lease(lease=leases[1], last_day=dt.date(2026, 2, 10), reason="Parti", acting_user=None)
    return site


def rolls(network: Network, days: list[dt.date]) -> dict[dt.date, Roll]:
    """By day and lease."""
    found = {}
    for day in days:
        rows = network.rows("contracted_rent", day)
        assert sum(row.numerator for row in rows) == network.figure("contracted_rent", day).value
        of_lease = defaultdict(list)
        for row in rows:
            of_lease[row.lease or ""].append(row)
        found[day] = dict(of_lease)
    return found


@pytest.mark.parametrize("seed", [3, 8])
def test_a_day_is_its_month_and_its_leases_page(seed: int) -> None:
    with time_machine.travel(NOW, tick=False):
        portfolio(random.Random(seed))
        months = [add_months(START, ahead) for ahead in range(18)]
        network = Network()
        compared = 0
        for month in months:
            period = Period(month, add_months(month, 1))
            days = [month, dt.date(month.year, month.month, 12), add_months(month, 1) - ONE_DAY]
            of_day = rolls(network, [day for day in days if day <= TODAY])
            for lease in Lease.objects.all():
                terms = terms_of(lease)
                rents = []
                for day, roll in of_day.items():
                    rows = roll.get(lease.number, [])
                    over = is_holding_over(lease, day)
                    rents.append(sum((row.numerator for row in rows), ZERO))
                    assert rents[-1] == rent_on(terms, day, over=over), (lease, day)
                    agreed = sum((Decimal(str(row.more["agreed_m2"])) for row in rows), ZERO)
                    assert agreed == area_on(terms, day, over=over), (lease, day)
                billed = as_billed(lease, terms, days[-1])
                if billed is not None and _is_even(billed, period):
                    lines = rent_due(billed, period).lines
                    asked = sum(line.amount for line in lines if line.kind in {RENT, DISCOUNT})
                    assert set(rents) == {asked}, (lease, month)
                    compared += 1
        assert compared > 100


def _is_even(terms: LeaseTerms, month: Period) -> bool:
    """Whether nothing begins or ends within the month: walls that move change nothing."""
    periods = [
        part
        for letting in terms.lettings
        for part in (
            letting.period,
            *(step.period for step in letting.steps),
            *(each.period for each in letting.discounts),
        )
    ]
    inside = [day for part in periods for day in (part.start, part.end)]
    return not any(day and month.start < day < month.end for day in inside if month.end)
