"""The letters to applicants, in their language. Only words: nothing here writes."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise

from applications.labels import DeclineReason
from applications.models import Application, Decision, Ineligibility, InformationRequest, Offer


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def acknowledgement(application: Application) -> Letter:
    return _letter("received", application)


def ineligible(application: Application, finding: Ineligibility) -> Letter:
    return _letter("ineligible", application, finding=finding)


def decided(application: Application, decision: Decision) -> Letter:
    """What the decision says, in the words kept for its outcome."""
    name = "admitted" if decision.admits else f"outcome_{decision.outcome}"
    return _letter(name, application, decision=decision, reasons=reasons_in_words(decision))


def information_requested(application: Application, request: InformationRequest) -> Letter:
    return _letter("request", application, request=request)


def request_reminder(application: Application, request: InformationRequest) -> Letter:
    return _letter("request_reminder", application, request=request)


def request_lapsed(application: Application) -> Letter:
    return _letter("request_lapsed", application)


def offer_made(application: Application, offer: Offer) -> Letter:
    return _letter("offer", application, offer=offer)


def offer_withdrawn(application: Application) -> Letter:
    return _letter("offer_withdrawn", application)


def offer_taken(application: Application) -> Letter:
    return _letter("accepted", application)


def offer_lapsed(application: Application) -> Letter:
    return _letter("lapsed", application)


def place_lapsed(application: Application) -> Letter:
    return _letter("place_lapsed", application)


def reasons_in_words(decision: Decision) -> list[str | Promise]:
    """The reasons of a refusal, to be worded in the language in force when shown."""
    return [DeclineReason(reason).label for reason in decision.reasons]


def _letter(name: str, application: Application, **more: Any) -> Letter:
    with translation.override(application.language):
        page = reverse("my_application", args=[application.reference])
        text = render_to_string(
            f"applications/letters/{name}.txt",
            {
                "application": application,
                "site": application.site,
                "address": f"{settings.SITE_URL}{page}",
                "language": application.language,
                **more,
            },
        )
    subject, _, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip() + "\n")
