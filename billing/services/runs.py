"""Rent runs: computed, looked at, leases left out, dropped. `issuing` issues them."""

import datetime as dt
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    transaction,
)
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from billing import proposing
from billing.choices import ItemState, RunState
from billing.errors.runs import (
    BeforeBilling,
    BillingNotSet,
    ItemClosed,
    NoSiteToRun,
    RunClosed,
    RunOpen,
    TooFarAhead,
)
from billing.labels import REMEDIES
from billing.models import RentRun, RunItem, SiteBilling
from billing.selectors.due import Found, billable, found_for, last_day
from billing.services.settling import remember
from core.errors import DomainError, kept_of
from core.history import recorded
from core.inserting import insert
from core.jobs import wake_on_commit
from core.money import ZERO
from core.periods import add_months, today
from leases.choices import LeaseState
from leases.errors import ReasonNeeded
from leases.selectors.rows import LeaseRow, rows_of
from leases.selectors.statements import vat_table
from sites.models import Site
from sites.permissions import require
from sites.scopes import scope_of

logger = logging.getLogger(__name__)

COMPUTE_TASK: Final = "billing.compute_runs"
CHUNK: Final = 500
MONTHS_AHEAD: Final = 6
"""A slip of the hand in the year bills nobody's rents years before they are due."""
EXCLUSION_VIOLATION: Final = "23P01"
FAULTS: Final = (DomainError, DatabaseError, ArithmeticError, LookupError, ValueError)
"""What is wrong with a lease, and stops no other."""
_NOTHING: Final = Found(proposing.Proposal(), ZERO, (), ())


def draft_run(*, site: Site, month: dt.date, acting_user: User | None) -> RentRun:
    """Begin a run; a job computes it, chunk by chunk (`compute`).

    `month`: any day of it. Raises BillingNotSet, BeforeBilling, TooFarAhead, RunOpen, NotAllowed.
    """
    month = month.replace(day=1)
    with recorded(acting_user):
        require(acting_user, Action.ADD, "run", site.pk)
        settings = settings_of(site)
        if last_day(month) < settings.starts_on:
            raise BeforeBilling(day=settings.starts_on)
        if month > add_months(today(), MONTHS_AHEAD):
            raise TooFarAhead(months=MONTHS_AHEAD)
        open_run = RentRun.objects.open().filter(site=site).first()
        if open_run is not None:
            raise _is_open(open_run)
        run = RentRun(
            site=site,
            month=month,
            leases=billable(settings, month).count(),
            drafted_at=timezone.now(),
            drafted_by=acting_user,
        )
        try:
            with transaction.atomic():
                run.save()
        except IntegrityError as error:
            raise _is_open(RentRun.objects.open().get(site=site)) from error
        wake_on_commit(COMPUTE_TASK)
    return run


def draft_runs(*, month: dt.date, acting_user: User | None) -> list[RentRun]:
    """Begin the month's run at every site that bills by then and where the user may; one that has
    an open run keeps it. Raises NoSiteToRun, TooFarAhead."""
    sites = Site.objects.filter(billing__starts_on__lte=last_day(month.replace(day=1)))
    if acting_user is not None:
        sites = sites.within(scope_of(acting_user, Action.ADD, "run"))
    made = []
    with recorded(acting_user):
        for site in sites.order_by("code"):
            with suppress(RunOpen):
                made.append(draft_run(site=site, month=month, acting_user=acting_user))
    if not made:
        raise NoSiteToRun
    return made


def compute(run: RentRun) -> RentRun:
    """Look at the leases that are not looked at yet. Killed, it goes on where it was; two at a
    time do the same work once."""
    while True:
        with recorded(None):
            row = locked(run)
            if row.state != RunState.COMPUTING:
                return row
            settings = settings_of(row.site)
            waiting = billable(settings, row.month).filter(pk__gt=row.reached)
            leases = rows_of(waiting.order_by("id")[:CHUNK])
            if not leases:
                row.state = RunState.DRAFT
                row.save(update_fields=["state"])
                return row
            _propose(row, leases, settings)
            row.reached = leases[-1].pk
            row.looked_at = F("looked_at") + len(leases)
            row.save(update_fields=["reached", "looked_at"])


def compute_all() -> int:
    """Compute every run that waits for it. Returns how many."""
    waiting = RentRun.objects.filter(state=RunState.COMPUTING)
    return len([compute(run) for run in waiting])


def leave_out(*, item: RunItem, reason: str, acting_user: User | None) -> RunItem:
    """Not this lease, this time. Raises ReasonNeeded, ItemClosed, RunClosed, NotAllowed."""
    if not reason.strip():
        raise ReasonNeeded
    return _move(item, ItemState.PROPOSED, ItemState.LEFT_OUT, reason.strip(), acting_user)


def leave_out_anomalies(*, run: RentRun, acting_user: User | None) -> int:
    """Every lease that somebody should look at first. Returns how many. Raises RunClosed,
    NotAllowed."""
    with recorded(acting_user):
        row = locked(run)
        require(acting_user, Action.CHANGE, "run", row.site_id)
        _check_open(row)
        note = _("It has an anomaly.")
        found = row.items.waiting().exclude(anomalies=[])
        return found.update(state=ItemState.LEFT_OUT, note=note, acting_user=acting_user)


def take_in(*, item: RunItem, acting_user: User | None) -> RunItem:
    """This lease after all. Raises ItemClosed, RunClosed, NotAllowed."""
    return _move(item, ItemState.LEFT_OUT, ItemState.PROPOSED, "", acting_user)


