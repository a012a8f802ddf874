"""The first page of the staff site: cards with targets, alerts, the map, and what follows."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.plugin import DjangoDbBlocker

from accounts.choices import Role
from core.errors import NotAllowed
from core.periods import ONE_DAY, Period, add_months, today
from indicators.choices import Bound, Subject
from indicators.keeping import EARLIEST, News
from indicators.models import (
    FigureSettings,
    Snapshot,
    SnapshotAlarm,
    SnapshotRun,
    Target,
    Touched,
)
from indicators.selectors import kept
from indicators.selectors.network import Network, UnknownIndicator
from indicators.selectors.targets import targets_on
from indicators.services.computing import compute_snapshots
from indicators.services.rules import set_figure_settings
from indicators.services.targets import drop_target, set_target
from indicators.services.touching import compute_again
from leases.services.exits import end_lease
from leases.services.holds import hold_space
from sites.models import Site, SiteCapacity, Space
from tests.factories import doors, scene, tenancies
from tests.factories.kept import for_all_tests

pytestmark = pytest.mark.django_db

START = add_months(today(), -40).replace(day=1)
LATER = dt.date(2020, 1, 1)


@pytest.fixture(scope="module")
def two_sites(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Site, Site]]:
    """Two companies at CAS in two of three offices for five years, one at RAB in one of two."""
    with for_all_tests(django_db_blocker):
        casa, rabat = scene.site("CAS"), scene.site("RAB")
        Site.objects.filter(pk=casa.pk).update(
            latitude=Decimal("33.54"), longitude=Decimal("-7.64")
        )
        for site, count in ((casa, 2), (rabat, 1)):
            for _number in range(count):
                tenancies.signed(site, scene.office(site), start=START, months=60)
            scene.office(site)
        yield casa, rabat


def aim(
    name: str,
    value: str | None,
    *,
    site: Site | None = None,
    bound: Bound = Bound.AT_LEAST,
    since: dt.date = LATER,
    by: Any = None,
) -> Target:
    return set_target(
        name=name,
        site=site,
        since=since,
        bound=bound,
        value=None if value is None else Decimal(value),
        acting_user=by,
    )


# --- Targets ------------------------------------------------------------------------------------
def test_a_target_counts_from_its_day_on_until_another_one_or_none(two_sites: Any) -> None:
    casa, _rabat = two_sites
    aim("occupancy_area", "80")
    aim("occupancy_area", "90", since=dt.date(2022, 1, 1))
    aim("occupancy_area", None, since=dt.date(2024, 1, 1))
    aim("turnover", "30", site=casa, bound=Bound.AT_MOST)

    def wanted(day: dt.date) -> dict[tuple[str, str | None], Decimal]:
        return {key: target.wanted for key, target in targets_on(day).items()}

    whole, of_casa = ("occupancy_area", None), ("turnover", "CAS")
    assert wanted(LATER - ONE_DAY) == {}
    assert wanted(LATER) == {whole: Decimal("0.8"), of_casa: Decimal("0.3")}
    assert wanted(dt.date(2023, 12, 31)) == {whole: Decimal("0.9"), of_casa: Decimal("0.3")}
    assert wanted(dt.date(2024, 1, 1)) == {of_casa: Decimal("0.3")}


def test_the_same_day_again_changes_it_and_the_history_keeps_both(two_sites: Any) -> None:
    first = aim("hosted", "3")
    second = aim("hosted", "4")
    assert (second.pk, Target.objects.get().value) == (first.pk, Decimal(4))
    events = Target.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [event.value for event in events] == [Decimal(3), Decimal(4)]
    drop_target(target=second, acting_user=None)
    assert targets_on(today()) == {}
    assert events.all().count() == 3


def test_only_whoever_directs_the_place_sets_or_drops_its_targets(two_sites: Any) -> None:
    casa, rabat = two_sites
    of_casa = scene.staff(Role.DIRECTOR, casa)
    target = aim("hosted", "3", site=casa, by=of_casa)
    for site, user in (
        (rabat, of_casa),
        (None, of_casa),
        (casa, scene.staff(Role.SITE_MANAGER, casa)),
        (None, scene.staff(Role.AUDITOR)),
    ):
        with pytest.raises(NotAllowed):
            aim("hosted", "5", site=site, by=user)
        with pytest.raises(NotAllowed):
            drop_target(target=target, acting_user=scene.staff(Role.DIRECTOR, rabat))
    assert [row.value for row in Target.objects.all()] == [Decimal(3)]


def test_no_target_of_what_is_no_figure_nor_below_zero_nor_above_the_whole(two_sites: Any) -> None:
    with pytest.raises(UnknownIndicator):
        aim("luck", "3")
    with pytest.raises(ValidationError):
        aim("hosted", "-1")
    aim("occupancy_area", "100")
    with pytest.raises(ValidationError, match="never more than 100 percent"):
        aim("occupancy_area", "100.01")
    aim("turnover", "150")
    for since in (dt.date(1, 1, 1), dt.date(9999, 12, 31)):
        with pytest.raises(ValidationError, match="too far away"):
            aim("hosted", "3", since=since)


def test_the_director_sets_a_target_on_its_page_once_a_day(two_sites: Any) -> None:
    director = doors.staff_client(Role.DIRECTOR)
    typed = {
        "name": "occupancy_area", "site": "", "bound": "at_least", "value": "92,5",
        "since": "2020-01-01",
    }  # fmt: skip
    address = "/staff/indicators/target/add/"
    assert director.post(address, typed).status_code == 302
    assert targets_on(today())["occupancy_area", None].wanted == Decimal("0.925")
    again = director.post(f"{address}?lang=en", {**typed, "value": "50"})
    assert "There is a target from that day on already." in again.content.decode()
    listed = director.get("/staff/indicators/target/?lang=en").content.decode()
    assert "at least 92.5%" in listed
    assert "The whole network" in listed
    assert doors.staff_client(Role.SITE_MANAGER, two_sites[0]).get(address).status_code == 403


# --- The page -----------------------------------------------------------------------------------
def test_a_card_says_in_words_and_by_a_sign_whether_its_target_is_met(two_sites: Any) -> None:
    aim("hosted", "3")
    aim("turnover", "10", bound=Bound.AT_MOST)
    aim("occupancy_area", "90")
    page = doors.staff_client(Role.DIRECTOR).get("/staff/?lang=en")
    cards = {card.name: card for card in page.context["cards"]}
    assert {name: (card.aim.words, card.aim.met) for name, card in cards.items() if card.aim} == {
        "hosted": ("target: at least 3", True),
        "turnover": ("target: at most 10.0%", True),
        "occupancy_area": ("target: at least 90.0%", False),
    }
    body = page.content.decode()
    assert body.count("✓") == 2
    assert body.count("✗") == 1
    course = cards["hosted"].course
    assert (len(course.lines), course.title) == (
        1,
        "24 months: from 3 to 3, at least 3, at most 3",
    )


def test_a_card_prints_what_is_held_beside_the_occupancy(two_sites: Any) -> None:
    casa, _rabat = two_sites
    hold_space(
        space=Space.objects.get(site=casa, lettings=None), period=Period(today()),
        held_until=today(), reason="visite", acting_user=None,
    )  # fmt: skip
    page = doors.staff_client(Role.DIRECTOR).get("/staff/?lang=en")
    cards = {card.name: card.beside for card in page.context["cards"]}
    assert cards["occupancy_area"] == "area held for somebody, not let: 20\xa0m²"
    assert cards["occupancy_unit"] == "units held for somebody, not let: 1"


def test_figures_off_their_targets_are_alerts_of_network_and_sites(two_sites: Any) -> None:
    casa, rabat = two_sites
    aim("occupancy_area", "60")
    aim("occupancy_area", "60", site=casa)
    aim("occupancy_area", "60", site=rabat)
    SiteCapacity.objects.filter(site=casa).delete()
    director = doors.staff_client(Role.DIRECTOR)
    told = director.get("/staff/?lang=en").context["alerts"]
    day = today().isoformat()
    assert [(one.what, one.why, one.where, one.address) for one in told] == [
        (
            "Occupancy by area: 50.0%",
            "target: at least 60.0%",
            "Site RAB",
            f"/staff/figures/occupancy_area/?on={day}&site=RAB",
        ),
        (
            "1 open site without a capacity",
            "the occupancy by company leaves it out",
            "",
            "/staff/sites/site/",
        ),
    ]
    for_site = doors.staff_client(Role.SITE_MANAGER, casa).get("/staff/?lang=en")
    assert [one.what for one in for_site.context["alerts"]] == ["1 open site without a capacity"]
    assert "Site RAB" not in for_site.content.decode()


def test_the_map_has_the_sites_and_names_beside_those_without_a_place(two_sites: Any) -> None:
    page = doors.staff_client(Role.DIRECTOR).get("/staff/?lang=en")
    drawn = page.context["map"]
    assert [(spot.name, spot.told) for spot in drawn.spots] == [("Site CAS", "2 hosted, 66.7% let")]
    assert drawn.apart == ["Site RAB"]
    day = today().isoformat()
    assert drawn.rows == [
        ("Site CAS", f"/staff/?on={day}&site=CAS", ["2", "0", "66.7%"]),
        ("Site RAB", f"/staff/?on={day}&site=RAB", ["1", "0", "50.0%"]),
    ]
    assert doors.staff_client(Role.DIRECTOR).get("/staff/?site=CAS").context["map"] is None


def test_the_whole_page_goes_into_the_past(two_sites: Any) -> None:
    """Nobody was there yet: no alert of what is so today, no work of today, no target of later."""
    aim("hosted", "1", since=today())
    scene.application(two_sites[0])
    director = doors.staff_client(Role.DIRECTOR)
    now, then = (director.get(f"/staff/?lang=en{on}") for on in ("", f"&on={START - ONE_DAY}"))
    assert [card.value for card in then.context["cards"] if card.name == "hosted"] == ["0"]
    assert [card.aim for card in then.context["cards"] if card.aim] == []
    assert then.context["map"].rows[0][2] == ["0", "0", "0.0%"]
    assert 'id="waiting"' in now.content.decode()
    assert 'id="waiting"' not in then.content.decode()
    assert f"on={START - ONE_DAY}" in then.context["more"]


def test_snapshots_that_are_late_or_were_wrong_are_told(two_sites: Any) -> None:
    row = {"name": "hosted", "site": None, "numerator": 3, "version": 1}
    late = today() - 2 * ONE_DAY
    Snapshot.objects.create(**row, day=late, computed_at=timezone.now())
    SnapshotAlarm.objects.create(
        name="hosted", day=late, kept={}, computed={}, found_at=timezone.now()
    )
    director, manager = (
        doors.staff_client(Role.DIRECTOR),
        doors.staff_client(Role.SITE_MANAGER, two_sites[0]),
    )
    end = f"The snapshots end with {late:%d/%m/%Y}"
    told = director.get("/staff/?lang=en").context["alerts"]
    assert [one.what for one in told] == [end, "1 snapshot was found to be wrong"]
    # The network's own figure is not the manager's.
    assert [one.what for one in manager.get("/staff/?lang=en").context["alerts"]] == [end]
    Snapshot.objects.create(**row, day=today() - ONE_DAY, computed_at=timezone.now())
    SnapshotAlarm.objects.update(seen_at=timezone.now())
    assert director.get("/staff/").context["alerts"] == []


@pytest.mark.parametrize("more", [0, 8])
def test_what_is_kept_is_shown_without_loading_the_network(
    two_sites: Any,
    more: int,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same queries for three companies and for eleven; other staff ask nothing of figures."""
    casa, _rabat = two_sites
    for _number in range(more):
        tenancies.signed(casa, scene.office(casa), start=START, months=60)
    compute_snapshots()
    director = doors.staff_client(Role.DIRECTOR)
    reviewer = doors.staff_client(Role.REVIEWER, casa)
    live = director.get("/staff/").context["cards"]

    def load() -> None:
        raise AssertionError("the network was loaded")

    monkeypatch.setattr(kept, "Network", load)
    with django_assert_num_queries(13):
        page = director.get("/staff/")
    assert page.context["cards"] == live
    with django_assert_num_queries(3):
        reviewer.get("/staff/")
    monkeypatch.undo()
    with django_assert_num_queries(27):
        director.get("/staff/figures/more/")


