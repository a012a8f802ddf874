"""A snapshot run that begins while somebody signs a lease waits for them."""

import threading
import time

import pytest
from django.db import connection, transaction

from applications.services.answers import accept_offer
from core.periods import today
from indicators.models import Snapshot
from indicators.services import compute_snapshots
from leases.models import Lease
from leases.services.signing import sign_lease
from tests.factories import scene

pytestmark = pytest.mark.django_db(transaction=True)


def _compute() -> None:
    try:
        compute_snapshots(up_to=today())
    finally:
        connection.close()


def _waits(run: threading.Thread) -> bool:
    """Whether the run stands at the lock; not if it went through."""
    while run.is_alive():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            if cursor.fetchone() == (1,):
                return True
        time.sleep(0.01)
    return False


def test_what_is_not_committed_yet_is_in_the_figures_all_the_same() -> None:
    site = scene.site()
    file = scene.application(site)
    accept_offer(offer=scene.offer(file, scene.office(site)), acting_user=None)
    lease = Lease.objects.get(application=file)
    run = threading.Thread(target=_compute)
    with transaction.atomic():
        sign_lease(lease=lease, signed_on=today(), acting_user=None)
        run.start()
        assert _waits(run)
    run.join(60)
    hosted = Snapshot.objects.get(name="hosted", site=None, day=today())
    assert int(hosted.numerator) == 1
