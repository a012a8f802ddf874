"""Every hub bills from this month on; one has done so for two months, and has its first arrears."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from accounts.models import User
from billing.choices import InvoiceKind, NumberSeries, PaymentMethod, WithholdingKind
from billing.models import Invoice, Payment, WithholdingRule
from billing.selectors.open_items import open_of
from billing.services import numbers
from billing.services.accounts import locked_many
from billing.services.allocating import Share, write_allocations
from billing.services.certificates import keep_certificate
from billing.services.cheques import bank_cheque, bounce_cheque
from billing.services.crediting import credit_amount
from billing.services.dunning_steps import begin_steps
from billing.services.issuing import issue, start_issuing
from billing.services.payments import record_payment
from billing.services.penalties import propose_penalties, set_clause
from billing.services.reminding import send_reminder
from billing.services.runs import compute, draft_run
from billing.services.settings import set_billing
from billing.services.statements import import_statement, keep_mapping
from billing.services.withholding import keep_withholding
from core import numbering
from core.history import recorded
from core.periods import ONE_DAY, Period, add_months, first_of_month, today
from sites.models import Lessor, Site
from technopark.demo import clock, story

ISSUED = "RAB"
"""The others' runs are for whoever tries the product to begin."""
_WITHHELD_SINCE: Final = dt.date(2026, 7, 1)  # Finance law 2026: 5 % of rents
_MONTHS: Final = 3
# What an invoice must bear of its seller; all zeros, so that nobody takes it for the real one's.
_MARKS: Final = {
    "ice": "0" * 15,
    "if_number": "0" * 8,
    "tp_number": "0" * 8,
    "rc_number": "0",
    "rc_court": "Casablanca",
    "rib": "0" * 24,
    "address": "Adresse de démonstration",
}
_BANK: Final = "Banque de démonstration"
_COLUMNS: Final = {"booked": "Date", "words": "Libellé", "debit": "Débit", "credit": "Crédit"}


def bill(director: User) -> None:
    month = first_of_month(today())
    with recorded(director):
        Lessor.objects.update(**_MARKS)
    for site in Site.objects.order_by("code"):
        since = add_months(month, -2) if site.code == ISSUED else month
        set_billing(site=site, starts_on=since, acting_user=director)
    site = Site.objects.get(code=ISSUED)
    begin_steps(site=site, acting_user=director)
    for months in (-2, -1):
        # After any weekend that the month begins with.
        with clock.at(clock.moment(add_months(month, months) + 2 * ONE_DAY, months)):
            _issue(site, director)
    _issue(site, director)
    _Money(site, month, director).comes_in()


def _issue(site: Site, director: User) -> None:
    run = compute(draft_run(site=site, month=today(), acting_user=director))
    issue(start_issuing(run=run, acting_user=director))


@dataclass
class _Tenant:
    """The invoices of one, oldest first: of the month before last, the last one, this one."""

    invoices: list[Invoice]

    def pays(
        self, director: User, position: int, method: PaymentMethod, **given: object
    ) -> Payment:
        """Of the invoice at that place, eight days after it."""
        invoice = self.invoices[position]
        values: dict[str, Any] = {
            "amount": invoice.total,
            "received_on": invoice.issued_on + 8 * ONE_DAY,
        } | given
        return record_payment(
            site=invoice.site,
            company=invoice.company,
            method=method,
            acting_user=director,
            **values,
        )


