"""A cheque's life: what bounces settles nothing any more, and is no credit."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, transaction

from accounts.choices import Role
from billing.choices import PaymentMethod
from billing.errors.money import BadDay, ChequeGivenBack, ChequeOver, NotACheque
from billing.models import Allocation, ChequeStep, Invoice, Payment, WithholdingRule
from billing.selectors.open_items import with_free, with_open
from billing.services.cheques import bank_cheque, bounce_cheque, clear_cheque
from billing.services.refunds import refund
from core.errors import NotAllowed
from core.periods import Period
from leases.errors import ReasonNeeded
from tests.factories import bills, scene
from tests.factories.money import free_of, opened, paid, rent, sale

day = dt.date
pytestmark = pytest.mark.django_db
TENTH = day(2026, 9, 10)


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(dt.datetime(2026, 9, 10, 12, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


def test_a_bounce_takes_back_what_it_settled_and_what_was_withheld_with_it(
    now: time_machine.Traveller,
) -> None:
    site, company = bills.site(starts_on=day(2026, 1, 1)), scene.company()
    WithholdingRule.objects.create(
        company=company, kind="rent", period=Period(day(2026, 7, 1)), rate=5
    )
    invoice = rent(site, company, "1000")
    cheque = paid(site, company, "1250", method="cheque", reference="0042")
    (kept,) = cheque.withheld.all()
    assert (opened(invoice), free_of(cheque), kept.amount) == ([0], 100, 50)
    now.move_to(dt.datetime(2026, 9, 20, 12, tzinfo=dt.UTC))
    bank_cheque(payment=cheque, on=day(2026, 9, 11), acting_user=None)
    with pytest.raises(ReasonNeeded):
        bounce_cheque(payment=cheque, on=day(2026, 9, 15), reason=" ", acting_user=None)
    with pytest.raises(BadDay, match=r"11.*20"):
        bounce_cheque(payment=cheque, on=TENTH, reason="Sans provision", acting_user=None)
    bounce_cheque(payment=cheque, on=day(2026, 9, 15), reason="Sans provision", acting_user=None)
    assert (opened(invoice), free_of(cheque), free_of(kept)) == ([1200], 0, 0)
    assert list(with_free(Payment.objects.order_by("pk")).values_list("free", flat=True)) == [0, 0]
    assert list(Payment.objects.awaiting_certificate()) == []
    back = Allocation.objects.filter(amount__lt=0).order_by("pk")
    assert [(row.payment, row.amount, row.on, row.reason) for row in back] == [
        (cheque, Decimal(-1150), day(2026, 9, 15), "Sans provision"),
        (kept, Decimal(-50), day(2026, 9, 15), "Sans provision"),
    ]
    then = [with_open(Invoice.objects.all(), on=day(2026, 9, d)).get().open for d in (14, 15)]
    assert then == [0, 1200]
    with pytest.raises(ChequeOver, match="bounced"):
        clear_cheque(payment=cheque, on=day(2026, 9, 16), acting_user=None)
    for source in (cheque, kept):
        row = Allocation(
            invoice=invoice, payment=source, amount=1, on=TENTH, made_at=cheque.made_at
        )
        with pytest.raises(DatabaseError, match="more would be given"), transaction.atomic():
            Allocation.objects.bulk_create([row])


def test_the_database_lets_no_cheque_bounce_that_still_settles() -> None:
    site, company = bills.site(starts_on=day(2026, 1, 1)), scene.company()
    sale(site, company, "100")
    cheque, transfer = paid(site, company, "120", method="cheque"), paid(site, company, "5")
    for payment, words in ((cheque, "more would be given"), (transfer, "only a cheque")):
        step = ChequeStep(payment=payment, state="bounced", on=TENTH, made_at=payment.made_at)
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            step.save()


def test_a_cheque_is_cleared_once_and_even_then_may_bounce() -> None:
    site, company = bills.site(starts_on=day(2026, 1, 1)), scene.company()
    invoice = sale(site, company, "100")
    cheque = paid(site, company, "120", method="cheque")
    clear_cheque(payment=cheque, on=TENTH, acting_user=None)
    for again in (bank_cheque, clear_cheque):
        with pytest.raises(ChequeOver, match="cleared"):
            again(payment=cheque, on=TENTH, acting_user=None)
    bounce_cheque(payment=cheque, on=TENTH, reason="Contrefait", acting_user=None)
    assert opened(invoice) == [120]
    with pytest.raises(NotACheque):
        clear_cheque(payment=paid(site, company, "5"), on=TENTH, acting_user=None)


def test_what_was_given_back_of_a_cheque_keeps_it_from_bouncing() -> None:
    site, company = bills.site(starts_on=day(2026, 1, 1)), scene.company()
    cheque = paid(site, company, "120", method="cheque")
    clear_cheque(payment=cheque, on=TENTH, acting_user=None)
    made = refund(
        source=cheque,
        amount=Decimal(20),
        on=TENTH,
        method=PaymentMethod.TRANSFER,
        reason="Trop payé",
        acting_user=None,
    )
    with pytest.raises(ChequeGivenBack, match=made.number):
        bounce_cheque(payment=cheque, on=TENTH, reason="x", acting_user=None)


def test_who_only_reads_moves_no_cheque() -> None:
    site, company = bills.site(starts_on=day(2026, 1, 1)), scene.company()
    cheque = paid(site, company, "120", method="cheque")
    elsewhere = scene.staff(Role.FINANCE_OFFICER, scene.site("RAB"))
    for user in (scene.staff(Role.SITE_MANAGER, site), elsewhere):
        with pytest.raises(NotAllowed):
            bank_cheque(payment=cheque, on=TENTH, acting_user=user)
    bank_cheque(payment=cheque, on=TENTH, acting_user=scene.staff(Role.FINANCE_OFFICER, site))
