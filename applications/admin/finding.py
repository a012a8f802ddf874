"""The search box over what hangs on a file: it finds the file's rows as it finds the file."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from applications.models import Application
from sites.admin.scoping import ScopedRows


class FoundAsTheirFile(ScopedRows):
    """By words of the file, as `ApplicationQuerySet.matching` has it, or by the list's own
    `search_fields`."""

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        pages: Any = super()
        own, twice = pages.get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return own, twice
        files = Application.objects.visible_to(request.user).matching(search_term)
        found = Q(pk__in=own.values("pk")) | Q(application__in=files.values("pk"))
        return queryset.filter(found), False
