"""A payment that never was is taken out of the books whole: nothing of it stays anywhere."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction

from accounts.choices import Role
from billing.booking import balances
from billing.choices import BankLineState, Journal, PaymentMethod
from billing.errors.money import ChequeOver, PaymentGivenBack
from billing.models import Payment, Refund, WithholdingRule
from billing.selectors.paying import twin_of
from billing.selectors.pieces import pieces_of
from billing.selectors.vat import vat_rows
from billing.services.cheques import bank_cheque, bounce_cheque, clear_cheque
from billing.services.matching import match_by_hand
from billing.services.mistakes import undo_payment
from billing.services.refunds import refund
from core.errors import NotAllowed
from core.periods import Period
from leases.errors import ReasonNeeded
from sites.models import Site
from tests.billing.banking import accepted, best, company, hub, read
from tests.factories import scene
from tests.factories.money import free_of, opened, paid, rent, sale

day = dt.date
pytestmark = pytest.mark.django_db
SEPTEMBER = Period(day(2026, 9, 1), day(2026, 10, 1))


@pytest.fixture(autouse=True)
def _in_september() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 9, 10, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return hub()


def undone(payment: Payment, **given: Any) -> list[Refund]:
    return undo_payment(
        payment=payment, **{"reason": "Saisi deux fois", "acting_user": None, **given}
    )


def told(site: Site) -> set[Decimal]:
    """What stays on the accounts of receipts, and as VAT."""
    pieces = pieces_of(site.lessor_id, Journal.RECEIPTS, SEPTEMBER)
    vat = sum((row.vat for row in vat_rows(site.lessor_id, SEPTEMBER)), Decimal(0))
    return {*balances(pieces).values(), vat}


def test_cash_that_never_came_leaves_no_stamp_duty_in_the_books(site: Site) -> None:
    invoice = sale(site, company(), "100")
    cash = paid(site, invoice.company, "200", method="cash")
    assert (cash.stamp_duty, free_of(cash)) == (Decimal("0.50"), 80)
    (back,) = undone(cash)
    assert (back.amount, back.method, back.by_mistake, back.on) == (
        200,
        "cash",
        True,
        day(2026, 9, 10),
    )
    assert (opened(invoice), free_of(cash), told(site)) == ([120], 0, {Decimal(0)})
    # Credit that is handed back in cash was there, and its duty is the Treasury's.
    other = paid(site, invoice.company, "200", method="cash", shares=())
    refund(source=other, amount=Decimal(200), on=day(2026, 9, 10), method=PaymentMethod.CASH,
           reason="Trop payé", acting_user=None)  # fmt: skip
    assert told(site) == {Decimal(0), Decimal("0.50"), Decimal("-0.50")}


def test_what_was_withheld_with_it_goes_too_and_nothing_is_awaited(site: Site) -> None:
    atlas = company()
    WithholdingRule.objects.create(
        company=atlas, kind="rent", period=Period(day(2026, 7, 1)), rate=5
    )
    invoice, later = rent(site, atlas, "1000"), rent(site, atlas, "500")
    payment = paid(site, atlas, "1725")
    assert opened(invoice, later) == [0, 0]
    first = undone(payment)
    assert [(each.amount, each.method) for each in first] == [(1725, "transfer"), (75, "rent_wht")]
    assert (opened(invoice, later), told(site)) == ([1200, 600], {Decimal(0)})
    assert not Payment.objects.awaiting_certificate().exists()
    assert twin_of(site.lessor_id, atlas.pk, PaymentMethod.TRANSFER, payment.amount,
                   payment.received_on) is None  # fmt: skip
    # What was withheld may be the mistake alone.
    again = paid(site, atlas, "1725")
    undone(again.withheld.get())
    assert opened(invoice, later) == [50, 25]
    assert [each.payment for each in undone(again)] == [again]
    assert (opened(invoice, later), told(site)) == ([1200, 600], {Decimal(0)})


def test_a_line_of_the_bank_that_was_matched_to_the_wrong_company_waits_again(site: Site) -> None:
    atlas, rif = company(), company("Rif Soft")
    wrong, right = sale(site, atlas, "100"), sale(site, rif, "100")
    (line,) = read(site, "02/09/2026;RIF SOFT;;120,00")
    payment = match_by_hand(line=line, company=atlas, acting_user=None)
    row = Payment.objects.get(pk=payment.pk)
    row.pk, row.number = None, "LESSOR-P2026-999999"
    with pytest.raises(DatabaseError, match="two payments"), transaction.atomic():
        row.save()
    undone(payment)
    line.refresh_from_db()
    assert (line.state, opened(wrong, right)) == (BankLineState.NEW, [120, 120])
    assert accepted(line).state == BankLineState.MATCHED
    assert opened(wrong, right) == [120, 0]
    # Nor is what was entered by hand seen on a line any more.
    sale(site, atlas, "50")
    by_hand = paid(site, atlas, "60", received_on=day(2026, 9, 3))
    (seen,) = read(site, "03/09/2026;ATLAS DATA;;60,00", name="b")
    assert accepted(seen).payment == by_hand
    undone(by_hand)
    seen.refresh_from_db()
    assert (seen.state, seen.payment, best(seen).act) == (BankLineState.NEW, None, "pay")


def test_what_came_or_went_is_no_mistake(site: Site) -> None:
    atlas = company()
    credit, cheque = paid(site, atlas, "50"), paid(site, atlas, "70", method="cheque")
    refund(source=credit, amount=Decimal(10), on=day(2026, 9, 10), method=PaymentMethod.TRANSFER,
           reason="Trop payé", acting_user=None)  # fmt: skip
    with pytest.raises(PaymentGivenBack, match="LESSOR-B2026-000001"):
        undone(credit)
    WithholdingRule.objects.create(
        company=atlas, kind="rent", period=Period(day(2026, 7, 1)), rate=5
    )
    rent(site, atlas, "1000")
    other = paid(site, atlas, "1150", method="cheque")
    with_it = other.withheld.get()
    for one in (cheque, other):
        bounce_cheque(payment=one, on=day(2026, 9, 10), reason="Vide", acting_user=None)
    for one in (cheque, with_it):
        with pytest.raises(ChequeOver):
            undone(one)
    mistaken = paid(site, atlas, "30", shares=())
    with pytest.raises(ReasonNeeded):
        undone(mistaken, reason=" ")
    for user in (scene.staff(Role.AUDITOR), scene.staff(Role.FINANCE_OFFICER, scene.site("RAB"))):
        with pytest.raises(NotAllowed):
            undone(mistaken, acting_user=user)
    undone(mistaken, acting_user=scene.staff(Role.FINANCE_OFFICER, site))
    with pytest.raises(PaymentGivenBack):
        undone(mistaken)
    assert Refund.objects.count() == 2


def test_a_cheque_that_never_was_is_not_waited_for_however_far_it_seemed_to_be(site: Site) -> None:
    atlas = company()
    WithholdingRule.objects.create(
        company=atlas, kind="rent", period=Period(day(2026, 7, 1)), rate=5
    )
    rent(site, atlas, "1000")
    for steps in range(3):
        cheque = paid(site, atlas, "1250", method="cheque")
        for step in (bank_cheque, clear_cheque)[:steps]:
            step(payment=cheque, on=day(2026, 9, 10), acting_user=None)
        undone(cheque)
        assert told(site) == {Decimal(0)}
