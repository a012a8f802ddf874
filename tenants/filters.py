"""What the lists of companies and of follow-ups can be narrowed by."""

from typing import Any

import django_filters as filters

from tenants.models import Company, FollowUp, Milestone


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


class FollowUpFilter(filters.FilterSet):  # type: ignore[misc]
    site = filters.CharFilter(field_name="site__code", help_text="Code of the last site.")
    company = filters.NumberFilter(
        field_name="company_id", min_value=1, max_value=2**63 - 1, help_text="Id of the company."
    )
    open = filters.BooleanFilter(
        field_name="closed_at", lookup_expr="isnull", help_text="Whether it is still asked."
    )
    due_until = filters.DateFilter(
        method="due", help_text="With a milestone that is open and due on that day or before."
    )

    class Meta:
        model = FollowUp
        fields = ()

    def due(self, rows: Any, _name: str, day: Any) -> Any:
        waiting = Milestone.objects.filter(done_at=None, due_on__lte=day)
        return rows.open().filter(pk__in=waiting.values("follow_up"))
