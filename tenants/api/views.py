"""`/api/v1/companies/`: the card for every colleague, the details where a company is present."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from rest_framework.request import Request

from accounts.rights import Action
from sites.api.base import ListResource, RowResource, in_languages
from sites.api.base import Row as PlainRow
from sites.scopes import scope_of
from tenants.api.shapes import CompanyShape, SectorShape
from tenants.filters import CompanyFilter
from tenants.models import Company, Presence, Sector

_CARD = ("id", "name", "legal_form", "ice", "sites")
_DETAILS = ("kind", "if_number", "rc_number", "rc_court", "identity_since", "sector_codes",
            "technology_codes", "website", "email", "phone", "address",
            "language", "in_directory")  # fmt: skip
_COLUMNS = (*_CARD, "site_ids", *_DETAILS)
_RENAMED = {"sector_codes": "sectors", "technology_codes": "technologies"}


def _companies(request: Request) -> QuerySet[Company]:
    """Current records, with their sites and words gathered in the same query."""
    here = Presence.objects.filter(company=OuterRef("pk")).order_by("site__code")
    sectors = Company.sectors.through.objects.filter(company=OuterRef("pk"))
    technologies = Company.technologies.through.objects.filter(company=OuterRef("pk"))
    return (
        Company.objects.visible_to(request.user)
        .current()
        .annotate(
            sites=ArraySubquery(here.values("site__code")),
            site_ids=ArraySubquery(here.values("site_id")),
            sector_codes=ArraySubquery(sectors.order_by("sector__code").values("sector__code")),
            technology_codes=ArraySubquery(
                technologies.order_by("technology__code").values("technology__code")
            ),
        )
    )


def _company(row: PlainRow, request: Request) -> PlainRow:
    scope = scope_of(request.user, Action.VIEW, "company")
    seen = scope.network or any(scope.covers(site) for site in row["site_ids"])
    details = {_RENAMED.get(name, name): row[name] for name in _DETAILS} if seen else None
    if details is not None:
        details["phone"] = str(details["phone"] or "")
    return {**{name: row[name] for name in _CARD}, "details": details}


class SectorList(ListResource):
    """The network's sectors, by the codes that applications and companies use."""

    resource = "classification"
    columns = ("id", "code", "name_fr", "name_ar", "name_en")
    serializer_class = SectorShape

    def get_queryset(self) -> QuerySet[Sector]:
        return Sector.objects.visible_to(self.request.user)

    def shape(self, row: PlainRow) -> PlainRow:
        return {"code": row["code"], "name": in_languages(row)}


class CompanyList(ListResource):
    """Companies that are not merged into another."""

    resource = "card"
    columns = _COLUMNS
    filterset_class = CompanyFilter
    serializer_class = CompanyShape

    def get_queryset(self) -> QuerySet[Company]:
        return _companies(self.request)

    def shape(self, row: PlainRow) -> PlainRow:
        return _company(row, self.request)


class CompanyRow(RowResource):
    """One company."""

    resource = "card"
    columns = _COLUMNS
    serializer_class = CompanyShape

    def get_queryset(self) -> QuerySet[Company]:
        return _companies(self.request)

    def shape(self, row: PlainRow) -> PlainRow:
        return _company(row, self.request)
