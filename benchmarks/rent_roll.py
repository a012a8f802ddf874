"""A rent roll of 10,000 rows read, planned and written, then taken back.

5,000 leases of two rent steps each, with service charge and deposit, on spaces of their own, for
companies that are not known. Budget: 60 seconds, by the clock.
"""

import time
from collections.abc import Iterator
from typing import Final

from django.db import transaction

from core.imports import Importer, Plan, run
from core.tables import read_table
from leases.models import Lease, RentStep
from leases.services.importing import LeaseImporter
from sites.models import Site
from sites.services.importing import SpaceImporter

ROWS: Final = 10_000
BUDGET: Final = 60.0
_PER_FLOOR: Final = 100


def lines() -> Iterator[str]:
    site = Site.objects.order_by("id").values_list("code", flat=True)[0]
    numbers = range(ROWS // 2)
    with transaction.atomic():
        imported(SpaceImporter(), spaces(site, numbers))
        roll = _roll(site, numbers)
        begun = time.monotonic()
        plan = imported(LeaseImporter(create_companies=True), roll)
        taken = time.monotonic() - begun
        leases = Lease.objects.filter(number__startswith="BENCH/").count()
        steps = RentStep.objects.filter(letting__lease__number__startswith="BENCH/").count()
        begun = time.monotonic()
        again = imported(LeaseImporter(create_companies=True), roll)
        unchanged = time.monotonic() - begun
        transaction.set_rollback(True)
    yield f"{len(plan.rows)} rows: {leases} leases, {steps} rent steps"
    yield f"written in {taken:.1f} s (budget {BUDGET:.0f} s)"
    yield f"the same file again, {len(again.rows)} rows unchanged: {unchanged:.1f} s"


def imported(importer: Importer, text: str) -> Plan:
    table = read_table(text.encode(), columns=importer.columns)
    return run(importer, table=table, acting_user=None)


def spaces(site: str, numbers: range) -> str:
    rows = (
        f"{site};BENCH;{number // _PER_FLOOR};N{number};office;20;2015-01-01" for number in numbers
    )
    return "\n".join(["site;building;floor;code;kind;area_m2;lettable_from", *rows])


def _roll(site: str, numbers: range) -> str:
    header = (
        "number;site;company;space;area_m2;start;end;rate_per_m2;kind;billing_months;"
        "service_charge_per_m2;deposit_due;deposit_received"
    )
    rows = [header]
    for number in numbers:
        lease = f"BENCH/{number};{site};Locataire {number:05};BENCH/N{number};20"
        rows.append(f"{lease};2024-01-01;2025-06-30;50;startup;3;12,5;2000;2000")
        rows.append(f"{lease};2025-07-01;;100;startup;3;12,5;;")
    return "\n".join(rows)
