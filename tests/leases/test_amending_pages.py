"""Amending on the staff site: each change drafted by its form, looked at, signed or dropped."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from core.periods import Period, today
from indicators.selectors.network import Network
from leases.admin.change_forms import CHANGES
from leases.models import Amendment, Lease
from leases.selectors.occupancy import Occupancy
from leases.selectors.terms import terms_of
from leases.snapshot import area_on, rent_on
from sites.models import Site, Space
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


LATE = "2030-01-01"
LET_NO_MORE = "The letting does not have this day."
OVER = "The term is over by then: renew the lease first."
CANNOT_BE: list[tuple[str, dict[str, Any], str, str]] = [
    ("rent", {"letting": 0, "unit": "per_m2", "rate": "9", "since": LATE}, "since", LET_NO_MORE),
    ("resize", {"letting": 0, "area_m2": "25", "since": LATE}, "since", LET_NO_MORE),
    ("space", {"since": LATE}, "since", OVER),
    ("move", {"letting": 0, "since": LATE}, "since", OVER),
    ("category", {"tenant_kind": "startup", "since": LATE}, "since", OVER),
    ("end", {"last_day": "2025-12-31"}, "last_day", "The last day is before the lease starts."),
    (
        "renew",
        {"last_day": "2028-12-31"},
        "last_day",
        "The term runs to that day already: it is shortened by another end.",
    ),
    ("charge", {"unit": "flat", "period_0": LATE}, "period", OVER),
    (
        "charge",
        {"unit": "per_m2", "period_0": JULY},
        "letting",
        "A charge per m² belongs to a letting: choose it.",
    ),
    ("discount", {"value": "5", "period_0": LATE}, "period", LET_NO_MORE),
    ("discount", {"value": "-5", "period_0": JULY}, "__all__", "A discount must be more than 0."),
]


def test_what_cannot_be_is_refused_where_it_was_typed(
    manager: Client, lease: Lease, site: Site
) -> None:
    free = scene.office(site, code="A2").pk
    usual: dict[str, dict[str, Any]] = {
        "space": {"space": free},
        "move": {"space": free},
        "charge": {"charge": "parking", "rate": "10", "months": "1", "vat_subject": "service"},
        "discount": {"letting": 0, "unit": "percent"},
    }
    for what, given, field, reason in CANNOT_BE:
        answer = draft(manager, lease, what, **usual.get(what, {}), **given)
        assert (what, dict(answer.context["form"].errors)) == (what, {field: [reason]})
    long = draft(manager, lease, "discount", letting=0, unit="percent", value="5",
                 period_0=JULY, reason="x" * 201)  # fmt: skip
    assert set(long.context["form"].errors) == {"reason"}


def test_what_it_changes_after_the_fact_is_marked_and_summed(manager: Client, lease: Lease) -> None:
    """5 m² more since July: the months that are over are owed on top; then a year ahead."""
    draft(manager, lease, "resize", letting=0, area_m2="25", since=JULY)
    page = f"/staff/leases/amendment/{Amendment.objects.get().pk}/change/?lang=en"
    answer = manager.get(page)
    found = answer.context["compared"]
    over = [month.month for month in found.past.months]
    assert over == [dt.date(2026, month, 1) for month in range(7, today().month)]
    assert found.past.difference == 500 * len(over)
    assert (found.year.before, found.year.difference) == (24000, 6000)
    assert found.year.months[0].month == today().replace(day=1)
    assert "are owed on top" in answer.content.decode()
    assert (found.before.rent, found.after.rent) == (2000, 2500)
    assert found.wanted == []


def test_a_draft_says_what_is_in_the_way_and_that_it_was_overtaken(
    manager: Client, lease: Lease, site: Site
) -> None:
    typed = asked(lease, site)
    draft(manager, lease, "space", **typed["space"])
    page = f"/staff/leases/amendment/{Amendment.objects.get().pk}/change/?lang=en"
    assert "A-A2 is free right now." in manager.get(page).content.decode()
    other = tenancies.signed(site, Space.objects.get(code="A2"), start=today())
    draft(manager, lease, "deposit", deposit_due="3000")
    signing = f"/staff/leases/amendment/{Amendment.objects.latest('id').pk}/sign/"
    manager.post(signing, {"day": str(today())})
    answer = manager.get(page)
    text = " ".join(answer.content.decode().split())
    assert re.search(rf"A-A2 is not free: \S+ {other.number}", text)
    assert answer.context["overtaken"] is True


@pytest.mark.parametrize("what", ["space", "move", "give-up", "resize", "rent", "category"])
def test_comparing_writes_nothing_and_foretells_what_signing_brings(
    manager: Client, lease: Lease, site: Site, what: str
) -> None:
    given = {**asked(lease, site)[what], **({"since": today()} if what != "give-up" else {})}
    if what == "give-up":
        scene.office(site, code="A3")
        tenancies.signed(site, Space.objects.get(code="A3"), start=today())
        given["last_day"] = today() + dt.timedelta(days=5)
    address = f"/staff/leases/lease/{lease.pk}/amend/?what={what}&lang=en"
    versions, before = lease.versions.count(), terms_of(lease)
    answer = manager.post(address, {**given, "compare": "1"})
    found = answer.context["compared"]
    assert (lease.versions.count(), Amendment.objects.count()) == (versions, 0)
    assert (terms_of(lease), found.before.rent, found.before.area_m2) == (before, 2000, 20)
    assert occupied(site, found.day) == found.before.occupancy
    # One click: what was typed is in the form, the reason too.
    form = answer.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    drafted = manager.post(address, sent)
    amendment = Amendment.objects.get()
    assert drafted.headers["Location"] == f"/staff/leases/amendment/{amendment.pk}/change/"
    assert amendment.reason == str(CHANGES[what][0])
    manager.post(f"/staff/leases/amendment/{amendment.pk}/sign/", {"day": str(today())})
    lease.refresh_from_db()
    terms = terms_of(lease)
    assert rent_on(terms, found.day) == found.after.rent
    assert area_on(terms, found.day) == found.after.area_m2
    assert terms.deposit_due == found.after.deposit
    assert occupied(site, found.day) == found.after.occupancy
    # A move takes its deposit along; a room on top wants one of its own.
    assert found.after.deposit == (4000 if what == "space" else 2000)
    assert [each.in_the_way for each in found.wanted] == ([[]] if what in {"space", "move"} else [])


def occupied(site: Site, day: dt.date) -> Occupancy:
    """The site's occupancy by area on the day, as the indicators have it."""
    figure = Network().figure("occupancy_area", day, site.code)
    assert figure.denominator is not None
    return Occupancy(figure.numerator, figure.denominator)


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
    with django_assert_num_queries(7):
        director.get(page)
