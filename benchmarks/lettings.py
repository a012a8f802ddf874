"""Invented lettings in bulk, past every trigger: only the superuser can write them so fast."""

import datetime as dt
import time
from typing import Any, Final

from django.db import connection

from core.database import count_rows
from core.periods import today
from sites.models import Lessor, Site

SITES: Final = 5
YEARS: Final = 25

# A space is let once a year. Every other year the tenants of half of them stay on under a new
# lease; a tenth has no room at all, as in coworking; companies come back, to other sites too.
_ROWS: Final = """
SELECT n, s, %(space)s + s AS space_id, (%(sites)s)[1 + s %% cardinality(%(sites)s)] AS site_id,
       %(company)s + (s * 7919::bigint + k / 2 * 104729) %% (%(count)s / 5) AS company_id,
       CASE WHEN s %% 10 = 0 THEN 'coworking' WHEN s %% 3 = 0 THEN 'startup' ELSE 'sme' END AS kind,
       daterange(begun, begun + CASE WHEN k %% 2 = 0 AND s %% 2 = 0 THEN 365
                                     ELSE 200 + (s * 31 + k * 17) %% 165 END) AS period
  FROM generate_series(0, %(count)s - 1) AS n,
       LATERAL (SELECT n / %(years)s AS s, n %% %(years)s AS k) AS slot,
       LATERAL (SELECT %(first)s::date + k * 365 + s * 13 %% 60 AS begun) AS day
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
SELECT %(lease)s + n, 'BENCH' || n, site_id, company_id, kind, 'ended', period, lower(period),
       upper(period) - 1, 0, '', 3, '', '', '', true, now()
  FROM rows
""",
    """
INSERT INTO leases_letting (lease_id, space_id, period, tenant_kind, area_m2)
SELECT %(lease)s + n, CASE WHEN kind = 'coworking' THEN NULL ELSE space_id END, period, kind,
       CASE WHEN kind = 'coworking' THEN NULL ELSE 20 END
  FROM rows
""",
)
_IDS: Final = {"space": "sites_space", "company": "tenants_company", "lease": "leases_lease"}
_PLAIN_INDEXES: Final = """
SELECT indexrelid::regclass FROM pg_index
 WHERE NOT indisunique AND NOT indisexclusion AND indrelid IN (
       'leases_lease'::regclass, 'leases_letting'::regclass, 'sites_space'::regclass,
       'sites_measure'::regclass, 'sites_lettableperiod'::regclass)
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
        "years": YEARS,
        "first": first_day(),
        "sites": [site.pk for site in sites],
        **{name: _next(table) for name, table in _IDS.items()},
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        # What only finds rows is made anew by the rollback.
        cursor.execute(_PLAIN_INDEXES)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(f"CREATE TEMP TABLE rows ON COMMIT DROP AS {_ROWS}", asked)
        for statement in _TABLES:
            cursor.execute(statement, asked)
    count_rows()
    return time.perf_counter() - begun


def _next(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")
        ((pk,),) = cursor.fetchall()
    return int(pk)
