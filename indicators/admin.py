"""The staff pages of snapshots: what is kept, how far computing has come, what was found wrong."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.rights import Action
from core.cells import folded
from indicators.choices import Bound
from indicators.formulas import INDICATORS
from indicators.labels import BOUNDS, NAMES
from indicators.models import FigureSettings, Snapshot, SnapshotAlarm, Target
from indicators.selectors.kept import figure_of
from indicators.selectors.shown import ShownFigure, shown_figure
from indicators.services.checking import mark_seen
from indicators.services.rules import set_figure_settings
from indicators.services.targets import drop_target, set_target
from indicators.views.progress import progress_shown
from indicators.wording import NO_RATE, in_unit, part, value
from sites.admin.base import ReadOnlyAdmin, ScopedAdmin, StaffForm
from sites.admin.scoping import acting
from sites.admin.work import work


class IndicatorFilter(admin.SimpleListFilter):
    """By the name that people know."""

    title = _("indicator")
    parameter_name = "name"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return list(NAMES.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(name=self.value()) if self.value() in NAMES else queryset


class _OfAPlace:
    """Rows of a site, or of none: of the network as a whole."""

    @admin.display(description=_("site"), ordering="site")
    def where(self, row: Snapshot | SnapshotAlarm | Target) -> str:
        return row.site.name if row.site else gettext("The whole network")


@admin.register(Snapshot)
class SnapshotAdmin(_OfAPlace, ReadOnlyAdmin):
    related = ("site",)
    list_display = (
        "day",
        "indicator",
        "where",
        "shown",
        "above",
        "below",
        "version",
        "computed_at",
    )
    list_filter = (IndicatorFilter, "site", "day")
    list_before_template = "indicators/snapshots_head.html"
    search_fields = ("name",)
    search_help_text = _("Name of the indicator")
    ordering = ("-day", "site", "name")
    fields = (("day", "indicator", "site"), ("shown", "above", "below"), ("version", "computed_at"))
    readonly_fields = ("indicator", "shown", "above", "below")
    exported = ("day", "name", "site__code", "value", "numerator", "denominator", "scale",
                "version", "computed_at")  # fmt: skip

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("file.css",)}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        head = {
            **progress_shown(request.user),
            "wrong": SnapshotAlarm.objects.visible_to(request.user).unseen().count(),
        }
        shown: HttpResponse = super().changelist_view(request, {**(extra_context or {}), **head})
        return shown

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """By the name on the page, whatever its accents, and by the code."""
        asked = folded(search_term)
        named = [code for code, name in NAMES.items() if asked in folded(f"{name} {code}")]
        return (queryset.filter(name__in=named) if asked else queryset), False

    @admin.display(description=_("indicator"), ordering="name")
    def indicator(self, snapshot: Snapshot) -> str:
        return _name(snapshot)

    @admin.display(description=_("value"), ordering="value")
    def shown(self, snapshot: Snapshot) -> str:
        found = _figure(snapshot)
        return NO_RATE if found is None else value(found)

    @admin.display(description=_("numerator"), ordering="numerator")
    def above(self, snapshot: Snapshot) -> str:
        found = _figure(snapshot)
        return NO_RATE if found is None else part(found.numerator, found.numerator_code)

    @admin.display(description=_("denominator"), ordering="denominator")
    def below(self, snapshot: Snapshot) -> str:
        found = _figure(snapshot)
        return NO_RATE if found is None else part(found.denominator, found.denominator_code)


@admin.register(SnapshotAlarm)
class SnapshotAlarmAdmin(_OfAPlace, ReadOnlyAdmin):
    related = ("site", "seen_by")
    list_display = ("found_at", "indicator", "where", "day", "was", "is_now", "seen_at", "seen_by")
    list_filter = ("site", "day")
    ordering = ("-found_at",)
    fields = (
        ("indicator", "site", "day", "found_at"),
        ("was", "is_now"),
        ("seen_at", "seen_by"),
    )
    readonly_fields = ("indicator", "was", "is_now")
    exported = ("found_at", "name", "site__code", "day", "kept", "computed", "seen_at")
    actions_detail = ("seen",)

    @admin.display(description=_("indicator"), ordering="name")
    def indicator(self, alarm: SnapshotAlarm) -> str:
        return _name(alarm)

    @admin.display(description=_("as it was kept"))
    def was(self, alarm: SnapshotAlarm) -> str:
        return _in_words(alarm.kept)

    @admin.display(description=_("as it is from scratch"))
    def is_now(self, alarm: SnapshotAlarm) -> str:
        return _in_words(alarm.computed)

    @work(
        _("Seen"),
        path="seen",
        right=Action.RECOMPUTE,
        icon="done",
        when=lambda alarm: alarm.seen_at is None,
    )
    def seen(self, request: HttpRequest, alarm: SnapshotAlarm) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            mark_seen(alarm=alarm, acting_user=acting(request))
            return gettext("The alarm is marked as seen.")

        return self.work_page(
            request,
            alarm,
            act=act,
            title=_("Seen"),
            hint=_(
                "The figure is computed anew already. Find out what changed it without a trace."
            ),
        )


def _name(row: Snapshot | SnapshotAlarm) -> str:
    return str(NAMES.get(row.name, row.name))


def _figure(snapshot: Snapshot) -> ShownFigure | None:
    """None for an indicator that there is no more."""
    indicator = INDICATORS.get(snapshot.name)
    if indicator is None:
        return None
    return shown_figure(indicator, None, snapshot.day, figure_of(snapshot))


def _in_words(parts: dict[str, Any]) -> str:
    """« 0.7 = 7 / 10 », in the exact whole numbers that were kept."""
    above = f"{parts['numerator']}"
    below = "" if parts["denominator"] is None else f" / {parts['denominator']}"
    return f"{parts['value'] or NO_RATE} = {above}{below}"


class TargetForm(StaffForm):
    """The indicator by its name, among all there are."""

    name = forms.ChoiceField(
        label=capfirst(_("indicator")),
        choices=list(NAMES.items()),
        widget=UnfoldAdminSelectWidget,
    )


@admin.register(Target)
class TargetAdmin(_OfAPlace, ScopedAdmin):
    """Each row counts from its day on, until a later one of the same figure and site."""

    form = TargetForm
    related = ("site",)
    list_display = ("indicator", "where", "wanted_in_words", "since")
    list_filter = (IndicatorFilter, "site")
    fields = (("name", "site"), ("bound", "value"), "since")
    exported = ("name", "site__code", "since", "bound", "value")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else ("indicator", "site", "since")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is None else (("indicator", "site"), ("bound", "value"), "since")

    def save_model(self, request: HttpRequest, obj: Target, form: Any, change: bool) -> None:
        made = set_target(
            name=obj.name,
            site=obj.site,
            since=obj.since,
            bound=Bound(obj.bound),
            value=obj.value,
            acting_user=acting(request),
        )
        obj.pk = made.pk
        obj._state.adding = False

    def delete_model(self, request: HttpRequest, obj: Target) -> None:
        drop_target(target=obj, acting_user=acting(request))

    @admin.display(description=_("indicator"), ordering="name")
    def indicator(self, target: Target) -> str:
        return str(NAMES.get(target.name, target.name))

    @admin.display(description=pgettext_lazy("indicator", "target"), ordering="value")
    def wanted_in_words(self, target: Target) -> str:
        if target.value is None or target.name not in INDICATORS:
            return NO_RATE
        wanted = in_unit(target.wanted, INDICATORS[target.name].unit)
        return f"{BOUNDS[Bound(target.bound)]} {wanted}"


@admin.register(FigureSettings)
class FigureSettingsAdmin(ScopedAdmin):
    """One row: made by whoever first wants something else than the usual."""

    list_display = ("ending_percent", "ending_days", "overdue_days", "bridged_gap_days")
    fields = (("ending_percent", "ending_days"), "overdue_days", "bridged_gap_days")
    exported = ("ending_percent", "ending_days", "overdue_days", "bridged_gap_days")
    added_by_network = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not FigureSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: FigureSettings, form: Any, change: bool
    ) -> None:
        names = ("bridged_gap_days", "ending_percent", "ending_days", "overdue_days")
        set_figure_settings(
            **{name: getattr(obj, name) for name in names}, acting_user=acting(request)
        )
        obj._state.adding = False
