"""The list of applications: what it shows, how it is searched."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sites.admin.scoping import ScopedRows


class ApplicationListing(ScopedRows):
    """What the list shows, beside the file's own page."""

    # Names the box; the search itself is `ApplicationQuerySet.matching`.
    search_fields = ("reference",)
    search_help_text = _("Reference, name, e-mail, ICE, or words of the answers")
    found_by_name = True

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        return queryset.matching(search_term), False
