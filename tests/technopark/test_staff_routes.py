"""Every route of the staff site × every role × every place, against the table of rights."""

import logging
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from accounts.choices import Role
from accounts.rights import MODELS, Action, allows, resource_of
from sites.models import Site
from technopark.importers import RESOURCES
from tests.factories import doors
from tests.factories.kept import for_all_tests
from tests.technopark.staff_rows import Corner, corner, of_no_site

pytestmark = pytest.mark.django_db

PAGES = {
    "change": Action.VIEW,
    "history": Action.VIEW,
    "delete": Action.DELETE,
}
# Rows that no site's role reaches; the others of no site are words that all share.
NETWORK_ONLY = {
    "sites.clienttoken",
    "sites.webhookendpoint",
    "sites.webhookdelivery",
    "core.counter",
    "core.erasure",
    "django_celery_beat.intervalschedule",
    "django_celery_beat.crontabschedule",
    "django_celery_beat.periodictask",
}
# Everybody whose role reads them reads them, and only the network changes them.
READ_BY_ALL = {"applications.retentionrule", "billing.holiday", "indicators.figuresettings"}
# There is one row, and the house has it.
ADDED_ALREADY = {"indicators.figuresettings"}
# A site's role sees these as its own, and only the network changes them.
CHANGED_BY_NETWORK = {"sites.lessor", "accounts.user"}
SHARED = {"tenants.sector", "tenants.technology"}
# Routes that are no page of a model.
DOORS = {
    "index",
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "jsi18n",
    "view_on_site",
    "app_list",
    "search",
    "autocomplete",
    None,
}
PLACES = ["site", "network"]


class Walk:
    """One member of staff, and what the table of rights says they may."""

    def __init__(self, role: Role, place: str, here: Site) -> None:
        self.role, self.place = role, place
        self.client: Client = doors.staff_client(role, here if place == "site" else None)

    def anywhere(self, label: str, action: Action) -> bool:
        resource = resource_of(label)
        assert resource is not None
        return allows(self.role, action, resource) and (
            label not in NETWORK_ONLY or self.place == "network"
        )

    def lists(self, label: str) -> bool:
        """A company's card is every colleague's."""
        return label == "tenants.company" or self.anywhere(label, Action.VIEW)

    def reaches(self, label: str, action: Action, *, elsewhere: bool) -> bool:
        if self.place == "network" or label in SHARED:
            return True
        if label in READ_BY_ALL:
            return action in {Action.VIEW, Action.EXPORT}
        if label in CHANGED_BY_NETWORK and action not in {Action.VIEW, Action.EXPORT}:
            return False
        return not elsewhere

    def on_the_row(self, label: str, action: Action, *, elsewhere: bool) -> int:
        """The status of a page of a row of one's own site, or of another one."""
        if not self.anywhere(label, action):
            return 403
        if self.reaches(label, action, elsewhere=elsewhere):
            return 200
        # Out of sight: as if it were not there. In sight, but not for this: refused.
        return 403 if self.sees(label, elsewhere=elsewhere) else 302

    def sees(self, label: str, *, elsewhere: bool) -> bool:
        seen = self.reaches(label, Action.VIEW, elsewhere=elsewhere)
        return label == "tenants.company" or (self.anywhere(label, Action.VIEW) and seen)

    def get(self, route: str, *args: Any, **query: str) -> tuple[int, str]:
        answer = self.client.get(reverse(f"admin:{route}", args=args), query)
        return answer.status_code, answer.content.decode(errors="replace")


def _labels() -> list[tuple[type[models.Model], Any, str, str]]:
    return [
        (model, pages, model._meta.label_lower, f"{model._meta.app_label}_{model._meta.model_name}")
        for model, pages in admin.site._registry.items()
    ]


Answer = tuple[str, int, int, str]
"""Route, expected status, status, body."""


def _of_models(walk: Walk) -> Iterator[Answer]:
    """The pages that are of no row: imports, lists, adding, exports, choices."""
    for what, resource in RESOURCES.items():
        expected = 200 if allows(walk.role, Action.IMPORT, resource) else 403
        yield (f"import {what}", expected, *walk.get("import_data", what))
    for _model, pages, label, name in _labels():
        listed = 200 if walk.lists(label) else 403
        yield (f"{name}_changelist", listed, *walk.get(f"{name}_changelist"))
        may_add = Action.ADD in pages.offered and walk.anywhere(label, Action.ADD)
        may_add = may_add and label not in ADDED_ALREADY
        if pages.added_by_network:
            may_add = may_add and walk.place == "network"
        yield (f"{name}_add", 200 if may_add else 403, *walk.get(f"{name}_add"))
        may_export = walk.anywhere(label, Action.EXPORT)
        yield (f"{name}_export", 200 if may_export else 403, *walk.get(f"{name}_export"))
        for field in pages.autocomplete_fields:
            target = pages.opts.get_field(field).related_model._meta.label_lower
            seen = 200 if walk.lists(target) else 403
            query = {"app_label": pages.opts.app_label, "model_name": pages.opts.model_name,
                     "field_name": field, "term": ""}  # fmt: skip
            yield (f"{name}.{field}", seen, *walk.get("autocomplete", **query))


