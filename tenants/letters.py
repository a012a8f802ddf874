"""The letters to companies that left, in their language. Only words: nothing here writes."""

from dataclasses import dataclass
from typing import Final

from django.template.loader import render_to_string
from django.utils import translation

from core.links import VALID, Links
from core.periods import today
from tenants.models import FollowUp

LINKS: Final = Links("declare")
"""To the page where a company says what became of it."""


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def yearly(follow_up: FollowUp, email: str) -> Letter:
    return _written("declare", follow_up, email)


def reminder(follow_up: FollowUp, email: str) -> Letter:
    return _written("declare_reminder", follow_up, email)


def link_to(follow_up: FollowUp, email: str) -> str:
    """The address at which the company answers."""
    return LINKS.to(follow_up.pk, email, follow_up.company.language)


def _written(name: str, follow_up: FollowUp, email: str) -> Letter:
    company = follow_up.company
    with translation.override(company.language):
        text = render_to_string(
            f"tenants/letters/{name}.txt",
            {
                "company": company,
                "site": follow_up.site,
                "left_on": follow_up.left_on,
                "last_day": today() + VALID,
                "address": link_to(follow_up, email),
            },
        )
    subject, _newline, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip() + "\n")
