"""Jobs of leases."""

from celery import shared_task

from core.jobs import each_apart
from leases.services import holding_over, renewals


@shared_task(name="leases.carry_holding_over")
def carry_holding_over() -> None:
    """Who is renewed does not hold over: that comes first."""
    each_apart(renewals.renew_tacitly, holding_over.carry_on, holding_over.warn_managers)
