"""What the pages of a lessor's books share: whose books, which month, and what was refused."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.rights import Action
from billing.forms import asked_day
from billing.permissions import lessors_for
from core.errors import DomainError
from core.periods import first_of_month
from sites.models import Lessor

PAGES = (
    ("books_closing", _("Closing")),
    ("books_vat", pgettext_lazy("page", "VAT return")),
    ("books_journals", _("Journals")),
)


@dataclass(frozen=True, slots=True)
class Books:
    """Those of one lessor, as far as the user may."""

    request: HttpRequest
    lessor: Lessor
    lessors: list[Lessor]
    may_change: bool
    may_export: bool

    def address(self, **asked: Any) -> str:
        """Of the same page about something else."""
        about = {"lessor": self.lessor.code, **asked}
        return "?" + urlencode({name: what for name, what in about.items() if what})

    def page(
        self, template: str, title: Any, context: Mapping[str, Any], *, refusal: str = ""
    ) -> HttpResponse:
        return TemplateResponse(
            self.request,
            template,
            {
                **admin.site.each_context(self.request),
                "title": title,
                "books": self,
                "pages": PAGES,
                "refusal": refusal,
                **context,
            },
            status=409 if refusal else 200,
        )

    def acted(self, act: Callable[[], str], then: str) -> HttpResponse | str:
        """Do it, say what was done and go on to `then`; or the words of the refusal."""
        if not self.may_change:
            raise PermissionDenied
        try:
            done = act()
        except DomainError as refusal:
            return refusal.message
        messages.success(self.request, done)
        return HttpResponseRedirect(self.request.path + then)


def books_asked(request: HttpRequest) -> Books:
    """`?lessor=`: the code of one; else the first. Raises PermissionDenied where the user may see
    nobody's books, Http404 for a lessor that is none of theirs."""
    lessors = list(lessors_for(request.user, Action.VIEW, "books").order_by("name", "id"))
    if not lessors:
        raise PermissionDenied
    code = request.GET.get("lessor", "")
    lessor = next((one for one in lessors if one.code == code), None if code else lessors[0])
    if lessor is None:
        raise Http404
    return Books(
        request,
        lessor,
        lessors,
        lessors_for(request.user, Action.CHANGE, "books").filter(pk=lessor.pk).exists(),
        lessors_for(request.user, Action.EXPORT, "books").filter(pk=lessor.pk).exists(),
    )


def month_asked(request: HttpRequest, default: dt.date) -> dt.date:
    """`?month=2026-03`; what is none, or too far away, is the default."""
    try:
        month = dt.datetime.strptime(request.GET.get("month", ""), "%Y-%m").date()
    except ValueError:
        return first_of_month(default)
    known, problem = asked_day(month.isoformat(), default)
    return first_of_month(default) if problem else known
