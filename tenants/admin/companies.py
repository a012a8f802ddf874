"""Companies: everybody sees the card, staff of its sites the whole record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core import formats
from sites.admin.base import ScopedAdmin, ScopedTabular, StaffForm
from sites.admin.scoping import READ_ONLY, acting
from sites.admin.widgets import dress
from sites.admin.work import WorkForm, work
from sites.models import Site
from sites.scopes import scope_of
from tenants import services
from tenants.admin.declaring import Declarations, DeclareActs, FollowUps
from tenants.admin.merging import MergePage
from tenants.errors import WrongIdentifier
from tenants.forms import IdentityForm, PresenceForm, check_ice_key, look_alikes
from tenants.models import (
    IDENTITY_FIELDS,
    Company,
    CompanySector,
    CompanyTechnology,
    Contact,
    FollowUp,
    FormerIdentity,
    Presence,
    Succession,
)

ON_THE_CARD = frozenset({"id", "name", "name_key", "legal_form", "ice", "presences", "record"})
ADDED = ("site", "create_anyway")
KEPT_TODAY = ("ice_override_reason", "cnss_number", "tp_number", "kind", "sectors", "technologies",
              "website", "email", "phone", "address", "language", "in_directory")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """A page of a room above that is about a company."""

    title: str | Promise
    resource: str
    address: Callable[[Company], str]


_elsewhere: list[_Elsewhere] = []


def also_show(title: str | Promise, resource: str, address: Callable[[Company], str]) -> None:
    """A room above says, once, which page of it a company's page leads to, for whoever may view
    what it is about."""
    _elsewhere.append(_Elsewhere(title, resource, address))


class Contacts(ScopedTabular):
    model = Contact
    strikable = True


class Presences(ScopedTabular):
    model = Presence
    resource = "card"
    offered = READ_ONLY
    related = ("site",)
    fields = ("site", "since")

    def rows(self, request: HttpRequest, action: Action = Action.VIEW) -> QuerySet[Presence]:
        """All of them: where a company is stands on its card."""
        return Presence.objects.all()


class FormerIdentities(ScopedTabular):
    model = FormerIdentity
    offered = READ_ONLY
    fields = ("name", "legal_form", "ice", "rc_number", "period")


class CompanyForm(StaffForm):
    """Adding asks where the company comes in, and shows look-alikes before anything is saved."""

    # Longer than the column: people write them with spaces.
    ice = forms.CharField(label="ICE", max_length=30, required=False)
    if_number = forms.CharField(label="IF", max_length=16, required=False)
    site = forms.ModelChoiceField(
        Site.objects.none(),
        label=_("site"),
        help_text=_("Whose staff see the whole record; a lease or an application adds its own."),
    )
    create_anyway = forms.BooleanField(
        label=_("a new company all the same"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            for name in ADDED:
                self.fields.pop(name, None)
            return
        for name in ("ice", "if_number", "site"):
            if name in self.fields:
                dress(self.fields[name])

    def clean_ice(self) -> str:
        return self._identifier("ice")

    def clean_if_number(self) -> str:
        return self._identifier("if_number")

    def _identifier(self, name: str) -> str:
        try:
            return services.check_identifiers({name: self.cleaned_data[name]})[name]
        except WrongIdentifier as refusal:
            raise ValidationError(refusal.message) from refusal

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        ice = given.get("ice", self.instance.ice)
        wrong = check_ice_key(ice, given.get("ice_override_reason", ""))
        if wrong and "ice_override_reason" in self.fields:
            self.add_error("ice_override_reason", wrong)
        if self.instance.pk is None and given.get("name") and not given.get("create_anyway"):
            same = look_alikes(name=given["name"], ice=given.get("ice", ""))
            if same:
                self.fields["create_anyway"].widget = forms.CheckboxInput()
                dress(self.fields["create_anyway"])
                self.add_error(None, ValidationError(same, code="look_alike"))
        return given


class DatedIdentityForm(IdentityForm, WorkForm):
    """The working page's dress on the identity form."""


