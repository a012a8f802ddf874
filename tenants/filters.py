"""What the list of companies can be narrowed by."""

from typing import Any

import django_filters as filters

from tenants.models import Company


class CompanyFilter(filters.FilterSet):  # type: ignore[misc]
    """By what every colleague may know: the card."""

    q = filters.CharFilter(method="called", help_text="Part of the name, or an ICE.")
    site = filters.CharFilter(method="present", help_text="Code of a site it has to do with.")

    class Meta:
        model = Company
        fields = ("ice", "legal_form")

    def called(self, rows: Any, _name: str, text: str) -> Any:
        return rows.called(text) if text.strip() else rows

    def present(self, rows: Any, _name: str, code: str) -> Any:
        return rows.filter(presences__site__code=code)
