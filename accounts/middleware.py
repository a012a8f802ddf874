"""Staff do nothing before their second factor is set up."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.selectors import has_second_factor

# Setting the factor up, signing out, and what those pages load. Programs come by token and never
# by session: asking it for them would make every public answer vary by cookie.
_OPEN: Final = ("/account/", "/static/", "/language/", "/health/", "/api/")


class SecondFactorMiddleware:
    """Sends a signed-in member of staff without a second factor to its set-up page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(_OPEN) and _must_set_up(request):
            return redirect("mfa_activate_totp")
        return self.get_response(request)


def _must_set_up(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.is_authenticated and user.is_staff) and not has_second_factor(user)
