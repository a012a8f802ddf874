"""What is said about a file: to the applicant and by them, to the reviewers, among staff."""

import datetime as dt
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from applications import letters
from applications.errors import BadRemark, NothingToAnswer, TooManyRemarks
from applications.labels import Visibility
from applications.models import Application, Remark
from applications.permissions import applies, can_speak
from applications.services.correspondence import send
from applications.services.steps import locked
from core.errors import NotAllowed
from core.history import recorded

LONGEST: Final = 20_000  # characters
MOST_A_DAY: Final = 50  # of one applicant, on one file
_DOUBLE_CLICK: Final = dt.timedelta(minutes=1)


def say(
    *, application: Application, body: str, visibility: str, acting_user: User | None
) -> Remark:
    """Add a remark; what staff say to the applicant is announced by a letter with a link.

    The same words twice within a minute are one remark. Raises BadRemark (with its field),
    TooManyRemarks, NotAllowed.
    """
    body = body.replace("\r\n", "\n").strip()
    if not body or len(body) > LONGEST or "\0" in body:
        raise BadRemark(reason=_("Write at least a word, and 20,000 characters at the most."))
    if visibility not in Visibility.values:
        raise BadRemark(field="visibility", reason=_("Choose who reads it."))
    with recorded(acting_user):
        file = locked(application)
        if acting_user is not None:
            verdict = can_speak(acting_user, file, visibility)
            if not verdict:
                raise NotAllowed(reason=verdict.reason)
        now = timezone.now()
        own = file.remarks.filter(author=acting_user)
        said = own.filter(body=body, visibility=visibility, at__gt=now - _DOUBLE_CLICK).first()
        if said is not None:
            return said
        by_applicant = acting_user is not None and applies(acting_user, file)
        if by_applicant and own.filter(at__gt=now - dt.timedelta(days=1)).count() >= MOST_A_DAY:
            raise TooManyRemarks
        remark = Remark.objects.create(
            application=file,
            author=acting_user,
            by_applicant=by_applicant,
            visibility=visibility,
            body=body,
            at=now,
        )
        if visibility == Visibility.APPLICANT and not by_applicant:
            # The letter carries none of the words: a newer one may take its place unsent.
            send(file, letters.remark(file), "conversation")
    return remark


def leave_unanswered(
    *, application: Application, read: int | None = None, acting_user: User | None
) -> Remark:
    """The applicant's last word wants no answer: the file no longer waits for one.

    `read`: the remark up to which the acting user has read; what came after it stays to be
    answered. A second time nothing changes. Raises NothingToAnswer, NotAllowed.
    """
    with recorded(acting_user):
        file = locked(application)
        if acting_user is not None:
            verdict = can_speak(acting_user, file, Visibility.STAFF)
            if not verdict:
                raise NotAllowed(reason=verdict.reason)
        last = file.remarks.in_turn().order_by("-id").first()
        if last is not None and last.settles:
            return last
        if last is None or not last.by_applicant or read not in {None, last.pk}:
            raise NothingToAnswer
        return Remark.objects.create(
            application=file,
            author=acting_user,
            visibility=Visibility.STAFF,
            settles=True,
            at=timezone.now(),
        )
