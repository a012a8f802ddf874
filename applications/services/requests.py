"""Asking an applicant for what is missing: asked, reminded twice, answered or lapsed."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from applications import letters
from applications.answers import FIELDS, as_json
from applications.errors import BadRequest, DocumentsMissing, ImpossibleStep, NotAsked
from applications.labels import ItemKind, RequestState
from applications.models import Application, InformationRequest, RequestedItem, Revision
from applications.selectors.requested import still_missing
from applications.services.correspondence import send
from applications.services.searching import index
from applications.services.steps import locked, take_step
from applications.workflow import State, Step
from core import formats
from core.history import recorded
from core.periods import today
from tenants.names import name_key
from tenants.services import check_identifiers

SHORTEST: Final = dt.timedelta(days=3)
"""Nobody is given less time than this."""
LAST_CALL: Final = dt.timedelta(days=2)
"""The second reminder comes this long before the end, and the end this long after it."""


def request_information(
    *,
    application: Application,
    fields: Iterable[str] = (),
    questions: Iterable[str] = (),
    documents: Iterable[str] = (),
    message: str,
    due_on: dt.date,
    acting_user: User | None,
) -> InformationRequest:
    """Open what is named to the applicant until the end of `due_on`; the clock stands still.

    `questions` and `documents` are keys of the application's call. Raises BadRequest (with its
    field), ImpossibleStep, NotAllowed.
    """
    wanted = _wanted(application, fields=fields, questions=questions, documents=documents)
    if not message.strip():
        raise BadRequest(field="message", reason=_("Say what is missing."))
    if due_on < today() + SHORTEST:
        raise BadRequest(field="due_on", reason=_("Leave at least three days for the answer."))
    with recorded(acting_user):
        file = locked(application)
        asked_in = file.state
        if not take_step(file, Step.REQUEST_INFORMATION, acting_user=acting_user):
            known: InformationRequest = file.requests.open().get()
            items = set(known.items.values_list("kind", "key"))
            if (known.message, known.due_on, items) != (message.strip(), due_on, set(wanted)):
                raise ImpossibleStep(state=file.get_state_display())  # another was faster
            return known
        made = InformationRequest.objects.create(
            application=file,
            asked_in=asked_in,
            asked_by=acting_user,
            asked_at=timezone.now(),
            message=message.strip(),
            due_on=due_on,
        )
        RequestedItem.objects.bulk_create(
            RequestedItem(request=made, kind=kind, key=key) for kind, key in wanted
        )
        send(file, letters.information_requested(file, made), "request")
    return made


def answer_request(
    *,
    application: Application,
    changes: Mapping[str, Any],
    answers: Mapping[str, Any] | None = None,
    acting_user: User | None,
) -> Application:
    """Take the answers over as the next version; the file goes back to where it was.

    `changes`: the clean value of each field that was asked for; `answers`: of each question of
    the call, None to leave it open. The documents that were asked for must have come since. A
    second time nothing changes. Raises NotAsked, DocumentsMissing, ImpossibleStep,
    WrongIdentifier, ValidationError, NotAllowed.
    """
    answers = answers or {}
    with recorded(acting_user):
        file = locked(application)
        asked = file.requests.open().first()
        if asked is None:
            # Answered in another window, or no longer awaited: the step says which.
            _back(file, None, Step.ANSWER_REQUEST, acting_user)
            return file
        items = list(asked.items.values_list("kind", "key"))
        if not {key for kind, key in items if kind == ItemKind.FIELD}.issuperset(changes):
            raise NotAsked
        if not {key for kind, key in items if kind == ItemKind.QUESTION}.issuperset(answers):
            raise NotAsked
        if missing := [row.label for row in still_missing(file, asked)]:
            raise DocumentsMissing(labels=formats.listed(missing, get_language() or "fr"))
        _back(file, asked, Step.ANSWER_REQUEST, acting_user)
        _settle(asked, RequestState.ANSWERED)
        write_answers(file, changes, acting_user, answers=answers)
    return file


def close_request(
    *, application: Application, reason: str, acting_user: User | None
) -> Application:
    """Staff no longer need the answer: the file goes back to where it was."""
    with recorded(acting_user, reason=reason):
        file = locked(application)
        asked = file.requests.open().first()
        _back(file, asked, Step.CLOSE_REQUEST, acting_user, reason)
    return file


def remind_and_lapse() -> int:
    """Remind of each unanswered request twice, then let it lapse. Returns how many acts.

    A reminder is sent at half time and another two days before the end. Days on which the job
    did not run shorten nobody's time: a request lapses two days after its second reminder at
    the earliest.
    """
    acts = 0
    for found in InformationRequest.objects.open().order_by("id"):
        with recorded(None):
            file = locked(found.application)
            asked = InformationRequest.objects.open().filter(pk=found.pk).first()
            if asked is not None and file.state == State.INFO_REQUESTED:
                acts += _pursue(file, asked)
    return acts


def write_answers(
    file: Application,
    changes: Mapping[str, Any],
    acting_user: User | None,
    *,
    answers: Mapping[str, Any],
) -> Revision:
    """Put clean values into a *locked* file and keep them as its next version."""
    values = dict(changes)
    if answers:
        merged = {**(file.answers or {}), **answers}
        values["answers"] = {key: value for key, value in merged.items() if value is not None}
    sectors = values.pop("sectors", None)
    if "ice" in values:
        values["ice"] = check_identifiers({"ice": values["ice"]})["ice"]
    for name, value in values.items():
        setattr(file, name, value)
    if "name" in values:
        file.name_key = name_key(file.name)
    file.revision += 1
    file.full_clean(exclude=["name_key"], validate_constraints=False)
    file.save(update_fields=[*values, "name_key", "revision"])
    if sectors is not None:
        file.sectors.set(sectors)
    index(file)
    return keep_revision(file, acting_user)


def keep_revision(file: Application, acting_user: User | None) -> Revision:
    """The answers as the columns hold them now, under the file's version."""
    return Revision.objects.create(
        application=file,
        number=file.revision,
        answers=as_json(file, sectors=file.sectors.values_list("code", flat=True)),
        sent_at=timezone.now(),
        sent_by=acting_user,
    )


