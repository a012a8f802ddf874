"""The journals against accounts and VAT returns, on acts at random; and no piece ever changes."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction

from accounts.choices import Role
from billing.ageing import together
from billing.booking import Entry, Piece, balances
from billing.choices import (
    WITHHELD,
    InvoiceKind,
    Journal,
    LedgerKey,
    PaymentMethod,
    PieceKind,
    VatBasis,
    VatRhythm,
)
from billing.models import Invoice, Payment, WriteOff
from billing.selectors.ageing import ageing
from billing.selectors.deposit_pieces import AGAINST
from billing.selectors.open_items import notes_with_free, with_free, with_open
from billing.selectors.pieces import pieces_of
from billing.selectors.revenue import revenue
from billing.selectors.vat import vat_rows
from billing.services.allocating import free_of, given_to, take_back
from billing.services.cheques import bounce_cheque, clear_cheque
from billing.services.payments import settle_with
from billing.services.refunds import refund
from billing.services.vat import set_regime
from billing.sharing import Portion
from core.errors import DomainError
from core.money import ZERO
from core.periods import Period, add_months, today
from leases.choices import DepositAct, DepositMethod, SettlementLineKind, SettlementState
from leases.models import DepositSettlement, Lease
from leases.services.deposits import enter_deposit
from leases.services.settlements import (
    add_line,
    begin_settlement,
    close_settlement,
    take_back_settlement,
)
from tests.billing.tills import FIRST, Till
from tests.factories import bills, money, scene, tenancies

pytestmark = pytest.mark.django_db
RECEIVED = {LedgerKey.BANK, LedgerKey.CASH, LedgerKey.CARD, LedgerKey.WITHHELD,
            LedgerKey.VAT_WITHHELD, LedgerKey.STAMP}  # fmt: skip
OWED = {LedgerKey.CLIENTS, LedgerKey.DOUBTFUL, LedgerKey.ADVANCES}
IN_HAND = {LedgerKey.BANK, LedgerKey.CASH, LedgerKey.CARD, LedgerKey.CHEQUES, LedgerKey.STAMP}
MONTHS = [add_months(dt.date(2025, 12, 1), number) for number in range(9)]


class Counter(Till):
    """A till that clears its cheques, too, takes cash and balances of the old system, and keeps
    what is unpaid of the deposit of a lease."""

    lease: Lease
    methods = (PaymentMethod.CASH, PaymentMethod.BALANCE)

    def bounce(self) -> None:
        """Also what was cleared, and as of days before."""
        cheque = self.one_of(Payment.objects.filter(method=PaymentMethod.CHEQUE))
        on = today() - dt.timedelta(self.draw.randrange(20))
        if self.draw.random() < 0.5:
            bounce_cheque(payment=cheque, on=on, reason="Sans provision", acting_user=None)
        else:
            clear_cheque(payment=cheque, on=on, acting_user=None)

    def use_credit(self) -> None:
        """With what is withheld of it."""
        paid = Payment.objects.standing().filter(received_on__lte=today())
        settle_with(payment=self.one_of(paid), shares=None, acting_user=None)

    def take_back(self) -> None:
        """A cheque is handed back, what was withheld with it or not."""
        if self.draw.random() < 0.5:
            return super().take_back()
        cheques = Payment.objects.filter(method=PaymentMethod.CHEQUE)
        cheque = self.one_of(cheques.filter(cheque_steps=None, refunds=None))
        for source in [cheque, *cheque.withheld.all()]:
            for pk in source.allocations.values_list("invoice", flat=True).distinct().order_by():
                invoice = Invoice.objects.get(pk=pk)
                if given_to(invoice, source):
                    take_back(invoice=invoice, source=source, reason="Erreur", acting_user=None)
            if source.pk == cheque.pk or self.draw.random() < 0.5:
                refund(
                    source=source, amount=free_of(source), on=today(),
                    method=PaymentMethod(source.method), reason="Erreur", acting_user=None,
                )  # fmt: skip
        return None

    def certify(self) -> None:
        method = self.draw.choice(self.methods)
        amount = Decimal(self.draw.randrange(100, 50_000)) / 100
        money.paid(self.site(), self.company(), str(amount), method=method)

    def kinds(self) -> list[Callable[[], object]]:
        return [*super().kinds(), self.keep_of_deposit, self.keep_of_deposit, self.put_back]

    def keep_of_deposit(self) -> None:
        """For unpaid rent and a door; some is paid in before."""
        enter_deposit(
            lease=self.lease, act=DepositAct.RECEIVED, amount=Decimal(900), on=today(),
            method=DepositMethod(self.draw.choice(list(AGAINST))), acting_user=None,
        )  # fmt: skip
        settlement = begin_settlement(lease=self.lease, acting_user=None)
        for kind in (SettlementLineKind.UNPAID, SettlementLineKind.DAMAGE):
            add_line(
                settlement=settlement, kind=kind, words="x", acting_user=None,
                amount=Decimal(self.draw.randrange(100, 40_000)) / 100,
            )  # fmt: skip
        on = today() - dt.timedelta(self.draw.randrange(5))
        close_settlement(settlement=settlement, on=on, acting_user=None)

    def put_back(self) -> None:
        closed = DepositSettlement.objects.filter(state=SettlementState.CLOSED, on__lte=today())
        take_back_settlement(settlement=self.one_of(closed), reason="Erreur", acting_user=None)

    def look(self, lessor_id: int) -> dict[str, tuple[dt.date, tuple[Entry, ...]]]:
        """What is settled of the journals."""
        period = Period(MONTHS[0], add_months(MONTHS[-1], 1))
        pieces = [piece for journal in Journal for piece in pieces_of(lessor_id, journal, period)]
        return {piece.key: (piece.event.day, piece.entries) for piece in pieces if piece.settled}


def summed(pieces: list[Piece], keys: set[LedgerKey]) -> Decimal:
    found = balances(pieces)
    return sum((found.get(key, ZERO) for key in keys), ZERO)


class LastDay(Counter):
    """Without balances of the old system; at last all is settled, cleared and given back."""

    methods = (PaymentMethod.CASH, PaymentMethod.CARD)

    def settle(self) -> None:
        for cheque in Payment.objects.filter(method=PaymentMethod.CHEQUE, refunds=None):
            with suppress(DomainError):  # it bounced, or is cleared
                clear_cheque(payment=cheque, on=today(), acting_user=None)
        invoices = Invoice.objects.filter(kind=InvoiceKind.INVOICE)
        for invoice in with_open(invoices).filter(open__gt=0):
            shares = [Portion(invoice.pk, invoice.open)]
            money.paid(invoice.site, invoice.company, str(invoice.open), shares=shares)
        notes = notes_with_free(Invoice.objects.filter(kind=InvoiceKind.CREDIT_NOTE))
        for source in [*with_free(Payment.objects.all()), *notes]:
            way = getattr(source, "method", "")
            if source.free > 0:
                refund(
                    source=source, amount=source.free, on=today(), reason="Solde",
                    method=PaymentMethod(way) if way in WITHHELD else PaymentMethod.TRANSFER,
                    acting_user=None,
                )  # fmt: skip


def test_once_all_is_settled_the_returns_are_what_the_vat_account_had() -> None:
    """Also where the lessor changed its regime, and changed it back."""
    _returns_are_what_was_booked(11)


@pytest.mark.torture
def test_journals_accounts_and_returns_agree_for_long() -> None:
    for seed in range(100, 102 if os.environ.get("TORTURE") == "bounded" else 140):
        with _undone():
            _returns_are_what_was_booked(seed)
        with _undone():
            _say_the_same(seed)


@contextmanager
def _undone() -> Iterator[None]:
    """What is done within leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _returns_are_what_was_booked(seed: int) -> None:
    with time_machine.travel(dt.datetime.combine(FIRST, dt.time(9), dt.UTC), tick=False):
        site = bills.site(starts_on=FIRST)
        till = LastDay(seed, [site], [scene.company(name) for name in ("Argan", "Rif")])
        till.lease = tenancies.active(
            site, scene.office(site), start=FIRST, company=till.companies[0]
        )
        set_regime(
            lessor=site.lessor, period=Period(dt.date(2026, 2, 1), dt.date(2026, 3, 1)),
            basis=VatBasis.ISSUE, rhythm=VatRhythm.MONTH, acting_user=None,
        )  # fmt: skip
    till.run(60)
    after = dt.datetime.combine(MONTHS[-1], dt.time(12), dt.UTC)
    with time_machine.travel(after, tick=False):
        till.settle()
    whole = Period(MONTHS[0], add_months(MONTHS[-1], 1))
    booked = balances(piece for each in Journal for piece in pieces_of(site.lessor_id, each, whole))
    months = [Period(month, add_months(month, 1)) for month in MONTHS]
    declared = sum(row.vat for month in months for row in vat_rows(site.lessor_id, month))
    # A part that is given up is rounded by itself.
    lost = WriteOff.objects.filter(state="approved").count()
    assert abs(declared + booked[LedgerKey.VAT]) <= lost * Decimal("0.01")
    assert {booked[key] for key in (LedgerKey.CLIENTS, LedgerKey.ADVANCES)} == {ZERO}
    assert not any(booked.get(key) for key in (LedgerKey.CHEQUES, LedgerKey.AWAITED))


