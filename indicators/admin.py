"""The staff page of snapshots: what the nightly job kept, to be compared and exported."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import formats
from core.cells import folded
from indicators.formulas import INDICATORS
from indicators.labels import NAMES
from indicators.models import Snapshot
from indicators.wording import NO_RATE, language, part
from sites.admin.base import ReadOnlyAdmin


class IndicatorFilter(admin.SimpleListFilter):
    """By the name that people know."""

    title = _("indicator")
    parameter_name = "name"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return list(NAMES.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(name=self.value()) if self.value() in NAMES else queryset


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    related = ("site",)
    list_display = ("day", "indicator", "site", "shown", "above", "below", "version", "computed_at")
    list_filter = (IndicatorFilter, "site", "day")
    search_fields = ("name",)
    search_help_text = _("Name of the indicator")
    ordering = ("-day", "site", "name")
    fields = (("day", "indicator", "site"), ("shown", "above", "below"), ("version", "computed_at"))
    readonly_fields = ("indicator", "shown", "above", "below")
    exported = ("day", "name", "site__code", "value", "numerator", "denominator", "version",
                "computed_at")  # fmt: skip

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """By the name on the page, whatever its accents, and by the code."""
        asked = folded(search_term)
        named = [code for code, name in NAMES.items() if asked in folded(f"{name} {code}")]
        return (queryset.filter(name__in=named) if asked else queryset), False

    @admin.display(description=_("indicator"), ordering="name")
    def indicator(self, snapshot: Snapshot) -> str:
        return str(NAMES.get(snapshot.name, snapshot.name))

    @admin.display(description=_("value"), ordering="value")
    def shown(self, snapshot: Snapshot) -> str:
        if snapshot.value is None:
            return NO_RATE
        if snapshot.denominator is not None:
            return formats.percent(snapshot.value, language())
        return formats.number(snapshot.value, language())

    @admin.display(description=_("numerator"), ordering="numerator")
    def above(self, snapshot: Snapshot) -> str:
        return part(snapshot.numerator, INDICATORS[snapshot.name].numerator)

    @admin.display(description=_("denominator"), ordering="denominator")
    def below(self, snapshot: Snapshot) -> str:
        return part(snapshot.denominator, INDICATORS[snapshot.name].denominator)
