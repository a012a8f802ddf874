"""The letter of an outcome: written, approved by a second person, sent when it is published.

One is current on a file at a time. What was written must be approved before the outcome can be
published; where nothing was written, publishing writes it from the words the hub has chosen, and
whoever publishes, having seen it on the page, approves it by the same act.
"""

import datetime as dt

from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from applications.errors import (
    BadLetter,
    LetterClosed,
    LetterNotApproved,
    NothingToWrite,
    OwnLetter,
)
from applications.labels import LetterState
from applications.letters import Letter as Words
from applications.models import Application, Decision, Ineligibility, Letter
from applications.outcomes import LONGEST_SUBJECT, About, kind_of, worded
from applications.selectors.letters import others_decide, template_for
from applications.services.access import require_on_file
from applications.services.correspondence import send
from applications.services.steps import locked
from applications.workflow import State
from core.errors import Stale
from core.history import recorded


def write_letter(*, application: Application, acting_user: User | None) -> Letter:
    """Write the letter of the file's unpublished outcome anew, to be edited and approved.

    A letter that was current is superseded. Raises NothingToWrite, NotAllowed.
    """
    with recorded(acting_user):
        file = locked(application)
        require_on_file(acting_user, Action.SCREEN, file)
        about = untold_outcome(file)
        if about is None:
            raise NothingToWrite
        return _write(file, about, acting_user)


def edit_letter(
    *,
    letter: Letter,
    subject: str,
    body: str,
    acting_user: User | None,
    seen: dt.datetime | None = None,
) -> Letter:
    """Change the words: they have to be approved (again), by somebody else than who changed them.

    `seen`: when the text that was edited was written. Raises BadLetter (with its field), Stale,
    LetterClosed, NotAllowed.
    """
    subject, body = " ".join(subject.split()), body.strip() + "\n"
    if not subject or len(subject) > LONGEST_SUBJECT:
        raise BadLetter(field="subject")
    if not body.strip():
        raise BadLetter(field="body")
    with recorded(acting_user):
        file = locked(letter.application)
        require_on_file(acting_user, Action.SCREEN, file)
        current = _current(letter)
        if (current.subject, current.body) == (subject, body):
            return current
        if seen is not None and seen != current.written_at:
            raise Stale
        current.subject, current.body = subject, body
        current.state = LetterState.DRAFT
        current.written_by, current.written_at = acting_user, timezone.now()
        current.approved_by = current.approved_at = None
        current.save()
        return current


def approve_letter(
    *, letter: Letter, acting_user: User | None, seen: dt.datetime | None = None
) -> Letter:
    """Let it leave when the outcome is published. Approved twice is once.

    Whoever wrote it may approve it only where nobody else can. `seen`: when the text that was
    read was written. Raises OwnLetter, Stale, LetterClosed, NotAllowed.
    """
    with recorded(acting_user):
        file = locked(letter.application)
        require_on_file(acting_user, Action.DECIDE, file)
        current = _current(letter)
        if current.state == LetterState.APPROVED:
            return current
        if seen is not None and seen != current.written_at:
            raise Stale
        own = acting_user is not None and current.written_by_id == acting_user.pk
        if own and others_decide(file, acting_user):
            raise OwnLetter
        _approve(current, acting_user)
    return current


def supersede_letters(application: Application) -> None:
    """What was written and has not left will not leave: the outcome it told of is gone."""
    application.letters.current().update(state=LetterState.SUPERSEDED)


def send_letter(
    application: Application, about: About, matter: str, acting_user: User | None
) -> Letter:
    """Send the current letter of a *locked* file about its outcome, else one from the template.

    Raises LetterNotApproved.
    """
    letter: Letter | None = application.letters.current().filter(kind=kind_of(about)).first()
    if letter is None:
        letter = _write(application, about, acting_user)
        _approve(letter, acting_user)
    _leave(letter, application, matter)
    return letter


def send_if_approved(application: Application, about: About, matter: str) -> None:
    """Send the letter about it that waits on a *locked* file, where one does; raises
    LetterNotApproved."""
    letter: Letter | None = application.letters.current().filter(kind=kind_of(about)).first()
    if letter is not None:
        _leave(letter, application, matter)


def untold_outcome(application: Application) -> Decision | Ineligibility | None:
    """What the applicant has still to be told: a decision, or a finding that awaits its second
    person."""
    if application.state == State.DECIDED:
        decision: Decision | None = application.decisions.to_publish().first()
        return decision
    if application.state == State.SCREENING:
        finding: Ineligibility | None = application.ineligibilities.unsettled().first()
        return finding
    return None


def _write(file: Application, about: About, user: User | None) -> Letter:
    kind = kind_of(about)
    words = worded(file, about, template_for(kind=kind, language=file.language, site=file.site))
    supersede_letters(file)
    return Letter.objects.create(
        application=file,
        decision=about if isinstance(about, Decision) else None,
        kind=kind,
        language=file.language,
        subject=words.subject,
        body=words.body,
        written_by=user,
        written_at=timezone.now(),
    )


def _approve(letter: Letter, user: User | None) -> None:
    letter.state = LetterState.APPROVED
    letter.approved_by, letter.approved_at = user, timezone.now()
    letter.save(update_fields=["state", "approved_by", "approved_at"])


def _leave(letter: Letter, application: Application, matter: str) -> None:
    if letter.state != LetterState.APPROVED:
        raise LetterNotApproved
    letter.message = send(application, Words(letter.subject, letter.body), matter)
    letter.state = LetterState.SENT
    letter.save(update_fields=["message", "state"])


def _current(letter: Letter) -> Letter:
    current = Letter.objects.current().filter(pk=letter.pk).first()
    if current is None:
        raise LetterClosed
    return current
