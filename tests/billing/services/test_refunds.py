"""Credit that is given back: never more than is free, and never before it was."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction

from accounts.choices import Role
from billing.bank_facts import Line
from billing.booking import balances
from billing.choices import CreditKind, Journal, PaymentMethod
from billing.errors.money import (
    BadAmount,
    BadDay,
    BadMethod,
    ChequeGivenBack,
    ChequeNotCleared,
    MoreThanFree,
    NothingFree,
)
from billing.models import Refund
from billing.selectors.bank_book import book_of
from billing.selectors.closings import unfinished
from billing.selectors.pieces import pieces_of
from billing.services.allocating import take_back
from billing.services.cheques import bank_cheque, clear_cheque
from billing.services.crediting import credit_all
from billing.services.refunds import refund
from core.errors import NotAllowed
from core.periods import Period
from leases.errors import ReasonNeeded
from sites.models import Site
from tenants.models import Company
from tests.factories import bills, scene
from tests.factories.money import free_of, paid, sale

day = dt.date
pytestmark = pytest.mark.django_db
TRANSFER, CHEQUE = PaymentMethod.TRANSFER, PaymentMethod.CHEQUE


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(dt.datetime(2026, 9, 10, 12, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=day(2026, 1, 1))


@pytest.fixture
def company() -> Company:
    return scene.company()


def back(source: Any, amount: str, **given: Any) -> Refund:
    return refund(
        source=source,
        amount=Decimal(amount),
        on=given.pop("on", day(2026, 9, 10)),
        method=given.pop("method", TRANSFER),
        reason=given.pop("reason", "Trop payé"),
        acting_user=given.pop("acting_user", None),
        **given,
    )


def test_credit_of_a_payment_and_of_a_credit_note_is_given_back(
    site: Site, company: Company
) -> None:
    invoice = sale(site, company, "100")
    payment = paid(site, company, "150")
    first = back(payment, "10.50", reference="VIR 7")
    assert (first.number, first.payment, free_of(payment)) == (
        "LESSOR-B2026-000001", payment, Decimal("19.50"),
    )  # fmt: skip
    note = credit_all(
        invoice=invoice, kind=CreditKind.CANCELLING, reason="Annulée", acting_user=None
    )
    second = back(note, "120")
    assert (second.number, second.credit_note, free_of(note)) == (
        "LESSOR-B2026-000002", note, Decimal(0),
    )  # fmt: skip
    with pytest.raises(NothingFree):
        back(note, "0.01")
    with pytest.raises(MoreThanFree, match=r"19\.50"):
        back(payment, "19.51")
    row = Refund(
        number="x", payment=payment, amount=Decimal("19.51"), on=day(2026, 9, 10),
        method="transfer", reason="x", made_at=payment.made_at,
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="more would be given"), transaction.atomic():
        row.save()


def test_what_is_no_credit_is_not_given_back(site: Site, company: Company) -> None:
    invoice = sale(site, company, "100")
    payment, cheque = paid(site, company, "50"), paid(site, company, "500", method="cheque")
    kept = paid(site, company, "7", method="rent_wht")
    back_soon = paid(site, company, "20", method="cheque", shares=())
    officer = scene.staff(Role.FINANCE_OFFICER, scene.site("RAB"))
    for source, given, refusal in (
        (payment, {}, NothingFree),
        (invoice, {}, NothingFree),
        (cheque, {}, ChequeNotCleared),
        (cheque, {"method": PaymentMethod.BALANCE}, BadMethod),
        (kept, {}, BadMethod),
        (cheque, {"method": CHEQUE, "amount": "0"}, BadAmount),
        (cheque, {"method": CHEQUE, "reason": " "}, ReasonNeeded),
        (cheque, {"method": CHEQUE}, ChequeNotCleared),  # half a cheque is none
        (back_soon, {"method": CHEQUE, "amount": "20", "on": day(2026, 9, 11)}, BadDay),
        (cheque, {"method": CHEQUE, "acting_user": officer}, NotAllowed),
    ):
        amount = str(given.pop("amount", "1"))
        with pytest.raises(refusal):
            back(source, amount, **given)
    assert not Refund.objects.exists()
    clear_cheque(payment=cheque, on=day(2026, 9, 10), acting_user=None)
    back(cheque, "1")
    back(kept, "7", method=PaymentMethod.WITHHOLDING, reason="Saisie deux fois")


def test_a_cheque_that_was_handed_back_is_neither_banked_nor_awaited(
    site: Site, company: Company
) -> None:
    cheque = paid(site, company, "500", method="cheque", reference="0042")
    back(cheque, "500", method=CHEQUE)
    for step in (bank_cheque, clear_cheque):
        with pytest.raises(ChequeGivenBack):
            step(payment=cheque, on=day(2026, 9, 10), acting_user=None)
    september = Period(day(2026, 9, 1), day(2026, 10, 1))
    pieces = pieces_of(site.lessor_id, Journal.RECEIPTS, september)
    assert set(balances(pieces).values()) == {0}
    assert unfinished(site.lessor, september.start, []) == []
    line = Line(1, day(2026, 9, 10), Decimal(500), words="REM CHQ 0042")
    assert book_of(site.lessor_id, [line], {}).cheques == []


def test_a_mistake_goes_the_way_it_came_from_the_day_that_it_is_free(
    site: Site, company: Company, now: time_machine.Traveller
) -> None:
    invoice = sale(site, company, "100")
    payment = paid(site, company, "120")
    now.move_to(dt.datetime(2026, 9, 14, 12, tzinfo=dt.UTC))
    take_back(invoice=invoice, source=payment, reason="Autre client", acting_user=None)
    with pytest.raises(BadDay, match=r"14"):
        back(payment, "120", on=day(2026, 9, 12))
    back(payment, "120", on=day(2026, 9, 14), reason="Autre client")
    assert free_of(payment) == 0
