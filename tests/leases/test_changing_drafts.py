"""A draft is changed before anybody signs, but for what an offer promised."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.choices import Role
from leases import changes
from leases.admin.change_forms import BESIDE_AN_OFFER, DRAFT_CHANGES
from leases.errors import NothingChanges, OfferStands, WrongLeaseState
from leases.models import Lease, LeaseVersion
from leases.selectors.terms import terms_of
from leases.services.drafts import change_draft, draft_from_offer
from leases.services.signing import sign_lease
from leases.terms import ChargeTerms, LeaseTerms, from_json
from sites.models import Site
from sites.rates import Step
from tests.factories import clients, doors, scene, tenancies

pytestmark = pytest.mark.django_db

START = dt.date(2026, 1, 1)
PARKING: dict[str, Any] = {
    "charge": "parking", "label": "P12", "unit": "flat", "rate": "250", "months": "3",
    "period_0": "2026-01-01", "period_1": "", "in_advance": "on", "vat_subject": "service",
}  # fmt: skip


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def lease(site: Site) -> Lease:
    return tenancies.drafted(site, scene.office(site, code="A1"), start=START)


def _with_parking(terms: LeaseTerms) -> LeaseTerms:
    parking = ChargeTerms(None, "parking", "P12", terms.period, "flat", Decimal(250))
    return changes.add_charge(terms, None, parking)


def _at_another_rent(terms: LeaseTerms) -> LeaseTerms:
    steps = [Step(terms.lettings[0].period, Decimal(90))]
    return changes.reprice(terms, 0, terms.period.start, "per_m2", steps)


def test_what_is_agreed_beside_the_plan_is_signed_with_the_contract(
    site: Site, lease: Lease
) -> None:
    manager = doors.staff_client(Role.SITE_MANAGER, site)
    address = f"/staff/leases/lease/{lease.pk}/change-draft/"
    chooser = manager.get(address).content.decode()
    assert all(f"?what={what}" in chooser for what in DRAFT_CHANGES)
    assert "?what=renew" not in chooser
    rent = manager.get(f"{address}?what=rent")
    assert rent.context["form"]["since"].value() == START
    typed = {"letting": 0, "unit": "per_m2", "rate": "90", "since": str(START), "reason": "pilote"}
    compared = manager.post(f"{address}?what=rent&lang=en", {**typed, "compare": "1"})
    assert compared.context["compared"].after.rent == 1800
    assert manager.post(f"{address}?what=rent", typed).status_code == 302
    assert manager.post(f"{address}?what=charge", {**PARKING, "reason": "place"}).status_code == 302
    sign_lease(lease=lease, signed_on=START, acting_user=None)
    terms = from_json(LeaseVersion.objects.get(lease=lease).terms)
    assert terms == terms_of(lease)
    assert ([f"{step.rate:.0f}" for step in terms.lettings[0].steps], terms.charges[0].label) == (
        ["90"],
        "P12",
    )
    assert (
        manager.post(f"{address}?what=charge&lang=en", {**PARKING, "reason": "x"}).status_code
        == 200
    )
    with pytest.raises(WrongLeaseState):
        change_draft(lease=lease, after=terms, reason="x", acting_user=None)


def test_what_an_offer_promised_stays(site: Site) -> None:
    file = scene.decided(scene.application(site))
    offer = scene.offer(file, scene.office(site))
    file.company = scene.company()
    lease = draft_from_offer(application=file, offer=offer, acting_user=None)
    terms = terms_of(lease)
    for after, error in ((terms, NothingChanges), (_at_another_rent(terms), OfferStands)):
        with pytest.raises(error):
            change_draft(lease=lease, after=after, reason="x", acting_user=None)
    change_draft(lease=lease, after=_with_parking(terms), reason="place", acting_user=None)
    assert [charge.label for charge in terms_of(lease).charges] == ["P12"]
    assert terms_of(lease).lettings == terms.lettings
    manager: Client = doors.staff_client(Role.SITE_MANAGER, site)
    chooser = manager.get(f"/staff/leases/lease/{lease.pk}/change-draft/").content.decode()
    assert [what for what in DRAFT_CHANGES if f'?what={what}"' in chooser] == [
        what for what in DRAFT_CHANGES if what in BESIDE_AN_OFFER
    ]


def test_programs_change_a_draft_in_the_words_of_amendments(site: Site, lease: Lease) -> None:
    client = clients.writer(Role.SITE_MANAGER, site)
    body = {
        "reason": "place",
        "effective_on": "2026-01-01",
        "add_charge": {"kind": "parking", "unit": "flat", "rate": "250.00"},
    }
    answer = client.post(
        f"/api/v1/leases/{lease.number}/change-draft/", body, content_type="application/json"
    )
    assert (answer.status_code, [each["rate"] for each in answer.json()["charges"]]) == (
        200,
        ["250.0000"],
    )