class NewPresenceForm(PresenceForm, WorkForm):
    """The working page's dress on the presence form."""


class RecordFilter(admin.SimpleListFilter):
    """Records merged into another are out of the way unless asked for."""

    title = _("record")
    parameter_name = "record"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [("merged", _("merged into another"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        merged = self.value() == "merged"
        return queryset.filter(merged_into__isnull=not merged)


def _current(company: Any) -> bool:
    return company.merged_into_id is None


def _successions(company: Any) -> list[Succession]:
    """Its own of both ends, asked once for a page."""
    if "_successions" not in company.__dict__:
        rows = Succession.objects.filter(Q(company=company) | Q(predecessor=company))
        company._successions = list(rows.select_related("company", "predecessor").order_by("since"))
    found: list[Succession] = company._successions
    return found


@admin.register(Company)
class CompanyAdmin(MergePage, DeclareActs, ScopedAdmin):
    form = CompanyForm
    list_display = ("name", "legal_form", "ice", "sites")
    search_fields = ("name_key", "ice")
    search_help_text = _("Name, present or former, or ICE")
    found_by_name = True
    autocomplete_fields = ("sectors", "technologies")
    history_with = tuple(
        (model, "company_id")
        for model in (
            FormerIdentity,
            Contact,
            Presence,
            CompanySector,
            CompanyTechnology,
            FollowUp,
        )
    )
    exported = (*IDENTITY_FIELDS, "identity_since", "kind", "cnss_number", "tp_number", "website",
                "email", "phone", "address", "language", "in_directory")  # fmt: skip
    actions_detail = ("change_identity", "note_presence", "declare", "send_link", "merge")
    change_form_outer_before_template = "tenants/admin/elsewhere.html"
    card = ((None, {"fields": (("name", "legal_form"), ("ice", "merged_into"))}),)
    identity = (None, {"fields": (("name", "legal_form"), ("ice", "if_number"),
                                  ("rc_number", "rc_court"))})  # fmt: skip
    details = (
        (None, {"fields": (("kind", "in_directory"),("sectors", "technologies"),
                           ("cnss_number", "tp_number"), ("ice_override_reason", "language"))}),
        (_("How to reach it"), {"fields": (("email", "phone"), "website", "address")}),
    )  # fmt: skip

    # --- Card or whole record -------------------------------------------------------------------
    def allows(self, request: HttpRequest, action: Action, obj: Any = None) -> bool:
        if action == Action.VIEW:
            return bool(scope_of(request.user, action, "card"))
        return super().allows(request, action, obj)

    def sees_all_of(self, request: HttpRequest, company: Company) -> bool:
        """Whether the company is present at a site where the user may see companies."""
        scope = scope_of(request.user, Action.VIEW, self.resource)
        return scope.network or Company.objects.within(scope).filter(pk=company.pk).exists()

    def may_read_history(self, request: HttpRequest, obj: Any) -> bool:
        return self.sees_all_of(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Company | None = None) -> Any:
        if obj is None:
            asked = (None, {"fields": ("create_anyway", "site")})
            return (asked, self.identity, *self.details)
        if not self.sees_all_of(request, obj):
            return self.card
        told = ("succession",) if _successions(obj) else ()
        dated = (None, {"fields": (("identity_since", "created_at", "merged_into"), *told)})
        return (self.identity, dated, *self.details)

    def get_inlines(self, request: HttpRequest, obj: Company | None = None) -> Any:
        if obj is None:
            return (Contacts,)
        if not self.sees_all_of(request, obj):
            return (Presences,)
        return (Contacts, Presences, FormerIdentities, FollowUps, Declarations)

    def render_change_form(
        self, request: HttpRequest, context: Any, obj: Company | None = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            context["elsewhere"] = [
                (page.title, page.address(obj))
                for page in _elsewhere
                if scope_of(request.user, Action.VIEW, page.resource)
            ]
        answer: HttpResponse = super().render_change_form(request, context, obj=obj, **kwargs)
        return answer

    def get_readonly_fields(self, request: HttpRequest, obj: Company | None = None) -> Any:
        dated = ("identity_since", "created_at", "merged_into", "succession")
        return (*IDENTITY_FIELDS, *dated) if obj else dated

    def get_list_filter(self, request: HttpRequest) -> Any:
        """What is not on the card would be told by a filter too."""
        filters: list[Any] = ["presences__site", "legal_form", RecordFilter]
        if scope_of(request.user, Action.VIEW, self.resource).network:
            filters += ["kind", "sectors", "technologies", "in_directory"]
        return [self._scoped(entry) for entry in filters]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Nor may an address of the list guess at it (`?email__startswith=`)."""
        network = scope_of(request.user, Action.VIEW, self.resource).network
        allowed: bool = super().lookup_allowed(lookup, value, request)
        return allowed and (network or lookup.split("__", maxsplit=1)[0] in ON_THE_CARD)

    def listed(self, request: HttpRequest, rows: QuerySet[Company]) -> QuerySet[Company]:
        return rows.prefetch_related("presences__site")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        match = request.resolver_match
        if match is not None and match.url_name in {"autocomplete", "search"}:
            queryset = queryset.current()
        return (queryset.called(search_term) if search_term.strip() else queryset), False

    @admin.display(description=_("sites"))
    def sites(self, company: Any) -> str:
        return ", ".join(presence.site.code for presence in company.presences.all())

    @admin.display(description=_("succession"))
    def succession(self, company: Company) -> str:
        """Which company it goes on for, and which for it."""
        language, told = get_language() or "fr", []
        for row in _successions(company):
            since = {"day": formats.day(row.since, language)}
            if row.company_id == company.pk:
                words, other = gettext("succeeds %(company)s since %(day)s"), row.predecessor
            else:
                words, other = gettext("succeeded by %(company)s since %(day)s"), row.company
            told.append(words % {"company": other, **since})
        return formats.listed(told, language)

    # --- Saving ---------------------------------------------------------------------------------
    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "site" in form.base_fields:
            scope = scope_of(request.user, Action.ADD, self.resource)
            site = form.base_fields["site"]
            site.queryset = Site.objects.within(scope)
            site.required = not scope.network
        return form

    def save_model(self, request: HttpRequest, obj: Company, form: Any, change: bool) -> None:
        given = form.cleaned_data
        user = acting(request)
        if change:
            changed = {name: given[name] for name in form.changed_data if name in KEPT_TODAY}
            services.update_company(company=obj, acting_user=user, **changed)
            return
        fields = {name: value for name, value in given.items() if name not in ADDED}
        made = services.register_company(acting_user=user, site=given["site"], **fields)
        obj.pk, obj.name_key = made.pk, made.name_key
        obj._state.adding = False

    # --- Acts -----------------------------------------------------------------------------------
    @work(
        _("Change the identity"),
        path="identity",
        right=Action.CHANGE,
        icon="badge",
        when=_current,
    )
    def change_identity(self, request: HttpRequest, company: Company) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            services.change_identity(company=company, acting_user=acting(request), **given)
            return gettext("The new identity is noted; the former one keeps its days.")

        return self.work_page(
            request,
            company,
            act=act,
            form_class=DatedIdentityForm,
            title=_("Change the identity"),
            initial={name: getattr(company, name) for name in IDENTITY_FIELDS},
        )

    @work(
        _("Add a site"),
        path="presence",
        right=Action.CHANGE,
        icon="add_location",
        when=_current,
    )
    def note_presence(self, request: HttpRequest, company: Company) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            services.add_site(company=company, site=given["site"], acting_user=acting(request))
            return gettext("The staff of this site see the whole record now.")

        scope = scope_of(request.user, Action.CHANGE, self.resource)
        return self.work_page(
            request,
            company,
            act=act,
            form_class=NewPresenceForm,
            form_kwargs={"sites": Site.objects.within(scope)},
            title=_("Add a site"),
        )
