"""`/api/v1/revenue/`: billed, collected and deferred by site and month, and what is contracted."""

import datetime as dt

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api import money_shapes
from billing.api.ageing import SITE, sites_asked
from billing.forms import MOST_MONTHS
from billing.selectors.revenue import forecast, revenue
from core.periods import add_months, first_of_month, today
from sites.api.base import Resource, day_asked
from sites.models import Site


class RevenueByMonth(Resource):
    """By site and month, DH; and for 36 months from this one what the leases make due, billed or
    not: drafts and one-off items apart, who holds over today at the last rate."""

    resource = "invoice"
    serializer_class = money_shapes.RevenueShape
    pagination_class = None
    own_words = frozenset({"from", "to", "site"})

    @extend_schema(
        operation_id="revenue_retrieve",
        parameters=[
            OpenApiParameter(
                "from", dt.date, description="Any day of the first month (a year before `to`)."
            ),
            OpenApiParameter("to", dt.date, description="Any day of the last month (today)."),
            SITE,
        ],
    )
    def get(self, request: Request) -> Response:
        last = first_of_month(day_asked(request, "to", today()))
        first = first_of_month(day_asked(request, "from", add_months(last, -11)))
        if last < first:
            raise ValidationError({"to": [_("The last day is before the first.")]})
        if add_months(first, MOST_MONTHS) <= last:
            raise ValidationError({"from": [_("Ask for at most ten years.")]})
        sites = sites_asked(request, self.scope(request))
        codes = dict(Site.objects.values_list("pk", "code"))
        told = revenue(request.user, first=first, last=last, site_ids=sites)
        promised = forecast(request.user, site_ids=sites)
        return Response(
            {
                "results": [
                    {
                        "site": codes[site],
                        "month": month,
                        "net": row.net,
                        "vat": row.vat,
                        "collected": row.collected,
                        "withheld": row.withheld,
                        "deferred": row.deferred,
                    }
                    for (site, month), row in told.items()
                ],
                "forecast": [
                    {"site": codes[site], "month": month, "rent": due.rent, "charges": due.charges}
                    for (site, month), due in promised.items()
                ],
            }
        )
