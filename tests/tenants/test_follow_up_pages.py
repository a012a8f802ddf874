"""Follow-ups on the staff site: the list, its filters, and the acts on a page."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from core.models import Message
from core.periods import add_months, today
from sites.models import Site
from tenants.following import Departure
from tenants.models import Declaration, FollowUp, Milestone
from tenants.services import note_presence
from tenants.services.departures import note_departures
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db

LIST = "admin:tenants_followup_changelist"


def gone(site: Site, left_on: dt.date, *, email: str = "") -> FollowUp:
    company = scene.company(email=email)
    note_presence(company=company, site=site, acting_user=None)
    note_departures(left={company.pk: Departure(site.pk, left_on)}, acting_user=None)
    return FollowUp.objects.get(company=company)


def test_the_list_and_what_it_is_narrowed_by(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    site = scene.site("CAS")
    late = gone(site, add_months(today(), -30), email="a@argan.example")
    soon = gone(site, add_months(today(), -17), email="b@argan.example")
    silent = gone(site, today())
    gone(scene.site("RAB"), today())
    client = doors.staff_client(Role.SITE_MANAGER, site)

    def listed(todo: str = "") -> Any:
        page = client.get(reverse(LIST), {"lang": "en", **({"todo": todo} if todo else {})})
        return list(page.context["cl"].result_list)

    assert listed() == [late, soon, silent]
    assert [listed(todo) for todo in ("late", "soon", "silent", "over")] == [
        [late],
        [soon],
        [silent],
        [],
    ]
    for _round in range(2):
        with django_assert_num_queries(5):
            listed("late")
        for _more in range(10):
            gone(site, add_months(today(), -40))


def test_declared_ticked_and_asked_on_the_pages() -> None:
    site = scene.site("CAS")
    follow_up = gone(site, add_months(today(), -25), email="a@argan.example")
    client = doors.staff_client(Role.SITE_MANAGER, site)

    def act(name: str, row: Any, **given: Any) -> int:
        model = row._meta.model_name
        address = reverse(f"admin:tenants_{model}_{name}", args=(row.pk,))
        assert client.get(address).status_code == 200
        status: int = client.post(address, given).status_code
        return status

    said = {"status": "trading", "on": today().isoformat()}
    assert act("declare", follow_up, **said) == 302
    made = Declaration.objects.get()
    assert act("declare", follow_up.company, **{**said, "status": "", "on": "x"}) == 200
    wrong = {**said, "status": "unknown", "replaces": made.pk}
    assert act("declare", follow_up.company, **wrong) == 302
    assert Declaration.objects.in_force().get().replaces == made
    sixty = Milestone.objects.get(months=60)
    assert act("tick", follow_up, done=[sixty.pk]) == 302
    done = [(row.months, row.declaration) for row in Milestone.objects.exclude(done_at=None)]
    assert done == [(60, None)]
    assert act("send_link", follow_up) == 302
    assert Message.objects.get().to == "a@argan.example"
    page = client.get(reverse("admin:tenants_company_change", args=(follow_up.company_id,)))
    assert reverse("admin:tenants_followup_change", args=(follow_up.pk,)) in page.content.decode()
    auditor = doors.staff_client(Role.AUDITOR)
    for name, allowed in (("change", 200), ("declare", 403), ("send_link", 403), ("tick", 403)):
        address = reverse(f"admin:tenants_followup_{name}", args=(follow_up.pk,))
        assert auditor.get(address).status_code == allowed
