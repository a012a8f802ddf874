"""What is loaded of leases that are not as their contracts have it."""

import datetime as dt
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from core.periods import ONE_DAY, add_months, today
from indicators.selectors.network import Network
from leases.models import Lease
from leases.services.drafts import cancel_lease
from leases.services.exits import end_lease
from sites.choices import RateUnit, SpaceKind, TenantKind
from sites.models import Floor, Site, Space
from sites.services.spaces import add_space
from tests.factories import scene, tenancies

pytestmark = pytest.mark.django_db


def test_who_holds_over_is_there_and_no_exit_until_the_next_has_the_room() -> None:
    site = scene.site()
    start = add_months(today(), -14)
    room = scene.office(site)
    over = tenancies.active(site, room, company=scene.company("Reste Démo"), start=start, months=12)
    last = over.period.last_day
    assert last is not None
    network = Network()
    days = [last, today(), today() + timedelta(days=40)]

    def told(name: str) -> list[int]:
        return [int(figure.numerator) for figure in network.figures(name, days)]

    assert (told("hosted"), told("exits")) == ([1, 1, 1], [0, 0, 0])
    following = today() + timedelta(days=10)
    tenancies.signed(site, room, company=scene.company("Suit Démo"), start=following)
    network = Network()
    assert (told("hosted"), told("exits")) == ([1, 1, 1], [0, 0, 1])
    exits = network.rows("exits", days[2])
    assert [row.last_day for row in exits] == [following - ONE_DAY]


def test_a_hub_of_odd_histories_is_counted_as_defined() -> None:
    """A start-up; an SME that moves to another site on one and the same day; an address alone; a
    desk of two in a room; an association at nothing; a lease that was signed and given up; a site
    that is only planned."""
    with time_machine.travel(dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC), tick=False):
        casa, rabat, planned = (scene.site(code) for code in ("CAS", "RAB", "ESS"))
        Site.objects.filter(pk=planned.pk).update(opened_on=None)
        scene.plan(casa, TenantKind.SUPPORT, [(0, "0")])
        scene.plan(casa, TenantKind.COWORKING, [(0, "500")], unit=RateUnit.FLAT)
        start, moved = dt.date(2026, 1, 1), dt.date(2026, 2, 28)

        def let(site: Site, *rooms: Space, kind: str, on: dt.date = start, **given: Any) -> Lease:
            return tenancies.active(site, *rooms, start=on, kind=kind, **given)

        let(casa, scene.office(casa, area_m2="20"), kind=TenantKind.STARTUP)
        mover = scene.company()
        left = let(casa, scene.office(casa, area_m2="25"), kind=TenantKind.SME, company=mover)
        let(rabat, scene.office(rabat, area_m2="25"), kind=TenantKind.SME, on=moved, company=mover)
        end_lease(lease=left, last_day=moved, reason="déménage", acting_user=None)
        let(casa, kind=TenantKind.DOMICILIATION)
        floor = Floor.objects.get(building__site=casa)
        room = add_space(
            floor=floor, code="R", kind=SpaceKind.OPEN_FLOOR, area_m2=None, lettable_from=None,
            acting_user=None,
        )  # fmt: skip
        desks = [
            add_space(
                floor=floor, code=code, kind=SpaceKind.DESK, area_m2=Decimal(10),
                lettable_from=casa.opened_on, parent=room, acting_user=None,
            )
            for code in ("R1", "R2")
        ]  # fmt: skip
        let(casa, desks[0], kind=TenantKind.COWORKING)
        let(casa, scene.office(casa, area_m2="10"), kind=TenantKind.SUPPORT)
        given_up = tenancies.signed(casa, scene.office(casa, area_m2="30"), start=start)
        cancel_lease(lease=given_up, reason="renonce", acting_user=None)
        network = Network()

    def told(name: str, site: str | None, on: str = "2026-03-31") -> tuple[Any, ...]:
        figure = network.figure(name, dt.date.fromisoformat(on), site)
        return figure.numerator, figure.denominator

    def beside(name: str, site: str | None, on: str = "2026-03-31") -> dict[str, int]:
        found = network.figure(name, dt.date.fromisoformat(on), site).beside
        return {code: int(count) for code, count in found.items() if count}

    assert [told("hosted", site)[0] for site in ("CAS", "RAB", "ESS", None)] == [1, 1, 0, 2]
    assert beside("hosted", None) == {"others": 3}
    assert told("hosted", None, "2026-02-28")[0] == 2
    assert beside("hosted", None, "2026-02-28") == {"others": 3, "overlap": 1}
    assert [told("entries", site)[0] for site in ("CAS", "RAB", None)] == [2, 1, 2]
    assert [told("exits", site)[0] for site in ("CAS", "RAB", None)] == [1, 0, 0]
    assert told("occupancy_area", "CAS") == (40, 105)
    assert told("occupancy_unit", "CAS") == (2, 4)
    assert beside("occupancy_unit", "CAS") == {"desks_let": 1, "desks": 2}
    assert told("occupancy_company", None) == (2, 200)
    assert beside("occupancy_company", None) == {"open_sites": 2}
    assert [told("contracted_rent", site)[0] for site in ("CAS", "RAB", None)] == [1800, 2500, 4300]
    assert told("rent_per_m2", "CAS") == (1500, 40)
    assert told("economic_occupancy", "CAS") == (1800, 1800 + 6500)
    assert beside("economic_occupancy", "CAS") == {"forgone_dirhams": 1000}
    rows = network.rows("exits", dt.date(2026, 3, 31), "CAS")
    assert [(row.company_id, row.last_day) for row in rows] == [(mover.pk, moved)]
