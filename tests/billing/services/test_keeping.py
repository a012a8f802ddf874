"""A deposit that is kept for unpaid rent settles it: in the ledger, the books, the VAT return."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from accounts.choices import Role
from billing.choices import Journal, PaymentMethod, WithholdingKind
from billing.errors.books import MonthClosed
from billing.errors.money import BadMethod, KeptGivenBack
from billing.models import Account, Invoice, Payment, Refund, WithholdingRule
from billing.papers.receipt import how
from billing.selectors.ledger import ledger
from billing.selectors.pieces import pieces_of
from billing.selectors.receipts import settling
from billing.selectors.revenue import revenue
from billing.selectors.vat import vat_rows
from billing.services.closing import close_month
from billing.services.payments import proposed
from billing.services.receipts import issue_receipt
from billing.services.refunds import refund
from billing.services.withholding import keep_withholding
from core.errors import NotAllowed
from core.periods import Period
from leases.choices import SettlementLineKind
from leases.models import DepositSettlement, Lease
from leases.selectors.deposits import deposit_of
from leases.services.exits import end_lease
from leases.services.settlements import (
    add_line,
    begin_settlement,
    close_settlement,
    take_back_settlement,
)
from sites.models import Site
from tests.billing.journals import FEBRUARY, D, day, noon, told
from tests.factories import bills, money, scene, tenancies

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)) as moved:
        yield moved


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=day(2026, 1, 1))


@pytest.fixture
def lease(site: Site, clock: Any) -> Lease:
    """2,400 DH of rent and, older, 600 for a room are open; 2,000 are held; the tenant has left."""
    made = tenancies.active(site, scene.office(site), start=day(2026, 1, 1))
    money.sale(site, made.company, "500")
    clock.move_to(noon(day(2026, 1, 11)))
    bills.issued(site, day(2026, 1, 1))
    clock.move_to(noon(day(2026, 2, 2)))
    return end_lease(lease=made, last_day=day(2026, 1, 31), reason="Départ", acting_user=None)


def kept(lease: Lease, unpaid: str, damage: str = "") -> DepositSettlement:
    settlement = begin_settlement(lease=lease, acting_user=None)
    for kind, amount in (("unpaid", unpaid), ("damage", damage)):
        if amount:
            add_line(
                settlement=settlement, kind=SettlementLineKind(kind), words="Selon relevé",
                amount=D(amount), acting_user=None,
            )  # fmt: skip
    return close_settlement(settlement=settlement, on=day(2026, 2, 2), acting_user=None)


def test_it_settles_the_lease_first_and_is_booked_declared_and_receipted(
    lease: Lease, site: Site
) -> None:
    rent = Invoice.objects.get(lease=lease)
    room = Invoice.objects.get(lease=None)
    assert (rent.total, room.total) == (D(2400), D(600))
    kept(lease, "1800", damage="150")
    assert money.opened(rent, room) == [600, 600]
    payment = Payment.objects.get(method=PaymentMethod.DEPOSIT)
    assert (payment.reference, payment.received_on) == (lease.number, day(2026, 2, 2))
    assert told(pieces_of(site.lessor_id, Journal.DEPOSITS, FEBRUARY)) == [
        ("payment", "2026-02-02", [("deposits", "1800.00", "0.00"),
                                   ("clients", "0.00", "1800.00")]),
        ("deposit", "2026-02-02", [("deposits", "150.00", "0.00"), ("services", "0.00", "150.00")]),
    ]  # fmt: skip
    assert pieces_of(site.lessor_id, Journal.RECEIPTS, FEBRUARY) == []
    assert [(row.reason.value, row.number, row.source, row.net, row.vat)
            for row in vat_rows(site.lessor_id, FEBRUARY)] == [
        ("received", rent.number, payment.number, D("1500.00"), D("300.00")),
    ]  # fmt: skip
    officer = scene.staff(Role.FINANCE_OFFICER)
    (month,) = revenue(officer, first=day(2026, 2, 1), last=day(2026, 2, 1)).values()
    assert month.collected == D(1800)
    account = Account.objects.get(company=lease.company)
    lines = ledger(officer, account, first=day(2026, 2, 1), last=day(2026, 2, 28))
    assert [(one.kind, one.method, one.amount, one.balance) for one in lines.entries] == [
        ("payment", "deposit", D(-1800), D(1200)),
    ]  # fmt: skip
    money.paid(site, lease.company, "1200")
    (first, _last) = settling(rent)
    assert how(first).endswith(lease.number)
    assert issue_receipt(invoice=rent, acting_user=None).amount == D(2400)


def test_what_is_over_stays_credit_and_the_whole_is_put_back_once(
    lease: Lease, site: Site, clock: Any
) -> None:
    room, rent = Invoice.objects.order_by("id")
    money.paid(site, lease.company, "1500")
    settlement = kept(lease, "1900")
    payment = Payment.objects.get(settlement=settlement)
    assert [*money.opened(room, rent), money.free_of(payment)] == [0, 0, 400]
    with pytest.raises(BadMethod):
        refund(source=payment, amount=D(400), on=day(2026, 2, 2), method=PaymentMethod.DEPOSIT,
               reason="x", acting_user=None)  # fmt: skip
    for _click in range(2):
        take_back_settlement(settlement=settlement, reason="Autre bail", acting_user=None)
    assert money.opened(room, rent) == [0, 1500]
    assert [money.free_of(payment), deposit_of(lease).held] == [0, 2000]
    assert Refund.objects.get().amount == D(1900)
    for journal, last in ((Journal.DEPOSITS, ("refund", "2026-02-02", [
        ("advances", "1900.00", "0.00"), ("deposits", "0.00", "1900.00")])),
        (Journal.RECEIPTS, ("allocation", "2026-02-02", [
            ("advances", "0.00", "1500.00"), ("clients", "1500.00", "0.00")]))):  # fmt: skip
        assert told(pieces_of(site.lessor_id, journal, FEBRUARY))[-1] == last
    rows = vat_rows(site.lessor_id, FEBRUARY)
    assert sum(row.net + row.vat for row in rows) == D(1500)
    # What is over settles later, and the client keeps back nothing of that.
    rule = WithholdingRule(
        company=lease.company, kind=WithholdingKind.VAT, rate=D(75), period=Period(day(2026, 1, 1))
    )
    keep_withholding(rule=rule, acting_user=None)
    (share,) = proposed(
        site.lessor_id, lease.company_id, PaymentMethod.DEPOSIT, D(400), day(2026, 2, 2)
    )
    assert (share.invoice_id, share.paid, share.withheld) == (rent.pk, D(400), ())
    # Credit of it that went out does not come back.
    again = kept(lease, "1900")
    refund(source=Payment.objects.get(settlement=again), amount=D(400), on=day(2026, 2, 2),
           method=PaymentMethod.TRANSFER, reason="Trop retenu", acting_user=None)  # fmt: skip
    with pytest.raises(KeptGivenBack):
        take_back_settlement(settlement=again, reason="Autre bail", acting_user=None)
    assert deposit_of(lease).kept == D(1900)


def test_it_is_not_dated_into_a_closed_month_and_wants_no_right_to_enter_payments(
    lease: Lease, site: Site, clock: Any
) -> None:
    clock.move_to(noon(day(2026, 3, 2)))
    for month in (1, 2):
        close_month(lessor=site.lessor, month=day(2026, month, 1), acting_user=None, anyway=True)
    with pytest.raises(MonthClosed):
        kept(lease, "100")
    draft = begin_settlement(lease=lease, acting_user=None)
    manager = scene.staff(Role.SITE_MANAGER, site)
    with pytest.raises(NotAllowed):
        money.paid(site, lease.company, "100", acting_user=manager)
    closed = close_settlement(settlement=draft, on=day(2026, 3, 2), acting_user=manager)
    assert Payment.objects.get(settlement=closed).acting_user == manager
    march = Period(day(2026, 3, 1), day(2026, 4, 1))
    assert [row.vat for row in vat_rows(site.lessor_id, march)] == [D("16.67")]
