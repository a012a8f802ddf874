"""The overview and the pages behind each figure: the same figures as the engine's, in scope."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.plugin import DjangoDbBlocker

from accounts.choices import Role
from applications.services.answers import accept_offer
from core.periods import ONE_DAY, Period, add_months, today
from indicators import keeping
from indicators.formulas import INDICATORS
from indicators.labels import BESIDE
from indicators.models import Touched
from indicators.selectors.network import Network
from indicators.services.computing import compute_snapshots
from leases.models import Lease
from leases.services.drafts import draft_lease
from leases.services.signing import sign_lease
from sites.models import Site
from tests.factories import doors, scene, tenancies
from tests.factories.kept import for_all_tests

pytestmark = pytest.mark.django_db


def hosted(site: Site, name: str) -> Lease:
    file = scene.application(site, name=name)
    accept_offer(offer=scene.offer(file, scene.office(site)), acting_user=None)
    lease = Lease.objects.get(application=file)
    sign_lease(lease=lease, signed_on=today(), acting_user=None)
    return tenancies.moved_in(lease, on=today())


@pytest.fixture(scope="module")
def two_sites(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Site, Site]]:
    """Two companies at CAS in two of three offices, one at RAB in one of two."""
    with for_all_tests(django_db_blocker):
        casa, rabat = scene.site("CAS"), scene.site("RAB")
        for name in ("Un Démo", "Deux Démo"):
            hosted(casa, name)
        hosted(rabat, "Trois Démo")
        for site in (casa, rabat):
            scene.office(site)
        yield casa, rabat


def _cards(client: Client, query: str = "") -> dict[str, tuple[str, str, str]]:
    shown = client.get(f"/staff/?lang=en&{query}").context["cards"]
    return {card.name: (card.value, card.numerator, card.denominator) for card in shown}


def test_cards_show_the_networks_figures_with_their_parts(two_sites: tuple[Site, Site]) -> None:
    cards = _cards(doors.staff_client(Role.DIRECTOR))
    assert cards["hosted"] == ("3", "3 (hosted companies)", "")
    assert cards["occupancy_area"] == (
        "60.0%",
        "60\xa0m² (area let)",
        "100\xa0m² (lettable area in service)",
    )
    assert cards["occupancy_unit"] == ("60.0%", "3 (let units)", "5 (units in service)")
    assert cards["occupancy_company"] == (
        "1.5%",
        "3 (hosted companies, site by site)",
        "200 (places for companies)",
    )
    assert cards["entries"] == ("3", "3 (entries)", "")


def test_a_sites_manager_sees_the_site_and_nothing_of_the_others(
    two_sites: tuple[Site, Site],
) -> None:
    casa, _rabat = two_sites
    client = doors.staff_client(Role.SITE_MANAGER, casa)
    assert _cards(client)["hosted"][0] == "2"
    for page in ("/staff/", "/staff/figures/hosted/"):
        body = client.get(page).content.decode()
        assert "Trois Démo" not in body
        assert "Site RAB" not in body
        assert client.get(f"{page}?site=RAB").status_code == 403
        assert client.get(f"{page}?site=").status_code == 403


def test_who_sees_no_indicator_sees_none(two_sites: tuple[Site, Site]) -> None:
    client = doors.staff_client(Role.REVIEWER, two_sites[0])
    assert client.get("/staff/").context["cards"] == []
    assert client.get("/staff/figures/hosted/").status_code == 403


@pytest.mark.parametrize("name", ["hosted", "occupancy_area", "turnover", "ever_hosted"])
def test_the_rows_add_up_to_the_figure(two_sites: tuple[Site, Site], name: str) -> None:
    client = doors.staff_client(Role.DIRECTOR)
    answer = client.get(f"/staff/figures/{name}/?format=csv&site=")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    figure = Network().figure(name, today())
    assert sum(Decimal(row["numerator"]) for row in rows) == figure.numerator
    assert answer["Content-Disposition"] == f'attachment; filename="{name}-network-{today()}.csv"'


def test_what_is_printed_beside_is_in_words(two_sites: tuple[Site, Site]) -> None:
    client = doors.staff_client(Role.DIRECTOR)
    area = dict(client.get("/staff/figures/occupancy_area/?lang=en").context["beside"])
    assert area == {
        "area held for somebody, not let": "0\xa0m²",
        "area out of service": "0\xa0m²",
        "lettings without a measured area": "0",
    }
    for name in INDICATORS:
        titles = [
            str(title)
            for title, _ in client.get(f"/staff/figures/{name}/?lang=en").context["beside"]
        ]
        assert titles == [str(BESIDE[code]) for code in Network().figure(name, today()).beside]


def test_a_second_room_is_listed_and_adds_nothing(two_sites: tuple[Site, Site]) -> None:
    """The page says so, and the total under the rows is the figure."""
    casa, _rabat = two_sites
    lease = Lease.objects.get(company__name="Un Démo")
    second = draft_lease(
        site=casa, company=lease.company, tenant_kind="startup", period=Period(today()),
        spaces=[scene.office(casa)], acting_user=None,
    )  # fmt: skip
    once = "A company counts once: its first room bears the 1, its others bear 0."
    client = doors.staff_client(Role.DIRECTOR)
    before = client.get("/staff/figures/hosted/?lang=en")
    assert once not in before.content.decode()
    sign_lease(lease=second, signed_on=today(), acting_user=None)
    after = client.get("/staff/figures/hosted/?lang=en")
    assert sorted(row["numerator"] for row in after.context["rows"]) == ["0", "1", "1", "1"]
    assert after.context["total"]["numerator"] == "3"
    assert once in after.content.decode()


def test_a_site_that_opens_later_has_no_line(two_sites: tuple[Site, Site]) -> None:
    scene.site("AGA", opened=today())
    for day, names in (
        (today() - ONE_DAY, ["Site CAS", "Site RAB"]),
        (today(), ["Site CAS", "Site RAB", "Site AGA"]),
    ):
        page = doors.staff_client(Role.DIRECTOR).get(f"/staff/?lang=en&on={day}")
        assert page.context["charts"][-1]["heads"] == names


def test_a_snapshot_is_found_by_the_name_it_is_shown_by(
    two_sites: tuple[Site, Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "EVERY_DAY", 30)  # more than a thousand of them
    compute_snapshots()
    address = "/staff/indicators/snapshot/"
    client = doors.staff_client(Role.DIRECTOR)
    for language, asked in (("fr", "TAUX DE DEPART"), ("en", "Departure r")):
        listed = client.get(address, {"lang": language, "q": asked}).context["cl"]
        assert {row.name for row in listed.result_list} == {"departure_rate"}
    everything = client.get(address, {"lang": "fr"})
    assert "1\u202f000" in everything.content.decode()


def test_page_links_to_company_and_lease(two_sites: tuple[Site, Site]) -> None:
    lease = Lease.objects.get(company__name="Un Démo")
    page = doors.staff_client(Role.DIRECTOR).get("/staff/figures/hosted/").content.decode()
    assert f'href="/staff/tenants/company/{lease.company_id}/change/"' in page
    assert f'href="/staff/leases/lease/{lease.pk}/change/"' in page


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_said_and_today_shown(two_sites: tuple[Site, Site], day: str) -> None:
    response = doors.staff_client(Role.DIRECTOR).get(f"/staff/?on={day}")
    assert response.status_code == 200
    assert response.context["asked"].on == today()
    assert response.context["asked"].problem


def test_unknown_indicator_is_not_found(two_sites: tuple[Site, Site]) -> None:
    assert doors.staff_client(Role.DIRECTOR).get("/staff/figures/nope/").status_code == 404


def test_everything_is_computed_again_for_those_who_may(two_sites: tuple[Site, Site]) -> None:
    Touched.objects.all().delete()
    assert doors.staff_client(Role.AUDITOR).post("/staff/figures/recompute/").status_code == 403
    client = doors.staff_client(Role.DIRECTOR)
    assert client.get("/staff/figures/recompute/").status_code == 405
    assert not Touched.objects.exists()
    assert client.post("/staff/figures/recompute/").status_code == 302
    assert Touched.objects.exists()
    page = client.get("/staff/?lang=en").content.decode()
    assert "Figures are about to be computed again." in page


def test_what_waits_is_counted_within_the_scope(two_sites: tuple[Site, Site]) -> None:
    casa, rabat = two_sites
    scene.application(casa)
    scene.application(rabat)
    heaps = doors.staff_client(Role.ADMISSIONS_OFFICER, casa).get("/staff/?lang=en")
    assert [(str(heap.title), heap.count) for heap in heaps.context["worklist"]] == [
        ("application to screen", 1)
    ]
    for heap in heaps.context["worklist"]:
        listed = doors.staff_client(Role.ADMISSIONS_OFFICER, casa).get(heap.address)
        assert listed.context["cl"].result_count == heap.count


@pytest.mark.parametrize("more", [0, 9])
def test_pages_ask_the_same_for_three_companies_and_for_a_dozen(
    two_sites: tuple[Site, Site], more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(more):
        hosted(two_sites[0], f"Société Démo {number}")
    client = doors.staff_client(Role.DIRECTOR)
    with django_assert_num_queries(31):
        client.get("/staff/")
    with django_assert_num_queries(15):
        client.get("/staff/figures/hosted/")
    in_20_months = f"?on={add_months(today(), 20)}"
    with django_assert_num_queries(15):
        client.get(f"/staff/figures/success_since_entry_18/{in_20_months}")
