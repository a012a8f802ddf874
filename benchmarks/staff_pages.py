"""Staff pages: a list of 50 rows and one row's page. Budget: 40 ms of CPU, 12 queries; 27 for the
page of an application, where some fifteen kinds of rows stand together, one query each; 13 for the
overview, which asks once what became of companies.

The director looks, in French, at the demo's network; figures are kept, as each night has them.
"""

from collections.abc import Iterator
from functools import partial

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application
from benchmarks.measuring import cpu
from benchmarks.people import signed_in
from indicators.services.computing import compute_snapshots
from leases.models import Lease
from sites.models import Space
from tenants.models import Company

BUDGET = 40.0
QUERIES = 12
QUERIES_OF = {"dashboard": 13, "applications_application page": 27}
BUDGET_OF = {"stacking_plan": 100.0, "timeline": 100.0}
"""Hundreds of spaces on one page."""


def lines() -> Iterator[str]:
    """One line per page: CPU and queries."""
    compute_snapshots()
    browser = signed_in()
    pages = {
        "dashboard": reverse("admin:index"),
        **{name: reverse(f"admin:{name}") for name in ("stacking_plan", "timeline")},
    }
    for model in (Application, Company, Lease, Space):
        label = model._meta.label_lower.replace(".", "_")
        row = model._default_manager.order_by("-pk").values_list("pk", flat=True)[0]
        pages[f"{label} list"] = reverse(f"admin:{label}_changelist")
        pages[f"{label} page"] = reverse(f"admin:{label}_change", args=(row,))
    for name, address in pages.items():
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            browser.get(address)
        queries = len(list(captured))
        (taken,) = cpu([partial(browser.get, address)])
        allowed = QUERIES_OF.get(name, QUERIES)
        budget = BUDGET_OF.get(name, BUDGET)
        good = taken <= budget and queries <= allowed
        yield (
            f"{name:32} {taken:6.1f} ms CPU (budget {budget:.0f}), "
            f"{queries} queries (budget {allowed}){'' if good else '   OVER BUDGET'}"
        )
