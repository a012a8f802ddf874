"""Jobs of applications."""

from celery import shared_task

from applications.services import expiry, requests
from sites.services.bookings import delete_expired_holds


@shared_task(name="applications.expire")
def expire() -> None:
    expiry.expire_offers()
    expiry.expire_places()
    requests.remind_and_lapse()
    delete_expired_holds()
