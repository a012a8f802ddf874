"""What could be offered: free spaces, and the terms that the tariffs give."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import DecimalField, F, Value
from django.db.models.functions import Abs

from applications.models import Application
from applications.selectors.relatives import known_company
from applications.signals import first_startup_day_asked
from applications.terms import Terms, terms_of
from core.periods import Period, add_months
from sites.choices import TenantKind
from sites.errors import NoRatePlan, SpaceNotMeasured
from sites.models import Measure, RatePlan, Site, Space
from sites.querysets import SpaceQuerySet
from sites.rates import PlanStep, Step, expand
from tenants.models import Company

USUAL_MONTHS: Final = 36


def usual_period(start: dt.date) -> Period:
    """What is offered from that day on, unless somebody wants other days."""
    return Period(start, add_months(start, USUAL_MONTHS))


def free_spaces_for(application: Application, period: Period, user: Any) -> SpaceQuerySet:
    """Spaces at the application's site free for the whole period, the best fit in m² first."""
    wanted = Value(application.wanted_m2, output_field=DecimalField())
    return (
        Space.objects.visible_to(user)
        .filter(site=application.site_id)
        .free_throughout(period)
        .measured_on(period.start)
        .annotate(misfit=Abs(F("area_m2") - wanted))
        .select_related("building", "floor")
        .order_by("misfit", "id")
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A space that could be offered, with the terms that would be frozen."""

    space: Space
    terms: Terms


def candidates_for(
    application: Application, *, tenant_kind: str, period: Period, user: Any, most: int = 12
) -> list[Candidate]:
    """The free spaces that fit best, each with its terms; the plan is read once.

    Raises NoRatePlan.
    """
    rates = _rates(application.site, tenant_kind, period, known_company(application))
    spaces = free_spaces_for(application, period, user)[:most]
    return [Candidate(space, rates.terms(space.area_m2)) for space in spaces]


def terms_without_space(application: Application, *, tenant_kind: str, period: Period) -> Terms:
    """What a domiciliation would cost. Raises NoRatePlan."""
    return _rates(application.site, tenant_kind, period, known_company(application)).terms(None)


def preview_terms(
    *,
    site: Site,
    space: Space | None,
    tenant_kind: str,
    period: Period,
    company: Company | None,
) -> Terms:
    """The terms that the site's plan of the first day gives; nothing is written.

    The start-up months count from the company's first start-up letting in the network.
    Raises NoRatePlan, SpaceNotMeasured.
    """
    rates = _rates(site, tenant_kind, period, company)
    if space is None:
        return rates.terms(None)
    area = (
        Measure.objects.filter(space=space)
        .in_force_on(period.start)
        .values_list("area_m2", flat=True)
        .first()
    )
    if area is None:
        raise SpaceNotMeasured(space=space.code, day=period.start)
    return rates.terms(area)


def planned_steps(
    *, site: Site, tenant_kind: str, period: Period, company: Company | None
) -> tuple[str, Sequence[Step]]:
    """The unit and the steps of the site's plan of the first day, whatever the m².

    Raises NoRatePlan.
    """
    rates = _rates(site, tenant_kind, period, company)
    return rates.unit, rates.steps


@dataclass(frozen=True, slots=True)
class _Rates:
    """What a plan gives over a period, before the area is known."""

    steps: Sequence[Step]
    unit: str
    deposit_months: Decimal

    def terms(self, area_m2: Decimal | None) -> Terms:
        return terms_of(
            self.steps, unit=self.unit, area_m2=area_m2, deposit_months=self.deposit_months
        )


def _rates(site: Site, tenant_kind: str, period: Period, company: Company | None) -> _Rates:
    plan = (
        RatePlan.objects.for_tenant(site_id=site.pk, tenant_kind=tenant_kind, day=period.start)
        .prefetch_related("steps")
        .first()
    )
    steps = [PlanStep(step.after_months, step.rate) for step in plan.steps.all()] if plan else []
    if plan is None or not steps:
        raise NoRatePlan(site=site.name, day=period.start)
    expanded = expand(
        steps, period=period, counted_from=_counted_from(company, tenant_kind, period.start)
    )
    return _Rates(expanded, plan.unit, plan.deposit_months)


def _counted_from(company: Company | None, tenant_kind: str, start: dt.date) -> dt.date:
    if company is None or tenant_kind != TenantKind.STARTUP:
        return start
    days = [start]
    for _receiver, day in first_startup_day_asked.send(sender=Company, company=company):
        if isinstance(day, dt.date):
            days.append(day)
    return min(days)
