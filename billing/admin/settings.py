"""From when on a site bills, and how."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.rights import Action
from billing.models import SiteBilling
from billing.services.settings import set_billing
from sites.admin.base import ScopedAdmin
from sites.admin.columns import day_column
from sites.admin.scoping import acting


@admin.register(SiteBilling)
class SiteBillingAdmin(ScopedAdmin):
    offered = frozenset({Action.VIEW, Action.ADD, Action.CHANGE, Action.EXPORT})
    related = ("site",)
    list_display = ("site", "starts", "drafted_on", "issues_by_itself", "payment_days")
    list_filter = ("site",)
    fields = ("site", "starts_on", "drafted_on", "issues_by_itself", "payment_days")
    starts = day_column("starts_on", SiteBilling._meta.get_field("starts_on").verbose_name)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("site",) if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: SiteBilling, form: Any, change: bool) -> None:
        made = set_billing(
            site=obj.site,
            starts_on=obj.starts_on,
            drafted_on=obj.drafted_on,
            issues_by_itself=obj.issues_by_itself,
            payment_days=obj.payment_days,
            acting_user=acting(request),
        )
        obj.pk = made.pk
        obj._state.adding = False
