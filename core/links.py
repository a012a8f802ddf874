"""Signed links in letters: whoever has one may open one thing, for a while, and nothing else.

A link bears the key of a row and the mark of the address that it was sent to, so that it opens
nothing once that address is put right or gone.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

VALID: Final = dt.timedelta(days=60)


class LinkForged(DomainError):
    code = "link_forged"
    text = _("This link is not one of ours. Open it as it stands in our letter.")
    status = 404


class LinkExpired(DomainError):
    """It was ours, and may be asked for anew."""

    code = "link_expired"
    text = _("This link has run out.")
    status = 410


@dataclass(frozen=True, slots=True)
class Link:
    """What a signed link says."""

    pk: int
    mark: str


@dataclass(frozen=True, slots=True)
class Links:
    """Links to one public page, by its route; those to another page open nothing here."""

    route: str

    def to(self, pk: int, email: str, language: str) -> str:
        """The whole address, for whoever reads letters at `email`."""
        token = signing.dumps([pk, self.mark_of(email)], salt=self.route)
        return f"{settings.SITE_URL}{reverse(self.route, args=[token])}?lang={language}"

    def read(self, token: str, *, expired_too: bool = False) -> Link:
        """Raises LinkForged, and LinkExpired unless `expired_too`."""
        try:
            pk, mark = signing.loads(token, salt=self.route, max_age=None if expired_too else VALID)
        except signing.SignatureExpired as error:
            raise LinkExpired from error
        except (signing.BadSignature, ValueError, TypeError) as error:
            raise LinkForged from error
        return Link(pk, mark)

    def mark_of(self, email: str) -> str:
        """Stands for an address."""
        return salted_hmac(self.route, email.lower()).hexdigest()[:16]
