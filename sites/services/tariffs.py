"""Rate plans: what stands in them, and from which day on another price is another figure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from core.periods import Period
from sites.models import RatePlan, RatePlanStep
from sites.permissions import require
from sites.signals import prices_changed


@dataclass(frozen=True, slots=True)
class Prices:
    """What a plan offers, to whom, while it lasts."""

    site_id: int
    tenant_kind: str
    period: Period
    unit: str
    steps: frozenset[tuple[int, Decimal]]


def save_plan(*, plan: RatePlan, acting_user: User | None) -> RatePlan:
    """Keep what was written into `plan`, new or known. Raises NotAllowed, ValidationError."""
    action = Action.ADD if plan.pk is None else Action.CHANGE
    require(acting_user, action, "tariff", plan.site_id)
    with recorded(acting_user):
        before = prices_of(plan.pk)
        plan.full_clean()
        plan.save()
        tell_new_prices(before, plan, acting_user=acting_user)
    return plan


def change_steps(
    *,
    plan: RatePlan,
    kept: Iterable[RatePlanStep],
    struck: Iterable[RatePlanStep],
    acting_user: User | None,
) -> None:
    """The plan steps as the `kept` lines say, new or changed, and no longer as the `struck` do.

    Raises NotAllowed; the database refuses two steps of one month.
    """
    require(acting_user, Action.CHANGE, "tariff", plan.site_id)
    with recorded(acting_user):
        before = prices_of(plan.pk)
        for step in struck:
            step.delete()
        for step in sorted(kept, key=lambda step: step.pk is None):
            step.plan = plan
            step.save()
        tell_new_prices(before, plan, acting_user=acting_user)


def prices_of(pk: int | None) -> Prices | None:
    """As the database has them; locks the row until the transaction's end. None: no such plan."""
    plan = RatePlan.objects.select_for_update().filter(pk=pk).first() if pk is not None else None
    if plan is None:
        return None
    steps = frozenset(plan.steps.values_list("after_months", "rate"))
    return Prices(plan.site_id, plan.tenant_kind, plan.period, plan.unit, steps)


def tell_new_prices(before: Prices | None, plan: RatePlan, *, acting_user: User | None) -> None:
    """From the first day that has another price than `before`, figures may have changed."""
    after = prices_of(plan.pk)
    if after is None or before == after:
        return
    kinds = {after.tenant_kind} if before is None else {before.tenant_kind, after.tenant_kind}
    prices_changed.send(
        sender=RatePlan,
        tenant_kinds=kinds,
        days=Period(_first_changed(before, after)),
        acting_user=acting_user,
    )


def _first_changed(before: Prices | None, after: Prices) -> dt.date:
    """Where only the end moves, what was offered until the earlier one stays."""
    if before is None:
        return after.period.start
    ends = [period.end for period in (before.period, after.period) if period.end is not None]
    same = (before.site_id, before.tenant_kind, before.period.start, before.unit, before.steps)
    if same == (after.site_id, after.tenant_kind, after.period.start, after.unit, after.steps):
        return min(ends)
    return min(before.period.start, after.period.start)
