"""Walls move under a lease: random leases bring on each day what they brought; the services, the
bookings, the occupancy, the pages."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.choices import Role
from core.errors import DomainError, NotAllowed
from core.periods import ONE_DAY, Period, add_months, today
from indicators.selectors.network import Network
from leases import changes, rebuilding
from leases.errors import StillHoldingOver
from leases.flaws import flaws
from leases.models import Lease
from leases.rebuilding import NewSpace
from leases.rent import rent_due
from leases.selectors.terms import terms_known_on, terms_of
from leases.services.holding_over import carry_on
from leases.snapshot import area_on
from leases.terms import LeaseTerms
from sites.choices import BookingKind
from sites.errors import (
    AlreadyMeasured,
    AreasDiffer,
    NotOnOneFloor,
    SpaceNotLettable,
    SpaceTaken,
    TooFewSpaces,
)
from sites.models import Booking, Floor, LettablePeriod, Measure, Site, Space, SpaceReplacement
from sites.services.bookings import book
from sites.services.spaces import add_space, measure, retire, take_out_of_service
from sites.services.splitting import merge_spaces, split_space
from tests.factories import doors, scene, tenancies
from tests.leases import legality, portfolios

START = dt.date(2026, 1, 1)
JULY = dt.date(2026, 7, 1)
END = dt.date(2029, 1, 1)
PARTS = [("A1-A", Decimal("12.50")), ("A1-B", Decimal("7.50"))]


@given(portfolios.terms(), portfolios.days, st.booleans(), portfolios.vat_tables(), portfolios.days)
@settings(max_examples=100)
def test_random_leases_bring_what_they_brought(
    terms: LeaseTerms, since: dt.date, merged: bool, vat: Any, handed_on: dt.date
) -> None:
    """To the centime, whatever period is asked for; assigned before or after, too."""
    if merged:
        after = rebuilding.merge(terms, [1, 2, 3], since, NewSpace(9, "N", Decimal(70)))
    else:
        parts = [NewSpace(number, f"N{number}", Decimal(number)) for number in (8, 9)]
        after = rebuilding.split(terms, 1, since, parts)
    assert {flaw for flaw, _at in flaws(after)} == {flaw for flaw, _at in flaws(terms)}
    early, late = dt.date(2022, 1, 1), dt.date(2027, 1, 1)
    ever = Period(early, late)
    for days in (Period(early, since), Period(since, late), ever):
        was, now = rent_due(terms, days, vat), rent_due(after, days, vat)
        assert (legality.brought(now), now.forgone) == (legality.brought(was), was.forgone)
    if handed_on in terms.period:
        sides = [
            rent_due(changes.assigned(each, handed_on, 2), ever, vat) for each in (terms, after)
        ]
        assert legality.brought(sides[0]) == legality.brought(sides[1])
    for let in after.lettings:
        assert not (let.space_id in {1, *([2, 3] if merged else [])} and since in let.period)
    _no_space_is_let_twice([let for let in after.lettings if let.space_id in {8, 9}])


def _no_space_is_let_twice(lettings: list[Any]) -> None:
    for one in lettings:
        for other in lettings:
            assert (
                one is other
                or one.space_id != other.space_id
                or not one.period.overlaps(other.period)
            )


@pytest.fixture
def site(db: None) -> Site:
    return scene.site("CAS")


def _split(space: Space, since: dt.date = JULY, **given: Any) -> list[Space]:
    values = {"parts": PARTS, "acting_user": None, **given}
    return split_space(space=space, since=since, **values)


def _merge(*spaces: Space, since: dt.date = JULY, **given: Any) -> Space:
    values = {"code": "A9", "area_m2": Decimal(41), "acting_user": None, **given}
    return merge_spaces(spaces=spaces, since=since, **values)


def _let(lease: Lease) -> list[tuple[str | None, str, str, str]]:
    return [
        (
            let.space,
            str(let.period),
            f"{let.area_m2}",
            f"{let.unit} {let.steps[0].rate.normalize():f}",
        )
        for let in terms_of(lease).lettings
    ]


def _refused(act: Any, error: type[DomainError]) -> DomainError:
    with pytest.raises(error) as refusal, transaction.atomic():
        act()
    return refusal.value


def _occupancy(day: dt.date) -> str:
    figure = Network().figure("occupancy_area", day)
    return f"{figure.numerator:.0f}/{figure.denominator:.0f}"


def test_a_let_space_is_split(site: Site) -> None:
    space = scene.office(site, code="A1")
    scene.office(site, code="B1")
    lease = tenancies.active(site, space, start=START)
    before, known = terms_of(lease), rent_due(terms_of(lease), Period(START, END))
    manager = scene.staff(Role.SITE_MANAGER, site)
    one, other = _split(space, acting_user=manager)
    assert _let(lease) == [
        ("A1", "2026-01-01 – 2026-06-30", "20.00", "per_m2 100"),
        ("A1-A", "2026-07-01 – 2028-12-31", "20.00", "per_m2 100"),
        ("A1-B", "2026-07-01 – 2028-12-31", "7.50", "flat 0"),
    ]
    # The tenant has the 20 m² that it had: those of the part let for nothing are among them.
    assert area_on(terms_of(lease), JULY) == 20
    now = rent_due(terms_of(lease), Period(START, END))
    assert (now.net, legality.brought(now)) == (known.net, legality.brought(known))
    booked = Booking.objects.order_by("id").values_list("space__code", "period", "label")
    assert list(booked) == [
        ("A1", Period(START, JULY), lease.number),
        ("A1-A", Period(JULY, END), lease.number),
        ("A1-B", Period(JULY, END), lease.number),
    ]
    version = lease.versions.latest("version")
    assert (version.version, version.reason, version.acting_user) == (
        2, "split: A1 → A1-A, A1-B", manager
    )  # fmt: skip
    assert str(version.reason_in_words) == "space split (A1 → A1-A, A1-B)"
    assert terms_known_on(lease, today()) == terms_of(lease) != before
    legality.check_all(legality.all_terms())
    assert [list(part.replaces.all()) for part in (one, other)] == [[space], [space]]
    assert SpaceReplacement.pgh_event_model.objects.count() == 2
    dated = [
        (row.space.code, row.period)
        for rows in (LettablePeriod, Measure)
        for row in rows.objects.exclude(space__code="B1").order_by("space__code")
    ]
    ended = Period(scene.OPENED, JULY)
    assert dated == 2 * [("A1", ended), ("A1-A", Period(JULY)), ("A1-B", Period(JULY))]
    for day in (JULY - ONE_DAY, JULY):
        assert _occupancy(day) == "20/40"


def test_a_charge_goes_on_where_walls_move_within_its_month(site: Site) -> None:
    """July is one line of 304.00 DH, not 49.03 + 98.06 + 156.90; whoever bills finds one charge."""
    space = scene.office(site, code="A1", area_m2="3.04")
    lease = tenancies.active(site, space, start=START)
    charge = terms_of(lease).lettings[0].charge_id

    def told() -> list[tuple[str | None, int | None, str]]:
        summer = rent_due(terms_of(lease), Period(dt.date(2026, 6, 1), dt.date(2026, 9, 1)))
        return [
            (line.space, line.charge_id, f"{line.amount}") for line in summer.lines if line.amount
        ]

    assert told() == [("A1", charge, "304.00")] * 3
    halves = [("A2", Decimal("1.04")), ("A3", Decimal(2))]
    (first, _other) = _split(space, since=dt.date(2026, 7, 6), parts=halves)
    _split(first, since=dt.date(2026, 7, 16), parts=[("A4", Decimal(1)), ("A5", Decimal("0.04"))])
    places = ("A1", "A1 → A2 → A4", "A4")
    assert told() == [(where, charge, "304.00") for where in places]


def test_walls_that_move_before_the_first_day_leave_the_charge_its_id(site: Site) -> None:
    space = scene.office(site, code="A1")
    lease = tenancies.signed(site, space, start=END)
    (before,) = terms_of(lease).lettings
    _split(space)
    first, other = terms_of(lease).lettings
    assert first == replace(before, space_id=first.space_id, space="A1-A")
    assert (other.space, other.period) == ("A1-B", before.period)
    legality.check_all(legality.all_terms())


def test_two_spaces_of_a_lease_are_merged(site: Site) -> None:
    """The second one's lease of the first room ends earlier: then its rent takes the space on."""
    first, second, free = (scene.office(site, code=code) for code in ("A1", "A2", "A3"))
    lease = tenancies.active(site, first, second, start=START)
    before = rent_due(terms_of(lease), Period(START, END))
    _refused(lambda: _merge(first), TooFewSpaces)
    merged = _merge(first, second)
    assert _let(lease) == [
        ("A1", "2026-01-01 – 2026-06-30", "20.00", "per_m2 100"),
        ("A2", "2026-01-01 – 2026-06-30", "20.00", "per_m2 100"),
        ("A9", "2026-07-01 – 2028-12-31", "20.00", "per_m2 100"),
        (None, "2026-07-01 – 2028-12-31", "20.00", "per_m2 100"),
    ]
    now = rent_due(terms_of(lease), Period(START, END))
    assert (now.net, legality.brought(now)) == (before.net, legality.brought(before))
    legality.check_all(legality.all_terms())
    assert lease.versions.latest("version").reason == "merged: A1, A2 → A9"
    assert _occupancy(JULY - ONE_DAY) == "40/60"
    assert _occupancy(JULY) == "41/61"
    # A free space may be merged with it; what was agreed goes on in what it becomes.
    _merge(free, merged, since=add_months(JULY, 1), code="A10")
    assert _let(lease)[-2:] == [
        (None, "2026-07-01 – 2028-12-31", "20.00", "per_m2 100"),
        ("A10", "2026-08-01 – 2028-12-31", "20.00", "per_m2 100"),
    ]
    assert rent_due(terms_of(lease), Period(START, END)).net == before.net


