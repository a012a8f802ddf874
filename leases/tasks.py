"""Jobs of leases."""

from celery import shared_task

from core.jobs import each_apart
from leases.services import documents, holding_over, maximum_stay, renewals, weekly


@shared_task(name="leases.carry_holding_over")
def carry_holding_over() -> None:
    """Who is renewed does not hold over: that comes first."""
    each_apart(renewals.renew_tacitly, holding_over.carry_on, holding_over.warn_managers)


@shared_task(name="leases.warn_of_maximum_stays")
def warn_of_maximum_stays() -> None:
    maximum_stay.warn_of_maximum_stays()


@shared_task(name="leases.send_agendas")
def send_agendas() -> None:
    weekly.send_agendas()


@shared_task(name=documents.ISSUE_TASK)
def issue_documents() -> None:
    documents.issue_missing()