def _wanted(
    file: Application,
    *,
    fields: Iterable[str],
    questions: Iterable[str],
    documents: Iterable[str],
) -> list[tuple[ItemKind, str]]:
    version = file.call_version
    asked = {
        ItemKind.FIELD: FIELDS,
        ItemKind.QUESTION: {row.key for row in version.questions.all()} if version else set(),
        ItemKind.DOCUMENT: {row.key for row in version.documents.all()} if version else set(),
    }
    named = {
        ItemKind.FIELD: fields,
        ItemKind.QUESTION: questions,
        ItemKind.DOCUMENT: documents,
    }
    wanted = [(kind, key) for kind, keys in named.items() for key in dict.fromkeys(keys)]
    unknown = next((kind for kind, key in wanted if key not in asked[kind]), None)
    if unknown or not wanted:
        raise BadRequest(
            field=f"{unknown or ItemKind.FIELD}s_wanted",
            reason=_("Choose what the applicant has to complete."),
        )
    return wanted


def _pursue(file: Application, asked: InformationRequest) -> int:
    day = today()
    if asked.reminders == 2 and asked.reminded_on is not None:
        if day > max(asked.due_on, asked.reminded_on + LAST_CALL):
            take_step(file, Step.LAPSE_REQUEST, acting_user=None)
            send(file, letters.request_lapsed(file), "request")
            return 1
        return 0
    first = timezone.localdate(asked.asked_at)
    half = first + (asked.due_on - first) / 2
    due = half if asked.reminders == 0 else asked.due_on - LAST_CALL
    if day < due or asked.reminded_on == day:
        return 0
    asked.reminders += 1
    asked.reminded_on = day
    asked.save(update_fields=["reminders", "reminded_on"])
    # A late first reminder is followed by the second on the next day at the earliest.
    last_day = max(asked.due_on, day + LAST_CALL + dt.timedelta(days=2 - asked.reminders))
    send(file, letters.request_reminder(file, asked, last_day), "request")
    return 1


def _back(
    file: Application,
    asked: InformationRequest | None,
    step: Step,
    acting_user: User | None,
    reason: str = "",
) -> None:
    if asked is None and file.state == State.INFO_REQUESTED:
        raise ImpossibleStep(state=file.get_state_display())
    take_step(
        file,
        step,
        acting_user=acting_user,
        reason=reason,
        back_to=State(asked.asked_in) if asked else None,
    )


def _settle(asked: InformationRequest, state: RequestState) -> None:
    asked.state = state
    asked.settled_at = timezone.now()
    asked.save(update_fields=["state", "settled_at"])
