"""Credit notes: never more than is left, to the centime, and days that may be billed again."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, transaction
from hypothesis import assume, given
from hypothesis import strategies as st

from billing.choices import CreditKind
from billing.crediting import Left, shared, without_tax
from billing.errors.invoices import CreditTooLarge, DaysTaken, NothingToCredit
from billing.models import BilledPeriod, Invoice, InvoiceLine
from billing.selectors.open_items import open_of
from billing.services.crediting import Part, credit_all, credit_amount, credit_parts
from billing.services.sales import SaleLine, issue_sale
from core.money import ZERO
from core.periods import Period
from leases import changes
from leases.rent import vat_on
from leases.selectors.terms import terms_of
from leases.services.drafts import change_draft
from leases.services.signing import sign_lease
from leases.terms import ChargeTerms, DiscountTerms, Rhythm
from tests.factories import bills, scene, tenancies

day = dt.date
pytestmark = pytest.mark.django_db
GOODWILL, CANCELLING = CreditKind.COMMERCIAL, CreditKind.CANCELLING


@pytest.fixture(autouse=True)
def _in_2026() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC), tick=False):
        yield


def sale(*prices: str) -> Invoice:
    site = bills.site(starts_on=day(2026, 1, 1))
    lines = [SaleLine(f"Badge {number}", Decimal(price)) for number, price in enumerate(prices)]
    return issue_sale(site=site, company=scene.company(), lines=lines, acting_user=None)


def amounts(note: Invoice) -> list[str]:
    return [str(amount) for amount in note.lines.values_list("amount", flat=True)]


def test_an_amount_is_shared_by_the_largest_remainder() -> None:
    note = credit_amount(
        invoice=sale("100", "100", "100"), net=Decimal(100), reason="Geste", acting_user=None
    )
    assert amounts(note) == ["33.34", "33.33", "33.33"]
    assert (note.net, note.vat, note.number) == (
        Decimal(100), Decimal("20.01"), "LESSOR-A2026-000001",
    )  # fmt: skip


def test_no_more_is_credited_than_is_left() -> None:
    invoice = sale("200")
    credit_amount(invoice=invoice, net=Decimal(100), reason="Geste", acting_user=None)
    with pytest.raises(CreditTooLarge, match="Only 100"):
        credit_amount(invoice=invoice, net=Decimal(105), reason="Geste", acting_user=None)
    credit_all(invoice=invoice, kind=CANCELLING, reason="Annulée", acting_user=None)
    with pytest.raises(NothingToCredit):
        credit_all(invoice=invoice, kind=CANCELLING, reason="Annulée", acting_user=None)
    assert Invoice.objects.count() == 3


def test_an_amount_of_one_line() -> None:
    invoice = sale("123.45", "70")
    second = invoice.lines.get(position=2)
    credit_parts(
        invoice=invoice, parts=[Part(second.pk, net=Decimal(20))], kind=GOODWILL, reason="Geste",
        acting_user=None,
    )  # fmt: skip
    note = credit_all(invoice=invoice, kind=CANCELLING, reason="Annulée", acting_user=None)
    assert (amounts(note), note.net) == (["123.45", "50.00"], Decimal("173.45"))
    assert invoice.vat == sum(each.vat for each in invoice.credit_notes.all())


def test_an_amount_with_tax_is_read_as_one_without() -> None:
    assert without_tax(Decimal(100), Decimal(20)) == Decimal("83.33")


def test_days_that_are_taken_back_are_billed_again_goodwill_is_not() -> None:
    site = bills.site(starts_on=day(2026, 1, 1))
    tenancies.active(site, scene.office(site), start=day(2026, 1, 1))
    bills.issued(site, day(2026, 1, 1))
    invoice = Invoice.objects.get()
    line = invoice.lines.get()
    week = Period.through(day(2026, 1, 8), day(2026, 1, 14))
    gift = credit_parts(
        invoice=invoice, parts=[Part(line.pk, days=week)], kind=GOODWILL, reason="Panne",
        acting_user=None,
    )  # fmt: skip
    assert amounts(gift) == ["451.61"]
    assert bills.issued(site, day(2026, 1, 1)).invoices.count() == 0
    note = credit_parts(
        invoice=invoice, parts=[Part(line.pk, days=week)], kind=CANCELLING, reason="Erreur",
        acting_user=None,
    )  # fmt: skip
    assert amounts(note) == ["451.61"]
    for kind in CreditKind:
        with pytest.raises(DaysTaken):
            credit_parts(
                invoice=invoice, parts=[Part(line.pk, days=week)], kind=kind, reason="Erreur",
                acting_user=None,
            )  # fmt: skip
    (again,) = bills.issued(site, day(2026, 1, 1)).invoices.all()
    assert [(str(one.period), str(one.amount)) for one in again.lines.all()] == [
        ("2026-01-08 – 2026-01-14", "451.61")
    ]
    credit_all(invoice=invoice, kind=CANCELLING, reason="Annulée", acting_user=None)
    assert sum(one.net for one in invoice.credit_notes.all()) == Decimal(2000)
    assert BilledPeriod.objects.get().line == again.lines.get()


def test_the_database_refuses_what_no_service_would_write() -> None:
    invoice = sale("100", "50")
    line = invoice.lines.get(position=1)
    note = credit_all(invoice=invoice, kind=CANCELLING, reason="Annulée", acting_user=None)
    given = note.lines.get(position=1)
    for change in (
        lambda: Invoice.objects.filter(pk=invoice.pk).update(net=1),
        lambda: InvoiceLine.objects.filter(pk=given.pk)._raw_delete("default"),
        lambda: InvoiceLine.objects.bulk_create([_copy(line, position=3)]),
        lambda: InvoiceLine.objects.bulk_create([_copy(given, position=3)]),
    ):
        with (
            pytest.raises(DatabaseError, match=r"denied|frozen|add up|more would"),
            transaction.atomic(),
        ):
            change()


def _copy(line: InvoiceLine, *, position: int) -> InvoiceLine:
    line.pk, line.position = None, position
    return line


def test_what_a_discount_took_off_is_not_credited_again() -> None:
    """Rent 2,000 less half of it, and 500 for parking: 1,500 are asked."""
    site = bills.site(starts_on=day(2026, 1, 1))
    lease = tenancies.drafted(site, scene.office(site), start=day(2026, 1, 1))
    terms = terms_of(lease)
    half = DiscountTerms(terms.period, "percent", Decimal(50), "Lancement")
    rhythm = Rhythm(vat_subject="service")
    parking = ChargeTerms(None, "parking", "", terms.period, "flat", Decimal(500), rhythm)
    after = changes.add_charge(changes.discount(terms, 0, half), None, parking)
    change_draft(lease=lease, after=after, reason="Convenu", acting_user=None)
    sign_lease(lease=lease, signed_on=day(2026, 1, 10), acting_user=None)
    bills.issued(site, day(2026, 1, 1))
    invoice = Invoice.objects.get()
    assert invoice.net == Decimal(1500)
    rent = invoice.lines.get(position=1)
    for kind in CreditKind:
        with pytest.raises(CreditTooLarge, match=r"Only 1,500\.00"):
            credit_parts(
                invoice=invoice, parts=[Part(rent.pk)], kind=kind, reason="x", acting_user=None
            )
    with pytest.raises(CreditTooLarge, match=r"Only 1,500\.00"):
        credit_amount(invoice=invoice, net=Decimal("1500.01"), reason="Geste", acting_user=None)
    note = credit_amount(invoice=invoice, net=Decimal(900), reason="Geste", acting_user=None)
    assert (amounts(note), note.vat) == (["600.00", "300.00"], Decimal(180))
    rest = credit_amount(invoice=invoice, net=Decimal(600), reason="Geste", acting_user=None)
    assert (amounts(rest), rest.vat) == (["400.00", "200.00"], Decimal(120))
    assert open_of([invoice.pk]) == {invoice.pk: Decimal(0)}


nets = st.integers(-10_000, 200_000).map(lambda centimes: Decimal(centimes) / 100)


@given(st.lists(st.tuples(nets, st.sampled_from([1, 2, None])), min_size=1, max_size=6), st.data())
def test_credits_of_an_invoice_never_come_to_more_than_it(
    told: list[tuple[Decimal, int | None]], data: st.DataObject
) -> None:
    rate = Decimal(20)
    lines = [Left(net, vat_on(net, rate), rate) for net, _charge in told]
    total = sum((line.net for line in lines), Decimal(0))
    assume(total > 0)
    charges = [charge for _net, charge in told]
    net = data.draw(st.integers(1, int(total * 100)).map(lambda centimes: Decimal(centimes) / 100))
    parts = shared(net, lines, charges)
    assert sum(part.net for part in parts) == net
    vat, asked = (sum((one.vat for one in each), Decimal(0)) for each in (parts, lines))
    assert all(
        0 <= part.net <= max(line.net, ZERO) for part, line in zip(parts, lines, strict=True)
    )
    assert all(
        0 <= part.vat <= max(line.vat, ZERO) for part, line in zip(parts, lines, strict=True)
    )
    assert vat <= asked
    if net == total:
        assert vat == asked
