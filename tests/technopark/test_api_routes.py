"""Every route of the API × every role × every place, against the table of rights."""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import pytest
from django.test import override_settings
from django.urls import URLPattern, URLResolver
from pytest_django.plugin import DjangoDbBlocker

from accounts.choices import Role
from accounts.rights import Action, allows
from applications.services.documents import add_document
from billing.models import Certificate, Receipt
from leases.models import HandoverPhoto, SettlementEvidence, SignedCopy
from technopark.api import urls
from tests.factories import bills, clients, handovers, money, tenancies, uploads
from tests.factories.kept import for_all_tests
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
    company = rows["tenants.company"].pk
    books = f"lessor={where.site.lessor.code}&month=2019-01-01"
    keys = {
        "accounts/<int:pk>/ledger/": f"accounts/{company}/ledger/",
        "accounts/<int:pk>/statement/": f"accounts/{company}/statement/",
        "sites/<str:code>/": f"sites/{where.site.code}/",
        "companies/<int:pk>/": f"companies/{rows['tenants.company'].pk}/",
        "companies/<int:pk>/declarations/": (
            f"companies/{rows['tenants.company'].pk}/declarations/"
        ),
        "leases/<str:number>/statement/": f"leases/{number}/statement/?{MONTH}",
        "vat-returns/due/": f"vat-returns/due/?{books}",
        "journals/pieces/": f"journals/pieces/?{books}&journal=sales",
    }
    of_lease = {"<str:number>": number, "<int:pk>": str(rows["leases.amendment"].pk)}
    of_file = {
        "<str:reference>": file.reference,
        "<int:pk>": str(file.documents.get().pk),
        "<str:key>": "plan",
        "<str:name>": "plan.pdf",
    }
    route = str(pattern.pattern)
    if route.startswith("indicators/<str:name>/"):
        return f"{route.replace('<str:name>', 'hosted')}?site={where.site.code}"
    if route == "profiles/<str:name>/":
        return f"profiles/funnel/?site={where.site.code}"
    if route in keys:
        return keys[route]
    certified = Certificate.objects.get(payment__site=where.site).payment
    for start, key in (
        ("runs/<int:pk>/", rows["billing.rentrun"].pk),
        ("invoices/<str:number>/", rows["billing.invoice"].number),
        ("payments/<str:number>/certificate/file/", certified.number),
        ("payments/<str:number>/", rows["billing.payment"].number),
        ("reminders/<str:number>/", rows["billing.dunningletter"].number),
        ("dunning-pauses/<int:pk>/", rows["billing.dunningpause"].pk),
        ("write-offs/<int:pk>/", rows["billing.writeoff"].pk),
        ("bank-statements/<int:pk>/", rows["billing.bankstatement"].pk),
        ("bank-lines/<int:pk>/", rows["billing.bankline"].pk),
        ("spaces/<int:pk>/", rows["sites.space"].pk),
        ("closings/<int:pk>/", rows["billing.monthclosing"].pk),
        ("vat-returns/<int:pk>/", rows["billing.vatreturn"].pk),
        ("journals/<int:pk>/", rows["billing.journalexport"].pk),
    ):
        if route.startswith(start):
            return re.sub(r"<[a-z]+:[a-z]+>", str(key), route)
    if route.startswith("receipts/"):
        of_lease["<str:number>"] = Receipt.objects.get(invoice=rows["billing.invoice"]).number
    if "/documents/" in route or "/signed-copies/" in route:
        copy = SignedCopy.objects.get(lease=rows["leases.lease"])
        of_lease["<int:pk>"] = str(copy.document_id if "/documents/" in route else copy.pk)
    if "/handovers/" in route:
        report = rows["leases.handoverreport"]
        photo = HandoverPhoto.objects.get(item__report=report)
        of_lease |= {"<int:pk>": str(report.pk), "<int:photo>": str(photo.pk)}
        of_lease |= {"<int:item>": str(photo.item_id), "<str:name>": "photo.jpg"}
    if "/settlements/" in route:
        evidence = SettlementEvidence.objects.get(line__settlement__lease=rows["leases.lease"])
        of_lease["<int:pk>"] = str(evidence.line.settlement_id)
        of_lease |= {"<int:evidence>": str(evidence.pk), "<int:line>": str(evidence.line_id)}
        of_lease["<str:name>"] = "bill.pdf"
    for one, values in (("<str:reference>", of_file), ("<str:number>", of_lease)):
        if one in route:
            for name, value in values.items():
                route = route.replace(name, value)
    return route