@pytest.mark.parametrize("news", [1, 30])
def test_a_run_under_way_is_asked_for_alone(
    two_sites: Any, news: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Overview and list ask for that part of them by itself, until nothing moves any more."""
    director = doors.staff_client(Role.DIRECTOR)
    for _number in range(news):
        compute_again(acting_user=None)
    SnapshotRun.objects.create(begun_at=timezone.now(), to_do=1200, done=300)
    address = "/staff/figures/progress/"
    for page in ("/staff/", "/staff/indicators/snapshot/"):
        assert f'hx-get="{address}"' in director.get(page).content.decode()
    with django_assert_num_queries(4):
        part = director.get(f"{address}?lang=en").content.decode()
    assert "300 of 1,200 figures are computed." in part
    assert "<html" not in part
    assert f'hx-get="{address}"' in part
    Touched.objects.all().delete()
    SnapshotRun.objects.update(done_at=timezone.now())
    over = director.get(f"{address}?lang=en").content.decode()
    assert "hx-get" not in over
    assert "Compute all snapshots again" in over
    manager = doors.staff_client(Role.SITE_MANAGER, two_sites[0])
    assert "Compute all snapshots again" not in manager.get(f"{address}?lang=en").content.decode()
    assert doors.staff_client(Role.REVIEWER, two_sites[0]).get(address).status_code == 403


# --- What follows -------------------------------------------------------------------------------
def _more(query: str = "", **headers: str) -> Any:
    return doors.staff_client(Role.DIRECTOR).get(
        f"/staff/figures/more/?lang=en&site={query}", headers=headers
    )


def test_what_ends_soon_is_told_with_its_share_of_the_rent(two_sites: Any) -> None:
    """90 days before the day after the term everything ends soon, a day earlier nothing."""
    over = add_months(START, 60)
    told = _more(f"&on={over - ONE_DAY * 90}").context["alerts"]
    assert [(one.what, one.why) for one in told] == [
        ("100.0% of the rent (6,000.00\xa0MAD a month) ends within 90 days", "told above 15%")
    ]
    assert _more(f"&on={over - ONE_DAY * 91}").context["alerts"] == []


def test_what_is_told_follows_from_what_the_network_decided(two_sites: Any) -> None:
    """The director asks for more than 100 % of the rent, of 30 days: nothing; of a gap of a month:
    whoever comes back within it has never left, and all that is kept is computed anew."""
    casa, _rabat = two_sites
    director = doors.staff_client(Role.DIRECTOR)
    over = f"&on={add_months(START, 60) - ONE_DAY * 60}"
    assert [one.why for one in _more(over).context["alerts"]] == ["told above 15%"]
    typed = {
        "ending_percent": "99", "ending_days": "60", "overdue_days": "30", "bridged_gap_days": "0"
    }  # fmt: skip
    address = "/staff/indicators/figuresettings/"
    assert director.post(f"{address}add/", typed).status_code == 302
    assert [(one.what, one.why) for one in _more(over).context["alerts"]] == [
        ("100.0% of the rent (6,000.00\xa0MAD a month) ends within 60 days", "told above 99%")
    ]
    typed["ending_percent"] = "100"
    assert director.post(f"{address}1/change/", typed).status_code == 302
    assert _more(over).context["alerts"] == []
    assert director.get(f"{address}add/").status_code == 403
    for role in (Role.SITE_MANAGER, Role.DIRECTOR):  # of a site alone
        of_site = doors.staff_client(role, casa)
        answer = of_site.post(f"{address}1/change/", {**typed, "ending_days": "9"})
        assert answer.status_code in {302, 403}
    events = FigureSettings.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [event.ending_percent for event in events] == [99, 100]

    left, back = add_months(START, 6), add_months(START, 7)
    company = scene.company("Revenue Démo")
    tenancies.active(casa, scene.office(casa), start=START, months=6, company=company)
    Touched.objects.all().delete()
    with pytest.raises(NotAllowed):
        settle(bridged_gap_days=31, by=scene.staff(Role.DIRECTOR, casa))
    settle(bridged_gap_days=31)
    assert [touched.news for touched in Touched.objects.all()] == [
        News(Subject.EVERYTHING, None, Period(EARLIEST))
    ]
    settle(bridged_gap_days=31, ending_days=10)
    assert Touched.objects.count() == 1
    lease = company.leases.get()
    end_lease(lease=lease, last_day=left - ONE_DAY, reason="parti", acting_user=None)
    following = Touched.objects.latest("pk").days
    assert following.start <= left - 31 * ONE_DAY
    tenancies.signed(casa, scene.office(casa), start=back, company=company)
    entries = Network().figure("entries", add_months(back, 6))
    assert {code: int(entries.beside[code]) for code in ("bridged", "gap_days", "returning")} == {
        "bridged": 1, "gap_days": 31, "returning": 0
    }  # fmt: skip
    assert Network().profile("movements_by_year", today()).beside == {"gap_days": 31}


def settle(*, by: Any = None, **given: int) -> None:
    usual = {"bridged_gap_days": 0, "ending_percent": 15, "ending_days": 90, "overdue_days": 90}
    set_figure_settings(**{**usual, **given}, acting_user=by)


def test_who_stays_past_the_term_is_told_once_by_the_target_or_without_one(
    two_sites: Any,
) -> None:
    casa, _rabat = two_sites
    tenancies.active(casa, scene.office(casa), start=START, months=12)

    def told() -> list[tuple[str, str]]:
        return [(one.what, one.why) for one in _more().context["alerts"]]

    assert told() == [("Companies holding over: 1", "no lease should run on past its term")]
    aim("holding_over", "0", bound=Bound.AT_MOST)
    assert told() == [("Companies holding over: 1", "target: at most 0")]


def test_profiles_are_tables_with_bars_and_lead_to_their_pages(two_sites: Any) -> None:
    page = _more()
    bars = {one.title: one for one in page.context["profiles"]}
    assert list(bars) == ["Expiry profile", "Outlook of occupancy", "Arrears by age", "Funnel"]
    expiry = bars["Expiry profile"]
    assert len(expiry.rows) == 12
    ending = [(share, values) for _label, share, values in expiry.rows if share]
    assert ending == [(100.0, ["6,000.00\xa0MAD", "60\xa0m²"])]
    assert expiry.address == f"/staff/figures/profiles/expiry/?on={today()}&site="


def test_the_page_asks_for_it_and_without_a_script_it_is_a_page_of_its_own(two_sites: Any) -> None:
    whole, part = _more(), _more(**{"HX-Request": "true"})
    assert "<html" in whole.content.decode()
    body = part.content.decode()
    assert "<html" not in body
    assert 'hx-swap-oob="beforeend:#alerts"' in body
    manager = doors.staff_client(Role.SITE_MANAGER, two_sites[0])
    assert manager.get("/staff/figures/more/?site=RAB").status_code == 403
    reviewer = doors.staff_client(Role.REVIEWER, two_sites[0])
    assert reviewer.get("/staff/figures/more/").status_code == 403
