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
from indicators.choices import Cause
from indicators.selectors.network import Network
from indicators.selectors.shown import ShownRow
from leases import changes
from leases.choices import NoticeBy
from leases.models import Lease
from leases.rent import DISCOUNT, RENT, rent_due
from leases.selectors.amending import lasting_to
from leases.selectors.standing import is_holding_over
from leases.selectors.terms import terms_of
from leases.services.drafts import change_draft
from leases.services.exits import end_lease
from leases.services.notices import give_notice, withdraw_notice
from leases.services.signing import sign_lease
from leases.signals import notice_changed, occupation_changed
from leases.snapshot import area_on, rent_on
from leases.terms import DiscountTerms, LeaseTerms, Rhythm
from sites.choices import TenantKind
from sites.models import RatePlan, Site
from sites.rates import Step
from sites.services.splitting import merge_spaces, split_space
from tests.factories import scene, tenancies
from tests.indicators.agreed import NOW, START, TODAY, amended

pytestmark = pytest.mark.django_db
Roll = dict[str, list[ShownRow]]


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


@pytest.mark.parametrize("seed", [3])
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
                    agreed = sum((Decimal(str(row.more["agreed_m2"] or 0)) for row in rows), ZERO)
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


def test_the_rent_roll_tells_what_each_rent_follows_from() -> None:
    with time_machine.travel(NOW, tick=False):
        site = scene.site("CAS")
        space = scene.office(site, code="A1")
        lease = tenancies.drafted(site, space, start=START)
        (letting,) = terms_of(lease).lettings
        less = DiscountTerms(Period(START, dt.date(2025, 7, 1)), "percent", Decimal(10), "Remise")
        after = replace(terms_of(lease), lettings=(replace(letting, discounts=(less,)),))
        change_draft(lease=lease, after=after, reason="Négocié", acting_user=None)
        lease = tenancies.moved_in(sign_lease(lease=lease, signed_on=START, acting_user=None))
        fee = tenancies.active(site, start=START, kind=TenantKind.DOMICILIATION, months=12)
        network = Network()
    # The domiciliation holds over since 2026.
    domiciled, office = network.rows("contracted_rent", dt.date(2025, 6, 30))
    assert (office.lease, office.space, office.start, office.last_day) == (
        lease.number, "A1", START, dt.date(2027, 12, 31),
    )  # fmt: skip
    assert (office.numerator, office.more) == (
        Decimal(1800),
        {
            "agreed_m2": Decimal(20),
            "rate": Decimal(100),
            "full_dirhams": Decimal(2000),
            "discount_dirhams": Decimal(200),
            "listed_dirhams": None,
            "contract_ends_on": dt.date(2027, 12, 31),
        },
    )
    assert (domiciled.lease, domiciled.space, domiciled.numerator) == (
        fee.number,
        None,
        Decimal(300),
    )
    assert [domiciled.more[code] for code in ("agreed_m2", "rate", "full_dirhams")] == [
        None, None, Decimal(300),
    ]  # fmt: skip
    later = network.rows("contracted_rent", dt.date(2026, 6, 14))
    assert [(row.numerator, row.more["contract_ends_on"]) for row in later] == [
        (Decimal(300), dt.date(2025, 12, 31)),
        (Decimal(2000), dt.date(2027, 12, 31)),
    ]
    per_m2 = network.figure("rent_per_m2", dt.date(2025, 6, 30))
    assert (per_m2.value, per_m2.numerator, per_m2.denominator) == tuple(
        map(Decimal, (90, 1800, 20))
    )
    expiry = network.profile("expiry", dt.date(2026, 6, 14), "CAS")
    found = {
        dt.date.fromordinal(int(month)): values
        for month, *values in zip(
            expiry.keys, *(column.tolist() for column in expiry.values.values()), strict=True
        )
        if any(values)
    }
    assert found == {dt.date(2027, 12, 1): [2000, 200_000, 1]}
    assert expiry.beside["holding_over_centimes"] == 30_000


