"""The same figures in DuckDB, by the SQL that one would write there."""

from tempfile import NamedTemporaryFile
from typing import Any, Final

import duckdb
import numpy as np
from django.db import connection

from indicators.intervals import trailing_window
from indicators.selectors.columns import ordinal
from indicators.tables import Ints
from sites.choices import HOSTED_KINDS

NETWORK: Final = 0
Answer = dict[int, tuple[Ints, Ints]]
_LEAF: Final = "NOT EXISTS (SELECT 1 FROM sites_space AS unit WHERE unit.parent_id = space.id)"
_ROWS: Final = {
    "stays": f"""
        SELECT company_id AS company, site_id AS site, coalesce(letting.space_id, -1) AS space,
               {ordinal("lower(letting.period)")} AS start,
               {
        ordinal('''CASE WHEN state = 'active' AND upper(lease.period) <= now()::date
                                     AND upper(letting.period) >= upper(lease.period)
                                THEN greatest(upper(letting.period), now()::date + 1)
                                ELSE upper(letting.period) END''')
    } AS "end",
               (letting.tenant_kind IN ({", ".join(f"'{kind}'" for kind in HOSTED_KINDS)}))::int
                 AS hosted
          FROM leases_letting AS letting JOIN leases_lease AS lease ON lease.id = lease_id
         WHERE state IN ('signed', 'active', 'ended')""",
    "measures": f"""
        SELECT space_id AS space, {ordinal("lower(period)")} AS start,
               {ordinal("upper(period)")} AS "end", (area_m2 * 100)::bigint AS centi_m2
          FROM sites_measure JOIN sites_space AS space ON space.id = space_id WHERE {_LEAF}""",
    "lettable": f"""
        SELECT space_id AS space, {ordinal("lower(period)")} AS start,
               {ordinal("upper(period)")} AS "end"
          FROM sites_lettableperiod JOIN sites_space AS space ON space.id = space_id
         WHERE {_LEAF}""",
    "out_of_service": f"""
        SELECT space_id AS space, {ordinal("lower(period)")} AS start,
               {ordinal("upper(period)")} AS "end"
          FROM sites_booking WHERE kind = 'out_of_service'""",
    "spaces": f"SELECT id, site_id AS site FROM sites_space AS space WHERE {_LEAF}",
}
_OCCUPANCY: Final = """
WITH floor AS (
    SELECT site, space, greatest(m.start, l.start) AS start, least(m."end", l."end") AS "end",
           centi_m2
      FROM measures AS m JOIN lettable AS l USING (space) JOIN spaces ON spaces.id = space
     WHERE m.start < l."end" AND l.start < m."end"
), pieces AS (
    SELECT site, start, "end", 0 AS let, centi_m2 AS floor FROM floor
     UNION ALL
    SELECT f.site, greatest(s.start, f.start), least(s."end", f."end"), centi_m2, 0
      FROM stays AS s JOIN floor AS f
        ON f.space = s.space AND s.start < f."end" AND f.start < s."end"
     UNION ALL
    SELECT f.site, greatest(o.start, f.start), least(o."end", f."end"), 0, -centi_m2
      FROM out_of_service AS o JOIN floor AS f
        ON f.space = o.space AND o.start < f."end" AND f.start < o."end"
), of_site AS MATERIALIZED (
    SELECT site, greatest(day, $since) AS day, sum(let) AS above, sum(floor) AS below
      FROM (SELECT site, start AS day, sum(let) AS let, sum(floor) AS floor
              FROM pieces GROUP BY ALL
             UNION ALL
            SELECT site, "end", -sum(let), -sum(floor) FROM pieces GROUP BY ALL) AS event
     GROUP BY ALL
)
FROM of_site UNION ALL SELECT 0, day, sum(above), sum(below) FROM of_site GROUP BY day
"""
_RESIDENCIES: Final = """
SELECT site, min(start) AS start, max("end") AS "end"
  FROM (SELECT *, sum(fresh) OVER (PARTITION BY site, company ORDER BY start
                                   ROWS UNBOUNDED PRECEDING) AS nr
          FROM (SELECT *, (start > coalesce(max("end") OVER (
                               PARTITION BY site, company ORDER BY start
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), -1))::int AS fresh
                  FROM (SELECT site, company, start, "end" FROM stays WHERE hosted = 1
                         UNION ALL
                        SELECT 0, company, start, "end" FROM stays WHERE hosted = 1)))
 GROUP BY site, company, nr
"""
_HOSTED: Final = """
SELECT site, greatest(day, $since) AS day, sum(n) AS above, 0 AS below
  FROM (SELECT site, start AS day, 1 AS n FROM residencies
         UNION ALL SELECT site, "end", -1 FROM residencies) GROUP BY ALL
"""
_ENTRIES: Final = """
SELECT site, start AS day, count(*) AS above, 0 AS below FROM residencies GROUP BY ALL
"""
_EXITS: Final = """
SELECT site, "end" - 1 AS day, count(*) AS above, 0 AS below FROM residencies GROUP BY ALL
"""
_RUNNING: Final = """
SELECT site, day, sum(coalesce(above, 0)) OVER running AS above,
       sum(coalesce(below, 0)) OVER running AS below
  FROM calendar CROSS JOIN scopes LEFT JOIN (FROM {events}) AS event USING (site, day)
WINDOW running AS (PARTITION BY site ORDER BY day ROWS UNBOUNDED PRECEDING)
"""
_WINDOWED: Final = """
SELECT up.site, windows.day, up.above - coalesce(down.above, 0) AS above,
       up.below - coalesce(down.below, 0) AS below
  FROM windows JOIN running AS up ON up.day = high
  LEFT JOIN running AS down ON down.day = low AND down.site = up.site
"""


