"""`/api/v1/leases/`, and the public directory of hosted companies."""

from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.periods import today
from leases.api import shapes
from leases.choices import LeaseState
from leases.filters import LeaseFilter
from leases.models import Lease, Letting
from leases.selectors.hosting import hosting_lettings, listed_companies
from sites.api.base import (
    PAGING,
    ListResource,
    PublicView,
    Row,
    RowResource,
    check_limit,
    days,
    in_languages,
)
from tenants.models import Company
from tenants.names import name_key

_LEASE = ("number", "tenant_kind", "state", "signed_on", "handed_over_on", "exit_on", "deposit_due")
_COLUMNS = ("id", "site__code", "company_id", "company__name", "period", "spaces", *_LEASE)


def _leases(request: Request) -> QuerySet[Lease]:
    spaces = Letting.objects.filter(lease=OuterRef("pk"), space__isnull=False).order_by("id")
    return Lease.objects.visible_to(request.user).annotate(
        spaces=ArraySubquery(spaces.values("space__code"))
    )


def _lease(row: Row) -> Row:
    period = row["period"]
    return {
        "number": row["number"],
        "site": row["site__code"],
        "company": {"id": row["company_id"], "name": row["company__name"]},
        **{name: row[name] for name in _LEASE[1:]},
        "holding_over": row["state"] == LeaseState.ACTIVE and period.is_past(today()),
        **days(period),
        "spaces": row["spaces"],
    }


class LeaseList(ListResource):
    """Leases of the client's sites, the oldest first."""

    resource = "lease"
    columns = _COLUMNS
    filterset_class = LeaseFilter
    serializer_class = shapes.LeaseShape

    def get_queryset(self) -> QuerySet[Lease]:
        return _leases(self.request)

    def shape(self, row: Row) -> Row:
        return _lease(row)


class LeaseRow(RowResource):
    """One lease with its lettings and their rent steps."""

    resource = "lease"
    columns = (*_COLUMNS, "application__reference", "end_reason")
    serializer_class = shapes.LeaseDetailShape
    lookup_field = "number"

    def get_queryset(self) -> QuerySet[Lease]:
        return _leases(self.request)

    def shape(self, row: Row) -> Row:
        lettings = Letting.objects.filter(lease=row["id"]).order_by("id")
        return {
            **_lease(row),
            "application": row["application__reference"],
            "end_reason": row["end_reason"],
            "lettings": [
                _letting(letting)
                for letting in lettings.select_related("space").prefetch_related("steps")
            ],
        }


def _letting(letting: Letting) -> Row:
    steps = sorted(letting.steps.all(), key=lambda step: step.period.start)
    return {
        "space": letting.space.code if letting.space else None,
        "area_m2": letting.area_m2,
        **days(letting.period),
        "steps": [{**days(step.period), "unit": step.unit, "rate": step.rate} for step in steps],
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
