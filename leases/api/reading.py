"""`/api/v1/leases/{number}/`: one lease in full, and its versions."""

from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Action
from core.periods import today
from leases.api import shapes
from leases.api.terms import lease_charges, lettings_rows, terms_row
from leases.choices import LeaseState
from leases.models import Amendment, DepositEntry, Lease, LeaseVersion, Letting, Notice
from leases.selectors.deposits import deposit_of
from leases.selectors.terms import terms_of
from leases.terms import from_json
from sites.api.base import Resource, Row, days
from sites.scopes import scope_of

LEASE: Final = (
    "number",
    "tenant_kind",
    "state",
    "signed_on",
    "handed_over_on",
    "exit_on",
    "deposit_due",
)
COLUMNS: Final = ("id", "site__code", "company_id", "company__name", "period", "spaces", *LEASE)
_MORE: Final = (
    "exit_reason",
    "end_reason",
    "forwarding_address",
    "notice_months",
    "tacit_months",
    "maximum_stay_months",
)
_LINKS: Final = {
    "application": "application__reference",
    "follows": "follows__number",
    "followed_by": "followed_by__number",
}
_IN_FULL: Final = (*COLUMNS, *_LINKS.values(), *_MORE, "deposit_waiver")
_NOTICE: Final = ("given_by", "given_on", "last_day", "reason")
_ENTRY: Final = ("id", "act", "amount", "on", "method", "note", "reverses")
_AMENDMENT: Final = ("id", "number", "kind", "state", "effective_on", "reason", "signed_on")


def readable(user: Any) -> QuerySet[Lease]:
    """The leases that the user may see, with the codes of their spaces."""
    spaces = Letting.objects.filter(lease=OuterRef("pk"), space__isnull=False).order_by("id")
    return Lease.objects.visible_to(user).annotate(
        spaces=ArraySubquery(spaces.values("space__code"))
    )


def visible_lease(user: Any, number: str) -> Lease:
    """The lease under the number if the user may read it; else it does not exist."""
    rows = Lease.objects.visible_to(user).select_related("site", "company")
    lease = rows.filter(number=number).first()
    if lease is None:
        raise Http404
    return lease


def lease_row(row: Row) -> Row:
    """What lists and single leases say alike, from `COLUMNS`."""
    period = row["period"]
    return {
        "number": row["number"],
        "site": row["site__code"],
        "company": {"id": row["company_id"], "name": row["company__name"]},
        **{name: row[name] for name in LEASE[1:]},
        "holding_over": row["state"] == LeaseState.ACTIVE and period.is_past(today()),
        **days(period),
        "spaces": row["spaces"],
    }


def lease_in_full(user: Any, number: str) -> Row:
    """The lease as it stands now. Raises Http404."""
    lease = visible_lease(user, number)
    row = readable(user).filter(pk=lease.pk).values(*_IN_FULL).get()
    terms = terms_of(lease)
    notice = Notice.objects.standing().filter(lease=lease).values(*_NOTICE).first()
    amendments = Amendment.objects.filter(lease=lease).order_by("id").values(*_AMENDMENT)
    return {
        **lease_row(row),
        **{name: row[column] for name, column in _LINKS.items()},
        **{name: row[name] for name in _MORE},
        "lettings": lettings_rows(terms),
        "charges": lease_charges(terms),
        "deposit": _deposit(lease, row["deposit_waiver"], user),
        "notice": notice,
        "amendments": list(amendments),
    }


def _deposit(lease: Lease, waiver: str, user: Any) -> Row | None:
    """The account and its entries, the older first, for whoever may see deposits there."""
    if not scope_of(user, Action.VIEW, "deposit").covers(lease.site_id):
        return None
    account = deposit_of(lease)
    entries = DepositEntry.objects.filter(lease=lease).order_by("id").values(*_ENTRY)
    return {
        "due": account.due,
        "received": account.received,
        "returned": account.returned,
        "kept": account.kept,
        "held": account.held,
        "missing": account.missing,
        "waiver": waiver,
        "entries": [
            {**{name: entry[name] for name in _ENTRY[:-1]}, "takes_back": entry["reverses"]}
            for entry in entries
        ],
    }


class LeaseRow(Resource):
    """One lease: its lettings with rent steps, discounts and charges, its deposit (null: not
    yours to see), the notice that stands, and its amendments."""

    resource = "lease"
    serializer_class = shapes.LeaseDetailShape

    def get(self, request: Request, number: str) -> Response:
        return Response(lease_in_full(request.user, number))


class LeaseVersions(Resource):
    """The terms from one human act to the next, the older first: what was known, and since when."""

    resource = "lease"
    serializer_class = shapes.VersionsShape
    pagination_class = None

    @extend_schema(operation_id="leases_versions_retrieve")
    def get(self, request: Request, number: str) -> Response:
        lease = visible_lease(request.user, number)
        rows = LeaseVersion.objects.filter(lease=lease).order_by("version")
        return Response({"results": [_version(row) for row in rows.select_related("amendment")]})


def _version(row: LeaseVersion) -> Row:
    act, _colon, why = row.reason.partition(": ")
    amendment = getattr(row, "amendment", None)
    return {
        "version": row.version,
        "known_from": row.known_from,
        "act": act,
        "why": why,
        "amendment": amendment.number if amendment is not None else None,
        "terms": terms_row(from_json(row.terms)),
    }
