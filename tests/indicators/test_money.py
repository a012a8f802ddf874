"""Arrears and billed rent are those of billing, on any day, through its real services."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from accounts.choices import Role
from billing.ageing import BANDS, PARTS, Aged, together
from billing.choices import CreditKind
from billing.models import Allocation, InvoiceLine
from billing.selectors.ageing import aged_invoices, ageing
from billing.services.crediting import credit_all
from core.money import ZERO
from core.periods import Period
from indicators.lines import Lines
from indicators.selectors.network import Network, periods
from tests.billing.tills import FIRST, Till
from tests.factories import bills, scene, tenancies

pytestmark = pytest.mark.django_db


def as_aged(lines: Lines) -> Aged:
    """The profile as billing tells an account."""
    centimes = dict(zip(lines.keys, lines.values["open_centimes"].tolist(), strict=True))
    centimes |= {part: lines.beside[f"{part}_centimes"] for part in PARTS[len(BANDS) :]}
    return Aged(**{part: Decimal(centimes[part]) / 100 for part in PARTS})


@pytest.mark.parametrize("seed", [4])
def test_any_day_is_the_ageing_of_that_day(seed: int) -> None:
    with time_machine.travel(dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC), tick=False):
        sites = [bills.site(code, starts_on=FIRST) for code in ("CAS", "RAB")]
        companies = [scene.company() for _each in range(3)]
        tenancies.active(sites[0], scene.office(sites[0]), company=companies[0])
    Till(seed, sites, companies).run(70)
    finance = scene.staff(Role.FINANCE_OFFICER)
    last = Allocation.objects.latest("on").on
    network, seen = Network(), set()
    for on in [last + dt.timedelta(90), *(FIRST + dt.timedelta(n) for n in range(0, 190, 11))]:
        for site in (None, *sites):
            code, ids = (site.code, [site.pk]) if site is not None else (None, None)
            expected = together(ageing(finance, on, site_ids=ids).values())
            assert as_aged(network.profile("ageing", on, code)) == expected, (on, code)
            assert network.figure("arrears", on, code).value == expected.overdue, (on, code)
            seen |= {part for part in PARTS if getattr(expected, part) != ZERO}
        rows = network.rows("arrears", on)
        late = aged_invoices(finance, on).filter(due_on__lt=on)
        assert {(row.more["invoice_id"], row.numerator) for row in rows} == {
            (invoice.number, invoice.open) for invoice in late
        }
    assert seen == set(PARTS)


def test_billed_rent_is_by_the_day_of_issue_without_tax_or_charges() -> None:
    """A run in each of two months, the second taken back in March; a sale beside is no rent."""
    with time_machine.travel(dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC), tick=False) as clock:
        site = bills.site("CAS", starts_on=dt.date(2026, 1, 1))
        tenancies.active(site, scene.office(site), start=dt.date(2026, 1, 1))
        bills.issued(site, dt.date(2026, 1, 1))
        clock.move_to(dt.datetime(2026, 2, 3, 12, tzinfo=dt.UTC))
        (second,) = bills.issued(site, dt.date(2026, 2, 1)).invoices.all()
        Till(1, [site], [scene.company()]).sell()
        clock.move_to(dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC))
        credit_all(invoice=second, kind=CreditKind.CANCELLING, reason="Erreur", acting_user=None)
        network = Network()
    rent = Decimal(2000)
    months = periods(dt.date(2026, 1, 1), dt.date(2026, 3, 31))
    assert [one.value for one in network.over_periods("billed_rent", months)] == [rent, rent, -rent]
    figure = network.figure("billed_rent", dt.date(2026, 12, 31), "CAS")
    assert (figure.value, figure.beside, figure.window) == (
        rent,
        {"credited_dirhams": rent},
        Period(dt.date(2026, 1, 1), dt.date(2027, 1, 1)),
    )
    rows = network.rows("billed_rent", dt.date(2026, 12, 31))
    lines = InvoiceLine.objects.filter(is_rent=True).order_by("invoice_id")
    assert [(row.more["invoice_id"], row.start, row.numerator) for row in rows] == [
        (line.invoice.number, line.invoice.issued_on, -line.amount if line.credits else line.amount)
        for line in lines
    ]
    assert network.figure("billed_rent", dt.date(2027, 1, 4)).value == rent
    assert network.figure("billed_rent", dt.date(2027, 1, 5)).value == ZERO