@pytest.fixture(scope="module")
def corners(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Corner, Corner]]:
    """With documents in each."""
    folder = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with folder, for_all_tests(django_db_blocker):
        made = corner("CAS"), corner("RAB")
        for where in made:
            add_document(
                application=where.rows["applications.application"], key="", name="plan.pdf",
                file=BytesIO(uploads.pdf()), size=len(uploads.pdf()), acting_user=None,
            )  # fmt: skip
            tenancies.signed_copy(where.rows["leases.lease"])
            handovers.photographed(where.rows["leases.handoverreport"].items.first())
            tenancies.settlement_evidence(where.rows["leases.lease"])
            money.certificate_file(money.certified(where.site, where.rows["tenants.company"]))
            bills.receipted(where.rows["billing.invoice"])
        yield made


def _read(answer: Any) -> str:
    if not answer.streaming:
        return str(answer.content.decode(errors="replace"))
    return b"".join(answer.streaming_content).decode("latin-1")


DAILY = Role.REVIEWER
"""As on the staff site: who may hardly see anything. The others ask in the torture."""


@pytest.mark.parametrize(
    "role",
    [pytest.param(role, marks=() if role == DAILY else pytest.mark.torture) for role in Role],
)
def test_each_route_answers_as_the_table_of_rights_says(
    role: Role, corners: tuple[Corner, Corner]
) -> None:
    here, there = corners
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
                answer = client.get(f"/api/v1/{address}")
                status = answer.status_code
                _read(answer)
                expected = _expected(view, role, place is None or where is here, address)
                if status != expected:
                    wrong.append((place, address, expected, status))
                kind = answer.headers["Content-Type"]
                if status == 200 and not kind.startswith("application/json"):
                    same = client.get(f"/api/v1/{address}", headers={"accept": kind})
                    _read(same)
                    if same.headers["Content-Type"] != kind:
                        wrong.append((place, address, status, same.status_code))
            if place is not None and view.resource:
                body = _read(client.get(f"/api/v1/{_address(pattern, here)}"))
                leaks += [(pattern, word) for word in there.secrets if word in body]
    assert wrong == []
    assert leaks == []


def _expected(view: Any, role: Role, reached: bool, address: str) -> int:
    if not view.resource:
        return 200
    if not allows(role, Action.VIEW, view.resource):
        return 403
    card = address.startswith("companies") and not address.endswith("declarations/")
    one_row = address.count("/") > 1 and not card
    if reached or not one_row:
        return 200
    return 400 if address.startswith(("indicators", "profiles")) else 404


_FOR_PARTNERS = {
    "sectors/": 200,
    "partner/calls/": 200,
    "partner/applications/": 200,
    # Only what it began itself: nothing here.
    "partner/applications/<str:reference>/": 404,
    "partner/applications/<str:reference>/submit/": 404,
    "partner/applications/<str:reference>/answer-request/": 404,
    "partner/applications/<str:reference>/documents/": 404,
    "partner/applications/<str:reference>/documents/<int:pk>/": 404,
    "partner/applications/<str:reference>/documents/<str:key>/<str:name>": 404,
}


@pytest.mark.parametrize("everywhere", [True, False])
def test_a_partners_token_reaches_its_own_addresses_alone(
    everywhere: bool, corners: tuple[Corner, Corner]
) -> None:
    """By every verb, also where the partner is an applicant at the hub."""
    here, _there = corners
    file = here.rows["applications.application"]
    sites = [] if everywhere else [here.site]
    client = clients.partner(file.contact_email, *sites)
    wrong = []
    for pattern in _patterns(urls.resources):
        view: Any = vars(pattern.callback)["view_class"]
        route = str(pattern.pattern)
        if not view.resource:
            continue  # everybody's
        address = _address(pattern, here)
        expected = _FOR_PARTNERS.get(route, 403)
        for verb in ("get", "post", "put", "patch", "delete"):
            if not hasattr(view, verb):
                continue
            kind = "application/pdf" if verb == "put" else "application/json"
            body = uploads.pdf() if verb == "put" else b"{}"
            answer = client.generic(verb.upper(), f"/api/v1/{address}", body, content_type=kind)
            begins = route == "partner/applications/" and verb == "post"
            if answer.status_code != (400 if begins else expected):  # it names no site
                wrong.append((verb, address, expected, answer.status_code))
    assert wrong == []
