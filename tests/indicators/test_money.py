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
from indicators.narrowing import Part
from indicators.selectors.network import Network, periods
from indicators.tables import TENANT_KINDS
from leases import changes
from leases.choices import AmendmentKind
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from sites.choices import TenantKind
from sites.models import Building
from sites.rates import Step
from tenants.models import Sector
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


def test_money_is_narrowed_by_what_it_was_asked_for() -> None:
    """A start-up of green tech that is an SME from February on, beside an SME with a flat fee in no
    building: what was billed says of which letting, what is owed only by whom."""
    with time_machine.travel(dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC), tick=False) as clock:
        site = bills.site("CAS", starts_on=dt.date(2026, 1, 1))
        january, february = dt.date(2026, 1, 1), dt.date(2026, 2, 1)
        green = Sector.objects.get_or_create(code="green", defaults={"name_fr": "Vert"})[0]
        company = scene.company("Verte Démo")
        company.sectors.set([green])
        growing = tenancies.active(
            site, scene.office(site), start=january, kind=TenantKind.STARTUP, company=company
        )
        fee = tenancies.active(site, start=january, kind=TenantKind.DOMICILIATION)
        bills.issued(site, january)
        grown = changes.recategorise(
            terms_of(growing), february, TenantKind.SME,
            [[Step(Period(february, growing.period.end), Decimal(100))]],
        )  # fmt: skip
        signed = draft_amendment(
            lease=growing, kind=AmendmentKind.CATEGORY, effective_on=february, after=grown,
            reason="Avenant", acting_user=None,
        )  # fmt: skip
        sign_amendment(amendment=signed, signed_on=dt.date(2026, 1, 5), acting_user=None)
        clock.move_to(dt.datetime(2026, 2, 3, 12, tzinfo=dt.UTC))
        bills.issued(site, february)
        network = Network()
    on = dt.date(2026, 3, 31)

    def told(name: str, **part: int) -> Decimal | None:
        figure = network.figure(name, on, "CAS", Part(**part))
        rows = network.rows(name, on, "CAS", Part(**part))
        assert sum((row.numerator for row in rows), ZERO) == figure.value
        return figure.value

    places = {kind: TENANT_KINDS.index(kind) for kind in TenantKind}
    building = Building.objects.get(site=site).pk
    assert told("billed_rent") == Decimal(3600)
    assert {kind: told("billed_rent", tenant_kind=places[kind]) for kind in TenantKind} == {
        **dict.fromkeys(TenantKind, ZERO),
        TenantKind.STARTUP: Decimal(1000),
        TenantKind.SME: Decimal(2000),
        TenantKind.DOMICILIATION: Decimal(600),
    }
    assert told("billed_rent", building=building) == Decimal(3000)
    assert (
        told("billed_rent", building=building, tenant_kind=places[TenantKind(fee.tenant_kind)])
        == ZERO
    )
    assert told("billed_rent", sector=green.pk) == Decimal(3000)
    # With VAT.
    assert (told("arrears"), told("arrears", sector=green.pk)) == (Decimal(4320), Decimal(3600))
    ageing_of_green = network.profile("ageing", on, "CAS", Part(sector=green.pk))
    assert as_aged(ageing_of_green).open == Decimal(3600)
