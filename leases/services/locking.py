"""What every act on a lease begins and ends with."""

from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.models import User
from applications.services import steps
from leases.choices import LeaseState, VersionAct
from leases.errors import BadSteps, WrongLeaseState
from leases.models import Lease, LeaseVersion
from leases.selectors.terms import terms_of
from leases.terms import as_json


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


def lock_file_of(lease: Lease) -> None:
    """The file that the lease came from, to be locked before anything else by every act that tells
    it what became of the lease: whoever withdraws the file locks it first, and the lease then."""
    if lease.application is not None:
        steps.locked(lease.application)


def check_now() -> None:
    """Let the deferred keys speak inside the service, as a domain error."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        raise BadSteps from error


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
