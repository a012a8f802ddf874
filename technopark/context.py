"""What every page knows of the house."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def house(request: HttpRequest) -> dict[str, Any]:
    language = translation.get_language() or "fr"
    return {
        "language": language,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "languages": [
            {
                "code": code,
                "name": translation.get_language_info(code)["name_local"],
                "address": _in_language(request, code),
            }
            for code, _name in settings.LANGUAGES
        ],
        "demo": settings.DEMO,
        "canonical": f"{settings.SITE_URL}{request.path}",
    }


def _in_language(request: HttpRequest, code: str) -> str:
    """This very page in another language; a form that was sent is opened anew."""
    query = request.GET.copy()
    query["lang"] = code
    return f"{request.path}?{query.urlencode()}"