def _of_rows(walk: Walk, rows: dict[str, Any], *, elsewhere: bool) -> Iterator[Answer]:
    """The pages of rows, by model label: of one's own site, or of another one."""
    for _model, pages, label, name in _labels():
        row = rows.get(label)
        if row is None:
            continue
        for page, action in PAGES.items():
            expected = walk.on_the_row(label, action, elsewhere=elsewhere)
            if action not in pages.offered:
                expected = 403
            if label == "tenants.company" and page == "change":
                expected = 200  # the card
            yield (f"{name}_{page}", expected, *walk.get(f"{name}_{page}", row.pk))
        for entry in pages._get_base_actions_detail():
            other = entry.method.resource
            asked = MODELS[other][0] if other else label
            expected = walk.on_the_row(asked, entry.method.right, elsewhere=elsewhere)
            yield (entry.action_name, expected, *walk.get(entry.action_name, row.pk))


DAILY = (Role.REVIEWER, "site")
"""Who walks in the suite: one who may hardly see anything. The others walk in the torture."""


def _walks() -> list[Any]:
    walks = []
    for role in Role:
        for place in PLACES:
            # An administrator is never one site's: a constraint.
            if place != "network" and role == Role.ADMINISTRATOR:
                continue
            marks = () if (role, place) == DAILY else pytest.mark.torture
            walks.append(pytest.param(role, place, id=f"{role}-{place}", marks=marks))
    return walks


@pytest.fixture(scope="module")
def house(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Corner, Corner, dict[str, Any]]]:
    """Two sites, and the rows that walks go to: those of the first, and those of none."""
    with for_all_tests(django_db_blocker):
        here, there = corner("CAS"), corner("RAB")
        yield here, there, {**here.rows, **of_no_site()}


@pytest.mark.parametrize(("role", "place"), _walks())
def test_each_page_answers_as_the_table_of_rights_says(
    role: Role,
    place: str,
    house: tuple[Corner, Corner, dict[str, Any]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL, "django.request")  # refusals are what we came for
    here, there, rows = house
    walk = Walk(role, place, here.site)
    assert {label for _model, _pages, label, _name in _labels()} <= set(rows)
    answers = [_of_models(walk), _of_rows(walk, rows, elsewhere=False)]
    if place == "site":
        answers.append(_of_rows(walk, there.rows, elsewhere=True))
    hidden = there.secrets if place == "site" else ()
    wrong, leaks = [], []
    for route, expected, status, body in chain(*answers):
        if status != expected:
            wrong.append((route, expected, status))
        leaks += [(route, word) for word in hidden if word in body]
    assert wrong == []
    assert leaks == []


def test_the_walk_leaves_no_route_out() -> None:
    walked = (
        # Pages of their own, with tests of their own.
        {
            "import_data",
            "indicator",
            "explorer",
            "definitions",
            "why",
            "profile",
            "reports",
            "report",
            "report_file",
            "report_subscription",
            "make_report",
            "recompute_indicators",
            "snapshots_progress",
            "dashboard_more",
            "my_reviews",
            "review",
            "my_sessions",
            "sitting",
            "session_pack",
            "session_minutes",
            "session_file",
            "document",
            "lease_document",
            "lease_signed_copy",
            "handover_photo",
            "settlement_evidence",
            "declared_evidence",
            "applications_board",
            "application_filters",
            "agenda",
            "ageing",
            "ageing_invoices",
            "billing_payment_certificate_file",
            "invoice_receipt_pdf",
            "revenue",
            "to_remind",
            "reminder_preview",
            "stacking_plan",
            "space_story",
            "hold_space",
            "prolong_hold",
            "release_hold",
            "timeline",
            "books_closing",
            "books_vat",
            "books_journals",
            "journal_export",
        }
        | DOORS
        | {
            f"{name}_{page}"
            for _model, pages, _label, name in _labels()
            for page in ("changelist", "add", "export", *PAGES)
        }
    )
    walked |= {
        entry.action_name
        for _model, pages, _label, _name in _labels()
        for entry in pages._get_base_actions_detail()
    }
    named = {
        pattern.name
        for resolver in admin.site.get_urls()
        for pattern in getattr(resolver, "url_patterns", [resolver])
    }
    assert named - walked == set()
