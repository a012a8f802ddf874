"""The staff site: Django's admin in unfold's dress, with our door in front."""

import time
from typing import Any, Final

from csp.constants import UNSAFE_EVAL
from csp.decorators import csp_update
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from unfold.dataclasses import SearchResult
from unfold.sites import UnfoldAdminSite

from accounts.selectors import has_second_factor

FOUND_PER_MODEL: Final = 8


class StaffSite(UnfoldAdminSite):  # type: ignore[misc]
    """Sign-in is allauth's alone: the admin's own form would skip the second factor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Rows go one by one, after a page that says what goes with them; most never go at all.
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only pages that obey roles and sites: packages' own pages would show all to all."""
        if hasattr(admin_class, "offered"):  # sites.admin.scoping, which registers when imported
            super().register(model_or_iterable, admin_class, **options)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Of one app, for its page. Every page asks for all of them too, which no page shows: the
        side bar is `navigation`."""
        return super().get_app_list(request, app_label) if app_label else []

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """As `navigation` gives it: unfold would copy it and ask each entry again."""
        from technopark.staff.navigation import navigation  # noqa: PLC0415

        return navigation(request)

    def has_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        known = user.is_authenticated and user.is_active and user.is_staff
        return bool(known) and has_second_factor(user)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Alpine, which unfold is made with, evaluates expressions: allowed here and only here."""
        return csp_update({"script-src": [UNSAFE_EVAL]})(super().admin_view(view, cacheable))

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        target = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: target})}")

    def get_urls(self) -> list[Any]:
        # These pages reach the models, which are not loaded when this file is.
        from applications.views import (  # noqa: PLC0415
            board,
            documents,
            reviewing,
            saved_filters,
            sitting,
        )
        from billing.urls import STAFF_PAGES as BILLING_PAGES  # noqa: PLC0415
        from indicators.urls import STAFF_PAGES as FIGURE_PAGES  # noqa: PLC0415
        from leases.urls import STAFF_PAGES  # noqa: PLC0415
        from technopark.staff.importing import import_page  # noqa: PLC0415
        from tenants.urls import STAFF_PAGES as COMPANY_PAGES  # noqa: PLC0415

        pages = {
            "applications_board": ("applications/board/", board.board_page),
            "application_filters": ("applications/filters/", saved_filters.saved_filters_page),
            "import_data": ("import/<slug:what>/", import_page),
            "document": ("documents/<int:pk>/", documents.document_page),
            "my_sessions": ("sittings/", sitting.my_sessions_page),
            "sitting": ("sittings/<int:pk>/", sitting.sitting_page),
            "session_pack": ("sittings/<int:pk>/papers/", sitting.pack_page),
            "session_file": (
                "sittings/<int:pk>/files/<int:item>/",
                sitting.session_file_page,
            ),
            "session_minutes": ("sittings/<int:pk>/minutes/", sitting.minutes_page),
            "my_reviews": ("reviews/", reviewing.my_reviews_page),
            "review": ("reviews/<int:pk>/", reviewing.review_page),
            **FIGURE_PAGES,
            **STAFF_PAGES,
            **COMPANY_PAGES,
            **BILLING_PAGES,
        }
        return [
            *(path(at, self.admin_view(page), name=name) for name, (at, page) in pages.items()),
            *super().get_urls(),
        ]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What waits for the user, and the figures of their sites."""
        from indicators.views.dashboard import figures_shown  # noqa: PLC0415
        from technopark.staff.worklist import worklist  # noqa: PLC0415

        context = {
            **self.each_context(request),
            "title": _("Overview"),
            "worklist": worklist(request.user),
            **figures_shown(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/index.html", context)

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        if request.method != "POST":
            return redirect("account_logout")
        logout(request)
        return redirect("account_login")

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def search(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Companies, spaces, leases … by name or number, as far as the user may see them."""
        term = request.GET.get("s", "").replace("\x00", "").strip()
        if not term:
            return HttpResponse()
        started = time.perf_counter()
        found = []
        for model, pages in self._registry.items():
            if not getattr(pages, "found_by_name", False) or not pages.has_view_permission(request):
                continue
            rows, _twice = pages.get_search_results(request, pages.get_queryset(request), term)
            opts = model._meta
            route = f"{self.name}:{opts.app_label}_{opts.model_name}_change"
            found += [
                SearchResult(
                    title=str(row),
                    description=str(opts.verbose_name),
                    link=reverse(route, args=(row.pk,)),
                    icon="arrow_forward",
                )
                for row in rows[:FOUND_PER_MODEL]
            ]
        pages_found = Paginator(found, max(len(found), 1))
        return TemplateResponse(
            request,
            "unfold/helpers/command_results.html",
            {
                "page_obj": pages_found,
                "results": pages_found.page(1),
                "page_counter": 0,
                "execution_time": time.perf_counter() - started,
            },
            headers={"HX-Trigger": "search"},
        )
