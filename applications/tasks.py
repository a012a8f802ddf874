"""Jobs of applications."""

from celery import shared_task

from applications.services import (
    digest,
    documents,
    drafting,
    expiry,
    leftovers,
    requests,
    retention,
    reviews,
    searching,
    vacancies,
)
from core.jobs import each_apart
from sites.services.bookings import delete_expired_holds


@shared_task(name="applications.expire")
def expire() -> None:
    """What runs out by itself. One that fails holds up no other."""
    each_apart(
        expiry.expire_offers,
        expiry.expire_places,
        requests.remind_and_lapse,
        reviews.remind_reviewers,
        drafting.warn_and_expire,
        delete_expired_holds,
    )


@shared_task(name="applications.tell_of_vacancies")
def tell_of_vacancies() -> None:
    vacancies.tell_of_vacancies()


@shared_task(name="applications.send_digests")
def send_digests() -> None:
    digest.send_digests()


@shared_task(name="applications.index")
def index() -> None:
    searching.reindex()


@shared_task(name=documents.SCAN_TASK)
def scan_documents() -> None:
    documents.scan_pending()


@shared_task(name="applications.sweep_files")
def sweep_files() -> None:
    leftovers.sweep_leftovers()


@shared_task(name="applications.anonymise")
def anonymise() -> None:
    retention.anonymise_due()
