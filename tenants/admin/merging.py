"""The merge page: find the duplicate, look at both records, merge."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import ForeignObjectRel
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core.errors import DomainError
from core.forms import whole_number
from sites.admin.scoping import acting
from sites.admin.work import WorkPages, work
from tenants import services
from tenants.models import Company

SHOWN = 20
_COMPARED = ("name", "legal_form", "ice", "if_number", "rc_number", "rc_court", "identity_since",
             "kind", "website", "email", "phone", "address", "language")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison."""

    label: str
    keep: Any
    duplicate: Any


class MergePage(WorkPages):
    """Keeps the row one came from, and makes the chosen duplicate a pointer to it."""

    @work(
        _("Merge a duplicate"),
        path="merge",
        right=Action.MERGE,
        icon="merge",
        when=lambda company: company.merged_into_id is None,
    )
    def merge(self, request: HttpRequest, company: Company) -> HttpResponse:
        chosen = request.POST.get("duplicate") or request.GET.get("duplicate") or ""
        mergeable = Company.objects.visible_to(request.user, Action.MERGE).current()
        others = mergeable.exclude(pk=company.pk)
        duplicate = others.filter(pk=whole_number(chosen)).first()
        if request.method == "POST" and duplicate is not None:
            try:
                services.merge_companies(
                    keep=company, duplicate=duplicate, acting_user=acting(request)
                )
            except DomainError as refusal:
                messages.error(request, refusal.message)
            else:
                messages.success(
                    request, gettext("%(name)s is now part of this record.") % {"name": duplicate}
                )
            return redirect(self.address_of(company))
        asked = request.GET.get("q", "").strip()
        found = others.called(asked) if asked else others.look_alikes(name=company.name)
        return TemplateResponse(
            request,
            "tenants/admin/merge.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Merge a duplicate"),
                "subtitle": str(company),
                "opts": self.opts,
                "original": company,
                "back": self.address_of(company),
                "asked": asked,
                "duplicate": duplicate,
                "lines": compared(company, duplicate) if duplicate else [],
                "found": [] if duplicate else found.prefetch_related("presences__site")[:SHOWN],
            },
        )


def compared(keep: Company, duplicate: Company) -> list[Line]:
    """Both records side by side: what they say, then how many rows of each kind hang on them."""
    lines = []
    for name in _COMPARED:
        field: Any = Company._meta.get_field(name)
        shown = f"get_{name}_display"
        values = [
            getattr(company, shown)() if hasattr(company, shown) else getattr(company, name)
            for company in (keep, duplicate)
        ]
        lines.append(Line(capfirst(str(field.verbose_name)), *values))
    for relation in Company._meta.related_objects:
        if not _is_ours(relation):
            continue
        counts = [
            relation.related_model._base_manager.filter(**{relation.field.name: company}).count()
            for company in (keep, duplicate)
        ]
        plural = relation.related_model._meta.verbose_name_plural
        lines.append(Line(capfirst(str(plural)), *counts))
    return lines


def _is_ours(relation: ForeignObjectRel) -> bool:
    """Not the history's copies, nor the records already merged."""
    model: Any = relation.related_model
    return model is not Company and not hasattr(model, "pgh_tracked_model")
