"""The list rent forgone: kept with a letting that asks less on purpose, shown wherever rent is."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.choices import Role
from applications.services.answers import accept_offer
from core.periods import Period, add_months, today
from leases.models import Lease
from leases.selectors.amending import with_category, with_space
from leases.selectors.list_rates import list_rate
from leases.selectors.statements import statement
from leases.selectors.terms import terms_of
from leases.terms import LeaseTerms
from sites.choices import RateUnit, TenantKind
from sites.models import RatePlan, RatePlanStep, Site
from tests.factories import doors, scene, tenancies

pytestmark = pytest.mark.django_db

START = dt.date(2026, 1, 1)
JULY = dt.date(2026, 7, 1)


@pytest.fixture
def site() -> Site:
    """Nothing is asked of support organisations; an SME pays 100 DH."""
    made = scene.site("CAS")
    scene.plan(made, TenantKind.SUPPORT, [(0, "0")])
    return made


def listed(terms: LeaseTerms) -> list[Decimal | None]:
    return [letting.list_rate for letting in terms.lettings]


def test_a_support_organisation_pays_nothing_and_what_that_costs_is_shown(site: Site) -> None:
    space = scene.office(site, code="A1", area_m2="20.00")
    lease = tenancies.active(site, space, start=START, kind=TenantKind.SUPPORT)
    due = statement(lease, Period(START, dt.date(2026, 2, 1)))
    assert due is not None
    assert (due.net, due.forgone) == (Decimal(0), Decimal(2000))
    client = doors.staff_client(Role.DIRECTOR)
    address = reverse("admin:leases_lease_change", args=[lease.pk])
    page = " ".join(client.get(f"{address}?lang=en&month=2026-01").content.decode().split())
    assert "list rate 100 MAD per m² and month" in page.replace("\xa0", " ")
    assert "List rent forgone: 2,000.00 MAD" in page.replace("\xa0", " ")
    out = io.StringIO()
    call_command(
        "rent_statement", lease.number, "--from=2026-01-01", "--to=2026-01-31", "--language=en",
        stdout=out,
    )  # fmt: skip
    assert out.getvalue().replace("\xa0", " ").endswith("List rent forgone: 2,000.00 MAD\n")


def test_whoever_pays_a_price_of_their_own_forgoes_nothing(site: Site) -> None:
    scene.plan(site, TenantKind.COWORKING, [(0, "500")], unit=RateUnit.FLAT)
    for kind in (TenantKind.STARTUP, TenantKind.SME, TenantKind.COWORKING):
        lease = tenancies.drafted(site, scene.office(site), kind=kind)
        assert listed(terms_of(lease)) == [None], kind
    assert listed(terms_of(tenancies.drafted(site, kind=TenantKind.DOMICILIATION))) == [None]


def test_another_space_or_kind_has_the_list_rate_of_its_day(site: Site) -> None:
    space, other = scene.office(site, code="A1"), scene.office(site, code="A2")
    lease = tenancies.active(site, space, start=START, kind=TenantKind.SUPPORT)
    terms = terms_of(lease)
    assert listed(with_space(lease, terms, other, JULY)) == [Decimal(100), Decimal(100)]
    assert listed(with_category(lease, terms, TenantKind.SME, JULY)) == [Decimal(100), None]
    company = tenancies.active(site, other, start=START)
    after = with_category(company, terms_of(company), TenantKind.SUPPORT, JULY)
    assert listed(after) == [None, Decimal(100)]


def test_an_accepted_offer_brings_it_too(site: Site) -> None:
    file = scene.application(site)
    offer = scene.offer(file, scene.office(site), tenant_kind=TenantKind.SUPPORT)
    accept_offer(offer=offer, acting_user=None)
    assert listed(terms_of(Lease.objects.get(application=file))) == [Decimal(100)]


def test_the_list_price_is_the_last_step_of_a_plan_per_m2(site: Site) -> None:
    plan = RatePlan.objects.get(site=site, tenant_kind=TenantKind.SME)
    RatePlanStep.objects.create(plan=plan, after_months=12, rate=Decimal(120))
    assert list_rate(site, TenantKind.SUPPORT, today()) == Decimal(120)
    plan.unit = RateUnit.FLAT
    plan.save()
    assert list_rate(site, TenantKind.SUPPORT, today()) is None
    assert list_rate(site, TenantKind.SUPPORT, add_months(plan.period.start, -1)) is None
