"""The companies that left: what is to be found out of which, by when."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core import formats
from core.periods import add_months, today
from sites.admin.base import ReadOnlyAdmin
from sites.admin.columns import day_column, language
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, work
from tenants.admin.declaring import Declarations, DeclareActs, Milestones
from tenants.choices import DeclaredStatus
from tenants.models import Declaration, FollowUp, Milestone
from tenants.selectors.follow_ups import without_address
from tenants.services.milestones import tick


class StandingFilter(admin.SimpleListFilter):
    """What waits for our staff; without a choice, whatever is still asked."""

    title = _("to do")
    parameter_name = "todo"

    def lookups(self, _request: HttpRequest, _pages: Any) -> list[tuple[str, Any]]:
        return [
            ("late", _("overdue")),
            ("soon", _("due within three months")),
            ("silent", _("without an address")),
            ("over", pgettext_lazy("follow-up", "over")),
        ]

    def queryset(self, _request: HttpRequest, rows: Any) -> Any:
        waiting = Milestone.objects.filter(follow_up=OuterRef("pk"), done_at=None)
        match self.value():
            case "late":
                return rows.open().filter(Exists(waiting.filter(due_on__lt=today())))
            case "soon":
                soon = (today(), add_months(today(), 3))
                return rows.open().filter(Exists(waiting.filter(due_on__range=soon)))
            case "silent":
                return without_address(rows.open())
            case "over":
                return rows.filter(closed_at__isnull=False)
        return rows.open()


class MilestoneField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        day = formats.day(obj.due_on, language())
        return gettext("%(months)s months, due %(day)s") % {"months": obj.months, "day": day}


class TickForm(WorkForm):
    done = MilestoneField(
        Milestone.objects.none(),
        label=_("done by hand"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, follow_up: FollowUp, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["done"]
        field.queryset = follow_up.milestones.filter(declaration=None)


@admin.register(FollowUp)
class FollowUpAdmin(DeclareActs, ReadOnlyAdmin):
    related = ("company", "site")
    list_display = ("company", "site", "left", "next", "said", "asked")
    list_filter = (StandingFilter, "site")
    search_fields = ("company__name_key", "company__ice")
    search_help_text = _("Name or ICE")
    ordering = ("left_on", "id")
    fields = (("company", "site"), ("left", "asked"), ("closed", "closing"))
    readonly_fields = ("left", "asked", "closed")
    inlines = (Milestones, Declarations)
    history_with = ((Milestone, "follow_up_id"),)
    exported = ("company__name", "company__ice", "site__code", "left_on", "closed_at", "closing")
    actions_detail = ("declare", "send_link", "tick")
    left = day_column("left_on", _("last day there"))
    asked = day_column("asked_at", _("last asked"))
    closed = day_column("closed_at", pgettext_lazy("follow-up", "closed"))
    next = day_column("next_due", _("next due"))

    def listed(self, request: HttpRequest, rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
        said = Declaration.objects.in_force().filter(company=OuterRef("company"))
        latest = said.order_by("-on", "-id")[:1]
        return rows.annotate(
            next_due=Min("milestones__due_on", filter=Q(milestones__done_at=None)),
            said_status=Subquery(latest.values("status")),
            said_on=Subquery(latest.values("on")),
        )

    @admin.display(description=_("declared last"))
    def said(self, row: Any) -> str:
        if row.said_status is None:
            return ""
        label = DeclaredStatus(row.said_status).label
        return f"{label} · {formats.day(row.said_on, language())}"

    @work(
        _("Done by hand"),
        path="tick",
        right=Action.CHANGE,
        icon="task_alt",
    )
    def tick(self, request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
        """What no declaration settles, and nobody will find out."""
        open_to_hand = list(follow_up.milestones.filter(declaration=None))

        def act(given: dict[str, Any]) -> str:
            chosen = {milestone.pk for milestone in given["done"]}
            for milestone in open_to_hand:
                tick(
                    milestone=milestone,
                    done=milestone.pk in chosen,
                    acting_user=acting(request),
                )
            return gettext("The milestones are noted.")

        return self.work_page(
            request,
            follow_up,
            act=act,
            form_class=TickForm,
            form_kwargs={"follow_up": follow_up},
            initial={"done": [each.pk for each in open_to_hand if each.done_at is not None]},
            title=_("Done by hand"),
            hint=_("A declaration settles milestones by itself; tick what nobody can find out."),
        )
