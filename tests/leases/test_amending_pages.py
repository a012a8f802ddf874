"""Amending on the staff site: each change drafted by its form, looked at, signed or dropped."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from core.periods import Period, today
from leases.admin.amending import CHANGES
from leases.models import Amendment, Lease
from leases.selectors.terms import terms_of
from sites.models import Site
from tests.factories import doors, scene, tenancies

pytestmark = pytest.mark.django_db

START = dt.date(2026, 1, 1)
JULY = "2026-07-01"


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def manager(site: Site) -> Client:
    return doors.staff_client(Role.SITE_MANAGER, site)


@pytest.fixture
def lease(site: Site) -> Lease:
    """Three years from 1 January 2026, 20 m² at 100 DH."""
    return tenancies.active(site, scene.office(site, code="A1"), start=START)


def asked(lease: Lease, site: Site) -> dict[str, dict[str, Any]]:
    """What is typed into each form, by the name of the change."""
    free = scene.office(site, code="A2").pk
    return {
        "space": {"space": free, "since": today()},
        "move": {"space": free, "since": today(), "letting": 0},
        "give-up": {"letting": 0, "last_day": "2028-06-30"},
        "resize": {"letting": 0, "area_m2": "25,5", "since": JULY},
        "renew": {"last_day": "2030-12-31"},
        "end": {"last_day": "2027-12-31"},
        "tacit": {"tacit_months": "12"},
        "rent": {"letting": 0, "unit": "per_m2", "rate": "110", "since": JULY},
        "category": {"tenant_kind": "startup", "since": JULY},
        "charge": {
            "charge": "parking", "label": "P12", "unit": "flat", "rate": "250", "months": "3",
            "period_0": JULY, "period_1": "", "in_advance": "on", "vat_subject": "service",
        },
        "discount": {
            "letting": 0, "unit": "percent", "value": "20",
            "period_0": JULY, "period_1": "2026-08-31",
        },
        "deposit": {"deposit_due": "3000"},
    }  # fmt: skip


def draft(client: Client, lease: Lease, what: str, **given: Any) -> Any:
    address = f"/staff/leases/lease/{lease.pk}/amend/?what={what}&lang=en"
    return client.post(address, {"reason": "Accord", **given})


def test_each_change_is_drafted_shown_and_signed(manager: Client, lease: Lease, site: Site) -> None:
    typed = asked(lease, site)
    assert set(typed) | {"end-charge"} == set(CHANGES)
    chooser = manager.get(f"/staff/leases/lease/{lease.pk}/amend/?lang=en").content.decode()
    assert all(f"?what={what}" in chooser for what in CHANGES)
    for what, given in typed.items():
        answer = draft(manager, lease, what, **given)
        amendment = Amendment.objects.latest("id")
        page = f"/staff/leases/amendment/{amendment.pk}/change/"
        assert (what, answer.status_code, answer.headers["Location"]) == (what, 302, page)
        assert manager.get(f"{page}?lang=en").status_code == 200
        address = f"/staff/leases/amendment/{amendment.pk}/drop/"
        assert manager.post(address, {}).status_code == 302
    assert Amendment.objects.drafts().count() == 0
    draft(manager, lease, "charge", **typed["charge"])
    signing = f"/staff/leases/amendment/{Amendment.objects.latest('id').pk}/sign/"
    assert manager.post(signing, {"day": str(today())}).status_code == 302
    (charge,) = terms_of(lease).charges
    assert (charge.label, charge.period) == ("P12", Period(dt.date(2026, 7, 1), lease.period.end))
    answer = draft(manager, lease, "end-charge", charge=charge.id, last_day="2027-06-30")
    assert answer.status_code == 302


def test_the_page_of_a_draft_says_what_changes_and_what_it_brings(
    manager: Client, lease: Lease
) -> None:
    draft(manager, lease, "resize", letting=0, area_m2="25", since=JULY)
    page = f"/staff/leases/amendment/{Amendment.objects.get().pk}/change/?lang=en"
    text = " ".join(manager.get(page).content.decode().split())
    assert "July 2026" in text
    assert "25\u202fm²" in text or "25 m²" in text or "25.00" in text
    assert "MAD&nbsp;500.00" in text or "500.00" in text


def test_what_cannot_be_is_said_at_the_form(manager: Client, lease: Lease) -> None:
    refused = draft(manager, lease, "discount", letting=0, unit="flat", value="2001",
                    period_0=JULY, period_1="2026-08-31")  # fmt: skip
    assert refused.context["form"].errors["__all__"] == ["A discount would be more than the rent."]
    same = draft(manager, lease, "rent", letting=0, unit="per_m2", rate="100", since=JULY)
    assert same.context["form"].errors["__all__"] == ["Nothing would change."]
    assert Amendment.objects.count() == 0


def test_who_may_not_amend_does_not(lease: Lease, site: Site) -> None:
    for role, where in (
        (Role.FINANCE_OFFICER, site),
        (Role.ADMISSIONS_OFFICER, site),
    ):
        client = doors.staff_client(role, where)
        assert draft(client, lease, "deposit", deposit_due="1").status_code == 403
    elsewhere = doors.staff_client(Role.SITE_MANAGER, scene.site("RAB"))
    assert draft(elsewhere, lease, "deposit", deposit_due="1").status_code == 302
    assert Amendment.objects.count() == 0


@pytest.mark.parametrize("rooms", [1, 12])
def test_an_amendments_page_asks_the_same_however_much_it_changes(
    site: Site, rooms: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lease = tenancies.active(site, *(scene.office(site) for _n in range(rooms)), start=START)
    director = doors.staff_client(Role.DIRECTOR)
    draft(director, lease, "category", tenant_kind="startup", since=JULY)
    page = f"/staff/leases/amendment/{Amendment.objects.get().pk}/change/"
    director.get(page)
    with django_assert_num_queries(10):
        director.get(page)
