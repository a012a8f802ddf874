"""Amendments: drafted from the terms that are wanted, looked at, then signed or dropped."""

import datetime as dt

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from core.jobs import wake_on_commit
from core.periods import Period, today
from leases.choices import AmendmentKind, AmendmentState, LeaseState, VersionAct
from leases.errors import (
    AmendmentClosed,
    BadLeaseDate,
    BadTerms,
    LeaseMovedOn,
    NothingChanges,
    ReasonNeeded,
    StillHoldingOver,
)
from leases.flaws import flaws, same_before
from leases.labels import FLAWS
from leases.models import Amendment, Lease, LeaseVersion
from leases.selectors.terms import terms_of
from leases.services.documents import ISSUE_TASK
from leases.services.locking import keep_version, locked
from leases.services.writing import write_terms
from leases.signals import occupation_changed
from leases.terms import LeaseTerms, as_json, from_json
from sites.permissions import require

AMENDABLE = {LeaseState.SIGNED, LeaseState.ACTIVE}


def draft_amendment(
    *,
    lease: Lease,
    kind: AmendmentKind,
    effective_on: dt.date,
    after: LeaseTerms,
    reason: str,
    acting_user: User | None,
) -> Amendment:
    """Keep what is wanted beside what is; nothing changes yet.

    `after` says the same as the lease about every day before `effective_on`. Raises BadTerms,
    NothingChanges, ReasonNeeded, StillHoldingOver, WrongLeaseState, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        row = locked(lease, states=AMENDABLE)
        require(acting_user, Action.CHANGE, "lease", row.site_id)
        before = terms_of(row)
        check_change(row, before, after, effective_on)
        return Amendment.objects.create(
            lease=row,
            kind=kind,
            effective_on=effective_on,
            reason=reason.strip(),
            before=as_json(before),
            after=as_json(after),
            base=_last_version(row),
            acting_user=acting_user,
        )


def check_change(
    lease: Lease, before: LeaseTerms, after: LeaseTerms, effective_on: dt.date
) -> None:
    """Raises NothingChanges, StillHoldingOver, BadTerms for terms that cannot be drafted."""
    if after == before:
        raise NothingChanges
    end = before.period.end
    if end is not None and end == after.period.end and end <= min(effective_on, today()):
        # The nightly job could not tell what was given up from what goes on.
        raise StillHoldingOver(number=lease.number)
    if found := flaws(after):
        raise BadTerms(reasons=" ".join(str(FLAWS[flaw]) for flaw, _at in found))
    if not same_before(before, after, effective_on):
        raise BadTerms(reasons=str(FLAWS["changes_earlier"]), field="effective_on")


def sign_amendment(
    *, amendment: Amendment, signed_on: dt.date, acting_user: User | None
) -> Amendment:
    """Write the terms that were looked at, with the lease's next number. Twice changes nothing.
    A job issues its document.

    Raises LeaseMovedOn when another act came first, SpaceTaken, SpaceNotLettable, BadLeaseDate
    (in the future), AmendmentClosed, WrongLeaseState, NotAllowed.
    """
    if signed_on > today():
        reason = _("An amendment is not signed in the future.")
        raise BadLeaseDate(field="signed_on", reason=reason)
    with recorded(acting_user, reason=amendment.reason):
        row = locked(amendment.lease, states=AMENDABLE)
        require(acting_user, Action.SIGN, "lease", row.site_id)
        current = Amendment.objects.select_for_update(of=("self",)).get(pk=amendment.pk)
        if current.state == AmendmentState.SIGNED:
            return current
        _require_draft(current)
        if current.base_id != _last_version(row).pk:
            raise LeaseMovedOn(number=row.number)
        write_terms(row, from_json(current.after), acting_user=acting_user)
        current.version = keep_version(
            row, act=VersionAct.AMENDED, why=current.reason, acting_user=acting_user
        )
        last = row.amendments.aggregate(last=Max("number"))["last"] or 0
        current.number = last + 1
        current.state = AmendmentState.SIGNED
        current.signed_on = signed_on
        current.save(update_fields=["version", "number", "state", "signed_on"])
        wake_on_commit(ISSUE_TASK)
        # What is agreed of the end is known from the signature on, before it takes effect; a
        # correction finds what always was.
        since = min(current.effective_on, signed_on)
        if current.kind == AmendmentKind.CORRECTION:
            since = row.period.start
        occupation_changed.send(
            sender=Lease, lease=row, days=Period(since), acting_user=acting_user
        )
    return current


def drop_amendment(*, amendment: Amendment, acting_user: User | None) -> Amendment:
    """The draft is not wanted. Raises AmendmentClosed once signed, NotAllowed."""
    with recorded(acting_user):
        row = locked(amendment.lease, states=set(LeaseState))
        require(acting_user, Action.CHANGE, "lease", row.site_id)
        current = Amendment.objects.select_for_update(of=("self",)).get(pk=amendment.pk)
        if current.state != AmendmentState.DROPPED:
            _require_draft(current)
            current.state = AmendmentState.DROPPED
            current.save(update_fields=["state"])
    return current


def _require_draft(amendment: Amendment) -> None:
    if amendment.state != AmendmentState.DRAFT:
        raise AmendmentClosed(state=amendment.get_state_display())


def _last_version(row: Lease) -> LeaseVersion:
    return LeaseVersion.objects.filter(lease=row).latest("version")
