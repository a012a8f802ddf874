"""Issue a run: chunk by chunk, each lease by itself; what is issued is what the preview showed."""

import logging
from collections.abc import Mapping, Sequence
from typing import Final

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.rights import Action
from billing import proposing
from billing.choices import CreditKind, InvoiceKind, ItemState, RunState
from billing.errors.runs import RunClosed
from billing.models import BilledPeriod, InvoiceLine, RentRun, RunItem, SiteBilling
from billing.proposing import Credit, Proposal
from billing.reconciling import Billed
from billing.selectors.due import last_day, proposals_for
from billing.selectors.totals import preview_of
from billing.services.documents import Draft, DraftLine, check_seller, reversing, write
from billing.services.runs import FAULTS, locked, said_of, settings_of
from billing.services.settling import remember
from core.errors import Stale
from core.history import recorded
from core.jobs import wake_on_commit
from leases.models import Lease
from leases.rent import DISCOUNT, RENT, Line
from leases.selectors.rows import LeaseRow, rows_of
from leases.selectors.statements import vat_table
from sites.permissions import require

logger = logging.getLogger(__name__)

ISSUE_TASK: Final = "billing.issue_runs"
CHUNK: Final = 500


def start_issuing(*, run: RentRun, acting_user: User | None, preview: str | None = None) -> RentRun:
    """A person issues the run; a job writes the documents. Asked for twice, it is issued once.

    `preview`: the stamp of what the person saw (`preview_of`). Raises RunClosed, Stale,
    SellerIncomplete, NotAllowed.
    """
    with recorded(acting_user):
        row = locked(run)
        require(acting_user, Action.ISSUE, "run", row.site_id)
        if row.state in {RunState.ISSUING, RunState.ISSUED}:
            return row
        if row.state not in {RunState.DRAFT, RunState.PAUSED}:
            raise RunClosed(state=row.get_state_display())
        if preview is not None and preview != preview_of(row):
            raise Stale
        check_seller(row.site.lessor)
        row.state = RunState.ISSUING
        row.issued_by = acting_user
        row.save(update_fields=["state", "issued_by"])
        wake_on_commit(ISSUE_TASK)
    return row


def pause(*, run: RentRun, acting_user: User | None) -> RentRun:
    """Stop after the chunk that is being written. Raises RunClosed, NotAllowed."""
    with recorded(acting_user):
        row = locked(run)
        require(acting_user, Action.ISSUE, "run", row.site_id)
        if row.state != RunState.ISSUING:
            raise RunClosed(state=row.get_state_display())
        row.state = RunState.PAUSED
        row.save(update_fields=["state"])
    return row


def issue(run: RentRun) -> RentRun:
    """Write the documents of a run that is being issued. Killed anywhere, it goes on where it was:
    a chunk is one transaction, numbers included."""
    items = RunItem.objects.waiting().filter(run=run).order_by("lease_id")
    while waiting := list(items.values_list("pk", flat=True)):
        for start in range(0, len(waiting), CHUNK):
            if not _issue_each(run, waiting[start : start + CHUNK]):
                run.refresh_from_db()
                return run
    with recorded(None):
        row = locked(run)
        if row.state == RunState.ISSUING and not items.exists():
            row.state = RunState.ISSUED
            row.issued_at = timezone.now()
            row.save(update_fields=["state", "issued_at"])
    return row


def issue_all() -> int:
    """Go on with every run that is being issued. Returns how many."""
    waiting = RentRun.objects.select_related("issued_by").filter(state=RunState.ISSUING)
    return len([issue(run) for run in waiting])


def _issue_each(run: RentRun, item_ids: Sequence[int]) -> bool:
    """Issue the items; a failing chunk is halved until the bad lease stands alone and is reported.
    False: the run is not being issued any more."""
    try:
        return _issue_chunk(run, item_ids)
    except (OperationalError, InterfaceError):
        raise  # the database is away, which is no lease's fault: the sweep goes on with the run
    except FAULTS as error:
        if len(item_ids) == 1:
            logger.exception("Item %s of run %s could not be billed.", item_ids[0], run.pk)
            _report(item_ids[0], error)
            return True
    half = len(item_ids) // 2
    return _issue_each(run, item_ids[:half]) and _issue_each(run, item_ids[half:])


def _report(item_id: int, error: Exception) -> None:
    with recorded(None):
        RunItem.objects.filter(pk=item_id, state=ItemState.PROPOSED).update(
            state=ItemState.FAILED, note=said_of(error)
        )


