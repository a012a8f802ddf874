"""The letters to applicants, in their language. Only words: nothing here writes."""

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from applications.models import Application, Offer


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def acknowledgement(application: Application) -> Letter:
    return _letter("received", application)


def offer_made(application: Application, offer: Offer) -> Letter:
    return _letter("offer", application, offer)


def declined(application: Application) -> Letter:
    return _letter("declined", application)


def offer_taken(application: Application) -> Letter:
    return _letter("accepted", application)


def offer_lapsed(application: Application) -> Letter:
    return _letter("lapsed", application)


def _letter(name: str, application: Application, offer: Offer | None = None) -> Letter:
    with translation.override(application.language):
        page = reverse("my_application", args=[application.reference])
        text = render_to_string(
            f"applications/letters/{name}.txt",
            {
                "application": application,
                "offer": offer,
                "site": application.site,
                "address": f"{settings.SITE_URL}{page}",
                "language": application.language,
            },
        )
    subject, _, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip() + "\n")
