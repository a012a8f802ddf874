"""Two issue, or credit, at the same moment: each document once, in the order of its day."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
import time_machine
from django.db import connection, transaction

from accounts.choices import Role
from billing.choices import CreditKind, InvoiceKind, RunState
from billing.errors.invoices import CreditTooLarge
from billing.models import Invoice, Payment, RentRun
from billing.services import numbers
from billing.services.crediting import Part, credit_parts
from billing.services.issuing import issue, start_issuing
from core.periods import today
from sites.models import Site
from tenants.models import Company
from tenants.services import note_presence
from tests.concurrency.crowd import at_once
from tests.factories import bills, doors, money, scene, tenancies

pytestmark = pytest.mark.django_db(transaction=True)
EVENING = dt.datetime(2026, 1, 10, 22, 59, tzinfo=dt.UTC)  # 23:59 in Casablanca
NIGHT = dt.datetime(2026, 1, 10, 23, 1, tzinfo=dt.UTC)


def test_two_workers_issue_a_run_once() -> None:
    with time_machine.travel(EVENING):
        site = bills.site(starts_on=dt.date(2026, 1, 1))
        for number in range(5):
            tenancies.active(site, scene.office(site, code=f"A{number}"), start=today())
        run = start_issuing(run=bills.computed(site, today()), acting_user=None)
        at_once(4, lambda _number: issue(RentRun.objects.get(pk=run.pk)))
    run.refresh_from_db()
    sequences = Invoice.objects.order_by("sequence").values_list("sequence", flat=True)
    assert (run.state, list(sequences)) == (RunState.ISSUED, [1, 2, 3, 4, 5])


def test_of_two_that_give_the_same_amount_back_one_is_refused() -> None:
    with time_machine.travel(EVENING):
        invoice = money.sale(bills.site(starts_on=today()), scene.company(), "100")
    part = Part(invoice.lines.get().pk, net=Decimal(60))

    def give(_number: int) -> str:
        try:
            note = credit_parts(
                invoice=invoice,
                parts=[part],
                kind=CreditKind.COMMERCIAL,
                reason="Geste",
                acting_user=None,
            )
        except CreditTooLarge as refused:
            return refused.code
        return str(note.number)

    with time_machine.travel(EVENING):
        told = at_once(2, give)
    assert sorted(told) == ["LESSOR-A2026-000001", "credit_too_large"]


def test_a_payment_that_is_sent_twice_at_once_is_entered_once() -> None:
    with time_machine.travel(EVENING):
        site = bills.site(starts_on=today())
        company = scene.company("Argan Démo", ice="001234567000089")
        note_presence(company=company, site=site, acting_user=None)
        client, page = doors.staff_client(Role.FINANCE_OFFICER, site), "/staff/billing/payment/add/"
        asked = {
            "company": company.ice,
            "amount": "100",
            "site": site.pk,
            "method": "transfer",
            "received_on": today().isoformat(),
        }
        asked["shown"] = client.post(page, asked).context["entry"].key
        told = at_once(2, lambda _number: client.post(page, asked).status_code)
    assert sorted(told) == [200, 302]
    assert Payment.objects.get().amount == 100


@pytest.mark.parametrize("held", [True, False], ids=["held", "control"])
def test_over_midnight_numbers_and_days_run_together(held: bool) -> None:
    """One site reads its day before midnight and takes its number after another site has begun."""
    with time_machine.travel(EVENING) as clock:
        site = bills.site(starts_on=today())
        lessor, company = site.lessor, scene.company()
        other = threading.Thread(target=_sell, args=(site, company))
        with transaction.atomic():
            day = numbers.fiscal_day(lessor) if held else today()
            clock.move_to(NIGHT)
            other.start()
            if held:
                _until_it_waits()
            else:
                other.join(60)
            (first,) = numbers.take(lessor, InvoiceKind.INVOICE, day, 1)
        other.join(60)
    after = Invoice.objects.get()
    assert (day, after.issued_on) == (dt.date(2026, 1, 10), dt.date(2026, 1, 11))
    assert (first, after.sequence) == ((1, 2) if held else (2, 1))


def _sell(site: Site, company: Company) -> None:
    try:
        money.sale(site, company, "10")
    finally:
        connection.close()


def _until_it_waits() -> None:
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            if cursor.rowcount:
                return
