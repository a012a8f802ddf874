"""A run while it is issued: paused, with a lease that fails, by itself."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from accounts.choices import Role
from billing.choices import ItemState, LineSide, RunState
from billing.errors.invoices import SellerIncomplete
from billing.errors.runs import RunClosed
from billing.models import BilledPeriod, Invoice, InvoicePaper, RentRun
from billing.selectors.totals import preview_of
from billing.services.issuing import issue, pause, start_issuing
from billing.services.monthly import draft_next_month, issue_by_themselves
from billing.services.runs import compute, leave_out, look_again
from billing.services.settings import set_billing
from core.errors import Stale
from core.periods import Period
from leases.models import Charge, Lease
from sites.models import Lessor, Site
from tenants.models import Company
from tests.factories import bills, doors, money, scene, tenancies

day = dt.date
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC), tick=False) as made:
        yield made


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=day(2026, 1, 1))


def lease(site: Site, code: str) -> Lease:
    return tenancies.active(site, scene.office(site, code=code), start=day(2026, 1, 1))


def sequences() -> list[int | None]:
    return list(Invoice.objects.order_by("id").values_list("sequence", flat=True))


def test_a_paused_run_writes_nothing_and_goes_on_where_it_was(site: Site) -> None:
    lease(site, "A1")
    run = start_issuing(run=bills.computed(site, day(2026, 1, 1)), acting_user=None)
    pause(run=run, acting_user=None)
    assert (issue(run).state, sequences()) == (RunState.PAUSED, [])
    with pytest.raises(RunClosed):
        pause(run=run, acting_user=None)
    run = issue(start_issuing(run=run, acting_user=None))
    assert (run.state, sequences()) == (RunState.ISSUED, [1])


def test_what_is_issued_is_what_was_seen_and_once(site: Site) -> None:
    one, other = lease(site, "A1"), lease(site, "A2")
    run = bills.computed(site, day(2026, 1, 1))
    seen = preview_of(run)
    leave_out(item=run.items.get(lease=other), reason="Litige", acting_user=None)
    with pytest.raises(Stale):
        start_issuing(run=run, preview=seen, acting_user=None)
    run = start_issuing(run=run, preview=preview_of(run), acting_user=None)
    assert start_issuing(run=run, preview=seen, acting_user=None) == run  # a second click
    run = issue(run)
    assert start_issuing(run=run, acting_user=None).state == RunState.ISSUED
    assert Invoice.objects.get().lease == one


def test_nothing_is_issued_without_the_marks_of_its_seller(site: Site) -> None:
    lease(site, "A1")
    run = bills.computed(site, day(2026, 1, 1))
    Lessor.objects.update(ice="", address=" ")
    site.refresh_from_db()
    for act in (
        lambda: start_issuing(run=run, acting_user=None),
        lambda: money.sale(site, scene.company(), "10"),
    ):
        with pytest.raises(SellerIncomplete, match="marks of Demo lessor: ICE, address"):
            act()
    run.refresh_from_db()
    assert (run.state, sequences()) == (RunState.DRAFT, [])
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    page = client.get(reverse("admin:billing_rentrun_change", args=[run.pk])).content.decode()
    assert "Demo lessor" in page


def test_rent_in_advance_is_not_due_before_its_first_day(site: Site, clock: Any) -> None:
    lease(site, "A1")
    bills.issued(site, day(2026, 1, 1))
    clock.move_to(dt.datetime(2026, 1, 20, 12, tzinfo=dt.UTC))
    bills.issued(site, day(2026, 2, 1))
    told = Invoice.objects.order_by("id").values_list("issued_on", "due_on")
    # 1 February is a Sunday.
    assert list(told) == [(day(2026, 1, 10), day(2026, 1, 20)), (day(2026, 1, 20), day(2026, 2, 2))]


def test_days_before_an_earlier_billing_start_are_billed_after_all(site: Site) -> None:
    set_billing(site=site, starts_on=day(2026, 2, 1), acting_user=None)
    lease(site, "A1")
    bills.issued(site, day(2026, 2, 1))
    bills.issued(site, day(2026, 3, 1))
    set_billing(site=site, starts_on=day(2026, 1, 1), acting_user=None)
    (late,) = bills.issued(site, day(2026, 3, 1)).invoices.all()
    assert [str(line.period) for line in late.lines.all()] == ["2026-01-01 – 2026-01-31"]


def test_a_lease_that_fails_is_reported_and_the_others_go_through(site: Site) -> None:
    bad, *good = [lease(site, f"A{number}") for number in range(4)]
    run = bills.computed(site, day(2026, 1, 1))
    # Another document, of no lease of this run, bears days of its rent: the database refuses them.
    sale = money.sale(site, scene.company(), "10")
    stray = BilledPeriod.objects.create(
        lease=tenancies.drafted(site, scene.office(site, code="B1")),
        charge_id=Charge.objects.get(lease=bad).pk,
        side=LineSide.CHARGE,
        period=Period(day(2026, 1, 31), day(2026, 2, 1)),
        due_on=day(2026, 1, 1),
        line=sale.lines.get(),
    )
    run = issue(start_issuing(run=run, acting_user=None))
    assert run.state == RunState.ISSUED
    states = dict(run.items.values_list("lease_id", "state"))
    assert states == {bad.pk: ItemState.FAILED} | {one.pk: ItemState.ISSUED for one in good}
    assert run.items.get(lease=bad).note.startswith("Some of its days are on another document")
    assert sequences() == [1, 2, 3, 4]
    stray.delete()
    bills.issued(site, day(2026, 1, 1))
    assert (sequences(), Invoice.objects.get(sequence=5).lease) == ([1, 2, 3, 4, 5], bad)


def test_a_document_is_in_its_companys_language_with_a_paper_to_be_made(site: Site) -> None:
    company = scene.company()
    Company.objects.filter(pk=company.pk).update(language="ar")
    invoice = money.sale(site, company, "10")
    assert (invoice.language, Invoice.objects.get().language) == ("ar", "ar")
    paper = InvoicePaper.objects.get()
    assert (paper.invoice, paper.made_at, paper.file.name) == (invoice, None, "")


def test_next_month_is_drafted_on_its_day_and_issued_by_itself_where_asked(
    site: Site, clock: Any
) -> None:
    plain, looked_at = lease(site, "A1"), lease(site, "A2")
    marks = {"ice": "001234567000089", "address": "Rue Démo"}
    Company.objects.filter(pk=plain.company_id).update(**marks)
    bills.issued(site, day(2026, 1, 1))
    clock.move_to(dt.datetime(2026, 1, 19, 12, tzinfo=dt.UTC))
    assert draft_next_month() == 0
    clock.move_to(dt.datetime(2026, 1, 21, 12, tzinfo=dt.UTC))
    assert (draft_next_month(), draft_next_month()) == (1, 0)
    run = compute(RentRun.objects.get(month=day(2026, 2, 1)))
    clock.move_to(dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC))
    assert issue_by_themselves() == 0  # nobody asked for it
    set_billing(site=site, starts_on=day(2026, 1, 1), issues_by_itself=True, acting_user=None)
    ice = Lessor.objects.get(pk=site.lessor_id).ice
    Lessor.objects.update(ice="")
    assert issue_by_themselves() == 0  # what one site lacks stops no other
    assert not run.items.filter(state=ItemState.LEFT_OUT).exists()
    Lessor.objects.filter(pk=site.lessor_id).update(ice=ice)
    assert (issue_by_themselves(), issue_by_themselves()) == (1, 0)
    run = issue(RentRun.objects.get(pk=run.pk))
    states = dict(run.items.values_list("lease_id", "state"))
    assert states == {plain.pk: ItemState.ISSUED, looked_at.pk: ItemState.LEFT_OUT}
    assert (draft_next_month(), run.state) == (0, RunState.ISSUED)
    bills.computed(site, day(2026, 2, 1))  # a person looks at something
    assert issue_by_themselves() == 0


def test_what_was_left_out_stays_so_when_a_run_is_looked_at_again(site: Site) -> None:
    one = lease(site, "A1")
    run = bills.computed(site, day(2026, 1, 1))
    run.items.update(state=ItemState.LEFT_OUT, note="Litige")
    other = lease(site, "A2")
    run = compute(look_again(run=run, acting_user=None))
    states = dict(run.items.values_list("lease_id", "state"))
    assert states == {one.pk: ItemState.LEFT_OUT, other.pk: ItemState.PROPOSED}
