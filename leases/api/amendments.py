"""`/api/v1/leases/{number}/amendments/`: drafted, looked at, then signed or dropped."""

from typing import Any, Final

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.bodies import NothingBody
from core.money import ZERO
from core.periods import Period, add_months, today
from leases.api import bodies, shapes
from leases.api.changes import wanted
from leases.api.reading import visible_lease
from leases.api.terms import terms_row
from leases.differences import months_compared
from leases.models import Amendment
from leases.selectors.statements import vat_table
from leases.services.amendments import draft_amendment, drop_amendment, sign_amendment
from leases.terms import from_json
from sites.api.base import Resource, Row, days
from sites.api.writing import once, read

_FACTS: Final = ("id", "number", "kind", "state", "effective_on", "reason", "signed_on")
MONTHS: Final = 12
"""That are compared, from the one in which the change takes effect."""


class Amendments(Resource):
    """Drafts of a lease's amendments."""

    resource = "lease"
    serializer_class = shapes.AmendmentDetailShape

    @extend_schema(
        description="Draft an amendment from one change; nothing changes before it is signed.",
        request=bodies.AmendmentBody,
        responses={201: shapes.AmendmentDetailShape},
    )
    @once
    def post(self, request: Request, number: str) -> Response:
        user: Any = request.user
        lease = visible_lease(user, number)
        given = read(request, bodies.AmendmentBody)
        asked = wanted(lease, given, user)
        drafted = draft_amendment(
            lease=lease,
            kind=asked.kind,
            effective_on=asked.effective_on,
            after=asked.after,
            reason=given["reason"],
            acting_user=user,
        )
        return Response(_in_full(drafted), status=201)


class AmendmentRow(Resource):
    """One amendment: the terms before and after it, and what it changes in the twelve months from
    the one in which it takes effect."""

    resource = "lease"
    serializer_class = shapes.AmendmentDetailShape

    def get(self, request: Request, number: str, pk: int) -> Response:
        return Response(_in_full(_visible(request.user, number, pk)))


class SignAmendment(Resource):
    """Its terms hold: it gets the lease's next number."""

    resource = "lease"
    serializer_class = shapes.AmendmentDetailShape

    @extend_schema(request=bodies.SignBody)
    @once
    def post(self, request: Request, number: str, pk: int) -> Response:
        user: Any = request.user
        signed = sign_amendment(
            amendment=_visible(user, number, pk),
            acting_user=user,
            **{"signed_on": today(), **read(request, bodies.SignBody)},
        )
        return Response(_in_full(signed))


class DropAmendment(Resource):
    """The draft is not wanted."""

    resource = "lease"
    serializer_class = shapes.AmendmentDetailShape

    @extend_schema(request=None)
    @once
    def post(self, request: Request, number: str, pk: int) -> Response:
        user: Any = request.user
        read(request, NothingBody)
        dropped = drop_amendment(amendment=_visible(user, number, pk), acting_user=user)
        return Response(_in_full(dropped))


def _visible(user: Any, number: str, pk: int) -> Amendment:
    lease = visible_lease(user, number)
    amendment = Amendment.objects.filter(lease=lease, pk=pk).first()
    if amendment is None:
        raise Http404
    amendment.lease = lease
    return amendment


def _in_full(amendment: Amendment) -> Row:
    before, after = from_json(amendment.before), from_json(amendment.after)
    months = months_compared(
        before,
        after,
        first=amendment.effective_on,
        count=MONTHS,
        vat=vat_table(amendment.lease.site.lessor_id),
    )
    first = months[0].month
    return {
        **{name: getattr(amendment, name) for name in _FACTS},
        "before": terms_row(before),
        "after": terms_row(after),
        "preview": {
            **days(Period(first, add_months(first, MONTHS))),
            "net_before": sum((each.before for each in months), ZERO),
            "net_after": sum((each.after for each in months), ZERO),
            "deposit_before": before.deposit_due,
            "deposit_after": after.deposit_due,
            "months": [
                {"month": f"{each.month:%Y-%m}", "before": each.before, "after": each.after}
                for each in months
            ],
        },
    }
