"""What a lease consists of, on its page: read, never typed in."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import formats
from leases.admin.lettings import discounts_in_words, steps_in_words
from leases.models import Amendment, Charge, DepositEntry, LeaseVersion, Letting, Notice
from sites.admin.base import ScopedTabular
from sites.admin.columns import days_in_words, language
from sites.admin.scoping import READ_ONLY


class Lettings(ScopedTabular):
    model = Letting
    offered = READ_ONLY
    related = ("space",)
    fields = ("space", "tenant_kind", "area_m2", "period", "terms", "discounts")
    readonly_fields = ("terms", "discounts")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("steps", "discounts")

    @admin.display(description=_("rent steps"))
    def terms(self, letting: Letting) -> Any:
        return steps_in_words(letting)

    @admin.display(description=_("discounts"))
    def discounts(self, letting: Letting) -> Any:
        return discounts_in_words(letting)


class Charges(ScopedTabular):
    """Beside the rent, which stands with the lettings."""

    model = Charge
    offered = READ_ONLY
    related = ("letting__space",)
    fields = ("what", "of", "days", "price", "months", "in_advance", "vat_subject")
    readonly_fields = ("what", "of", "days", "price")
    verbose_name_plural = _("charges beside the rent")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.beside_rent()

    @admin.display(description=_("charge"))
    def what(self, charge: Charge) -> str:
        return " · ".join(filter(None, (str(charge.get_kind_display()), charge.label)))

    @admin.display(description=_("space"))
    def of(self, charge: Charge) -> str:
        return charge.letting.space.code if charge.letting and charge.letting.space else "—"

    @admin.display(description=_("from – to"))
    def days(self, charge: Charge) -> str:
        return days_in_words(str(charge.period))

    @admin.display(description=_("rate"))
    def price(self, charge: Charge) -> str:
        assert charge.rate is not None
        return f"{formats.money(charge.rate, language())} {charge.get_unit_display()}"


class Amendments(ScopedTabular):
    model = Amendment
    offered = READ_ONLY
    related = ("acting_user",)
    fields = ("number", "kind", "state", "effective_on", "signed_on", "reason", "acting_user")


class Notices(ScopedTabular):
    model = Notice
    offered = READ_ONLY
    fields = ("given_by", "given_on", "last_day", "reason", "withdrawn_on", "withdrawal_reason")


class Deposits(ScopedTabular):
    model = DepositEntry
    offered = READ_ONLY
    related = ("acting_user", "reverses")
    fields = ("on", "act", "money", "note", "undoes", "acting_user")
    readonly_fields = ("money", "undoes")
    verbose_name_plural = _("deposit")

    @admin.display(description=_("amount"))
    def money(self, entry: DepositEntry) -> str:
        return formats.money(entry.amount, language())

    @admin.display(description=_("takes back"))
    def undoes(self, entry: DepositEntry) -> str:
        return formats.day(entry.reverses.on, language()) if entry.reverses else ""


class Versions(ScopedTabular):
    model = LeaseVersion
    offered = READ_ONLY
    related = ("acting_user",)
    fields = ("version", "known_from", "acting_user", "why")
    readonly_fields = ("why",)

    @admin.display(description=_("reason"))
    def why(self, version: LeaseVersion) -> str:
        return version.reason_in_words
