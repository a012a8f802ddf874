"""The letters that carry an outcome, in the words that a hub has chosen. Only words: nothing here
writes.

`LetterTemplate` holds a hub's own words; where it has none, the product's own are used.
"""

import copy
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from applications import letters
from applications.labels import DeclineReason, LetterKind
from applications.letters import Letter, reasons_in_words
from applications.models import Application, Decision, Ineligibility, LetterTemplate, Offer
from applications.selectors.letters import (
    book_of_templates,
    current_letters,
    found_in,
    template_for,
)
from core import formats
from core.languages import Language
from core.periods import Period, end_of, today
from core.placeholders import fill

About = Decision | Ineligibility | Offer
"""What a letter with an outcome tells of."""

LONGEST_SUBJECT: Final = 300


def kind_of(about: About) -> LetterKind:
    if isinstance(about, Decision):
        return LetterKind(about.outcome)
    return LetterKind.INELIGIBLE if isinstance(about, Ineligibility) else LetterKind.OFFER


def worded(application: Application, about: About, template: LetterTemplate | None) -> Letter:
    """The letter that tells of it, in the applicant's language: the template's words, else ours."""
    if template is None:
        return _own_words(application, about)
    values = _values(application, about)
    subject = " ".join(fill(template.subject, values).split())
    return Letter(subject[:LONGEST_SUBJECT], fill(template.body, values).strip() + "\n")


def leaving(told: Iterable[tuple[Application, About]]) -> dict[int, Letter]:
    """The letter that publishing would send to each applicant, by the application's id: the one
    that was written, else what the template gives. Two queries; the files bring site and lessor."""
    pairs = list(told)
    written = current_letters([file for file, _about in pairs])
    book = book_of_templates(file.site_id for file, _about in pairs)
    words = {}
    for file, about in pairs:
        kind = kind_of(about)
        letter = written.get(file.pk)
        if letter is not None and letter.kind == kind:
            words[file.pk] = Letter(letter.subject, letter.body)
        else:
            template = found_in(book, kind=kind, language=file.language, site_id=file.site_id)
            words[file.pk] = worded(file, about, template)
    return words


def previews(template: LetterTemplate, application: Application) -> dict[str, Letter]:
    """What this template, and those of its kind in the other languages, make of a file."""
    about = _told_of(application, template.kind)
    words = {}
    for language in Language.values:
        found: LetterTemplate | None = template
        if language != template.language:
            found = template_for(kind=template.kind, language=language, site=application.site)
        words[language] = worded(in_language(application, language), about, found)
    return words


def in_language(application: Application, language: str) -> Application:
    """The file as if its applicant had chosen that language; to look at, never to save."""
    shown = copy.copy(application)
    shown.language = language
    return shown


def _told_of(application: Application, kind: str) -> About:
    """What the file has of that kind, else something made up, to look at and never to save."""
    if kind == LetterKind.INELIGIBLE:
        finding = application.ineligibilities.order_by("-id").first()
        return finding or Ineligibility(application=application, reason_code="other")
    if kind == LetterKind.OFFER:
        offer = application.offers.select_related("space__building").order_by("-id").first()
        return offer or Offer(
            application=application,
            period=Period.through(today(), None),
            monthly_rent=Decimal(1000),
            deposit=Decimal(1000),
            expires_at=end_of(today()),
        )
    decision = application.decisions.filter(outcome=kind).order_by("-id").first()
    return decision or Decision(
        application=application,
        outcome=kind,
        reasons=[DeclineReason.NO_SPACE] if kind == LetterKind.REFUSE else [],
        conditions="…" if kind == LetterKind.ADMIT_WITH_CONDITIONS else "",
        until=today() if kind in {LetterKind.WAITLIST, LetterKind.DEFER} else None,
    )


def _own_words(application: Application, about: About) -> Letter:
    if isinstance(about, Ineligibility):
        return letters.ineligible(application, about)
    if isinstance(about, Offer):
        return letters.offer_made(application, about)
    return letters.decided(application, about)


def _values(application: Application, about: About) -> Mapping[str, str]:
    """What each placeholder of the letter's kind stands for, in the applicant's language."""
    language = application.language
    with translation.override(language):
        values = {
            "reference": application.reference,
            "contact": application.contact_name,
            "project": application.name,
            "site": application.site.name,
            "lessor": application.site.lessor.name,
            "link": _own_page(application),
            "day": formats.day(today(), language, long=True),
        }
        if isinstance(about, Ineligibility):
            values["reason"] = about.get_reason_code_display()
        elif isinstance(about, Offer):
            values |= _terms(about, language)
        else:
            reasons = [str(reason) for reason in reasons_in_words(about)]
            until = formats.day(about.until, language, long=True) if about.until else ""
            values |= {
                "conditions": about.conditions,
                "until": until,
                "reasons": "\n".join(f"– {reason}" for reason in reasons),
            }
    return values


def _terms(offer: Offer, language: str) -> dict[str, str]:
    last = offer.period.last_day
    return {
        "space": f"{offer.space.building.code}-{offer.space.code}" if offer.space else "",
        "area": formats.area(offer.area_m2, language) if offer.area_m2 is not None else "",
        "start": formats.day(offer.period.start, language, long=True),
        "end": formats.day(last, language, long=True) if last else "",
        "rent": formats.money(offer.monthly_rent, language),
        "deposit": formats.money(offer.deposit, language),
        "open_until": formats.day(offer.open_until, language, long=True),
    }


def _own_page(application: Application) -> str:
    return f"{settings.SITE_URL}{reverse('my_application', args=[application.reference])}"
