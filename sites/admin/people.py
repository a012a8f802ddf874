"""Members of staff, their roles, their second factors; clients' tokens."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import User
from accounts.rights import Action
from sites.admin.base import ScopedAdmin, ScopedTabular, StaffForm
from sites.admin.history import Track
from sites.admin.scoping import ALL_BUT_DELETE, acting
from sites.admin.widgets import dress
from sites.admin.work import WorkForm, refuse, work
from sites.choices import ClientKind
from sites.models import ClientToken, ClientTokenSite, Membership, Site
from sites.scopes import scope_of
from sites.selectors import people_visible_to
from sites.services import people as services

WITH_DELETE = ALL_BUT_DELETE | {Action.DELETE}
_TAKING = frozenset({Action.CHANGE, Action.DELETE})
_OWN_ROLE = _("Your own role of administrator is taken from you by another administrator.")


class Memberships(ScopedTabular):
    model = Membership
    offered = WITH_DELETE
    related = ("site",)

    def allows(self, request: HttpRequest, action: Action, obj: Any = None) -> bool:
        """One's own roles may be added to, not taken: see `MembershipAdmin`."""
        if action in _TAKING and obj is not None and obj.pk == request.user.pk:
            return False
        return super().allows(request, action, obj)


class UserForm(StaffForm):
    """Adding asks for a first password and a first role too."""

    password = forms.CharField(
        label=_("first password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )
    role = forms.ChoiceField(label=_("role"), choices=Role.choices)
    site = forms.ModelChoiceField(
        Site.objects.none(),
        label=_("site"),
        required=False,
        empty_label=_("the whole network"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        added = ("password", "role", "site")
        if self.instance.pk is not None:
            for name in added:
                self.fields.pop(name, None)
            return
        site: Any = self.fields["site"]
        site.queryset = Site.objects.all()
        for name in added:
            dress(self.fields[name])

    def clean_email(self) -> str:
        """As addresses are kept: sign-in compares lower case."""
        return str(self.cleaned_data["email"]).strip().lower()

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        given = {name: self.cleaned_data.get(name, "") for name in ("email", "name")}
        validate_password(password, User(**given))
        return password


class ReasonForm(WorkForm):
    reason = forms.CharField(
        label=_("reason"), max_length=200, help_text=_("It stands in the history.")
    )


@admin.register(User)
class UserAdmin(ScopedAdmin):
    """An account is closed, never deleted. No page shows or sets a password but the first."""

    form = UserForm
    list_display = ("name", "email", "roles", "is_staff", "is_active", "second_factor")
    list_display_links = ("name", "email")
    list_filter = ("is_staff", "is_active", "memberships__role", "memberships__site")
    search_fields = ("name", "email")
    inlines = (Memberships,)
    not_exported = frozenset({"password"})
    add_fieldsets = (
        (None, {"fields": (("email", "name"), ("language", "password"), ("role", "site"))}),
    )
    fieldsets = (
        (None, {"fields": (("email", "name"), "language", ("is_staff", "is_active"))}),
        (None, {"fields": (("created_at", "last_login", "second_factor_reset_at"),)}),
    )
    actions_detail = ("reset_factor", "close", "open_again")

    def rows(self, request: HttpRequest, action: Action = Action.VIEW) -> QuerySet[User]:
        return people_visible_to(request.user, action)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        rows: QuerySet[User] = super().get_queryset(request)
        factor = Authenticator.objects.filter(user=OuterRef("pk"))
        return rows.annotate(factor=Exists(factor))

    def listed(self, request: HttpRequest, rows: QuerySet[User]) -> QuerySet[User]:
        roles = Membership.objects.visible_to(request.user).select_related("site")
        return rows.prefetch_related(Prefetch("memberships", roles))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        made = ("created_at", "last_login", "second_factor_reset_at")
        return (*made, "email", "is_staff", "is_active") if obj else made

    def get_inlines(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.inlines if obj else ()

    def history_tracks(self, request: HttpRequest, obj: Any) -> Any:
        tracks: list[Track] = [(User, "pgh_obj_id")]
        if scope_of(request.user, Action.VIEW, "membership").network:
            tracks.append((Membership, "user_id"))
        return tracks

    @admin.display(description=_("roles"))
    def roles(self, user: Any) -> str:
        return ", ".join(str(membership) for membership in user.memberships.all())

    @admin.display(description=_("second factor"), boolean=True, ordering="factor")
    def second_factor(self, user: Any) -> bool:
        return bool(user.factor)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        given = form.cleaned_data
        made = services.create_staff(
            email=given["email"],
            name=given["name"],
            language=given["language"],
            password=given["password"],
            memberships=[(given["role"], given["site"])],
            acting_user=acting(request),
        )
        obj.pk = made.pk
        obj._state.adding = False

    @work(
        _("Reset the second factor"),
        path="reset-second-factor",
        right=Action.CHANGE,
        icon="lock_reset",
        when=lambda user: user.factor,
    )
    def reset_factor(self, request: HttpRequest, user: User) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            services.reset_second_factor(
                email=user.email, reason=given["reason"], acting_user=acting(request)
            )
            return gettext("The second factor was removed, and %(name)s was told.") % {"name": user}

        return self.work_page(
            request, user, act=act, form_class=ReasonForm, title=_("Reset the second factor")
        )

    @work(
        _("Close the account"),
        path="close",
        right=Action.CHANGE,
        icon="person_off",
        when=lambda user: user.is_active,
    )
    def close(self, request: HttpRequest, user: User) -> HttpResponse:
        return self._set_active(request, user, False, _("Close the account"))

    @work(
        _("Open the account again"),
        path="open",
        right=Action.CHANGE,
        icon="person_check",
        when=lambda user: not user.is_active,
    )
    def open_again(self, request: HttpRequest, user: User) -> HttpResponse:
        return self._set_active(request, user, True, _("Open the account again"))

    def _set_active(
        self, request: HttpRequest, user: User, active: bool, title: Any
    ) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            services.set_active(
                user=user, active=active, reason=given["reason"], acting_user=acting(request)
            )
            return gettext("Done.")

        return self.work_page(
            request, user, act=act, form_class=ReasonForm, title=title, submit=title
        )


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin):
    offered = WITH_DELETE
    related = ("user", "site")
    list_display = ("user", "role", "site")
    list_filter = ("role", "site")
    search_fields = ("user__name", "user__email")
    autocomplete_fields = ("user",)
    exported = ("user__email", "user__name", "role", "site__code")

    def allows(self, request: HttpRequest, action: Action, obj: Any = None) -> bool:
        """An administrator does not lock themselves out: another one takes the role from them."""
        taking = action in _TAKING and obj is not None
        if taking and _own_roles(request).filter(pk=getattr(obj, "pk", obj)).exists():
            return False
        return super().allows(request, action, obj)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Says why one's own row has no buttons."""
        if object_id.isdecimal() and _own_roles(request).filter(pk=object_id).exists():
            messages.info(request, _OWN_ROLE)
        return super().change_view(request, object_id, form_url, extra_context)  # type: ignore[no-any-return]

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        own = _own_roles(request).filter(pk=object_id) if object_id.isdecimal() else None
        if request.method == "GET" and own is not None and (role := own.first()) is not None:
            return redirect(self.address_of(role))
        return super().delete_view(request, object_id, extra_context)  # type: ignore[no-any-return]


def _own_roles(request: HttpRequest) -> QuerySet[Membership]:
    return Membership.objects.filter(user=acting(request), role=Role.ADMINISTRATOR)


class TokenForm(WorkForm):
    kind = forms.ChoiceField(
        label=_("kind"),
        choices=ClientKind.choices,
        initial=ClientKind.PERSON,
        help_text=_(
            "A partner's portal (an incubator that sends start-ups) begins applications, sends "
            "them, and sees of its own what their applicants see: no other file, no scores, no "
            "notes of staff."
        ),
    )
    email = forms.EmailField(
        label=_("of whom"),
        help_text=_(
            "A person on staff: the client may at most what this person may. A partner: an "
            "address of theirs; each partner has its own, and tokens of the same address reach "
            "the same applications."
        ),
    )
    client = forms.CharField(label=_("client"), max_length=100)
    days = forms.IntegerField(
        label=_("valid for, days"), min_value=1, max_value=services.MOST_TOKEN_DAYS, initial=365
    )
    sites = forms.ModelMultipleChoiceField(
        Site.objects.all(),
        label=_("sites"),
        required=False,
        help_text=_("Empty: all sites of the person; for a partner, all sites."),
    )
    read_only = forms.BooleanField(
        label=_("read only"),
        required=False,
        initial=True,
        help_text=_("A portal that sends applications is not read only."),
    )


@admin.register(ClientToken)
class ClientTokenAdmin(ScopedAdmin):
    """Issued with its secret shown once; revoked, never changed."""

    offered = frozenset({Action.VIEW, Action.ADD, Action.DELETE, Action.EXPORT})
    network_only = True
    related = ("token__user",)
    list_display = ("name", "kind", "person", "read_only", "created_at", "expiry")
    list_filter = ("kind", "read_only", "sites")
    search_fields = ("name", "token__user__email", "token__user__name")
    fields = (
        ("name", "kind"),
        ("person", "read_only"),
        ("every_site", "sites"),
        ("created_at", "expiry"),
    )
    readonly_fields = ("person", "created_at", "expiry")
    exported = ("name", "kind", "token__user__email", "read_only", "created_at", "token__expiry")
    history_with = ((ClientTokenSite, "clienttoken_id"),)

    @admin.display(description=_("person"), ordering="token__user__email")
    def person(self, token: ClientToken) -> str:
        return str(token.token.user)

    @admin.display(description=_("valid until"), ordering="token__expiry")
    def expiry(self, token: ClientToken) -> Any:
        return token.token.expiry

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)  # type: ignore[no-any-return]
        form = TokenForm(request.POST if request.method == "POST" else None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Issue a token"),
            "submit_text": _("Issue"),
            "form": form,
            "opts": self.opts,
            "back": reverse("admin:sites_clienttoken_changelist"),
        }
        if form.is_valid():
            try:
                secret = services.issue_token(acting_user=acting(request), **form.cleaned_data)
            except (services.UnknownPerson, services.NoPartner) as refusal:
                refuse(form, refusal)
            else:
                # Shown by this answer alone: stored nowhere, not even in the session.
                return TemplateResponse(
                    request, "sites/admin/token_issued.html", {**context, "secret": secret}
                )
        return TemplateResponse(request, "sites/admin/work.html", context)

    def delete_model(self, request: HttpRequest, obj: ClientToken) -> None:
        services.revoke_token(token=obj, acting_user=acting(request))
