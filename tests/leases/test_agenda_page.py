"""The agenda on its page, and as a file."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
import tablib
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from leases.models import Lease
from sites.models import Site
from tests.factories import doors, scene, tenancies

AGENDA = "/staff/leases/agenda/?lang=en"


@pytest.fixture(autouse=True)
def _in_autumn() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def site(db: None) -> Site:
    return scene.site("CAS")


def let(site: Site, code: str, start: str, months: int, name: str = "") -> Lease:
    first = dt.date.fromisoformat(start)
    space = scene.office(site, code=code)
    return tenancies.active(site, space, start=first, months=months, company=scene.company(name))


def shown(client: Client, query: str = "") -> list[tuple[str, list[tuple[str, str, str]]]]:
    """By the title of the month: day, kind, spaces."""
    months = client.get(f"{AGENDA}&{query}").context["months"]
    return [
        (title, [(line.day, line.kind, line.spaces) for line in lines]) for title, lines in months
    ]


def test_month_by_month_narrowed_and_within_ones_sites(site: Site) -> None:
    rabat = scene.site("RAB")
    over = let(site, "OVER", "2023-11-01", 36)
    let(site, "ENDS", "2025-05-01", 24)
    let(rabat, "R1", "2025-05-01", 24)
    manager = doors.staff_client(Role.SITE_MANAGER, site)
    late = ("Now", [("25/11/2026", "holding over", "OVER")])
    notice = ("January 2027", [("31/01/2027", "last day to give notice", "ENDS")])
    ends = ("April 2027", [("30/04/2027", "term ends", "ENDS")])
    assert shown(manager) == shown(manager, "months=7&kind=nothing") == [late, notice]
    assert shown(manager, "months=6&site=CAS") == [late, notice, ends]
    assert shown(manager, "months=12&kind=term_ends") == [ends]
    director, auditor = doors.staff_client(Role.DIRECTOR), doors.staff_client(Role.AUDITOR)
    assert [len(lines) for _month, lines in shown(director, "months=6")] == [1, 2, 2]
    assert shown(director, "months=6&site=RAB&kind=term_ends") == [
        ("April 2027", [("30/04/2027", "term ends", "R1")])
    ]
    assert manager.get(f"{AGENDA}&site=RAB").status_code == 404
    assert doors.staff_client(Role.ADMINISTRATOR).get(AGENDA).status_code == 403
    # The two ways out of holding over, for whoever may take them.
    lease = f"/staff/leases/lease/{over.pk}"
    ways = [f'href="{lease}/amend/?what=renew"', f'href="{lease}/end/"']
    for client, offered in ((manager, True), (auditor, False)):
        page = client.get(AGENDA).content.decode()
        assert [way in page for way in ways] == [offered, offered]
        assert f'href="{lease}/change/"' in page


def test_the_same_entries_as_a_file(site: Site) -> None:
    lease = let(site, "ENDS", "2025-05-01", 24, name="=HYPERLINK()")
    manager = doors.staff_client(Role.SITE_MANAGER, site)

    def file(kind: str) -> Any:
        answer = manager.get(f"{AGENDA}&months=6&format={kind}")
        assert f'filename="agenda-2026-11-25.{kind}"' in answer.headers["Content-Disposition"]
        return answer.content

    head = ("day", "kind", "site", "lease", "company", "spaces", "facts", "late")
    due, ends = "the term ends on 30/04/2027", ""
    rows = [
        ("2027-01-31", "notice_due", "CAS", lease.number, "'=HYPERLINK()", "ENDS", due, "False"),
        ("2027-04-30", "term_ends", "CAS", lease.number, "'=HYPERLINK()", "ENDS", ends, "False"),
    ]
    listed = tablib.Dataset().load(file("csv").decode("utf-8-sig"), format="csv")
    assert (tuple(listed.headers), [tuple(row) for row in listed]) == (head, rows)
    book = tablib.Dataset().load(io.BytesIO(file("xlsx")), format="xlsx")
    assert [row[1:4] for row in book] == [row[1:4] for row in rows]
    reviewer = doors.staff_client(Role.REVIEWER, site)
    assert reviewer.get(f"{AGENDA}&format=csv").status_code == 403


@pytest.mark.parametrize("count", [1, 6])
def test_the_page_asks_the_same_however_many(
    site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        let(site, f"E{number}", "2025-05-01", 24)
    client = doors.staff_client(Role.SITE_MANAGER, site)
    client.get(AGENDA)
    with django_assert_num_queries(9):
        assert len(shown(client, "months=6")[1][1]) == count
