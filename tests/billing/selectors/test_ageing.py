"""The ageing against what a clerk with paper and patience finds, on any day."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.choices import Role
from billing.ageing import BANDS, PARTS, Aged, band_of, due_days, together
from billing.models import Account, Allocation, Certificate, ChequeStep, Invoice, Payment, Refund
from billing.selectors.ageing import Of, aged_invoices, ageing
from billing.selectors.ledger import ledger
from core.money import ZERO
from leases.models import DepositEntry
from tests.billing.tills import FIRST, Till
from tests.factories import bills, scene, tenancies

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))


@given(DAYS, DAYS)
def test_each_due_day_lies_in_one_band_and_no_other(due_on: dt.date, on: dt.date) -> None:
    within = []
    for band in BANDS:
        first, last = due_days(band, on)
        if (first is None or first <= due_on) and (last is None or due_on <= last):
            within.append(band)
    assert within == [band_of(due_on, on)]


def test_the_day_after_the_due_day_is_the_first_day_past_due() -> None:
    due_on = dt.date(2026, 3, 10)
    late = {0: "not_due", 1: "days_1_30", 30: "days_1_30", 31: "days_31_60", 60: "days_31_60",
            61: "days_61_90", 90: "days_61_90", 91: "days_over_90"}  # fmt: skip
    assert {days: band_of(due_on, due_on + dt.timedelta(days)) for days in late} == late


# --- The oracle: row by row, as one would on paper -----------------------------------------------
def by_hand(on: dt.date) -> dict[Of, Aged]:
    found: dict[Of, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(PARTS, ZERO))
    given_on = [row for row in Allocation.objects.all() if row.on <= on]
    back = [row for row in Refund.objects.all() if row.on <= on]
    bounced = {s.payment_id for s in ChequeStep.objects.bounced() if s.on <= on}
    certified = {c.payment_id for c in Certificate.objects.all() if c.received_on <= on}
    for paper in Invoice.objects.all():
        mine = found[Of(paper.lessor_id, paper.site_id, paper.company_id)]
        if paper.issued_on > on:
            continue
        if paper.kind == "invoice":
            left = paper.total - sum(a.amount for a in given_on if a.invoice_id == paper.pk)
            mine[band_of(paper.due_on, on)] += left
        else:
            used = sum(a.amount for a in given_on if a.credit_note_id == paper.pk)
            mine["credit"] += paper.total - used
            mine["credit"] -= sum(r.amount for r in back if r.credit_note_id == paper.pk)
    for payment in Payment.objects.all():
        mine = found[Of(payment.lessor_id, payment.site_id, payment.company_id)]
        if payment.received_on > on or {payment.pk, payment.withheld_with_id} & bounced:
            continue
        refunded = sum(r.amount for r in back if r.payment_id == payment.pk)
        used = sum(a.amount for a in given_on if a.payment_id == payment.pk)
        mine["credit"] += payment.amount - used - refunded
        if payment.method in {"rent_wht", "vat_wht"} and payment.pk not in certified:
            mine["awaiting"] += payment.amount - refunded
    for entry in DepositEntry.objects.select_related("lease__site"):
        lease = entry.lease
        if entry.on <= on:
            sign = 1 if (entry.act == "received") == (entry.reverses_id is None) else -1
            of = Of(lease.site.lessor_id, lease.site_id, lease.company_id)
            found[of]["deposit"] += sign * entry.amount
    rows = {of: Aged(**parts) for of, parts in found.items()}
    return {of: row for of, row in rows.items() if row != Aged()}


@pytest.fixture
def network() -> Any:
    return scene.staff(Role.FINANCE_OFFICER)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_any_day_is_as_one_would_find_it_on_paper(seed: int, network: Any) -> None:
    with time_machine.travel(dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC), tick=False):
        sites = [bills.site(code, starts_on=FIRST) for code in ("CAS", "RAB")]
        companies = [scene.company() for _each in range(3)]
        tenancies.active(sites[0], scene.office(sites[0]), company=companies[0])
    till = Till(seed, sites, companies)
    till.run(70)
    last = Allocation.objects.latest("on").on
    days = [last + dt.timedelta(90), *(FIRST + dt.timedelta(n) for n in range(0, 190, 29))]
    for on in days:
        with CaptureQueriesContext(connection) as asked:
            found = ageing(network, on)
        expected = by_hand(on)
        assert found == expected, on
        assert len(asked) == 1 + (on == days[0])  # the first asks for the roles
        _the_rows_behind_add_up(network, on, found)
        _the_ledgers_agree(network, on, found)
    assert together(ageing(network, last).values()).credit > ZERO
    assert ageing(network, last, site_ids=[sites[1].pk], company_ids=[companies[2].pk]) == {
        of: row
        for of, row in by_hand(last).items()
        if (of.site_id, of.company_id) == (sites[1].pk, companies[2].pk)
    }


def _the_rows_behind_add_up(user: Any, on: dt.date, found: dict[Of, Aged]) -> None:
    total = together(found.values())
    for band in BANDS:
        rows = list(aged_invoices(user, on, band=band))
        assert sum((row.open for row in rows), ZERO) == total.band(band)
        assert all(row.open > 0 and band_of(row.due_on, on) == band for row in rows)


def _the_ledgers_agree(user: Any, on: dt.date, found: dict[Of, Aged]) -> None:
    for account in Account.objects.all():
        mine = [row for of, row in found.items() if of.company_id == account.company_id]
        told = ledger(user, account, first=on - dt.timedelta(30), last=on)
        assert told.closing == together(mine).balance
        begun = FIRST - dt.timedelta(5)  # what is paid may be entered some days later
        whole = ledger(user, account, first=begun, last=on)
        assert (whole.opening, whole.closing) == (ZERO, told.closing)
        assert told.opening + told.debit - told.credit == told.closing
        before = ledger(user, account, first=begun, last=told.first - dt.timedelta(1))
        assert [*before.entries, *told.entries] == whole.entries
