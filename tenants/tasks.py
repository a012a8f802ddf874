"""Jobs of companies."""

from celery import shared_task

from core.jobs import each_apart
from tenants.services import asking


@shared_task(name="tenants.ask_graduates")
def ask_graduates() -> None:
    each_apart(asking.ask_yearly, asking.remind)