def test_journals_accounts_and_returns_say_the_same() -> None:
    # In the second a part of what was withheld with a cheque goes back before that is cleared.
    with _undone():
        kinds = _say_the_same(7)
    kinds |= _say_the_same(24)
    assert kinds == set(PieceKind) - {"opening", "doubtful"}


def _say_the_same(seed: int) -> set[str]:
    """Returns the kinds of pieces that there were."""
    with time_machine.travel(dt.datetime.combine(FIRST, dt.time(9), dt.UTC), tick=False):
        site = bills.site(starts_on=FIRST)
        till = Counter(seed, [site], [scene.company(name) for name in ("Argan", "Rif")])
        till.lease = tenancies.active(
            site, scene.office(site), start=FIRST, company=till.companies[0]
        )
    pk = site.lessor_id
    seen: dict[str, tuple[dt.date, tuple[Entry, ...]]] = {}
    for _time in range(3):
        till.run(30)  # each time from the first day on: what is entered later may be dated earlier
        now = till.look(pk)
        assert {key: now.get(key) for key in seen} == seen
        seen = now
    after = dt.datetime.combine(add_months(MONTHS[-1], 1), dt.time(12), dt.UTC)
    with time_machine.travel(after, tick=False):
        user = scene.staff(Role.FINANCE_OFFICER)
        whole = Period(MONTHS[0], add_months(MONTHS[-1], 1))
        sales, receipts, deposits = (pieces_of(pk, each, whole) for each in Journal)
        account = together(ageing(user, today()).values())
        assert summed([*sales, *receipts, *deposits], OWED) == account.balance
        assert -balances(deposits)[LedgerKey.DEPOSITS] == account.deposit
        collected = revenue(user, first=MONTHS[0], last=MONTHS[-1]).values()
        kept = -summed(deposits, OWED)
        assert summed(receipts, IN_HAND) + kept == sum(row.collected for row in collected)
        for month in MONTHS:
            period = Period(month, add_months(month, 1))
            declared = sum((row.net + row.vat for row in vat_rows(pk, period)), ZERO)
            came = summed(pieces_of(pk, Journal.RECEIPTS, period), RECEIVED)
            kept = -summed(pieces_of(pk, Journal.DEPOSITS, period), OWED)
            assert (month, declared) == (month, came + kept)
    return {key.split(":")[0] for key in seen}
