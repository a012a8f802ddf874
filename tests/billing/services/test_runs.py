"""Runs through the real services: previewed, issued as shown, repeated without harm."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from billing.choices import ItemState, RunState
from billing.errors.runs import BeforeBilling, TooFarAhead
from billing.models import BilledPeriod, Invoice, InvoiceLine
from billing.selectors.totals import Total, totals
from billing.services.issuing import issue, start_issuing
from billing.services.runs import compute, look_again
from core.periods import Period
from leases import changes
from leases.choices import AmendmentKind
from leases.models import Lease
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.drafts import cancel_lease
from leases.services.exits import end_lease
from sites.models import VatRule
from sites.rates import Step
from tests.factories import bills, scene, tenancies

day = dt.date
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_2026() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC), tick=False):
        yield


def at(moment: dt.date) -> Any:
    return time_machine.travel(
        dt.datetime(moment.year, moment.month, moment.day, 12, tzinfo=dt.UTC), tick=False
    )


def told(lease: Lease) -> list[tuple[str, str, str, str]]:
    rows = InvoiceLine.objects.filter(invoice__lease=lease).order_by("invoice_id", "position")
    return [
        (row.invoice.kind, str(row.period), f"{row.amount:f}", f"{row.vat:f}")
        for row in rows.select_related("invoice")
    ]


def test_a_month_is_previewed_issued_and_not_billed_again() -> None:
    site = bills.site(starts_on=day(2026, 1, 1))
    lease = tenancies.active(site, scene.office(site), start=day(2026, 1, 5))
    run = bills.computed(site, day(2026, 1, 20))
    (item,) = run.items.all()
    assert (item.state, item.net, item.vat) == (
        ItemState.PROPOSED, Decimal("1741.94"), Decimal("348.39"),
    )  # fmt: skip
    assert (item.changes, item.anomalies) == (["new"], ["no_ice", "no_address"])
    run = issue(start_issuing(run=run, acting_user=None))
    assert run.state == RunState.ISSUED
    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.total) == ("LESSOR-F2026-000001", Decimal("2090.33"))
    assert (invoice.issued_on, invoice.due_on) == (day(2026, 1, 10), day(2026, 1, 20))
    assert told(lease) == [("invoice", "2026-01-05 – 2026-01-31", "1741.94", "348.39")]
    again = bills.issued(site, day(2026, 1, 1))
    assert (again.state, Invoice.objects.count()) == (RunState.ISSUED, 1)


def test_what_changed_since_the_preview_is_not_issued_but_said() -> None:
    site = bills.site(starts_on=day(2026, 1, 1))
    one = tenancies.active(site, scene.office(site), start=day(2026, 1, 5))
    two = tenancies.active(site, scene.office(site), start=day(2026, 1, 1))
    run = bills.computed(site, day(2026, 1, 1))
    end_lease(lease=one, last_day=day(2026, 1, 8), reason="Parti", acting_user=None)
    issue(start_issuing(run=run, acting_user=None))
    states = dict(run.items.values_list("lease_id", "state"))
    assert states == {one.pk: ItemState.CHANGED, two.pk: ItemState.ISSUED}
    assert told(one) == []
    bills.issued(site, day(2026, 1, 1))
    assert told(one) == [("invoice", "2026-01-05 – 2026-01-08", "258.06", "51.61")]


def test_a_rent_amended_for_the_past_gives_credit_notes_and_an_invoice() -> None:
    site = bills.site(starts_on=day(2026, 1, 1))
    lease = tenancies.active(site, scene.office(site), start=day(2026, 1, 1), months=None)
    bills.issued(site, day(2026, 1, 1))
    with at(day(2026, 2, 3)):
        bills.issued(site, day(2026, 2, 1))
        after = changes.reprice(
            terms_of(lease), 0, day(2026, 1, 16), "per_m2",
            [Step(Period(day(2026, 1, 16)), Decimal(110))],
        )  # fmt: skip
        draft = draft_amendment(
            lease=lease, kind=AmendmentKind.RENT, effective_on=day(2026, 1, 16), after=after,
            reason="Révision", acting_user=None,
        )  # fmt: skip
        sign_amendment(amendment=draft, signed_on=day(2026, 2, 3), acting_user=None)
        run = bills.computed(site, day(2026, 2, 1))
        (item,) = run.items.all()
        assert (item.net, item.changes) == (Decimal("303.22"), ["step", "back", "late"])
        issue(start_issuing(run=run, acting_user=None))
    assert told(lease) == [
        ("invoice", "2026-01-01 – 2026-01-31", "2000.00", "400.00"),
        ("invoice", "2026-02-01 – 2026-02-28", "2000.00", "400.00"),
        ("invoice", "2026-01-01 – 2026-01-15", "967.74", "193.55"),
        ("invoice", "2026-01-16 – 2026-01-31", "1135.48", "227.10"),
        ("invoice", "2026-02-01 – 2026-02-28", "2200.00", "440.00"),
        ("credit", "2026-01-01 – 2026-01-31", "2000.00", "400.00"),
        ("credit", "2026-02-01 – 2026-02-28", "2000.00", "400.00"),
    ]
    numbers = list(Invoice.objects.order_by("id").values_list("number", flat=True))
    assert numbers == [
        "LESSOR-F2026-000001", "LESSOR-F2026-000002", "LESSOR-F2026-000003",
        "LESSOR-A2026-000001", "LESSOR-A2026-000002",
    ]  # fmt: skip
    assert BilledPeriod.objects.filter(lease=lease).count() == 3


def test_holding_over_is_said_of_who_is_past_the_term_alone() -> None:
    site = bills.site(starts_on=day(2026, 1, 1))
    ending = tenancies.active(site, scene.office(site), start=day(2025, 1, 21), months=12)
    past = tenancies.active(site, scene.office(site), start=day(2025, 1, 6), months=12)
    run = bills.computed(site, day(2026, 1, 1))
    found = {
        item.lease_id: ("holding_over" in item.anomalies, item.net) for item in run.items.all()
    }
    assert found == {ending.pk: (False, Decimal("1290.32")), past.pk: (True, Decimal(2000))}


@pytest.mark.parametrize("month", [day(2025, 12, 1), day(2026, 8, 1), day(2062, 1, 1)])
def test_no_month_is_run_before_billing_begins_nor_years_ahead(month: dt.date) -> None:
    site = bills.site(starts_on=day(2026, 1, 1))
    with pytest.raises(BeforeBilling if month.year == 2025 else TooFarAhead):
        bills.computed(site, month)


def test_what_was_billed_of_a_cancelled_lease_is_credited() -> None:
    site = bills.site(starts_on=day(2026, 1, 1))
    lease = tenancies.signed(site, scene.office(site), start=day(2026, 1, 1))
    bills.issued(site, day(2026, 1, 1))
    cancel_lease(lease=lease, reason="Jamais venu", acting_user=None)
    bills.issued(site, day(2026, 2, 1))
    assert [row[0] for row in told(lease)] == ["invoice", "credit"]
    assert not BilledPeriod.objects.exists()
    assert bills.computed(site, day(2026, 3, 1)).leases == 0


def test_what_cannot_be_issued_is_said_in_the_preview_with_what_to_do() -> None:
    site = bills.site(starts_on=day(2026, 1, 1))
    tenancies.active(site, scene.office(site), start=day(2026, 1, 1))
    VatRule.objects.filter(subject="office").delete()
    run = bills.computed(site, day(2026, 1, 1))
    (item,) = run.items.all()
    assert (item.state, totals(run)[ItemState.PROPOSED]) == (ItemState.FAILED, Total())
    assert item.note.startswith("No VAT rule of the lessor says the rate")
    bills.billing(site, starts_on=day(2026, 1, 1))
    run = compute(look_again(run=run, acting_user=None))
    assert (run.items.get().state, run.items.get().note) == (ItemState.PROPOSED, "")


def test_a_lease_that_cannot_be_computed_stops_no_other() -> None:
    """20,000 m² at 99,999,999 DH come to more than any column holds: a slip of the hand."""
    site = bills.site(starts_on=day(2026, 1, 1))
    good = tenancies.active(site, scene.office(site, code="A1"), start=day(2026, 1, 1))
    huge = scene.office(site, code="A2", area_m2="20000")
    bad = tenancies.active(site, huge, start=day(2026, 1, 1), months=None)
    after = changes.reprice(
        terms_of(bad), 0, day(2026, 1, 1), "per_m2",
        [Step(Period(day(2026, 1, 1)), Decimal(99_999_999))],
    )  # fmt: skip
    draft = draft_amendment(
        lease=bad, kind=AmendmentKind.RENT, effective_on=day(2026, 1, 1), after=after,
        reason="Révision", acting_user=None,
    )  # fmt: skip
    sign_amendment(amendment=draft, signed_on=day(2026, 1, 10), acting_user=None)
    run = bills.computed(site, day(2026, 1, 1))
    states = dict(run.items.values_list("lease_id", "state"))
    assert states == {good.pk: ItemState.PROPOSED, bad.pk: ItemState.FAILED}
    assert run.items.get(lease=bad).note.startswith("An amount is larger than any document holds")
    assert issue(start_issuing(run=run, acting_user=None)).state == RunState.ISSUED
    assert Invoice.objects.get().lease == good
