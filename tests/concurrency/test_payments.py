"""Two that pay, or allocate, at the same moment: nothing is settled twice."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from billing.models import Account, Allocation, Payment
from billing.services.allocating import Share, allocate
from core.errors import DomainError, Stale
from core.periods import today
from tenants.services.merging import merge_companies
from tests.concurrency.crowd import at_once
from tests.factories import bills, scene
from tests.factories.money import free_of, opened, paid, sale

pytestmark = pytest.mark.django_db(transaction=True)
START = dt.date(2026, 1, 1)


def test_of_several_that_pay_an_invoice_the_first_settles_it_and_the_others_stay_credit() -> None:
    site, company = bills.site(starts_on=START), scene.company()
    invoice = sale(site, company, "100")
    numbers = at_once(4, lambda _number: paid(site, company, "120").number)
    assert sorted(numbers) == [f"LESSOR-P{today().year}-{n:06}" for n in range(1, 5)]
    assert opened(invoice) == [0]
    assert sorted(free_of(each) for each in Payment.objects.all()) == [0, 120, 120, 120]


@pytest.mark.parametrize("by_hand", [False, True], ids=["service", "raw"])
def test_one_payment_is_not_given_to_two_invoices(by_hand: bool) -> None:
    """Nor where nobody takes the account's lock: the trigger waits and refuses."""
    site, company = bills.site(starts_on=START), scene.company()
    payment = paid(site, company, "120")
    invoices = [sale(site, company, "100"), sale(site, company, "100")]

    def give(number: int) -> str:
        invoice = invoices[number]
        try:
            if by_hand:
                row = Allocation(invoice=invoice, payment=payment, amount=120, on=today())
                row.made_at = timezone.now()
                Allocation.objects.bulk_create([row])
            else:
                share = Share(invoice.pk, Decimal(120))
                allocate(source=payment, shares=[share], acting_user=None)
        except DomainError as refusal:
            return refusal.code
        except DatabaseError as refusal:
            return "raised" if "more would be given" in str(refusal) else str(refusal)
        return "settled"

    told = at_once(2, give)
    assert sorted(told) == sorted(["settled", "raised" if by_hand else "more_than_free"])
    assert Allocation.objects.aggregate(sum=Sum("amount"))["sum"] == 120


def test_who_pays_for_a_company_while_it_is_merged_is_told_to_look_again() -> None:
    """Whoever waits for the account, and whoever comes once it has gone: nothing is lost with the
    pointer, and none is opened for it."""
    site, keep, duplicate = bills.site(starts_on=START), scene.company(), scene.company()
    paid(site, duplicate, "50")

    def pay() -> str:
        try:
            return paid(site, duplicate, "70").number
        except Stale as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            merge_companies(keep=keep, duplicate=duplicate, acting_user=None)
            paying = pool.submit(pay)
            with pytest.raises(TimeoutError):
                paying.result(timeout=0.5)
        assert paying.result() == "stale"
        assert pool.submit(pay).result() == "stale"
    assert [(row.company, row.amount) for row in Payment.objects.all()] == [(keep, 50)]
    assert [row.company for row in Account.objects.all()] == [keep]
