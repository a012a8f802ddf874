"""What the list and the board of applications can be narrowed by."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin
from django.contrib.admin.filters import ListFilter
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.labels import ApplicationState
from applications.models import Call, Review, Task
from applications.selectors.conversation import awaiting_reply
from applications.workflow import ENDS, HAS_TARGET, NEVER_SENT, OPEN_STATES, State
from core import formats
from sites.admin.columns import language
from sites.admin.widgets import DayInput

_GROUPS: Final = {
    "open": (pgettext_lazy("filter", "open"), OPEN_STATES),
    "staff": (_("up to staff"), frozenset(HAS_TARGET)),
    "applicant": (_("up to the applicant"), frozenset({State.INFO_REQUESTED, State.OFFERED})),
    "waiting": (_("waiting"), frozenset({State.WAITLISTED, State.DEFERRED})),
    "ended": (_("ended"), ENDS),
}


class _Choice(admin.SimpleListFilter):
    """A filter of one parameter; a value that it does not offer hides nothing."""

    def has_output(self) -> bool:
        return True


class StateFilter(admin.ChoicesFieldListFilter):
    """Without the states in which staff never see a file."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        unseen = {str(ApplicationState(state).label) for state in NEVER_SENT}
        return (row for row in super().choices(changelist) if row["display"] not in unseen)


class GroupFilter(_Choice):
    title = _("stage")
    parameter_name = "group"

    def lookups(self, _request: HttpRequest, _pages: Any) -> list[tuple[str, Any]]:
        return [(name, title) for name, (title, _states) in _GROUPS.items()]

    def queryset(self, _request: HttpRequest, rows: Any) -> Any:
        group = _GROUPS.get(self.value() or "")
        return rows.filter(state__in=group[1]) if group else rows


class LateFilter(_Choice):
    title = _("target time")
    parameter_name = "late"

    def lookups(self, _request: HttpRequest, _pages: Any) -> list[tuple[str, Any]]:
        return [
            ("yes", _("late")),
            ("today", _("due today")),
            ("request", _("request that ends soon")),
        ]

    def queryset(self, _request: HttpRequest, rows: Any) -> Any:
        narrowed = {
            "yes": rows.late,
            "today": rows.due_today,
            "request": rows.request_ends_soon,
        }.get(self.value() or "")
        return narrowed() if narrowed else rows


class MineFilter(_Choice):
    """A task on the file is the user's, or a review of it that is not in."""

    title = _("assigned to")
    parameter_name = "mine"

    def lookups(self, _request: HttpRequest, _pages: Any) -> list[tuple[str, Any]]:
        return [("yes", _("me"))]

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        if self.value() != "yes":
            return rows
        tasks = Task.objects.open().filter(assignee=request.user.pk)
        reviews = Review.objects.pending().filter(reviewer=request.user.pk)
        return rows.filter(
            Q(pk__in=tasks.values("application")) | Q(pk__in=reviews.values("application"))
        )


class ReplyFilter(_Choice):
    """The applicant had the last word."""

    title = _("conversation")
    parameter_name = "reply"

    def lookups(self, _request: HttpRequest, _pages: Any) -> list[tuple[str, Any]]:
        return [("yes", _("the applicant waits for an answer"))]

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        if self.value() != "yes":
            return rows
        return rows.filter(pk__in=awaiting_reply(request.user).values("pk"))


class FindingFilter(_Choice):
    """Somebody else found it ineligible, and nobody has agreed yet."""

    title = _("finding of ineligibility")
    parameter_name = "finding"

    def lookups(self, _request: HttpRequest, _pages: Any) -> list[tuple[str, Any]]:
        return [("open", _("to confirm"))]

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        return rows.to_confirm_by(request.user) if self.value() == "open" else rows


class CallFilter(_Choice):
    title = _("call for applications")
    parameter_name = "call"

    def lookups(self, request: HttpRequest, _pages: Any) -> list[tuple[str, Any]]:
        return [(str(call.pk), call.name) for call in Call.objects.visible_to(request.user)]

    def queryset(self, _request: HttpRequest, rows: Any) -> Any:
        known = {value for value, _name in self.lookup_choices}
        return rows.filter(call_version__call=self.value()) if self.value() in known else rows


class Between(ListFilter):
    """Two bounds, both included; either may be left out. What cannot be read bounds nothing."""

    template = "applications/admin/between.html"
    name: ClassVar[str]
    field: ClassVar[forms.Field]
    unit: ClassVar[str | Promise] = ""

    def __init__(self, request: HttpRequest, params: Any, model: Any, pages: Any) -> None:
        super().__init__(request, params, model, pages)
        for parameter in self.parameters:
            given = params.pop(parameter, None)
            if given and given[-1].strip():
                self.used_parameters[parameter] = given[-1].strip()

    def has_output(self) -> bool:
        return True

    @property
    def parameters(self) -> tuple[str, str]:
        return f"{self.name}_from", f"{self.name}_to"

    def expected_parameters(self) -> list[str | None]:
        return [*self.parameters]

    def bounds(self) -> list[Any]:
        """The lower and the upper bound; None where there is none."""
        return [self._clean(self.used_parameters.get(name)) for name in self.parameters]

    def _clean(self, given: Any) -> Any:
        try:
            return self.field.clean(given)
        except forms.ValidationError:
            return None

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """One entry: the inputs, and the other parameters, which the form keeps."""
        mine = {*self.parameters, "p", "e"}
        others = [
            (key, value)
            for key, values in changelist.filter_params.items()
            for value in values
            if key not in mine
        ]
        words = (pgettext_lazy("bound", "from"), pgettext_lazy("bound", "to"))
        inputs = [
            self.field.widget.render(
                parameter,
                self.used_parameters.get(parameter),
                {
                    "aria-label": formats.listed([self.title, word], language()),
                    "id": f"between-{parameter}",
                },
            )
            for parameter, word in zip(self.parameters, words, strict=True)
        ]
        yield {"inputs": inputs, "others": others}


class AreaBetween(Between):
    title = _("wanted area, m²")
    name = "m2"
    field = forms.DecimalField(
        required=False, max_digits=10, min_value=0, widget=forms.NumberInput({"min": 0})
    )

    def queryset(self, _request: HttpRequest, rows: Any) -> Any:
        least, most = self.bounds()
        rows = rows if least is None else rows.filter(wanted_m2__gte=least)
        return rows if most is None else rows.filter(wanted_m2__lte=most)


class ReceivedBetween(Between):
    title = _("day of receipt")
    name = "received"
    field = forms.DateField(required=False, widget=DayInput())

    def queryset(self, _request: HttpRequest, rows: Any) -> Any:
        first, last = self.bounds()
        rows = rows if first is None else rows.filter(submitted_at__gte=_midnight(first))
        if last is None or last == dt.date.max:
            return rows
        return rows.filter(submitted_at__lt=_midnight(last + dt.timedelta(days=1)))


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


FILTERS: Final = (
    ("state", StateFilter),
    *(GroupFilter, LateFilter, MineFilter, ReplyFilter, FindingFilter, "site", CallFilter),
    *("applicant_kind", "sectors", AreaBetween, ReceivedBetween),
)
