"""How the staff site looks: unfold's settings. Knows no model, since the settings import it."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# A teal in which white text on 600 has a contrast of 5.5 to 1.
_TEAL: Final = {
    "50": "oklch(98.4% .014 180.7)",
    "100": "oklch(95.3% .051 180.8)",
    "200": "oklch(91% .096 180.4)",
    "300": "oklch(85.5% .138 181.1)",
    "400": "oklch(77.7% .152 181.9)",
    "500": "oklch(60% .118 184.7)",
    "600": "oklch(51.1% .096 186.4)",
    "700": "oklch(43.7% .078 188.2)",
    "800": "oklch(38.6% .063 188.4)",
    "900": "oklch(32% .052 190.4)",
    "950": "oklch(27.7% .046 192.5)",
}

UNFOLD: Final[dict[str, Any]] = {
    "SITE_TITLE": "Technopark",
    "SITE_HEADER": "Technopark",
    "SITE_SUBHEADER": _("The hubs and their companies"),
    "SITE_SYMBOL": "hub",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("icon.svg")}
    ],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "ENVIRONMENT": "technopark.staff.appearance.environment",
    "COLORS": {"primary": _TEAL},
    "STYLES": [lambda _request: static("staff.css"), lambda _request: static("board.css")],
    "SCRIPTS": [lambda _request: static("once.js"), lambda _request: static("focus.js")],
    "ACCOUNT": {
        "navigation": [
            {"title": _("Change password"), "link": reverse_lazy("account_change_password")},
            {"title": _("Second factor"), "link": reverse_lazy("mfa_index")},
        ]
    },
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
    },
}


def environment(_request: HttpRequest) -> list[str] | None:
    """The label on every page that tells the demo from the real hub."""
    return [gettext("Demo"), "warning"] if settings.DEMO else None
