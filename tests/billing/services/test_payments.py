"""Money in, and what it settles."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from billing.choices import CreditKind, PaymentMethod
from billing.errors import MoreThanFree, MoreThanOpen, NotSettledBy, OtherAccount
from billing.models import Allocation, Invoice, Payment, WithholdingRule
from billing.selectors.open_items import open_of
from billing.services.allocating import Share, allocate, free_of, take_back
from billing.services.crediting import credit_all, credit_amount
from billing.services.payments import record_payment
from billing.services.sales import SaleLine, issue_sale
from core.periods import Period, today
from sites.models import Site
from tenants.models import Company
from tests.factories import bills, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=dt.date(2026, 1, 1))


@pytest.fixture
def company() -> Company:
    return scene.company("Atlas Data")


def sale(site: Site, company: Company, *prices: str) -> Invoice:
    lines = [SaleLine(f"Salle {price}", Decimal(price)) for price in prices]
    return issue_sale(site=site, company=company, lines=lines, acting_user=None)


def paid(site: Site, company: Company, amount: str, **given: Any) -> Payment:
    return record_payment(
        site=site,
        company=company,
        method=PaymentMethod.TRANSFER,
        received_on=today(),
        amount=Decimal(amount),
        acting_user=None,
        **given,
    )


def opened(*invoices: Invoice) -> list[Decimal]:
    found = open_of([invoice.pk for invoice in invoices])
    return [found[invoice.pk] for invoice in invoices]


def test_the_oldest_are_paid_first_and_the_rest_stays_credit(site: Site, company: Company) -> None:
    first, second = sale(site, company, "100"), sale(site, company, "200")
    payment = paid(site, company, "300")
    assert opened(first, second) == [Decimal(0), Decimal(60)]
    assert free_of(payment) == Decimal(0)
    advance = paid(site, company, "100")
    assert opened(second) == [Decimal(0)]
    assert free_of(advance) == Decimal(40)
    assert [payment.number[-6:], advance.number[-6:]] == ["000001", "000002"]


def test_a_paid_invoice_that_is_credited_leaves_credit(site: Site, company: Company) -> None:
    invoice = sale(site, company, "100")
    paid(site, company, "90")
    note = credit_all(
        invoice=invoice, kind=CreditKind.CANCELLING, reason="Annulée", acting_user=None
    )
    assert opened(invoice) == [Decimal(0)]
    assert free_of(note) == Decimal(90)
    other = sale(site, company, "50")
    allocate(source=note, shares=[Share(other.pk, Decimal(60))], acting_user=None)
    assert (opened(other), free_of(note)) == ([Decimal(0)], Decimal(30))


def test_what_is_left_after_a_credit_of_one_line(site: Site, company: Company) -> None:
    """193.45 = 123.45 + 70, with 20 credited: 173.45 are open."""
    rules = site.lessor.vatrule_set.filter(subject="service")
    rules.update(rate=0, exemption_ground="Exonéré")
    invoice = sale(site, company, "123.45", "70")
    credit_amount(invoice=invoice, net=Decimal(20), reason="Geste", acting_user=None)
    assert opened(invoice) == [Decimal("173.45")]


def test_taken_back_is_open_again_by_a_new_row(site: Site, company: Company) -> None:
    invoice = sale(site, company, "100")
    payment = paid(site, company, "120")
    take_back(
        invoice=invoice, source=payment, amount=Decimal(20), reason="Erreur", acting_user=None
    )
    assert (opened(invoice), free_of(payment)) == ([Decimal(20)], Decimal(20))
    with pytest.raises(NotSettledBy, match="100"):
        take_back(
            invoice=invoice, source=payment, amount=Decimal("100.01"), reason="x", acting_user=None
        )
    take_back(invoice=invoice, source=payment, reason="Erreur", acting_user=None)
    assert (opened(invoice), free_of(payment)) == ([Decimal(120)], Decimal(120))
    assert [row.amount for row in Allocation.objects.order_by("pk")] == [120, -20, -100]


def test_nothing_is_settled_twice_or_by_a_stranger(site: Site, company: Company) -> None:
    invoice, stranger = sale(site, company, "100"), scene.company("Rif Énergie")
    payment = paid(site, stranger, "500")
    with pytest.raises(OtherAccount):
        allocate(source=payment, shares=[Share(invoice.pk, Decimal(1))], acting_user=None)
    own = paid(site, company, "50", shares=())
    with pytest.raises(MoreThanFree):
        allocate(source=own, shares=[Share(invoice.pk, Decimal(51))], acting_user=None)
    with pytest.raises(MoreThanOpen):
        allocate(
            source=paid(site, company, "200", shares=()),
            shares=[Share(invoice.pk, Decimal("120.01"))],
            acting_user=None,
        )
    for row in (
        Allocation(invoice=invoice, payment=payment, amount=1, on=today()),
        Allocation(invoice=invoice, payment=own, amount=51, on=today()),
        Allocation(invoice=invoice, payment=own, amount=-1, on=today(), reason="x"),
    ):
        row.made_at = payment.made_at
        with pytest.raises(DatabaseError, match=r"of its company|more would"), transaction.atomic():
            Allocation.objects.bulk_create([row])


def test_what_is_withheld_settles_too(site: Site, company: Company) -> None:
    """Services are no rent: nothing is withheld of them, but of their VAT."""
    WithholdingRule.objects.create(
        company=company, kind="rent", period=Period(dt.date(2026, 7, 1)), rate=5
    )
    WithholdingRule.objects.create(
        company=company, kind="vat", period=Period(dt.date(2026, 7, 1)), rate=75
    )
    invoice = sale(site, company, "1000")
    payment = paid(site, company, "1050")
    assert opened(invoice) == [Decimal(0)]
    (kept,) = payment.withheld.all()
    assert (kept.method, kept.amount, free_of(kept)) == ("vat_wht", Decimal(150), Decimal(0))
