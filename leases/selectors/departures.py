"""Which companies have left the network, and where they were last."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from leases.choices import LeaseState
from leases.models import Lease, Letting
from leases.querysets import LeaseQuerySet
from sites.choices import HOSTED_KINDS
from tenants.following import Departure


def hosting(companies: Collection[int]) -> LeaseQuerySet:
    """The leases of these companies (by id) that make, or made, one of them hosted."""
    hosted = Letting.objects.filter(lease=OuterRef("pk"), tenant_kind__in=HOSTED_KINDS)
    return Lease.objects.filter(Exists(hosted), company__in=companies)


def still_there(companies: Collection[int]) -> set[int]:
    """Of these companies, whoever has a lease that is signed or goes on: a move and a renewal
    are no exits."""
    rows = hosting(companies).filter(state__in=[LeaseState.SIGNED, LeaseState.ACTIVE])
    return set(rows.values_list("company", flat=True))


def departures(companies: Collection[int]) -> dict[int, Departure]:
    """Of these companies, the last exit of whoever has left; two queries for any number. Whoever
    goes on as another company has not."""
    gone = set(companies) - still_there(companies)
    if not gone:
        return {}
    ended = hosting(gone).filter(state=LeaseState.ENDED, company__succeeded_by=None)
    exits = ended.order_by("exit_on", "id").values_list("company", "site", "exit_on")
    return {
        company_id: Departure(site_id, left_on)
        for company_id, site_id, left_on in exits
        if left_on is not None
    }
