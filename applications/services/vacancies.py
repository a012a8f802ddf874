"""Telling a site's officers of a space that frees up and suits somebody who waits for one."""

from django.db import transaction

from accounts.models import User
from accounts.rights import Action
from applications import letters
from applications.models import Place
from applications.selectors.waiting import Freeing, freeing_spaces
from core import messages
from core.models import Message, MessageState
from sites.models import Membership, Site


def tell_of_vacancies() -> int:
    """One letter a space to each officer who may offer it, however often the job runs.

    The letter in the outbox is the record: it names the space and the booking that ends. Each
    officer reads of those files only that they may see. Returns how many letters were written.
    """
    told = 0
    for site_id in Place.objects.standing().order_by().values_list("site", flat=True).distinct():
        with transaction.atomic():
            site = Site.objects.select_for_update(no_key=True).get(pk=site_id)
            told += sum(_tell(officer, site) for officer in _officers(site))
    return told


def _officers(site: Site) -> list[User]:
    """Whoever may make an offer by a role at this very site."""
    here = Membership.objects.filter(site=site).that_may(Action.DECIDE, "application")
    return list(User.objects.filter(is_active=True, pk__in=here.values("user")).order_by("id"))


def _tell(officer: User, site: Site) -> int:
    news = {_matter(found): found for found in freeing_spaces(officer, site_ids=[site.pk])}
    known = Message.objects.filter(to=officer.email, matter__in=list(news))
    # One that was taken back, its reader being in conflict, is written anew without the file.
    known = known.exclude(state=MessageState.SUPERSEDED)
    for matter in known.values_list("matter", flat=True):
        news.pop(matter, None)
    for matter, found in news.items():
        letter = letters.space_frees(found, officer.language)
        messages.queue(
            to=officer.email,
            subject=letter.subject,
            body=letter.body,
            language=officer.language,
            matter=matter,
            site_code=site.code,
        )
    return len(news)


def _matter(found: Freeing) -> str:
    """A booking that is carried on keeps its id: a tenant holding over is not news every day."""
    return f"space:{found.space.pk}:after:{found.after_id or 0}"
