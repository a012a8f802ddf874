"""The ageing of 1,000,000 invoices, against the same sums by SQL written by hand.

Four years of invoices of 2,000 companies at five sites; nine of ten are paid, some in two parts,
one in fifty is credited. By hand is what one would write first: what settles each invoice, added
up, then the bands; without credit, certificates and deposits, which ours has too. Budget: three
times that, in the same run.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

from django.db import connection, transaction

from accounts.models import User
from billing.ageing import BANDS, together
from billing.selectors.ageing import aged_invoices, ageing
from core.database import count_rows
from core.periods import today
from sites.models import Lessor, Site
from sites.scopes import remember_roles
from tenants.models import Company

INVOICES: Final = 1_000_000
COMPANIES: Final = 2_000
SITES: Final = 5
CHUNK: Final = 100_000
GIVEN: Final = 5_000
"""Allocations a statement: what checks them joins them with all invoices."""
BUDGET: Final = 3.0
ROUNDS: Final = 3

_BY_HAND: Final = """
SELECT site_id, company_id,
       sum(open) FILTER (WHERE due_on >= %(on)s) AS not_due,
       sum(open) FILTER (WHERE due_on BETWEEN %(on)s - 30 AND %(on)s - 1) AS days_1_30,
       sum(open) FILTER (WHERE due_on BETWEEN %(on)s - 60 AND %(on)s - 31) AS days_31_60,
       sum(open) FILTER (WHERE due_on BETWEEN %(on)s - 90 AND %(on)s - 61) AS days_61_90,
       sum(open) FILTER (WHERE due_on < %(on)s - 90) AS days_over_90
  FROM (SELECT i.site_id, i.company_id, i.due_on, i.total - coalesce(s.settled, 0) AS open
          FROM billing_invoice AS i
          LEFT JOIN (SELECT invoice_id, sum(amount) AS settled FROM billing_allocation
                      WHERE "on" <= %(on)s GROUP BY invoice_id) AS s ON s.invoice_id = i.id
         WHERE i.kind = 'invoice' AND i.issued_on <= %(on)s) AS of_each
 GROUP BY site_id, company_id
"""

# Number n is of one company and site, and as many days old as it comes early.
_ROWS: Final = """
SELECT n, %(lessor)s AS lessor_id, (%(sites)s)[1 + n %% cardinality(%(sites)s)] AS site_id,
       (%(companies)s)[1 + n %% cardinality(%(companies)s)] AS company_id,
       %(first)s + (n::bigint * 1460 / %(all)s)::integer AS day, 100 + n %% 900 AS net
  FROM generate_series(%(begin)s, %(end)s - 1) AS n
"""
_INVOICES: Final = f"""
INSERT INTO billing_invoice (kind, number, lessor_id, year, sequence, site_id, company_id,
       issued_on, due_on, language, seller, client, net, vat, credit_kind, reason, made_at)
SELECT 'invoice', 'BENCH-F' || n, lessor_id, 2000, n, site_id, company_id,
       day, day + 10, 'fr', '{{}}', '{{}}', net, 0, '', '', now()
  FROM ({_ROWS}) AS r
"""
_PAYMENTS: Final = f"""
INSERT INTO billing_payment (number, lessor_id, site_id, company_id, method, received_on, amount,
       stamp_duty, reference, bank, payer, note, made_at)
SELECT 'BENCH-P' || n, lessor_id, site_id, company_id, 'transfer', day + n %% 100, net + n %% 20,
       0, '', '', '', '', now()
  FROM ({_ROWS}) AS r WHERE n %% 10 > 0
"""
_GIVEN: Final = f"""
INSERT INTO billing_allocation (invoice_id, payment_id, amount, "on", reason, made_at)
SELECT i.id, p.id, share.amount, p.received_on, '', now()
  FROM ({_ROWS}) AS r
  JOIN billing_invoice AS i ON i.number = 'BENCH-F' || n
  JOIN billing_payment AS p ON p.number = 'BENCH-P' || n
 CROSS JOIN LATERAL unnest(
       CASE WHEN n %% 7 = 0 THEN ARRAY[50, i.net - 50] ELSE ARRAY[i.net] END) AS share (amount)
"""
_NOTES: Final = f"""
INSERT INTO billing_invoice (kind, number, lessor_id, year, sequence, site_id, company_id,
       issued_on, due_on, language, seller, client, net, vat, corrects_id, credit_kind, reason,
       made_at)