def look_again(*, run: RentRun, acting_user: User | None) -> RentRun:
    """Compute what is not issued anew: leases that changed or failed, or were never looked at.

    Leases that were left out stay so. Raises RunClosed, NotAllowed.
    """
    with recorded(acting_user):
        row = locked(run)
        require(acting_user, Action.CHANGE, "run", row.site_id)
        _check_open(row)
        kept = [ItemState.ISSUED, ItemState.LEFT_OUT]
        row.items.exclude(state__in=kept).delete()
        row.state = RunState.COMPUTING
        row.reached = row.looked_at = 0
        row.leases = billable(settings_of(row.site), row.month).count()
        row.save(update_fields=["state", "reached", "looked_at", "leases"])
        wake_on_commit(COMPUTE_TASK)
    return row


def drop_run(*, run: RentRun, acting_user: User | None) -> RentRun:
    """Nothing more of it is issued; what was, stays. Raises RunClosed, NotAllowed."""
    with recorded(acting_user):
        row = locked(run)
        require(acting_user, Action.CHANGE, "run", row.site_id)
        if row.state in {RunState.ISSUING, RunState.ISSUED, RunState.DROPPED}:
            raise RunClosed(state=row.get_state_display())
        issued = row.items.filter(state=ItemState.ISSUED).exists()
        row.state = RunState.ISSUED if issued else RunState.DROPPED
        row.save(update_fields=["state"])
    return row


def settings_of(site: Site) -> SiteBilling:
    """Raises BillingNotSet."""
    settings = SiteBilling.objects.filter(site=site).first()
    if settings is None:
        raise BillingNotSet(site=site.code)
    return settings


def locked(run: RentRun) -> RentRun:
    return (
        RentRun.objects.select_for_update(of=("self",), no_key=True)
        .select_related("site__lessor")
        .get(pk=run.pk)
    )


def _check_open(run: RentRun) -> None:
    if run.state not in {RunState.DRAFT, RunState.PAUSED}:
        raise RunClosed(state=run.get_state_display())


def _is_open(run: RentRun) -> RunOpen:
    return RunOpen(month=f"{run.month:%Y-%m}")


def said_of(error: Exception) -> str:
    """Why a lease could not be billed and what to do, as far as its item has room for it."""
    if isinstance(error, DataError):
        return _(
            "An amount is larger than any document holds: put the rates of the lease right, then"
            " look again."
        )
    if getattr(error.__cause__, "pgcode", None) == EXCLUSION_VIOLATION:
        return _(
            "Some of its days are on another document already: look again. If it stays so, tell the"
            " developers."
        )
    return kept_of(error)


def _propose(run: RentRun, leases: Sequence[LeaseRow], settings: SiteBilling) -> None:
    """A chunk that fails is halved until the bad lease stands alone and is reported."""
    try:
        with transaction.atomic():
            _propose_all(run, leases, settings)
    except (OperationalError, InterfaceError):
        raise  # the database is away, which is no lease's fault: the sweep goes on with the run
    except FAULTS as error:
        half = len(leases) // 2
        if half:
            _propose(run, leases[:half], settings)
            _propose(run, leases[half:], settings)
            return
        logger.exception("Lease %s could not be computed for run %s.", leases[0].pk, run.pk)
        item = {**_item(run, leases[0].pk, _NOTHING), "state": ItemState.FAILED}
        insert(RunItem, [{**item, "note": said_of(error)}], ignore_conflicts=True)


def _propose_all(run: RentRun, leases: Sequence[LeaseRow], settings: SiteBilling) -> None:
    vat = vat_table(run.site.lessor_id)
    found = found_for(leases, settings, run.month, vat)
    _close([lease for lease in leases if not found[lease.pk]], last_day(run.month))
    items = [_item(run, pk, one) for pk, one in found.items() if one]
    insert(RunItem, items, ignore_conflicts=True)  # what was left out before stays so


def _close(leases: Sequence[LeaseRow], through: dt.date) -> None:
    """No run need look at a lease again that is over, and of which nothing can fall due any more:
    the longest billing term after its end is over too."""
    over = [
        lease.pk
        for lease in leases
        if lease.state == LeaseState.CANCELLED
        or (lease.exit_on is not None and add_months(lease.exit_on, 12) < through)
    ]
    if over:
        remember(over, through, closed=True)


def _item(run: RentRun, lease_id: int, found: Found) -> dict[str, Any]:
    proposal = proposing.as_json(found.proposal)
    blocking = next((REMEDIES[each] for each in found.anomalies if each in REMEDIES), "")
    return {
        "run_id": run.pk,
        "lease_id": lease_id,
        "state": _state(found, blocked=bool(blocking)),
        "note": str(blocking),
        "proposal": proposal,
        "digest": proposing.digest(proposal),
        "net": found.proposal.net,
        "vat": found.proposal.vat,
        "was": found.was,
        "changes": found.changes,
        "anomalies": found.anomalies,
    }


def _state(found: Found, *, blocked: bool) -> ItemState:
    if blocked:
        return ItemState.FAILED
    return ItemState.PROPOSED if found.proposal else ItemState.NOTHING


def _move(
    item: RunItem, before: ItemState, after: ItemState, note: str, acting_user: User | None
) -> RunItem:
    with recorded(acting_user, reason=note):
        run = locked(item.run)
        require(acting_user, Action.CHANGE, "run", run.site_id)
        _check_open(run)
        row = RunItem.objects.select_related("lease").get(pk=item.pk)
        if row.state != before:
            raise ItemClosed(number=row.lease.number, state=row.get_state_display())
        row.state, row.note, row.acting_user = after, note, acting_user
        row.save(update_fields=["state", "note", "acting_user"])
    return row
