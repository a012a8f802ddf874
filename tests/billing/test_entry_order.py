"""In which order the same days are entered is no matter."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from billing.models import Invoice, Payment
from billing.selectors.open_items import with_free, with_open
from billing.services.allocating import allocate_oldest_first
from core.periods import today
from tests.billing import legality
from tests.billing.oracle import NONE
from tests.factories import bills, money, scene

small = st.decimals("0.01", "900", places=2)


@pytest.mark.django_db
def test_the_order_in_which_days_are_entered_is_no_matter() -> None:
    """Invoices and payments of the same days, entered in another order: the same balance, and once
    credit is used, the same open and the same free."""

    @settings(max_examples=4, deadline=None, phases=[Phase.generate], database=None)
    @given(
        prices=st.lists(small, min_size=1, max_size=3),
        pays=st.lists(st.tuples(small, st.integers(0, 90)), min_size=1, max_size=3),
        data=st.data(),
    )
    def same(prices: list[Decimal], pays: list[tuple[Decimal, int]], data: st.DataObject) -> None:
        acts: list[Any] = [*prices, *pays]
        assert _entered(acts) == _entered(data.draw(st.permutations(acts)))

    same()


def _entered(acts: list[Any]) -> tuple[Decimal, Decimal, Decimal]:
    """The ledger, what is open, and what is free."""
    before = transaction.savepoint()
    site, company = bills.site(starts_on=dt.date(2026, 1, 1)), scene.company()
    for act in acts:
        if isinstance(act, Decimal):
            money.sale(site, company, str(act))
        else:
            amount, ago = act
            money.paid(site, company, str(amount), received_on=today() - dt.timedelta(days=ago))
    for payment in Payment.objects.order_by("pk"):
        allocate_oldest_first(source=payment, acting_user=None)
    opened = sum(with_open(Invoice.objects.all()).values_list("open", flat=True), NONE)
    free = sum(with_free(Payment.objects.all()).values_list("free", flat=True), NONE)
    (balance,) = legality.ledger().values()
    transaction.savepoint_rollback(before)
    return balance, opened, free
