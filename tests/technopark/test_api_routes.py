"""Every route of the API × every role × every place, against the table of rights."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver

from accounts.choices import Role
from accounts.rights import Action, allows
from technopark.api import urls
from tests.factories import clients
from tests.technopark.staff_rows import Corner, corner

pytestmark = pytest.mark.django_db

MONTH = "from=2026-01-01&to=2026-01-31"


def _patterns(entries: Sequence[URLPattern | URLResolver]) -> list[URLPattern]:
    found: list[URLPattern] = []
    for entry in entries:
        found += _patterns(entry.url_patterns) if isinstance(entry, URLResolver) else [entry]
    return found


def _address(pattern: URLPattern, where: Corner) -> str:
    """The route with the keys of that corner's rows."""
    rows = where.rows
    file = rows["applications.application"]
    number = rows["leases.lease"].number
    keys = {
        "sites/<str:code>/": f"sites/{where.site.code}/",
        "spaces/<int:pk>/": f"spaces/{rows['sites.space'].pk}/",
        "spaces/<int:pk>/calendar/": f"spaces/{rows['sites.space'].pk}/calendar/",
        "companies/<int:pk>/": f"companies/{rows['tenants.company'].pk}/",
        "applications/<str:reference>/": f"applications/{file.reference}/",
        "leases/<str:number>/": f"leases/{number}/",
        "leases/<str:number>/versions/": f"leases/{number}/versions/",
        "leases/<str:number>/amendments/<int:pk>/": (
            f"leases/{number}/amendments/{rows['leases.amendment'].pk}/"
        ),
        "leases/<str:number>/statement/": f"leases/{number}/statement/?{MONTH}",
    }
    route = str(pattern.pattern)
    if route.startswith("indicators/<str:name>/"):
        return f"{route.replace('<str:name>', 'hosted')}?site={where.site.code}"
    return keys.get(route, route)


@pytest.mark.parametrize("role", Role)
def test_each_route_answers_as_the_table_of_rights_says(role: Role) -> None:
    here, there = corner("CAS"), corner("RAB")
    wrong, leaks = [], []
    places = [None] if role == Role.ADMINISTRATOR else [None, here.site]
    for place in places:
        client = clients.client(role, place)
        for pattern in _patterns(urls.resources):
            view: Any = vars(pattern.callback)["view_class"]
            if not hasattr(view, "get"):
                continue  # writes have tests of their own
            for where in (here, there):
                address = _address(pattern, where)
                status = client.get(f"/api/v1/{address}").status_code
                expected = _expected(view, role, place is None or where is here, address)
                if status != expected:
                    wrong.append((place, address, expected, status))
            if place is not None and view.resource:
                body = client.get(f"/api/v1/{_address(pattern, here)}").content.decode()
                leaks += [(pattern, word) for word in there.secrets if word in body]
    assert wrong == []
    assert leaks == []


def _expected(view: Any, role: Role, reached: bool, address: str) -> int:
    if not view.resource:
        return 200
    if not allows(role, Action.VIEW, view.resource):
        return 403
    one_row = address.count("/") > 1 and not address.startswith("companies")
    if reached or not one_row:
        return 200
    return 400 if address.startswith("indicators") else 404