def _issue_chunk(run: RentRun, item_ids: Sequence[int]) -> bool:
    with recorded(run.issued_by):
        row = locked(run)
        if row.state != RunState.ISSUING:
            return False
        waiting = RunItem.objects.waiting().filter(pk__among=item_ids).order_by()
        items = {item.lease_id: item for item in waiting.only("lease", "digest")}
        # Acts on these leases wait until the chunk is written.
        held = Lease.objects.filter(pk__among=items).select_for_update(no_key=True)
        leases = rows_of(held.order_by("id"))
        settings, vat = settings_of(row.site), vat_table(row.site.lessor_id)
        proposals = proposals_for(leases, settings, row.month, vat)
        to_issue = [
            (lease, proposals[lease.pk].proposal)
            for lease in leases
            if _is_as_shown(items[lease.pk], proposals[lease.pk].proposal)
        ]
        issued = [items[lease.pk].pk for lease, _proposal in to_issue]
        RunItem.objects.filter(pk__among=issued).update(state=ItemState.ISSUED, note="")
        _write_all(row, settings, to_issue)
    return True


def _is_as_shown(item: RunItem, proposal: Proposal) -> bool:
    """Else it says why it is not issued."""
    if proposing.digest(proposing.as_json(proposal)) == item.digest:
        return True
    item.state = ItemState.CHANGED
    item.note = _("Something changed since the preview: look at it again.")
    item.save(update_fields=["state", "note"])
    return False


def _write_all(
    run: RentRun, settings: SiteBilling, proposals: Sequence[tuple[LeaseRow, Proposal]]
) -> None:
    back = [each for _lease, proposal in proposals for each in _taken_back(proposal)]
    lines = InvoiceLine.objects.in_bulk({each.line_id for each in back})
    drafts = []
    for lease, proposal in proposals:
        if proposal.bill or proposal.again:
            invoice = _invoice(lease, proposal, lines)
            drafts.append(invoice)
            if proposal.kept:
                drafts.append(_goodwill(lease, proposal, invoice))
        drafts += [_credit_note(lease, credit, lines) for credit in proposal.credits]
    BilledPeriod.objects.filter(pk__in=[each.id for each in back]).delete()
    remember([lease.pk for lease, _proposal in proposals], last_day(run.month))
    write(
        drafts,
        site=run.site,
        payment_days=settings.payment_days,
        run=run,
        acting_user=run.issued_by,
    )


def _taken_back(proposal: Proposal) -> list[Billed]:
    taken = [each for credit in proposal.credits for each in credit.taken]
    return [*taken, *proposal.again, *proposal.settled]


def _invoice(lease: LeaseRow, proposal: Proposal, lines: Mapping[int, InvoiceLine]) -> Draft:
    draft = Draft(InvoiceKind.INVOICE, lease.company_id, lease.pk)
    for line in proposal.bill:
        draft.lines.append(_line(line))
    for each in proposal.again:
        draft.lines.append(reversing(lines[each.line_id], each.period, -each.net, -each.vat))
    return draft


def _credit_note(lease: LeaseRow, credit: Credit, lines: Mapping[int, InvoiceLine]) -> Draft:
    draft = Draft(
        InvoiceKind.CREDIT_NOTE,
        lease.company_id,
        lease.pk,
        corrects_id=credit.invoice_id,
        credit_kind=CreditKind.CANCELLING,
        reason=gettext_lazy("Changed for days that were billed already."),
    )
    for each in credit.taken:
        draft.lines.append(reversing(lines[each.line_id], each.period, each.net, each.vat))
    for one in credit.lessened:
        line = _line(one.line)
        line.amount, line.vat, line.credits_id = -line.amount, -line.vat, one.of.line_id
        draft.lines.append(line)
    return draft


def _goodwill(lease: LeaseRow, proposal: Proposal, invoice: Draft) -> Draft:
    draft = Draft(
        InvoiceKind.CREDIT_NOTE,
        lease.company_id,
        lease.pk,
        of=invoice,
        credit_kind=CreditKind.COMMERCIAL,
        reason=gettext_lazy("Goodwill given before for these days goes on."),
    )
    for one in proposal.kept:
        line = _line(one.line)
        line.period, line.amount, line.vat = one.days, one.net, one.vat
        line.credits_line, line.due_on = one.position, None
        draft.lines.append(line)
    return draft


def _line(line: Line) -> DraftLine:
    assert line.vat_rate is not None  # else the lease is not proposed
    return DraftLine(
        kind=line.kind,
        label=line.label,
        space=line.space or "",
        charge_id=line.charge_id,
        period=line.period,
        unit=line.unit,
        rate=line.rate,
        area_m2=line.area_m2,
        per_months=line.per_months,
        amount=line.amount,
        vat_rate=line.vat_rate,
        vat_ground=line.vat_ground,
        vat=line.vat,
        is_rent=line.kind in {RENT, DISCOUNT},
        due_on=line.due_on,
    )
