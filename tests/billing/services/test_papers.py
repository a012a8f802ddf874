"""Papers are made once, stored as sent, and each letter leaves once."""

import datetime as dt
import hashlib
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.choices import Role
from billing import letters
from billing.choices import CreditKind
from billing.errors.papers import LinkClosed, NotTheirAddress, PaperDamaged, PaperMade
from billing.models import Invoice, InvoicePaper
from billing.papers.stored import pdf_of
from billing.services import papers
from billing.services.crediting import credit_all
from billing.services.sales import SaleLine, issue_sale
from billing.services.settings import set_billing
from core.errors import NotAllowed
from core.messages import send_due
from core.models import Message
from sites.models import Site
from tenants.errors import NoAddress
from tenants.models import Company, Contact
from tests.factories import bills, scene
from tests.technopark.post_office import post_office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=dt.date(2026, 1, 1))


def sale(site: Site, company: Company) -> Invoice:
    return issue_sale(
        site=site, company=company, lines=[SaleLine("Salle", Decimal(100))], acting_user=None
    )


def with_contacts(company: Company, *emails: str) -> Company:
    for email in emails:
        Contact.objects.create(company=company, name=email, email=email, for_billing=True)
    return company


def left(invoice: Invoice) -> list[tuple[str, str, str]]:
    rows = Message.objects.filter(matter=f"invoice:{invoice.pk}").order_by("id")
    return list(rows.values_list("to", "language", "state"))


def test_each_paper_is_stored_and_each_letter_accepted_once(site: Site, settings: Settings) -> None:
    many = with_contacts(scene.company("Atlas", language="ar"), "a@x.example", "B@x.example")
    Contact.objects.create(company=many, name="Autre", email="autre@x.example")
    one, nobody = scene.company("Argan", email="tous@y.example"), scene.company("Personne")
    invoices = [sale(site, company) for company in (many, one, nobody)]
    note = credit_all(
        invoice=invoices[1], kind=CreditKind.CANCELLING, reason="Erreur", acting_user=None
    )
    assert (papers.make_due(), papers.make_due()) == (4, 0)
    rows = InvoicePaper.objects.in_bulk()
    assert [rows[each.pk].letters for each in (*invoices, note)] == [2, 1, 0, 1]
    assert list(InvoicePaper.objects.to_nobody(dt.date(2026, 1, 1))) == [rows[invoices[2].pk]]
    with post_office() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        assert (send_due(), send_due()) == (4, 0)
    assert sorted(office.accepted.values()) == [1] * 4
    assert left(invoices[0]) == [("a@x.example", "ar", "sent"), ("b@x.example", "ar", "sent")]
    assert left(note) == [("tous@y.example", "fr", "sent")]
    body = Message.objects.get(matter=f"invoice:{invoices[1].pk}").body
    token = body.split("/invoice/")[1].split("/")[0]
    assert papers.opened_by(token) == invoices[1]
    paper = rows[invoices[0].pk]
    assert (paper.sha256, paper.size) == (
        hashlib.sha256(pdf_of(invoices[0])).hexdigest(),
        len(pdf_of(invoices[0])),
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        InvoicePaper.objects.filter(pk=paper.pk).update(letters=9)


def test_what_fails_stands_alone_and_is_tried_again(site: Site, media: Path) -> None:
    company = scene.company("Atlas", email="a@x.example")
    good, bad = sale(site, company), sale(site, company)
    made = letters.of_invoice

    def broken(invoice: Invoice, email: str) -> letters.Letter:
        if invoice.pk == bad.pk:
            raise ValueError("no such letter")
        return made(invoice, email)

    with patch.object(letters, "of_invoice", broken):
        assert papers.make_due() == 1
    row = InvoicePaper.objects.with_problem().get()
    assert (row.pk, "no such letter" in row.problem, row.file.name) == (bad.pk, True, "")
    assert (len(left(good)), left(bad)) == (1, [])
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1
    assert papers.make_due() == 0
    with pytest.raises(NotAllowed):
        papers.try_again(invoice=bad, acting_user=scene.staff(Role.SITE_MANAGER, site))
    papers.try_again(invoice=bad, acting_user=scene.staff(Role.FINANCE_OFFICER, site))
    assert papers.make_due() == 1
    assert len(left(bad)) == 1
    with pytest.raises(PaperMade):
        papers.try_again(invoice=bad, acting_user=None)


def test_a_run_that_dies_leaves_nothing_and_is_done_whole_afterwards(
    site: Site, media: Path
) -> None:
    company = scene.company("Atlas", email="a@x.example")
    invoices = [sale(site, company) for _number in range(3)]
    with (
        patch.object(InvoicePaper.objects, "bulk_update", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        papers.make_due()
    assert not Message.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]
    with patch.object(papers, "CHUNK", 2):
        assert papers.make_due() == 3
    assert [len(left(invoice)) for invoice in invoices] == [1, 1, 1]


def test_a_chunk_asks_per_letter_and_not_per_paper(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    set_billing(site=site, starts_on=dt.date(2026, 1, 1), sends_papers=False, acting_user=None)
    company = scene.company("Atlas", email="a@x.example")
    for count in (1, 5):
        for _number in range(count):
            sale(site, company)
        with django_assert_num_queries(8 + 2 * count):  # a savepoint for each
            assert papers.make_due() == count
    assert not Message.objects.exists()
    assert not InvoicePaper.objects.to_nobody(dt.date(2026, 1, 1)).exists()


def test_sent_again_to_whom_it_belongs(site: Site) -> None:
    company = with_contacts(scene.company("Atlas", email="tous@x.example"), "a@x.example")
    Contact.objects.create(company=company, name="Autre", email="autre@x.example")
    invoice = sale(site, company)
    finance = scene.staff(Role.FINANCE_OFFICER, site)
    assert papers.send(invoice=invoice, to=[], acting_user=finance) == ["a@x.example"]
    to = ["Autre@x.example", "tous@x.example"]
    papers.send(invoice=invoice, to=to, acting_user=finance)
    assert [email for email, _language, _state in left(invoice)] == [
        "a@x.example",
        "autre@x.example",
        "tous@x.example",
    ]
    with pytest.raises(NotTheirAddress):
        papers.send(invoice=invoice, to=["x@elsewhere.example"], acting_user=finance)
    with pytest.raises(NotAllowed):
        papers.send(invoice=invoice, to=[], acting_user=scene.staff(Role.AUDITOR, site))
    alone = sale(site, scene.company("Seule"))
    with pytest.raises(NoAddress):
        papers.send(invoice=alone, to=[], acting_user=finance)
    link = letters.link_to(invoice, "autre@x.example").split("/invoice/")[1].split("/")[0]
    assert papers.opened_by(link) == invoice
    Contact.objects.filter(email="autre@x.example").delete()
    with pytest.raises(LinkClosed):
        papers.opened_by(link)


def test_a_stored_file_that_changed_is_given_to_nobody(site: Site, media: Path) -> None:
    invoice = sale(site, scene.company("Atlas"))
    before = pdf_of(invoice)
    papers.make_due()
    assert pdf_of(invoice) == before  # the same bytes for the same rows
    (file,) = (path for path in media.rglob("*") if path.is_file())
    file.write_bytes(before[:-1])
    with pytest.raises(PaperDamaged):
        pdf_of(invoice)
    file.unlink()
    with pytest.raises(PaperDamaged):
        pdf_of(invoice)
