"""Penalties: only where the contract has a clause, proposed, charged or dropped by a person."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.db import DatabaseError, transaction

from accounts.choices import Role
from billing.choices import CreditKind, PaymentMethod, PenaltyState
from billing.errors.overdue import PenaltiesApart, PenaltyDecided
from billing.models import Invoice, Penalty
from billing.papers.invoice import invoice_ubl
from billing.selectors.invoices import in_full
from billing.services import penalties
from billing.services.cheques import bounce_cheque
from billing.services.crediting import credit_all, credit_amount
from billing.services.mistakes import undo_payment
from billing.services.payments import record_payment
from billing.services.penalties import (
    charge_penalties,
    drop_clause,
    drop_penalty,
    propose_penalties,
    set_clause,
)
from core.errors import NotAllowed, Stale
from core.periods import Period
from sites.models import Site
from tests.factories import bills, scene, tenancies

day = dt.date
pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC), tick=False) as moved:
        yield moved


@pytest.fixture
def site(clock: time_machine.Traveller) -> Site:
    """With two tenants, one of them with a clause; January's rent, 2,400 DH, due on the 15th."""
    made = bills.site(starts_on=day(2026, 1, 1))
    for _tenant in range(2):
        tenancies.active(made, scene.office(made), start=day(2026, 1, 1))
    bills.issued(made, day(2026, 1, 1))
    lease = Invoice.objects.order_by("id")[0].lease
    assert lease is not None
    set_clause(
        lease=lease, yearly_rate=Decimal("10.5"), clause="Article 9", grace_days=5,
        acting_user=scene.staff(Role.FINANCE_OFFICER, made),
    )  # fmt: skip
    return made


def on(clock: time_machine.Traveller, day: dt.date) -> None:
    clock.move_to(dt.datetime.combine(day, dt.time(12), dt.UTC))


def pay(invoice: Invoice, amount: str, received_on: dt.date) -> None:
    record_payment(
        site=invoice.site, company=invoice.company, method=PaymentMethod.TRANSFER,
        received_on=received_on, amount=Decimal(amount), acting_user=None,
    )  # fmt: skip


def known() -> list[tuple[str, str, str, str]]:
    rows = Penalty.objects.order_by("invoice", "period")
    return [(str(row.period), str(row.base), str(row.amount), row.state) for row in rows]


def test_from_the_proposal_to_the_invoice(site: Site, clock: time_machine.Traveller) -> None:
    rent = Invoice.objects.order_by("id")[0]
    on(clock, day(2026, 2, 28))
    assert (propose_penalties(), propose_penalties()) == (1, 0)
    january = ("2026-01-21 – 2026-01-31", "2400.00", "7.59", "proposed")
    assert known() == [january]
    assert Invoice.objects.count() == 2  # nothing is charged by itself
    # A transfer of January becomes known in March: the proposal follows.
    on(clock, day(2026, 3, 10))
    pay(rent, "1400", day(2026, 1, 30))
    with pytest.raises(Stale):
        charge_penalties(penalties=list(Penalty.objects.all()), acting_user=None)
    assert propose_penalties() == 0  # it was proposed anew when it was asked for
    first, second = Penalty.objects.order_by("period")
    assert known() == [
        ("2026-01-21 – 2026-01-30", "2400.00", "6.90", "proposed"),
        ("2026-01-31 – 2026-02-28", "1000.00", "8.34", "proposed"),
    ]
    officer = scene.staff(Role.FINANCE_OFFICER, site)
    with pytest.raises(NotAllowed):
        charge_penalties(penalties=[first], acting_user=scene.staff(Role.SITE_MANAGER, site))
    drop_penalty(penalty=second, reason="Geste", acting_user=officer)
    invoice = charge_penalties(penalties=[first], acting_user=officer)
    assert (invoice.net, invoice.vat, invoice.lease) == (Decimal("6.90"), Decimal(0), rent.lease)
    (line,) = invoice.lines.all()
    assert (line.kind, line.vat_rate, line.is_rent, str(line.period)) == (
        "penalty", Decimal(0), False, "2026-01-21 – 2026-01-30",
    )  # fmt: skip
    assert line.vat_ground
    assert rent.number in line.label
    assert line.label.encode() in invoice_ubl(in_full(invoice))
    for again in (
        lambda: charge_penalties(penalties=[first], acting_user=officer),
        lambda: drop_penalty(penalty=second, reason="Encore", acting_user=officer),
    ):
        with pytest.raises(PenaltyDecided):
            again()
    # Days that are decided are not proposed again; the invoice of penalties bears none itself.
    on(clock, day(2026, 5, 4))
    assert propose_penalties() == 1
    assert known() == [
        ("2026-01-21 – 2026-01-30", "2400.00", "6.90", "charged"),
        ("2026-01-31 – 2026-02-28", "1000.00", "8.34", "dropped"),
        ("2026-03-01 – 2026-04-30", "1000.00", "17.55", "proposed"),
    ]
    pay(rent, "1000", day(2026, 5, 2))
    assert propose_penalties() == 1
    assert known()[2] == ("2026-03-01 – 2026-05-02", "1000.00", "18.12", "proposed")


