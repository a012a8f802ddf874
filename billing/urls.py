"""Routes of the staff site's working pages about billing."""

from collections.abc import Callable, Mapping
from typing import Final

from django.http.response import HttpResponseBase

from billing.views import reminding

STAFF_PAGES: Final[Mapping[str, tuple[str, Callable[..., HttpResponseBase]]]] = {
    "to_remind": ("billing/reminders/", reminding.to_remind_page),
    "reminder_preview": (
        "billing/reminders/<int:site_id>/<int:company_id>/",
        reminding.preview_page,
    ),
}
"""By name, for `technopark.staff.site`, which puts its door before each."""
