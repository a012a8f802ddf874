"""The letters to applicants and reviewers, in their language. Only words: nothing here writes."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext

from applications.labels import DeclineReason
from applications.models import (
    Application,
    Decision,
    Document,
    Ineligibility,
    InformationRequest,
    Member,
    Offer,
    Review,
    Session,
)
from applications.selectors.morning import Morning
from applications.selectors.requested import in_words
from applications.selectors.waiting import Freeing
from core import formats

_WAY_BACK: Final = "draft"


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


class Summons(StrEnum):
    """What a member of the committee is told of its session; each is a template's name."""

    CONVENED = "session_convened"
    CHANGED = "session_changed"
    CANCELLED = "session_cancelled"
    LEFT = "session_left"


def acknowledgement(application: Application) -> Letter:
    return _letter("received", application)


def draft_begun(application: Application) -> Letter:
    """The way back to a draft."""
    return _letter("draft_begun", application, resume=way_back(application))


def draft_idle(application: Application, last_day: dt.date) -> Letter:
    """The draft is given up after `last_day` if nobody goes on with it."""
    return _letter("draft_idle", application, resume=way_back(application), last_day=last_day)


def way_back(application: Application) -> str:
    """The address by which a draft is opened without signing in; signed, since it is a key."""
    token = signing.dumps([application.reference, mark_of_address(application)], salt=_WAY_BACK)
    return f"{settings.SITE_URL}{reverse('resume_draft', args=[token])}"


def way_back_of(token: str) -> tuple[str, str]:
    """The reference that a way back leads to, and the mark of the address it was sent to.

    Raises BadSignature when the token is not ours.
    """
    reference, mark = signing.loads(token, salt=_WAY_BACK)
    return reference, mark


def mark_of_address(application: Application) -> str:
    """Stands for the applicant's address: what was handed out while a wrong one stood there opens
    nothing once it is put right."""
    return salted_hmac(_WAY_BACK, application.contact_email).hexdigest()[:16]


def address_changed(application: Application) -> Letter:
    """To the address that was and to the one that is now."""
    return _letter("address_changed", application)


def ineligible(application: Application, finding: Ineligibility) -> Letter:
    return _letter("ineligible", application, finding=finding)


def decided(application: Application, decision: Decision) -> Letter:
    """What the decision says, in the words kept for its outcome."""
    name = "admitted" if decision.admits else f"outcome_{decision.outcome}"
    return _letter(name, application, decision=decision, reasons=reasons_in_words(decision))


def information_requested(application: Application, request: InformationRequest) -> Letter:
    return _letter("request", application, request=request, items=_asked(application, request))


def request_reminder(
    application: Application, request: InformationRequest, last_day: dt.date
) -> Letter:
    """`last_day`: until when the answer is taken, which may be later than was asked at first."""
    items = _asked(application, request)
    return _letter("request_reminder", application, request=request, items=items, last_day=last_day)


def request_lapsed(application: Application) -> Letter:
    return _letter("request_lapsed", application)


def copied(application: Application, letter: Letter) -> str:
    """The letter's text for somebody who applies with the applicant."""
    with translation.override(application.language):
        said = gettext("A copy for you, who follow this application with %(name)s.")
    return said % {"name": application.contact_name} + "\n\n" + letter.body


def remark(application: Application) -> Letter:
    return _letter("remark", application)


def invitation(application: Application, path: str) -> Letter:
    """To somebody whom the applicant would have beside them; whether we know them or not."""
    return _letter("invitation", application, page=path)


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


def review_assigned(review: Review) -> Letter:
    """To the reviewer; it names no more of the file than the card does."""
    return _to_reviewer("review_assigned", review)


def review_reminder(review: Review) -> Letter:
    return _to_reviewer("review_reminder", review)


def infected(application: Application, document: Document, language: str) -> Letter:
    """To an officer: a virus was found in what an applicant uploaded."""
    page = reverse("admin:applications_application_change", args=[application.pk])
    return _letter("infected", application, page=page, language=language, document=document)


def transferred(application: Application) -> Letter:
    return _letter("transferred", application)


def space_frees(found: Freeing, language: str) -> Letter:
    """To an officer: a space for somebody on the waiting list."""
    with translation.override(language):
        page = reverse("admin:applications_place_changelist")
        text = render_to_string(
            "applications/letters/space_frees.txt",
            {"found": found, "address": f"{settings.SITE_URL}{page}"},
        )
    return _split(text)


def session(session: Session, member: Member, kind: Summons) -> Letter:
    """To a member of the committee: when and where it sits, and the way to the agenda."""
    language = member.user.language
    begins = timezone.localtime(session.held_at)
    page = reverse("admin:sitting", args=[session.pk])
    with translation.override(language):
        text = render_to_string(
            f"applications/letters/{kind}.txt",
            {
                "session": session,
                "member": member,
                "site": session.site.name,
                "day": formats.day(begins.date(), language, long=True),
                "time": f"{begins:%H:%M}",
                "address": f"{settings.SITE_URL}{page}",
            },
        )
    return _split(text)


def morning(found: Morning) -> Letter:
    """To a member of staff, in the language in force: what waits, with the board's address."""
    page = reverse("admin:applications_board")
    text = render_to_string(
        "applications/letters/morning.txt",
        {"morning": found, "address": f"{settings.SITE_URL}{page}"},
    )
    return _split(text)


def reasons_in_words(decision: Decision) -> list[str | Promise]:
    """The reasons of a refusal, to be worded in the language in force when shown."""
    return [DeclineReason(reason).label for reason in decision.reasons]


def _asked(application: Application, request: InformationRequest) -> list[str]:
    with translation.override(application.language):
        return in_words(application, request)


def _letter(
    name: str, application: Application, *, page: str = "", language: str = "", **more: Any
) -> Letter:
    """In the applicant's language, with the address of their page, unless others are given."""
    language = language or application.language
    page = page or reverse("my_application", args=[application.reference])
    with translation.override(language):
        text = render_to_string(
            f"applications/letters/{name}.txt",
            {
                "application": application,
                "site": application.site,
                "address": f"{settings.SITE_URL}{page}",
                "language": language,
                **more,
            },
        )
    return _split(text)


def _to_reviewer(name: str, review: Review) -> Letter:
    with translation.override(review.reviewer.language):
        page = reverse("admin:review", args=[review.pk])
        text = render_to_string(
            f"applications/letters/{name}.txt",
            {
                "review": review,
                "application": review.application,
                "site": review.application.site,
                "address": f"{settings.SITE_URL}{page}",
            },
        )
    return _split(text)


def _split(text: str) -> Letter:
    """The first line is the subject."""
    subject, _, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip() + "\n")
