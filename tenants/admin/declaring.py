"""What became of a company, on its page and on its follow-up's: shown, declared, asked for."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core import formats
from core.periods import today
from sites.admin.base import ScopedTabular
from sites.admin.columns import day_column, language
from sites.admin.scoping import READ_ONLY, acting
from sites.admin.work import WorkForm, WorkPages, work
from tenants.forms import DeclarationForm
from tenants.models import Company, Declaration, FollowUp, Milestone
from tenants.selectors.follow_ups import addresses_of, open_follow_up
from tenants.services.asking import send_link
from tenants.services.declarations import Evidence, Said, declare


class DeclarationField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{formats.day(obj.on, language())} · {obj.get_status_display()}"


class DeclareForm(DeclarationForm, WorkForm):
    """As our staff declare: also that nobody knows, and what was wrong before."""

    replaces = DeclarationField(
        Declaration.objects.none(),
        label=_("puts right"),
        required=False,
        help_text=_("A declaration that was wrong; empty: it was right on its day."),
    )
    field_order = ("status", "on", "headcount", "evidence", "file", "replaces")

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["replaces"]
        field.queryset = Declaration.objects.in_force().filter(company=company)


class FollowUps(ScopedTabular):
    """On the company's page; each leads to its own."""

    model = FollowUp
    offered = READ_ONLY
    related = ("site", "company")
    fields = ("site", "left", "asked", "closing")
    readonly_fields = ("left", "asked")
    asked = day_column("asked_at", _("last asked"))

    @admin.display(description=_("last day there"))
    def left(self, follow_up: FollowUp) -> str:
        address = reverse("admin:tenants_followup_change", args=(follow_up.pk,))
        day = formats.day(follow_up.left_on, language())
        return format_html('<a class="staff-link" href="{}">{}</a>', address, day)


class Declarations(ScopedTabular):
    model = Declaration
    offered = READ_ONLY
    related = ("company", "acting_user", "replaced_by")
    fields = ("day", "status", "headcount", "evidence", "proof", "said_by", "acting_user",
              "entered", "stands")  # fmt: skip
    readonly_fields = ("day", "proof", "entered", "stands")
    day = day_column("on", _("day it speaks of"))
    entered = day_column("made_at", _("entered"))

    @admin.display(description=_("file"))
    def proof(self, declaration: Declaration) -> str:
        if not declaration.file:
            return ""
        address = reverse("admin:declared_evidence", args=(declaration.pk,))
        return format_html(
            '<a class="staff-link" href="{}"><bdi>{}</bdi></a>', address, declaration.file_name
        )

    @admin.display(description=_("in force"), boolean=True)
    def stands(self, declaration: Declaration) -> bool:
        return not hasattr(declaration, "replaced_by")


class Milestones(ScopedTabular):
    model = Milestone
    offered = READ_ONLY
    related = ("done_by", "declaration__company")
    fields = ("months", "due", "done", "done_by", "settled")
    readonly_fields = ("due", "done", "settled")
    due = day_column("due_on", pgettext_lazy("deadline", "due"))
    done = day_column("done_at", pgettext_lazy("date", "done"))

    @admin.display(description=_("declaration"))
    def settled(self, milestone: Milestone) -> str:
        said = milestone.declaration
        if said is None:
            return ""
        return f"{formats.day(said.on, language())} · {said.get_status_display()}"


class DeclareActs(WorkPages):
    """To stand before the admin class of a company or of its follow-up."""

    @work(
        pgettext_lazy("act", "Declare"),
        path="declare",
        right=Action.CHANGE,
        icon="fact_check",
        when=lambda row: _company(row).merged_into_id is None,
    )
    def declare(self, request: HttpRequest, row: Any) -> HttpResponse:
        company = _company(row)

        def act(given: dict[str, Any]) -> str:
            file, replaces = given.pop("file"), given.pop("replaces")
            declare(
                company=company,
                said=Said(**given),
                file=Evidence(file.file, file.name or "", file.size or 0) if file else None,
                replaces=replaces,
                acting_user=acting(request),
            )
            return gettext("The declaration is kept.")

        return self.work_page(
            request,
            row,
            act=act,
            form_class=DeclareForm,
            form_kwargs={"company": company},
            initial={"on": today()},
            title=_("What became of the company"),
            hint=_("What nobody could find out is “unknown”, which settles nothing."),
        )

    @work(
        _("Send the link"),
        path="send-link",
        right=Action.CHANGE,
        icon="forward_to_inbox",
        when=lambda row: _open(row) is not None,
    )
    def send_link(self, request: HttpRequest, row: Any) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            follow_up = _open(row)
            if follow_up is None:
                return gettext("Nothing is asked of this company.")
            sent = send_link(follow_up=follow_up, acting_user=acting(request))
            said = ngettext(
                "The link is on its way to %(addresses)s.",
                "The links are on their way to %(addresses)s.",
                len(sent),
            )
            return said % {"addresses": ", ".join(sent)}

        known = addresses_of(_company(row))
        hint = gettext("The company says itself what became of it: %(addresses)s") % {
            "addresses": ", ".join(known)
        }
        lacking = gettext("No e-mail address is known: add a contact to the company first.")
        return self.work_page(
            request,
            row,
            act=act,
            title=_("Send the link"),
            submit=_("Send"),
            hint=hint if known else lacking,
        )


def _company(row: Any) -> Company:
    company: Company = row if isinstance(row, Company) else row.company
    return company


def _open(row: Any) -> FollowUp | None:
    if isinstance(row, FollowUp):
        return row if row.closed_at is None else None
    return open_follow_up(row)
