"""From a difference to its documents: what is lessened, what is forgotten without a paper."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from billing.proposing import Proposal, propose
from billing.reconciling import Billed, Difference, reconcile
from core.periods import Period
from leases.rent import VatPeriod, VatTable
from leases.terms import DiscountTerms, LeaseTerms, LettingTerms, Rhythm
from sites.rates import Step

day = dt.date
JANUARY, YEAR = Period(day(2026, 1, 1), day(2026, 2, 1)), Period(day(2026, 1, 1), day(2027, 1, 1))
EXEMPT_SINCE_FEBRUARY: VatTable = {
    "office": [
        VatPeriod(JANUARY, Decimal(20)),
        VatPeriod(Period(JANUARY.end or JANUARY.start), Decimal(0), "CGI art. 91"),
    ]
}


def terms(rate: str, *discounts: DiscountTerms) -> LeaseTerms:
    letting = LettingTerms(
        id=1, charge_id=10, space_id=1, space="A1", area_m2=Decimal(20), period=YEAR, unit="flat",
        steps=(Step(YEAR, Decimal(rate)),), rhythm=Rhythm(vat_subject="office"),
        discounts=discounts,
    )  # fmt: skip
    return LeaseTerms(1, "sme", YEAR, Decimal(0), (letting,))


def rent(net: str, vat: str, **given: Any) -> Billed:
    """Of January, at 1,000; `net` and `vat`: what is left of it."""
    told: dict[str, Any] = {
        "id": 1, "line_id": 1, "invoice_id": 1, "charge_id": 10, "discount": False,
        "period": JANUARY, "unit": "flat", "rate": Decimal(1000), "area_m2": None, "per_months": 1,
        "due_on": JANUARY.start, "vat_rate": Decimal(20), "net": Decimal(net), "vat": Decimal(vat),
    }  # fmt: skip
    return Billed(**told | given)


def proposed(now: LeaseTerms, *billed: Billed, through: dt.date) -> tuple[Difference, Proposal]:
    found = reconcile(now, billed, since=YEAR.start, through=through, vat=EXEMPT_SINCE_FEBRUARY)
    return found, propose(found, billed)


@pytest.mark.parametrize("vat", ["0.00", "0.01"])
def test_what_was_given_back_before_is_forgotten_without_a_document(vat: str) -> None:
    given = rent("0.00", vat)
    _found, proposal = proposed(terms("1100"), given, through=day(2026, 1, 31))
    assert [line.amount for line in proposal.bill] == [Decimal(1100)]
    credits = [(credit.net, credit.vat) for credit in proposal.credits]
    forgotten = vat == "0.00"
    assert credits == ([] if forgotten else [(Decimal(0), Decimal("0.01"))])
    assert proposal.settled == ((given,) if forgotten else ())


def test_a_discount_of_taxed_days_lessens_them_where_the_invoice_bears_no_tax() -> None:
    """January was billed with VAT; February has none to lessen."""
    late = DiscountTerms(JANUARY, "flat", Decimal(300), "Panne")
    _found, proposal = proposed(
        terms("1000", late), rent("1000.00", "200.00"), through=day(2026, 2, 1)
    )
    assert [(line.amount, line.vat) for line in proposal.bill] == [(Decimal(1000), Decimal(0))]
    (credit,) = proposal.credits
    assert (credit.net, credit.vat) == (Decimal(300), Decimal(60))


def test_a_discount_goes_with_its_rent_so_that_no_more_is_credited_than_was_asked() -> None:
    less = DiscountTerms(JANUARY, "flat", Decimal(300), "Lancement")
    discount = rent("-300.00", "-60.00", id=2, line_id=2, discount=True, rate=Decimal(-300))
    found, proposal = proposed(
        terms("1100", less), rent("1000.00", "200.00"), discount, through=day(2026, 1, 31)
    )
    assert [line.amount for line in found.due] == [Decimal(1100), Decimal(-300)]
    (credit,) = proposal.credits
    assert (credit.net, proposal.net) == (Decimal(700), Decimal(100))
    other = rent("700.00", "140.00", rate=Decimal(1100)), discount
    assert not proposed(terms("1100", less), *other, through=day(2026, 1, 31))[0]
