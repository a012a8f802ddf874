"""What programs outside are told of billing: in the transaction that causes it, and once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.choices import PaymentMethod
from billing.models import Invoice, Payment
from billing.services.allocating import take_back
from billing.services.announcing import announce_issued
from billing.services.crediting import credit_amount
from billing.services.payments import record_payment
from billing.services.sales import SaleLine, issue_sale
from core.periods import today
from sites.models import Site, WebhookDelivery, WebhookEndpoint
from sites.services.webhooks import keep_endpoint
from tenants.models import Company
from tests.factories import bills, scene, tenancies

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _in_2026() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=dt.date(2026, 1, 1))


def listening(name: str = "Books", **given: Any) -> WebhookEndpoint:
    values = {"url": "https://books.example/", "every_site": True, **given}
    endpoint = WebhookEndpoint(name=name, **values)
    return keep_endpoint(endpoint=endpoint, acting_user=None)


def sale(site: Site, company: Company, price: str) -> Invoice:
    lines = [SaleLine("Salle", Decimal(price))]
    return issue_sale(site=site, company=company, lines=lines, acting_user=None)


def paid(site: Site, company: Company, amount: str) -> Payment:
    return record_payment(
        site=site,
        company=company,
        method=PaymentMethod.TRANSFER,
        received_on=today(),
        amount=Decimal(amount),
        acting_user=None,
    )


def told() -> list[tuple[str, str]]:
    return [(row.event, row.payload["number"]) for row in WebhookDelivery.objects.order_by("id")]


def test_what_is_issued_and_what_is_settled_is_told_once_until_reopened(site: Site) -> None:
    listening()
    company = scene.company()
    invoice = sale(site, company, "100")
    assert WebhookDelivery.objects.get().payload == {
        "number": invoice.number,
        "kind": "invoice",
        "site": "CAS",
        "company": company.pk,
        "issued_on": "2026-01-10",
        "due_on": "2026-01-20",
        "total": "120.00",
        "at": "2026-01-10T12:00:00+00:00",
    }
    paid(site, company, "50")
    assert told() == [("invoice.issued", invoice.number)]
    note = credit_amount(invoice=invoice, net=Decimal(10), reason="Geste", acting_user=None)
    rest = paid(site, company, "60")  # 2 more than is open: they stay credit
    expected = [
        ("invoice.issued", invoice.number),
        ("invoice.issued", note.number),
        ("invoice.settled", invoice.number),
    ]
    assert told() == expected
    assert WebhookDelivery.objects.latest("id").payload == {
        "number": invoice.number,
        "site": "CAS",
        "company": company.pk,
        "settled_on": "2026-01-10",
        "total": "120.00",
        "at": "2026-01-10T12:00:00+00:00",
    }
    take_back(invoice=invoice, source=rest, reason="Erreur", acting_user=None)
    assert told() == expected
    paid(site, company, "58")
    assert told() == [*expected, ("invoice.settled", invoice.number)]


def test_each_listener_hears_of_its_sites_and_nothing_of_an_act_that_failed(site: Site) -> None:
    rabat, company = bills.site("RAB", starts_on=dt.date(2026, 1, 1)), scene.company()
    listening("Rabat", every_site=False).sites.set([rabat])
    listening("Settled", topics=["invoice.settled"])
    here, there = sale(site, company, "100"), sale(rabat, company, "100")
    with transaction.atomic():
        paid(site, company, "240")
        transaction.set_rollback(True)
    paid(site, company, "240")
    rows = WebhookDelivery.objects.order_by("id")
    assert [(row.endpoint.name, row.event, row.payload["number"]) for row in rows] == [
        ("Rabat", "invoice.issued", there.number),
        ("Settled", "invoice.settled", here.number),
        ("Rabat", "invoice.settled", there.number),
        ("Settled", "invoice.settled", there.number),
    ]
    assert len({row.event_id for row in rows}) == 3


def test_where_nobody_listens_a_run_pays_one_query(site: Site) -> None:
    listening(active=False)
    for number in range(3):
        tenancies.active(site, scene.office(site, code=f"A{number}"), start=dt.date(2026, 1, 1))
    bills.issued(site, dt.date(2026, 1, 1))
    for several in (1, 3):
        rows = list(Invoice.objects.values()[:several])
        with CaptureQueriesContext(connection) as asked:
            announce_issued(site, rows)
        assert len(asked) == 1
    assert WebhookDelivery.objects.count() == 0


def test_the_document_tells_what_a_receiver_gets(site: Site, client: Client) -> None:
    listening()
    company = scene.company()
    sale(site, company, "100")
    paid(site, company, "120")
    document = client.get("/api/v1/openapi.json").json()
    for name, row in zip(
        ("invoice_issued", "invoice_settled"), WebhookDelivery.objects.order_by("id"), strict=True
    ):
        told = document["webhooks"][name]["post"]["requestBody"]["content"]
        shape = told["application/json"]["schema"]["$ref"].split("/")[-1]
        properties = document["components"]["schemas"][shape]["properties"]
        assert properties.keys() == {"event", "id", *row.payload}
