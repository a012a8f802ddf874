"""Public holidays of a year as computed, with what staff changed."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from billing.models import Holiday
from billing.selectors.holidays import year_of
from billing.services.holidays import forget_holiday, set_holiday
from core.forms import whole_number
from core.periods import today
from sites.admin.base import ScopedAdmin
from sites.admin.columns import day_column, language
from sites.admin.scoping import acting
from sites.admin.work import work

_FIRST, _LAST = 2000, 2099


@admin.register(Holiday)
class HolidayAdmin(ScopedAdmin):
    """The list is of what staff changed; above it stands the year with all of its holidays."""

    offered = frozenset({Action.VIEW, Action.ADD, Action.CHANGE, Action.EXPORT})
    added_by_network = True
    list_display = ("on", "is_holiday", "name")
    fields = ("day", "is_holiday", "name")
    ordering = ("-day",)
    exported = ("day", "is_holiday", "name")
    list_before_template = "billing/admin/holidays.html"
    actions_detail = ("forget",)
    on = day_column("day", _("day"))

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {
            "all": ("file.css", "lease.css", "billing.css")
        }

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        asked = whole_number(request.GET.get("day__year"))
        year = asked if _FIRST <= asked <= _LAST else today().year
        head = {
            "year": year,
            "years": (year - 1, year + 1),
            "holidays": year_of(year, language()),
            "may_add": self.allows(request, Action.ADD),
        }
        shown: HttpResponse = super().changelist_view(request, {**(extra_context or {}), **head})
        return shown

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("day",) if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: Holiday, form: Any, change: bool) -> None:
        made = set_holiday(
            day=obj.day, is_holiday=obj.is_holiday, name=obj.name, acting_user=acting(request)
        )
        obj.pk = made.pk
        obj._state.adding = False

    @work(_("Follow the calendar again"), path="forget", right=Action.CHANGE, icon="undo")
    def forget(self, request: HttpRequest, holiday: Holiday) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            forget_holiday(holiday=holiday, acting_user=acting(request))
            return gettext("The calendar decides of this day again.")

        title = _("Follow the calendar again")
        return self.work_page(
            request,
            holiday,
            act=act,
            title=title,
            submit=title,
            then=reverse("admin:billing_holiday_changelist"),
        )
