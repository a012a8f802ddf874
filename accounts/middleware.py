"""Staff do nothing before their second factor is set up, and keep one."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.selectors import has_second_factor, second_factors

# Setting the factor up, signing out, and what those pages load. Programs come by token and never
# by session: asking it for them would make every public answer vary by cookie.
_OPEN: Final = ("/account/", "/static/", "/language/", "/health/", "/api/")
_REMOVING: Final = frozenset({"mfa_deactivate_totp", "mfa_remove_webauthn"})
"""allauth's pages that take a second factor away."""


class SecondFactorMiddleware:
    """Sends a signed-in member of staff without a second factor to its set-up page, and lets
    nobody of the staff remove the last one they have."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(_OPEN) and _must_set_up(request):
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.url_name not in _REMOVING or not _has_one_left(request.user):
            return None
        messages.error(request, _("This is your only second factor: add another one first."))
        return redirect("mfa_index")


def _must_set_up(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.is_authenticated and user.is_staff) and not has_second_factor(user)


def _has_one_left(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_staff) and second_factors(user).count() == 1
