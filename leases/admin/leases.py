"""The lease's page: who, where, at what rent, and the acts from signature to exit."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core import formats
from core.forms import DayFormField, PeriodFormField
from core.periods import add_months, today
from leases.admin.lettings import steps_in_words
from leases.choices import LeaseState
from leases.models import Lease, LeaseVersion, Letting
from leases.selectors.standing import is_holding_over, rent_on
from leases.services.drafts import cancel_lease, draft_lease
from leases.services.exits import end_lease
from leases.services.handover import hand_over
from leases.services.signing import sign_lease
from sites.admin.base import ScopedAdmin, ScopedTabular, StaffForm
from sites.admin.columns import badge, days_in_words, language, period
from sites.admin.scoping import READ_ONLY, acting
from sites.admin.widgets import dress
from sites.admin.work import WorkForm, work
from sites.choices import TenantKind
from sites.models import Space

BADGES: Final[Mapping[str, str]] = {
    LeaseState.DRAFT: "info",
    LeaseState.SIGNED: "warning",
    LeaseState.ACTIVE: "success",
    "holding_over": "danger",
}


class Lettings(ScopedTabular):
    model = Letting
    offered = READ_ONLY
    related = ("space",)
    fields = ("space", "area_m2", "period", "terms")
    readonly_fields = ("terms",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("steps")

    @admin.display(description=_("rent steps"))
    def terms(self, letting: Letting) -> Any:
        return steps_in_words(letting)


class Versions(ScopedTabular):
    model = LeaseVersion
    offered = READ_ONLY
    related = ("acting_user",)
    fields = ("version", "known_from", "acting_user", "why")
    readonly_fields = ("why",)

    @admin.display(description=_("reason"))
    def why(self, version: LeaseVersion) -> str:
        return version.reason_in_words


class SpacesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Free spaces of one site, with their floor and area."""

    def label_from_instance(self, obj: Any) -> str:
        area = formats.area(obj.area_m2, language())
        return f"{obj.building.code}-{obj.code} · {obj.floor.code} · {area}"


