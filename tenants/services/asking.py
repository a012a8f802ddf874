"""Companies that left are asked once a year what became of them, by a signed link."""

import datetime as dt
from collections.abc import Callable
from typing import Final

from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from core import messages
from core.history import recorded
from core.links import Link, LinkForged
from core.periods import CASABLANCA, today
from sites.permissions import require
from tenants import letters
from tenants.choices import Closing
from tenants.errors import AskedJustNow, FollowUpOver, LinkGone, NoAddress
from tenants.following import asks
from tenants.models import FollowUp
from tenants.selectors.follow_ups import addresses_of, perhaps_to_ask, to_remind

REMIND_AFTER: Final = dt.timedelta(weeks=4)
PAUSE: Final = dt.timedelta(hours=1)
"""Between two links that somebody asks for."""

_Writer = Callable[[FollowUp, str], letters.Letter]


def ask_yearly() -> int:
    """Write to the companies whose year has begun. Returns how many were written to.

    However often it is asked: once in each year of a follow-up. After downtime of years one
    letter leaves. Companies without an address stand on the list of follow-ups for our staff.
    """
    day = today()
    return sum(
        _ask(row)
        for row in perhaps_to_ask(day)
        if asks(row.left_on, day, asked_on=_asked_on(row), declared_on=row.declared_on)
    )


def remind() -> int:
    """Once for each letter, after some weeks of silence. Returns how many were reminded."""
    silent = to_remind(timezone.now() - REMIND_AFTER)
    return sum(_remind(row) for row in silent)


def send_link(*, follow_up: FollowUp, acting_user: User | None) -> list[str]:
    """Our staff ask now. Returns the addresses written to.

    Raises FollowUpOver, NoAddress, AskedJustNow, NotAllowed.
    """
    require(acting_user, Action.CHANGE, "company", follow_up.site_id)
    with recorded(acting_user):
        row = _locked(follow_up.pk)
        if row.closed_at is not None:
            raise FollowUpOver(company=row.company.name, reason=row.get_closing_display())
        if row.asked_at is not None and row.asked_at > timezone.now() - PAUSE:
            raise AskedJustNow
        written_to = _write(row, letters.yearly)
        if not written_to:
            raise NoAddress(company=row.company.name)
        row.asked_at = timezone.now()
        row.save(update_fields=["asked_at"])
    return written_to


def followed(token: str) -> FollowUp:
    """The follow-up that a link opens. Raises LinkForged, LinkExpired, LinkGone."""
    return _followed(letters.LINKS.read(token))


def send_anew(*, token: str) -> None:
    """Whoever holds a link that ran out gets another one, at the address that the old one was sent
    to; once in a while. Raises LinkForged, LinkGone."""
    link = letters.LINKS.read(token, expired_too=True)
    _followed(link)
    with recorded(None, reason="link asked for anew"):
        row = _locked(link.pk)
        if row.asked_at is not None and row.asked_at > timezone.now() - PAUSE:
            return
        if _write(row, letters.yearly, mark=link.mark):
            row.asked_at = timezone.now()
            row.save(update_fields=["asked_at"])


def _followed(link: Link) -> FollowUp:
    rows = FollowUp.objects.select_related("company", "site__lessor")
    row = rows.filter(pk=link.pk).first()
    if row is None:
        raise LinkForged
    current = {letters.LINKS.mark_of(email) for email in addresses_of(row.company)}
    if row.closing not in {"", Closing.NOTHING_MORE} or link.mark not in current:
        raise LinkGone
    return row


def _ask(follow_up: FollowUp) -> bool:
    with recorded(None, reason="yearly letter"):
        row = _locked(follow_up.pk)
        # Another worker was faster, or the company came back meanwhile.
        if row.closed_at is not None or row.asked_at != follow_up.asked_at:
            return False
        if not _write(row, letters.yearly):
            return False
        row.asked_at = timezone.now()
        row.save(update_fields=["asked_at"])
    return True


def _remind(follow_up: FollowUp) -> bool:
    with recorded(None, reason="reminder"):
        row = _locked(follow_up.pk)
        if row.closed_at is not None or row.reminded_at != follow_up.reminded_at:
            return False
        row.reminded_at = timezone.now()
        row.save(update_fields=["reminded_at"])
        return bool(_write(row, letters.reminder))


def _locked(pk: int) -> FollowUp:
    rows = FollowUp.objects.select_for_update(of=("self",))
    return rows.select_related("company", "site__lessor").get(pk=pk)


def _write(row: FollowUp, writer: _Writer, *, mark: str = "") -> list[str]:
    """To each address of the company, or to the one that `mark` stands for."""
    found = [
        email
        for email in addresses_of(row.company)
        if not mark or letters.LINKS.mark_of(email) == mark
    ]
    for email in found:
        letter = writer(row, email)
        messages.queue(
            to=email,
            subject=letter.subject,
            body=letter.body,
            language=row.company.language,
            matter=f"follow-up:{row.pk}",
            site_code=row.site.code,
        )
    return found


def _asked_on(row: FollowUp) -> dt.date | None:
    return row.asked_at.astimezone(CASABLANCA).date() if row.asked_at is not None else None
