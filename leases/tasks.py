"""Jobs of leases."""

from celery import shared_task

from leases.services import holding_over


@shared_task(name="leases.carry_holding_over")
def carry_holding_over() -> None:
    holding_over.carry_on()
    holding_over.warn_managers()
