"""The morning mail: what waits at the sites where somebody screens, once a day at the most."""

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils import timezone, translation

from accounts.models import User
from accounts.rights import Action
from applications import letters
from applications.models import Digest
from applications.selectors.morning import morning_of
from core import messages
from sites.models import Membership

FROM: Final = dt.time(7)
"""In Africa/Casablanca: nobody is written to before."""


def send_digests() -> int:
    """Write today's mail to whoever screens and has not had theirs. Returns how many were written.

    However often it is asked, and wherever it was killed: each person's day is settled in one
    transaction with the letter. Days that were missed are not made up for: what waited then and
    waits still is in today's.
    """
    now = timezone.localtime()
    if now.time() < FROM:
        return 0
    had = Digest.objects.filter(day=now.date())
    screening = Membership.objects.that_may(Action.SCREEN, "application")
    readers = User.objects.filter(is_active=True, is_staff=True, pk__in=screening.values("user"))
    readers = readers.exclude(pk__in=had.values("user"))
    return sum(_write(user, now.date()) for user in readers.order_by("pk"))


def _write(user: User, day: dt.date) -> bool:
    """Settle the user's day; nothing to tell settles it too: noon brings no morning mail."""
    with transaction.atomic():
        _settled, first = Digest.objects.get_or_create(user=user, day=day)
        morning = morning_of(user) if first else None  # else another worker was faster
        if not morning:
            return False
        with translation.override(user.language):
            letter = letters.morning(morning)
        messages.queue(
            to=user.email,
            subject=letter.subject,
            body=letter.body,
            language=user.language,
            matter=f"digest:{user.pk}",
        )
    return True
