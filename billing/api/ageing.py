"""`/api/v1/ageing/`: what is owed as of any day, by how late it is."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from billing.ageing import Aged, together
from billing.api import money_shapes
from billing.api.accounts import aged_row
from billing.selectors.ageing import ageing
from core.periods import today
from sites.api.base import Resource, day_asked
from sites.models import Lessor, Site
from sites.scopes import Scope
from tenants.models import Company

SITE = OpenApiParameter(
    "site", str, description="Code of a site; all of the client's when left out."
)


class Ageing(Resource):
    """Together, by site, and by company: invoices issued by the day, less what settled them by
    then. Credit, awaited certificates and deposits stand beside."""

    resource = "payment"
    serializer_class = money_shapes.AgeingShape
    pagination_class = None
    own_words = frozenset({"on", "site"})

    @extend_schema(
        operation_id="ageing_retrieve",
        parameters=[OpenApiParameter("on", dt.date, description="As of this day (today)."), SITE],
    )
    def get(self, request: Request) -> Response:
        on = day_asked(request, "on", today())
        sites = sites_asked(request, self.scope(request))
        found = ageing(request.user, on, site_ids=sites)
        companies = Company.objects.filter(pk__in={of.company_id for of in found})
        names = dict(companies.values_list("pk", "name"))
        codes = dict(Site.objects.values_list("pk", "code"))
        lessors = dict(Lessor.objects.values_list("pk", "code"))
        of_site: dict[int, list[Aged]] = defaultdict(list)
        for of, row in found.items():
            of_site[of.site_id].append(row)
        return Response(
            {
                "on": on,
                "total": aged_row(together(found.values())),
                "sites": [
                    {"site": codes[pk], **aged_row(together(of_site[pk]))} for pk in sorted(of_site)
                ],
                "results": [
                    {
                        "company": {"id": of.company_id, "name": names[of.company_id]},
                        "site": codes[of.site_id],
                        "lessor": lessors[of.lessor_id],
                        **aged_row(found[of]),
                    }
                    for of in sorted(found, key=lambda of: (of.company_id, of.site_id))
                ],
            }
        )


def sites_asked(request: Request, scope: Scope) -> list[int] | None:
    """Of `?site=`; None: all that the client sees. Raises ValidationError."""
    code: Any = request.query_params.get("site")
    if code is None:
        return None
    known = dict(Site.objects.within(scope).order_by("code").values_list("code", "pk"))
    if code not in known:
        told = _("Known: %(known)s.") % {"known": ", ".join(known)}
        raise ValidationError({"site": [told]})
    return [known[code]]
