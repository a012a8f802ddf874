"""Money in, and what it settles."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction

from accounts.choices import Role
from billing.choices import CreditKind
from billing.errors.money import (
    BadAmount,
    CashLimit,
    MoreThanFree,
    MoreThanOpen,
    NotSettledBy,
    OtherAccount,
    ReceivedLater,
)
from billing.models import Allocation, Payment
from billing.services.allocating import Share, allocate, allocate_oldest_first, take_back
from billing.services.crediting import credit_all, credit_amount
from billing.sharing import Portion
from core.errors import DomainError, NotAllowed
from core.periods import today
from sites.models import Site
from tenants.models import Company
from tests.factories import bills, scene
from tests.factories.money import free_of, opened, paid, sale

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=dt.date(2026, 1, 1))


@pytest.fixture
def company() -> Company:
    return scene.company("Atlas Data")


def test_the_oldest_are_paid_first_and_the_rest_stays_credit(site: Site, company: Company) -> None:
    first, second = sale(site, company, "100"), sale(site, company, "200")
    payment = paid(site, company, "300")
    assert opened(first, second) == [Decimal(0), Decimal(60)]
    assert free_of(payment) == Decimal(0)
    advance = paid(site, company, "100")
    assert opened(second) == [Decimal(0)]
    assert free_of(advance) == Decimal(40)
    assert [payment.number[-6:], advance.number[-6:]] == ["000001", "000002"]


def test_a_paid_invoice_that_is_credited_leaves_credit(site: Site, company: Company) -> None:
    invoice = sale(site, company, "100")
    paid(site, company, "90")
    note = credit_all(
        invoice=invoice, kind=CreditKind.CANCELLING, reason="Annulée", acting_user=None
    )
    assert opened(invoice) == [Decimal(0)]
    assert free_of(note) == Decimal(90)
    other = sale(site, company, "50")
    allocate(source=note, shares=[Share(other.pk, Decimal(60))], acting_user=None)
    assert (opened(other), free_of(note)) == ([Decimal(0)], Decimal(30))


def test_what_is_left_after_a_credit_of_one_line(site: Site, company: Company) -> None:
    """193.45 = 123.45 + 70, with 20 credited: 173.45 are open."""
    rules = site.lessor.vatrule_set.filter(subject="service")
    rules.update(rate=0, exemption_ground="Exonéré")
    invoice = sale(site, company, "123.45", "70")
    credit_amount(invoice=invoice, net=Decimal(20), reason="Geste", acting_user=None)
    assert opened(invoice) == [Decimal("173.45")]


def test_taken_back_is_open_again_by_a_new_row(site: Site, company: Company) -> None:
    invoice = sale(site, company, "100")
    payment = paid(site, company, "120")
    take_back(
        invoice=invoice, source=payment, amount=Decimal(20), reason="Erreur", acting_user=None
    )
    assert (opened(invoice), free_of(payment)) == ([Decimal(20)], Decimal(20))
    with pytest.raises(NotSettledBy, match="100"):
        take_back(
            invoice=invoice, source=payment, amount=Decimal("100.01"), reason="x", acting_user=None
        )
    take_back(invoice=invoice, source=payment, reason="Erreur", acting_user=None)
    assert (opened(invoice), free_of(payment)) == ([Decimal(120)], Decimal(120))
    assert [row.amount for row in Allocation.objects.order_by("pk")] == [120, -20, -100]


def test_nothing_is_settled_twice_or_by_a_stranger(site: Site, company: Company) -> None:
    invoice, stranger = sale(site, company, "100"), scene.company("Rif Énergie")
    payment = paid(site, stranger, "500")
    with pytest.raises(OtherAccount):
        allocate(source=payment, shares=[Share(invoice.pk, Decimal(1))], acting_user=None)
    own = paid(site, company, "50", shares=())
    with pytest.raises(MoreThanFree):
        allocate(source=own, shares=[Share(invoice.pk, Decimal(51))], acting_user=None)
    with pytest.raises(MoreThanOpen):
        allocate(
            source=paid(site, company, "200", shares=()),
            shares=[Share(invoice.pk, Decimal("120.01"))],
            acting_user=None,
        )
    for row in (
        Allocation(invoice=invoice, payment=payment, amount=1, on=today()),
        Allocation(invoice=invoice, payment=own, amount=51, on=today()),
        Allocation(invoice=invoice, payment=own, amount=-1, on=today(), reason="x"),
    ):
        row.made_at = payment.made_at
        with pytest.raises(DatabaseError, match=r"of its company|more would"), transaction.atomic():
            Allocation.objects.bulk_create([row])


def test_cash_bears_stamp_duty_and_stays_below_the_limit_of_an_invoice(
    site: Site, company: Company
) -> None:
    """In any number of payments, also by later allocation; what is taken back no longer counts."""
    invoice, other = sale(site, company, "30000"), sale(site, company, "10000")
    first = paid(site, company, "12345.67", method="cash")
    assert (first.amount, first.stamp_duty, free_of(first)) == (
        Decimal("12345.67"), Decimal("30.86"), Decimal(0),
    )  # fmt: skip
    with pytest.raises(CashLimit, match=rf"{invoice.number}.*20,000\.00"):
        paid(site, company, "7654.33", method="cash")
    advance = paid(site, company, "7654.33", method="cash", shares=())
    share = Share(invoice.pk, Decimal("7654.33"))
    with pytest.raises(CashLimit):
        allocate(source=advance, shares=[share], acting_user=None)
    row = Allocation(
        invoice=invoice, payment=advance, amount=share.amount, on=today(), made_at=first.made_at
    )
    with pytest.raises(DatabaseError, match="too much cash"), transaction.atomic():
        row.save()
    allocate(source=advance, shares=[Share(invoice.pk, Decimal("7654.32"))], acting_user=None)
    take_back(invoice=invoice, source=first, reason="Erreur", acting_user=None)
    allocate(source=first, shares=[Share(other.pk, first.amount - 400)], acting_user=None)
    assert paid(site, company, "30000").stamp_duty == 0


def test_no_day_is_said_to_be_settled_by_more_than_there_is(site: Site, company: Company) -> None:
    """A payment of before the day on which another was taken back settles from that day on."""
    with time_machine.travel(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC), tick=False) as now:
        invoice = sale(site, company, "100")
        now.shift(dt.timedelta(days=14))
        first = paid(site, company, "120")
        now.shift(dt.timedelta(days=5))
        take_back(invoice=invoice, source=first, reason="Erreur", acting_user=None)
        paid(site, company, "120", received_on=dt.date(2026, 3, 10))
        take_back(
            invoice=invoice, source=Payment.objects.latest("pk"), reason="Erreur",
            acting_user=None, on=dt.date(2026, 3, 12),
        )  # fmt: skip
    rows = [(row.amount, row.on.day) for row in Allocation.objects.order_by("pk")]
    assert rows == [(120, 15), (-120, 20), (120, 20), (-120, 20)]


def test_the_oldest_are_those_of_the_sites_where_one_may(site: Site, company: Company) -> None:
    other = bills.site("RAB", starts_on=dt.date(2026, 1, 1))
    there, here = sale(other, company, "100"), sale(site, company, "100")
    officer = scene.staff(Role.FINANCE_OFFICER, site)
    payment = paid(site, company, "150", acting_user=officer)
    assert (opened(there, here), free_of(payment)) == ([120, 0], 30)
    with pytest.raises(NotAllowed):
        allocate(source=payment, shares=[Share(there.pk, Decimal(30))], acting_user=officer)
    assert allocate_oldest_first(source=payment, acting_user=officer) == []
    allocate_oldest_first(source=payment, acting_user=None)
    assert opened(there) == [90]
    tried: list[tuple[dict[str, Any], type[DomainError]]] = [
        ({"amount": "0"}, BadAmount),
        ({"amount": "0.001"}, BadAmount),
        ({"received_on": today() + dt.timedelta(days=1)}, ReceivedLater),
        ({"acting_user": scene.staff(Role.SITE_MANAGER, site)}, NotAllowed),
        ({"shares": [Portion(10**9, Decimal(1))]}, OtherAccount),
        ({"shares": [Portion(there.pk, Decimal(-1))]}, BadAmount),
        ({"shares": [Portion(there.pk, Decimal(11))]}, MoreThanFree),
        ({"shares": [Portion(there.pk, Decimal(1), (Decimal(90),))]}, MoreThanOpen),
    ]
    for given, refusal in tried:
        amount = given.pop("amount", "10")
        with pytest.raises(refusal):
            paid(site, company, amount, **given)
