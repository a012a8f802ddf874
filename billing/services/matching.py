"""What becomes of a bank's line: a payment, a cheque's end, what was entered before, or nothing."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from billing.bank_matching import Candidate
from billing.choices import BankLineState, InvoiceKind, PaymentMethod
from billing.choices import MatchAct as Act
from billing.errors.bank import (
    LineDone,
    LineNotSetAside,
    MoneyCameIn,
    MoneyWentOut,
    NotBefore,
    SiteUnknown,
)
from billing.errors.money import OtherAccount
from billing.models import BankLine, BankStatement, Invoice, Payment, Refund
from billing.permissions import require_lessor
from billing.selectors.bank_book import proposals_for
from billing.services.accounts import locked
from billing.services.cheques import bounce_cheque, clear_cheque
from billing.services.payments import record_payment
from billing.services.refunds import refund
from billing.sharing import Portion
from core.errors import DomainError, Stale
from core.history import recorded
from leases.errors import ReasonNeeded
from sites.models import Site
from sites.permissions import require
from tenants.models import Company


@dataclass(slots=True)
class Accepted:
    """How many lines were accepted, and why others were not."""

    done: int = 0
    refused: list[tuple[BankLine, str]] = field(default_factory=list)


def accept_match(*, line: BankLine, key: str, acting_user: User | None) -> BankLine:
    """Do what a candidate says (`Candidate.key`), as a person saw it.

    Raises Stale where the line is not proposed to be that any more, LineDone, NotAllowed, and what
    the payment or the cheque is refused for.
    """
    with recorded(acting_user):
        held = _locked(line, acting_user)
        candidates = proposals_for(held.lessor_id, [held.pk]).get(held.pk, ())
        found = next((each for each in candidates if each.key == key), None)
        if found is None:
            raise Stale
        _take(held, found, acting_user)
    return held


def accept_all_sure(*, statement: BankStatement, acting_user: User | None) -> Accepted:
    """Accept what is sure of a statement's lines, each by itself: what is refused is told, the
    others go through. To be called outside a transaction. Raises NotAllowed."""
    require_lessor(acting_user, Action.CHANGE, "bank", statement.lessor)
    proposals = proposals_for(statement.lessor_id)
    lines = BankLine.objects.filter(statement=statement, state=BankLineState.NEW)
    accepted = Accepted()
    for line in lines.order_by("position"):
        best = next(iter(proposals.get(line.pk, ())), None)
        if best is None or not best.sure:
            continue
        try:
            with recorded(acting_user):
                _take(_locked(line, acting_user), best, acting_user)
        except DomainError as refusal:
            accepted.refused.append((line, refusal.message))
        else:
            accepted.done += 1
    return accepted


def match_by_hand(
    *,
    line: BankLine,
    company: Company,
    acting_user: User | None,
    shares: Sequence[Portion] | None = None,
    site: Site | None = None,
    received_on: dt.date | None = None,
    method: PaymentMethod = PaymentMethod.TRANSFER,
) -> Payment:
    """The line is a payment of a company. `shares`: of its invoices; None: the oldest first; what
    is over stays its credit. `received_on`: where the line's own month is closed, a later day.

    Raises SiteUnknown where nothing was billed to the company and no site is given, NotBefore,
    MoneyWentOut, LineDone, NotAllowed, and what the payment is refused for.
    """
    with recorded(acting_user):
        held = _locked(line, acting_user)
        if held.amount < 0:
            raise MoneyWentOut
        if received_on is not None and received_on < held.booked_on:
            raise NotBefore(day=held.booked_on)
        where = site or _site_of(held.lessor_id, company, shares or ())
        return _paid(
            held,
            company,
            shares,
            where,
            received_on=received_on,
            method=method,
            acting_user=acting_user,
        )


def refund_by_hand(
    *, line: BankLine, source: Payment | Invoice, reason: str, acting_user: User | None
) -> Refund:
    """The line is credit of a payment, or of a credit note, that was given back.

    Raises MoneyCameIn, OtherAccount, LineDone, NotAllowed, and what the refund is refused for.
    """
    with recorded(acting_user, reason=reason):
        held = _locked(line, acting_user)
        if held.amount > 0:
            raise MoneyCameIn
        if source.lessor_id != held.lessor_id:
            raise OtherAccount(number=source.number, field="source")
        made = refund(
            source=source,
            amount=-held.amount,
            on=held.booked_on,
            method=PaymentMethod.TRANSFER,
            reference=held.reference[:80],
            reason=reason,
            bank_line=held,
            acting_user=acting_user,
        )
        _done(held, BankLineState.MATCHED, "", acting_user)
    return made


def set_aside(*, line: BankLine, reason: str, acting_user: User | None) -> BankLine:
    """The line concerns no tenant: fees, salaries, a transfer between accounts.

    Raises ReasonNeeded, LineDone, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        held = _locked(line, acting_user)
        return _done(held, BankLineState.IGNORED, reason.strip(), acting_user)