class Duck:
    """DuckDB with the rows in its own memory, once they are brought there."""

    def __init__(self, days: Ints, site_ids: Ints) -> None:
        self.db = duckdb.connect()
        self.first = int(days[0])
        self.since = self.first - 366  # windows of the first days reach back
        self._keep("calendar", {"day": np.arange(self.since, days[-1] + 1)})
        self._keep("scopes", {"site": np.append(site_ids, NETWORK)})
        low, high = zip(*(trailing_window(day) for day in days.tolist()), strict=True)
        self._keep("windows", {"day": days, "low": np.array(low) - 1, "high": np.array(high) - 1})

    def bring(self) -> None:
        """The rows from PostgreSQL, as a file of the kind that both read and write fast."""
        for name, sql in _ROWS.items():
            with NamedTemporaryFile(suffix=".csv") as file, connection.cursor() as cursor:
                cursor.copy_expert(f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER)", file)
                file.flush()
                self.db.execute(
                    f"CREATE OR REPLACE TABLE {name} AS "
                    "SELECT COLUMNS(*)::INTEGER FROM read_csv(?, header = true)",
                    [file.name],
                )

    def _keep(self, name: str, columns: dict[str, Any]) -> None:
        self.db.execute(f"CREATE TABLE {name} AS SELECT * FROM columns")

    def answer(self, name: str) -> Answer:
        """Above and below on every day, by site and for the network; of a turnover the entries and
        the company-days."""
        if name == "occupancy_area":
            self._make("running", _RUNNING.format(events=f"({_OCCUPANCY})"))
            return self._found(f"FROM running WHERE day >= {self.first}")
        self._make("residencies", _RESIDENCIES)
        if name == "hosted":
            self._make("running", _RUNNING.format(events=f"({_HOSTED})"))
            return self._found(f"FROM running WHERE day >= {self.first}")
        events = _ENTRIES if name in {"entries", "turnover"} else _EXITS
        if name == "turnover":
            self._make("hosted", _RUNNING.format(events=f"({_HOSTED})"))
            events = f"FROM ({events}) UNION ALL SELECT site, day, 0, above FROM hosted"
            events = f"SELECT site, day, sum(above) AS above, sum(below) AS below FROM ({events})"
            events = f"{events} GROUP BY ALL"
        self._make("running", _RUNNING.format(events=f"({events})"))
        return self._found(_WINDOWED)

    def _make(self, name: str, sql: str) -> None:
        given = {"since": self.since} if "$since" in sql else {}
        self.db.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}", given)

    def _found(self, sql: str) -> Answer:
        found = self.db.execute(f"SELECT * FROM ({sql}) ORDER BY site, day").fetchnumpy()
        site, above, below = (found[key].astype(np.int64) for key in ("site", "above", "below"))
        cuts = np.flatnonzero(np.diff(site)) + 1
        parts = zip(*(np.split(column, cuts) for column in (site, above, below)), strict=True)
        return {int(sites[0]): (high, low) for sites, high, low in parts}
