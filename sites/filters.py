"""What lists of sites and spaces can be narrowed by."""

from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.periods import ONE_DAY, Period, add_months
from sites.choices import SpaceKind
from sites.models import Site, Space
from sites.querysets import SpaceQuerySet
from sites.selectors import FREE_FOR_MONTHS


class SiteFilter(filters.FilterSet):  # type: ignore[misc]
    class Meta:
        model = Site
        fields = ("code", "takes_applications")


class SpaceFilter(filters.FilterSet):  # type: ignore[misc]
    """`free_on` is one day; `free_from` to `until` (both included, a year when left out).

    The rows bear the area of today; a question about another day measures them on that one.
    """

    site = filters.CharFilter(field_name="site__code", help_text="Code of the site.")
    building = filters.CharFilter(field_name="building__code")
    kind = filters.ChoiceFilter(choices=SpaceKind)
    free_on = filters.DateFilter(method="kept", help_text="Free on that day.")
    free_from = filters.DateFilter(method="kept", help_text="Free from that day on.")
    until = filters.DateFilter(method="kept", help_text="With free_from: the last day included.")
    min_m2 = filters.NumberFilter(method="kept", min_value=0, max_value=1_000_000)
    max_m2 = filters.NumberFilter(method="kept", min_value=0, max_value=1_000_000)

    class Meta:
        model = Space
        fields = ("code",)

    def kept(self, rows: Any, _name: str, _value: Any) -> Any:
        """Looked at together, in `filter_queryset`."""
        return rows

    def filter_queryset(self, queryset: Any) -> Any:
        rows: SpaceQuerySet = super().filter_queryset(queryset)
        given = self.form.cleaned_data
        period = _asked(given)
        if period is not None:
            rows = rows.with_area_on(period.start).free_throughout(period)
        if given.get("min_m2") is not None:
            rows = rows.filter(area_m2__gte=given["min_m2"])  # type: ignore[misc]
        if given.get("max_m2") is not None:
            rows = rows.filter(area_m2__lte=given["max_m2"])  # type: ignore[misc]
        return rows

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        given = self.form.cleaned_data
        if given.get("until") and not given.get("free_from"):
            self.form.add_error("until", ValidationError(_("Needs free_from.")))
        if given.get("free_on") and given.get("free_from"):
            self.form.add_error("free_on", ValidationError(_("Give free_on or free_from.")))
        try:
            _asked(given)
        except (ValueError, OverflowError):
            self.form.add_error("free_from", ValidationError(_("These days make no period.")))
        return not self.form.errors


def _asked(given: dict[str, Any]) -> Period | None:
    """The days that must be free. Raises ValueError or OverflowError for impossible ones."""
    if given.get("free_on"):
        return Period(given["free_on"], given["free_on"] + ONE_DAY)
    start = given.get("free_from")
    if start is None:
        return None
    if given.get("until"):
        return Period.through(start, given["until"])
    return Period(start, add_months(start, FREE_FOR_MONTHS))
