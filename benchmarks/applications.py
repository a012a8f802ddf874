"""List, board and search of 50,000 applications, against the rows as PostgreSQL's own JSON.

The floor of each page is `json_agg` over the query that fetched what it shows. Budget: 40 ms of
CPU of the web process, 12 queries, and no query that takes PostgreSQL longer than 100 ms.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import Role
from accounts.services import save_filter
from applications.admin.listing import PAGE
from applications.models import Application
from benchmarks.measuring import cpu
from benchmarks.people import person, signed_in
from core.database import count_rows
from sites.models import Site

FILES: Final = 50_000
BUDGET = 40.0
QUERIES = 12
SLOWEST = 100.0
"""Milliseconds that PostgreSQL may take over one query."""
_SKIPPED: Final = {
    *("id", "reference", "submission_key", "state", "submitted_at", "due_at"),
    *("name", "name_key", "ice", "contact_email", "project"),
}
_ARABIC: Final = "تطبيق لتتبع توصيل الطلبات في المدينة."
_STATES: Final = (
    *("submitted", "screening", "info_requested", "review", "committee_ready", "decided"),
    *("offered", "waitlisted", "deferred", "accepted", "onboarding", "tenant"),
    *("declined", "lapsed", "withdrawn", "spam"),
)


def prepare() -> None:
    """As many files as measured, made of the demo's own; each is found by its answers, and has a
    name, an address and an ICE of its own. What was sent in Arabic is in Arabic."""
    lacking = FILES - Application.objects.count()
    if lacking <= 0:
        return
    columns = ", ".join(
        f'a."{field.column}"'
        for field in Application._meta.concrete_fields
        if field.column not in _SKIPPED
    )
    names = columns.replace("a.", "")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH models AS (
                SELECT *, row_number() OVER (ORDER BY id) AS nr, count(*) OVER () AS of
                FROM applications_application WHERE submitted_at IS NOT NULL
            ), made AS (
                INSERT INTO applications_application
                    (reference, submission_key, state, submitted_at, due_at, name, name_key, ice,
                     contact_email, project, {names})
                SELECT 'BENCH-' || n, gen_random_uuid(), (%(states)s::text[])[1 + n %% 16],
                    now() - n * interval '11 minutes',
                    CASE WHEN n %% 16 < 6 THEN now() + (n %% 97 - 9) * interval '1 day' END,
                    concat_ws(' ', word, split_part(a.name, ' ', 2)),
                    concat_ws(' ', word, split_part(a.name_key, ' ', 2)),
                    lpad(n::text, 15, '0'), 'bench' || n || '@example.org',
                    CASE a.language WHEN 'ar' THEN %(arabic)s ELSE a.project END, {columns}
                FROM generate_series(1, %(count)s) AS n
                JOIN models AS a ON a.nr = 1 + n %% a.of,
                translate(left(md5(n::text), 9), '0123456789', 'aeiouylrst') AS word
                RETURNING id, name, project, reference
            )
            INSERT INTO applications_searchentry (application_id, lexemes)
            SELECT id, to_tsvector('french', text) || to_tsvector('arabic', text)
                || to_tsvector('simple', text)
            FROM made, concat_ws(' ', lower(reference), lower(name), lower(project)) AS text
            """,
            {"states": list(_STATES), "count": lacking, "arabic": _ARABIC},
        )
    count_rows()


def lines() -> Iterator[str]:
    """One line per page: CPU, the floor's CPU, their ratio, queries, PostgreSQL's slowest."""
    prepare()
    browser = signed_in()
    board, changelist = (
        reverse("admin:applications_board"),
        reverse("admin:applications_application_changelist"),
    )
    site = f"site__id__exact={Site.objects.get(code='CAS').pk}"
    kept = f"late=yes&{site}&m2_from=10"
    save_filter(page=PAGE, name="bench", query=kept, acting_user=person(Role.DIRECTOR))
    pages = {
        "list": changelist,
        "list, due first, late": f"{changelist}?o=8&late=yes",
        "list, by a kept filter": f"{changelist}?{kept}",
        "list, searched": f"{changelist}?q=bench+4999",
        "list, a French word": f"{changelist}?q=d%C3%A9chets",
        "list, an Arabic word": f"{changelist}?{urlencode({'q': 'التطبيق'})}",
        "board": board,
        "board, of a site": f"{board}?{site}",
        "board, searched": f"{board}?q=capteurs",
    }
    for name, address in pages.items():
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            browser.get(address)
        asked = [query["sql"] for query in captured]
        rows = max((sql for sql in asked if "project" not in sql or "LIMIT" in sql), key=len)
        ours, bare = cpu([partial(browser.get, address), partial(_as_json, rows)])
        slowest = max(milliseconds(sql) for sql in asked)
        good = ours <= BUDGET and len(asked) <= QUERIES and slowest <= SLOWEST
        yield (
            f"{name:23} {ours:6.1f} ms CPU (budget {BUDGET:.0f}), floor {bare:5.2f} ms: "
            f"{ours / bare:5.1f}x, {len(asked)} queries (budget {QUERIES}), slowest in PostgreSQL "
            f"{slowest:5.1f} ms (budget {SLOWEST:.0f}){'' if good else '   OVER BUDGET'}"
        )


def _as_json(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(json_agg(t), '[]')::text FROM ({sql}) t")
        cursor.fetchone()


def milliseconds(sql: str) -> float:
    """What the query takes PostgreSQL, the second time."""
    if not sql.startswith(("SELECT", "(SELECT")):
        return 0.0
    with connection.cursor() as cursor:
        taken = 0.0
        for _time in range(2):
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}")
            ((plan,),) = cursor.fetchall()
            taken = plan[0]["Execution Time"]
        return taken
