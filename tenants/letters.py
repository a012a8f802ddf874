"""The letters to companies that left, in their language. Only words: nothing here writes."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac

from core.periods import today
from tenants.errors import LinkExpired, LinkForged
from tenants.models import FollowUp
from tenants.selectors.follow_ups import LINK_VALID

_SALT: Final = "declare"


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Link:
    """What a signed link says: whose follow-up, and the mark of the address it was sent to."""

    follow_up_id: int
    mark: str


def yearly(follow_up: FollowUp, email: str) -> Letter:
    return _written("declare", follow_up, email)


def reminder(follow_up: FollowUp, email: str) -> Letter:
    return _written("declare_reminder", follow_up, email)


def link_to(follow_up: FollowUp, email: str) -> str:
    """The address at which the company answers; signed, since it is a key."""
    token = signing.dumps([follow_up.pk, mark_of(email)], salt=_SALT)
    page = reverse("declare", args=[token])
    return f"{settings.SITE_URL}{page}?lang={follow_up.company.language}"


def read_link(token: str, *, expired_too: bool = False) -> Link:
    """Raises LinkForged, and LinkExpired unless `expired_too`."""
    try:
        pk, mark = signing.loads(token, salt=_SALT, max_age=None if expired_too else LINK_VALID)
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise LinkForged from error
    return Link(pk, mark)


def mark_of(email: str) -> str:
    """Stands for an address: a link to one that is put right since opens nothing."""
    return salted_hmac(_SALT, email.lower()).hexdigest()[:16]


def _written(name: str, follow_up: FollowUp, email: str) -> Letter:
    company = follow_up.company
    with translation.override(company.language):
        text = render_to_string(
            f"tenants/letters/{name}.txt",
            {
                "company": company,
                "site": follow_up.site,
                "left_on": follow_up.left_on,
                "last_day": today() + LINK_VALID,
                "address": link_to(follow_up, email),
            },
        )
    subject, _newline, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip() + "\n")
