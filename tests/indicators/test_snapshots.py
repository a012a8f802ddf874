"""The nightly job: missed days are made up, twice is once, and nothing stale is kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from applications.services.answers import accept_offer
from core.periods import ONE_DAY, today
from indicators import services
from indicators.formulas import INDICATORS
from indicators.models import Snapshot, SnapshotDay
from indicators.selectors import Network
from indicators.services import REACH_BACK, compute_snapshots
from leases.models import Lease
from leases.services.signing import sign_lease
from tenants.services import merge_companies
from tests.factories import scene

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
