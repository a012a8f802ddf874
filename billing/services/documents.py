"""Invoices and credit notes written in bulk: all is ready before the numbers are taken."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django.utils import timezone, translation
from django.utils.functional import Promise

from accounts.models import User
from billing.choices import InvoiceKind, LineSide
from billing.due_dates import due_on
from billing.errors.invoices import SellerIncomplete, SumTooLarge
from billing.models import BilledPeriod, Invoice, InvoiceLine, InvoicePaper, RentRun
from billing.selectors.holidays import holiday_changes
from billing.selectors.parties import clients_of, missing_marks, seller_of
from billing.selectors.withholding import rates_on
from billing.services import numbers
from billing.services.accounts import locked_many, opened
from billing.services.allocating import settle_corrected
from billing.services.announcing import announce_issued
from billing.services.papers import MAKE_TASK
from billing.signals import documents_issued
from core.inserting import insert
from core.jobs import wake_on_commit
from core.money import ZERO
from core.periods import Period
from leases.rent import DISCOUNT
from sites.models import Lessor, Site

LARGEST: Final = 1_000_000_000_000  # DH, what the columns hold


@dataclass(slots=True)
class DraftLine:
    """A line of a document without a number: the columns of `InvoiceLine`, DH.

    `due_on`: of days that a line bears, from which day on they were asked for; nobody bills them
    again. None: it bears none.
    """

    kind: str
    unit: str
    rate: Decimal
    amount: Decimal
    vat_rate: Decimal
    vat: Decimal
    label: str = ""
    space: str = ""
    charge_id: int | None = None
    period: Period | None = None
    area_m2: Decimal | None = None
    per_months: int = 1
    quantity: Decimal = Decimal(1)
    vat_ground: str = ""
    is_rent: bool = False
    credits_id: int | None = None
    credits_line: int | None = None  # of the document that is written with it: 0 is its first
    due_on: dt.date | None = None


@dataclass
class Draft:
    """A document without a number. `of`: a credit note of another one that is written with it."""

    kind: InvoiceKind
    company_id: int
    lease_id: int | None = None
    corrects_id: int | None = None
    of: "Draft | None" = None
    credit_kind: str = ""
    reason: str | Promise = ""  # our own words are said in the company's language
    lines: list[DraftLine] = field(default_factory=list)

    @property
    def net(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def vat(self) -> Decimal:
        return sum((line.vat for line in self.lines), ZERO)

    @property
    def asked_from(self) -> dt.date | None:
        """The day from which on all of it may be asked for, by the lease; None: at once."""
        return max((line.due_on for line in self.lines if line.due_on is not None), default=None)


def reversing(line: InvoiceLine, days: Period | None, net: Decimal, vat: Decimal) -> DraftLine:
    """A line like another, over some of its days, that credits it with an amount."""
    return DraftLine(
        kind=line.kind,
        label=line.label,
        space=line.space,
        charge_id=line.charge_id,
        period=days,
        unit=line.unit,
        rate=line.rate,
        area_m2=line.area_m2,
        per_months=line.per_months,
        quantity=line.quantity,
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
) -> list[tuple[int, dict[str, Any]]]:
    """Number and write the documents of one site, in their order; invoices first. Returns the id
    and the columns of each: thousands need no instances.

    To be called last in the transaction that made them, since it holds the lessor's series until
    that ends. Each has lines, and sums that are not negative. Raises SumTooLarge,
    SellerIncomplete.
    """
    if not drafts:
        return []
    check_seller(site.lessor)
    if any(draft.net + draft.vat >= LARGEST for draft in drafts):
        raise SumTooLarge
    lessor = site.lessor
    # Accounts before the series: who settles waits for an account, then for numbers, as we do.
    opened(lessor.pk, {draft.company_id for draft in drafts})
    # Credit notes settle what is open of what they correct.
    if credited := {d.company_id for d in drafts if d.kind == InvoiceKind.CREDIT_NOTE}:
        locked_many(lessor.pk, credited)
    ordered = sorted(
        drafts, key=lambda draft: (draft.kind != InvoiceKind.INVOICE, draft.of is not None)
    )
    about = {
        "site_id": site.pk,
        "run_id": run.pk if run is not None else None,
        "acting_user_id": acting_user.pk if acting_user is not None else None,
        "made_at": timezone.now(),
    }
    rows = [{**about, **row} for row in _numbered(ordered, lessor, payment_days)]
    keys = _insert(ordered, rows)
    insert(InvoicePaper, [{"invoice_id": key} for key in keys])
    wake_on_commit(MAKE_TASK)
    announce_issued(site, rows)
    issued = {row["issued_on"] for row in rows}
    documents_issued.send(
        sender=Invoice,
        site_id=site.pk,
        days=Period.through(min(issued), max(issued)),
        acting_user=acting_user,
    )
    written = list(zip(keys, rows, strict=True))
    notes = [
        Invoice(id=key, **row) for key, row in written if row["kind"] == InvoiceKind.CREDIT_NOTE
    ]
    settle_corrected(notes, acting_user=acting_user)
    return written


def check_seller(lessor: Lessor) -> None:
    """What is issued is frozen, with what its seller lacked. Raises SellerIncomplete."""
    if missing := missing_marks(seller_of(lessor)):
        raise SellerIncomplete(lessor=lessor.name, marks=", ".join(missing))


def write_one(draft: Draft, *, site: Site, payment_days: int, acting_user: User | None) -> Invoice:
    """The same for one document outside all runs."""
    ((key, row),) = write(
        [draft], site=site, payment_days=payment_days, run=None, acting_user=acting_user
    )
    return Invoice(id=key, **row)


def _numbered(
    drafts: Sequence[Draft], lessor: Lessor, payment_days: int
) -> Iterator[dict[str, Any]]:
    """Rows of invoices, with seller and client as they are today. From here on the lessor's series
    are held."""
    day = numbers.fiscal_day(lessor)
    changes = holiday_changes()
    due = cache(lambda asked_from: due_on(day, payment_days, changes, asked_from))
    seller, company_ids = seller_of(lessor), {draft.company_id for draft in drafts}
    clients = clients_of(company_ids, rates_on(company_ids, day))
    counts = Counter(draft.kind for draft in drafts)
    series = {kind: iter(numbers.take(lessor, kind, day, counts[kind])) for kind in counts}
    for draft in drafts:
        sequence = next(series[draft.kind])
        language, client = clients[draft.company_id]
        yield {
            "kind": draft.kind,
            "number": numbers.written(lessor, draft.kind, day.year, sequence),
            "lessor_id": lessor.pk,
            "year": day.year,
            "sequence": sequence,
            "company_id": draft.company_id,
            "lease_id": draft.lease_id,
            "issued_on": day,
            "due_on": due(draft.asked_from) if draft.kind == InvoiceKind.INVOICE else day,
            "language": language,
            "seller": seller,
            "client": client,
            "net": draft.net,
            "vat": draft.vat,
            "corrects_id": draft.corrects_id,
            "credit_kind": draft.credit_kind,
            "reason": _said(draft.reason, language),
        }


def _said(words: str | Promise, language: str) -> str:
    if isinstance(words, str):
        return words
    with translation.override(language):
        return str(words)


def _insert(drafts: Sequence[Draft], rows: Sequence[dict[str, Any]]) -> list[int]:
    """The documents with their lines; those that credit another one of them after it."""
    count = sum(draft.of is None for draft in drafts)
    keys = insert(Invoice, rows[:count])
    lines = _write_lines(drafts[:count], keys)
    if count == len(drafts):
        return keys
    written = {id(draft): at for at, draft in enumerate(drafts[:count])}
    for draft, row in zip(drafts[count:], rows[count:], strict=True):
        of = written[id(draft.of)]
        row["corrects_id"] = keys[of]
        for line in draft.lines:
            assert line.credits_line is not None
            line.credits_id = lines[of][line.credits_line]
    following = insert(Invoice, rows[count:])
    _write_lines(drafts[count:], following)
    return [*keys, *following]


def _write_lines(drafts: Sequence[Draft], invoice_ids: Sequence[int]) -> list[list[int]]:
    """All lines in one statement, as the triggers want it; then the days that they bear. Returns
    their ids by document."""
    lines = [
        (draft, line, {"invoice_id": invoice_id, "position": position, **_columns(line)})
        for draft, invoice_id in zip(drafts, invoice_ids, strict=True)
        for position, line in enumerate(draft.lines, 1)
    ]
    keys = insert(InvoiceLine, [row for _draft, _line, row in lines])
    insert(
        BilledPeriod,
        [
            {
                "lease_id": draft.lease_id,
                "charge_id": line.charge_id,
                "side": LineSide.DISCOUNT if line.kind == DISCOUNT else LineSide.CHARGE,
                "period": line.period,
                "due_on": line.due_on,
                "line_id": key,
            }
            for key, (draft, line, _row) in zip(keys, lines, strict=True)
            if line.due_on is not None
        ],
    )
    in_order = iter(keys)
    return [[next(in_order) for _line in draft.lines] for draft in drafts]


def _columns(line: DraftLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in _COLUMNS}


_COLUMNS: Final = [
    each.name for each in fields(DraftLine) if each.name not in {"credits_line", "due_on"}
]
