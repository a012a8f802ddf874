"""Committee sessions: planned here; what happens in one has a page of its own."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import Action
from applications.labels import SessionState
from applications.models import Member, Session
from applications.services import committee
from applications.views import sitting
from sites.admin.base import ScopedAdmin
from sites.admin.columns import state
from sites.admin.scoping import READ_ONLY, acting
from sites.admin.work import WorkForm, work
from sites.models import Membership
from sites.scopes import Scope, scope_of

SESSION_BADGES: Final[Mapping[str, str]] = {
    SessionState.PLANNED: "info",
    SessionState.OPEN: "warning",
    SessionState.SIGNED: "success",
}


class PlanForm(WorkForm):
    held_at = forms.DateTimeField(
        label=_("date and time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.CharField(label=_("place"), max_length=200, required=False)
    chair = forms.ModelChoiceField(label=_("chair"), queryset=User.objects.none())
    quorum = forms.IntegerField(label=_("quorum"), min_value=1, max_value=100)

    def __init__(self, *args: Any, site_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chair: Any = self.fields["chair"]
        chair.queryset = people_within(Scope(False, frozenset({site_id})))


def people_within(scope: Scope) -> Any:
    """Whoever has a role where the scope reaches, or in the whole network."""
    there = Membership.objects.all()
    if not scope.network:
        there = there.filter(Q(site__in=scope.site_ids) | Q(site__isnull=True))
    return User.objects.filter(is_active=True, pk__in=there.values("user")).order_by("email")


@admin.register(Session)
class SessionAdmin(ScopedAdmin):
    """Planned here, read here; changed by the acts of `services.committee` alone."""

    offered = READ_ONLY | {Action.ADD}
    related = ("site", "chair")
    list_display = ("held_at", "site", "place", "chair", "quorum", "standing")
    list_filter = ("state", "site")
    readonly_fields = ("standing", "signed_at", "minutes_sha256")
    history_with = ((Member, "session_id"),)
    exported = ("site__code", "held_at", "place", "quorum", "state", "signed_at", "minutes_sha256")
    actions_detail = ("sit", "change_plan", "pack", "minutes")

    standing = state(SESSION_BADGES)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        planned = ("site", "held_at", "place", "chair", "quorum")
        if obj is None:
            return planned
        signed = ("signed_at", "minutes_sha256") if obj.state == SessionState.SIGNED else ()
        return (*planned, "standing", "remarks", *signed)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "chair":
            kwargs["queryset"] = people_within(scope_of(request.user, Action.ADD, "committee"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Session, form: Any, change: bool) -> None:
        made = committee.plan_session(
            site=obj.site,
            held_at=obj.held_at,
            chair=obj.chair,
            quorum=obj.quorum,
            place=obj.place,
            acting_user=acting(request),
        )
        obj.pk = made.pk
        obj.refresh_from_db()

    def response_add(
        self, request: HttpRequest, obj: Session, post_url_continue: str | None = None
    ) -> HttpResponse:
        """On to its own page: members and agenda come next."""
        if "_save" not in request.POST:
            usual: HttpResponse = super().response_add(request, obj, post_url_continue)
            return usual
        messages.success(request, gettext("The session is planned: choose its members and agenda."))
        return redirect("admin:sitting", obj.pk)

    @work(_("Open the session's page"), path="sit", right=Action.VIEW, icon="groups")
    def sit(self, request: HttpRequest, session: Session) -> HttpResponse:
        return sitting.sitting_page(request, session.pk)

    @work(
        _("Change the plan"),
        path="change-plan",
        right=Action.CHANGE,
        icon="edit_calendar",
        when=lambda session: session.state == SessionState.PLANNED,
    )
    def change_plan(self, request: HttpRequest, session: Session) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            committee.change_session(session=session, acting_user=acting(request), **given)
            return gettext("The session is planned anew.")

        return self.work_page(
            request,
            session,
            act=act,
            form_class=PlanForm,
            form_kwargs={"site_id": session.site_id},
            initial={
                "held_at": timezone.localtime(session.held_at),
                "place": session.place,
                "chair": session.chair_id,
                "quorum": session.quorum,
            },
            title=_("Change the plan"),
        )

    @work(_("Papers (PDF)"), path="pack", right=Action.VIEW, icon="picture_as_pdf")
    def pack(self, request: HttpRequest, session: Session) -> HttpResponse:
        return sitting.pack_page(request, session.pk)

    @work(
        _("Minutes (PDF)"),
        path="minutes",
        right=Action.VIEW,
        icon="description",
        when=lambda session: session.state != SessionState.PLANNED,
    )
    def minutes(self, request: HttpRequest, session: Session) -> HttpResponse:
        return sitting.minutes_page(request, session.pk)
