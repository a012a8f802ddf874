"""The job that keeps the snapshots: what is missing is made up, what is touched is made anew."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.choices import Role
from applications.services.answers import accept_offer
from core.errors import NotAllowed
from core.periods import ONE_DAY, Period, add_months, first_of_month, month_ends, today
from indicators import keeping
from indicators.choices import Reach, Subject
from indicators.formulas import INDICATORS
from indicators.models import Snapshot, SnapshotRun, Touched
from indicators.selectors.network import Network
from indicators.services import computing
from indicators.services.computing import compute_snapshots
from indicators.services.touching import compute_again
from leases import changes
from leases.choices import AmendmentKind
from leases.models import Lease
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.signing import sign_lease
from sites.models import SiteCapacity, Space
from sites.services import spaces
from sites.services.importing import SpaceImporter
from sites.services.splitting import split_space
from tenants.services import merge_companies
from tests.factories import bills, doors, scene, tenancies
from tests.factories.files import imported

pytestmark = pytest.mark.django_db

KEPT = [name for name, indicator in INDICATORS.items() if indicator.kept]
LOCAL = [name for name in KEPT if INDICATORS[name].local]
DAILY = 8
OPENED = add_months(today(), -2)
Key = tuple[str, str | None, date]


@pytest.fixture(autouse=True)
def _few_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "EVERY_DAY", DAILY)


def the_days() -> list[date]:
    recent = [today() - timedelta(days=back) for back in range(DAILY)]
    return sorted({*recent, *(day for day in month_ends(OPENED, today()) if day < recent[-1])})


def stored() -> dict[Key, datetime]:
    """When each snapshot was computed."""
    rows = Snapshot.objects.values_list("name", "site__code", "day", "computed_at")
    return {(name, site, day): moment for name, site, day, moment in rows}


def truths() -> dict[Key, Any]:
    """What the snapshots hold, and what the figures are: computed from the lettings."""
    network, differing = Network(), {}
    for row in Snapshot.objects.select_related("site"):
        figure = network.figure(row.name, row.day, row.site.code if row.site else None)
        if row.value != figure.value:
            differing[row.name, figure.site, row.day] = (row.value, figure.value)
    return differing


def hosted_today() -> int:
    return int(Snapshot.objects.get(name="hosted", site=None, day=today()).numerator)


def test_missed_days_are_made_up_and_twice_changes_nothing() -> None:
    scene.hosted(scene.site(opened=OPENED))
    three_ago = compute_snapshots(up_to=today() - timedelta(days=3))
    a_figure_each = len(KEPT) * 2
    assert three_ago % a_figure_each == 0
    assert compute_snapshots() == 3 * a_figure_each
    before = stored()
    assert set(before) == {
        (name, site, day) for name in KEPT for site in (None, "TNG") for day in the_days()
    }
    assert compute_snapshots() == 0
    assert (stored(), truths()) == (before, {})
    assert hosted_today() == 1
    assert list(SnapshotRun.objects.values_list("to_do", "done")) == [
        (3 * a_figure_each, 3 * a_figure_each),
        (three_ago, three_ago),
    ]


def test_a_day_that_was_not_over_is_computed_again_and_old_days_go() -> None:
    """What runs out today may yet hold over; all but the ends of months goes after a while."""
    scene.hosted(scene.site(opened=OPENED))
    compute_snapshots()
    assert set(Snapshot.objects.filter(final=False).values_list("day", flat=True)) == {today()}
    Snapshot.objects.filter(day=today()).update(day=today() - ONE_DAY * DAILY - ONE_DAY * 31)
    yesterday = Snapshot.objects.filter(day=today() - ONE_DAY)
    yesterday.update(final=False)
    assert compute_snapshots() == 2 * 2 * len(KEPT)  # today's, which are gone, and yesterday's
    assert sorted(set(Snapshot.objects.values_list("day", flat=True))) == the_days()


def test_a_day_that_ends_while_a_run_goes_on_was_not_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """The network was read before midnight: by then nobody knew who would hold over."""
    scene.hosted(scene.site(opened=OPENED))

    class ReadBeforeMidnight(Network):
        def __init__(self) -> None:
            super().__init__()
            monkeypatch.setattr(computing, "today", lambda: today() + ONE_DAY)

    monkeypatch.setattr(computing, "Network", ReadBeforeMidnight)
    compute_snapshots()
    assert set(Snapshot.objects.filter(final=False).values_list("day", flat=True)) == {today()}


def test_a_run_that_was_killed_is_taken_up(monkeypatch: pytest.MonkeyPatch) -> None:
    scene.hosted(scene.site(opened=OPENED))
    write = computing._write
    written: list[Any] = []

    def killed(*args: Any) -> None:
        if len(written) == 5:
            raise KeyboardInterrupt
        written.append(args[0])
        write(*args)

    compute_snapshots()
    compute_again(acting_user=None)
    monkeypatch.setattr(computing, "_write", killed)
    with pytest.raises(KeyboardInterrupt):
        compute_snapshots()
    monkeypatch.setattr(computing, "_write", write)
    run, by_it = SnapshotRun.objects.under_way().get(), 5 * len(the_days())
    assert (run.done, run.to_do) == (by_it, 2 * len(KEPT) * len(the_days()))
    before = dict(Snapshot.objects.filter(run=run.pk).values_list("pk", "computed_at"))
    assert compute_snapshots() == run.to_do - by_it
    run.refresh_from_db()
    assert run.done == run.to_do
    assert not Touched.objects.exists()
    kept = Snapshot.objects.filter(pk__in=before)
    assert dict(kept.values_list("pk", "computed_at")) == before


def test_a_backdated_amendment_computes_its_own_days_alone() -> None:
    """And its own site's, but for what asks whether a company is hosted anywhere; of what looks
    ahead, every day."""
    here, there = scene.site("CAS", opened=OPENED), scene.site("RAB", opened=OPENED)
    one, other = scene.office(here), scene.office(here)
    lease = tenancies.active(here, one, other, start=OPENED)
    tenancies.active(there, scene.office(there), start=OPENED)
    compute_snapshots()
    before, since = stored(), today() - timedelta(days=4)
    draft = draft_amendment(
        lease=lease,
        kind=AmendmentKind.SPACE,
        effective_on=since,
        after=changes.give_up(terms_of(lease), 1, since),
        reason="given back",
        acting_user=None,
    )
    sign_amendment(amendment=draft, signed_on=today(), acting_user=None)
    assert truths().keys() >= {("occupancy_unit", "CAS", today()), ("occupancy_unit", None, since)}
    compute_snapshots()
    after = stored()
    days = [day for day in the_days() if day >= since - ONE_DAY]
    assert {key for key, moment in after.items() if moment != before[key]} == {
        (name, site, day)
        for name in KEPT
        if name != "billed_rent"
        for site in (None, "CAS", *([] if name in LOCAL else ["RAB"]))
        for day in (the_days() if INDICATORS[name].reach is Reach.ANY else days)
    }
    assert after.keys() == before.keys()
    assert truths() == {}


def _then(act: Callable[[], object]) -> Callable[[], Network]:
    """A network that is changed as soon as it was read."""

    def read() -> Network:
        network = Network()
        act()
        return network

    return read


def test_what_changes_after_the_reading_is_another_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    site = scene.site(opened=OPENED)
    file = scene.application(site)
    accept_offer(offer=scene.offer(file, scene.office(site)), acting_user=None)
    lease = Lease.objects.get(application=file)

    def sign() -> None:
        monkeypatch.setattr(computing, "Network", Network)
        sign_lease(lease=lease, signed_on=today(), acting_user=None)

    monkeypatch.setattr(computing, "Network", _then(sign))
    compute_snapshots()
    assert SnapshotRun.objects.count() == 2
    assert hosted_today() == 1
    assert (truths(), Touched.objects.count()) == ({}, 0)


def test_two_records_that_were_one_company_are_counted_once() -> None:
    site = scene.site(opened=OPENED)
    keep, duplicate = (scene.hosted(site, name).company for name in ("Argan Un", "Argan Deux"))
    compute_snapshots()
    assert hosted_today() == 2
    merge_companies(keep=keep, duplicate=duplicate, acting_user=None)
    compute_snapshots()
    assert hosted_today() == 1


def told() -> list[tuple[str, int | None, Period]]:
    """The news that no run has seen."""
    return list(Touched.objects.order_by("pk").values_list("subject", "site_id", "days"))


def _space_acts(space: Space, out: Space) -> dict[str, Callable[[], object]]:
    since = today() - timedelta(days=4)
    works = spaces.take_out_of_service(
        space=out, period=Period(since), reason="works", acting_user=None
    )
    csv = f"site,building,floor,code,kind,area_m2,lettable_from\nTNG,A,1,B1,office,19,{since}\n"
    return {
        "add": lambda: spaces.add_space(
            floor=space.floor, code="B3", kind="office", area_m2=Decimal(10), lettable_from=since,
            acting_user=None,
        ),
        "measure": lambda: spaces.measure(
            space=space, area_m2=Decimal(19), since=since, acting_user=None
        ),
        "retire": lambda: spaces.retire(space=space, last_day=since - ONE_DAY, acting_user=None),
        "take out": lambda: spaces.take_out_of_service(
            space=space, period=Period(since), reason="works", acting_user=None
        ),
        "return": lambda: spaces.return_to_service(booking=works, from_day=since, acting_user=None),
        "import": lambda: imported(SpaceImporter(), csv),
        "split": lambda: split_space(
            space=space, parts=[("B1-A", Decimal(12)), ("B1-B", Decimal(8))], since=since,
            acting_user=None,
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    "act", ["add", "measure", "retire", "take out", "return", "import", "split"]
)
def test_space_that_changes_touches_its_site_since_then(act: str) -> None:
    site = scene.site(opened=OPENED)
    acts = _space_acts(scene.office(site, code="B1"), scene.office(site, code="B2"))
    Touched.objects.all().delete()
    acts[act]()
    where = None if act == "import" else site.pk
    assert (Subject.PREMISES, where, Period(today() - timedelta(days=4))) in told()


def test_another_kind_of_space_changes_the_units_since_it_is_let() -> None:
    """The kind is not dated: put right on the space's page, it was always so."""
    site = scene.site(opened=today() - timedelta(days=4))
    space = scene.office(site)
    Touched.objects.all().delete()
    address = reverse("admin:sites_space_change", args=(space.pk,))
    data: dict[str, Any] = {"code": space.code, "kind": "storage", "note": "", "advertised": "on"}
    data |= {
        f"{prefix}-{name}": 0
        for prefix in ("measures", "lettable_periods", "bookings")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    client = doors.staff_client(Role.DIRECTOR)
    assert client.post(address, data).status_code == 302
    assert told() == [(Subject.PREMISES, site.pk, Period(today() - timedelta(days=4)))]


def test_another_capacity_makes_its_days_be_computed_again() -> None:
    site = scene.site(capacity=100)
    line = SiteCapacity.objects.get()
    since = today() - timedelta(days=4)
    address = reverse("admin:sites_site_change", args=(site.pk,))
    names = ("code", "name_fr", "name_ar", "name_en", "city", "opened_on")
    data: dict[str, Any] = {name: getattr(site, name) for name in names}
    data |= {"lessor": site.lessor_id, "takes_applications": "on"}
    data |= {"buildings-TOTAL_FORMS": 0, "buildings-INITIAL_FORMS": 0}
    data |= {"capacities-TOTAL_FORMS": 2, "capacities-INITIAL_FORMS": 1}
    data |= {"capacities-0-id": line.pk, "capacities-0-site": site.pk, "capacities-1-site": site.pk}
    data |= {"capacities-0-period_0": line.period.start, "capacities-0-companies": 100}
    data |= {"capacities-0-period_1": since - ONE_DAY}
    data |= {"capacities-1-period_0": since, "capacities-1-companies": 50}
    client = doors.staff_client(Role.DIRECTOR)
    assert client.post(address, data).status_code == 302
    assert list(SiteCapacity.objects.values_list("period", "companies")) == [
        (Period(line.period.start, since), 100),
        (Period(since), 50),
    ]
    first_line_is_another_one = Period(line.period.start)
    assert told() == [(Subject.PREMISES, site.pk, first_line_is_another_one)]
    compute_snapshots()
    assert Snapshot.objects.get(name="occupancy_company", site=site, day=today()).denominator == 50


def test_everything_anew_is_for_those_who_may_and_where_they_may() -> None:
    site = scene.site(opened=OPENED)
    director = scene.staff(Role.DIRECTOR, site)
    with pytest.raises(NotAllowed):
        compute_again(acting_user=scene.staff(Role.AUDITOR))
    compute_again(acting_user=director)
    everything = Period(keeping.EARLIEST)
    assert told() == [(Subject.EVERYTHING, site.pk, everything)]
    Touched.objects.all().delete()
    compute_again(acting_user=scene.staff(Role.DIRECTOR))
    assert told() == [(Subject.EVERYTHING, None, everything)]


def test_an_invoice_touches_what_was_billed_at_its_site() -> None:
    site = bills.billing(scene.site(opened=OPENED), starts_on=first_of_month(OPENED))
    tenancies.active(site, scene.office(site), start=OPENED)
    Touched.objects.all().delete()
    bills.issued(site, today())
    assert told() == [(Subject.INVOICES, site.pk, Period.through(today(), today()))]
