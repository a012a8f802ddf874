"""Random money on random invoices, told to the oracle at each step (`test_machine`)."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar, Final

import pytest
import time_machine
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from billing.choices import ChequeState, CreditKind, InvoiceKind, PaymentMethod
from billing.models import Invoice, Payment, WithholdingRule
from billing.services.allocating import Share, allocate, allocate_oldest_first, take_back
from billing.services.cheques import bank_cheque, bounce_cheque, clear_cheque, state_of
from billing.services.crediting import credit_all, credit_amount
from billing.services.mistakes import undo_payment
from billing.services.payments import record_payment, settle_with
from billing.services.refunds import refund
from core.errors import DomainError
from core.periods import Period, today
from leases import changes
from leases.choices import AmendmentKind, DepositAct, SettlementLineKind
from leases.models import Lease
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.deposits import enter_deposit
from leases.services.settlements import (
    add_line,
    begin_settlement,
    close_settlement,
    take_back_settlement,
)
from sites.models import Site
from sites.rates import Step
from tenants.models import Company
from tests.billing import legality
from tests.billing.oracle import KINDS, NONE, Accounts, Bill, Key, Line, Portion, Source
from tests.factories import bills, money, scene, tenancies

NOON: Final = dt.datetime(2026, 6, 20, 12, tzinfo=dt.UTC)
JULY, AUGUST = dt.date(2026, 7, 1), dt.date(2026, 8, 1)
EVERYTHING: Final = frozenset(
    {"sale", "rent", "run", "amend", "credit", "credit all", "pay", "advance", "settle",
     "allocate", "take back", "banked", "cleared", "bounced", "refund", "undone",
     "too much cash", "keep", "put back"}
)  # fmt: skip

picks = st.integers(0, 60)
bold = st.sampled_from([True, False, False, False])
"""Whether something is tried that may well be refused."""
small = st.decimals("0.01", "900", places=2)
amounts = st.one_of(
    small, st.decimals("900", "19000", places=2), st.decimals("19000", "40000", places=2)
)
methods = st.sampled_from(["transfer", "cheque", "cheque", "cash", "card", *KINDS])


class Money(RuleBasedStateMachine):
    """Two companies: the first has a lease, the second withholds on rent and of VAT."""

    happened: ClassVar[Counter[str]] = Counter()
    site: Site
    companies: list[Company]
    lease: Lease

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(NOON, tick=False)
        self.now = self.clock.start()
        self.before = transaction.savepoint()
        self.books = Accounts()
        self.known = 0

    @initialize()
    def the_hub_opens(self) -> None:
        self.site = bills.site(starts_on=dt.date(2026, 6, 1))
        self.companies = [scene.company(), scene.company()]
        for kind, rate, since in (("rent", 5, JULY), ("vat", 75, AUGUST)):
            WithholdingRule.objects.create(
                company=self.companies[1], kind=kind, period=Period(since), rate=rate
            )
        self.books.rules[self.companies[1].pk] = [(0, Decimal(5), JULY), (1, Decimal(75), AUGUST)]
        self.lease = tenancies.active(
            self.site,
            scene.office(self.site, area_m2="17.35"),
            start=dt.date(2026, 6, 1),
            months=None,
            company=self.companies[0],
        )

    # --- What is billed -----------------------------------------------------------------------
    @rule(who=st.booleans(), prices=st.lists(amounts, min_size=1, max_size=4))
    def a_sale(self, who: bool, prices: list[Decimal]) -> None:
        money.sale(self.site, self.companies[who], *map(str, prices))
        self._issued("sale")

    @rule(who=st.booleans(), net=amounts)
    def a_rent(self, who: bool, net: Decimal) -> None:
        money.rent(self.site, self.companies[who], str(net))
        self._issued("rent")

    @rule(amended=st.booleans(), rate=small, pick=picks)
    def the_month_is_run(self, amended: bool, rate: Decimal, pick: int) -> None:
        """After the rent was changed for the past: credit notes of what was billed, and anew."""
        if amended:
            since = max(dt.date(2026, 6, 1), today() - dt.timedelta(days=pick))
            step = Step(Period(since), rate)
            after = changes.reprice(terms_of(self.lease), 0, since, "per_m2", [step])
            if after == terms_of(self.lease):
                return
            draft = draft_amendment(
                lease=self.lease,
                kind=AmendmentKind.CORRECTION,
                effective_on=since,
                after=after,
                reason="x",
                acting_user=None,
            )
            sign_amendment(amendment=draft, signed_on=today(), acting_user=None)
            self.happened["amend"] += 1
        bills.issued(self.site, today())
        self._issued("run")

    @rule(pick=picks, net=amounts, bold=bold)
    def an_amount_is_credited(self, pick: int, net: Decimal, bold: bool) -> None:
        if (invoice := self._invoice(pick)) is None:
            return
        left = self.books.left_of(invoice.pk)
        net = net if bold or not left else min(net, left)
        may = net <= left
        shares = self.books.shared(invoice.pk, net) if may else []
        act = lambda: credit_amount(invoice=invoice, net=net, reason="x", acting_user=None)  # noqa: E731
        if self._done(act, "credit", may):
            note = Invoice.objects.latest("pk")
            lines = note.lines.order_by("position").values_list("amount", "vat")
            assert list(lines) == shares
            self._issued("credit")

    @rule(pick=picks)
    def all_is_credited(self, pick: int) -> None:
        if (invoice := self._invoice(pick)) is not None:
            kind = CreditKind.COMMERCIAL
            may = self.books.left_of(invoice.pk) > 0
            act = lambda: credit_all(invoice=invoice, kind=kind, reason="x", acting_user=None)  # noqa: E731
            if self._done(act, "credit all", may):
                self._issued("credit all")

    # --- What comes in ----------------------------------------------------------------------------
    @rule(who=st.booleans(), amount=amounts, method=methods, ago=st.integers(0, 40),
          kept=st.booleans())  # fmt: skip
    def money_comes_in(self, who: bool, amount: Decimal, method: str, ago: int, kept: bool) -> None:
        """Of some days ago, the oldest first; or it stays credit."""
        company, day = self.companies[who], today() - dt.timedelta(days=ago)
        key = ("payment", -1)
        self.books.sources[key] = Source(company.pk, amount, method, day)
        shares = [] if kept else self.books.oldest_first(company.pk, amount, day, method)
        may = not self.books.refused(key, shares)
        source = self.books.sources.pop(key)

        def act() -> None:
            record_payment(
                site=self.site,
                company=company,
                method=PaymentMethod(method),
                received_on=day,
                amount=amount,
                acting_user=None,
                shares=() if kept else None,
            )

        if self._done(act, "advance" if kept else "pay", may):
            paid = Payment.objects.filter(withheld_with=None).latest("pk")
            self.books.sources["payment", paid.pk] = source
            self._settled(paid, shares)

    @rule(pick=picks)
    def an_advance_is_used(self, pick: int) -> None:
        payments = [key for key in self._free() if key[0] == "payment"]
        if not payments:
            return
        key = payments[pick % len(payments)]
        source, payment = self.books.sources[key], Payment.objects.get(pk=key[1])
        free = self.books.free_of(key)
        shares = self.books.oldest_first(source.company, free, source.day, source.method)
        may = free > 0 and not self.books.refused(key, shares)
        act = lambda: settle_with(payment=payment, shares=None, acting_user=None)  # noqa: E731
        if self._done(act, "settle", may):
            self._settled(payment, shares)

    @rule(pick=picks, other=picks, amount=amounts, oldest=st.booleans(), bold=bold)
    def credit_is_allocated(
        self, pick: int, other: int, amount: Decimal, oldest: bool, bold: bool
    ) -> None:
        if not self.books.sources:
            return
        key, row = self._source(pick, bold)
        source, free = self.books.sources[key], self.books.free_of(key)
        invoice = self._invoice(other, None if bold else source.company)
        if invoice is None:
            return
        opened = self.books.open_of(invoice.pk)
        amount = amount if bold or not opened or not free else min(amount, opened, free)
        shares: list[Portion] = [(invoice.pk, amount, (NONE, NONE))]
        same = self.books.bills[invoice.pk].company == source.company
        may = same and amount <= min(free, opened)
        if oldest:
            shares, may = [], True
            left = free
            for pk in sorted(self.books.bills, key=lambda pk: self.books.bills[pk].due):
                part = min(left, self.books.open_of(pk))
                if part > 0 and self.books.bills[pk].company == source.company:
                    shares.append((pk, part, (NONE, NONE)))
                    left -= part

        def act() -> None:
            if oldest:
                allocate_oldest_first(source=row, acting_user=None)
            else:
                allocate(source=row, shares=[Share(invoice.pk, amount)], acting_user=None)

        if self._done(act, "allocate", may and not self.books.refused(key, shares)):
            for pk, part, _kept in shares:
                self.books.given[pk, key] += part

    @rule(pick=picks, whole=st.booleans(), amount=small)
    def something_is_taken_back(self, pick: int, whole: bool, amount: Decimal) -> None:
        given = [pair for pair, each in self.books.given.items() if each > 0]
        if not given:
            return
        pk, key = given[pick % len(given)]
        settled = self.books.given[pk, key]
        back = settled if whole else amount

        def act() -> None:
            take_back(
                invoice=Invoice.objects.get(pk=pk),
                source=_row(key),
                reason="x",
                acting_user=None,
                amount=None if whole else amount,
            )

        if self._done(act, "take back", back <= settled):
            self.books.take_back(pk, key, back)

    @rule(pick=picks, step=st.sampled_from(ChequeState))
    def a_cheque_goes_on(self, pick: int, step: ChequeState) -> None:
        cheques = [key for key, one in self.books.sources.items() if one.method == "cheque"]
        if not cheques:
            return
        key = cheques[pick % len(cheques)]
        payment = Payment.objects.get(pk=key[1])
        now = state_of(payment)
        may = now != ChequeState.BOUNCED
        if step != ChequeState.BOUNCED:
            may = now is None or (now, step) == (ChequeState.BANKED, ChequeState.CLEARED)
            may = may and not self.books.sources[key].refunded
        else:
            of = [one for each, one in self.books.sources.items()
                  if each == key or (each[0] == "payment" and one.parent == key[1])]  # fmt: skip
            may = may and not any(one.refunded for one in of)

        def act() -> None:
            if step == ChequeState.BOUNCED:
                bounce_cheque(payment=payment, on=today(), reason="x", acting_user=None)
            elif step == ChequeState.CLEARED:
                clear_cheque(payment=payment, on=today(), acting_user=None)
            else:
                bank_cheque(payment=payment, on=today(), acting_user=None)

        if self._done(act, step.value, may) and step == ChequeState.BOUNCED:
            self.books.bounce(key)

    @rule(pick=picks, amount=small, bold=bold)
    def credit_is_given_back(self, pick: int, amount: Decimal, bold: bool) -> None:
        if not self.books.sources:
            return
        key, row = self._source(pick, bold)
        method, free = self.books.sources[key].method, self.books.free_of(key)
        amount = amount if bold or not free else min(amount, free)

        def act() -> None:
            refund(
                source=row,
                amount=amount,
                on=today(),
                method=PaymentMethod("transfer" if method in ("note", "deposit") else method),
                reason="x",
                acting_user=None,
            )

        # A cheque that is not cleared is handed back whole.
        whole = amount == row.amount if method == "cheque" else True
        cleared = method != "cheque" or state_of(row) == ChequeState.CLEARED
        if self._done(act, "refund", amount <= free and (cleared or whole)):
            source = self.books.sources[key]
            source.refunded += amount
            source.mistaken = method in KINDS and amount == source.amount

    @rule(pick=picks)
    def a_payment_was_a_mistake(self, pick: int) -> None:
        payments = [key for key in self.books.sources if key[0] == "payment"]
        if not payments or pick % 4:
            return
        key = payments[pick // 4 % len(payments)]
        payment = Payment.objects.get(pk=key[1])
        act = lambda: undo_payment(payment=payment, reason="x", acting_user=None)  # noqa: E731
        if self._done(act, "undone", self.books.may_be_undone(key)):
            self.books.undo(key)

    @rule(amount=small)
    def of_the_deposit_is_kept(self, amount: Decimal) -> None:
        """For what is unpaid; as much is held again before."""
        for _part in range(2):
            enter_deposit(
                lease=self.lease, act=DepositAct.RECEIVED, amount=amount, on=today(),
                acting_user=None,
            )  # fmt: skip
        draft = begin_settlement(lease=self.lease, acting_user=None)
        unpaid = SettlementLineKind.UNPAID
        add_line(settlement=draft, kind=unpaid, words="x", amount=amount, acting_user=None)
        closed = close_settlement(settlement=draft, on=today(), acting_user=None)
        payment = Payment.objects.get(settlement=closed)
        company = self.companies[0].pk
        shares = self.books.by_deposit(company, amount)
        self.books.sources["payment", payment.pk] = Source(company, amount, "deposit", today())
        self._settled(payment, shares)
        self.happened["keep"] += 1

    @rule(pick=picks)
    def what_was_kept_is_put_back(self, pick: int) -> None:
        kept = list(Payment.objects.exclude(settlement=None).filter(settlement__state="closed"))
        if not kept:
            return
        payment = kept[pick % len(kept)]
        key = ("payment", payment.pk)
        may = not self.books.sources[key].refunded

        def act() -> None:
            assert payment.settlement is not None
            take_back_settlement(settlement=payment.settlement, reason="x", acting_user=None)

        if self._done(act, "put back", may):
            self.books.put_back(key)

    @rule(days=st.integers(1, 25))
    def days_go_by(self, days: int) -> None:
        self.now.shift(dt.timedelta(days=days))

    # --- What holds -------------------------------------------------------------------------------
    def _invoice(self, pick: int, company: int | None = None) -> Invoice | None:
        """Any; of a company: one that is open, if there is one."""
        found = sorted(self.books.bills)
        if company is not None:
            own = [pk for pk in found if self.books.bills[pk].company == company]
            found = [pk for pk in own if self.books.open_of(pk) > 0] or own
        return Invoice.objects.get(pk=found[pick % len(found)]) if found else None

    def _free(self) -> list[Key]:
        """Of which something is free, if there are any."""
        found = sorted(self.books.sources)
        return [key for key in found if self.books.free_of(key) > 0] or found

    def _source(self, pick: int, bold: bool) -> tuple[Key, Any]:
        found = sorted(self.books.sources) if bold else self._free()
        key = found[pick % len(found)]
        return key, _row(key)

    def _done(self, act: Callable[[], object], what: str, may: bool) -> bool:
        """Done exactly where it may be; refused, it has changed nothing."""
        if not may:
            with pytest.raises(DomainError) as refusal:
                act()
            if refusal.value.code == "cash_limit":
                self.happened["too much cash"] += 1
            legality.all_is_as_counted(self.books)
            return False
        act()
        self.happened[what] += 1
        return True

    def _settled(self, payment: Payment, shares: list[Portion]) -> None:
        made: dict[str, list[tuple[int, Decimal]]] = {}
        for row in payment.withheld.order_by("pk"):
            if ("payment", row.pk) not in self.books.sources:
                made.setdefault(row.method, []).append((row.pk, row.amount))
        self.books.settle(("payment", payment.pk), shares, made)

    def _issued(self, what: str) -> None:
        """Tell the oracle of the new documents."""
        self.happened[what] += 1
        for row in Invoice.objects.filter(pk__gt=self.known).order_by("pk"):
            lines: Any = row.lines.order_by("position").values_list(
                "pk", "amount", "vat", "vat_rate", "is_rent", "credits"
            )
            if row.kind == InvoiceKind.INVOICE:
                told = {pk: Line(*facts) for pk, *facts, _credits in lines}
                due = (row.due_on, row.pk)
                bill = Bill(row.company_id, due, row.total, told, row.lease_id is not None)
                self.books.bills[row.pk] = bill
            else:
                assert row.corrects_id is not None
                back = [(credits, net, vat) for _pk, net, vat, _rate, _rent, credits in lines]
                self.books.credited(row.corrects_id, row.pk, back)
            self.known = row.pk

    def teardown(self) -> None:
        try:
            legality.all_is_as_counted(self.books)
            legality.documents_add_up()
            legality.no_day_says_more_than_there_is()
        finally:
            self.clock.stop()
            transaction.savepoint_rollback(self.before)


def _row(key: Key) -> Any:
    return (Payment if key[0] == "payment" else Invoice).objects.get(pk=key[1])
