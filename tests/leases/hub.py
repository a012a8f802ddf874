"""The hub of the random walk: eight rooms with awkward m² and rates, four desks, and drafts of
those who want them."""

import datetime as dt
from decimal import Decimal
from typing import Final

from core.periods import Period, add_months, today
from leases.models import Lease
from leases.services.drafts import draft_lease
from sites.choices import RateUnit
from sites.models import Site, Space, VatRule
from tests.factories import scene

ROOMS: Final = 8
DESKS: Final = 4
KINDS: Final = ("startup", "sme", "large", "domiciliation", "coworking", "support")
Wanted = tuple[str, set[int], int, int | None, int | None]
"""A kind of tenant, rooms beside its own, days from today to the start, months, and months of
tacit renewal."""


def opened() -> tuple[Site, list[Space]]:
    """VAT on its offices changes soon, and that on services begins only then."""
    site = scene.site("CAS")
    scene.plan(site, "large", [(0, "133.3333"), (7, "140.05")])
    scene.plan(site, "coworking", [(0, "450.55"), (5, "500")], unit=RateUnit.FLAT)
    scene.plan(site, "support", [(0, "0")])
    change = dt.date(2026, 3, 9)
    for subject, period, rate in (
        ("office", Period(dt.date(2020, 1, 1), change), "20"),
        ("office", Period(change), "7"),
        ("service", Period(change), "20"),
        ("desk", Period(dt.date(2020, 1, 1)), "20"),
    ):
        VatRule.objects.create(
            lessor=site.lessor, subject=subject, period=period, rate=Decimal(rate)
        )
    spaces = [
        scene.office(site, area_m2=area)
        for area in ("17.35", "12.01", "33.33", "8.07", "20.00", "9.99", "41.41", "15.05")
    ]
    spaces += [scene.office(site, area_m2="3.50", kind="desk") for _ in range(DESKS)]
    return site, spaces


def drafted(site: Site, spaces: list[Space], number: int, wanted: Wanted) -> Lease:
    """The lease of this number, which wants the room of this number."""
    kind, more, days, months, tacit = wanted
    start = today() + dt.timedelta(days=days)
    return draft_lease(
        site=site,
        company=scene.company(),
        tenant_kind=kind,
        period=Period(start, None if months is None else add_months(start, months)),
        spaces=[spaces[place] for place in _places(kind, {number, *more})],
        tacit_months=tacit,
        acting_user=None,
    )


def _places(kind: str, rooms: set[int]) -> list[int]:
    """A room of one's own, and perhaps another; of coworking they are desks."""
    if kind == "domiciliation":
        return []
    return sorted({ROOMS + room % DESKS for room in rooms} if kind == "coworking" else rooms)
