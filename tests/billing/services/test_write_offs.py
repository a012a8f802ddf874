"""Doubtful, then written off: with a reason, and by two people."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from accounts.choices import Role
from billing.booking import balances
from billing.choices import Journal, LedgerKey, PaymentMethod, WriteOffState
from billing.errors.money import BadAmount, MoreThanOpen, NotSettledBy
from billing.errors.overdue import (
    AnotherPerson,
    DoubtfulAlready,
    NotDoubtful,
    NothingOpen,
    WriteOffAsked,
    WriteOffDecided,
)
from billing.models import Account, Allocation, Doubtful, Invoice, WriteOff
from billing.selectors.ledger import ledger
from billing.selectors.open_items import open_of
from billing.selectors.pieces import pieces_of
from billing.services.payments import record_payment
from billing.services.sales import SaleLine, issue_sale
from billing.services.write_offs import (
    approve_write_off,
    ask_write_off,
    lift_doubt,
    mark_doubtful,
    refuse_write_off,
    take_back_write_off,
)
from core.errors import NotAllowed
from core.periods import ONE_DAY, Period, today
from leases.errors import ReasonNeeded
from sites.models import Site
from tests.factories import bills, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=dt.date(2026, 1, 1))


@pytest.fixture
def invoice(site: Site) -> Invoice:
    """120 DH."""
    lines = [SaleLine("Salle", Decimal(100))]
    return issue_sale(site=site, company=scene.company(), lines=lines, acting_user=None)


def pay(invoice: Invoice, amount: str) -> None:
    record_payment(
        site=invoice.site, company=invoice.company, method=PaymentMethod.TRANSFER,
        received_on=today(), amount=Decimal(amount), acting_user=None,
    )  # fmt: skip


def test_one_asks_another_decides(site: Site, invoice: Invoice) -> None:
    one, other = (scene.staff(Role.FINANCE_OFFICER, site) for _person in range(2))
    reader = scene.staff(Role.SITE_MANAGER, site)
    for reason, amount, refusal in (
        (" ", None, ReasonNeeded),
        ("Liquidation", Decimal("120.01"), MoreThanOpen),
        ("Liquidation", Decimal(0), BadAmount),
    ):
        with pytest.raises(refusal):
            ask_write_off(invoice=invoice, reason=reason, amount=amount, acting_user=one)
    with pytest.raises(NotAllowed):
        ask_write_off(invoice=invoice, reason="Liquidation", acting_user=reader)
    asked = ask_write_off(invoice=invoice, reason="Liquidation", acting_user=one)
    assert (asked.amount, asked.state) == (Decimal(120), WriteOffState.ASKED)
    assert Doubtful.objects.standing().get().reason == "Liquidation"
    with pytest.raises(WriteOffAsked):
        ask_write_off(invoice=invoice, reason="Encore", acting_user=other)
    with pytest.raises(AnotherPerson):
        approve_write_off(write_off=asked, acting_user=one)
    with pytest.raises(NotAllowed):
        approve_write_off(write_off=asked, acting_user=reader)
    assert open_of([invoice.pk]) == {invoice.pk: Decimal(120)}
    approve_write_off(write_off=asked, acting_user=other)
    assert open_of([invoice.pk]) == {invoice.pk: Decimal(0)}
    row = Allocation.objects.get()
    assert (row.write_off, row.amount, row.on) == (asked, Decimal(120), today())
    with pytest.raises(WriteOffDecided):
        refuse_write_off(write_off=asked, reason="Trop tard", acting_user=other)
    with pytest.raises(NothingOpen):
        ask_write_off(invoice=invoice, reason="Encore", acting_user=one)
    for change in ({"amount": 1}, {"state": WriteOffState.REFUSED}):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            WriteOff.objects.update(**change)


def test_what_is_paid_meanwhile_is_not_given_up(site: Site, invoice: Invoice) -> None:
    one, other = (scene.staff(Role.FINANCE_OFFICER, site) for _person in range(2))
    asked = ask_write_off(invoice=invoice, reason="Disparue", acting_user=one)
    pay(invoice, "20")
    with pytest.raises(MoreThanOpen), transaction.atomic():
        approve_write_off(write_off=asked, acting_user=other)
    asked.refresh_from_db()
    assert asked.state == WriteOffState.ASKED
    refuse_write_off(write_off=asked, reason="Elle paie", acting_user=other)
    asked = ask_write_off(invoice=invoice, reason="Solde", amount=Decimal("99.99"), acting_user=one)
    approve_write_off(write_off=asked, acting_user=other)
    assert open_of([invoice.pk]) == {invoice.pk: Decimal("0.01")}
    assert Doubtful.objects.count() == 1


def test_who_pays_after_all_is_asked_again(site: Site, invoice: Invoice) -> None:
    one, other = (scene.staff(Role.FINANCE_OFFICER, site) for _person in range(2))
    asked = ask_write_off(
        invoice=invoice, reason="Disparue", amount=Decimal("60.01"), acting_user=one
    )
    with pytest.raises(NotSettledBy):
        take_back_write_off(write_off=asked, reason="Elle paie", acting_user=other)
    approve_write_off(write_off=asked, acting_user=other)
    for user, reason, refusal in (
        (scene.staff(Role.SITE_MANAGER, site), "Elle paie", NotAllowed),
        (one, " ", ReasonNeeded),
    ):
        with pytest.raises(refusal):
            take_back_write_off(write_off=asked, reason=reason, acting_user=user)
    take_back_write_off(write_off=asked, reason="Elle paie", acting_user=one)
    pay(invoice, "120")
    assert open_of([invoice.pk]) == {invoice.pk: Decimal(0)}
    told = ledger(one, Account.objects.get(), first=today(), last=today())
    assert [(entry.kind, entry.about, entry.balance) for entry in told.entries] == [
        ("invoice", "", Decimal(120)),
        ("payment", "", Decimal(0)),
        ("written_off", "Disparue", Decimal("-60.01")),
        ("written_off", "Elle paie", Decimal(0)),
    ]
    # What was lost in the books, and the VAT that would never have fallen due, are there again.
    days = Period(today(), today() + ONE_DAY)
    sums = balances(pieces_of(site.lessor_id, Journal.SALES, days))
    assert (sums[LedgerKey.LOSSES], sums[LedgerKey.VAT]) == (Decimal(0), Decimal(-20))


def test_doubtful_until_lifted(site: Site, invoice: Invoice) -> None:
    officer = scene.staff(Role.FINANCE_OFFICER, site)
    with pytest.raises(NotDoubtful):
        lift_doubt(invoice=invoice, reason="x", acting_user=officer)
    with pytest.raises(NotAllowed):
        mark_doubtful(
            invoice=invoice, reason="x",
            acting_user=scene.staff(Role.FINANCE_OFFICER, scene.site("RAB")),
        )  # fmt: skip
    mark_doubtful(invoice=invoice, reason="Redressement", acting_user=officer)
    with pytest.raises(DoubtfulAlready):
        mark_doubtful(invoice=invoice, reason="Redressement", acting_user=officer)
    lift_doubt(invoice=invoice, reason="Plan accepté", acting_user=officer)
    pay(invoice, "120")
    with pytest.raises(NothingOpen):
        mark_doubtful(invoice=invoice, reason="Redressement", acting_user=officer)
    assert list(Doubtful.objects.values_list("since", "lifted_on")) == [(today(), today())]


def test_the_database_wants_two_people(site: Site, invoice: Invoice) -> None:
    one = scene.staff(Role.DIRECTOR)
    asked = ask_write_off(invoice=invoice, reason="Liquidation", acting_user=one)
    with pytest.raises(DatabaseError, match="billing_writeoff_by_two"), transaction.atomic():
        WriteOff.objects.update(
            state=WriteOffState.APPROVED, decided_on=today(), decided_by=asked.asked_by
        )
