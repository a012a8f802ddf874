"""From the form to the tenant: one start-up's whole way, by the services."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from accounts.choices import Role
from applications.errors import ImpossibleStep, OfferExpired, ReasonNeeded, SpaceNeeded
from applications.models import Application, Transition
from applications.services.answers import accept_offer, decline_offer, withdraw
from applications.services.decisions import decide
from applications.services.expiry import expire_offers
from applications.services.screening import prepare_for_committee, reopen
from applications.services.submission import submit_application
from core.errors import NotAllowed
from core.models import Message
from core.periods import Period, add_months, today
from indicators.selectors.network import Network
from leases.models import Lease, Letting, RentStep
from leases.services.drafts import cancel_lease
from leases.services.exits import end_lease
from leases.services.handover import hand_over
from leases.services.signing import sign_lease
from sites.choices import BookingKind
from sites.errors import SpaceTaken
from sites.models import Booking
from tenants.models import Company, Contact, Presence
from tenants.selectors.follow_ups import addresses_of
from tests.factories import scene, tenancies

pytestmark = pytest.mark.django_db


def test_from_the_form_to_the_exit() -> None:
    site = scene.site()
    space = scene.office(site, area_m2="20.00")
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    manager = scene.staff(Role.SITE_MANAGER, site)
    file = scene.application(site)
    start = add_months(today(), -24)
    offer = scene.offer(file, space, start=start, last_day=None, acting_user=officer)
    assert (offer.monthly_rent, offer.deposit) == (Decimal("1000.00"), Decimal("1000.00"))
    assert offer.steps == [
        {
            "start": start.isoformat(),
            "end": add_months(start, 18).isoformat(),
            "rate": "50.0000",
        },
        {"start": add_months(start, 18).isoformat(), "end": None, "rate": "100.0000"},
    ]
    applicant = file.applicant
    assert applicant is not None
    for _click in range(3):
        accept_offer(offer=offer, acting_user=applicant)
    lease = Lease.objects.get()
    letting = lease.lettings.get()
    booking = Booking.objects.get()
    assert (booking.kind, booking.expires_at, letting.booking) == (BookingKind.HOLD, None, booking)
    assert Network().figure("hosted", today()).value == 0

    for _click in range(2):
        sign_lease(lease=lease, signed_on=today(), acting_user=manager)
    tenancies.pay_deposit(lease)
    hand_over(lease=lease, on=today(), acting_user=manager)
    booking.refresh_from_db()
    assert booking.kind == BookingKind.LETTING
    assert list(RentStep.objects.order_by("period").values_list("period", "rate")) == [
        (Period(start, add_months(start, 18)), Decimal(50)),
        (Period(add_months(start, 18)), Decimal(100)),
    ]
    contact = Contact.objects.get()
    assert (contact.company, contact.name, contact.email, contact.phone, contact.for_billing) == (
        lease.company,
        file.contact_name,
        file.contact_email,
        file.contact_phone,
        True,
    )
    network = Network()
    assert network.figure("hosted", today()).value == 1
    assert network.figure("occupancy_area", today(), site.code).value == 1
    assert [row.company for row in network.rows("hosted", today())] == [file.name]

    end_lease(lease=lease, last_day=today(), reason="moves", acting_user=manager)
    letting.refresh_from_db()
    assert letting.period == Period.through(start, today())
    assert Network().figure("hosted", today()).value == 1
    assert Network().figure("hosted", today() + dt.timedelta(days=1)).value == 0
    assert list(Transition.objects.order_by("id").values_list("step", "source", "target")) == [
        ("submit", "draft", "submitted"),
        ("start_screening", "submitted", "screening"),
        ("prepare_for_committee", "screening", "committee_ready"),
        ("decide", "committee_ready", "decided"),
        ("offer", "decided", "offered"),
        ("accept_offer", "offered", "accepted"),
        ("start_onboarding", "accepted", "onboarding"),
        ("become_tenant", "onboarding", "tenant"),
    ]
    assert Company.objects.count() == Lease.objects.count() == Presence.objects.count() == 1
    assert list(lease.versions.values_list("version", "reason")) == [
        (1, "signed"),
        (2, "ended: moves"),
    ]


def test_the_same_form_twice_is_one_application() -> None:
    site = scene.site()
    key = uuid.uuid4()
    answers = scene.answers()
    first = submit_application(site=site, answers=answers, language="ar", submission_key=key)
    again = submit_application(site=site, answers=answers, language="ar", submission_key=key)
    assert first == again
    assert first.reference == f"A{today().year}-0001"
    letter = Message.objects.get()
    assert (letter.to, letter.language, letter.state) == (answers.contact_email, "ar", "to_send")
    assert first.reference in letter.subject


def test_an_offer_that_ran_out_lapses_and_frees_the_space() -> None:
    site = scene.site()
    space = scene.office(site)
    file = scene.application(site)
    offer = scene.offer(file, space)
    with time_machine.travel(offer.expires_at, tick=True):
        with pytest.raises(OfferExpired):
            accept_offer(offer=offer, acting_user=file.applicant)
        assert [expire_offers(), expire_offers()] == [1, 0]
        offer.refresh_from_db()
        file.refresh_from_db()
        assert (offer.state, offer.booking, file.state) == ("expired", None, "lapsed")
        assert Booking.objects.count() == 0
        # The space can be held for another; the same file can be offered it again later.
        scene.offer(scene.application(site), space)
        with pytest.raises(SpaceTaken):
            scene.offer(file, space)
    file.refresh_from_db()
    assert file.state == "lapsed"


def test_declining_and_withdrawing_free_the_space_and_do_nothing_twice() -> None:
    site = scene.site()
    space = scene.office(site)
    first, second = scene.application(site), scene.application(site)
    offer = scene.offer(first, space)
    for _click in range(2):
        decline_offer(offer=offer, reason="too small", acting_user=first.applicant)
    scene.offer(second, space)
    for _click in range(2):
        withdraw(application=second, reason="elsewhere", acting_user=second.applicant)
    assert Booking.objects.count() == 0
    assert [(f.name, f.state) for f in Application.objects.order_by("id")] == [
        (first.name, "offer_declined"),
        (second.name, "withdrawn"),
    ]
    with pytest.raises(NotAllowed):
        withdraw(application=scene.application(site), reason="x", acting_user=first.applicant)


def test_a_company_that_seeks_two_sites_is_one() -> None:
    site, other = scene.site(), scene.site("RAB")
    first, second, third = [scene.application(where) for where in (site, other, other)]
    Application.objects.filter(pk__in=[second.pk, third.pk]).update(sister_of=first)
    Application.objects.filter(pk=third.pk).update(ice="001525713000072")
    for file in (second, first):
        accept_offer(offer=scene.offer(file, scene.office(file.site)), acting_user=None)
    company = Company.objects.get()
    assert [lease.company for lease in Lease.objects.all()] == [company, company]
    # Another number than the known one is another company.
    Company.objects.update(ice="001525713000073")
    accept_offer(offer=scene.offer(third, scene.office(other)), acting_user=None)
    assert Company.objects.count() == 2


def test_whoever_applied_is_the_companys_contact_once_the_keys_are_out_and_no_other_twice() -> None:
    site = scene.site()
    addresses = ["samira@argan.example", "SAMIRA@argan.example", "nadia@argan.example"]
    for email in addresses:
        file = scene.application(site, ice="001525713000072", contact_email=email)
        accept_offer(offer=scene.offer(file, scene.office(site)), acting_user=None)
        lease = Lease.objects.latest("id")
        sign_lease(lease=lease, signed_on=today(), acting_user=None)
        if email == addresses[0]:
            assert not Contact.objects.exists()
        tenancies.moved_in(lease)
    company = Company.objects.get()
    assert list(company.contacts.order_by("id").values_list("email", "for_billing")) == [
        ("samira@argan.example", True),
        ("nadia@argan.example", False),
    ]
    assert addresses_of(company) == ["samira@argan.example", "nadia@argan.example"]


def test_a_company_that_is_there_already_is_offered_what_its_first_letting_leaves() -> None:
    site = scene.site()
    start = add_months(today(), -12)
    first, second = [scene.application(site, ice="001525713000072") for _number in range(2)]
    accept_offer(offer=scene.offer(first, scene.office(site), start=start), acting_user=None)
    sign_lease(lease=Lease.objects.get(), signed_on=start, acting_user=None)
    offer = scene.offer(second, scene.office(site))
    assert [(step["start"], step["rate"]) for step in offer.steps] == [
        (today().isoformat(), "50.0000"),
        (add_months(start, 18).isoformat(), "100.0000"),
    ]


def test_a_cancelled_draft_frees_the_space_and_the_file() -> None:
    site = scene.site()
    space = scene.office(site)
    file = scene.application(site)
    offer = scene.offer(file, space)
    accept_offer(offer=offer, acting_user=file.applicant)
    cancel_lease(lease=Lease.objects.get(), reason="changed plans", acting_user=None)
    file.refresh_from_db()
    assert (file.state, Booking.objects.count()) == ("decided", 0)
    accept_offer(offer=scene.offer(file, space), acting_user=file.applicant)
    states = list(Lease.objects.order_by("id").values_list("state", flat=True))
    assert states == ["cancelled", "draft"]
    assert Company.objects.count() == 1


def test_a_domiciliation_needs_no_space() -> None:
    site = scene.site()
    file = scene.application(site)
    offer = scene.offer(file, None, tenant_kind="domiciliation")
    accept_offer(offer=offer, acting_user=file.applicant)
    sign_lease(lease=Lease.objects.get(), signed_on=today(), acting_user=None)
    letting = Letting.objects.get()
    assert (letting.space, letting.area_m2, letting.steps.get().rate) == (None, None, Decimal(300))
    assert Network().figure("hosted", today()).value == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE applications_offer SET monthly_rent = 1",
        "UPDATE applications_offer SET steps = '[]'",
        "DELETE FROM applications_offer",
        "UPDATE applications_transition SET reason = 'x'",
        "DELETE FROM applications_transition",
        "TRUNCATE applications_transition CASCADE",
        "UPDATE leases_leaseversion SET terms = '{}'",
        "DELETE FROM leases_leaseversion",
        "UPDATE applications_applicationevent SET state = 'x'",
        "DELETE FROM sites_bookingevent",
        "ALTER TABLE applications_offer DISABLE TRIGGER ALL",
        "DROP TRIGGER applications_offer_frozen ON applications_offer",
    ],
)
def test_what_is_frozen_cannot_be_changed_by_raw_sql(statement: str) -> None:
    site = scene.site()
    file = scene.application(site)
    accept_offer(offer=scene.offer(file, scene.office(site)), acting_user=file.applicant)
    sign_lease(lease=Lease.objects.get(), signed_on=today(), acting_user=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("technopark_runtime",)
        cursor.execute("SET LOCAL pgtrigger.ignore = '{}'")
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            cursor.execute(statement)
    assert any(
        word in str(refused.value) for word in ("frozen", "permission denied", "must be owner")
    )


def test_refusals_are_readable() -> None:
    site = scene.site()
    other = scene.site("RAB")
    space = scene.office(site)
    file = scene.application(site)
    with pytest.raises(NotAllowed):
        scene.offer(file, space, acting_user=scene.staff(Role.ADMISSIONS_OFFICER, other))
    with pytest.raises(NotAllowed):
        scene.offer(file, space, acting_user=scene.staff(Role.REVIEWER, site))
    with pytest.raises(SpaceNeeded):
        scene.offer(file, None)
    scene.offer(file, space)
    withdraw(application=file, reason="elsewhere", acting_user=None)
    with pytest.raises(ImpossibleStep) as refused:
        scene.offer(file, space)
    assert "retirée" in refused.value.message or "withdrawn" in refused.value.message
    assert Booking.objects.count() == 0
    with pytest.raises(ReasonNeeded):
        reopen(application=file, reason=" ", acting_user=None)
    reopen(application=file, reason="they come after all", acting_user=None)
    prepare_for_committee(application=file, acting_user=None)
    with pytest.raises(ImpossibleStep):
        scene.offer(file, space)
    decide(application=file, outcome="admit", acting_user=None)
    scene.offer(file, space)
    assert Booking.objects.count() == 1
