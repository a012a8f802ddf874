"""Receipts: for what is settled by money that is there, once; void where it went again."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from pypdf import PdfReader

from accounts.choices import Role
from billing.choices import ChequeState, CreditKind, PaymentMethod
from billing.errors.papers import ChequeAwaited, NothingPaid, NotSettled
from billing.models import Allocation, ChequeStep, Invoice, Payment, Receipt
from billing.papers.stored import receipt_pdf_of
from billing.selectors.receipts import receipts_of, to_receipt
from billing.services.allocating import Share, allocate, take_back
from billing.services.crediting import credit_all
from billing.services.payments import record_payment
from billing.services.receipts import issue_due, issue_receipt
from billing.services.sales import SaleLine, issue_sale
from billing.services.settings import set_billing
from core.errors import NotAllowed
from core.models import Message
from core.periods import today
from sites.models import Site
from tenants.models import Company
from tests.factories import bills, scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture(autouse=True)
def _in_2026() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=dt.date(2026, 1, 1))


@pytest.fixture
def company() -> Company:
    return scene.company("Atlas Data", email="a@x.example")


def sale(site: Site, company: Company) -> Invoice:
    return issue_sale(
        site=site, company=company, lines=[SaleLine("Salle", Decimal(100))], acting_user=None
    )


def paid(site: Site, company: Company, amount: str, method: PaymentMethod, **given: Any) -> Payment:
    return record_payment(
        site=site,
        company=company,
        method=method,
        received_on=today(),
        amount=Decimal(amount),
        acting_user=None,
        **given,
    )


def step(payment: Payment, state: ChequeState) -> None:
    ChequeStep.objects.create(
        payment=payment, state=state, on=today(), made_at=dt.datetime.now(dt.UTC)
    )


def test_a_receipt_says_who_paid_what_when_and_how(site: Site, company: Company) -> None:
    invoice = sale(site, company)
    with pytest.raises(NotSettled):
        issue_receipt(invoice=invoice, acting_user=None)
    paid(site, company, "20", PaymentMethod.CASH)
    cheque = paid(site, company, "100", PaymentMethod.CHEQUE, reference="0012345", bank="Banque X")
    with pytest.raises(ChequeAwaited, match="0012345"):
        issue_receipt(invoice=invoice, acting_user=None)
    step(cheque, ChequeState.BANKED)
    step(cheque, ChequeState.CLEARED)
    with pytest.raises(NotAllowed):
        issue_receipt(invoice=invoice, acting_user=scene.staff(Role.SITE_MANAGER, site))
    finance = scene.staff(Role.FINANCE_OFFICER, site)
    receipt = issue_receipt(invoice=invoice, acting_user=finance)
    assert (receipt.number, receipt.amount) == ("LESSOR-Q2026-000001", Decimal(120))
    assert issue_receipt(invoice=invoice, acting_user=None) == receipt
    (page,) = PdfReader(BytesIO(receipt_pdf_of(receipt))).pages
    text = " ".join(page.extract_text().replace("\u202f", " ").split())
    for said in ("LESSOR-Q2026-000001", "LESSOR-F2026-000001", "cent vingt dirhams", "Salle",
                 "0012345", "Banque X", "20,00", "100,00", "04/05/2026"):  # fmt: skip
        assert said in text, text
    assert not Message.objects.exists()


def test_what_was_only_credited_has_no_receipt(site: Site, company: Company) -> None:
    invoice = sale(site, company)
    note = credit_all(invoice=invoice, kind=CreditKind.COMMERCIAL, reason="x", acting_user=None)
    for document in (invoice, note):
        with pytest.raises(NothingPaid):
            issue_receipt(invoice=document, acting_user=None)


def test_a_cheque_that_bounces_makes_it_void(site: Site, company: Company) -> None:
    invoice = sale(site, company)
    cheque = paid(site, company, "120", PaymentMethod.CHEQUE)
    step(cheque, ChequeState.CLEARED)
    first = issue_receipt(invoice=invoice, acting_user=None)
    take_back(invoice=invoice, source=cheque, reason="Sans provision", acting_user=None)
    step(cheque, ChequeState.BOUNCED)
    assert [(each.pk, each.void) for each in receipts_of(invoice)] == [(first.pk, True)]
    paid(site, company, "120", PaymentMethod.TRANSFER)
    second = issue_receipt(invoice=invoice, acting_user=None)
    assert [(each.pk, each.void) for each in receipts_of(invoice)] == [
        (second.pk, False),
        (first.pk, True),
    ]


def test_sites_that_send_receipts_send_each_once(site: Site, company: Company) -> None:
    settled, open_one = sale(site, company), sale(site, company)
    cheque = paid(site, company, "120", PaymentMethod.CHEQUE)
    assert Allocation.objects.get().invoice_id == settled.pk
    assert issue_due() == 0
    set_billing(site=site, starts_on=dt.date(2026, 1, 1), sends_receipts=True, acting_user=None)
    assert issue_due() == 0
    step(cheque, ChequeState.CLEARED)
    assert (issue_due(), issue_due()) == (1, 0)
    receipt = Receipt.objects.get()
    assert (receipt.invoice_id, receipt.acting_user) == (settled.pk, None)
    message = Message.objects.get()
    assert (message.to, message.matter) == ("a@x.example", f"receipt:{receipt.pk}")
    assert receipt.number in message.subject
    # A cheque that never went to the bank was handed back; another invoice was credited instead.
    handed = paid(site, company, "120", PaymentMethod.CHEQUE)
    take_back(invoice=open_one, source=handed, reason="Rendu", acting_user=None)
    credited = sale(site, company)
    mistaken = paid(site, company, "120", PaymentMethod.TRANSFER, shares=())
    allocate(source=mistaken, shares=[Share(credited.pk, Decimal(120))], acting_user=None)
    take_back(invoice=credited, source=mistaken, reason="Erreur", acting_user=None)
    credit_all(invoice=credited, kind=CreditKind.COMMERCIAL, reason="Geste", acting_user=None)
    assert not to_receipt(today()).exists()
    late = paid(site, company, "120", PaymentMethod.TRANSFER)
    assert to_receipt(today()).get() == open_one
    assert late.allocations.get().invoice_id == open_one.pk
    with time_machine.travel(dt.datetime(2026, 7, 1, tzinfo=dt.UTC)):
        assert issue_due() == 0  # what was settled long ago is receipted on demand
