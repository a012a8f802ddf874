"""What lines of a lessor's bank are looked for in, and what they most likely are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from billing.bank_matching import Book, Cheque, Claim, Entered, Line, Proposals, propose
from billing.bank_texts import said
from billing.choices import BankLineState, ChequeState, InvoiceKind, PaymentMethod
from billing.models import Account, BankLine, ChequeStep, Invoice, Payment, Refund
from billing.selectors.open_items import open_of, with_open
from billing.selectors.withholding import Keeping
from billing.sharing import OpenItem, Portion, part_of
from tenants.models import Company, FormerIdentity

_NEAR = dt.timedelta(days=7)
_MAY_BOUNCE = dt.timedelta(days=90)
"""After it was cleared."""
_CLAIM = ("pk", "number", "company_id", "open", "due_on", "lease__number", "year", "sequence")


def proposals_for(lessor_id: int, lines: Collection[int] | None = None) -> Proposals:
    """By line that waits to be matched, what it may be; of some lines, as if no other waited.

    The same number of queries for any number of lines; three more where somebody withholds.
    """
    rows = BankLine.objects.filter(lessor=lessor_id, state=BankLineState.NEW)
    if lines is not None:
        rows = rows.filter(pk__in=lines)
    told = rows.order_by("pk").values_list(
        "pk", "booked_on", "amount", "counterparty", "reference", "words", "reversal"
    )
    waiting = [Line(*row) for row in told]
    return propose(waiting, book_of(lessor_id, waiting)) if waiting else {}


def portions(
    line: BankLine, wanted: Sequence[tuple[Invoice, Decimal | None]]
) -> tuple[Portion, ...]:
    """What of a line pays which invoice, with what is withheld of it: so much, or as far as the
    line goes, in their order. Raises ValueError for more than is open."""
    opened = dict(open_of([invoice.pk for invoice, _amount in wanted]))
    keeping = Keeping(
        {invoice.pk: (invoice.company_id, opened[invoice.pk]) for invoice, _ in wanted}
    )
    left, shares = line.amount, []
    for invoice, amount in wanted:
        item = OpenItem(invoice.pk, opened[invoice.pk], keeping.of(invoice.pk, line.booked_on))
        shares.append(part_of(item, min(left, item.to_pay) if amount is None else amount))
        left -= shares[-1].paid
    return tuple(shares)


def book_of(lessor_id: int, lines: Sequence[Line]) -> Book:
    claims = _claims(lessor_id, lines)
    first, last = min(line.day for line in lines), max(line.day for line in lines)
    return Book(
        claims=claims,
        names=_names(lessor_id),
        cheques=_cheques(lessor_id, first - _MAY_BOUNCE),
        entered=_entered(lessor_id, first - _NEAR, last + _NEAR),
        refunds=_refunds(lessor_id, first - _NEAR, last + _NEAR),
        keeps=Keeping({c.invoice_id: (c.company_id, c.open) for c in claims if c.open > 0}).of,
    )


def _claims(lessor_id: int, lines: Sequence[Line]) -> list[Claim]:
    """All that is open, and what is settled of what the lines name."""
    invoices = Invoice.objects.filter(lessor=lessor_id, kind=InvoiceKind.INVOICE)
    named: dict[int, set[int]] = defaultdict(set)
    for line in lines:
        for year, sequence in said(line.counterparty, line.reference, line.words).sequences:
            named[year].add(sequence)
    settled = Q(pk__in=())
    for year, sequences in named.items():
        settled |= Q(year=year, sequence__in=sequences)
    rows = with_open(invoices).filter(Q(open__gt=0) | settled).order_by("pk")
    return [
        Claim(pk, number, company, opened, due, lease or "", year, sequence)
        for pk, number, company, opened, due, lease, year, sequence in rows.values_list(*_CLAIM)
    ]


def _names(lessor_id: int) -> Mapping[str, set[int]]:
    accounts = Account.objects.filter(lessor=lessor_id).values("company")
    names: dict[str, set[int]] = defaultdict(set)
    companies = Company.objects.filter(pk__in=accounts).values_list("name_key", "pk")
    former = FormerIdentity.objects.filter(company__in=accounts)
    for key, company in (*companies, *former.values_list("name_key", "company")):
        names[key].add(company)
    return names


def _cheques(lessor_id: int, since: dt.date) -> list[Cheque]:
    """Those that are neither bounced nor handed back, and may still be: cleared since a day."""
    steps = ChequeStep.objects.filter(payment=OuterRef("pk"))

    def day_of(state: ChequeState) -> Subquery:
        return Subquery(steps.filter(state=state).values("on")[:1])

    rows = Payment.objects.filter(lessor=lessor_id, method=PaymentMethod.CHEQUE)
    standing: QuerySet[Any] = rows.exclude(
        pk__in=ChequeStep.objects.bounced().values("payment")
    ).annotate(banked=day_of(ChequeState.BANKED), cleared=day_of(ChequeState.CLEARED))
    standing = standing.filter(Q(cleared=None, refunds=None) | Q(cleared__gte=since)).order_by("pk")
    return [
        Cheque(pk, company, amount, banked or received, number, bool(banked), bool(cleared))
        for pk, company, amount, received, number, banked, cleared in standing.values_list(
            "pk", "company", "amount", "received_on", "reference", "banked", "cleared"
        )
    ]


def _entered(lessor_id: int, first: dt.date, last: dt.date) -> list[Entered]:
    """Transfers and card payments that no line is of."""
    rows = Payment.objects.filter(
        lessor=lessor_id,
        method__in=[PaymentMethod.TRANSFER, PaymentMethod.CARD],
        received_on__range=(first, last),
        bank_line=None,
        seen_on=None,
    )
    told = rows.order_by("pk").values_list("pk", "company", "amount", "received_on", "reference")
    return [Entered(*row) for row in told]


def _refunds(lessor_id: int, first: dt.date, last: dt.date) -> list[Entered]:
    rows = Refund.objects.filter(on__range=(first, last), bank_line=None, seen_on=None)
    rows = rows.filter(Q(payment__lessor=lessor_id) | Q(credit_note__lessor=lessor_id))
    return [
        Entered(pk, of_payment or of_note, amount, on, reference)
        for pk, of_payment, of_note, amount, on, reference in rows.order_by("pk").values_list(
            "pk", "payment__company", "credit_note__company", "amount", "on", "reference"
        )
    ]
