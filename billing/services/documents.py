"""Invoices and credit notes written in bulk: all is ready before the numbers are taken."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from django.utils import timezone

from accounts.models import User
from billing.choices import InvoiceKind
from billing.due_dates import due_on
from billing.models import BilledPeriod, Invoice, InvoiceLine, RentRun
from billing.selectors.parties import client_of, seller_of
from billing.services import numbers
from billing.services.accounts import locked_many, opened
from billing.services.allocating import settle_corrected
from billing.services.announcing import announce_issued
from core.money import ZERO
from core.periods import Period
from leases.models import Lease
from sites.models import Site
from tenants.models import Company


@dataclass
class Draft:
    """A document without a number. `billed`: the days that a line, by its position, bears."""

    kind: InvoiceKind
    company: Company
    lease: Lease | None = None
    corrects_id: int | None = None
    credit_kind: str = ""
    reason: str = ""
    lines: list[InvoiceLine] = field(default_factory=list)
    billed: dict[int, BilledPeriod] = field(default_factory=dict)

    def add(self, line: InvoiceLine, billed: BilledPeriod | None = None) -> None:
        line.position = len(self.lines) + 1
        self.lines.append(line)
        if billed is not None:
            self.billed[line.position] = billed

    @property
    def net(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def vat(self) -> Decimal:
        return sum((line.vat for line in self.lines), ZERO)


def reversing(line: InvoiceLine, days: Period | None, net: Decimal, vat: Decimal) -> InvoiceLine:
    """A line like another, over some of its days, that credits it with an amount."""
    return InvoiceLine(
        kind=line.kind,
        label=line.label,
        space=line.space,
        charge_id=line.charge_id,
        period=days,
        unit=line.unit,
        rate=line.rate,
        area_m2=line.area_m2,
        per_months=line.per_months,
        amount=net,
        vat_rate=line.vat_rate,
        vat_ground=line.vat_ground,
        vat=vat,
        is_rent=line.is_rent,
        credits_id=line.pk,
    )


def write(
    drafts: Sequence[Draft],
    *,
    site: Site,
    payment_days: int,
    run: RentRun | None,
    acting_user: User | None,
) -> list[Invoice]:
    """Number and write the documents of one site, in their order; invoices first.

    To be called last in the transaction that made them, since it holds the series until that
    ends. Each has lines, and sums that are not negative.
    """
    lessor = site.lessor
    # Credit notes settle what is open of what they correct: accounts are locked before the series.
    credited = {d.company.pk for d in drafts if d.kind == InvoiceKind.CREDIT_NOTE}
    if credited:
        locked_many(lessor.pk, credited)
    day = numbers.fiscal_day(lessor)
    last = due_on(day, payment_days)
    seller, now = seller_of(lessor), timezone.now()
    ordered = sorted(drafts, key=lambda draft: draft.kind != InvoiceKind.INVOICE)
    invoices = []
    for kind in (InvoiceKind.INVOICE, InvoiceKind.CREDIT_NOTE):
        of_kind = [draft for draft in ordered if draft.kind == kind]
        if not of_kind:
            continue
        series = numbers.take(lessor, kind, day, len(of_kind))
        invoices += [
            Invoice(
                kind=kind,
                number=numbers.written(lessor, kind, day.year, sequence),
                lessor=lessor,
                year=day.year,
                sequence=sequence,
                site=site,
                company=draft.company,
                lease=draft.lease,
                run=run,
                issued_on=day,
                due_on=last if kind == InvoiceKind.INVOICE else day,
                language="fr",
                seller=seller,
                client=client_of(draft.company),
                net=draft.net,
                vat=draft.vat,
                corrects_id=draft.corrects_id,
                credit_kind=draft.credit_kind,
                reason=draft.reason,
                made_at=now,
                acting_user=acting_user,
            )
            for draft, sequence in zip(of_kind, series, strict=True)
        ]
    Invoice.objects.bulk_create(invoices)
    for invoice, draft in zip(invoices, ordered, strict=True):
        for line in draft.lines:
            line.invoice = invoice
    InvoiceLine.objects.bulk_create(chain.from_iterable(draft.lines for draft in ordered))
    billed = []
    for draft in ordered:
        for line in draft.lines:
            if (period := draft.billed.get(line.position)) is not None:
                period.line = line
                billed.append(period)
    BilledPeriod.objects.bulk_create(billed)
    opened(lessor.pk, {draft.company.pk for draft in drafts})
    announce_issued(invoices)
    if credited:
        notes = [invoice for invoice in invoices if invoice.kind == InvoiceKind.CREDIT_NOTE]
        settle_corrected(notes, acting_user=acting_user)
    return invoices
