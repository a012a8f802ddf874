"""The form of a lease drafted by hand."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core import formats
from core.forms import DayFormField, PeriodFormField
from core.periods import Period, today
from sites.admin.base import StaffForm
from sites.admin.columns import language
from sites.admin.widgets import dress
from sites.choices import SpaceKind, TenantKind
from sites.models import Space


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
        if "notice_months" in self.fields:
            self.fields["notice_months"].required = False  # the usual ones, where nothing is said
        if self.initial.get("spaces") and not self.is_bound:
            self._show_chosen()

    def _show_chosen(self) -> None:
        """Those that the form was opened for; once it is sent there are others to choose."""
        field: Any = self.fields["spaces"]
        chosen, first = self.initial["spaces"], self.initial["period"].start
        field.queryset = field.queryset.filter(pk__in=chosen).measured_on(first)
        field.widget = forms.SelectMultiple({"size": max(len(chosen), 2)})
        field.widget.choices = field.choices
        dress(field)

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
        free = free.measured_on(given["period"].start)
        field.queryset = _fitting_first(free, given.get("tenant_kind"))
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


def _fitting_first(free: QuerySet[Space], tenant_kind: str | None) -> QuerySet[Space]:
    """A coworking member takes a desk; everybody else, something else."""
    fits = Q(kind=SpaceKind.DESK)
    if tenant_kind != TenantKind.COWORKING:
        fits = ~fits
    return free.annotate(fits=ExpressionWrapper(fits, output_field=BooleanField())).order_by(
        "-fits", "building__code", "code"
    )


def asked_for(given: dict[str, Any]) -> dict[str, Any]:
    """A draft's first values, `?site=&spaces=&first_day=`: from a free space of the plan."""
    try:
        day = DayFormField(required=False).clean(given.pop("first_day", ""))
    except ValidationError:
        day = None
    keys = [
        key for key in str(given.pop("spaces", "")).split(",") if key.isascii() and key.isdigit()
    ]
    return {**given, "period": Period(day or today()), "spaces": keys} if keys else given
