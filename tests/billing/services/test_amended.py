"""Rents changed for the past once billed: up and down, over VAT rules, with goodwill within."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.utils.translation import override

from billing.choices import CreditKind, InvoiceKind
from billing.models import Invoice, RentRun
from billing.services.crediting import Part, credit_parts
from billing.services.runs import drop_run
from billing.telling import in_words
from core.periods import Period
from leases import changes
from leases.choices import AmendmentKind
from leases.models import Lease
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.assignment import assign_lease
from leases.services.exits import end_lease
from sites.models import Site, VatRule
from sites.rates import Step
from tests.factories import bills, scene, tenancies

day = dt.date
pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY = day(2026, 1, 1), day(2026, 2, 1)


@pytest.fixture(autouse=True)
def _in_2026() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 2, 20, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def lease() -> Lease:
    """2,000 a month; taxed at 20 % in January, at 10 % since; a week of January was given."""
    site = bills.site(starts_on=JANUARY)
    rule = VatRule.objects.get(subject="office")
    rule.period = Period(rule.period.start, FEBRUARY)
    rule.save()
    VatRule.objects.create(
        lessor=site.lessor, subject="office", period=Period(FEBRUARY), rate=Decimal(10)
    )
    made = tenancies.active(site, scene.office(site, code="A1"), start=JANUARY, months=None)
    bills.issued(site, JANUARY)
    bills.issued(site, FEBRUARY)
    line = Invoice.objects.order_by("id")[0].lines.get()
    week = Part(line.pk, days=Period.through(day(2026, 1, 10), day(2026, 1, 16)))
    credit_parts(
        invoice=line.invoice, parts=[week], kind=CreditKind.COMMERCIAL, reason="Panne",
        acting_user=None,
    )  # fmt: skip
    return made


def reprice(lease: Lease, since: dt.date, rate: int) -> RentRun:
    """So much per m² from a day on, and what a run makes of it."""
    after = changes.reprice(
        terms_of(lease), 0, since, "per_m2", [Step(Period(since), Decimal(rate))]
    )
    draft = draft_amendment(
        lease=lease, kind=AmendmentKind.RENT, effective_on=since, after=after, reason="Révision",
        acting_user=None,
    )  # fmt: skip
    sign_amendment(amendment=draft, signed_on=day(2026, 2, 20), acting_user=None)
    run = bills.issued(lease.site, FEBRUARY)
    again = bills.computed(lease.site, FEBRUARY)
    assert not again.items.waiting().exists()
    drop_run(run=again, acting_user=None)
    return run


def asked(site: Site) -> tuple[Decimal, Decimal]:
    """Net and VAT of all documents together."""
    rows = Invoice.objects.filter(site=site).values_list("kind", "net", "vat")
    signed = [((-1 if kind == InvoiceKind.CREDIT_NOTE else 1), net, vat) for kind, net, vat in rows]
    return (
        sum((sign * net for sign, net, _vat in signed), Decimal(0)),
        sum((sign * vat for sign, _net, vat in signed), Decimal(0)),
    )


def documents(run: RentRun) -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [
        (
            row.kind,
            row.credit_kind,
            [(str(line.period), f"{line.amount:f}") for line in row.lines.order_by("position")],
        )
        for row in run.invoices.order_by("id")
    ]


def test_up_and_down_again_the_goodwill_stays_given(lease: Lease) -> None:
    site, gift = lease.site, Decimal("451.61")
    assert asked(site) == (4000 - gift, Decimal("509.68"))
    up = reprice(lease, JANUARY, 110)
    assert up.items.get().net == 400
    assert documents(up) == [
        ("invoice", "", [("2026-01-01 – 2026-01-31", "2200.00"),
                         ("2026-02-01 – 2026-02-28", "2200.00")]),
        ("credit", "cancelling", [("2026-01-01 – 2026-01-31", "1548.39")]),
        ("credit", "cancelling", [("2026-02-01 – 2026-02-28", "2000.00")]),
        ("credit", "commercial", [("2026-01-10 – 2026-01-16", "451.61")]),
    ]  # fmt: skip
    with override("en"):
        told = [(line.what, f"{line.net:f}") for line in in_words(up.items.get().proposal, "en")]
    assert told[2:] == [
        ("taken back · rent · A1 · LESSOR-F2026-000001", "-1548.39"),
        ("taken back · rent · A1 · LESSOR-F2026-000002", "-2000.00"),
        ("goodwill given before · rent · A1", "-451.61"),
    ]
    # (2,200 - 451.61) at 20 %, 2,200 at 10 %
    assert asked(site) == (4400 - gift, Decimal("569.68"))
    down = reprice(lease, day(2026, 1, 14), 90)
    assert documents(down)[-1] == ("credit", "commercial", [
        ("2026-01-10 – 2026-01-13", "258.06"), ("2026-01-14 – 2026-01-16", "193.55"),
    ])  # fmt: skip
    # 13 days at 2,200 and 18 at 1,800 of January, all of February at 1,800
    net = Decimal("922.58") + Decimal("1045.16")
    assert asked(site) == (net - gift + 1800, Decimal("483.23"))
    note = down.invoices.get(credit_kind=CreditKind.COMMERCIAL)
    assert note.corrects == down.invoices.get(kind=InvoiceKind.INVOICE)


def test_of_days_that_nobody_owes_any_more_only_what_is_left_is_given_back(lease: Lease) -> None:
    end_lease(lease=lease, last_day=day(2026, 1, 12), reason="Parti", acting_user=None)
    run = bills.issued(lease.site, FEBRUARY)
    # Of the week that was given three days are still owed.
    assert documents(run)[-1] == (
        "credit", "commercial", [("2026-01-10 – 2026-01-12", "193.55")],
    )  # fmt: skip
    assert asked(lease.site)[0] == Decimal("774.19") - Decimal("193.55")


def test_an_assignee_is_billed_from_its_first_day_and_the_other_gets_back_the_rest(
    lease: Lease,
) -> None:
    other = scene.company()
    assign_lease(lease=lease, company=other, since=FEBRUARY, reason="Cession", acting_user=None)
    run = bills.issued(lease.site, FEBRUARY)
    assert {(row.company_id, row.kind, str(row.net)) for row in run.invoices.all()} == {
        (other.pk, "invoice", "2000.00"), (lease.company_id, "credit", "2000.00"),
    }  # fmt: skip
