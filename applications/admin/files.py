"""The file of an application: what was asked, what happened, and what staff may do next."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications.admin.deciding import (
    DeclineForm,
    DomiciliationOfferForm,
    OfferForm,
    ReasonForm,
    SearchForm,
    usual_search,
)
from applications.admin.offers import open_until, steps_in_words
from applications.labels import ApplicationState
from applications.models import Application, ApplicationSector, Offer, Transition
from applications.selectors import candidates_for
from applications.services import answers, decisions
from applications.workflow import TRANSITIONS, State, Step
from core import formats
from core.errors import DomainError
from core.models import Message
from sites.admin.base import ReadOnlyAdmin, ScopedTabular
from sites.admin.columns import language, state
from sites.admin.scoping import READ_ONLY, acting
from sites.admin.work import work
from sites.choices import TenantKind
from tenants.models import Company
from tenants.names import name_key

BADGES: Final[Mapping[str, str]] = {
    ApplicationState.SUBMITTED: "info",
    ApplicationState.OFFERED: "warning",
    ApplicationState.ACCEPTED: "success",
    ApplicationState.TENANT: "success",
    ApplicationState.DECLINED: "danger",
}


def can_step(step: Step) -> Callable[[Any], bool]:
    """Whether the workflow has the step from the state the file is in."""
    return lambda file: State(file.state) in TRANSITIONS[step].sources


class Trail(ScopedTabular):
    model = Transition
    offered = READ_ONLY
    fields = ("at", "step", "source", "target", "acting_user", "reason")
    related = ("acting_user",)
    ordering = ("id",)


class Offers(ScopedTabular):
    model = Offer
    offered = READ_ONLY
    related = ("space",)
    fields = ("created_at", "space", "area_m2", "period", "terms", "state", "open_until")
    readonly_fields = ("created_at", "terms", "open_until")
    open_until = open_until
    ordering = ("-id",)

    @admin.display(description=_("rent steps"))
    def terms(self, offer: Offer) -> Any:
        return steps_in_words(offer)


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    """Read here; changed by the acts of the workflow alone."""

    related = ("site", "company", "applicant")
    list_display = (
        "reference",
        "name",
        "site",
        "standing",
        "applicant_kind",
        "wanted_m2",
        "wanted_start",
        "received",
        "waiting",
    )
    list_filter = ("state", "site", "applicant_kind", "sectors")
    search_fields = ("reference", "name_key", "contact_email", "ice")
    search_help_text = _("Reference, name, e-mail or ICE")
    found_by_name = True
    inlines = (Offers, Trail)
    history_with = ((Offer, "application_id"), (ApplicationSector, "application_id"))
    exported = ("reference", "site__code", "state", "applicant_kind", "name", "legal_form", "ice",
                "wanted_m2", "wanted_start", "team_size", "submitted_at",
                "decline_reason")  # fmt: skip
    actions_detail = (
        "offer",
        "decline",
        {
            "title": _("For the applicant"),
            "icon": "call",
            "items": ["accept", "decline_offer", "withdraw"],
        },
        "reopen",
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("reference", "standing", "site"),
                    ("name", "company"),
                    ("applicant_kind", "legal_form", "ice"),
                    ("wanted_m2", "wanted_start", "team_size"),
                    "project",
                    "team",
                    ("sectors", "website"),
                )
            },
        ),
        (
            _("contact"),
            {
                "fields": (
                    ("contact_name", "contact_phone"),
                    ("contact_email", "language"),
                    "consent_at",
                )
            },
        ),
        (_("Around the file"), {"fields": ("decline_reason", "look_alikes", "letters")}),
    )
    readonly_fields = ("standing", "look_alikes", "letters")

    standing = state(BADGES)

    @admin.display(description=_("received"), ordering="submitted_at")
    def received(self, file: Application) -> str:
        return formats.day(timezone.localdate(file.submitted_at), language())

    @admin.display(description=_("days in this state"), ordering="-state_since")
    def waiting(self, file: Application) -> int:
        return (timezone.now() - file.state_since).days

    @admin.display(description=_("similar companies"))
    def look_alikes(self, file: Application) -> Any:
        """Known already? Staff decide; machines only take the same ICE for the same company."""
        return _once(file, "look_alikes", lambda: self._similar(file))

    def _similar(self, file: Application) -> Any:
        found = Company.objects.look_alikes(name=file.name, ice=file.ice)[:5]
        return self._links((company, company.name) for company in found if company != file.company)

    @admin.display(description=_("letters"))
    def letters(self, file: Application) -> Any:
        return _once(file, "letters", lambda: self._sent(file))

    def _sent(self, file: Application) -> Any:
        sent = Message.objects.filter(matter__startswith=f"application:{file.pk}:").order_by("id")
        return format_html_join(
            "",
            "<div>{} · <bdi>{}</bdi> · {}</div>",
            (
                (
                    formats.day(timezone.localdate(letter.created_at), language()),
                    letter.subject,
                    letter.get_state_display(),
                )
                for letter in sent
            ),
        )

    def _links(self, rows: Any) -> Any:
        return format_html_join(
            "",
            '<div><a class="staff-link" href="{}">{}</a></div>',
            ((self.address_of(row), name) for row, name in rows),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Names are found without their accents."""
        found, twice = super().get_search_results(request, queryset, search_term)
        if search_term.strip() and (key := name_key(search_term)):
            found |= queryset.filter(name_key__contains=key)
        return found, twice

    # --- Staff decide -----------------------------------------------------------------------
    @work(
        _("Make an offer"),
        path="offer",
        right=Action.DECIDE,
        icon="handshake",
        when=can_step(Step.OFFER),
    )
    def offer(self, request: HttpRequest, file: Application) -> HttpResponse:
        search = SearchForm({**usual_search(file.wanted_start), **request.GET.dict()})
        found, problem = [], ""
        domiciled = search.is_valid() and (
            search.cleaned_data["tenant_kind"] == TenantKind.DOMICILIATION
        )
        if search.is_valid() and not domiciled:
            try:
                found = candidates_for(
                    file,
                    tenant_kind=search.cleaned_data["tenant_kind"],
                    period=search.period,
                    user=request.user,
                )
            except DomainError as refusal:
                problem = refusal.message

        def act(given: dict[str, Any]) -> str:
            made = decisions.make_offer(
                application=file,
                space=next((e.space for e in found if str(e.space.pk) == given.get("space")), None),
                open_until=given["open_until"],
                acting_user=acting(request),
                **search.cleaned_data,
            )
            return gettext("The offer was made and the space is held: %(rent)s a month.") % {
                "rent": formats.money(made.monthly_rent, language())
            }

        return self.work_page(
            request,
            file,
            act=act,
            form_class=DomiciliationOfferForm if domiciled else OfferForm,
            form_kwargs={"candidates": found},
            title=_("Make an offer"),
            submit=_("Make the offer and hold the space"),
            hint=problem,
            template="applications/admin/offer.html",
            context={"search": search, "found": bool(found) or domiciled},
        )

    @work(
        _("Refuse"), path="decline", right=Action.DECIDE, icon="block", when=can_step(Step.DECLINE)
    )
    def decline(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            decisions.decline(application=file, acting_user=acting(request), **given)
            return gettext("The application was refused; the letter is on its way.")

        return self.work_page(
            request, file, act=act, form_class=DeclineForm, title=_("Refuse"), submit=_("Refuse")
        )

    @work(
        _("Open again"), path="reopen", right=Action.DECIDE, icon="undo", when=can_step(Step.REOPEN)
    )
    def reopen(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            decisions.reopen(application=file, acting_user=acting(request), **given)
            return gettext("The application is to be decided again.")

        return self.work_page(
            request,
            file,
            act=act,
            form_class=ReasonForm,
            title=_("Open again"),
            submit=_("Open again"),
        )

    # --- The applicant telephones -----------------------------------------------------------
    @work(
        _("Accept for the applicant"),
        path="accept",
        right=Action.DECIDE,
        icon="check",
        when=can_step(Step.ACCEPT_OFFER),
    )
    def accept(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            answers.accept_offer(offer=_last_offer(file), acting_user=acting(request))
            return gettext("Accepted; the draft lease is ready.")

        return self.work_page(
            request,
            file,
            act=act,
            title=_("Accept for the applicant"),
            submit=_("Accept the offer"),
            hint=_("Only on the applicant's own word: it makes the company and the draft lease."),
        )

    @work(
        _("Decline for the applicant"),
        path="decline-offer",
        right=Action.DECIDE,
        icon="close",
        when=can_step(Step.DECLINE_OFFER),
    )
    def decline_offer(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            answers.decline_offer(offer=_last_offer(file), acting_user=acting(request), **given)
            return gettext("Declined; the space is free again.")

        return self.work_page(
            request,
            file,
            act=act,
            form_class=ReasonForm,
            title=_("Decline for the applicant"),
            submit=_("Decline"),
        )

    @work(
        _("Withdraw for the applicant"),
        path="withdraw",
        right=Action.DECIDE,
        icon="logout",
        when=can_step(Step.WITHDRAW),
    )
    def withdraw(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            answers.withdraw(application=file, acting_user=acting(request), **given)
            return gettext("The application was withdrawn.")

        return self.work_page(
            request,
            file,
            act=act,
            form_class=ReasonForm,
            title=_("Withdraw for the applicant"),
            submit=_("Withdraw"),
        )


def _last_offer(file: Application) -> Offer:
    return file.offers.latest("id")


def _once(file: Application, name: str, make: Callable[[], Any]) -> Any:
    """unfold asks for a read-only field's text several times on one page."""
    kept = file.__dict__.setdefault("_shown", {})
    if name not in kept:
        kept[name] = make()
    return kept[name]
