"""Pauses of reminding: for a dispute or a payment plan, of one invoice or of a whole account."""

from accounts.models import User
from accounts.rights import Action
from billing.choices import PauseKind
from billing.errors.money import OtherAccount
from billing.errors.overdue import PauseOver
from billing.models import Account, DunningPause, Invoice
from billing.services.accounts import locked
from core.history import recorded
from core.periods import Period, today
from leases.errors import ReasonNeeded
from sites.models import Lessor
from sites.permissions import refusal_of, require
from sites.scopes import scope_of
from tenants.models import Company


def pause_reminders(
    *,
    lessor: Lessor,
    company: Company,
    kind: PauseKind,
    period: Period,
    reason: str,
    acting_user: User | None,
    invoice: Invoice | None = None,
) -> DunningPause:
    """Nobody is reminded in that time of the invoice, or (None) of anything of the company.

    A whole account is paused by who may remind at one of the sites where the company is billed.
    Raises ReasonNeeded, OtherAccount, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason.strip()):
        account = locked(lessor.pk, company.pk)
        if invoice is not None and (invoice.lessor_id, invoice.company_id) != (
            lessor.pk,
            company.pk,
        ):
            raise OtherAccount(number=invoice.number, field="invoice")
        _require(acting_user, Action.ADD, account, invoice)
        pause = DunningPause(
            account=account,
            invoice=invoice,
            kind=kind,
            period=period,
            reason=reason.strip(),
            acting_user=acting_user,
        )
        pause.full_clean(exclude=["acting_user"])
        pause.save()
    return pause


def end_pause(*, pause: DunningPause, acting_user: User | None) -> DunningPause | None:
    """From today on it counts no more; None where it had not begun, and is gone. Raises PauseOver,
    NotAllowed."""
    with recorded(acting_user):
        row = DunningPause.objects.select_for_update(of=("self",), no_key=True)
        pause = row.select_related("account", "invoice").get(pk=pause.pk)
        _require(acting_user, Action.CHANGE, pause.account, pause.invoice)
        if pause.period.is_past(today()):
            raise PauseOver
        if pause.period.start >= today():
            pause.delete()
            return None
        pause.period = Period(pause.period.start, today())
        pause.save(update_fields=["period"])
    return pause


def _require(user: User | None, action: Action, account: Account, invoice: Invoice | None) -> None:
    if invoice is not None:
        require(user, action, "dunning", invoice.site_id)
        return
    if user is None:
        return
    scope = scope_of(user, action, "dunning")
    billed = Invoice.objects.filter(lessor=account.lessor_id, company=account.company_id)
    if not scope.network and not billed.within(scope).exists():
        raise refusal_of(user, action)
