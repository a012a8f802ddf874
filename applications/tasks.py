"""Jobs of applications."""

from celery import shared_task

from applications.services.expiry import expire_offers as expire
from sites.services.bookings import delete_expired_holds


@shared_task(name="applications.expire_offers")
def expire_offers() -> None:
    expire()
    delete_expired_holds()