def test_who_is_in_the_way_is_named(site: Site) -> None:
    manager = scene.staff(Role.SITE_MANAGER, site)
    held, works, ended, soon = (scene.office(site, code=code) for code in ("A1", "A2", "A3", "A4"))
    book(space=held, period=Period(today()), kind=BookingKind.HOLD, acting_user=None)
    take_out_of_service(space=works, period=Period(END), reason="Toit", acting_user=None)
    now = tenancies.active(site, ended, start=START, months=12)
    following = tenancies.signed(site, ended, start=now.period.end)
    told = [
        _refused(partial(_split, space, acting_user=manager), SpaceTaken).data["in_the_way"]
        for space in (held, works, ended)
    ]
    assert told == [
        f"hold {today():%d/%m/%Y} – …",
        "out of service Toit 01/01/2029 – …",
        f"letting {now.number} 01/01/2026 – 31/12/2026, "
        f"letting {following.number} 01/01/2027 – 31/12/2029",
    ]
    assert _refused(lambda: _merge(held, soon), SpaceTaken).data["space"] == "A1"
    assert Space.objects.count() == 4
    assert [lease.versions.count() for lease in (now, following)] == [1, 1]


def test_a_tenant_who_holds_over_is_settled_first(site: Site) -> None:
    space = scene.office(site, code="A1")
    lease = tenancies.active(site, space, start=dt.date(2025, 1, 1), months=12)
    carry_on()
    for since in (dt.date(2026, 1, 1), add_months(today(), 1)):
        _refused(partial(_split, space, since=since), StillHoldingOver)
    # Entered late, it was within the term: the tenant holds over in the new ones.
    _split(space, since=dt.date(2025, 11, 1))
    assert carry_on() == {}
    through = str(Period.through(dt.date(2025, 11, 1), today()))
    assert [(code, days) for code, days, _m2, _rent in _let(lease)] == [
        ("A1", "2025-01-01 – 2025-10-31"), ("A1-A", through), ("A1-B", through)
    ]  # fmt: skip
    legality.check_all(legality.all_terms())


