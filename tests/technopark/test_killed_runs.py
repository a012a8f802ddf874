"""Rent runs whose worker, PostgreSQL and Redis are killed at random points end as if nothing had
been: the same invoices as of the same leases elsewhere, numbers from 1 without gap or double, and
each letter accepted once by a real SMTP server, or shown as uncertain.
"""

import os
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import pytest

from tests.technopark.instance import wait_until
from tests.technopark.killed_house import House, killed_house
from tests.technopark.killed_run import CALM, MONTHS, STORM
from tests.technopark.post_office import PostOffice, post_office

pytestmark = pytest.mark.torture

BOUNDED: Final = os.environ.get("TORTURE") == "bounded"
LEASES: Final = 100 if BOUNDED else 2000
KILLS: Final = 3 if BOUNDED else 30
WITHIN: Final = 60 if BOUNDED else 900
"""Seconds for one stage of a run, kills included."""
_WOKEN: Final = ("core.send_messages", "billing.compute_runs", "billing.issue_runs")
_STORMY: Final = f"(SELECT id FROM sites_site WHERE code = '{STORM}')"
_PROGRESS: Final = (
    f"SELECT (SELECT coalesce(sum(looked_at), 0) FROM billing_rentrun WHERE site_id = {_STORMY}) "
    f"|| ' looked at, ' || (SELECT count(*) FROM billing_invoice WHERE site_id = {_STORMY}) "
    "|| ' issued, ' || (SELECT count(*) FROM core_message WHERE state <> 'to_send') || ' letters'"
)
_INVOICES: Final = """
    SELECT concat_ws(' ', i.sequence, split_part(l.number, '/', 2), i.total,
                     (SELECT string_agg(concat_ws('/', n.period, n.kind, n.amount, n.vat), ' '
                                        ORDER BY n.position)
                        FROM billing_invoiceline n WHERE n.invoice_id = i.id))
      FROM billing_invoice i JOIN leases_lease l ON l.id = i.lease_id
      JOIN sites_site s ON s.id = i.site_id
     WHERE s.code = '{}' ORDER BY i.sequence"""


@dataclass
class Storm:
    """Kills now one, now another of them, each time shortly after a run has moved on."""

    house: House
    left: int
    random: random.Random
    over: threading.Event = field(default_factory=threading.Event)
    at: list[str] = field(default_factory=list)
    """Whom, and how far the run was."""

    def rage(self) -> None:
        victims = ["redis", "postgres", "worker"]
        before = self.house.sql(_PROGRESS)
        while self.left and not self.over.wait(0.05):
            now = self.house.sql(_PROGRESS)
            if now == before:
                continue
            self.over.wait(self.random.uniform(0, 0.7))
            self.house.kill(victims[self.left % len(victims)])
            self.left -= 1
            self.at.append(f"{self.house.killed[-1]} at {now}")
            before = self.house.sql(_PROGRESS)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as made:
        made.reading = 0.01
        yield made


@pytest.fixture
def house(office: PostOffice) -> Iterator[House]:
    with killed_house(office, woken=_WOKEN) as made:
        yield made


def _bill(house: House, token: str, site: str, month: str) -> None:
    """A run from its beginning to its last invoice, as a client asks for it."""
    asked = {"site": site, "month": month}
    run = house.ask("/api/v1/runs/", body=asked, token=token, key=f"{site}-{month}")["id"]
    _reach(house, f"SELECT state = 'draft' FROM billing_rentrun WHERE id = {run}")
    path = f"/api/v1/runs/{run}/issue/"
    house.ask(path, body={}, token=token, key=f"{site}-{month}-issue")
    _reach(house, f"SELECT state = 'issued' FROM billing_rentrun WHERE id = {run}")


def _reach(house: House, query: str) -> None:
    def there() -> bool:
        house.mend()
        return house.sql(query) == "t"

    assert wait_until(there, within=WITHIN), house.sql(
        "SELECT state, looked_at, (SELECT string_agg(DISTINCT state || note, ' ') FROM "
        "billing_runitem WHERE run_id = r.id) FROM billing_rentrun r ORDER BY id DESC LIMIT 1"
    )


def test_a_run_that_is_killed_ends_as_one_that_is_not(house: House, office: PostOffice) -> None:
    token = house.program("tests.technopark.killed_run", str(LEASES))["token"]
    storm = Storm(house, KILLS, random.Random(5))
    raging = threading.Thread(target=storm.rage)
    raging.start()
    billed = []
    try:
        for month in MONTHS:
            _bill(house, token, STORM, month.isoformat())
            billed.append(month)
            if not storm.left:
                break
    finally:
        storm.over.set()
        raging.join()
    for month in billed:
        _bill(house, token, CALM, month.isoformat())
    print(len(billed), "months;", "; ".join(storm.at))  # noqa: T201  shown by -s
    assert len(storm.at) == KILLS
    stormy, calm = (house.sql(_INVOICES.format(code)).splitlines() for code in (STORM, CALM))
    assert stormy == calm
    assert [int(line.split()[0]) for line in stormy] == [*range(1, LEASES * len(billed) + 1)]
