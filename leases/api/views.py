"""`/api/v1/leases/`, `/api/v1/lettings/`, and the public directory of hosted companies."""

from typing import Any, ClassVar, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.periods import today
from leases.api import shapes
from leases.api.drafting import LeasesDrafted
from leases.api.reading import COLUMNS, lease_row, readable
from leases.filters import LeaseFilter, LettingFilter
from leases.models import Lease, Letting, RentStep
from leases.selectors.hosting import hosting_lettings, listed_companies
from sites.api.base import (
    PAGING,
    ListResource,
    PublicView,
    Row,
    check_limit,
    days,
    in_languages,
)
from tenants.models import Company
from tenants.names import name_key


class LeaseList(LeasesDrafted, ListResource):
    """Leases of the client's sites, the oldest first."""

    resource = "lease"
    columns = COLUMNS
    filterset_class = LeaseFilter
    serializer_class = shapes.LeaseShape

    def get_queryset(self) -> QuerySet[Lease]:
        return readable(self.request.user)

    def shape(self, row: Row) -> Row:
        return lease_row(row)


_LETTING: Final = {
    "id": "id",
    "lease": "lease__number",
    "state": "lease__state",
    "site": "lease__site__code",
    "space": "space_id",
    "code": "space__code",
    "tenant_kind": "tenant_kind",
    "area_m2": "area_m2",
    "list_rate": "list_rate",
    "unit": "unit",
    "rate": "rate",
}


class LettingList(ListResource):
    """Lettings, those of drafts and cancelled leases too, with the rent of today: the rate of the
    rent step that is in force."""

    resource = "lease"
    columns = (*_LETTING.values(), "lease__company_id", "lease__company__name", "period")
    filterset_class = LettingFilter
    serializer_class = shapes.ListedLettingShape

    def get_queryset(self) -> QuerySet[Letting]:
        step = RentStep.objects.in_force_on(today()).filter(letting=OuterRef("pk"))
        return Letting.objects.visible_to(self.request.user).annotate(
            unit=Subquery(step.values("unit")[:1]), rate=Subquery(step.values("rate")[:1])
        )

    def shape(self, row: Row) -> Row:
        return {
            **{name: row[column] for name, column in _LETTING.items()},
            "company": {"id": row["lease__company_id"], "name": row["lease__company__name"]},
            **days(row["period"]),
        }


class PublicCompanies(PublicView):
    """The directory: hosted companies that agreed to be listed, by cursor."""

    many: ClassVar[bool] = True
    queryset = Company.objects.none()  # for the OpenAPI document
    serializer_class = shapes.ListedShape
    own_words = frozenset({"site", "sector", "q"})

    def known_words(self) -> frozenset[str]:
        return super().known_words() | PAGING

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Part of the name."),
            OpenApiParameter("site", str, description="Code of a site."),
            OpenApiParameter("sector", str, description="Code of a sector."),
        ]
    )
    def get(self, request: Request) -> Response:
        check_limit(request)
        asked = request.query_params
        if nul := [name for name, value in asked.items() if "\x00" in value]:
            raise ValidationError({name: [_("NUL is no letter.")] for name in nul})
        day = today()
        companies = listed_companies(day, site_code=asked.get("site", ""))
        if words := asked.get("q", "").strip():
            companies = companies.filter(name_key__contains=name_key(words))
        if sector := asked.get("sector"):
            companies = companies.filter(sectors__code=sector)
        here = hosting_lettings(day).filter(lease__company=OuterRef("pk"))
        rows = companies.annotate(
            site_codes=ArraySubquery(
                here.order_by("lease__site__code").values("lease__site__code").distinct()
            ),
        ).prefetch_related("sectors", "technologies")
        page: Any = self.paginate_queryset(rows.defer("phone"))
        return self.get_paginated_response([_listed(company) for company in page])


def _listed(company: Any) -> Row:
    return {
        "name": company.name,
        "sites": company.site_codes,
        "sectors": [in_languages(vars(word)) for word in company.sectors.all()],
        "technologies": [in_languages(vars(word)) for word in company.technologies.all()],
        "website": company.website,
    }
