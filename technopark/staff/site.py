"""The staff site: Django's admin in unfold's dress, with our door in front."""

from typing import Any

from csp.constants import UNSAFE_EVAL
from csp.decorators import csp_update
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from unfold.sites import UnfoldAdminSite

from accounts.selectors import has_second_factor


class StaffSite(UnfoldAdminSite):  # type: ignore[misc]
    """Sign-in is allauth's alone: the admin's own form would skip the second factor."""

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only pages that obey roles and sites: packages' own pages would show all to all."""
        if hasattr(admin_class, "offered"):  # sites.admin.scoping, which registers when imported
            super().register(model_or_iterable, admin_class, **options)

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

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return redirect("account_logout")
