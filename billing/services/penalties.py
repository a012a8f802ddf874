"""Penalties for late payment: only what a lease's contract says, proposed, charged by a person."""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from billing.choices import CreditKind, InvoiceKind, PenaltyState
from billing.errors.overdue import PenaltiesApart, PenaltyDecided
from billing.models import (
    Allocation,
    Invoice,
    Payment,
    Penalty,
    PenaltyClause,
    SiteBilling,
)
from billing.penalties import Clause, Piece, Settled, Taken, propose
from billing.selectors.open_items import with_open
from billing.selectors.paying import mistaken
from billing.services.accounts import locked
from billing.services.documents import Draft, DraftLine, write_one
from billing.services.runs import settings_of
from core import formats
from core.errors import Stale
from core.history import recorded
from core.money import ZERO
from core.periods import ONE_DAY, first_of_month, today
from leases.errors import ReasonNeeded
from leases.models import Lease
from leases.rent import ONCE
from sites.permissions import require

logger = logging.getLogger(__name__)

PENALTY: Final = "penalty"
"""What a line of an invoice is that charges one."""
CHUNK: Final = 500


# --- What a contract says -----------------------------------------------------------------------
def set_clause(
    *,
    lease: Lease,
    yearly_rate: Decimal,
    clause: str,
    acting_user: User | None,
    grace_days: int = 0,
    cap: Decimal | None = None,
) -> PenaltyClause:
    """The lease's contract lets late payment be charged so. What is proposed follows at once; what
    was charged or dropped stays. Raises ValidationError, NotAllowed."""
    with recorded(acting_user):
        require(acting_user, Action.CHANGE, "dunning", lease.site_id)
        _hold(lease)
        row = PenaltyClause.objects.filter(lease=lease).first() or PenaltyClause(lease=lease)
        row.yearly_rate, row.grace_days, row.cap = yearly_rate, grace_days, cap
        row.clause = clause.strip()
        row.full_clean()
        row.save()
        _write(_late().filter(lease=lease))
    return row


def drop_clause(*, clause: PenaltyClause, acting_user: User | None) -> None:
    """The contract says no such thing (any more): nothing is proposed. Raises NotAllowed."""
    with recorded(acting_user):
        require(acting_user, Action.CHANGE, "dunning", clause.lease.site_id)
        _hold(clause.lease)
        Penalty.objects.proposed().filter(invoice__lease=clause.lease_id).delete()
        PenaltyClause.objects.filter(pk=clause.pk).delete()


def _hold(lease: Lease) -> None:
    """Two who change its clause wait for each other, and for who proposes, charges or drops what
    follows from it."""
    Lease.objects.select_for_update(of=("self",), no_key=True).get(pk=lease.pk)
    accounts = Invoice.objects.filter(lease=lease).order_by("lessor", "company")
    for account in accounts.values_list("lessor", "company").distinct():
        locked(*account)


# --- Proposed -----------------------------------------------------------------------------------
def propose_penalties() -> int:
    """Propose what the contracts let be asked: of what is still open up to the last month's end,
    of what is settled up to its day. Returns of how many invoices.

    A proposal follows what becomes known since: a payment of an earlier day, a cheque that
    bounced. Asked again, nothing changes. An invoice that fails is logged, and the others go on.
    """
    changed, after = 0, 0
    while True:
        invoices = list(_late().filter(pk__gt=after).order_by("pk")[:CHUNK])
        if not invoices:
            return changed
        after = invoices[-1].pk
        changed += sum(_tried(invoice) for invoice in _not_as_proposed(invoices))


def _late() -> QuerySet[Invoice]:
    """Invoices of leases with a clause that are, or were, paid late, or seemed to be. What charges
    penalties bears none; what a former lessor of the site issued is not this one's to charge."""
    settled_late = Allocation.objects.filter(invoice=OuterRef("pk"), on__gt=OuterRef("due_on"))
    proposed = Penalty.objects.proposed().filter(invoice=OuterRef("pk"))
    rows = Invoice.objects.filter(
        kind=InvoiceKind.INVOICE,
        lease__penalty_clause__isnull=False,
        charges_penalties__isnull=True,
        due_on__lt=today(),
        lessor=F("site__lessor"),
    )
    late = with_open(rows).filter(Q(open__gt=0) | Exists(settled_late) | Exists(proposed))
    return late.select_related("lease__penalty_clause")


