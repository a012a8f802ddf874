"""The public pages of the sites: what is free, at what rent, whatever their number."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core.periods import Period, add_months, today
from sites.choices import BookingKind, TenantKind
from sites.models import Site
from sites.selectors import FreeSpace, free_lots, free_spaces, site_cards
from sites.services.bookings import book
from tests.factories import scene

pytestmark = pytest.mark.django_db


def _shown(on: dt.date) -> list[str]:
    return [space.code for space in free_spaces(on)]


def test_free_space_bears_rate_and_rent_of_the_startup_plan() -> None:
    scene.office(scene.site("CAS"), code="B1", area_m2="12.50")
    assert free_spaces(today()) == [
        FreeSpace(
            site="CAS",
            building="A",
            floor="1",
            code="B1",
            kind="office",
            area_m2=Decimal("12.50"),
            rate=Decimal("50.0000"),
            unit="per_m2",
            monthly_rent=Decimal("625.00"),
        )
    ]


def test_spaces_that_differ_by_their_place_alone_are_one_line() -> None:
    site = scene.site("CAS")
    for code, area in (("B1", "12.50"), ("B2", "12.50"), ("B3", "13.00")):
        scene.office(site, code=code, area_m2=area)
    lots = free_lots(free_spaces(today(), site_id=site.pk))
    assert [[space.code for space in lot.spaces] for lot in lots] == [["B1", "B2"], ["B3"]]
    assert [lot.floors for lot in lots] == ["1", "1"]


def test_what_is_not_free_for_a_year_is_not_shown() -> None:
    site = scene.site("CAS")
    free, held, later, hidden = (scene.office(site, code=code) for code in ("F", "H", "L", "X"))
    now = today()
    for space, start in ((held, now), (later, add_months(now, 11))):
        book(
            space=space,
            period=Period(start, add_months(start, 1)),
            kind=BookingKind.OUT_OF_SERVICE,
            label="works",
            acting_user=None,
        )
    hidden.advertised = False
    hidden.save()
    assert _shown(now) == [free.code]


def test_cards_count_what_is_free_and_tell_what_is_to_open() -> None:
    site = scene.site("CAS")
    scene.office(site, area_m2="15.00")
    scene.office(site, area_m2="40.00")
    scene.site("AGA", opened=add_months(today(), 3))
    cards = {card.site.code: card for card in site_cards(today())}
    casablanca, agadir = cards["CAS"], cards["AGA"]
    assert (casablanca.is_open, casablanca.capacity, casablanca.free) == (True, 100, 2)
    assert (casablanca.smallest_m2, casablanca.largest_m2) == (Decimal(15), Decimal(40))
    assert casablanca.startup_rate == Decimal(50)
    assert (agadir.is_open, agadir.free) == (False, 0)


@pytest.mark.parametrize("count", [1, 6])
def test_home_asks_five_times_however_many_sites(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        scene.office(scene.site(f"S{number}"))
    with django_assert_num_queries(5):
        assert client.get("/").status_code == 200


@pytest.mark.parametrize("count", [1, 50])
def test_site_page_asks_the_same_for_one_space_and_for_fifty(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    site = scene.site("CAS")
    for number in range(count):
        scene.office(site, area_m2=f"{12 + number}.00")
    with django_assert_num_queries(7):
        page = client.get("/sites/CAS/?lang=en").content.decode()
    assert page.count('data-label="Space"') == count


def test_who_pays_no_rent_is_told_in_a_word(client: Client) -> None:
    scene.plan(scene.site("CAS"), TenantKind.SUPPORT, [(0, "0")])
    page = client.get("/sites/CAS/?lang=en").content.decode()
    assert "free of rent" in page
    assert "0.00" not in page.replace("50.00", "").replace("100.00", "").replace("300.00", "")


def test_closed_or_unknown_site_is_not_found(client: Client) -> None:
    site = scene.site("CAS")
    Site.objects.filter(pk=site.pk).update(closed_on=today())
    assert [client.get(f"/sites/{code}/").status_code for code in ("CAS", "ZZZ")] == [404, 404]
