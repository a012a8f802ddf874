"""What the list of leases can be narrowed by."""

import datetime as dt
from typing import Any

import django_filters as filters

from core.periods import today
from leases.choices import LeaseState
from leases.models import Lease, Letting
from sites.choices import TenantKind


class LeaseFilter(filters.FilterSet):  # type: ignore[misc]
    site = filters.CharFilter(field_name="site__code", help_text="Code of the site.")
    state = filters.ChoiceFilter(choices=LeaseState)
    tenant_kind = filters.ChoiceFilter(choices=TenantKind)
    company = filters.NumberFilter(
        field_name="company_id", min_value=1, max_value=2**63 - 1, help_text="Id of the company."
    )
    on = filters.DateFilter(method="there_on", help_text="The tenant is there on that day.")
    holding_over = filters.BooleanFilter(method="held_over")

    class Meta:
        model = Lease
        fields = ("number",)

    def there_on(self, rows: Any, _name: str, day: dt.date) -> Any:
        there = Letting.objects.occupied_on(day, today())
        return rows.filter(pk__in=there.values("lease_id"))

    def held_over(self, rows: Any, _name: str, wanted: bool) -> Any:
        over = Lease.objects.holding_over(today()).values("pk")
        return rows.filter(pk__in=over) if wanted else rows.exclude(pk__in=over)


class LettingFilter(filters.FilterSet):  # type: ignore[misc]
    site = filters.CharFilter(field_name="lease__site__code", help_text="Code of the site.")
    lease = filters.CharFilter(field_name="lease__number", help_text="Number of the lease.")
    state = filters.ChoiceFilter(
        field_name="lease__state", choices=LeaseState, help_text="Of the lease."
    )
    tenant_kind = filters.ChoiceFilter(choices=TenantKind)
    company = filters.NumberFilter(
        field_name="lease__company_id",
        min_value=1,
        max_value=2**63 - 1,
        help_text="Id of the company.",
    )
    space = filters.NumberFilter(
        field_name="space_id", min_value=1, max_value=2**63 - 1, help_text="Id of the space."
    )
    on = filters.DateFilter(method="there_on", help_text="The tenant is there on that day.")

    class Meta:
        model = Letting
        fields = ()

    def there_on(self, rows: Any, _name: str, day: dt.date) -> Any:
        return rows.filter(pk__in=Letting.objects.occupied_on(day, today()).values("pk"))