def _not_as_proposed(invoices: Sequence[Invoice]) -> list[Invoice]:
    found = _pieces(invoices)
    known: dict[int, list[tuple[object, ...]]] = defaultdict(list)
    proposed = Penalty.objects.proposed().filter(invoice__in=invoices)
    for row in proposed.order_by("period"):
        known[row.invoice_id].append((row.period, row.base, row.amount, row.yearly_rate))
    return [
        invoice
        for invoice in invoices
        if known[invoice.pk]
        != [(piece.period, piece.base, piece.amount, _rate(invoice)) for piece in found[invoice.pk]]
    ]


def _tried(invoice: Invoice) -> bool:
    try:
        return _propose(invoice.pk)
    except Exception:
        logger.exception("The penalties of %s could not be proposed.", invoice.number)
        return False


def _propose(invoice_id: int) -> bool:
    """Once more under the account's lock, and written."""
    with recorded(None):
        locked(*Invoice.objects.values_list("lessor", "company").get(pk=invoice_id))
        return _write(_late().filter(pk=invoice_id)) > 0


def _write(late: QuerySet[Invoice]) -> int:
    """What may be asked for these, instead of what was proposed. Their accounts are locked.
    Returns of how many."""
    invoices = list(late)
    pieces = _pieces(invoices)
    Penalty.objects.proposed().filter(invoice__in=invoices).delete()
    Penalty.objects.bulk_create(
        Penalty(
            invoice=invoice,
            period=piece.period,
            base=piece.base,
            yearly_rate=_rate(invoice),
            amount=piece.amount,
            made_at=timezone.now(),
        )
        for invoice in invoices
        for piece in pieces[invoice.pk]
    )
    return len(invoices)


def _rate(invoice: Invoice) -> Decimal:
    assert invoice.lease is not None
    rate: Decimal = invoice.lease.penalty_clause.yearly_rate
    return rate


def _pieces(invoices: Sequence[Invoice]) -> Mapping[int, list[Piece]]:
    """By invoice (with `open` and its lease's clause), what may be asked beside what was charged
    or dropped."""
    settled: dict[int, list[Settled]] = defaultdict(list)
    # A cheque that bounced, and what was entered by mistake, settled nothing on any day.
    given = (
        Allocation.objects.filter(invoice__in=invoices)
        .exclude(payment__in=Payment.objects.void())
        .exclude(payment__in=Payment.objects.filter(mistaken()))
    )
    rows = given.annotate(
        # What its own credit note cancels was never owed.
        since=Case(
            When(
                credit_note__corrects=F("invoice"),
                credit_note__credit_kind=CreditKind.CANCELLING,
                then=F("invoice__issued_on"),
            ),
            default=F("on"),
        )
    )
    for invoice_id, on, amount in rows.values_list("invoice", "since", "amount"):
        settled[invoice_id].append(Settled(on, amount))
    taken: dict[int, list[Taken]] = defaultdict(list)
    decided = Penalty.objects.filter(invoice__in=invoices).exclude(state=PenaltyState.PROPOSED)
    for row in decided:
        asked = row.amount if row.state == PenaltyState.CHARGED else ZERO
        taken[row.invoice_id].append(Taken(row.period, asked))
    starts = dict(
        SiteBilling.objects.filter(site__in={invoice.site_id for invoice in invoices}).values_list(
            "site", "starts_on"
        )
    )
    return {
        invoice.pk: propose(
            total=invoice.total,
            due_on=invoice.due_on,
            settled=settled[invoice.pk],
            clause=_clause(invoice),
            taken=taken[invoice.pk],
            since=starts.get(invoice.site_id, invoice.due_on),
            through=_through(invoice),
        )
        for invoice in invoices
    }


def _clause(invoice: Invoice) -> Clause:
    assert invoice.lease is not None
    row: PenaltyClause = invoice.lease.penalty_clause
    return Clause(row.yearly_rate, row.grace_days, row.cap)


def _through(invoice: Invoice) -> dt.date:
    """The last day that is asked for. Of what is open, whole months: what a person looks at does
    not grow from day to day."""
    left: Decimal = invoice.open  # type: ignore[attr-defined]  # annotated
    return today() - ONE_DAY if left <= 0 else first_of_month(today()) - ONE_DAY


