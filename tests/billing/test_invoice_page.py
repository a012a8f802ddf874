"""An invoice on the staff site and over REST: what became of it, and acts about its papers."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from billing.models import Invoice, InvoicePaper
from billing.papers.stored import pdf_of, receipt_pdf_of
from billing.selectors.paying import named
from billing.services import papers
from billing.services.crediting import credit_amount
from billing.services.sales import SaleLine, issue_sale
from billing.services.settings import set_billing
from core.messages import send_due
from core.models import Message
from core.periods import today
from sites.models import Site
from tenants.models import Contact
from tests.factories import bills, clients, doors, scene, tenancies

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=dt.date(2026, 1, 1))


def sale(site: Site, email: str = "a@x.example") -> Invoice:
    company = scene.company(f"Argan {email}", email=email)
    return issue_sale(
        site=site, company=company, lines=[SaleLine("Salle", Decimal(100))], acting_user=None
    )


def page(invoice: Invoice) -> str:
    return reverse("admin:billing_invoice_change", args=[invoice.pk])


def words(client: Client, address: str, given: dict[str, Any] | None = None) -> str:
    """Of the page, or of the answer to what is given."""
    answer = client.get(address, {"lang": "en"}) if given is None else client.post(address, given)
    text = answer.content.decode()
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


def test_a_page_tells_what_became_of_an_invoice_in_as_many_queries(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    bare, full = sale(site), sale(site, "b@x.example")
    papers.make_due()
    send_due()
    note = credit_amount(invoice=full, net=Decimal(10), reason="Geste", acting_user=None)
    papers.make_due()
    receipt = bills.receipted(full)
    text = words(client, page(full))
    for said in (
        "0.00 MAD</b>",
        f"Credit note {note.number}</a>",
        "12.00 MAD",
        "Transfer",
        "108.00 MAD",
        "b@x.example</bdi></a> · sent",
        f"{receipt.number}</bdi></a>",
        "PDF made",
    ):
        assert said in text, said
    client.get(page(bare))  # content types and the like are known from then on
    with django_assert_num_queries(12):
        client.get(page(bare))
    with django_assert_num_queries(13):  # one more: what its credits are credited by
        client.get(page(full))
    pdf = client.get(f"{page(full)[: -len('change/')]}pdf/")
    assert pdf.content == pdf_of(full)
    address = reverse("admin:invoice_receipt_pdf", args=[receipt.pk])
    assert client.get(address).content == receipt_pdf_of(receipt)
    elsewhere = doors.staff_client(Role.FINANCE_OFFICER, scene.site("RAB"))
    assert elsewhere.get(address).status_code == 404


def test_acts_send_receipt_and_try_again(site: Site) -> None:
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    invoice = sale(site)
    Contact.objects.create(company=invoice.company, name="B", email="b@x.example")
    base = page(invoice)[: -len("change/")]
    client.post(f"{base}send/", {"to": ["b@x.example"]})
    assert [message.to for message in Message.objects.all()] == ["b@x.example"]
    refused = client.post(f"{base}send/?lang=en", {"to": ["x@elsewhere.example"]})
    assert "Select a valid choice" in refused.content.decode()
    refused = client.post(f"{base}receipt/?lang=en", {})
    assert "are open: a receipt is for what is settled" in refused.content.decode()
    bills.receipted(invoice)
    client.post(f"{base}receipt/", {"send": "on"})
    assert invoice.receipts.count() == 1
    listed = reverse("admin:billing_invoice_changelist")
    InvoicePaper.objects.filter(invoice=invoice).update(problem="Kaputt")
    assert "Kaputt" in words(client, page(invoice))
    (heap,) = client.get("/staff/?lang=en").context["worklist"]
    assert (str(heap.title), heap.address) == (
        "invoice whose PDF could not be made",
        f"{listed}?paper=problem",
    )
    assert list(client.get(heap.address).context["cl"].result_list) == [invoice]
    client.post(f"{base}try-again/")
    assert papers.make_due() == 1
    nobody = sale(site, "")
    papers.make_due()
    (heap,) = client.get("/staff/?lang=en").context["worklist"]
    assert list(client.get(heap.address).context["cl"].result_list) == [nobody]
    assert not client.get(f"{listed}?paper=waiting").context["cl"].result_list
    reader = doors.staff_client(Role.SITE_MANAGER, site)
    for act in ("send", "receipt", "try-again"):
        assert reader.post(f"{base}{act}/").status_code == 403


def test_papers_over_rest(site: Site) -> None:
    client = clients.writer(Role.FINANCE_OFFICER, site)
    invoice = sale(site)
    base = f"/api/v1/invoices/{invoice.number}/"

    def post(path: str, body: Any = None) -> Any:
        return client.post(f"{base}{path}", body or {}, content_type="application/json")

    assert post("send/").json() == {"to": ["a@x.example"]}
    refused = post("send/", {"to": ["x@elsewhere.example"]})
    assert (refused.status_code, refused.json()["code"]) == (400, "not_their_address")
    assert post("receipt/").json()["code"] == "not_settled"
    papers.make_due()
    paper = client.get(base).json()["paper"]
    assert (paper["letters"], paper["problem"], len(paper["sha256"])) == (1, "", 64)
    assert client.get(base).json()["open"] == "120.00"
    given = bills.receipted(invoice)
    receipt = post("receipt/").json()
    assert (receipt["number"], receipt["amount"], receipt["void"]) == (
        given.number,
        "120.00",
        False,
    )
    assert client.get(base).json()["receipts"] == [receipt]
    assert client.get(f"{base}pdf/").content == pdf_of(invoice)
    pdf = client.get(f"/api/v1/receipts/{given.number}/pdf/")
    assert (pdf.headers["Content-Type"], pdf.content) == ("application/pdf", receipt_pdf_of(given))
    reader = clients.writer(Role.SITE_MANAGER, site)
    for path in ("send/", "receipt/"):
        answer = reader.post(f"{base}{path}", {}, content_type="application/json")
        assert answer.status_code == 403


def test_a_site_says_whether_it_sends(site: Site) -> None:
    made = set_billing(
        site=site, starts_on=dt.date(2026, 1, 1), sends_papers=False, acting_user=None
    )
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    address = reverse("admin:billing_sitebilling_change", args=[made.pk])
    given = {"starts_on": "2026-01-01", "drafted_on": "20", "payment_days": "10",
             "days_to_answer": "8"}  # fmt: skip
    client.post(address, {**given, "sends_papers": "on", "sends_receipts": "on"})
    made.refresh_from_db()
    assert (made.sends_papers, made.sends_receipts) == (True, True)


def test_days_and_amounts_of_a_line_are_credited(site: Site) -> None:
    """31 days of rent at 2,000 DH, of which the last ten are taken back: 645.16."""
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    with time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC), tick=False):
        tenancies.active(site, scene.office(site), start=dt.date(2026, 1, 1))
        bills.issued(site, dt.date(2026, 1, 1))
    invoice = Invoice.objects.get()
    line = invoice.lines.get()
    address = f"/staff/billing/invoice/{invoice.pk}/credit/?lang=en"
    asked = {
        "kind": "cancelling", "line": line.pk, "days_0": "2026-01-22", "reason": "Départ",
        "after": "0",
    }  # fmt: skip
    for wrong, told in (
        ({"line": ""}, "Choose the line whose days they are."),
        ({"kind": "commercial", "net": "5"}, "Give days or an amount, not both."),
        ({"days_0": "2026-02-01"}, "give days of the line"),
    ):
        assert told in words(client, address, {**asked, **wrong}), told
    assert not invoice.credit_notes.exists()
    assert client.post(address, asked).status_code == 302
    note = invoice.credit_notes.get()
    (back,) = note.lines.all()
    assert (note.net, str(back.period)) == (Decimal("645.16"), "2026-01-22 – 2026-01-31")
    assert str(line.billed_periods.get().period) == "2026-01-01 – 2026-01-21"
    given = {"kind": "commercial", "line": line.pk, "net": "100", "reason": "Geste"}
    assert f'name="after" value="{note.pk}"' in client.get(address).content.decode()
    assert client.post(address, {**given, "after": note.pk}).status_code == 302
    # The same once more, by a second click: it would be another gift.
    assert "This has changed since you opened it." in words(
        client, address, {**given, "after": note.pk}
    )
    assert sorted(invoice.credit_notes.values_list("net", flat=True)) == [100, Decimal("645.16")]


def test_an_amount_of_nothing_credits_nothing(site: Site) -> None:
    """Left empty, the field means all that is left."""
    client, invoice = doors.staff_client(Role.FINANCE_OFFICER, site), sale(site)
    address = f"/staff/billing/invoice/{invoice.pk}/credit/?lang=en"
    asked = {"kind": "commercial", "net": "0", "reason": "Geste", "after": "0"}
    assert "Only 100" in client.post(address, asked).content.decode()
    assert not invoice.credit_notes.exists()
    assert client.post(address, {**asked, "net": ""}).status_code == 302
    assert invoice.credit_notes.get().net == 100


def test_a_list_tells_what_is_left_of_each_and_narrows_to_it(site: Site) -> None:
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    with time_machine.travel(today() - dt.timedelta(days=90), tick=False):
        late = sale(site)
    paid, coming = sale(site, "b@x.example"), sale(site, "c@x.example")
    note = credit_amount(invoice=paid, net=Decimal(100), reason="Geste", acting_user=None)
    listing = reverse("admin:billing_invoice_changelist")

    def shown(left: str) -> list[Invoice]:
        return list(client.get(listing, {"left": left}).context["cl"].result_list)

    assert shown("open") == [coming, late]
    assert shown("late") == [late]
    assert shown("settled") == [paid]
    rows = client.get(listing, {"lang": "en"}).context["cl"].result_list
    assert [(row, row.open) for row in rows if row != note] == [
        (coming, Decimal("120.00")), (paid, Decimal(0)), (late, Decimal("120.00")),
    ]  # fmt: skip


def test_a_page_leads_to_the_entry_of_its_payment(site: Site) -> None:
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    invoice = sale(site)
    entry = client.get(page(invoice)).context["entry"]
    form = client.get(entry).context["form"]
    assert form.initial == {"company": named(invoice.company), "site": str(site.pk)}
    bills.receipted(invoice)
    assert client.get(page(invoice)).context["entry"] == ""
    reader = doors.staff_client(Role.AUDITOR)
    assert reader.get(page(sale(site, "b@x.example"))).context["entry"] == ""
