"""Routes of the staff site's pages of figures."""

from collections.abc import Callable, Mapping
from typing import Final

from django.http.response import HttpResponseBase

from indicators.views import dashboard, definitions, explorer, profiles, progress, reports, why

STAFF_PAGES: Final[Mapping[str, tuple[str, Callable[..., HttpResponseBase]]]] = {
    "explorer": ("figures/", explorer.explorer_page),
    "dashboard_more": ("figures/more/", dashboard.more_page),
    "snapshots_progress": ("figures/progress/", progress.progress_part),
    "recompute_indicators": ("figures/recompute/", dashboard.recompute),
    "definitions": ("figures/definitions/", definitions.definitions_page),
    "profile": ("figures/profiles/<slug:name>/", profiles.profile_page),
    "reports": ("figures/reports/", reports.reports_page),
    "report_subscription": ("figures/reports/subscription/", reports.report_subscription),
    "make_report": ("figures/reports/make/", reports.make_report_now),
    "report": ("figures/reports/<int:pk>/", reports.report_page),
    "report_file": ("figures/reports/<int:pk>/file/", reports.report_file),
    "indicator": ("figures/<slug:name>/", explorer.indicator_page),
    "why": ("figures/<slug:name>/why/", why.why_page),
}
"""By name, for `technopark.staff.site`, which puts its door before each."""
