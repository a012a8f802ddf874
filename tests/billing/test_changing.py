"""What looks wrong beside the month before."""

import datetime as dt
from decimal import Decimal

import pytest

from billing.changing import About, anomalies
from billing.choices import Anomaly
from billing.proposing import propose
from billing.reconciling import Billed, reconcile
from core.periods import Period
from leases.rent import VatPeriod, VatTable
from leases.terms import ChargeTerms, LeaseTerms, LettingTerms, Rhythm
from sites.rates import Step

day = dt.date
FEBRUARY = day(2026, 2, 1)
VAT: VatTable = {"office": [VatPeriod(Period(day(2020, 1, 1)), Decimal(20))]}
OFFICE = Rhythm(vat_subject="office")
FINE = About(has_ice=True, has_address=True, deposit_missing=False, holding_over=False)


def lease(first: dt.date, last: dt.date, rate: str, *once: tuple[dt.date, str]) -> LeaseTerms:
    period = Period.through(first, last)
    letting = LettingTerms(
        id=1, charge_id=10, space_id=1, space="A1", area_m2=None, period=period, unit="flat",
        steps=(Step(period, Decimal(rate)),), rhythm=OFFICE,
    )  # fmt: skip
    charges = tuple(
        ChargeTerms(20 + number, "consumption", "", Period.through(on, on), "once",
                    Decimal(amount), OFFICE)
        for number, (on, amount) in enumerate(once)
    )  # fmt: skip
    return LeaseTerms(1, "sme", period, Decimal(0), (letting,), charges)


def billed(first: dt.date, last: dt.date, rate: str, net: str) -> Billed:
    return Billed(
        id=1, line_id=1, invoice_id=1, charge_id=10, discount=False,
        period=Period.through(first, last), unit="flat", rate=Decimal(rate), area_m2=None,
        per_months=1, due_on=first.replace(day=1), vat_rate=Decimal(20), net=Decimal(net),
        vat=Decimal(0),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "terms", "jumps"),
    [
        # Begun on the 20th; ending on the 10th: the same rent.
        (billed(day(2026, 1, 20), day(2026, 1, 31), "1000", "387.10"),
         lease(day(2026, 1, 20), day(2026, 12, 31), "1000"), False),
        (billed(day(2026, 1, 1), day(2026, 1, 31), "1000", "1000.00"),
         lease(day(2026, 1, 1), day(2026, 2, 10), "1000"), False),
        (billed(day(2026, 1, 1), day(2026, 1, 31), "1000", "1000.00"),
         lease(day(2026, 1, 1), day(2026, 12, 31), "1000", (day(2026, 2, 3), "200")), False),
        (billed(day(2026, 1, 1), day(2026, 1, 31), "1000", "1000.00"),
         lease(day(2026, 1, 1), day(2026, 12, 31), "1000", (day(2026, 2, 3), "200.01")), True),
        # Of a month that was given but for a tenth, the next is a jump.
        (billed(day(2026, 1, 1), day(2026, 1, 31), "1000", "100.00"),
         lease(day(2026, 1, 1), day(2026, 12, 31), "1000"), True),
    ],
)  # fmt: skip
def test_only_what_whole_months_differ_by_is_a_jump(
    before: Billed, terms: LeaseTerms, jumps: bool
) -> None:
    found = reconcile(terms, [before], since=day(2026, 1, 1), through=day(2026, 2, 28), vat=VAT)
    proposal = propose(found, [before])
    said = anomalies(terms, proposal, [before], FEBRUARY, FINE)
    assert said == ((Anomaly.JUMP,) if jumps else ())
