"""A month's run over 10,000 leases: computed, numbered and issued, against a bare INSERT … SELECT.

CPU of Python and of its PostgreSQL backend together. Budget: 5 seconds. A first month, which all
leases enter with, then a second, in which nothing changes.
"""

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from django.db import connection, transaction

from benchmarks.rent_roll import imported, spaces
from billing.models import Invoice
from billing.services.issuing import issue, start_issuing
from billing.services.runs import compute, draft_run
from billing.services.settings import set_billing
from core.database import count_rows
from core.periods import Period
from leases.services.importing import LeaseImporter
from sites.models import Site, VatRule
from sites.services.importing import SpaceImporter

LEASES: Final = 10_000
BUDGET: Final = 5.0
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_FIRST: Final = dt.date(2026, 1, 1)


def lines() -> Iterator[str]:
    with transaction.atomic():
        site = _site()
        for month in (_FIRST, dt.date(2026, 2, 1)):
            count_rows()  # as autovacuum would have done from one month to the next
            before = Invoice.objects.count()
            run = draft_run(site=site, month=month, acting_user=None)
            computed = _cpu(lambda run=run: compute(run))  # type: ignore[misc]
            issued = _cpu(lambda run=run: issue(start_issuing(run=run, acting_user=None)))  # type: ignore[misc]
            count = Invoice.objects.count() - before
            total = sum(computed) + sum(issued)
            told = [f"{name} {python:.2f} + {postgres:.2f} s" for name, (python, postgres) in
                    (("computed", computed), ("issued", issued))]  # fmt: skip
            yield f"{month:%Y-%m}: {count} invoices; {', '.join(told)} (Python + PostgreSQL)"
            yield f"    together {total:.2f} s (budget {BUDGET:.0f} s)"
        floor = sum(_cpu(_bare))
        yield f"the same rows by a bare INSERT … SELECT: {floor:.2f} s, {total / floor:.1f} times"
        transaction.set_rollback(True)


def _site() -> Site:
    first = Site.objects.order_by("id")[0]
    site = Site.objects.create(
        code="BENCH", lessor=first.lessor, name_fr="Banc", name_ar="منصة", name_en="Bench",
        city="Casablanca", opened_on=dt.date(2015, 1, 1),
    )  # fmt: skip
    if not VatRule.objects.filter(lessor=first.lessor, subject="office").exists():
        VatRule.objects.create(
            lessor=first.lessor, subject="office", period=Period(dt.date(2015, 1, 1)), rate=20
        )
    imported(SpaceImporter(), spaces(site.code, range(LEASES)))
    rows = ["number;site;company;space;area_m2;start;end;rate_per_m2;kind"]
    rows += [
        f"RUN/{n};BENCH;Locataire {n:05};BENCH/N{n};{5 + n % 15}.{n % 97:02};2026-01-01;;100;sme"
        for n in range(LEASES)
    ]
    imported(LeaseImporter(create_companies=True), "\n".join(rows))
    set_billing(site=site, starts_on=_FIRST, acting_user=None)
    return site


def _bare() -> None:
    """As many rows of the same width again, by nothing but SQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE bare_invoice (LIKE billing_invoice INCLUDING INDEXES) "
            "ON COMMIT DROP"
        )
        cursor.execute(
            "CREATE TEMPORARY TABLE bare_line (LIKE billing_invoiceline INCLUDING INDEXES) "
            "ON COMMIT DROP"
        )
        last = "(SELECT max(run_id) FROM billing_invoice)"
        cursor.execute(
            f"INSERT INTO bare_invoice SELECT * FROM billing_invoice WHERE run_id = {last}"
        )
        cursor.execute(
            "INSERT INTO bare_line SELECT l.* FROM billing_invoiceline l "
            f"JOIN billing_invoice i ON i.id = l.invoice_id WHERE i.run_id = {last}"
        )


def _cpu(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of CPU: of this process, of its backend."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    python, backend = time.process_time(), _of(pid)
    work()
    connection.check_constraints()  # what a commit would check
    return time.process_time() - python, _of(pid) - backend


def _of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
