"""`GET /api/v1/leases/{number}/statement/`: what a lease makes due, and why."""

import datetime as dt
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.periods import Period, add_months, today
from leases.api import shapes
from leases.api.reading import visible_lease
from leases.errors import NothingKnownYet
from leases.explaining import formula
from leases.models import Lease
from leases.rent import Line, RentStatement
from leases.selectors.statements import statement
from sites.api.base import Resource, Row, day_asked, days

MOST_MONTHS: Final = 120
"""Of one statement: a stay of ten years."""


class LeaseStatement(Resource):
    """What the lease makes due from a day to another, both included, by its terms of today or as
    they were known on a day. Each line says how its amount came about."""

    resource = "lease"
    serializer_class = shapes.StatementShape
    pagination_class = None
    own_words = frozenset({"from", "to", "known_on"})

    @extend_schema(
        parameters=[
            OpenApiParameter("from", dt.date, required=True),
            OpenApiParameter(
                "to",
                dt.date,
                required=True,
                description=f"The last day, at most {MOST_MONTHS} months after the first.",
            ),
            OpenApiParameter(
                "known_on", dt.date, description="By the terms as they were known on that day."
            ),
        ]
    )
    def get(self, request: Request, number: str) -> Response:
        period = _period(day_asked(request, "from"), day_asked(request, "to"))
        known_on = None
        if "known_on" in request.query_params:
            known_on = day_asked(request, "known_on")
            if known_on > today():
                raise ValidationError({"known_on": [_("The day has not come yet.")]})
        lease = visible_lease(request.user, number)
        return Response(statement_row(lease, period, known_on))


def statement_row(lease: Lease, period: Period, known_on: dt.date | None) -> Row:
    """The statement as programs read it. Raises NothingKnownYet."""
    due = statement(lease, period, known_on=known_on)
    if due is None:
        raise NothingKnownYet(number=lease.number)
    return {"lease": lease.number, **days(period), "known_on": known_on, **due_row(due)}


def due_row(due: RentStatement) -> Row:
    language = get_language() or "fr"
    return {
        "lines": [_line(line, language) for line in due.lines],
        "net": due.net,
        "vat": due.vat,
        "total": due.total,
        "by_vat_rate": [
            {"rate": rate, "net": net, "vat": vat} for rate, (net, vat) in due.by_vat_rate.items()
        ],
        "forgone": due.forgone,
    }


def _line(line: Line, language: str) -> dict[str, Any]:
    return {
        "letting": line.letting_id,
        "charge": line.charge_id,
        "kind": line.kind,
        "label": line.label,
        "space": line.space,
        **days(line.period),
        "unit": line.unit,
        "rate": line.rate,
        "area_m2": None if line.area_m2 is None else round(line.area_m2, 2),
        "months": [
            {"month": f"{part.month:%Y-%m}", "days": part.days, "of": part.of}
            for part in line.parts
        ],
        "per_months": line.per_months,
        "in_advance": line.rhythm.in_advance,
        "amount": line.amount,
        "vat_rate": line.vat_rate,
        "vat_ground": line.vat_ground,
        "vat": line.vat,
        "explanation": formula(line, language),
    }


def _period(first: dt.date, last: dt.date) -> Period:
    if last < first:
        raise ValidationError({"to": [_("The last day is before the first.")]})
    period = Period.through(first, last)
    if period.end is not None and period.end > add_months(first, MOST_MONTHS):
        reason = _("At most %(most)s months at once.") % {"most": MOST_MONTHS}
        raise ValidationError({"to": [reason]})
    return period
