"""Cross-cutting steps of a request that belong to no app."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

_Next = Callable[[HttpRequest], HttpResponse]
LANGUAGES = [code for code, _name in settings.LANGUAGES]


class LanguageMiddleware:
    """`?lang=ar` for a deep link (and from then on), else the cookie, else French.

    Not the browser's Accept-Language: French is the working language, and a link sent by the hub
    must show the same page to everyone.
    """

    def __init__(self, get_response: _Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            return self._for_a_program(request)
        asked = request.GET.get("lang")
        kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = next((code for code in (asked, kept) if code in LANGUAGES), "fr")
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        if asked == language and kept != language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=365 * 24 * 3600,
                samesite="Lax",
                secure=settings.HTTPS,
            )
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response

    def _for_a_program(self, request: HttpRequest) -> HttpResponse:
        """A program says its language by the standard header, and keeps no cookie."""
        language = translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language",))
        return response
