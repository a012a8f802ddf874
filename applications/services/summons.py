"""The letters that tell a committee's members when and where it sits, with a calendar entry.

They name no file: who has a conflict of interest in one, or declares it later, reads of it nowhere.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications import letters
from applications.letters import Summons
from applications.models import Member, Session
from core import calendars, messages
from core.models import Message


def convened(session: Session) -> list[Member]:
    """Who was written to, and is to hear of what changes."""
    told = session.members.filter(convened_at__isnull=False, user__is_active=True)
    return list(told.select_related("user").order_by("id"))


def summon(session: Session, members: Iterable[Member], kind: Summons) -> None:
    """Queue a letter to each member of a *locked* session, in their language; it supersedes an
    older one that has not left."""
    matter = f"session:{session.pk}"
    for member in members:
        reader = member.user
        letter = letters.session(session, member, kind)
        # One more than those before, so that a calendar knows the newest.
        earlier = Message.objects.filter(matter=matter, to=reader.email).count()
        messages.queue(
            to=reader.email,
            subject=letter.subject,
            body=letter.body,
            language=reader.language,
            matter=matter,
            site_code=session.site.code,
            calendar=calendars.entry(
                uid=f"committee-{session.pk}@{urlsplit(settings.SITE_URL).hostname}",
                sequence=earlier,
                written_at=timezone.now(),
                begins_at=session.held_at,
                title=letter.subject,
                place=session.place,
                address=f"{settings.SITE_URL}{reverse('admin:sitting', args=[session.pk])}",
                cancelled=kind in {Summons.CANCELLED, Summons.LEFT},
            ),
        )
