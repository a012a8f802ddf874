"""Credit notes by hand: a whole invoice, lines, days or amounts; cancelling, or of goodwill."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from accounts.models import User
from accounts.rights import Action
from billing.choices import CreditKind, InvoiceKind
from billing.crediting import Left, outside, shared, within, worth
from billing.errors.invoices import (
    CreditTooLarge,
    DaysTaken,
    NoSuchDays,
    NotAnInvoice,
    NothingToCredit,
)
from billing.models import BilledPeriod, Invoice, InvoiceLine, Settled
from billing.selectors.invoices import last_note
from billing.selectors.left import left_of
from billing.services.accounts import locked
from billing.services.documents import Draft, reversing, write_one
from billing.services.runs import settings_of
from core.errors import Stale
from core.history import recorded
from core.money import ZERO
from core.periods import Period
from leases.errors import ReasonNeeded
from leases.models import Lease
from sites.permissions import require


@dataclass(frozen=True, slots=True)
class Part:
    """Of one line: all that is left; or an amount without tax; or some of its days."""

    line_id: int
    net: Decimal | None = None
    days: Period | None = None


Gift = tuple[InvoiceLine, Left, Period | None]


def credit_all(
    *,
    invoice: Invoice,
    kind: CreditKind,
    reason: str,
    acting_user: User | None,
    after: int | None = None,
) -> Invoice:
    """All that is left of an invoice. Cancelling, its days may be billed again.

    `after`, of every way to credit: the id of the last credit note that the user knew of (0: none;
    None: whichever), so that one sent twice is issued once. Raises NothingToCredit, NotAnInvoice,
    ReasonNeeded, Stale, NotAllowed.
    """
    parts = [Part(pk) for pk in invoice.lines.order_by("position").values_list("pk", flat=True)]
    return credit_parts(
        invoice=invoice, parts=parts, kind=kind, reason=reason, acting_user=acting_user, after=after
    )


def credit_amount(
    *,
    invoice: Invoice,
    net: Decimal,
    reason: str,
    acting_user: User | None,
    after: int | None = None,
) -> Invoice:
    """An amount without tax of the whole invoice, as goodwill, shared by its lines: nothing of it
    is billed again. Raises CreditTooLarge, NotAnInvoice, ReasonNeeded, Stale, NotAllowed."""
    with recorded(acting_user, reason=reason):
        lines = _locked(invoice, reason, acting_user, after)
        left = left_of(lines.values())
        of = list(lines.values())
        try:
            shares = shared(net, [left[pk] for pk in lines], [line.charge_id for line in of])
        except ValueError as error:
            raise _too_large(left.values()) from error
        gifts: list[Gift] = [(line, share, None) for line, share in zip(of, shares, strict=True)]
        gifts = _fitting(invoice, left.values(), gifts, CreditKind.COMMERCIAL)
        return _write(invoice, gifts, CreditKind.COMMERCIAL, reason, acting_user)


def credit_parts(
    *,
    invoice: Invoice,
    parts: Sequence[Part],
    kind: CreditKind,
    reason: str,
    acting_user: User | None,
    after: int | None = None,
) -> Invoice:
    """Some lines, or some of their days or amounts.

    Cancelling takes back days, which may be billed again; so an amount of a line that bears days is
    goodwill. Raises CreditTooLarge, NothingToCredit, NoSuchDays, DaysTaken, NotAnInvoice,
    ReasonNeeded, Stale, NotAllowed.
    """
    with recorded(acting_user, reason=reason):
        lines = _locked(invoice, reason, acting_user, after)
        before = left_of(lines.values())
        left, gifts = dict(before), list[Gift]()
        for part in parts:
            line = lines[part.line_id]
            gift = _gift(part, line, left[line.pk])
            left[line.pk] = left[line.pk].without(gift)
            gifts.append((line, gift, part.days))
            bears = list(BilledPeriod.objects.filter(line=line))
            if part.days is not None and not any(row.period.covers(part.days) for row in bears):
                raise DaysTaken(position=line.position)
            if kind == CreditKind.CANCELLING:
                _free(line, part, bears)
        gifts = _fitting(invoice, before.values(), gifts, kind)
        return _write(invoice, gifts, kind, reason, acting_user)


def _locked(
    invoice: Invoice, reason: str, acting_user: User | None, after: int | None
) -> dict[int, InvoiceLine]:
    """The lines by id, in their order, while nobody else credits them or bills the lease."""
    require(acting_user, Action.ISSUE, "invoice", invoice.site_id)
    if not reason.strip():
        raise ReasonNeeded
    if invoice.kind != InvoiceKind.INVOICE:
        raise NotAnInvoice(number=invoice.number)
    if invoice.lease_id is not None:
        Lease.objects.select_for_update(no_key=True).get(pk=invoice.lease_id)
    locked(invoice.lessor_id, invoice.company_id)
    if after is not None and after != last_note(invoice):
        raise Stale
    lines = invoice.lines.select_related("invoice").order_by("position")
    return {line.pk: line for line in lines}


def _gift(part: Part, line: InvoiceLine, left: Left) -> Left:
    if part.days is not None:
        if line.period is None or not line.period.covers(part.days):
            raise NoSuchDays(position=line.position)
        if part.days == line.period:
            return left
        cost = worth(
            part.days,
            unit=line.unit,
            rate=line.rate,
            area_m2=line.area_m2,
            per_months=line.per_months,
        )
        return left.at_most(cost)
    if part.net is None:
        return left
    try:
        return left.part(part.net)
    except ValueError as error:
        raise _too_large([left]) from error


def _fitting(
    invoice: Invoice, left: Iterable[Left], gifts: Sequence[Gift], kind: CreditKind
) -> list[Gift]:
    """The gifts, where all lines together have so much left: none is given back whole whose
    discount stays. Goodwill is never more than the invoice itself still asks; what is cancelled may
    be, where its discount was taken back by a later invoice. Raises CreditTooLarge."""
    net, vat = _sums(left)
    if kind == CreditKind.COMMERCIAL:
        noted = invoice.credit_notes.aggregate(net=Sum("net"), vat=Sum("vat"))
        net = min(net, invoice.net - (noted["net"] or ZERO))
        vat = min(vat, invoice.vat - (noted["vat"] or ZERO))
    given = [gift for _line, gift, _days in gifts]
    if _sums(given)[0] > net:
        raise CreditTooLarge(left=max(net, ZERO))
    try:
        fitting = within(given, vat)
    except ValueError as error:
        raise CreditTooLarge(left=max(net, ZERO)) from error
    return [(line, gift, days) for (line, _gift, days), gift in zip(gifts, fitting, strict=True)]


def _sums(each: Iterable[Left]) -> tuple[Decimal, Decimal]:
    rows = list(each)
    return sum((one.net for one in rows), ZERO), sum((one.vat for one in rows), ZERO)


def _free(line: InvoiceLine, part: Part, rows: Sequence[BilledPeriod]) -> None:
    """The days that are taken back may be billed again; the line still bears the others."""
    if part.net is not None and rows:
        raise NoSuchDays(position=line.position)
    for row in rows:
        kept = outside(row.period, part.days) if part.days is not None else []
        if kept == [row.period]:
            continue
        row.delete()
        BilledPeriod.objects.bulk_create(
            BilledPeriod(
                lease_id=row.lease_id,
                charge_id=row.charge_id,
                side=row.side,
                period=period,
                due_on=row.due_on,
                line=line,
            )
            for period in kept
        )


def _write(
    invoice: Invoice,
    gifts: Iterable[Gift],
    kind: CreditKind,
    reason: str,
    acting_user: User | None,
) -> Invoice:
    draft = Draft(
        InvoiceKind.CREDIT_NOTE,
        invoice.company_id,
        invoice.lease_id,
        corrects_id=invoice.pk,
        credit_kind=kind,
        reason=reason.strip(),
    )
    for line, gift, days in gifts:
        if gift.net or gift.vat:
            draft.lines.append(reversing(line, days or line.period, gift.net, gift.vat))
    if not draft.lines:
        raise NothingToCredit
    if draft.net < ZERO:
        raise _too_large([])
    if invoice.lease_id is not None:
        Settled.objects.filter(lease=invoice.lease_id).delete()
    days_to_pay = settings_of(invoice.site).payment_days
    return write_one(draft, site=invoice.site, payment_days=days_to_pay, acting_user=acting_user)


def _too_large(left: Iterable[Left]) -> CreditTooLarge:
    return CreditTooLarge(left=max(_sums(left)[0], ZERO))
