"""A REST list of 50 rows, against the same rows as PostgreSQL writes them.

The floor is a DRF view with the same middleware, token and limits, which hands on the text of
`json_agg` over the list's own query. Budget: twice the floor's CPU, four queries.
"""

from collections.abc import Iterator
from functools import partial

from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from rest_framework.request import Request
from rest_framework.views import APIView

from benchmarks.measuring import Browser, cpu
from benchmarks.people import director_token

BUDGET = 2.0
QUERIES = 4
LISTS = {
    "spaces": "/api/v1/spaces/",
    "free spaces": "/api/v1/spaces/?site=CAS&min_m2=15",
    "companies": "/api/v1/companies/",
    "leases": "/api/v1/leases/",
    "leases, filtered": "/api/v1/leases/?site=CAS&state=active",
    "applications": "/api/v1/applications/",
}
_floors: dict[str, str] = {}


class Floor(APIView):
    """The rows of one list as PostgreSQL's own JSON."""

    def get(self, request: Request, name: str) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute(_floors[name])
            (text,) = cursor.fetchone()
        return HttpResponse(text, content_type="application/json")


def lines() -> Iterator[str]:
    """One line per list: CPU, the floor's CPU, their ratio, queries."""
    browser = Browser({"authorization": f"Token {director_token()}"})
    for name, address in LISTS.items():
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            body = browser.get(address)
        asked = list(captured)
        _floors[name] = f"SELECT coalesce(json_agg(t), '[]')::text FROM ({asked[-1]['sql']}) t"
        floor = f"/floor/{name}/"
        ours, bare = cpu([partial(browser.get, address), partial(browser.get, floor)])
        ratio = ours / bare
        good = ratio <= BUDGET and len(asked) <= QUERIES
        yield (
            f"{name:18} {ours:6.2f} ms CPU, floor {bare:5.2f} ms: {ratio:4.2f}x "
            f"(budget {BUDGET}x), {len(asked)} queries (budget {QUERIES}), {len(body)} bytes"
            f"{'' if good else '   OVER BUDGET'}"
        )
