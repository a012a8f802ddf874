"""Cross-cutting steps of a request that belong to no app."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.utils.cache import patch_vary_headers

from technopark.api import problems

_Next = Callable[[HttpRequest], HttpResponse]
LANGUAGES = [code for code, _name in settings.LANGUAGES]
_NUL: Final = "\0"


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


class NulMiddleware:
    """NUL, which PostgreSQL cannot keep and nobody types: an address with one leads nowhere, and
    in a page's parameters and forms it is left out. The API's own validators name the field."""

    def __init__(self, get_response: _Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        program = request.path.startswith("/api/")
        if _NUL in request.path and program:
            return problems.not_found(request)
        if _NUL in request.path:
            raise Http404
        if not program:
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, *_given: Any) -> None:
        """Once the protection against forged requests has read the form."""
        if request.method == "POST" and not request.path.startswith("/api/"):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]


def _without_nul(given: QueryDict) -> QueryDict:
    if not any(_NUL in text for name, texts in given.lists() for text in (name, *texts)):
        return given
    plain = QueryDict(mutable=True, encoding=given.encoding)
    for name, texts in given.lists():
        plain.setlist(name.replace(_NUL, ""), [text.replace(_NUL, "") for text in texts])
    plain._mutable = False
    return plain