def test_what_cannot_be_split_or_merged(site: Site) -> None:
    space, retired, late = (scene.office(site, code=code) for code in ("A1", "A2", "A3"))
    retire(space=retired, last_day=END, acting_user=None)
    measure(space=late, area_m2=Decimal(21), since=END, acting_user=None)
    upstairs = add_space(
        floor=Floor.objects.create(building=space.building, code="2", level=2),
        code="C1", kind="office", area_m2=Decimal(20), lettable_from=START, acting_user=None,
    )  # fmt: skip
    more = [("A1-A", Decimal(12)), ("A1-B", Decimal(9))]
    _refused(lambda: _split(space, parts=PARTS[:1]), TooFewSpaces)
    _refused(lambda: _split(space, parts=more), AreasDiffer)
    _refused(lambda: _split(retired), SpaceNotLettable)
    _refused(lambda: _split(space, since=scene.OPENED), SpaceNotLettable)
    _refused(lambda: _split(late), AlreadyMeasured)
    _refused(lambda: _merge(space, upstairs), NotOnOneFloor)
    for user in (
        scene.staff(Role.ADMISSIONS_OFFICER, site),
        scene.staff(Role.SITE_MANAGER, scene.site("RAB")),
    ):
        _refused(partial(_split, space, acting_user=user), NotAllowed)
        _refused(partial(_merge, space, late, acting_user=user), NotAllowed)
    made = _split(space, parts=more, note="Cloison enlevée")
    assert [part.note for part in made] == ["Cloison enlevée"] * 2
    _refused(lambda: _split(space, since=END, parts=[("A7", 12), ("A8", 8)]), SpaceNotLettable)


def test_the_pages(site: Site) -> None:
    space, other = scene.office(site, code="A1"), scene.office(site, code="A2")
    client = doors.staff_client(Role.SITE_MANAGER, site)

    def post(route: str, row: Space, **data: Any) -> Any:
        address = reverse(f"admin:sites_space_{route}", args=(row.pk,))
        return client.post(f"{address}?lang=en", {"since": "2026-07-01"} | data)

    halves = {"code_1": "A1-A", "area_1": "12.50", "code_2": "A1-B", "area_2": "8"}
    refused = post("split", space, **halves, code_3="A1-C")
    assert dict(refused.context["form"].errors) == {"area_3": ["Give its code and its m²."]}
    refused = post("split", space, **halves)
    assert dict(refused.context["form"].errors) == {
        "note": ["The parts have 20.50\u00a0m², A1 has 20\u00a0m²: say why they differ."]
    }
    assert post("split", space, **{**halves, "code_2": "A2"}, note="x").status_code == 200
    assert post("split", space, **halves, note="Cloison").status_code == 302
    one = Space.objects.get(code="A1-A")
    whole = {"code": "A9", "area_m2": "32.5", "since": "2026-08-01"}
    refused = post("merge", one, **whole)
    assert list(refused.context["form"].errors) == ["others"]
    offered = refused.context["form"].fields["others"].queryset
    assert [each.code for each in offered] == ["A1-B", "A2"]
    assert post("merge", one, others=[other.pk], **whole).status_code == 302
    merged = Space.objects.get(code="A9")
    assert {each.code for each in merged.replaces.all()} == {"A1-A", "A2"}
