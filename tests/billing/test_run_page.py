"""The staff's page of a run: as many questions for many leases as for one."""

import datetime as dt
import html
import re

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from billing.choices import ItemState
from billing.models import Invoice, RentRun
from billing.services.issuing import issue, start_issuing
from billing.services.runs import compute, leave_out, look_again
from leases.models import Lease
from sites.models import Site
from tests.factories import bills, doors, money, scene, tenancies

day = dt.date
pytestmark = pytest.mark.django_db
QUERIES = 8


def let(site: Site, *codes: str) -> list[Lease]:
    return [
        tenancies.active(site, scene.office(site, code=code), start=day(2026, 1, 1))
        for code in codes
    ]


def shown(client: Client, run: RentRun) -> str:
    response = client.get(reverse("admin:billing_rentrun_change", args=[run.pk]))
    assert response.status_code == 200
    return str(response.content.decode())


def test_it_asks_the_same_of_one_lease_and_of_many(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)):
        site = bills.site(starts_on=day(2026, 1, 1))
        client = doors.staff_client(Role.FINANCE_OFFICER, site)
        (one,) = let(site, "A1")
        run = bills.computed(site, day(2026, 1, 1))
        shown(client, run)
        with django_assert_num_queries(QUERIES):
            assert one.number in shown(client, run)
        many = let(site, "A2", "A3", "A4")
        run = compute(look_again(run=run, acting_user=None))
        with django_assert_num_queries(QUERIES):
            page = shown(client, run)
        assert all(lease.number in page for lease in [one, *many])


@time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC))
def test_a_lease_is_left_out_and_taken_in_among_the_same_leases() -> None:
    site = bills.site(starts_on=day(2026, 1, 1))
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    (lease,) = let(site, "A1")
    run = bills.computed(site, day(2026, 1, 1))
    asked = "?change=new"
    for act, state in (("leave_out", ItemState.LEFT_OUT), ("take_in", ItemState.PROPOSED)):
        address = reverse("admin:billing_rentrun_change", args=[run.pk])
        page = client.get(address + asked).content.decode()
        link = reverse(f"admin:billing_rentrun_{act}", args=[run.pk])
        (found,) = re.findall(rf'href="({link}\?[^"]+)"', page)
        there = html.unescape(found)
        assert lease.number in client.get(there).content.decode()
        done = client.post(there, {"lease": lease.number, "reason": "Litige"})
        assert done.headers["location"] == f"{address}{asked}&p=1#leases"
        assert run.items.get().state == state


@time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC))
def test_it_leads_to_what_it_issued() -> None:
    site = bills.site(starts_on=day(2026, 1, 1))
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    let(site, "A1")
    run = bills.computed(site, day(2026, 1, 1))
    there = f"{reverse('admin:billing_invoice_changelist')}?run__id__exact={run.pk}"
    assert there not in shown(client, run)
    issue(start_issuing(run=run, acting_user=None))
    other = money.sale(site, scene.company(), "10")
    assert there in shown(client, run)
    listed = client.get(there).content.decode()
    assert (Invoice.objects.get(run=run).number in listed, other.number in listed) == (True, False)


@time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC))
def test_any_day_says_the_month() -> None:
    site = bills.site(starts_on=day(2026, 1, 1))
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    asked = {"site": site.pk, "month": "2026-01-15", "_save": "1"}
    answer = client.post(reverse("admin:billing_rentrun_add"), asked)
    run = RentRun.objects.get()
    assert answer.headers["Location"] == reverse("admin:billing_rentrun_change", args=[run.pk])
    assert (run.site, run.month) == (site, day(2026, 1, 1))


@time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC))
def test_of_two_browsers_the_second_sees_what_the_first_changed_before_it_issues() -> None:
    site = bills.site(starts_on=day(2026, 1, 1))
    one, other = let(site, "A1", "A2")
    run = bills.computed(site, day(2026, 1, 1))
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = reverse("admin:billing_rentrun_issue", args=[run.pk])

    def stamp(text: str) -> str:
        (found,) = re.findall(r'name="preview" value="([0-9a-f]{16})"', text)
        return str(found)

    seen = stamp(client.get(page).content.decode())
    leave_out(item=run.items.get(lease=other), reason="Litige", acting_user=None)
    refused = client.post(page, {"preview": seen}).content.decode()
    assert "This has changed since you opened it." in refused
    assert "1 lease: 2,000.00" in refused
    for _click in range(2):
        told = client.post(page, {"preview": stamp(refused)}, follow=True).content.decode()
        assert "The invoices are being issued." in told
    issue(run)
    assert Invoice.objects.get().lease == one


@time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC))
def test_all_sites_of_a_person_that_bill_begin_at_once() -> None:
    casablanca, rabat, later = (
        bills.site(code, starts_on=day(2026, month, 1))
        for code, month in (("CAS", 1), ("RAB", 1), ("TNG", 2))
    )
    scene.site("AGA")  # bills nothing yet
    page = reverse("admin:billing_rentrun_add")
    asked = {"site": "", "month": "2026-01-01", "_save": "1"}
    local = doors.staff_client(Role.FINANCE_OFFICER, rabat)
    form = local.get(f"{page}?lang=en").context["adminform"].form
    assert (form["month"].value(), form.fields["month"].widget.choices[5:8]) == (
        day(2026, 2, 1),
        [("2026-02-01", "February 2026"), ("2026-01-01", "January 2026"),
         ("2025-12-01", "December 2025")],
    )  # fmt: skip
    local.post(page, asked)
    assert [run.site for run in RentRun.objects.all()] == [rabat]
    local.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "No site begins a run of this month" in local.post(page, asked).content.decode()
    network = doors.staff_client(Role.FINANCE_OFFICER)
    answer = network.post(page, asked)
    assert answer.headers["Location"] == reverse("admin:billing_rentrun_changelist")
    assert {run.site for run in RentRun.objects.all()} == {casablanca, rabat}
    assert network.post(page, {**asked, "month": "2026-02-01"}).status_code == 302
    assert RentRun.objects.get(month=day(2026, 2, 1)).site == later
