"""Pauses of reminding: for a dispute or a payment plan, of one invoice or of all at its site."""

from accounts.models import User
from accounts.rights import Action
from billing.choices import PauseKind
from billing.errors.overdue import PauseOver
from billing.models import DunningPause, Invoice
from billing.services.accounts import locked
from core.history import recorded
from core.periods import Period, today
from leases.errors import ReasonNeeded
from sites.permissions import require


def pause_reminders(
    *,
    invoice: Invoice,
    kind: PauseKind,
    period: Period,
    reason: str,
    acting_user: User | None,
    everything: bool = False,
) -> DunningPause:
    """Its company is not reminded of the invoice in that time; `everything`: of nothing at its
    site. Raises ReasonNeeded, NotAllowed."""
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason.strip()):
        require(acting_user, Action.ADD, "dunning", invoice.site_id)
        # Who is sending a letter is waited for.
        locked(invoice.lessor_id, invoice.company_id)
        pause = DunningPause(
            site=invoice.site,
            company=invoice.company,
            invoice=None if everything else invoice,
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
        require(acting_user, Action.CHANGE, "dunning", pause.site_id)
        pause = DunningPause.objects.select_for_update(no_key=True).get(pk=pause.pk)
        if pause.period.is_past(today()):
            raise PauseOver
        if pause.period.start >= today():
            pause.delete()
            return None
        pause.period = Period(pause.period.start, today())
        pause.save(update_fields=["period"])
    return pause
