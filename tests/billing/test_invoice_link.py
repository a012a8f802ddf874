"""The page behind the signed link of a letter: what it shows, and what it refuses."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from billing import letters
from billing.choices import PaymentMethod
from billing.models import Invoice, WithholdingRule
from billing.papers.stored import pdf_of
from billing.services import papers
from billing.services.payments import record_payment
from billing.services.sales import SaleLine, issue_sale
from billing.views.papers import PaperThrottle
from core.models import Message
from core.periods import Period, today
from sites.models import Site
from tenants.models import Company
from tests.factories import bills, scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
EMAIL = "gerance@argan.example"


@pytest.fixture
def site() -> Site:
    made = bills.site(starts_on=dt.date(2026, 1, 1))
    made.lessor.rib = "0" * 23 + "1"
    made.lessor.save()
    return made


def issued(site: Site, company: Company) -> Invoice:
    return issue_sale(
        site=site, company=company, lines=[SaleLine("Salle", Decimal(100))], acting_user=None
    )


def address(invoice: Invoice, email: str = EMAIL) -> str:
    """Its path, as in the letter but in English."""
    link = letters.link_to(invoice, email)
    return link[link.index("/invoice/") :].split("?", maxsplit=1)[0]


def words(response: object) -> str:
    text: str = response.content.decode()  # type: ignore[attr-defined]
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


def test_a_company_reads_its_invoice_and_takes_the_papers(site: Site) -> None:
    company = scene.company("Argan Démo", email=EMAIL)
    since = Period(dt.date(2026, 7, 1))
    WithholdingRule.objects.create(company=company, kind="vat", period=since, rate=75)
    with time_machine.travel(dt.datetime(2026, 9, 1, 12, tzinfo=dt.UTC), tick=False):
        invoice, browser = issued(site, company), Client()
        assert invoice.client["withholding"] == {"vat": "75.00"}
        page = browser.get(f"{address(invoice)}?lang=en")
        assert {name: page.headers[name] for name in ("X-Robots-Tag", "Referrer-Policy")} == {
            "X-Robots-Tag": "noindex",
            "Referrer-Policy": "no-referrer",
        }
        assert "no-store" in page.headers["Cache-Control"]
        for said in (
            'Invoice <bdi class="days">LESSOR-F2026-000001</bdi>',
            "120.00 MAD are open, to be paid by 11/09/2026.",
            'Withholding of VAT, as expected </th> <td class="number">15.00 MAD',
            "105.00 MAD",
            "000 000 0000000000000000 01",
        ):
            assert said in words(page), said
        papers.make_due()
        pdf = browser.get(f"{address(invoice)}pdf/")
        assert pdf.content == pdf_of(invoice)
        assert pdf.headers["Content-Disposition"] == f'attachment; filename="{invoice.number}.pdf"'
        assert "no-store" in pdf.headers["Cache-Control"]
        assert b"<cbc:ID>" in browser.get(f"{address(invoice)}ubl/").content
        record_payment(
            site=site, company=company, method=PaymentMethod.TRANSFER, received_on=today(),
            amount=Decimal(105), acting_user=None,
        )  # fmt: skip
        assert "This invoice is settled." in words(browser.get(f"{address(invoice)}?lang=en"))
        assert browser.post(address(invoice)).status_code == 405


def test_what_is_withheld_stands_on_the_paper(site: Site) -> None:
    company = scene.company("Argan", email=EMAIL)
    WithholdingRule.objects.create(
        company=company, kind="vat", period=Period(dt.date(2026, 1, 1)), rate=75
    )
    invoice = issued(site, company)
    WithholdingRule.objects.all().delete()
    (page,) = PdfReader(BytesIO(pdf_of(invoice))).pages
    text = " ".join(page.extract_text().replace("\u202f", " ").split())
    for said in ("20,00", "-15,00 MAD", "105,00 MAD"):
        assert said in text, text


def test_a_link_that_ran_out_offers_another_and_a_forged_one_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = scene.company("Argan Démo", email=EMAIL)
    invoice, browser = issued(site, company), Client()
    old = address(invoice)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=61)):
        page = browser.get(f"{old}?lang=en")
        assert (page.status_code, "This link has run out." in words(page)) == (410, True)
        assert browser.get(f"{old}pdf/").status_code == 410
        for _time in range(2):  # of two asked for within an hour one leaves
            asked = browser.post(f"{old}anew/?lang=en")
            assert "a new link is on its way" in words(asked)
        message = Message.objects.get()
        assert message.to == EMAIL
        assert browser.get(address(invoice)).status_code == 200
        monkeypatch.setattr(PaperThrottle, "rate", "1/hour", raising=False)
        PaperThrottle().allow_request(asked.wsgi_request, None)
        assert browser.post(f"{old}anew/").status_code == 429
    forged = browser.get("/invoice/abc:def:ghi/?lang=en")
    assert (forged.status_code, "not one of ours" in words(forged)) == (404, True)
    assert "Send me a new link" not in words(forged)
    assert browser.get("/invoice/abc:def:ghi/anew/").status_code == 405
    other = address(invoice, "gone@argan.example")
    closed = browser.get(f"{other}?lang=en")
    assert (closed.status_code, "This link is closed" in words(closed)) == (410, True)
