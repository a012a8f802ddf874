"""The words of letters: chosen by a hub, checked when saved, looked at on a real file."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications.labels import LetterKind
from applications.models import Application, LetterTemplate
from applications.outcomes import previews
from applications.placeholders import EVERYWHERE, OWN
from core import formats
from core.languages import Language
from sites.admin.base import ScopedAdmin
from sites.admin.columns import language
from sites.admin.scoping import ALL_BUT_DELETE
from sites.admin.work import WorkForm, work


class PreviewForm(WorkForm):
    reference = forms.CharField(
        label=_("reference"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
        help_text=_("Of the application to show it on; empty: the last one that came."),
    )


@admin.register(LetterTemplate)
class LetterTemplateAdmin(ScopedAdmin):
    """A site's own words, and the network's for sites without any."""

    offered = ALL_BUT_DELETE | {Action.DELETE}
    related = ("site",)
    list_display = ("kind", "language", "site", "subject")
    list_filter = ("kind", "language", "site")
    search_fields = ("subject", "body")
    fields = (("kind", "language", "site"), "subject", "body", "placeholders")
    readonly_fields = ("placeholders",)
    actions_detail = ("preview",)
    exported = ("kind", "language", "site__code", "subject", "body")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "body":
            field.widget.attrs |= {"rows": 16, "dir": "auto"}
        return field

    @admin.display(description=_("what is filled in"))
    def placeholders(self, template: LetterTemplate) -> str:
        """All of them, by kind: on a new row the kind is not chosen yet."""
        everywhere = " ".join(f"{{{name}}}" for name in EVERYWHERE)
        own = [
            formats.labelled(
                str(LetterKind(kind).label), " ".join(f"{{{name}}}" for name in names), language()
            )
            for kind, names in OWN.items()
            if names and template.kind in {"", kind}
        ]
        return " · ".join([everywhere, *own])

    @work(_("Preview on an application"), path="preview", right=Action.VIEW, icon="visibility")
    def preview(self, request: HttpRequest, template: LetterTemplate) -> HttpResponse:
        form = PreviewForm(request.GET if "reference" in request.GET else None)
        file = self._shown_on(request, template, form)
        shown = previews(template, file) if file is not None else {}
        return TemplateResponse(
            request,
            "applications/admin/letter_previews.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Preview on an application"),
                "subtitle": f"{template} · {file.reference}" if file else str(template),
                "form": form,
                "previews": [
                    (Language(language).label, language, letter)
                    for language, letter in shown.items()
                ],
                "opts": self.opts,
                "original": template,
                "back": self.address_of(template),
            },
        )

    def _shown_on(
        self, request: HttpRequest, template: LetterTemplate, form: PreviewForm
    ) -> Application | None:
        """A file that the user may see, at the template's site if it has one."""
        files = Application.objects.visible_to(request.user).select_related("site__lessor")
        if template.site_id is not None:
            files = files.filter(site=template.site_id)
        given: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
        if reference := given.get("reference", "").strip().upper():
            file = files.filter(reference=reference).first()
            if file is None:
                form.add_error(
                    "reference", gettext("There is no application under this reference.")
                )
            return file
        return files.first()
