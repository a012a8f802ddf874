"""A lessor's chart of accounts, and how it declares its VAT."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.rights import Action
from billing.choices import LedgerKey, VatBasis, VatRhythm
from billing.models import LedgerAccount, VatRegime
from billing.permissions import lessors_for
from billing.services.exporting import set_account
from billing.services.vat import set_regime
from sites.admin.base import ScopedAdmin
from sites.admin.scoping import acting
from sites.models import Lessor


class _OfLessor(ScopedAdmin):
    """Rows of a lessor, for whoever may at all of its sites."""

    offered = frozenset({Action.VIEW, Action.ADD, Action.CHANGE, Action.EXPORT})
    related = ("lessor",)

    def choices_of(self, request: HttpRequest, model: Any) -> Any:
        if model is not Lessor:
            return super().choices_of(request, model)
        return lessors_for(request.user, Action.ADD, self.resource)


@admin.register(LedgerAccount)
class LedgerAccountAdmin(_OfLessor):
    """Where none is said, an amount goes on the usual account (docs/billing.md)."""

    list_display = ("code", "key", "lessor")
    list_filter = ("lessor",)
    fields = (("lessor", "key"), "code")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("lessor", "key") if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: LedgerAccount, form: Any, change: bool) -> None:
        made = set_account(
            lessor=obj.lessor, key=LedgerKey(obj.key), code=obj.code, acting_user=acting(request)
        )
        obj.pk = made.pk
        obj._state.adding = False


@admin.register(VatRegime)
class VatRegimeAdmin(_OfLessor):
    """Without one, VAT is due on collection and declared monthly."""

    list_display = ("lessor", "basis", "rhythm", "period")
    list_filter = ("lessor", "basis")
    fields = (("lessor", "period"), ("basis", "rhythm"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("lessor",) if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: VatRegime, form: Any, change: bool) -> None:
        made = set_regime(
            lessor=obj.lessor,
            period=obj.period,
            basis=VatBasis(obj.basis),
            rhythm=VatRhythm(obj.rhythm),
            regime=obj if change else None,
            acting_user=acting(request),
        )
        obj.pk = made.pk
        obj._state.adding = False
