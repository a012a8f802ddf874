"""The journals against accounts and VAT returns, on acts at random; and no piece ever changes."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from accounts.choices import Role
from billing.ageing import together
from billing.booking import Entry, Piece, balances
from billing.choices import Journal, LedgerKey, PaymentMethod, PieceKind
from billing.models import Payment
from billing.selectors.ageing import ageing
from billing.selectors.pieces import pieces_of
from billing.selectors.revenue import revenue
from billing.selectors.vat import vat_rows
from billing.services.cheques import clear_cheque
from core.money import ZERO
from core.periods import Period, add_months, today
from tests.billing.tills import FIRST, Till
from tests.factories import bills, money, scene

pytestmark = pytest.mark.django_db
RECEIVED = {LedgerKey.BANK, LedgerKey.CASH, LedgerKey.CARD, LedgerKey.WITHHELD,
            LedgerKey.VAT_WITHHELD, LedgerKey.STAMP}  # fmt: skip
OWED = {LedgerKey.CLIENTS, LedgerKey.DOUBTFUL, LedgerKey.ADVANCES}
IN_HAND = {LedgerKey.BANK, LedgerKey.CASH, LedgerKey.CARD, LedgerKey.CHEQUES, LedgerKey.STAMP}
MONTHS = [add_months(dt.date(2025, 11, 1), number) for number in range(14)]


class Counter(Till):
    """A till that clears its cheques, too, and takes cash and balances of the old system."""

    def bounce(self) -> None:
        if self.draw.random() < 0.5:
            return super().bounce()
        cheque = self.one_of(Payment.objects.filter(method=PaymentMethod.CHEQUE))
        clear_cheque(payment=cheque, on=today(), acting_user=None)
        return None

    def certify(self) -> None:
        method = self.draw.choice([PaymentMethod.CASH, PaymentMethod.BALANCE])
        amount = Decimal(self.draw.randrange(100, 50_000)) / 100
        money.paid(self.site(), self.company(), str(amount), method=method)

    def look(self, lessor_id: int) -> dict[str, tuple[dt.date, tuple[Entry, ...]]]:
        """What is settled of the journals."""
        period = Period(MONTHS[0], add_months(MONTHS[-1], 1))
        pieces = [piece for journal in Journal for piece in pieces_of(lessor_id, journal, period)]
        return {piece.key: (piece.event.day, piece.entries) for piece in pieces if piece.settled}


def summed(pieces: list[Piece], keys: set[LedgerKey]) -> Decimal:
    found = balances(pieces)
    return sum((found.get(key, ZERO) for key in keys), ZERO)


@pytest.mark.parametrize("seed", [5, 12])
def test_journals_accounts_and_returns_say_the_same(seed: int) -> None:
    with time_machine.travel(dt.datetime.combine(FIRST, dt.time(9), dt.UTC), tick=False):
        site = bills.site(starts_on=FIRST)
        till = Counter(seed, [site], [scene.company(name) for name in ("Argan", "Rif")])
    pk = site.lessor_id
    seen: dict[str, tuple[dt.date, tuple[Entry, ...]]] = {}
    for _time in range(3):
        till.run(30)  # each time from the first day on: what is entered later may be dated earlier
        now = till.look(pk)
        assert {key: now.get(key) for key in seen} == seen
        seen = now
    assert {key.split(":")[0] for key in seen} == set(PieceKind) - {
        "opening",
        "doubtful",
        "deposit",
    }
    after = dt.datetime.combine(add_months(MONTHS[-1], 1), dt.time(12), dt.UTC)
    with time_machine.travel(after, tick=False):
        user = scene.staff(Role.FINANCE_OFFICER)
        whole = Period(MONTHS[0], add_months(MONTHS[-1], 1))
        sales, receipts = (pieces_of(pk, each, whole) for each in (Journal.SALES, Journal.RECEIPTS))
        account = together(ageing(user, today()).values())
        assert summed([*sales, *receipts], OWED) == account.balance
        collected = revenue(user, first=MONTHS[0], last=MONTHS[-1]).values()
        assert summed(receipts, IN_HAND) == sum(row.collected for row in collected)
        for month in MONTHS:
            period = Period(month, add_months(month, 1))
            declared = sum((row.net + row.vat for row in vat_rows(pk, period)), ZERO)
            came = summed(pieces_of(pk, Journal.RECEIPTS, period), RECEIVED)
            assert (month, declared) == (month, came)
