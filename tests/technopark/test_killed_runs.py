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
A_STAGE: Final = KILLS // 3
"""Kills while a run is computed, while it is issued, while its papers are made and sent; those that
found no time wait for the next stage."""
WITHIN: Final = 120 if BOUNDED else 1800
"""Seconds for one stage of a run, kills included."""
_WOKEN: Final = (
    "core.send_messages",
    "billing.compute_runs",
    "billing.issue_runs",
    "billing.make_papers",
)
_STORMY: Final = f"(SELECT id FROM sites_site WHERE code = '{STORM}')"
_PROGRESS: Final = (
    f"SELECT (SELECT coalesce(sum(looked_at), 0) FROM billing_rentrun WHERE site_id = {_STORMY}) "
    f"|| ' looked at, ' || (SELECT count(*) FROM billing_invoice WHERE site_id = {_STORMY}) "
    "|| ' issued, ' || (SELECT count(*) FROM billing_invoicepaper WHERE made_at IS NOT NULL) "
    "|| ' papers, ' || (SELECT count(*) FROM core_message WHERE state <> 'to_send') || ' letters'"
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
    random: random.Random
    allowed: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    at: list[str] = field(default_factory=list)
    """Whom, and how far the run was."""

    def goes_on(self) -> None:
        """A stage begins."""
        self.allowed = min(self.allowed + A_STAGE, KILLS)

    def rage(self) -> None:
        victims = ["redis", "postgres", "worker"]
        before = self.house.sql(_PROGRESS)
        while len(self.at) < KILLS and not self.over.wait(0.05):
            now = self.house.sql(_PROGRESS)
            if now == before or len(self.at) >= self.allowed:
                continue
            self.over.wait(self.random.uniform(0, 0.7))
            self.house.kill(victims[len(self.at) % len(victims)])
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


def _bill(house: House, token: str, site: str, month: str, storm: Storm | None = None) -> None:
    """A run from its beginning to its last invoice, as a client asks for it; in a storm to its last
    letter."""

    def stage(query: str) -> None:
        if storm is not None:
            storm.goes_on()
        _reach(house, query)

    asked = {"site": site, "month": month}
    run = house.ask("/api/v1/runs/", body=asked, token=token, key=f"{site}-{month}")["id"]
    stage(f"SELECT state = 'draft' FROM billing_rentrun WHERE id = {run}")
    path = f"/api/v1/runs/{run}/issue/"
    house.ask(path, body={}, token=token, key=f"{site}-{month}-issue")
    stage(f"SELECT state = 'issued' FROM billing_rentrun WHERE id = {run}")
    if storm is not None:  # nobody at the other site receives invoices
        stage(
            "SELECT NOT EXISTS (SELECT FROM billing_invoicepaper p JOIN billing_invoice i "
            f"ON i.id = p.invoice_id WHERE i.run_id = {run} AND p.made_at IS NULL)"
        )
        house.settle(within=WITHIN)


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
    storm = Storm(house, random.Random(5))
    raging = threading.Thread(target=storm.rage)
    raging.start()
    billed: list[str] = []
    try:
        while len(storm.at) < KILLS:
            month = MONTHS[len(billed)].isoformat()
            _bill(house, token, STORM, month, storm)
            billed.append(month)
    finally:
        storm.over.set()
        raging.join()
    for month in billed:
        _bill(house, token, CALM, month)
    letters = house.letters(office)
    print(len(billed), "months;", "; ".join(storm.at), dict(letters))  # noqa: T201  for -s
    stormy, calm = (house.sql(_INVOICES.format(code)).splitlines() for code in (STORM, CALM))
    assert stormy == calm
    assert [int(line.split()[0]) for line in stormy] == [*range(1, LEASES * len(billed) + 1)]
    assert letters["sent"] + letters["uncertain"] == letters.total() == len(stormy)
