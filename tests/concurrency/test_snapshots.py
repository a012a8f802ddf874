"""Snapshots while others write: what is committed as a run computes is not lost, and one runs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from applications.services.answers import accept_offer
from core.periods import today
from indicators import keeping, receivers
from indicators.models import Snapshot, Touched
from indicators.selectors.kept import Asked, Kept
from indicators.selectors.network import Network
from indicators.services import computing
from indicators.services.computing import LOCK, compute_snapshots
from leases.models import Lease
from leases.services.signing import sign_lease
from tests.factories import scene

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = Asked("hosted", None, today())


@pytest.fixture(autouse=True)
def _few_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "EVERY_DAY", 2)


def to_sign() -> Lease:
    site = scene.site(opened=today())
    file = scene.application(site)
    accept_offer(offer=scene.offer(file, scene.office(site)), acting_user=None)
    return Lease.objects.get(application=file)


def elsewhere(act: Callable[[], object]) -> None:
    """Done and committed by another client by the time this returns."""

    def done() -> None:
        try:
            act()
        finally:
            connection.close()

    client = threading.Thread(target=done)
    client.start()
    client.join(60)


def sign(lease: Lease) -> None:
    sign_lease(lease=lease, signed_on=today(), acting_user=None)


def kept_today() -> int:
    return int(Snapshot.objects.get(name="hosted", site=None, day=today()).numerator)


def shown_today() -> int:
    return int(Kept().figures(["hosted"], [today()])[TODAY].numerator)


@contextmanager
def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> Iterator[list[int]]:
    """Once the run has read the network, somebody else acts and commits; what a page shows then."""
    shown: list[int] = []

    def read() -> Network:
        network = Network()
        if not shown:
            elsewhere(act)
            elsewhere(lambda: shown.append(shown_today()))
        return network

    with monkeypatch.context() as patch:
        patch.setattr(computing, "Network", read)
        yield shown


def test_what_is_committed_while_a_run_computes_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lease = to_sign()
    with meanwhile(monkeypatch, lambda: sign(lease)) as shown:
        compute_snapshots()
    assert (shown, kept_today(), Touched.objects.count()) == ([1], 1, 0)


def test_without_the_news_it_would_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the signature does fall between the run's reading and its writing."""
    lease = to_sign()
    monkeypatch.setattr(receivers, "touch", lambda **_news: None)
    with meanwhile(monkeypatch, lambda: sign(lease)):
        compute_snapshots()
    assert kept_today() == 0


def test_what_commits_after_the_run_is_the_next_ones() -> None:
    lease = to_sign()
    compute_snapshots()
    with transaction.atomic():
        sign(lease)
        elsewhere(compute_snapshots)
    assert (kept_today(), shown_today()) == (0, 1)
    compute_snapshots()
    assert kept_today() == 1


def test_one_computes_at_a_time() -> None:
    to_sign()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        elsewhere(compute_snapshots)
        assert not Snapshot.objects.exists()
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    elsewhere(compute_snapshots)
    assert Snapshot.objects.exists()
