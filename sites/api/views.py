"""`/api/v1/sites/`, `/api/v1/spaces/`, and what the public reads of them."""

from dataclasses import asdict
from typing import Any, Final

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.periods import today
from sites.api import shapes
from sites.api.base import ListResource, PublicView, Row, RowResource, in_languages
from sites.filters import SiteFilter, SpaceFilter
from sites.models import Building, Site, SiteCapacity, Space
from sites.selectors import free_spaces, public_sites, site_cards

_SITE = ("code", "name_fr", "name_ar", "name_en", "city", "opened_on", "closed_on", "built_m2",
         "capacity", "takes_applications")  # fmt: skip


def _sites(request: Request) -> QuerySet[Site]:
    capacity = SiteCapacity.objects.in_force_on(today()).filter(site=OuterRef("pk"))
    return Site.objects.visible_to(request.user).annotate(
        capacity=Subquery(capacity.values("companies")[:1])
    )


def _site(row: Row) -> Row:
    names = in_languages(row)
    return {
        "code": row["code"],
        "name": names,
        **{column: row[column] for column in _SITE[4:]},
    }


class SiteList(ListResource):
    """The sites the client may see, with the capacity in force today."""

    resource = "site"
    columns = ("id", *_SITE)
    filterset_class = SiteFilter
    serializer_class = shapes.SiteShape

    def get_queryset(self) -> QuerySet[Site]:
        return _sites(self.request)

    def shape(self, row: Row) -> Row:
        return _site(row)


class SiteRow(RowResource):
    """One site with its buildings and floors."""

    resource = "site"
    columns = ("id", *_SITE, "address", "email", "phone", "latitude", "longitude")
    serializer_class = shapes.SiteDetailShape
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Site]:
        return _sites(self.request)

    def shape(self, row: Row) -> Row:
        buildings = Building.objects.filter(site=row["id"]).prefetch_related("floors")
        return {
            **_site(row),
            **{name: row[name] for name in self.columns[-5:]},
            "buildings": [
                {
                    "code": building.code,
                    "name": building.name,
                    "floors": [
                        {"code": floor.code, "level": floor.level}
                        for floor in building.floors.all()
                    ],
                }
                for building in buildings
            ],
        }


SPACE: Final = {
    "id": "id",
    "site": "site__code",
    "building": "building__code",
    "floor": "floor__code",
    "code": "code",
    "kind": "kind",
    "parent": "parent__code",
    "area_m2": "area_m2",
    "advertised": "advertised",
}


def spaces_of(user: Any) -> QuerySet[Space]:
    """Those that the user may see, with their areas today."""
    return Space.objects.visible_to(user).with_area_on(today())


def space_row(row: Row) -> Row:
    return {name: row[column] for name, column in SPACE.items()}


def visible_space(user: Any, pk: int) -> Space:
    """The space under the id if the user may see it; else it does not exist."""
    rows = Space.objects.visible_to(user).select_related("site", "building")
    space = rows.filter(pk=pk).first()
    if space is None:
        raise Http404
    return space


class SpaceList(ListResource):
    """Spaces; `free_on`, or `free_from` with `until` and areas, for those that are free."""

    resource = "space"
    columns = tuple(SPACE.values())
    filterset_class = SpaceFilter
    serializer_class = shapes.SpaceShape

    def get_queryset(self) -> QuerySet[Space]:
        return spaces_of(self.request.user)

    def shape(self, row: Row) -> Row:
        return space_row(row)


class SpaceRow(RowResource):
    """One space, with its area today."""

    resource = "space"
    columns = tuple(SPACE.values())
    serializer_class = shapes.SpaceShape

    def get_queryset(self) -> QuerySet[Space]:
        return spaces_of(self.request.user)

    def shape(self, row: Row) -> Row:
        return space_row(row)


class PublicSites(PublicView):
    """The hubs, with what is free there today."""

    serializer_class = shapes.PublicSitesShape
    pagination_class = None

    @extend_schema(operation_id="public_sites_retrieve")
    def get(self, request: Request) -> Response:
        cards = site_cards(today())
        return Response(
            {
                "results": [
                    {
                        "code": card.site.code,
                        "name": in_languages(vars(card.site)),
                        "city": card.site.city,
                        "is_open": card.is_open,
                        "opened_on": card.site.opened_on,
                        "capacity": card.capacity,
                        "free_spaces": card.free,
                        "smallest_m2": card.smallest_m2,
                        "largest_m2": card.largest_m2,
                        "startup_rate": card.startup_rate,
                        "takes_applications": card.site.takes_applications,
                    }
                    for card in cards
                ]
            }
        )


class PublicSpaces(PublicView):
    """Advertised spaces that are free for the year to come, with the start-ups' rate."""

    serializer_class = shapes.PublicSpacesShape
    pagination_class = None
    own_words = frozenset({"site"})

    @extend_schema(
        operation_id="public_spaces_retrieve",
        parameters=[OpenApiParameter("site", str, description="Code of a site.")],
    )
    def get(self, request: Request) -> Response:
        day = today()
        site_id = None
        if code := request.query_params.get("site"):
            known = {site.code: site.pk for site in public_sites(day)}
            if code not in known:
                raise ValidationError(
                    {"site": [_("Known: %(known)s.") % {"known": ", ".join(sorted(known))}]}
                )
            site_id = known[code]
        spaces: list[dict[str, Any]] = [
            asdict(space) for space in free_spaces(day, site_id=site_id)
        ]
        return Response({"results": spaces})
