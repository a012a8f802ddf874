"""Offers as they were made: frozen, so only read."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from applications.admin.finding import FoundAsTheirFile
from applications.models import Offer, OfferState
from applications.terms import from_json
from core import formats
from sites.admin.base import ReadOnlyAdmin
from sites.admin.columns import area, days_in_words, language, period, state

OFFER_BADGES: Final[Mapping[str, str]] = {
    OfferState.OPEN: "info",
    OfferState.ACCEPTED: "success",
    OfferState.DECLINED: "warning",
    OfferState.EXPIRED: "danger",
}


def steps_in_words(offer: Offer) -> Any:
    """The frozen rent steps, one a line."""
    return format_html_join(
        "",
        "<div>{} · <bdi>{}</bdi> {}</div>",
        (
            (
                days_in_words(str(step.period)),
                formats.money(step.rate, language()),
                offer.get_unit_display(),
            )
            for step in from_json(offer.steps)
        ),
    )


@admin.display(description=_("open until"), ordering="expires_at")
def open_until(_admin: Any, offer: Offer) -> str:
    """To stand in the body of an admin class."""
    return formats.day(offer.open_until, language())


@admin.register(Offer)
class OfferAdmin(FoundAsTheirFile, ReadOnlyAdmin):
    related = ("application", "space", "application__site")
    list_display = (
        "application",
        "space",
        period(title=_("lease")),
        area(),
        "monthly_rent",
        "standing",
        "open_until",
    )
    list_filter = ("state", "application__site", "tenant_kind")
    search_fields = ("space__code",)
    fields = (
        ("application", "standing"),
        ("space", "area_m2"),
        ("period", "tenant_kind"),
        "terms",
        ("monthly_rent", "deposit"),
        ("created_at", "open_until", "answered_at"),
    )
    readonly_fields = ("standing", "terms", "created_at", "open_until")
    exported = ("application__reference", "space__code", "period", "area_m2", "monthly_rent",
                "deposit", "state", "expires_at", "answered_at")  # fmt: skip

    standing = state(OFFER_BADGES)
    open_until = open_until

    @admin.display(description=_("rent steps"))
    def terms(self, offer: Offer) -> Any:
        return steps_in_words(offer)