def test_free_space_counts_at_the_list_rent_and_what_is_forgone_stands_beside() -> None:
    with time_machine.travel(NOW, tick=False):
        site = scene.site("CAS")
        scene.plan(site, TenantKind.SUPPORT, [(0, "0")])
        tenancies.active(site, scene.office(site, code="A1"), start=START)
        support = scene.office(site, code="A2", area_m2="10")
        tenancies.active(site, support, start=START, kind=TenantKind.SUPPORT)
        scene.office(site, code="A3", area_m2="30")
        network = Network()
        figure = network.figure("economic_occupancy", TODAY, "CAS")
        rows = network.rows("economic_occupancy", TODAY, "CAS")
    assert (figure.numerator, figure.denominator, figure.value) == (
        Decimal(2000),
        Decimal(5000),
        Decimal("0.4"),
    )
    assert figure.beside == {"forgone_dirhams": 1000, "free_without_list_price": 0}
    assert [(row.space, row.numerator, row.denominator) for row in rows] == [
        ("A1", Decimal(2000), Decimal(2000)),
        ("A2", ZERO, ZERO),
        ("A3", ZERO, Decimal(3000)),
    ]
    assert network.figure("rent_forgone", TODAY).value == 1000
    with time_machine.travel(NOW, tick=False):
        RatePlan.objects.filter(site=site, tenant_kind="sme").update(unit="flat")
        figure = Network().figure("economic_occupancy", TODAY, "CAS")
    assert (figure.value, figure.beside["free_without_list_price"]) == (Decimal(1), Decimal(1))


def test_walls_that_move_let_and_free_nothing() -> None:
    """One room is split, two are merged: the rent of one of these has no room of its own then."""
    with time_machine.travel(NOW, tick=False):
        site = scene.site("CAS")
        rooms = [scene.office(site, code=code) for code in ("A1", "A2", "A3")]
        tenancies.active(site, *rooms, start=START)
        since = dt.date(2026, 5, 1)
        parts = [("A1-A", Decimal(12)), ("A1-B", Decimal(8))]
        split_space(space=rooms[0], parts=parts, since=since, acting_user=None)
        merge_spaces(
            spaces=rooms[1:], code="A23", area_m2=Decimal(41), since=since, note="A wall less",
            acting_user=None,
        )  # fmt: skip
        network = Network()
    told = {}
    for name in ("occupancy_area", "contracted_rent", "walt_end", "economic_occupancy"):
        found = network.change(name, since - ONE_DAY, since, "CAS")
        told[name] = [(one.cause, one.lines, one.numerator) for one in found.by_cause()]
    assert told == {
        "occupancy_area": [(Cause.WALLS_MOVED, 6, 100)],
        "contracted_rent": [(Cause.WALLS_MOVED, 6, 0)],
        "walt_end": [(Cause.WALLS_MOVED, 6, -3 * 24_000_00)],
        "economic_occupancy": [(Cause.WALLS_MOVED, 6, 0)],
    }


def test_what_is_agreed_tells_the_days_whose_figures_change() -> None:
    heard: list[Period] = []

    def hear(*, days: Period, **_kwargs: object) -> None:
        heard.append(days)

    with time_machine.travel(NOW, tick=False):
        site = scene.site("CAS")
        lease = tenancies.active(site, scene.office(site), start=START)
        for signal in (occupation_changed, notice_changed):
            signal.connect(hear)
        try:
            give_notice(
                lease=lease, given_by=NoticeBy.TENANT, given_on=dt.date(2026, 3, 1),
                acting_user=None,
            )  # fmt: skip
            withdraw_notice(
                lease=lease, on=dt.date(2026, 4, 1), reason="Il reste", acting_user=None
            )
            after = lasting_to(lease, terms_of(lease), dt.date(2031, 1, 1))
            amended(lease, after, dt.date(2028, 1, 1), signed_on=dt.date(2026, 6, 1))
            lease.refresh_from_db()
            dearer = reprice(terms_of(lease), dt.date(2026, 2, 1))
            amended(lease, dearer, dt.date(2026, 2, 1), signed_on=TODAY)
        finally:
            for signal in (occupation_changed, notice_changed):
                signal.disconnect(hear)
    days = [dt.date(2026, month, 1) for month in (3, 4, 6, 2)]
    assert heard == [Period(day) for day in days]


def reprice(terms: LeaseTerms, since: dt.date) -> LeaseTerms:
    step = Step(Period(since, terms.period.end), Decimal(150))
    return changes.reprice(terms, 0, since, "per_m2", [step])
