"""The agenda by e-mail: on Mondays, to whoever runs a site."""

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from core import messages
from core.models import Message
from leases.letters import weekly_agenda
from leases.selectors.agenda import agenda
from sites.models import Membership

FROM: Final = dt.time(7)
"""In Africa/Casablanca: nobody is written to before."""
MONTHS: Final = 3
_READERS: Final = (Role.SITE_MANAGER, Role.DIRECTOR)


def send_agendas() -> int:
    """Write the week's agenda to whoever has not had it. Returns how many were written.

    However often it is asked: once a week for each person, on Monday, or on the first day after
    that on which the house is up again. Weeks that were missed are not made up for. Who has
    nothing on the agenda is not written to.
    """
    now = timezone.localtime()
    if now.time() < FROM:
        return 0
    monday = now.date() - dt.timedelta(days=now.weekday())
    readers = User.objects.filter(is_active=True, is_staff=True, memberships__role__in=_READERS)
    people = list(readers.distinct().order_by("pk"))
    had = set(
        Message.objects.filter(matter__in=[_matter(user, monday) for user in people]).values_list(
            "matter", flat=True
        )
    )
    return sum(_write(user, monday) for user in people if _matter(user, monday) not in had)


def _write(user: User, monday: dt.date) -> bool:
    with transaction.atomic():
        # Two workers do not write to one person at once.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if Message.objects.filter(matter=_matter(user, monday)).exists():
            return False
        found = agenda(user, months=MONTHS, site_ids=_own_sites(user))
        if not found:
            return False
        letter = weekly_agenda(found, MONTHS, user.language)
        messages.queue(
            to=user.email,
            subject=letter.subject,
            body=letter.body,
            language=user.language,
            matter=_matter(user, monday),
        )
    return True


def _own_sites(user: User) -> list[int] | None:
    """That the user runs; None: all. Other roles may show them more, which is not their week."""
    where = Membership.objects.filter(user=user, role__in=_READERS)
    sites = list(where.values_list("site", flat=True))
    return None if None in sites else sites


def _matter(user: User, monday: dt.date) -> str:
    return f"agenda:{user.pk}:{monday.isoformat()}"
