"""The nightly job: missed days are made up, twice is once, and nothing stale is kept."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.choices import Role
from applications.services.answers import accept_offer
from core.periods import ONE_DAY, Period, today
from indicators import services
from indicators.formulas import INDICATORS
from indicators.models import Snapshot, SnapshotDay
from indicators.selectors.network import Network
from indicators.services import REACH_BACK, compute_snapshots
from leases.models import Lease
from leases.services.signing import sign_lease
from sites.models import SiteCapacity, Space
from sites.services import spaces
from sites.services.importing import SpaceImporter
from sites.services.splitting import split_space
from tenants.services import merge_companies
from tests.factories import doors, scene
from tests.factories.files import imported

pytestmark = pytest.mark.django_db

FIRST_RUN = REACH_BACK.days + 1


def _stored() -> list[tuple[Any, ...]]:
    """Every snapshot, as the pages compute it."""
    return list(
        Snapshot.objects.order_by("day", "name", "site_id").values_list(
            "day", "name", "site__code", "numerator", "denominator"
        )
    )


def _hosted_today() -> int:
    return int(Snapshot.objects.get(name="hosted", site=None, day=today()).numerator)


def test_missed_days_are_made_up_and_twice_changes_nothing() -> None:
    scene.hosted(scene.site())
    assert compute_snapshots(up_to=today() - timedelta(days=3)) == FIRST_RUN
    assert compute_snapshots(up_to=today()) == 3
    stored = _stored()
    assert len(stored) == (FIRST_RUN + 3) * len(INDICATORS) * 2
    assert compute_snapshots(up_to=today()) == 0
    assert _stored() == stored
    assert _hosted_today() == 1


def test_a_run_that_was_killed_is_taken_up(monkeypatch: pytest.MonkeyPatch) -> None:
    scene.hosted(scene.site())
    write = services._write
    written: list[Any] = []

    def killed(*args: Any) -> bool:
        if len(written) == 5:
            raise KeyboardInterrupt
        written.append(args[0])
        return write(*args)

    monkeypatch.setattr(services, "_write", killed)
    with pytest.raises(KeyboardInterrupt):
        compute_snapshots(up_to=today())
    assert Snapshot.objects.values("day").distinct().count() == 5
    monkeypatch.setattr(services, "_write", write)
    assert compute_snapshots(up_to=today()) == FIRST_RUN - 5
    assert SnapshotDay.objects.filter(version=services.registry_version()).count() == FIRST_RUN


def _then(act: Callable[[], object]) -> Callable[[], Network]:
    """A network that is changed as soon as it was read."""

    def read() -> Network:
        network = Network()
        act()
        return network

    return read


def test_what_changes_between_reading_and_writing_is_computed_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = scene.site()
    file = scene.application(site)
    accept_offer(offer=scene.offer(file, scene.office(site)), acting_user=None)
    lease = Lease.objects.get(application=file)

    def sign() -> None:
        sign_lease(lease=lease, signed_on=today(), acting_user=None)

    monkeypatch.setattr(services, "Network", _then(sign))
    assert compute_snapshots(up_to=today()) == FIRST_RUN - 1
    monkeypatch.setattr(services, "Network", Network)
    assert compute_snapshots(up_to=today()) == 1
    assert _hosted_today() == 1


def test_a_run_that_was_overtaken_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    scene.hosted(scene.site())

    def overtake() -> None:
        monkeypatch.setattr(services, "Network", Network)
        assert compute_snapshots(up_to=today()) == FIRST_RUN

    monkeypatch.setattr(services, "Network", _then(overtake))
    assert compute_snapshots(up_to=today()) == 0


def test_two_records_that_were_one_company_are_counted_once() -> None:
    site = scene.site()
    keep, duplicate = (scene.hosted(site, name).company for name in ("Argan Un", "Argan Deux"))
    compute_snapshots(up_to=today())
    assert _hosted_today() == 2
    merge_companies(keep=keep, duplicate=duplicate, acting_user=None)
    assert list(SnapshotDay.objects.order_by("-day").values_list("day", flat=True)[:1]) == [
        today() - ONE_DAY
    ]
    compute_snapshots(up_to=today())
    assert _hosted_today() == 1


def _kept_through() -> Any:
    """The last day whose snapshot still stands."""
    return SnapshotDay.objects.latest("day").day


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
def test_space_that_changes_makes_its_days_be_computed_again(act: str) -> None:
    site = scene.site()
    acts = _space_acts(scene.office(site, code="B1"), scene.office(site, code="B2"))
    compute_snapshots(up_to=today())
    acts[act]()
    assert _kept_through() == today() - timedelta(days=5)


def test_another_kind_of_space_changes_the_units_since_it_is_let() -> None:
    """The kind is not dated: put right on the space's page, it was always so."""
    space = scene.office(scene.site(opened=today() - timedelta(days=4)))
    compute_snapshots(up_to=today())
    address = reverse("admin:sites_space_change", args=(space.pk,))
    data: dict[str, Any] = {"code": space.code, "kind": "storage", "note": "", "advertised": "on"}
    data |= {
        f"{prefix}-{name}": 0
        for prefix in ("measures", "lettable_periods", "bookings")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    client = doors.staff_client(Role.DIRECTOR)
    assert client.post(address, data).status_code == 302
    assert _kept_through() == today() - timedelta(days=5)


def test_another_capacity_makes_its_days_be_computed_again() -> None:
    site = scene.site(capacity=100)
    line = SiteCapacity.objects.get()
    compute_snapshots(up_to=today())
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
    assert not SnapshotDay.objects.exists()  # the first line is another one since the opening
    assert compute_snapshots(up_to=today()) == FIRST_RUN
    assert Snapshot.objects.get(name="occupancy_company", site=site, day=today()).denominator == 50
