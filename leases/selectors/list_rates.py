"""What a space would bring at the list price, where less is asked of its tenant on purpose."""

import datetime as dt
from decimal import Decimal
from typing import Final

from django.db.models import QuerySet

from sites.choices import RateUnit, TenantKind
from sites.models import RatePlanStep, Site

BELOW_LIST: Final = frozenset({TenantKind.SUPPORT})
"""Kinds that are asked nothing or little for what they do for the others. A start-up's lower rate
is its own list price, and a coworking desk has a price of its own."""

LISTED_AS: Final = TenantKind.SME
"""The kind whose plan is the list price: a company that has nothing special about it."""


def list_rate(site: Site, tenant_kind: str, day: dt.date) -> Decimal | None:
    """DH per m² and month, by the site's plan of the day once no step of it is to come; None for a
    kind that pays the price of its own plan, and where the site has no such plan per m²."""
    if tenant_kind not in BELOW_LIST:
        return None
    of_day = list_prices().filter(plan__site=site, plan__period__contains=day)
    rate: Decimal | None = of_day.values_list("rate", flat=True).first()
    return rate


def list_prices() -> QuerySet[RatePlanStep]:
    """The last step of every plan that is a list price."""
    steps = RatePlanStep.objects.filter(plan__tenant_kind=LISTED_AS, plan__unit=RateUnit.PER_M2)
    return steps.order_by("plan_id", "-after_months").distinct("plan_id")
