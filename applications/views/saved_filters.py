"""The filters that a member of staff keeps for the list and the board: keep, rename, delete."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.models import SavedFilter
from accounts.rights import Action
from applications.admin.listing import PAGE
from core.errors import DomainError
from core.forms import whole_number
from sites.admin.scoping import acting
from sites.scopes import scope_of


def saved_filters_page(request: HttpRequest) -> HttpResponse:
    """Everybody's own alone."""
    if not scope_of(request.user, Action.VIEW, "application"):
        raise PermissionDenied
    if request.method == "POST":
        return _acted(request)
    return TemplateResponse(
        request,
        "applications/admin/saved_filters.html",
        {
            **admin.site.each_context(request),
            "title": _("Saved filters"),
            "kept": SavedFilter.objects.filter(user=acting(request), page=PAGE),
            "list": reverse("admin:applications_application_changelist"),
        },
    )


def _acted(request: HttpRequest) -> HttpResponse:
    given = request.POST
    name, user = given.get("name", ""), acting(request)
    pk = whole_number(given.get("pk"))
    try:
        if "save" in given:
            saved = services.save_filter(
                page=PAGE, name=name, query=given.get("query", ""), acting_user=user
            )
            messages.success(request, gettext("Saved: %(name)s.") % {"name": saved.name})
            return redirect(f"{_back(given)}?{saved.query}")
        if "rename" in given:
            services.rename_filter(pk=pk, name=name, acting_user=user)
        elif "delete" in given:
            services.delete_filter(pk=pk, acting_user=user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("admin:application_filters")


def _back(given: Any) -> str:
    """The page that the filters were kept on."""
    board = given.get("on") == "board"
    return reverse(f"admin:applications_{'board' if board else 'application_changelist'}")
