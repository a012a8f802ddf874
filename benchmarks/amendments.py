"""Amendments of every eighth letting in bulk, with the versions of its lease before and after."""

from typing import Final

# Whole terms, as long as real ones, of which the loaders read the ends and the spaces.
TABLES: Final = (
    """
CREATE FUNCTION pg_temp.letting_terms(r rows, ends date, raised_on date DEFAULT NULL) RETURNS jsonb
LANGUAGE sql
RETURN jsonb_build_object('id', r.letting_id, 'charge', r.letting_id, 'continues', NULL,
       'space_id', r.space_id, 'space', 'BENCH' || r.s, 'tenant_kind', r.kind,
       'area_m2', r.area_m2::text, 'start', lower(r.period), 'end', ends, 'unit', 'per_m2',
       'list_rate', NULL, 'months', 1, 'in_advance', true, 'vat_subject', '',
       'discounts', '[]'::jsonb, 'charges', '[]'::jsonb,
       'steps', (SELECT jsonb_agg(jsonb_build_object('start', begins, 'end', until, 'rate', rate))
                   FROM (VALUES (lower(r.period), coalesce(raised_on, ends), '50.00'),
                                (raised_on, ends, '75.00')) AS steps (begins, until, rate)
                  WHERE begins IS NOT NULL))
""",
    """
CREATE FUNCTION pg_temp.lease_terms(r rows, ends date, VARIADIC lettings jsonb[]) RETURNS jsonb
LANGUAGE sql
RETURN jsonb_build_object('company', r.company_id, 'tenant_kind', r.kind,
       'start', lower(r.period), 'end', ends, 'deposit_due', '0.00', 'lettings', to_jsonb(lettings),
       'charges', '[]'::jsonb, 'tacit_months', NULL)
""",
    """
CREATE TEMP TABLE changes ON COMMIT DROP AS
SELECT row_number() OVER () * 2 AS nr, lease_id, kind, effective_on,
       pg_temp.lease_terms(old, end_before, pg_temp.letting_terms(old, end_before)) AS before,
       pg_temp.lease_terms(old, end_after, VARIADIC lettings_after) AS after
  FROM (SELECT one AS old, one.lease_id, 'space' AS kind, upper(one.period) AS effective_on,
               upper(two.period) AS end_before, upper(two.period) AS end_after,
               ARRAY[pg_temp.letting_terms(one, upper(one.period)),
                     pg_temp.letting_terms(two, upper(two.period))] AS lettings_after
          FROM rows AS one JOIN rows AS two ON two.lease_id = one.lease_id AND two.n > one.n
         WHERE one.amended = 1
         UNION ALL
        SELECT rows, lease_id, 'rent', lower(period) + 182, upper(period), upper(period),
               ARRAY[pg_temp.letting_terms(rows, upper(period), lower(period) + 182)]
          FROM rows WHERE amended = 2
         UNION ALL
        SELECT rows, lease_id, 'renewal', lower(period) + 150, lower(period) + 150, upper(period),
               ARRAY[pg_temp.letting_terms(rows, upper(period))]
          FROM rows WHERE amended = 3) AS found
""",
    """
INSERT INTO leases_leaseversion (id, lease_id, version, terms, reason, known_from)
SELECT %(version)s + nr + later, lease_id, later + 1, CASE later WHEN 0 THEN before ELSE after END,
       '', effective_on - 30 * later
  FROM changes, generate_series(0, 1) AS later
""",
    """
INSERT INTO leases_amendment (lease_id, number, kind, state, effective_on, reason, before, after,
       base_id, version_id, signed_on, created_at)
SELECT lease_id, 1, kind, 'signed', effective_on, 'Banc', before, after, %(version)s + nr,
       %(version)s + nr + 1, effective_on - 30, now()
  FROM changes
""",
)
