"""Revenue and forecast: sums by hand, and the forecast against the runs that come true."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from accounts.choices import Role
from billing.choices import CreditKind, InvoiceKind, PaymentMethod
from billing.models import Invoice, InvoiceLine
from billing.selectors.revenue import Revenue, forecast, revenue
from billing.services.cheques import bounce_cheque
from billing.services.crediting import credit_all
from billing.services.payments import record_payment
from billing.services.refunds import refund
from core.periods import Period, add_months
from leases.models import Charge, Discount, Lease, Letting
from leases.selectors.terms import terms_of
from sites.models import Site
from tests.factories import bills, scene, tenancies

pytestmark = pytest.mark.django_db
day = dt.date
JAN, FEB, MAR, APR = (day(2026, month, 1) for month in (1, 2, 3, 4))


def on(at: dt.date) -> Any:
    moment = dt.datetime.combine(at, dt.time(12), dt.UTC)
    return time_machine.travel(moment, tick=False)


def rhythm(lease: Lease, **fields: Any) -> None:
    """How its rent is billed, as its amendments would have it."""
    Charge.objects.filter(lease=lease, kind="rent").update(**fields)


def net(site: Site, month: dt.date) -> Decimal:
    """What a run of the month bills."""
    with on(month):
        run = bills.issued(site, month)
    return sum((invoice.net for invoice in run.invoices.all()), Decimal(0))


def test_sums_by_hand() -> None:
    """A quarter of 3 x 2,000 in advance and 1,000 a month beside it; a cheque that bounces."""
    with on(day(2026, 1, 2)):
        site = bills.site(starts_on=JAN)
        quarterly = tenancies.active(site, scene.office(site, area_m2="20"), start=JAN)
        rhythm(quarterly, months=3)
        monthly = tenancies.active(site, scene.office(site, area_m2="10"), start=JAN)
    assert net(site, JAN) == Decimal(7000)
    with on(day(2026, 1, 20)):
        for lease, method in ((quarterly, PaymentMethod.CHEQUE), (monthly, PaymentMethod.TRANSFER)):
            cheque = record_payment(
                site=site, company=lease.company, method=method, received_on=day(2026, 1, 20),
                amount=Decimal(1200), acting_user=None,
            )  # fmt: skip
            if lease == quarterly:
                first = cheque
    with on(day(2026, 2, 3)):
        bounce_cheque(payment=first, on=day(2026, 2, 3), reason="Vide", acting_user=None)
        second = Invoice.objects.get(lease=monthly)
        kind = CreditKind.COMMERCIAL
        note = credit_all(invoice=second, kind=kind, reason="Geste", acting_user=None)
        refund(source=note, amount=Decimal(200), on=day(2026, 2, 3), reason="Trop perçu",
               method=PaymentMethod.TRANSFER, acting_user=None)  # fmt: skip
    user = scene.staff(Role.FINANCE_OFFICER)
    found = revenue(user, first=JAN, last=MAR)
    assert {month: row for (_site, month), row in found.items()} == {
        JAN: Revenue(Decimal(7000), Decimal(1400), Decimal(2400), Decimal(0), Decimal(4000)),
        FEB: Revenue(Decimal(-1000), Decimal(-200), Decimal(-1400), Decimal(0), Decimal(2000)),
    }
    elsewhere = scene.staff(Role.FINANCE_OFFICER, scene.site("RAB"))
    assert revenue(elsewhere, first=JAN, last=MAR) == {}
    assert revenue(user, first=FEB, last=FEB, site_ids=[site.pk]) == {
        (site.pk, FEB): found[site.pk, FEB]
    }


def test_what_is_deferred_follows_the_months_own_days() -> None:
    """From 11 January to 20 February: 21/31 + 20/28 months; at January's end 20/28 is to come."""
    with on(day(2026, 1, 12)):
        site = bills.site(starts_on=JAN)
        tenancies.active(site, scene.office(site), start=JAN)
        run = bills.issued(site, JAN)
    like = InvoiceLine.objects.get(invoice__run=run)
    other = Invoice.objects.get(run=run)
    other.pk, other.number, other.sequence = None, "X1", 99
    other.net, other.vat = Decimal("100.00"), Decimal(0)
    other.save(force_insert=True)
    like.pk, like.invoice, like.vat, like.amount = None, other, Decimal(0), Decimal("100.00")
    like.period = Period(day(2026, 1, 11), day(2026, 2, 21))
    like.save(force_insert=True)
    found = revenue(scene.staff(Role.AUDITOR), first=JAN, last=FEB)
    share = Decimal(20) / 28 / (Decimal(21) / 31 + Decimal(20) / 28)
    assert found[site.pk, JAN].deferred == (100 * share).quantize(Decimal("0.01"))
    assert (site.pk, FEB) not in found


def test_the_forecast_is_what_the_runs_will_bill() -> None:
    """Steps, discounts, quarters, arrears, a lease that begins in a quarter, one that ends, one
    that holds over, a draft: told in January, and then month by month as they come."""
    with on(day(2026, 1, 2)):
        site = bills.site(starts_on=JAN)
        offices = [scene.office(site, area_m2="17.35") for _each in range(7)]
        tenancies.active(site, offices[0], start=day(2024, 11, 18), kind="startup")
        rhythm(tenancies.active(site, offices[1], start=day(2026, 1, 2)), months=3)
        rhythm(tenancies.signed(site, offices[2], start=day(2026, 2, 15)), months=3)
        rhythm(tenancies.active(site, offices[3], start=JAN), in_advance=False)
        rhythm(tenancies.active(site, offices[4], start=JAN), months=12, in_advance=False)
        ends = tenancies.active(site, offices[5], start=day(2025, 4, 10), months=12)
        tenancies.drafted(site, scene.office(site), start=JAN)
        over = tenancies.active(site, offices[6], start=day(2024, 12, 20), months=12)
        letting = Letting.objects.get(lease=ends)
        Discount.objects.create(
            letting=letting, period=Period(day(2026, 2, 10), day(2026, 3, 5)), unit="percent",
            value=Decimal(15), reason="Travaux",
        )  # fmt: skip
        Charge.objects.create(
            lease=ends, letting=letting, kind="parking", label="Place 4", unit="flat",
            rate=Decimal("77.77"), period=Period(day(2026, 1, 20), day(2026, 4, 10)),
            vat_subject="service",
        )  # fmt: skip
        Charge.objects.create(
            lease=ends, letting=letting, kind="other", label="Badge", unit="once",
            rate=Decimal(50), period=Period(day(2026, 2, 3), day(2026, 2, 4)),
            vat_subject="service",
        )  # fmt: skip
        user = scene.staff(Role.FINANCE_OFFICER)
        told = forecast(user)
    assert terms_of(over).period.end == day(2025, 12, 20)
    months = [add_months(JAN, number) for number in range(36)]
    assert [month for _site, month in told] == months
    billed = {month: net(site, month) for month in months[:3]}
    once = InvoiceLine.objects.filter(unit="once").get().amount
    assert {month: told[site.pk, month].net for month in billed} == {
        **billed, FEB: billed[FEB] - once
    }  # fmt: skip
    assert (told[site.pk, FEB].charges, told[site.pk, MAR].charges) == (Decimal("77.77"),) * 2
    assert told[site.pk, APR].charges == Decimal("23.33")  # 9 days of 30
    assert set(Invoice.objects.values_list("kind", flat=True)) == {InvoiceKind.INVOICE}