def test_a_clause_that_changes_or_goes_takes_its_proposals_along(
    site: Site, clock: time_machine.Traveller
) -> None:
    lease = Invoice.objects.order_by("id")[0].lease
    assert lease is not None
    on(clock, day(2026, 3, 1))
    propose_penalties()
    (before,) = Penalty.objects.all()
    set_clause(
        lease=lease, yearly_rate=Decimal(20), clause="Avenant 1", cap=Decimal("1"), acting_user=None
    )
    # At once: nobody charges by the clause that was.
    assert known() == [("2026-01-16 – 2026-02-28", "2400.00", "24.00", "proposed")]
    assert propose_penalties() == 0
    with pytest.raises(Stale):
        charge_penalties(penalties=[before], acting_user=None)
    drop_clause(clause=lease.penalty_clause, acting_user=None)
    assert (known(), propose_penalties()) == ([], 0)


def test_one_invoice_is_of_one_tenant_and_a_day_of_one_penalty(
    site: Site, clock: time_machine.Traveller
) -> None:
    first, second = Invoice.objects.order_by("id")
    assert second.lease is not None
    set_clause(lease=second.lease, yearly_rate=Decimal(10), clause="Article 9", acting_user=None)
    on(clock, day(2026, 3, 1))
    real = penalties._pieces

    def failing(invoices: Sequence[Invoice]) -> Any:
        if list(invoices) == [first]:
            raise OSError
        return real(invoices)

    with patch.object(penalties, "_pieces", failing):
        assert propose_penalties() == 1
    assert Penalty.objects.get().invoice == second
    assert propose_penalties() == 1
    with pytest.raises(PenaltiesApart):
        charge_penalties(penalties=list(Penalty.objects.all()), acting_user=None)
    twice = Penalty(
        invoice=first, period=Period(day(2026, 2, 1), day(2026, 2, 2)), base=1, yearly_rate=1,
        amount=1, state=PenaltyState.DROPPED, reason="x", made_at=dt.datetime.now(dt.UTC),
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="billing_penalty_once_a_day"), transaction.atomic():
        twice.save()


def test_what_was_paid_in_time_after_all_is_not_asked_for(
    site: Site, clock: time_machine.Traveller
) -> None:
    rent = Invoice.objects.order_by("id")[0]
    on(clock, day(2026, 2, 28))
    assert propose_penalties() == 1
    pay(rent, "2400", day(2026, 1, 10))
    assert (propose_penalties(), known(), propose_penalties()) == (1, [], 0)


@pytest.mark.parametrize("bounced", [True, False])
def test_a_cheque_that_bounced_or_was_a_mistake_never_paid(
    bounced: bool, site: Site, clock: time_machine.Traveller
) -> None:
    rent = Invoice.objects.order_by("id")[0]
    on(clock, day(2026, 1, 12))
    cheque = record_payment(
        site=site, company=rent.company, method=PaymentMethod.CHEQUE, received_on=day(2026, 1, 12),
        amount=Decimal(2400), acting_user=None,
    )  # fmt: skip
    on(clock, day(2026, 3, 2))
    assert propose_penalties() == 0
    if bounced:
        bounce_cheque(payment=cheque, on=day(2026, 2, 20), reason="Vide", acting_user=None)
    else:
        undo_payment(payment=cheque, reason="Autre locataire", acting_user=None)
    assert propose_penalties() == 1
    assert known() == [("2026-01-21 – 2026-02-28", "2400.00", "26.93", "proposed")]


def test_what_is_cancelled_was_never_late_and_goodwill_was(
    site: Site, clock: time_machine.Traveller
) -> None:
    rent = Invoice.objects.order_by("id")[0]
    on(clock, day(2026, 3, 10))
    assert propose_penalties() == 1
    credit_amount(invoice=rent, net=Decimal(1000), reason="Geste", acting_user=None)
    assert propose_penalties() == 0
    assert known() == [("2026-01-21 – 2026-02-28", "2400.00", "26.93", "proposed")]
    credit_all(invoice=rent, kind=CreditKind.CANCELLING, reason="Erreur", acting_user=None)
    assert propose_penalties() == 1
    assert known() == [("2026-01-21 – 2026-03-09", "1200.00", "16.57", "proposed")]
