"""What was noted by mistake: a handover, an end."""

from collections.abc import Iterator
from dataclasses import replace

from django.db.models import Q

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from core.periods import Period, today
from leases.changes import move_end
from leases.choices import ChargeKind, LeaseState, VersionAct
from leases.errors import LeaseGoesOn, ReasonNeeded
from leases.models import Lease, LeaseVersion
from leases.selectors.terms import terms_of
from leases.services.assignment import move_deposit, tell_of_stays
from leases.services.departures import note_who_left
from leases.services.locking import keep_version, locked
from leases.services.writing import write_terms
from leases.signals import occupation_changed
from leases.terms import ChargeTerms, LeaseTerms, from_json
from sites.permissions import require
from tenants.choices import Closing
from tenants.models import Company
from tenants.services import drop_succession


def take_back_handover(*, lease: Lease, reason: str, acting_user: User | None) -> Lease:
    """The keys did not go out: the lease is signed again, and nobody held over past its end.

    Raises ReasonNeeded, WrongLeaseState, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        row = locked(lease, states={LeaseState.ACTIVE})
        require(acting_user, Action.HAND_OVER, "lease", row.site_id)
        row.state = LeaseState.SIGNED
        row.handed_over_on = None
        row.save(update_fields=["state", "handed_over_on"])
        # The nightly job may have carried lettings on past the term's end.
        terms = terms_of(row)
        kept = move_end(terms, terms.period.end)
        if kept != terms:
            write_terms(row, kept, acting_user=acting_user)
            keep_version(row, act=VersionAct.KEYS_BACK, why=reason.strip(), acting_user=acting_user)
        occupation_changed.send(
            sender=Lease, lease=row, days=Period(row.period.start), acting_user=acting_user
        )
    return row


def take_back_end(*, lease: Lease, reason: str, acting_user: User | None) -> Lease:
    """The tenant is still there: the terms of before the end hold again. What went over to a lease
    that went on with it, and is cancelled, of the deposit comes back.

    Raises SpaceTaken when a space was let to others meanwhile, LeaseGoesOn when another company
    goes on with it, ReasonNeeded, WrongLeaseState, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        row = locked(lease, states={LeaseState.ENDED})
        require(acting_user, Action.HAND_OVER, "lease", row.site_id)
        following = Lease.objects.filter(follows=row).first()
        if following is not None:
            if following.state != LeaseState.CANCELLED:
                raise LeaseGoesOn(number=following.number)
            following.follows = None  # the assignment was a mistake: the lease may be assigned anew
            following.save(update_fields=["follows"])
            move_deposit(following, row, today(), acting_user)
            _succeeds_no_more(following.company, row.company, acting_user)
        row.state = LeaseState.ACTIVE
        row.exit_on = None
        row.exit_reason = row.end_reason = row.forwarding_address = ""
        row.save(
            update_fields=["state", "exit_on", "exit_reason", "end_reason", "forwarding_address"]
        )
        write_terms(row, _before_the_end(row), acting_user=acting_user)
        keep_version(row, act=VersionAct.REOPENED, why=reason.strip(), acting_user=acting_user)
        note_who_left([row.company_id], closing=Closing.STILL_THERE, acting_user=acting_user)
        occupation_changed.send(
            sender=Lease, lease=row, days=Period(row.period.start), acting_user=acting_user
        )
    return row


def _succeeds_no_more(company: Company, predecessor: Company, acting_user: User | None) -> None:
    """Unless another lease of the one went to the other too."""
    others = Lease.objects.filter(company=company, follows__company=predecessor)
    if others.exclude(state=LeaseState.CANCELLED).exists():
        return
    if drop_succession(company=company, predecessor=predecessor, acting_user=acting_user):
        tell_of_stays([company.pk, predecessor.pk], acting_user)


def _before_the_end(row: Lease) -> LeaseTerms:
    """The last terms that were not those of an end; a letting or charge that the end took away
    comes back under a new id, and what meters counted stays. An imported lease that had ended keeps
    its days."""
    versions = LeaseVersion.objects.filter(lease=row).order_by("-version")
    # The first version of a lease that goes on with another's is no end.
    assigned_on = Q(reason__startswith=VersionAct.ASSIGNED, version__gt=1)
    end = versions.filter(Q(reason__startswith=VersionAct.ENDED) | assigned_on).first()
    last = versions.filter(version__lt=end.version).first() if end is not None else versions.first()
    assert last is not None
    terms = from_json(last.terms)
    lettings = set(row.lettings.values_list("pk", flat=True))
    charges = set(row.charges.values_list("pk", flat=True))
    return replace(
        terms,
        lettings=tuple(
            replace(
                letting,
                id=letting.id if letting.id in lettings else None,
                continues=letting.continues if letting.id in lettings else letting.origin,
                charges=tuple(_back(each, charges) for each in letting.charges),
            )
            for letting in terms.lettings
        ),
        charges=(
            *(_back(each, charges) for each in terms.charges),
            *_metered_since(row, {each.id for each in terms.charges}),
        ),
    )


def _metered_since(row: Lease, known: set[int | None]) -> Iterator[ChargeTerms]:
    """Of meters that were read after the end."""
    for charge in terms_of(row).charges:
        if charge.kind == ChargeKind.METER and charge.id not in known:
            yield charge


def _back(charge: ChargeTerms, there: set[int]) -> ChargeTerms:
    return charge if charge.id in there else replace(charge, id=None, continues=charge.origin)