# --- Decided ------------------------------------------------------------------------------------
def charge_penalties(*, penalties: Sequence[Penalty], acting_user: User | None) -> Invoice:
    """Issue one invoice for them, a line each, outside the scope of VAT: they make good a loss and
    pay for nothing. Raises PenaltiesApart, PenaltyDecided, Stale, BillingNotSet, NotAllowed: after
    Stale what became known since is proposed."""
    invoices = {penalty.invoice_id: penalty.invoice for penalty in penalties}
    for site_id in {invoice.site_id for invoice in invoices.values()}:
        require(acting_user, Action.ISSUE, "dunning", site_id)
        require(acting_user, Action.ISSUE, "invoice", site_id)
    for invoice in _not_as_proposed(list(_late().filter(pk__in=invoices))):
        _propose(invoice.pk)
    with recorded(acting_user):
        rows = _locked(penalties)
        first = rows[0].invoice
        if len({row.invoice.site_id for row in rows}) > 1:
            raise PenaltiesApart
        _check_still_late(rows)
        leases = {row.invoice.lease_id for row in rows}
        draft = Draft(
            InvoiceKind.INVOICE,
            first.company_id,
            lease_id=first.lease_id if len(leases) == 1 else None,
        )
        language = first.company.language
        with translation.override(language):
            draft.lines += [_line(row, language) for row in rows]
        invoice = write_one(
            draft,
            site=first.site,
            payment_days=settings_of(first.site).payment_days,
            acting_user=acting_user,
        )
        Penalty.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=PenaltyState.CHARGED, charged_by=invoice, acting_user=acting_user
        )
    return invoice


def drop_penalty(*, penalty: Penalty, reason: str, acting_user: User | None) -> Penalty:
    """These days are not charged, and not proposed again. Raises ReasonNeeded, PenaltyDecided,
    Stale, NotAllowed."""
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason.strip()):
        (row,) = _locked([penalty])
        require(acting_user, Action.CHANGE, "dunning", row.invoice.site_id)
        row.state, row.reason, row.acting_user = PenaltyState.DROPPED, reason.strip(), acting_user
        row.save(update_fields=["state", "reason", "acting_user"])
    return row


def _locked(penalties: Sequence[Penalty]) -> list[Penalty]:
    """In the order of their days, all of them still proposed, their account held. Raises
    PenaltiesApart, PenaltyDecided, Stale."""
    ids = [penalty.pk for penalty in penalties]
    rows = Penalty.objects.select_related(
        "invoice__site__lessor", "invoice__company", "invoice__lease"
    ).filter(pk__in=ids)
    accounts = {(row.invoice.lessor_id, row.invoice.company_id) for row in rows}
    if len(accounts) > 1:
        raise PenaltiesApart
    for account in accounts:
        # The job that proposes them anew holds it too.
        locked(*account)
    found = list(rows.order_by("invoice", "period"))
    if not found or len(found) < len(set(ids)):
        raise Stale
    for row in found:
        if row.state != PenaltyState.PROPOSED:
            raise PenaltyDecided(state=row.get_state_display())
    return found


def _check_still_late(penalties: Sequence[Penalty]) -> None:
    """A payment may have become known since the job proposed them. Raises Stale."""
    found = _pieces(list(_late().filter(pk__in={row.invoice_id for row in penalties})))
    for row in penalties:
        if not any(
            piece.base == row.base and piece.period.covers(row.period)
            for piece in found.get(row.invoice_id, ())
        ):
            raise Stale


def _line(penalty: Penalty, language: str) -> DraftLine:
    label = _("Late payment of %(number)s: %(base)s at %(rate)s a year, %(days)s days") % {
        "number": penalty.invoice.number,
        "base": formats.money(penalty.base, language),
        "rate": formats.percent(penalty.yearly_rate / 100, language, decimals=2),
        "days": penalty.period.days,
    }
    return DraftLine(
        kind=PENALTY,
        label=label,
        period=penalty.period,
        unit=ONCE,
        rate=penalty.amount,
        amount=penalty.amount,
        vat_rate=ZERO,
        vat_ground=_("outside the scope of VAT: penalty for late payment"),
        vat=ZERO,
    )
