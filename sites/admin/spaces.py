"""Spaces with their measures and bookings, and the acts on them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core.forms import DayFormField, DecimalFormField, PeriodFormField
from core.periods import Period, today
from sites.admin.base import ReadOnlyAdmin, ScopedAdmin, ScopedTabular, StaffForm
from sites.admin.columns import area, period, taken_today
from sites.admin.scoping import READ_ONLY, acting
from sites.admin.walls import Walls
from sites.admin.widgets import dress
from sites.admin.work import WorkForm, work
from sites.choices import BookingKind
from sites.errors import NotOutOfService
from sites.models import Booking, LettablePeriod, Measure, Space, SpaceReplacement
from sites.services import spaces as services


class Measures(ScopedTabular):
    model = Measure
    offered = READ_ONLY
    fields = ("period", "area_m2")


class LettablePeriods(ScopedTabular):
    model = LettablePeriod
    offered = READ_ONLY
    fields = ("period",)


class Bookings(ScopedTabular):
    model = Booking
    offered = READ_ONLY
    fields = ("kind", "period", "label", "expires_at")
    ordering = ("-period",)
    per_page = 8


class SpaceForm(StaffForm):
    """Adding asks for the first measure and the first day in service too."""

    area_m2 = DecimalFormField(
        label=_("area, m²"), min_value=Decimal("0.01"), max_digits=9, decimal_places=2,
        required=False,
    )  # fmt: skip
    lettable_from = DayFormField(
        label=_("lettable from"), required=False, help_text=_("Empty: not lettable.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("area_m2", "lettable_from"):
            if self.instance.pk is None:
                dress(self.fields[name])
            else:
                self.fields.pop(name, None)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned and cleaned.get("area_m2") and not cleaned.get("lettable_from"):
            self.add_error("lettable_from", _("Say from which day the area counts."))
        return cleaned


class MeasureForm(WorkForm):
    area_m2 = DecimalFormField(
        label=_("area, m²"), min_value=Decimal("0.01"), max_digits=9, decimal_places=2
    )
    since = DayFormField(label=_("since"), help_text=_("What was measured before stays."))


class InServiceForm(WorkForm):
    since = DayFormField(label=_("lettable from"))
    area_m2 = DecimalFormField(
        label=_("area, m²"), min_value=Decimal("0.01"), max_digits=9, decimal_places=2,
        required=False, help_text=_("Empty: as it was measured last."),
    )  # fmt: skip


class OutOfServiceForm(WorkForm):
    period = PeriodFormField(label=_("out of service"))
    reason = forms.CharField(label=_("reason"), max_length=200)


class DayForm(WorkForm):
    day = DayFormField(label=_("day"))


class TakenFilter(admin.SimpleListFilter):
    """Free, let, held or out of service today."""

    title = _("today")
    parameter_name = "today"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [("free", _("free")), *((kind.value, kind.label) for kind in BookingKind)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        rows = queryset
        if self.value() == "free":
            return rows.filter(taken_as__isnull=True)
        return rows.filter(taken_as=self.value()) if self.value() else rows


def _out_now(space: Any) -> bool:
    return bool(space.taken_as == BookingKind.OUT_OF_SERVICE)


def _never_lettable(space: Any) -> bool:
    """From today on, for good."""
    ahead = Period(today())
    return not LettablePeriod.objects.filter(space=space, period__overlap=ahead).exists()


@admin.register(Space)
class SpaceAdmin(Walls, ScopedAdmin):
    form = SpaceForm
    related = ("site", "building", "floor", "parent")
    list_display = ("code", "kind", "site", "building", "storey", area(), taken_today, "advertised")
    list_filter = ("site", "kind", TakenFilter, "advertised", "building")
    search_fields = ("code", "building__name", "note")
    search_help_text = _("Code, building or note")
    found_by_name = True
    autocomplete_fields = ("floor", "parent")
    inlines = (Measures, LettablePeriods, Bookings)
    history_with = (
        (Measure, "space_id"),
        (LettablePeriod, "space_id"),
        (Booking, "space_id"),
        (SpaceReplacement, "from_space_id"),
    )
    exported = ("site__code", "building__code", "floor__code", "code", "kind", "area_m2",
                "taken_as", "advertised", "note")  # fmt: skip
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    ("floor", "code"),
                    ("kind", "parent"),
                    ("area_m2", "lettable_from"),
                    "advertised",
                )
            },
        ),
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("site", "code"),
                    ("building", "storey"),
                    ("kind", "parent"),
                    "advertised",
                    "note",
                )
            },
        ),
    )
    readonly_fields = ("site", "building", "storey")
    actions_detail = (
        "measure_again",
        "take_out",
        "take_back",
        "put_in",
        "retire",
        "split",
        "merge",
    )

    @admin.display(description=_("floor"), ordering="floor__level")
    def storey(self, space: Space) -> str:
        return space.floor.code

    def get_queryset(self, request: HttpRequest) -> QuerySet[Space]:
        rows: Any = super().get_queryset(request)
        spaces: QuerySet[Space] = rows.with_area_on(today()).with_booking_on(today())
        return spaces

    def get_readonly_fields(self, request: HttpRequest, obj: Space | None = None) -> Any:
        return (*self.readonly_fields, "parent") if obj else self.readonly_fields

    def get_inlines(self, request: HttpRequest, obj: Space | None = None) -> Any:
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: Space, form: Any, change: bool) -> None:
        if change:
            services.update_space(space=obj, acting_user=acting(request))
            return
        given = form.cleaned_data
        made = services.add_space(
            floor=given["floor"],
            code=given["code"],
            kind=given["kind"],
            parent=given["parent"],
            advertised=given["advertised"],
            area_m2=given["area_m2"],
            lettable_from=given["lettable_from"],
            acting_user=acting(request),
        )
        obj.pk = made.pk
        obj._state.adding = False

    @work(_("Measure again"), path="measure", right=Action.CHANGE, icon="straighten")
    def measure_again(self, request: HttpRequest, space: Space) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            services.measure(space=space, acting_user=acting(request), **given)
            return gettext("The new area is noted.")

        return self.work_page(
            request, space, act=act, form_class=MeasureForm, title=_("Measure again"),
            initial={"since": today()},
        )  # fmt: skip

    @work(_("Take out of service"), path="take-out", right=Action.BOOK, icon="construction")
    def take_out(self, request: HttpRequest, space: Space) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            services.take_out_of_service(space=space, acting_user=acting(request), **given)
            return gettext("The space is out of service for these days.")

        return self.work_page(
            request, space, act=act, form_class=OutOfServiceForm, title=_("Take out of service")
        )

    @work(_("Return to service"), path="take-back", right=Action.BOOK, icon="check", when=_out_now)
    def take_back(self, request: HttpRequest, space: Space) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            out = _out_of_service_on(space, given["day"])
            services.return_to_service(
                booking=out, from_day=given["day"], acting_user=acting(request)
            )
            return gettext("The space is in service again.")

        return self.work_page(
            request, space, act=act, form_class=DayForm, title=_("Return to service"),
            initial={"day": today()},
        )  # fmt: skip

    @work(
        _("Put in service"), path="put-in", right=Action.CHANGE, icon="login", when=_never_lettable
    )
    def put_in(self, request: HttpRequest, space: Space) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            services.put_in_service(space=space, acting_user=acting(request), **given)
            return gettext("The space is in service from that day on.")

        return self.work_page(
            request, space, act=act, form_class=InServiceForm, title=_("Put in service"),
            initial={"since": today()},
        )  # fmt: skip

    @work(_("Retire"), path="retire", right=Action.CHANGE, icon="block")
    def retire(self, request: HttpRequest, space: Space) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            services.retire(space=space, last_day=given["day"], acting_user=acting(request))
            return gettext("The space is not lettable after that day.")

        return self.work_page(
            request, space, act=act, form_class=DayForm, title=_("Last day in service"),
            submit=_("Retire"), initial={"day": today()},
        )  # fmt: skip


def _out_of_service_on(space: Space, day: dt.date) -> Booking:
    out = (
        Booking.objects.in_force_on(day)
        .filter(space=space, kind=BookingKind.OUT_OF_SERVICE)
        .select_related("space")
        .first()
    )
    if out is None:
        raise NotOutOfService(space=space.code, day=day)
    return out


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin):
    related = ("space__site", "space__building")
    list_display = ("space", "site", "kind", period(), "label", "expires_at")
    list_filter = ("kind", "space__site")
    search_fields = ("space__code", "label")
    search_help_text = _("Space, or lease number")
    fields = (("space", "kind"), "period", ("label", "expires_at"))
    exported = ("space__site__code", "space__building__code", "space__code", "kind", "period",
                "label", "expires_at")  # fmt: skip
    ordering = ("-period", "-id")

    @admin.display(description=_("site"), ordering="space__site")
    def site(self, booking: Booking) -> str:
        return booking.space.site.name