SELECT 'credit', 'BENCH-A' || n, r.lessor_id, 2000, n, r.site_id, r.company_id,
       day + 5, day + 5, 'fr', '{{}}', '{{}}', 50, 0, i.id, 'commercial', 'x', now()
  FROM ({_ROWS}) AS r JOIN billing_invoice AS i ON i.number = 'BENCH-F' || n WHERE n %% 50 = 0
"""
_CREDITED: Final = f"""
INSERT INTO billing_allocation (invoice_id, credit_note_id, amount, "on", reason, made_at)
SELECT a.corrects_id, a.id, a.net, a.issued_on, '', now()
  FROM ({_ROWS}) AS r JOIN billing_invoice AS a ON a.number = 'BENCH-A' || n
"""


def lines() -> Iterator[str]:
    with transaction.atomic():
        begun = time.perf_counter()
        _written()
        yield (
            f"{_count('billing_invoice')} invoices, {_count('billing_allocation')} allocations"
            + (f" ({time.perf_counter() - begun:.0f} s to write)")
        )
        for on in (today(), today() - dt.timedelta(days=400)):
            yield _measured(on)
        yield _page(today())
        transaction.set_rollback(True)


def _measured(on: dt.date) -> str:
    user = _everybody()
    ours, found = _quickest(lambda: ageing(user, on))
    bare, rows = _quickest(lambda: _asked(_BY_HAND, {"on": on}))
    total = together(found.values())
    by_hand = [
        sum((row[2 + place] or Decimal(0) for row in rows), Decimal(0)) for place in range(5)
    ]
    same = [total.band(band) for band in BANDS] == by_hand
    good = same and ours <= BUDGET * bare
    return (
        f"as of {on}: {ours:.2f} s, by hand {bare:.2f} s: {ours / bare:.2f}x (budget {BUDGET}x), "
        f"{len(found)} rows, {'the same sums' if same else 'OTHER SUMS'}"
        f"{'' if good else '   OVER BUDGET'}"
    )


def _page(on: dt.date) -> str:
    rows = aged_invoices(_everybody(), on, band="days_over_90")
    taken, _rows = _quickest(lambda: list(rows.values_list("number", "open")[:100]))
    return f"the first 100 invoices behind the oldest band: {taken:.2f} s"


def _everybody() -> Any:
    user = User(is_active=True)
    remember_roles(user, [("director", None)])
    return user


def _quickest(work: Callable[[], Any]) -> tuple[float, Any]:
    taken, found = [], None
    for _round in range(ROUNDS):
        since = time.perf_counter()
        found = work()
        taken.append(time.perf_counter() - since)
    return min(taken), found


def _asked(sql: str, params: Any = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else None


def _count(table: str) -> int:
    ((count,),) = _asked(f"SELECT count(*) FROM {table}")
    return int(count)


def _written() -> None:
    lessor = Lessor.objects.create(code="BENCH", name="Banc", legal_form="SA")
    sites = Site.objects.bulk_create(
        Site(code=f"BENCH{number}", lessor=lessor, name_fr="Banc", name_ar="منصة", name_en="Bench",
             city="Rabat", opened_on=dt.date(2015, 1, 1))
        for number in range(SITES)
    )  # fmt: skip
    companies = Company.objects.bulk_create(
        Company(name=f"Locataire {number:05}", name_key=f"locataire {number:05}")
        for number in range(COMPANIES)
    )
    asked = {
        "lessor": lessor.pk,
        "sites": [site.pk for site in sites],
        "companies": [company.pk for company in companies],
        "first": today() - dt.timedelta(days=4 * 365),
        "all": INVOICES,
    }
    # What checks each statement must not go on by a plan for tables that were empty.
    _asked("SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL work_mem = '256MB'")
    for statements, chunk in (
        ((_INVOICES, _PAYMENTS, _NOTES), CHUNK),
        ((_GIVEN, _CREDITED), GIVEN),
    ):
        for begin in range(0, INVOICES, chunk):
            for statement in statements:
                _asked(statement, {**asked, "begin": begin, "end": begin + chunk})
    _asked("SET LOCAL plan_cache_mode TO DEFAULT; SET LOCAL work_mem TO DEFAULT")
    count_rows()  # as of tables in use: the sums by hand were planned as if these were empty