class _Money:
    """What became of the hub's invoices: most tenants pay in time, and each of a few is a case."""

    def __init__(self, site: Site, month: dt.date, director: User) -> None:
        self.site = site
        self.month = month
        self.director = director
        self.chance = random.Random(story.SEED)  # noqa: S311  a story, no secret
        rows = Invoice.objects.filter(site=site, kind=InvoiceKind.INVOICE, lease__isnull=False)
        of_company: dict[int, list[Invoice]] = {}
        for invoice in rows.select_related("site", "company", "lease").order_by("pk"):
            of_company.setdefault(invoice.company_id, []).append(invoice)
        self.tenants = [_Tenant(invoices) for invoices in of_company.values()]

    def comes_in(self) -> None:
        # Three ordinary months of rent: nobody who came or left meanwhile.
        ordinary = [
            tenant
            for tenant in self.tenants
            if len(tenant.invoices) == _MONTHS
            and len({invoice.total for invoice in tenant.invoices}) == 1
        ]
        cases, following = ordinary[:8], ordinary[8:11]
        late, partly, bounced, withholding, generous, by_cheque, cash, penalised = cases
        others = [tenant for tenant in self.tenants if tenant not in cases]
        self._in_time([one for tenant in (*others, generous, by_cheque) for one in tenant.invoices])
        self._partly(partly)
        self._bounced(bounced)
        self._withheld(withholding)
        self._generous(generous)
        self._cheque_under_way(by_cheque)
        cash.pays(self.director, 0, PaymentMethod.CASH, payer="Gérance")
        self._penalised(penalised)
        send_reminder(site=self.site, company=late.invoices[0].company, acting_user=self.director)
        self._statement(following)

    def _in_time(self, invoices: Sequence[Invoice]) -> None:
        """Transfers of the months that are over, in bulk, row for row as the service writes."""
        over = [invoice for invoice in invoices if invoice.issued_on < self.month]
        locked_many(self.site.lessor_id, {invoice.company_id for invoice in over})
        amounts = open_of([invoice.pk for invoice in over])
        due = [invoice for invoice in over if amounts[invoice.pk]]
        paid = [(invoice, invoice.issued_on + self._days()) for invoice in due]
        paid.sort(key=lambda each: each[1])
        year, lessor, now = today().year, self.site.lessor, timezone.now()
        first = numbering.take(
            scope=lessor.code, series=NumberSeries.PAYMENT, year=year, count=len(paid)
        )
        payments = Payment.objects.bulk_create(
            Payment(
                number=numbers.written(lessor, NumberSeries.PAYMENT, year, first + place),
                lessor=lessor,
                site=self.site,
                company=invoice.company,
                method=PaymentMethod.TRANSFER,
                received_on=on,
                amount=amounts[invoice.pk],
                reference=invoice.number,
                payer=invoice.client["name"],
                made_at=now,
                acting_user=self.director,
            )
            for place, (invoice, on) in enumerate(paid)
        )
        write_allocations(
            [
                (payment, Share(invoice.pk, amounts[invoice.pk]), on)
                for payment, (invoice, on) in zip(payments, paid, strict=True)
            ],
            acting_user=self.director,
            made_at=now,
        )

    def _days(self) -> dt.timedelta:
        return dt.timedelta(days=self.chance.randint(4, 14))

    def _partly(self, tenant: _Tenant) -> None:
        half = (tenant.invoices[0].total / 2).quantize(Decimal(1))
        tenant.pays(self.director, 0, PaymentMethod.TRANSFER, amount=half, reference="Acompte")

    def _bounced(self, tenant: _Tenant) -> None:
        cheque = tenant.pays(
            self.director, 0, PaymentMethod.CHEQUE, reference="0481207", bank=_BANK
        )
        bank_cheque(payment=cheque, on=cheque.received_on + ONE_DAY, acting_user=self.director)
        bounce_cheque(
            payment=cheque,
            on=cheque.received_on + 5 * ONE_DAY,
            reason="Provision insuffisante",
            acting_user=self.director,
        )

    def _withheld(self, tenant: _Tenant) -> None:
        """Rent less 5 %: of the first month the certificate is there, of the second it is not."""
        company = tenant.invoices[0].company
        keep_withholding(
            rule=WithholdingRule(
                company=company,
                kind=WithholdingKind.RENT,
                period=Period(_WITHHELD_SINCE),
                rate=Decimal(5),
            ),
            acting_user=self.director,
        )
        for position in (0, 1):
            invoice = tenant.invoices[position]
            rent = sum(line.amount for line in invoice.lines.all() if line.is_rent)
            kept = (rent * 5 / 100).quantize(Decimal("0.01"))
            payment = tenant.pays(
                self.director, position, PaymentMethod.TRANSFER, amount=invoice.total - kept
            )
            if position == 0:
                keep_certificate(
                    payment=payment.withheld.get(),
                    number=f"RAS-{invoice.issued_on:%Y-%m}-114",
                    received_on=payment.received_on + 9 * ONE_DAY,
                    acting_user=self.director,
                )

    def _generous(self, tenant: _Tenant) -> None:
        """A credit of goodwill on what is paid already: it waits on the account."""
        credit_amount(
            invoice=tenant.invoices[1],
            net=Decimal(150),
            reason="Deux jours sans climatisation",
            acting_user=self.director,
        )

    def _cheque_under_way(self, tenant: _Tenant) -> None:
        cheque = tenant.pays(
            self.director,
            2,
            PaymentMethod.CHEQUE,
            received_on=today(),
            reference="0481344",
            bank=_BANK,
        )
        bank_cheque(payment=cheque, on=today(), acting_user=self.director)

    def _penalised(self, tenant: _Tenant) -> None:
        lease = tenant.invoices[0].lease
        assert lease is not None
        set_clause(
            lease=lease,
            yearly_rate=Decimal(10),
            grace_days=10,
            cap=Decimal(5),
            clause="Article 7.3",
            acting_user=self.director,
        )
        propose_penalties()

    def _statement(self, tenants: Sequence[_Tenant]) -> None:
        """This month's transfers on the bank's file: one with its number, one with a name and its
        amount, one of too little, and the bank's own fee. Whoever tries the product matches them.
        """
        lessor = self.site.lessor
        numbered, named, short = (tenant.invoices[-1] for tenant in tenants)
        lines: list[tuple[str, Decimal | str, Decimal | str]] = [
            (f"VIR RECU {numbered.client['name']} {numbered.number}", "", numbered.total),
            (f"VIR RECU {named.client['name']} LOYER", "", named.total),
            (f"VIR RECU {short.client['name']}", "", short.total - 200),
            ("FRAIS DE TENUE DE COMPTE", Decimal("55.00"), ""),
        ]
        told = [";".join(_COLUMNS.values())]
        told += [
            f"{today():%d/%m/%Y};{words};{_written(debit)};{_written(credit)}"
            for words, debit, credit in lines
        ]
        keep_mapping(lessor=lessor, name=_BANK, columns=_COLUMNS, acting_user=self.director)
        import_statement(
            lessor=lessor,
            name=f"releve-{today():%Y-%m-%d}.csv",
            data="\n".join(told).encode(),
            acting_user=self.director,
        )


def _written(amount: Decimal | str) -> str:
    return f"{amount:.2f}".replace(".", ",") if isinstance(amount, Decimal) else amount
