"""Another company goes on with a lease: days, terms, spaces and deposit are handed on whole."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from core.errors import DomainError
from core.periods import ONE_DAY, Period, today
from leases.changes import add_charge
from leases.choices import AmendmentKind, ExitReason, LeaseState, NoticeBy
from leases.models import Lease
from leases.rent import rent_due
from leases.selectors.deposits import deposit_of
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.assignment import assign_lease
from leases.services.drafts import cancel_lease, draft_from_offer
from leases.services.exits import end_lease
from leases.services.notices import give_notice
from leases.services.reversals import take_back_end, take_back_handover
from leases.terms import ChargeTerms
from sites.models import Booking, RatePlan, Site
from tests.factories import doors, scene, tenancies

pytestmark = pytest.mark.django_db

START = dt.date(2026, 1, 1)
SINCE = dt.date(2026, 7, 16)
THREE_YEARS = Period(START, dt.date(2029, 1, 1))


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def lease(site: Site) -> Lease:
    """Two rooms of 20 m² at 100 DH from 1 January 2026, with a parking place of 200 DH."""
    rooms = [scene.office(site, code=code) for code in ("A1", "A2")]
    lease = tenancies.active(site, *rooms, start=START)
    parking = ChargeTerms(None, "parking", "P1", THREE_YEARS, "flat", Decimal(200))
    draft = draft_amendment(
        lease=lease,
        kind=AmendmentKind.CHARGES,
        effective_on=START,
        after=add_charge(terms_of(lease), None, parking),
        reason="Parking",
        acting_user=None,
    )
    sign_amendment(amendment=draft, signed_on=today(), acting_user=None)
    lease.refresh_from_db()
    return lease


def assigned(lease: Lease, since: dt.date = SINCE) -> Lease:
    return assign_lease(
        lease=lease, company=scene.company(), since=since, reason="Cession", acting_user=None
    )


def test_the_other_company_goes_on_where_the_first_one_stops(lease: Lease) -> None:
    year = Period(START, dt.date(2027, 1, 1))
    whole, held = rent_due(terms_of(lease), year), deposit_of(lease).held
    following = assigned(lease)
    lease.refresh_from_db()
    assert (lease.state, lease.exit_on) == (LeaseState.ENDED, SINCE - ONE_DAY)
    assert (lease.exit_reason, lease.end_reason) == (ExitReason.ASSIGNED, "Cession")
    assert (following.follows, following.state) == (lease, LeaseState.ACTIVE)
    assert following.period == Period(SINCE, THREE_YEARS.end)
    assert (following.deposit_due, following.notice_months) == (lease.deposit_due, 3)
    first, then = (rent_due(terms_of(each), year) for each in (lease, following))
    assert first.net + then.net == whole.net == Decimal(12 * 4200)
    assert then.net == Decimal("23167.75")  # 4200 x (16/31 + 5), each line rounded
    bookings = Booking.objects.order_by("period").values_list("label", "period")
    days = [Period(START, SINCE), Period(SINCE, THREE_YEARS.end)]
    assert list(bookings) == [
        (each.number, period) for each, period in zip((lease, following), days, strict=True)
        for _room in range(2)
    ]  # fmt: skip
    assert deposit_of(lease).held == 0
    assert (deposit_of(following).held, deposit_of(following).missing) == (held, Decimal(0))
    for each, last in ((lease, 3), (following, 1)):
        version = each.versions.latest("version")
        assert (version.version, version.reason) == (last, "assigned: Cession")


def test_what_cannot_be_assigned_says_why(lease: Lease) -> None:
    def refusal(**given: object) -> str:
        asked = {"lease": lease, "company": scene.company(), "since": SINCE, "reason": "Cession"}
        with pytest.raises(DomainError) as refused:
            assign_lease(**{**asked, **given}, acting_user=None)  # type: ignore[arg-type]
        return refused.value.code

    assert refusal(company=lease.company) == "same_company"
    assert refusal(reason=" ") == "reason_needed"
    for day in (today() + ONE_DAY, START):
        assert refusal(since=day) == "bad_lease_date"
    give_notice(lease=lease, given_by=NoticeBy.TENANT, given_on=today(), acting_user=None)
    assert refusal() == "notice_stands"
    assert Lease.objects.count() == 1


def test_a_mistaken_assignment_is_taken_back_from_its_end(lease: Lease) -> None:
    held = deposit_of(lease).held
    following, before = assigned(lease), terms_of(lease)
    with pytest.raises(DomainError) as refused:
        take_back_end(lease=lease, reason="Erreur", acting_user=None)
    assert refused.value.code == "lease_goes_on"
    take_back_handover(lease=following, reason="Erreur", acting_user=None)
    cancel_lease(lease=following, reason="Erreur", acting_user=None)
    assert before.lettings[0].period == Period(START, SINCE)
    take_back_end(lease=lease, reason="Erreur", acting_user=None)
    lease.refresh_from_db()
    assert (lease.state, lease.exit_reason) == (LeaseState.ACTIVE, "")
    assert [let.period for let in terms_of(lease).lettings] == [THREE_YEARS, THREE_YEARS]
    assert [deposit_of(each).held for each in (lease, following)] == [held, 0]
    assert assigned(lease).follows == lease


def test_an_assigned_lease_that_ended_can_go_on(lease: Lease) -> None:
    """Its first version is an assignment, and no end."""
    following = assigned(lease)
    before = terms_of(following)
    end_lease(
        lease=following,
        last_day=SINCE,
        reason="Liquidation",
        exit_reason=ExitReason.CLOSED,
        forwarding_address="12, rue Demo",
        acting_user=None,
    )
    following.refresh_from_db()
    assert (following.exit_reason, following.forwarding_address) == ("closed", "12, rue Demo")
    take_back_end(lease=following, reason="Erreur", acting_user=None)
    following.refresh_from_db()
    assert (following.exit_reason, following.forwarding_address) == ("", "")
    assert terms_of(following) == before


def test_the_manager_assigns_on_the_lease_s_page(site: Site, lease: Lease) -> None:
    page, company = reverse("admin:leases_lease_assign", args=[lease.pk]), scene.company()
    given = {"company": company.pk, "since": str(SINCE), "reason": "Cession"}
    finance = doors.staff_client(Role.FINANCE_OFFICER, site)
    assert finance.post(page, given).status_code == 403
    manager: Client = doors.staff_client(Role.SITE_MANAGER, site)
    assert manager.get(page).status_code == 200
    answer = manager.post(page, given)
    following = Lease.objects.get(follows=lease)
    assert answer.headers["Location"] == f"/staff/leases/lease/{following.pk}/change/"
    assert following.company == company


def test_a_draft_takes_the_longest_stay_from_its_plan(site: Site) -> None:
    RatePlan.objects.filter(tenant_kind="startup").update(maximum_stay_months=60)
    startup = tenancies.drafted(site, scene.office(site), kind="startup")
    assert startup.maximum_stay_months == 60
    file = scene.application(site)
    file.company = scene.company()
    file.save(update_fields=["company"])
    offer = scene.offer(file, scene.office(site))
    offered = draft_from_offer(application=file, offer=offer, acting_user=None)
    assert offered.maximum_stay_months == 60
    assert tenancies.drafted(site, scene.office(site)).maximum_stay_months is None
