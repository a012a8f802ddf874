"""Screening: is this an application, is it new, may it be studied; and on to the committee."""

from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from applications.errors import (
    BadOriginal,
    ImpossibleStep,
    NotFoundIneligible,
    ReasonNeeded,
)
from applications.models import Application, Ineligibility
from applications.services.letters import send_letter, supersede_letters
from applications.services.steps import locked, take_step
from applications.workflow import State, Step
from core.history import recorded
from sites.permissions import require


def start_screening(*, application: Application, acting_user: User | None) -> Application:
    """An officer takes the file up."""
    return _step(application, Step.START_SCREENING, acting_user)


def send_to_review(*, application: Application, acting_user: User | None) -> Application:
    """Reviewers read it next."""
    return _step(application, Step.SEND_TO_REVIEW, acting_user)


def prepare_for_committee(*, application: Application, acting_user: User | None) -> Application:
    """It can be decided."""
    return _step(application, Step.PREPARE_FOR_COMMITTEE, acting_user)


def return_to_review(
    *, application: Application, reason: str, acting_user: User | None
) -> Application:
    """The committee, or who prepares it, wants more opinions."""
    return _step(application, Step.RETURN_TO_REVIEW, acting_user, reason)


def resume(*, application: Application, acting_user: User | None) -> Application:
    """A deferred file comes back before the committee."""
    return _step(application, Step.RESUME, acting_user)


def reopen(*, application: Application, reason: str, acting_user: User | None) -> Application:
    """An end is taken back: the file is screened again. A decision it had is superseded."""
    with recorded(acting_user, reason=reason):
        file = locked(application)
        take_step(file, Step.REOPEN, acting_user=acting_user, reason=reason)
        if file.original is not None:
            file.original = None  # it repeats no other file any more
            file.save(update_fields=["original"])
    return file


def mark_spam(
    *,
    application: Application,
    acting_user: User | None,
    original: Application | None = None,
) -> Application:
    """Sent by a machine, or no application at all. Nobody is written to.

    `original`: the file whose words were sent again. Raises BadOriginal as duplicates do.
    """
    with recorded(acting_user):
        file, first = _both_locked(application, original or application)
        moved = take_step(file, Step.MARK_SPAM, acting_user=acting_user)
        if original is not None and moved:
            _check_original(file, first, acting_user)
            file.original = first
            file.save(update_fields=["original"])
    return file


def mark_duplicate(
    *, application: Application, original: Application, acting_user: User | None
) -> Application:
    """The same project is already there as `original`.

    Raises BadOriginal for the file itself, another duplicate, or a file the user may not see.
    """
    with recorded(acting_user):
        file, first = _both_locked(application, original)
        if file.state == State.DUPLICATE and file.original_id == original.pk:
            return file
        _check_original(file, first, acting_user)
        # Before the step: the database refuses a duplicate of nothing.
        file.original = first
        file.save(update_fields=["original"])
        take_step(file, Step.MARK_DUPLICATE, acting_user=acting_user)
    return file


def _both_locked(
    application: Application, original: Application
) -> tuple[Application, Application]:
    """In the order of their keys: two files may be called each other's duplicate at once."""
    keys = sorted({application.pk, original.pk})
    files = {pk: locked(Application(pk=pk)) for pk in keys}
    return files[application.pk], files[original.pk]


def _check_original(file: Application, original: Application, acting_user: User | None) -> None:
    seen = (
        acting_user is None
        or Application.objects.visible_to(acting_user).filter(pk=original.pk).exists()
    )
    if original.pk == file.pk or original.state == State.DUPLICATE or not seen:
        raise BadOriginal


def find_ineligible(
    *, application: Application, reason_code: str, words: str, acting_user: User | None
) -> Ineligibility:
    """Propose to end the file as ineligible; a second person has to agree.

    Found twice, the first finding stands. Raises ReasonNeeded, ImpossibleStep, NotAllowed.
    """
    if not words.strip():
        raise ReasonNeeded(field="words")
    with recorded(acting_user):
        file = locked(application)
        require(acting_user, Action.SCREEN, "application", file.site_id)
        if file.state != State.SCREENING:
            raise ImpossibleStep(state=file.get_state_display())
        known = file.ineligibilities.unsettled().first()
        if known is not None:
            return known
        finding = Ineligibility(
            application=file,
            reason_code=reason_code,
            words=words.strip(),
            found_by=acting_user,
            found_at=timezone.now(),
        )
        finding.clean_fields(exclude=["found_by", "settled_by", "settled_at", "confirmed"])
        finding.save()
    return finding


def confirm_ineligible(*, application: Application, acting_user: User | None) -> Application:
    """The second person agrees: the file ends and the applicant is told why.

    Raises NotFoundIneligible, SecondPersonNeeded, LetterNotApproved, ImpossibleStep, NotAllowed.
    """
    with recorded(acting_user):
        file = locked(application)
        if take_step(file, Step.CONFIRM_INELIGIBLE, acting_user=acting_user):
            finding = _settle(file, confirmed=True, acting_user=acting_user)
            send_letter(file, finding, "decision", acting_user)
    return file


def reject_ineligible(*, application: Application, acting_user: User | None) -> Application:
    """Not ineligible after all: the screening goes on. Raises NotFoundIneligible, NotAllowed."""
    with recorded(acting_user):
        file = locked(application)
        require(acting_user, Action.SCREEN, "application", file.site_id)
        _settle(file, confirmed=False, acting_user=acting_user)
        supersede_letters(file)
    return file


def _settle(file: Application, *, confirmed: bool, acting_user: User | None) -> Ineligibility:
    finding: Ineligibility | None = file.ineligibilities.unsettled().first()
    if finding is None:
        raise NotFoundIneligible
    finding.confirmed = confirmed
    finding.settled_by = acting_user
    finding.settled_at = timezone.now()
    finding.save(update_fields=["confirmed", "settled_by", "settled_at"])
    return finding


def _step(
    application: Application, step: Step, acting_user: User | None, reason: str = ""
) -> Application:
    with recorded(acting_user, reason=reason):
        file = locked(application)
        take_step(file, step, acting_user=acting_user, reason=reason)
    return file
