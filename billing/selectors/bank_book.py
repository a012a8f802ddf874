"""What lines of a lessor's bank are looked for in, and what they most likely are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from billing.bank_facts import MAY_BOUNCE, Book, Came, Cheque, Claim, Entered, Line
from billing.bank_matching import NEAR, Proposals, propose
from billing.bank_texts import said
from billing.choices import BankLineState, ChequeState, InvoiceKind, PaymentMethod
from billing.models import Account, BankLine, ChequeStep, Invoice, Payment, Refund
from billing.selectors.open_items import open_of, with_open
from billing.selectors.paying import mistaken
from billing.selectors.withholding import Keeping
from billing.sharing import OpenItem, Portion, oldest_first, part_of
from tenants.models import Company, FormerIdentity

_CLAIM = ("pk", "number", "company_id", "open", "due_on", "lease__number", "year", "sequence")


@dataclass(frozen=True, slots=True)
class Proposed:
    """What lines may be, and the words for it. `invoices`: by id, the number and what is open;
    `companies`: by id, the name."""

    by_line: Proposals = field(default_factory=dict)
    invoices: Mapping[int, tuple[str, Decimal]] = field(default_factory=dict)
    companies: Mapping[int, str] = field(default_factory=dict)

    def __or__(self, other: Self) -> Self:
        return replace(
            self,
            by_line={**self.by_line, **other.by_line},
            invoices={**self.invoices, **other.invoices},
            companies={**self.companies, **other.companies},
        )


def proposals_for(lessor_id: int, lines: Collection[int] | None = None) -> Proposals:
    """Of `proposed_for`, what the lines may be alone."""
    return proposed_for(lessor_id, lines).by_line


def proposed_for(lessor_id: int, lines: Collection[int] | None = None) -> Proposed:
    """By line that waits to be matched, what it may be; of some lines, as if no other waited.

    Six queries for any number of lines; two more where somebody withholds.
    """
    rows = BankLine.objects.filter(lessor=lessor_id, state=BankLineState.NEW)
    if lines is not None:
        rows = rows.filter(pk__in=lines)
    told = rows.order_by("pk").values_list(
        "pk", "booked_on", "amount", "counterparty", "reference", "words", "reversal"
    )
    waiting = [Line(*row) for row in told]
    if not waiting:
        return Proposed()
    names, companies = _names(lessor_id)
    book = book_of(lessor_id, waiting, names)
    invoices = {claim.invoice_id: (claim.number, claim.open) for claim in book.claims}
    return Proposed(propose(waiting, book), invoices, companies)


def portions(
    line: BankLine, wanted: Sequence[tuple[Invoice, Decimal | None]]
) -> tuple[Portion, ...]:
    """What of a line pays which invoice, with what is withheld of it: so much; the others as far as
    the line goes, in their order. Raises ValueError for more than is open."""
    opened = dict(open_of([invoice.pk for invoice, _amount in wanted]))
    keeping = Keeping(
        {invoice.pk: (invoice.company_id, opened[invoice.pk]) for invoice, _ in wanted}
    )
    left, said_so, others = line.amount, [], []
    for invoice, amount in wanted:
        item = OpenItem(invoice.pk, opened[invoice.pk], keeping.of(invoice.pk, line.booked_on))
        if amount is None:
            others.append(item)
        else:
            said_so.append(part_of(item, amount))
            left -= amount
    return (*said_so, *oldest_first(left, others))


def book_of(lessor_id: int, lines: Sequence[Line], names: Mapping[str, set[int]]) -> Book:
    """What the lines are looked for in; `names`: by name key, companies."""
    claims = _claims(lessor_id, lines)
    first, last = min(line.day for line in lines), max(line.day for line in lines)
    cheques, entered, came = _payments(lessor_id, first, last)
    return Book(
        claims=claims,
        names=names,
        cheques=cheques,
        entered=entered,
        came=came,
        refunds=_refunds(lessor_id, first - NEAR, last + NEAR),
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


def _names(lessor_id: int) -> tuple[dict[str, set[int]], dict[int, str]]:
    """Of all companies with an account: by name key, former ones too, who is called so; and their
    names."""
    accounts = Account.objects.filter(lessor=lessor_id).values("company")
    companies = Company.objects.filter(pk__in=accounts).values_list("name_key", "pk", "name")
    former = FormerIdentity.objects.filter(company__in=accounts)
    keys: dict[str, set[int]] = defaultdict(set)
    names: dict[int, str] = {}
    for key, company, name in companies.order_by().union(
        former.order_by().values_list("name_key", "company", "company__name"), all=True
    ):
        keys[key].add(company)
        names[company] = name
    return keys, names


def _payments(
    lessor_id: int, first: dt.date, last: dt.date
) -> tuple[list[Cheque], list[Entered], set[Came]]:
    """What lines of these days may be of what is entered, mistakes apart: cheques that are neither
    bounced nor handed back, and may still be; transfers and card payments that no line is of. And
    what lines brought already, by company, amount and day."""
    steps = ChequeStep.objects.filter(payment=OuterRef("pk"))

    def day_of(state: ChequeState) -> Subquery:
        return Subquery(steps.filter(state=state).values("on")[:1])

    handed_back = Exists(Refund.objects.filter(payment=OuterRef("pk")))
    cheque = Q(~Exists(steps.filter(state=ChequeState.BOUNCED)), method=PaymentMethod.CHEQUE)
    cheque &= Q(~handed_back, cleared=None) | Q(cleared__gte=first - MAY_BOUNCE)
    seen = BankLine.objects.filter(payment=OuterRef("pk"), amount__gt=0)
    other = Q(
        method__in=[PaymentMethod.TRANSFER, PaymentMethod.CARD],
        received_on__range=(first - NEAR, last + NEAR),
    ) | Q(bank_line__booked_on__range=(first, last))
    rows: QuerySet[Any] = Payment.objects.filter(lessor=lessor_id).annotate(
        banked=day_of(ChequeState.BANKED),
        cleared=day_of(ChequeState.CLEARED),
        came=Coalesce("bank_line__booked_on", Subquery(seen.values("booked_on")[:1])),
    )
    cheques, entered, came = [], [], set()
    for pk, company, amount, received, number, method, banked, cleared, booked in (
        rows.filter(cheque | other)
        .exclude(mistaken())
        .order_by("pk")
        .values_list("pk", "company", "amount", "received_on", "reference", "method", "banked",
                     "cleared", "came")
    ):  # fmt: skip
        if booked is not None:
            came.add((company, amount, booked))
        if method == PaymentMethod.CHEQUE:
            told = (pk, company, amount, banked or received, number)
            cheques.append(Cheque(*told, banked=bool(banked), cleared=cleared))
        elif booked is None:
            entered.append(Entered(pk, company, amount, received, number))
    return cheques, entered, came


def _refunds(lessor_id: int, first: dt.date, last: dt.date) -> list[Entered]:
    rows = Refund.objects.filter(
        on__range=(first, last), by_mistake=False, bank_line=None, seen_on=None
    )
    rows = rows.filter(Q(payment__lessor=lessor_id) | Q(credit_note__lessor=lessor_id))
    return [
        Entered(pk, of_payment or of_note, amount, on, reference)
        for pk, of_payment, of_note, amount, on, reference in rows.order_by("pk").values_list(
            "pk", "payment__company", "credit_note__company", "amount", "on", "reference"
        )
    ]
