"""The clauses of documents: written by a hub, checked when saved, looked at on a real lease."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core import formats
from core.errors import DomainError
from leases.admin.documents import shown
from leases.choices import DocumentKind, SettlementState
from leases.models import (
    Amendment,
    ClauseTemplate,
    DepositSettlement,
    HandoverReport,
    Lease,
    Notice,
)
from leases.placeholders import EVERYWHERE, OWN
from leases.services.clauses import change_clauses, write_clauses
from leases.services.documents import preview_clauses
from sites.admin.base import ScopedAdmin, StaffForm
from sites.admin.columns import language
from sites.admin.scoping import acting
from sites.admin.widgets import dress
from sites.admin.work import WorkForm, refuse, work

HOW = _(
    "A blank line ends a clause; its first line is its heading. They are numbered by themselves. "
    "Letters have no headings."
)


class AddForm(StaffForm):
    body = forms.CharField(
        label=_("clauses"),
        required=False,
        max_length=50_000,
        help_text=_("Empty: begins with the product's own clauses, to be edited."),
        widget=forms.Textarea(attrs={"rows": 24, "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "body" in self.fields:
            dress(self.fields["body"])


class PreviewForm(WorkForm):
    number = forms.CharField(
        label=_("lease"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
        help_text=_("Number of the lease to show it on; empty: the newest that has such a thing."),
    )


class EditForm(PreviewForm):
    body = forms.CharField(
        label=_("clauses"),
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 28, "dir": "auto"}),
        help_text=HOW,
    )
    field_order = ("body", "number")


@admin.register(ClauseTemplate)
class ClauseTemplateAdmin(ScopedAdmin):
    """A site's own clauses, and the network's for sites without any."""

    offered = frozenset({Action.VIEW, Action.ADD, Action.EXPORT})
    form = AddForm
    related = ("site",)
    list_display = ("kind", "language", "site", "version")
    list_filter = ("kind", "language", "site")
    search_fields = ("body",)
    fields = (("kind", "language", "site"), "version", "body", "placeholders")
    add_fieldsets = ((None, {"fields": (("kind", "language", "site"), "body", "placeholders")}),)
    readonly_fields = ("version", "placeholders")
    actions_detail = ("edit", "preview")
    exported = ("kind", "language", "site__code", "version", "body")

    def save_model(
        self, request: HttpRequest, obj: ClauseTemplate, form: Any, change: bool
    ) -> None:
        given = form.cleaned_data
        made = write_clauses(
            kind=given["kind"],
            language=given["language"],
            site=given["site"],
            body=given["body"],
            acting_user=acting(request),
        )
        obj.pk, obj.version, obj.body = made.pk, made.version, made.body
        obj._state.adding = False

    @admin.display(description=_("what is filled in"))
    def placeholders(self, template: ClauseTemplate) -> str:
        """All of them, by kind: on a new row the kind is not chosen yet."""
        own = [
            formats.labelled(str(DocumentKind(kind).label), _braced(names), language())
            for kind, names in OWN.items()
            if template.kind in {"", kind}
        ]
        return formats.apart([_braced(EVERYWHERE), *own], language())

    @work(_("Edit"), path="edit", right=Action.CHANGE, icon="edit")
    def edit(self, request: HttpRequest, template: ClauseTemplate) -> HttpResponse:
        changed = []

        def act(given: dict[str, Any]) -> str:
            row = change_clauses(template=template, body=given["body"], acting_user=acting(request))
            changed.append(row)
            if row.version == template.version:
                return gettext("Saved.")
            return gettext("Saved as version %(version)s: documents were issued from the last.") % {
                "version": row.version
            }

        page = self.work_page(
            request,
            template,
            act=act,
            form_class=EditForm,
            initial={"body": template.body},
            title=_("Edit the clauses"),
            template="leases/admin/clauses.html",
            context={
                "placeholders": self.placeholders(template),
                "preview": reverse("admin:leases_clausetemplate_preview", args=[template.pk]),
            },
        )
        if changed:
            page["Location"] = self.address_of(changed[0])
        return page

    @work(_("Preview on a lease"), path="preview", right=Action.VIEW, icon="visibility")
    def preview(self, request: HttpRequest, template: ClauseTemplate) -> HttpResponse:
        """The PDF, of the text as it stands in the form (POST) or as it is saved; nothing is
        written."""
        form: Any = PreviewForm(request.GET if "number" in request.GET else None)
        if request.method == "POST":
            form = EditForm(request.POST)
        if form.is_bound and form.is_valid():
            given = form.cleaned_data
            try:
                return self._pdf(request, template, given["number"], given.get("body"))
            except (DomainError, ValidationError) as refusal:
                refuse(form, refusal)
        return TemplateResponse(
            request,
            "leases/admin/clauses_preview.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Preview on a lease"),
                "subtitle": str(template),
                "form": form,
                "posted": request.method == "POST",
                "opts": self.opts,
                "original": template,
                "back": self.address_of(template),
            },
        )

    def _pdf(
        self, request: HttpRequest, template: ClauseTemplate, number: str, body: str | None
    ) -> HttpResponse:
        text = template.body if body is None else body.replace("\r\n", "\n")
        ClauseTemplate(kind=template.kind, body=text).clean()
        leases = _telling(template, request.user)
        lease = leases.filter(number=number.strip()).first() if number.strip() else leases.first()
        if lease is None:
            raise ValidationError({"number": gettext("There is no lease to show it on.")})
        kind = DocumentKind(template.kind)
        pdf = preview_clauses(lease, kind, template.language, text)
        return shown(pdf, f"{lease.number}-{kind}-{template.language}.pdf")


def _telling(template: ClauseTemplate, user: Any) -> QuerySet[Lease]:
    """The leases of which the user may see what the document is about, the newest first."""
    settlements = DepositSettlement.objects.visible_to(user).exclude(state=SettlementState.DROPPED)
    leases = Lease.objects.visible_to(user)
    about: dict[str, Any] = {
        DocumentKind.AMENDMENT: Amendment.objects.signed().filter(lease=OuterRef("pk")),
        DocumentKind.NOTICE: Notice.objects.filter(lease=OuterRef("pk")),
        DocumentKind.HANDOVER: HandoverReport.objects.closed().filter(lease=OuterRef("pk")),
        DocumentKind.SETTLEMENT: settlements.filter(lease=OuterRef("pk")),
    }
    if template.site_id is not None:
        leases = leases.filter(site=template.site_id)
    if template.kind in about:
        leases = leases.filter(Exists(about[template.kind]))
    return leases.select_related("site__lessor", "company").order_by("-id")


def _braced(names: tuple[str, ...]) -> str:
    return " ".join(f"{{{name}}}" for name in names)
