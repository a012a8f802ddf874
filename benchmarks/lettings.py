"""Invented lettings in bulk, past every trigger: only the superuser can write them so fast."""

import datetime as dt
import time
from typing import Any, Final

from django.db import connection

from benchmarks import amendments
from core.database import count_rows
from core.periods import today
from sites.models import Lessor, Site

SITES: Final = 5
YEARS: Final = 25

# A space is let once a year. Every other year the tenants of half of them stay on: most under a new
# lease, a tenth with other m² under the same (`amended` is 1); other leases had their rent changed
# (2) or were renewed (3). A tenth has no room at all, as in coworking; companies come back, to
# other sites too. Who is there still has not left.
_ROWS: Final = """
SELECT n, s, %(space)s + s AS space_id, (%(sites)s)[1 + s %% cardinality(%(sites)s)] AS site_id,
       %(company)s + (s * 7919::bigint + k / 2 * 104729) %% (%(count)s / 5) AS company_id,
       CASE WHEN s %% 10 = 0 THEN 'coworking' WHEN s %% 3 = 0 THEN 'startup' ELSE 'sme' END AS kind,
       %(lease)s + n - CASE WHEN amended = 1 AND k %% 2 = 1 THEN %(spaces)s ELSE 0 END AS lease_id,
       %(letting)s + n AS letting_id, amended,
       CASE WHEN amended = 1 AND k %% 2 = 1 THEN 24 ELSE 20 END AS area_m2,
       daterange(begun, begun + CASE WHEN k %% 2 = 0 AND s %% 2 = 0 THEN 365
                                     ELSE 200 + (s * 31 + k * 17) %% 165 END) AS period
  FROM generate_series(0, %(count)s - 1) AS n,
       LATERAL (SELECT n %% %(spaces)s AS s, n / %(spaces)s AS k) AS slot,
       LATERAL (SELECT %(first)s::date + k * 365 + s * 13 %% 60 AS begun,
                       CASE s %% 20 WHEN 2 THEN 1 WHEN 5 THEN 2 WHEN 9 THEN 3 ELSE 0 END AS amended)
            AS year
"""
_TABLES: Final = (
    """
INSERT INTO sites_space (id, site_id, building_id, floor_id, code, kind, advertised, note)
SELECT DISTINCT space_id, site_id, 0, 0, 'BENCH' || s, 'office', true, '' FROM rows
""",
    """
INSERT INTO sites_measure (space_id, period, area_m2)
SELECT id, CASE half WHEN 1 THEN daterange(%(first)s, %(first)s::date + 3000)
                     ELSE daterange(%(first)s::date + 3000, NULL) END, 12 + id %% 50 + half * 0.25
  FROM sites_space, generate_series(1, 2) AS half WHERE code LIKE 'BENCH%%'
""",
    """
INSERT INTO sites_lettableperiod (space_id, period)
SELECT id, daterange(%(first)s, NULL) FROM sites_space WHERE code LIKE 'BENCH%%'
""",
    """
INSERT INTO leases_lease (id, number, site_id, company_id, tenant_kind, state, period, signed_on,
       exit_on, deposit_due, deposit_waiver, notice_months, exit_reason, end_reason,
       forwarding_address, imported, created_at)
SELECT lease_id, 'BENCH' || min(n), min(site_id), min(company_id), min(kind),
       CASE WHEN max(upper(period)) > %(today)s THEN 'active' ELSE 'ended' END,
       daterange(min(lower(period)), max(upper(period))), min(lower(period)),
       CASE WHEN max(upper(period)) <= %(today)s THEN max(upper(period)) - 1 END,
       0, '', 3, '', '', '', true, now()
  FROM rows GROUP BY lease_id
""",
    """
INSERT INTO leases_letting (id, lease_id, space_id, period, tenant_kind, area_m2)
SELECT letting_id, lease_id, CASE WHEN kind = 'coworking' THEN NULL ELSE space_id END, period, kind,
       CASE WHEN kind = 'coworking' THEN NULL ELSE area_m2 END
  FROM rows
""",
    """
INSERT INTO leases_charge (lease_id, letting_id, kind, label, unit, months, in_advance, vat_subject)
SELECT lease_id, letting_id, 'rent', '', '', 1, true, '' FROM rows
""",
    # A start-up pays less at first; an amendment of the rent raises it after half a year.
    """
INSERT INTO leases_rentstep (letting_id, period, unit, rate)
SELECT letting_id, period * step, CASE kind WHEN 'coworking' THEN 'flat' ELSE 'per_m2' END,
       CASE kind WHEN 'coworking' THEN 500 ELSE 50 END + more
  FROM rows,
       LATERAL (SELECT CASE WHEN kind = 'startup' OR amended = 2 THEN lower(period) + 182 END)
            AS half (day),
       LATERAL (VALUES (daterange(NULL, day), 0), (daterange(day, NULL), 25)) AS steps (step, more)
 WHERE day IS NOT NULL OR more = 0
""",
)
_IDS: Final = {
    "space": "sites_space",
    "company": "tenants_company",
    "lease": "leases_lease",
    "letting": "leases_letting",
    "version": "leases_leaseversion",
}
_WRITTEN: Final = [
    "leases_lease",
    "leases_letting",
    "leases_charge",
    "leases_rentstep",
    "sites_space",
    "sites_measure",
    "sites_lettableperiod",
]
# How each is taken away and made again.
_INDEXES: Final = """
SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
  FROM pg_index
 WHERE NOT indisunique AND NOT indisexclusion AND indrelid = ANY(%(written)s::regclass[])
 UNION ALL
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%s CASCADE', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%s %%s', conrelid::regclass, conname,
              pg_get_constraintdef(oid))
  FROM pg_constraint
 WHERE contype = 'u' AND conperiod AND conrelid = ANY(%(written)s::regclass[])
"""


def first_day() -> dt.date:
    return today() - dt.timedelta(days=YEARS * 365)


def write_lettings(count: int) -> float:
    """So many lettings at five sites, in the transaction that is open. Returns the seconds."""
    begun = time.perf_counter()
    lessor = Lessor.objects.create(code="BENCH", name="Banc", legal_form="SA")
    sites = Site.objects.bulk_create(
        Site(code=f"BENCH{number}", lessor=lessor, name_fr="Banc", name_ar="منصة", name_en="Bench",
             city="Rabat", opened_on=first_day())
        for number in range(SITES)
    )  # fmt: skip
    asked: dict[str, Any] = {
        "count": count,
        "spaces": count // YEARS,
        "first": first_day(),
        "today": today(),
        "sites": [site.pk for site in sites],
        **{name: _next(table) for name, table in _IDS.items()},
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        # Made at once from all that was written they take a tenth of the time.
        cursor.execute(_INDEXES, {"written": _WRITTEN})
        indexes = cursor.fetchall()
        for dropped, _made in indexes:
            cursor.execute(dropped)
        cursor.execute(f"CREATE TEMP TABLE rows ON COMMIT DROP AS {_ROWS}", asked)
        for statement in (*_TABLES, *amendments.TABLES):
            cursor.execute(statement, asked)
        for _dropped, made in indexes:
            cursor.execute(made)
    count_rows()
    return time.perf_counter() - begun


def _next(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")
        ((pk,),) = cursor.fetchall()
    return int(pk)
