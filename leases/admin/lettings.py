"""Lettings, their rent steps and the versions of a lease: read, never typed in."""

import json
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from core import formats
from core.periods import Period
from leases.choices import ChargeKind, ChargeUnit, DiscountUnit
from leases.models import LeaseVersion, Letting, RentStep
from leases.terms import ChargeTerms, LettingTerms
from sites.admin.base import ReadOnlyAdmin
from sites.admin.columns import area, days_in_words, language, period
from sites.choices import RateUnit, TenantKind


def steps_in_words(letting: Letting) -> Any:
    """The rent steps, one a line."""
    return format_html_join(
        "",
        "<div>{} · <bdi>{}</bdi> {}</div>",
        (
            (
                days_in_words(str(step.period)),
                formats.money(step.rate, language()),
                step.get_unit_display(),
            )
            for step in sorted(letting.steps.all(), key=lambda step: step.period.start)
        ),
    )


def discounts_in_words(letting: Letting) -> Any:
    """The discounts, one a line."""
    return format_html_join(
        "",
        "<div>{} · <bdi>{}</bdi> {} ({})</div>",
        (
            (
                days_in_words(str(each.period)),
                formats.number(each.value, language(), decimals=2),
                each.get_unit_display(),
                each.reason,
            )
            for each in sorted(letting.discounts.all(), key=lambda each: each.period.start)
        ),
    )


def terms_in_words(let: LettingTerms | None) -> Any:
    """A letting's days, m², steps and discounts, one a line; nothing where there is none."""
    if let is None:
        return "—"
    lines = [formats.days(let.period.start, let.period.last_day, language())]
    if let.area_m2 is not None:
        lines.append(formats.area(let.area_m2, language()))
    lines.append(str(TenantKind(let.tenant_kind).label))
    lines += [_priced(step.period, step.rate, RateUnit(let.unit)) for step in let.steps]
    lines += [
        f"- {_priced(each.period, each.value, DiscountUnit(each.unit))} ({each.reason})"
        for each in let.discounts
    ]
    return format_html_join("", "<div>{}</div>", ((line,) for line in lines))


def charge_in_words(charge: ChargeTerms | None) -> tuple[str, str]:
    """What it is for, and its days and rate."""
    if charge is None:
        return "", "—"
    what = " · ".join(filter(None, (str(ChargeKind(charge.kind).label), charge.label)))
    return what, _priced(charge.period, charge.rate, ChargeUnit(charge.unit))


def _priced(period: Period, rate: Decimal, unit: RateUnit | DiscountUnit | ChargeUnit) -> str:
    """« 15/10/2026 – 14/04/2028 · 50,00 MAD par m² et par mois »."""
    days = formats.days(period.start, period.last_day, language())
    value = formats.number(rate, language(), decimals=2)
    if unit != DiscountUnit.PERCENT:
        value = formats.in_dirhams(value, language())
    return f"{days} · {value} {unit.label}"


@admin.register(Letting)
class LettingAdmin(ReadOnlyAdmin):
    related = ("lease", "lease__company", "lease__site", "space")
    list_display = ("lease", "company", "space", area(), period())
    list_filter = ("lease__site", "lease__state", "lease__tenant_kind")
    search_fields = ("lease__number", "lease__company__name_key", "space__code")
    search_help_text = _("Lease, company or space")
    ordering = ("-id",)
    fields = (("lease", "space"), ("area_m2", "period"), "list_rate", "terms")
    readonly_fields = ("terms",)
    history_with = ((RentStep, "letting_id"),)
    exported = (
        "lease__number", "lease__company__name", "space__code", "area_m2", "list_rate", "period",
    )  # fmt: skip

    @admin.display(description=_("company"), ordering="lease__company__name_key")
    def company(self, letting: Letting) -> str:
        return str(letting.lease.company)

    @admin.display(description=_("rent steps"))
    def terms(self, letting: Letting) -> Any:
        return steps_in_words(letting)


@admin.register(RentStep)
class RentStepAdmin(ReadOnlyAdmin):
    related = ("letting__lease", "letting__space")
    list_display = ("lease", "space", period(), "rate", "unit")
    list_filter = ("letting__lease__site", "unit")
    search_fields = ("letting__lease__number", "letting__space__code")
    ordering = ("-id",)
    fields = ("letting", "period", ("rate", "unit"))
    exported = ("letting__lease__number", "letting__space__code", "period", "rate", "unit")

    @admin.display(description=_("lease"))
    def lease(self, step: RentStep) -> str:
        return step.letting.lease.number

    @admin.display(description=_("space"))
    def space(self, step: RentStep) -> str:
        return step.letting.space.code if step.letting.space else "—"


@admin.register(LeaseVersion)
class LeaseVersionAdmin(ReadOnlyAdmin):
    related = ("lease", "acting_user")
    list_display = ("lease", "version", "why", "known_from", "acting_user")
    list_filter = ("lease__site",)
    search_fields = ("lease__number",)
    ordering = ("-id",)
    fields = (("lease", "version"), ("known_from", "acting_user"), "why", "as_kept")
    readonly_fields = ("why", "as_kept")
    exported = ("lease__number", "version", "reason", "known_from")

    @admin.display(description=_("reason"), ordering="reason")
    def why(self, version: LeaseVersion) -> str:
        return version.reason_in_words

    @admin.display(description=_("terms"))
    def as_kept(self, version: LeaseVersion) -> Any:
        kept = json.dumps(version.terms, ensure_ascii=False, indent=2)
        return format_html('<pre dir="ltr">{}</pre>', kept)
