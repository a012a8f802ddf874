"""What every act on a lease begins and ends with."""

from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.models import User
from leases.choices import LeaseState, VersionAct
from leases.errors import BadSteps, WrongLeaseState
from leases.models import Lease, LeaseVersion, Letting
from leases.terms import LeaseTerms, LettingTerms, as_json
from sites.rates import Step


def locked(lease: Lease, *, states: set[LeaseState]) -> Lease:
    """The row, locked. Raises WrongLeaseState unless it is in one of `states`."""
    row = (
        Lease.objects.select_for_update(of=("self",))
        .select_related("site", "company")
        .get(pk=lease.pk)
    )
    if row.state not in states:
        raise WrongLeaseState(number=row.number, state=row.get_state_display())
    return row


def check_now() -> None:
    """Let the deferred keys speak inside the service, as a domain error."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        raise BadSteps from error


def terms_of(lease: Lease) -> LeaseTerms:
    """The terms as the tables hold them now."""
    lettings = (
        Letting.objects.filter(lease=lease)
        .select_related("space")
        .prefetch_related("steps")
        .order_by("id")
    )
    return LeaseTerms(
        company_id=lease.company_id,
        tenant_kind=lease.tenant_kind,
        period=lease.period,
        deposit_due=lease.deposit_due,
        lettings=[_letting_terms(letting) for letting in lettings],
    )


def keep_version(
    lease: Lease, *, act: VersionAct, acting_user: User | None, why: str = ""
) -> LeaseVersion:
    """Write the terms as they stand now as the next version of a *locked* lease."""
    last = LeaseVersion.objects.filter(lease=lease).order_by("-version").first()
    return LeaseVersion.objects.create(
        lease=lease,
        version=last.version + 1 if last else 1,
        terms=as_json(terms_of(lease)),
        reason=f"{act}: {why}"[:300] if why else act,
        known_from=timezone.now(),
        acting_user=acting_user,
    )


def _letting_terms(letting: Letting) -> LettingTerms:
    steps = sorted(letting.steps.all(), key=lambda step: step.period.start)
    return LettingTerms(
        space_id=letting.space_id,
        space=letting.space.code if letting.space else None,
        area_m2=letting.area_m2,
        period=letting.period,
        unit=steps[0].unit if steps else "per_m2",
        steps=[Step(step.period, step.rate) for step in steps],
    )
