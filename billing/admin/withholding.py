"""Which companies keep back a part of what they pay."""

import datetime as dt
from decimal import Decimal
from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest

from accounts.rights import Action
from billing.choices import WithholdingKind
from billing.models import WithholdingRule
from billing.services.withholding import keep_withholding
from core.periods import Period
from sites.admin.base import ScopedAdmin
from sites.admin.columns import period
from sites.admin.scoping import acting

USUAL: Final = {
    "kind": WithholdingKind.RENT,
    "rate": Decimal(5),
    "period": Period(dt.date(2026, 7, 1)),
}
"""Finance law 2026: 5 % of the rent without VAT, from 1 July 2026 on."""


@admin.register(WithholdingRule)
class WithholdingRuleAdmin(ScopedAdmin):
    offered = frozenset({Action.VIEW, Action.ADD, Action.CHANGE, Action.EXPORT})
    related = ("company",)
    list_display = ("company", "kind", "rate", period())
    list_filter = ("kind",)
    search_fields = ("company__name_key", "company__ice")
    autocomplete_fields = ("company",)
    fields = ("company", ("kind", "rate"), "period")
    exported = ("company__name", "company__ice", "kind", "rate", "period")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {**USUAL, **super().get_changeform_initial_data(request)}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("company",) if obj is not None else ()

    def save_model(
        self, request: HttpRequest, obj: WithholdingRule, form: Any, change: bool
    ) -> None:
        keep_withholding(rule=obj, acting_user=acting(request))