def set_all_aside(*, statement: BankStatement, reason: str, acting_user: User | None) -> int:
    """All that went out and looks like nothing of any tenant, for one reason: what a lessor pays
    from the same account. Raises ReasonNeeded, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason.strip()):
        require_lessor(acting_user, Action.CHANGE, "bank", statement.lessor)
        proposals = proposals_for(statement.lessor_id)
        rows = BankLine.objects.select_for_update(of=("self",), no_key=True)
        waiting = rows.filter(statement=statement, state=BankLineState.NEW, amount__lt=0)
        held = waiting.order_by("pk").values_list("pk", flat=True)
        unknown = BankLine.objects.filter(pk__in=[pk for pk in held if not proposals.get(pk)])
        return unknown.update(
            state=BankLineState.IGNORED, note=reason.strip()[:300], acting_user=acting_user
        )


def take_up_again(*, line: BankLine, acting_user: User | None) -> BankLine:
    """What was set aside is to be matched after all, or is not what was entered before. (A payment
    that was made of it is undone instead.) Raises LineNotSetAside, NotAllowed."""
    with recorded(acting_user):
        held = _held(line, acting_user)
        if not held.may_be_taken_up:
            raise LineNotSetAside(state=held.get_state_display())
        held.payment = held.refund = None
        return _done(held, BankLineState.NEW, "", acting_user)


# --- One line, held ------------------------------------------------------------------------------
def _held(line: BankLine, acting_user: User | None) -> BankLine:
    """The line, for nobody else until the transaction ends."""
    rows = BankLine.objects.select_for_update(of=("self",), no_key=True)
    held = rows.select_related("lessor").get(pk=line.pk)
    require_lessor(acting_user, Action.CHANGE, "bank", held.lessor)
    return held


def _locked(line: BankLine, acting_user: User | None) -> BankLine:
    """One that still waits. Raises LineDone."""
    held = _held(line, acting_user)
    if held.state != BankLineState.NEW:
        raise LineDone(state=held.get_state_display())
    return held


def _done(line: BankLine, state: BankLineState, note: str, acting_user: User | None) -> BankLine:
    line.state, line.note, line.acting_user = state, note[:300], acting_user
    line.save(update_fields=["state", "note", "acting_user", "payment", "refund"])
    return line


def _take(line: BankLine, candidate: Candidate, acting_user: User | None) -> None:
    _HOW[candidate.act](line, candidate, acting_user)


def _pay(line: BankLine, candidate: Candidate, acting_user: User | None) -> None:
    company = Company.objects.get(pk=candidate.company_id)
    site = _site_of(line.lessor_id, company, candidate.shares)
    _paid(line, company, candidate.shares, site, acting_user=acting_user)


def _paid(
    line: BankLine,
    company: Company,
    shares: Sequence[Portion] | None,
    site: Site,
    *,
    received_on: dt.date | None = None,
    method: PaymentMethod = PaymentMethod.TRANSFER,
    acting_user: User | None,
) -> Payment:
    payment = record_payment(
        site=site,
        company=company,
        method=method,
        received_on=received_on or line.booked_on,
        amount=line.amount,
        acting_user=acting_user,
        shares=shares,
        reference=line.reference[:80],
        payer=line.counterparty,
        bank_line=line,
    )
    _done(line, BankLineState.MATCHED, "", acting_user)
    return payment


def _site_of(lessor_id: int, company: Company, shares: Sequence[Portion]) -> Site:
    """Where it was billed what it pays, or billed last."""
    billed = Invoice.objects.filter(
        lessor=lessor_id, company=company, kind=InvoiceKind.INVOICE
    ).select_related("site", "site__lessor")
    if shares:
        billed = billed.filter(pk__in=[share.invoice_id for share in shares]).order_by("id")
    last = billed.first()
    if last is None:
        raise SiteUnknown
    return last.site


def _clear(line: BankLine, candidate: Candidate, acting_user: User | None) -> None:
    cheques = _payments(line, candidate)
    for cheque in cheques:
        clear_cheque(payment=cheque, on=line.booked_on, acting_user=acting_user)
    if len(cheques) == 1:
        line.payment = cheques[0]
    _done(line, BankLineState.MATCHED, ", ".join(c.number for c in cheques), acting_user)


def _bounce(line: BankLine, candidate: Candidate, acting_user: User | None) -> None:
    (cheque,) = _payments(line, candidate)
    reason = line.words[:300] or _("The bank took it back.")
    bounce_cheque(payment=cheque, on=line.booked_on, reason=reason, acting_user=acting_user)
    line.payment = cheque
    _done(line, BankLineState.MATCHED, cheque.number, acting_user)


def _seen(line: BankLine, candidate: Candidate, acting_user: User | None) -> None:
    (line.payment,) = _payments(line, candidate)
    require(acting_user, Action.CHANGE, "payment", line.payment.site_id)
    _only_here(line, candidate, payment=line.payment)
    _done(line, BankLineState.MATCHED, line.payment.number, acting_user)


def _refunded(line: BankLine, candidate: Candidate, acting_user: User | None) -> None:
    assert candidate.refund_id is not None
    line.refund = Refund.objects.get(pk=candidate.refund_id)
    _only_here(line, candidate, refund=line.refund)
    _done(line, BankLineState.MATCHED, line.refund.number, acting_user)


def _only_here(line: BankLine, candidate: Candidate, **entered: Payment | Refund) -> None:
    """Two lines that would both be what was entered once wait for each other here."""
    locked(line.lessor_id, candidate.company_id)
    if BankLine.objects.filter(**entered).exists():
        raise Stale


def _payments(line: BankLine, candidate: Candidate) -> list[Payment]:
    rows = Payment.objects.filter(lessor=line.lessor_id, pk__in=candidate.payment_ids)
    return list(rows.select_related("site", "site__lessor").order_by("company_id", "pk"))


_HOW: Final[dict[Act, Callable[[BankLine, Candidate, User | None], None]]] = {
    Act.PAY: _pay,
    Act.CLEAR: _clear,
    Act.BOUNCE: _bounce,
    Act.SEEN: _seen,
    Act.REFUND: _refunded,
}
