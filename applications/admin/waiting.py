"""The waiting list of each site in its order, and the spaces that free up for it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications.admin.finding import FoundAsTheirFile
from applications.models import Place, PlaceMove
from applications.selectors.waiting import freeing_spaces, ranked
from applications.services import waiting
from core import formats
from core.forms import whole_number
from sites.admin.base import ReadOnlyAdmin, ScopedTabular
from sites.admin.columns import language
from sites.admin.scoping import READ_ONLY, acting
from sites.admin.work import WorkForm, work
from sites.choices import TenantKind
from sites.scopes import scope_of


class MoveForm(WorkForm):
    """Bears the rank that was seen: who was moved meanwhile is not moved from elsewhere."""

    rank = forms.IntegerField(label=_("to rank"), min_value=1)
    reason = forms.CharField(
        label=_("reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class KindForm(WorkForm):
    tenant_kind = forms.ChoiceField(label=_("kind of tenant"), choices=TenantKind)


class Moves(ScopedTabular):
    model = PlaceMove
    offered = READ_ONLY
    related = ("moved_by",)
    fields = ("moved_at", "source", "target", "reason", "moved_by")
    ordering = ("id",)


def stands(place: Any) -> bool:
    return place.rank is not None


@admin.register(Place)
class PlaceAdmin(FoundAsTheirFile, ReadOnlyAdmin):
    """Who waits, in order; moved with a reason, by buttons that need no dragging."""

    related = ("application", "site")
    list_display = (
        "rank",
        "application",
        "site",
        "tenant_kind",
        "wanted_area",
        "wanted_start",
        "since",
        "ends",
        "moving",
    )
    list_display_links = ("rank", "application")
    # In the order in which they wait, and no other.
    sortable_by = ()
    list_filter = ("site", "tenant_kind")
    search_fields = ("application__reference",)
    list_after_template = "applications/admin/vacancies.html"
    inlines = (Moves,)
    fields = (
        ("file", "site", "rank"),
        ("tenant_kind", "wanted_area", "wanted_start"),
        ("since", "left_at"),
    )
    readonly_fields = ("file", "wanted_area", "wanted_start", "since")
    actions_detail = ("move", "change_kind")
    exported = ("site__code", "rank", "application__reference", "tenant_kind",
                "application__wanted_m2", "application__wanted_start", "entered_at")  # fmt: skip

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        if self.allows(request, Action.DECIDE):
            return shown
        return [name for name in shown if name != "moving"]

    def listed(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        places: Any = rows
        scope = scope_of(request.user, Action.DECIDE, "application")
        here = ExpressionWrapper(Q(site__in=scope.site_ids), output_field=BooleanField())
        return ranked(places.standing()).annotate(movable=Value(True) if scope.network else here)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = extra_context or {}
        if self.has_view_permission(request):
            scope = scope_of(request.user, Action.DECIDE, "application")
            context["freeing"] = [
                (found, scope.covers(found.space.site_id)) for found in freeing_spaces(request.user)
            ]
        answer: HttpResponse = super().changelist_view(request, context)
        return answer

    @admin.display(description=_("application"))
    def file(self, place: Place) -> str:
        return format_html(
            '<a class="staff-link" href="{}">{}</a>',
            self.address_of(place.application),
            place.application,
        )

    @admin.display(description=_("wanted area, m²"), ordering="application__wanted_m2")
    def wanted_area(self, place: Place) -> str:
        return formats.area(place.application.wanted_m2, language())

    @admin.display(description=_("wanted start"), ordering="application__wanted_start")
    def wanted_start(self, place: Place) -> str:
        return formats.day(place.application.wanted_start, language())

    @admin.display(description=_("on the list since"), ordering="entered_at")
    def since(self, place: Place) -> str:
        return formats.day(timezone.localdate(place.entered_at), language())

    @admin.display(description=_("until"), ordering="ends_on")
    def ends(self, place: Any) -> str:
        return formats.day(place.ends_on, language()) if place.ends_on else ""

    @admin.display(description=_("move"))
    def moving(self, place: Any) -> str:
        """Up, down, and to a rank of one's choice: links, so that the keyboard reaches them."""
        if not place.movable:
            return ""
        address = reverse("admin:applications_place_move", args=[place.pk])
        links = []
        if place.rank > 1:
            links.append((f"{address}?rank={place.rank - 1}", gettext("Move up"), "↑"))
        if place.rank < place.of:
            links.append((f"{address}?rank={place.rank + 1}", gettext("Move down"), "↓"))
        links.append((address, gettext("Move to a rank"), gettext("Move")))
        return format_html(
            '<span class="staff-moves">{}</span>',
            format_html_join(
                "",
                '<a class="staff-link" href="{}" aria-label="{}" title="{}">{}</a>',
                ((link, words, words, sign) for link, words, sign in links),
            ),
        )

    @work(_("Move"), path="move", right=Action.DECIDE, icon="swap_vert", when=stands)
    def move(self, request: HttpRequest, place: Place) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            moved = waiting.move(place=place, acting_user=acting(request), **given)
            return gettext("%(reference)s has rank %(rank)s now.") % {
                "reference": place.application.reference,
                "rank": moved.rank,
            }

        return self.work_page(
            request,
            place,
            act=act,
            form_class=MoveForm,
            initial={
                "rank": whole_number(request.GET.get("rank")) or place.rank,
                "seen": place.rank,
            },
            title=_("Move on the waiting list"),
            submit=_("Move"),
            hint=f"{place.application} · {place.rank or '–'}",
            then=reverse("admin:applications_place_changelist"),
        )

    @work(
        _("Change the kind of tenant"),
        path="kind",
        right=Action.DECIDE,
        icon="category",
        when=stands,
    )
    def change_kind(self, request: HttpRequest, place: Place) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            waiting.change_kind(place=place, acting_user=acting(request), **given)
            return gettext("Saved.")

        return self.work_page(
            request,
            place,
            act=act,
            form_class=KindForm,
            initial={"tenant_kind": place.tenant_kind},
            title=_("Change the kind of tenant"),
            hint=_("The spaces that are proposed follow from it."),
        )
