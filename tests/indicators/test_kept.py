"""Figures from their snapshots: those of the engine, and an alarm where they are not."""

import logging
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from core.errors import NotAllowed
from core.periods import ONE_DAY, add_months, today
from indicators import keeping
from indicators.formulas import INDICATORS
from indicators.models import Snapshot, SnapshotAlarm
from indicators.selectors.kept import Asked, Kept
from indicators.selectors.network import Network, UnknownIndicator
from indicators.services.checking import check_snapshots, mark_seen
from indicators.services.computing import compute_snapshots
from leases.choices import ExitReason
from leases.services.exits import end_lease
from sites.models import Site
from tests.factories import doors, scene, tenancies

pytestmark = pytest.mark.django_db

OPENED = add_months(today(), -14)
DAYS = [today() - timedelta(days=back) for back in range(4)]
KEPT = [name for name, one in INDICATORS.items() if one.kept]
SCOPES = (None, "CAS", "RAB")


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Site:
    """Two sites with a company each, all of it kept."""
    monkeypatch.setattr(keeping, "EVERY_DAY", len(DAYS))
    for code in ("CAS", "RAB"):
        site = scene.site(code, opened=OPENED)
        company = scene.company(f"Société {code}")
        tenancies.active(site, scene.office(site), company=company, start=OPENED)
    compute_snapshots()
    return site


def spoil() -> Snapshot:
    """One snapshot is another than it was computed, and nobody says so."""
    row = Snapshot.objects.get(name="turnover", site=None, day=today() - ONE_DAY)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE indicators_snapshot SET numerator = numerator + 1 WHERE id = %s", [row.pk]
        )
    return row


@pytest.mark.parametrize("names", [["hosted"], KEPT])
def test_kept_figures_are_the_engines_in_three_queries(
    house: Site, names: list[str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        found = Kept().figures(names, DAYS, SCOPES)
    network = Network()
    expected = {
        Asked(name, site, figure.on): figure
        for name in names
        for site in SCOPES
        for figure in network.figures(name, DAYS, site)
    }
    assert found == expected
    assert {key: str(figure.value) for key, figure in found.items()} == {
        key: str(figure.value) for key, figure in expected.items()
    }


def test_what_is_stale_or_was_never_kept_is_computed(
    house: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lease = tenancies.active(house, scene.office(house), start=OPENED)
    compute_snapshots()
    end_lease(
        lease=lease,
        last_day=today() - timedelta(days=3),
        exit_reason=ExitReason.TERM,
        reason="gone",
        acting_user=None,
    )
    long_ago = add_months(today(), -7)
    with django_assert_num_queries(11):
        found = Kept().figures(["hosted"], [*DAYS, long_ago], ["RAB"])
    shown = [int(found[Asked("hosted", "RAB", day)].numerator) for day in (*DAYS, long_ago)]
    assert shown == [1, 1, 1, 2, 2]
    with pytest.raises(UnknownIndicator):
        Kept().figures(["nope"], DAYS)


def test_a_wrong_snapshot_raises_an_alarm_and_is_made_anew(
    house: Site, caplog: pytest.LogCaptureFixture
) -> None:
    count = Snapshot.objects.count()
    assert check_snapshots(sample=count) == 0
    row = spoil()
    with caplog.at_level(logging.ERROR):
        assert check_snapshots(sample=count) == 1
    assert caplog.messages[0].startswith(f"Snapshot of turnover, the network, {row.day}: ")
    alarm = SnapshotAlarm.objects.get()
    assert (alarm.name, alarm.site, alarm.day) == ("turnover", None, row.day)
    assert (alarm.kept["numerator"], alarm.computed["numerator"]) == (
        row.numerator + 1,
        row.numerator,
    )
    assert not Snapshot.objects.filter(pk=row.pk).exists()
    compute_snapshots()
    assert check_snapshots(sample=count) == 0
    made = Snapshot.objects.get(name="turnover", site=None, day=row.day)
    assert made.numerator == row.numerator


def test_what_news_have_touched_raises_no_alarm(house: Site) -> None:
    tenancies.active(house, scene.office(house), start=OPENED)
    assert check_snapshots(sample=Snapshot.objects.count()) == 0


def test_staff_see_the_alarm_until_somebody_has_looked_into_it(house: Site) -> None:
    spoil()
    check_snapshots(sample=Snapshot.objects.count())
    alarm = SnapshotAlarm.objects.get()
    client = doors.staff_client(Role.DIRECTOR)
    page = client.get("/staff/?lang=en")
    assert "snapshot found to be wrong" in {str(heap.title) for heap in page.context["worklist"]}
    assert page.context["progress"].moving is False
    listed = client.get("/staff/indicators/snapshot/?lang=en").content.decode()
    assert "1 snapshot was found to be wrong." in listed
    assert "The snapshots are complete since" in listed
    with pytest.raises(NotAllowed):
        mark_seen(alarm=alarm, acting_user=scene.staff(Role.AUDITOR))
    address = f"/staff/indicators/snapshotalarm/{alarm.pk}/seen/"
    assert client.post(address).status_code == 302
    alarm.refresh_from_db()
    assert alarm.seen_at is not None
    assert not client.get("/staff/?lang=en").context["worklist"]
