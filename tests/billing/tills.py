"""Money of many days by the real services: sales, payments, bounces, credit, refunds."""

import datetime as dt
import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import time_machine

from accounts.choices import Role
from billing.choices import CreditKind, InvoiceKind, PaymentMethod
from billing.models import Invoice, Payment, Refund, WithholdingRule
from billing.selectors.open_items import notes_with_free, open_of, with_free
from billing.services.allocating import allocate_oldest_first, take_back
from billing.services.certificates import keep_certificate
from billing.services.cheques import bounce_cheque
from billing.services.crediting import credit_all, credit_amount
from billing.services.payments import record_payment
from billing.services.refunds import refund
from billing.services.sales import SaleLine, issue_sale
from billing.services.write_offs import approve_write_off, ask_write_off
from core.errors import DomainError
from core.money import rounded
from core.periods import Period, today
from sites.models import Site
from tenants.models import Company
from tests.factories import scene

FIRST = dt.date(2026, 1, 5)


class Till:
    """Acts at random; what a service refuses is left."""

    def __init__(self, seed: int, sites: Sequence[Site], companies: Sequence[Company]) -> None:
        self.draw = random.Random(seed)
        self.sites, self.companies = sites, companies
        self.acts = 0
        self.asks, self.decides = (scene.staff(Role.FINANCE_OFFICER) for _each in range(2))
        WithholdingRule.objects.create(
            company=companies[0], kind="vat", period=Period(FIRST), rate=Decimal(75)
        )

    def run(self, acts: int) -> None:
        """From `FIRST` on, each act some days after the one before."""
        day = FIRST
        kinds = self.kinds()
        for _act in range(acts):
            day += dt.timedelta(self.draw.randrange(6))
            self.acts += 1  # no two acts are entered in one moment
            at = dt.datetime.combine(day, dt.time(12), dt.UTC) + dt.timedelta(seconds=self.acts)
            with time_machine.travel(at, tick=False):
                try:
                    self.draw.choice(kinds)()
                except DomainError:
                    continue

    def kinds(self) -> list[Callable[[], object]]:
        return [
            *[self.sell] * 4, *[self.pay] * 4, self.bounce, self.credit, self.give_back,
            self.certify, self.write_off, self.take_back, self.use_credit,
        ]  # fmt: skip

    def sell(self) -> None:
        line = SaleLine("Salle", Decimal(self.draw.randrange(100, 100_000)) / 100)
        issue_sale(site=self.site(), company=self.company(), lines=[line], acting_user=None)

    def pay(self) -> None:
        record_payment(
            site=self.site(),
            company=self.company(),
            method=self.draw.choice([PaymentMethod.TRANSFER, PaymentMethod.CHEQUE]),
            received_on=today() - dt.timedelta(self.draw.randrange(4)),
            amount=Decimal(self.draw.randrange(100, 90_000)) / 100,
            shares=() if self.draw.random() < 0.2 else None,
            acting_user=None,
        )

    def bounce(self) -> None:
        cheque = self.one_of(Payment.objects.filter(method=PaymentMethod.CHEQUE))
        bounce_cheque(payment=cheque, on=today(), reason="Sans provision", acting_user=None)

    def credit(self) -> None:
        invoice = self.one_of(Invoice.objects.filter(kind=InvoiceKind.INVOICE))
        if self.draw.random() < 0.5:
            credit_amount(invoice=invoice, net=Decimal(5), reason="Geste", acting_user=None)
        else:
            kind = CreditKind.CANCELLING
            credit_all(invoice=invoice, kind=kind, reason="Erreur", acting_user=None)

    def give_back(self) -> Refund:
        notes = notes_with_free(Invoice.objects.filter(kind=InvoiceKind.CREDIT_NOTE))
        paid = with_free(Payment.objects.standing())
        source = self.one_of(notes if self.draw.random() < 0.5 else paid)
        way = getattr(source, "method", PaymentMethod.TRANSFER)
        return refund(
            source=source, amount=rounded(source.free / 2), on=today(),
            method=PaymentMethod(way), reason="Trop perçu", acting_user=None,
        )  # fmt: skip

    def certify(self) -> None:
        withheld = self.one_of(Payment.objects.withheld_ones())
        keep_certificate(payment=withheld, number="A1", received_on=today(), acting_user=None)

    def write_off(self) -> None:
        invoice = self.one_of(Invoice.objects.filter(kind=InvoiceKind.INVOICE))
        left = open_of([invoice.pk])[invoice.pk]
        asked = ask_write_off(
            invoice=invoice, reason="Perdu", amount=min(left, Decimal(10)), acting_user=self.asks
        )
        approve_write_off(write_off=asked, acting_user=self.decides)

    def take_back(self) -> None:
        payment = self.one_of(Payment.objects.standing().filter(allocations__amount__gt=0))
        invoice = Invoice.objects.get(pk=self.one_of(payment.allocations.all()).invoice_id)
        take_back(invoice=invoice, source=payment, reason="Erreur", acting_user=None)

    def use_credit(self) -> None:
        source = self.one_of(Payment.objects.standing())
        allocate_oldest_first(source=source, acting_user=None)

    def site(self) -> Site:
        return self.draw.choice(self.sites)

    def company(self) -> Company:
        return self.draw.choice(self.companies)

    def one_of(self, rows: Any) -> Any:
        found = list(rows.order_by("pk"))
        if not found:
            raise DomainError
        return self.draw.choice(found)
