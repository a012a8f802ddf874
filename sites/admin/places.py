"""Sites, their capacity, buildings and floors."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.periods import today
from sites.admin.base import ScopedAdmin, ScopedTabular
from sites.admin.scoping import acting
from sites.models import Building, Floor, Site, SiteCapacity
from sites.services import places as services


class Capacities(ScopedTabular):
    model = SiteCapacity
    strikable = True


class Buildings(ScopedTabular):
    model = Building
    hide_title = False
    show_change_link = True


class Floors(ScopedTabular):
    model = Floor


@admin.register(Site)
class SiteAdmin(ScopedAdmin):
    added_by_network = True
    related = ("lessor",)
    list_display = ("code", "name", "city", "opened_on", "companies", "takes_applications")
    list_filter = ("takes_applications", "lessor")
    search_fields = ("code", "name_fr", "name_ar", "name_en", "city")
    inlines = (Capacities, Buildings)
    history_with = ((SiteCapacity, "site_id"), (Building, "site_id"))
    fieldsets = (
        (None, {"fields": (("code", "lessor"), ("name_fr", "name_en"), ("name_ar", "city"))}),
        (_("Life"), {"fields": (("opened_on", "closed_on"), ("takes_applications", "built_m2"))}),
        (
            _("Contact"),
            {"fields": ("address", ("email", "phone"), ("latitude", "longitude"))},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Site]:
        rows: QuerySet[Site] = super().get_queryset(request)
        return rows.with_capacity_on(today())  # type: ignore[attr-defined,no-any-return]

    def save_model(self, request: HttpRequest, obj: Site, form: Any, change: bool) -> None:
        services.save_site(site=obj, acting_user=acting(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is not SiteCapacity:
            super().save_formset(request, form, formset, change)
            return
        kept = formset.save(commit=False)
        services.change_capacities(
            site=form.instance,
            kept=kept,
            struck=formset.deleted_objects,
            acting_user=acting(request),
        )

    @admin.display(description=_("capacity"))
    def companies(self, site: Site) -> int | None:
        return site.capacity_now  # type: ignore[attr-defined,no-any-return]


@admin.register(Building)
class BuildingAdmin(ScopedAdmin):
    related = ("site",)
    list_display = ("code", "name", "site")
    list_filter = ("site",)
    search_fields = ("code", "name")
    inlines = (Floors,)
    history_with = ((Floor, "building_id"),)


@admin.register(Floor)
class FloorAdmin(ScopedAdmin):
    related = ("building__site",)
    list_display = ("code", "level", "building", "site")
    list_filter = ("building__site",)
    search_fields = ("code", "building__code", "building__name")
    autocomplete_fields = ("building",)

    @admin.display(description=_("site"), ordering="building__site")
    def site(self, floor: Floor) -> str:
        return floor.building.site.name