class DraftForm(StaffForm):
    """A lease drafted by hand: its terms follow from the plan of its first day.

    Asked in two steps, since the free spaces follow from the site and the term: sent without a
    space, it comes back with those to choose from.
    """

    period = PeriodFormField(label=_("term"))
    spaces = SpacesField(
        Space.objects.none(),
        widget=forms.MultipleHiddenInput,
        label=_("spaces"),
        required=False,
        help_text=_("Free over the whole term. They are booked when the lease is signed."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"period", "spaces"} & set(self.fields):
            dress(self.fields[name])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "spaces" in self.fields and cleaned and cleaned.get("site") and cleaned.get("period"):
            self._choose_spaces(cleaned)
        return cleaned

    def _choose_spaces(self, given: dict[str, Any]) -> None:
        """Those that are free; what was chosen is read again among them."""
        field: Any = self.fields["spaces"]
        sent: Any = self.data
        free = field.queryset.free_throughout(given["period"]).filter(site=given["site"])
        field.queryset = free.measured_on(given["period"].start).order_by("building__code", "code")
        if given.get("tenant_kind") == TenantKind.DOMICILIATION:
            given["spaces"] = []
            return
        field.widget = forms.SelectMultiple({"size": 12})
        field.widget.choices = field.choices
        dress(field)
        self.errors.pop("spaces", None)
        try:
            given["spaces"] = field.clean(sent.getlist(self.add_prefix("spaces")))
        except ValidationError as error:
            self.add_error("spaces", error)
            return
        if not given["spaces"]:
            found = field.queryset.exists()
            none = _("No space of the site is free over the whole term.")
            self.add_error("spaces", _("Choose among the free spaces.") if found else none)


class DayForm(WorkForm):
    day = DayFormField(label=_("day"), initial=today)


class ExitForm(WorkForm):
    last_day = DayFormField(label=_("last day the tenant was there"), initial=today)
    reason = forms.CharField(label=_("reason"), max_length=300)


class ReasonForm(WorkForm):
    reason = forms.CharField(label=_("reason"), max_length=300)


class StandingFilter(admin.SimpleListFilter):
    """What follows from the dates: holding over, ending soon."""

    title = _("by its dates")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [
            ("holding_over", _("holding over")),
            ("next_waits", _("holding over in rooms promised to others")),
            ("3", _("ends within 3 months")),
            ("6", _("ends within 6 months")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "holding_over":
            return queryset.holding_over(today())
        if self.value() == "next_waits":
            return queryset.keeping_the_next_out(today())
        if self.value() in {"3", "6"}:
            last = add_months(today(), int(self.value() or 0))
            return queryset.filter(
                state=LeaseState.ACTIVE, period__endswith__gt=today(), period__endswith__lte=last
            )
        return queryset


def _is(*states: LeaseState) -> Any:
    return lambda lease: lease.state in states


@admin.register(Lease)
class LeaseAdmin(ScopedAdmin):
    """Added as a draft; every later change is an act."""

    offered = frozenset({Action.VIEW, Action.ADD, Action.EXPORT})
    form = DraftForm
    related = ("site", "company", "application")
    list_display = (
        "number",
        "company",
        "site",
        "rooms",
        "area",
        "rent",
        "standing",
        period(title=_("term")),
    )
    list_filter = ("state", StandingFilter, "site", "tenant_kind")
    search_fields = ("number", "company__name_key")
    search_help_text = _("Number or company")
    found_by_name = True
    autocomplete_fields = ("company",)
    inlines = (Lettings, Versions)
    history_with = ((Letting, "lease_id"),)
    exported = ("number", "site__code", "company__name", "tenant_kind", "state", "period",
                "deposit_due", "signed_on", "handed_over_on", "exit_on", "end_reason")  # fmt: skip
    actions_detail = ("sign", "hand_over", "end", "cancel")
    add_fieldsets = (
        (
            None,
            {
                "fields": (("site", "company"), ("tenant_kind", "period"), "spaces"),
                "description": _("The free spaces are shown once site, kind and term are given."),
            },
        ),
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("number", "standing"),
                    ("company", "site"),
                    ("tenant_kind", "term"),
                    ("rent", "deposit"),
                    ("signed_on", "handed_over_on", "exit_on"),
                    ("application", "end_reason"),
                )
            },
        ),
    )
    readonly_fields = ("standing", "rent", "term", "deposit")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lease]:
        rows: QuerySet[Lease] = super().get_queryset(request)
        return rows.prefetch_related("lettings__space", "lettings__steps")

    def get_inlines(self, request: HttpRequest, obj: Lease | None = None) -> Any:
        return self.inlines if obj else ()

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "spaces" in form.base_fields:
            spaces: Any = self.choices_of(request, Space)
            form.base_fields["spaces"].queryset = spaces.select_related("building", "floor")
        return form

    def save_model(self, request: HttpRequest, obj: Lease, form: Any, change: bool) -> None:
        given = form.cleaned_data
        made = draft_lease(
            site=given["site"],
            company=given["company"],
            tenant_kind=given["tenant_kind"],
            period=given["period"],
            spaces=list(given["spaces"]),
            acting_user=acting(request),
        )
        obj.pk, obj.number = made.pk, made.number
        obj._state.adding = False

    # --- Columns --------------------------------------------------------------------------------
    @admin.display(description=_("state"), ordering="state")
    def standing(self, lease: Lease) -> str:
        if is_holding_over(lease, today()):
            return badge(gettext("holding over"), BADGES["holding_over"])
        return badge(lease.get_state_display(), BADGES.get(lease.state))

    @admin.display(description=_("spaces"))
    def rooms(self, lease: Lease) -> str:
        return ", ".join(each.space.code for each in lease.lettings.all() if each.space) or "—"

    @admin.display(description=_("area"))
    def area(self, lease: Lease) -> str | None:
        areas = [each.area_m2 for each in lease.lettings.all() if each.area_m2 is not None]
        return formats.area(sum(areas[1:], areas[0]), language()) if areas else None

    @admin.display(description=_("rent a month"))
    def rent(self, lease: Lease) -> str:
        """Today's, or the first of a term to come, or the last of one that is over."""
        last = lease.exit_on or today()
        return formats.money(
            rent_on(lease, max(min(today(), last), lease.period.start)), language()
        )

    @admin.display(description=_("deposit due"))
    def deposit(self, lease: Lease) -> str:
        return formats.money(lease.deposit_due, language())

    @admin.display(description=_("term"))
    def term(self, lease: Lease) -> str:
        return days_in_words(str(lease.period))

    # --- Acts -----------------------------------------------------------------------------------
    @work(_("Sign"), path="sign", right=Action.SIGN, icon="signature", when=_is(LeaseState.DRAFT))
    def sign(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            sign_lease(lease=lease, signed_on=given["day"], acting_user=acting(request))
            return gettext("Signed: the spaces are let.")

        return self.work_page(
            request,
            lease,
            act=act,
            form_class=DayForm,
            title=_("Sign"),
            submit=_("Sign"),
            hint=_("From now on the spaces are booked firmly and the terms are kept."),
        )

    @work(
        _("Hand over"),
        path="hand-over",
        right=Action.HAND_OVER,
        icon="key",
        when=_is(LeaseState.SIGNED),
    )
    def hand_over(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            hand_over(lease=lease, on=given["day"], acting_user=acting(request))
            return gettext("The tenant has the keys.")

        return self.work_page(
            request, lease, act=act, form_class=DayForm, title=_("Hand over"), submit=_("Hand over")
        )

    @work(_("End"), path="end", right=Action.HAND_OVER, icon="logout", when=_is(LeaseState.ACTIVE))
    def end(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            end_lease(lease=lease, acting_user=acting(request), **given)
            return gettext("The lease has ended; the spaces are free from the day after.")

        return self.work_page(
            request, lease, act=act, form_class=ExitForm, title=_("End"), submit=_("End the lease")
        )

    @work(
        _("Cancel"),
        path="cancel",
        right=Action.CHANGE,
        icon="cancel",
        when=_is(LeaseState.DRAFT, LeaseState.SIGNED),
    )
    def cancel(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            cancel_lease(lease=lease, acting_user=acting(request), **given)
            return gettext("The lease is cancelled; what it held is free.")

        return self.work_page(
            request,
            lease,
            act=act,
            form_class=ReasonForm,
            title=_("Cancel the lease"),
            submit=_("Cancel the lease"),
        )
