"""Drafts: begun with an e-mail address, typed into, come back to, given up, or left to expire.

What is typed is kept as it stands, good or not yet; it becomes answers when it is sent
(`services.submission`).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from applications import letters
from applications.errors import (
    CallClosed,
    ImpossibleStep,
    SiteClosed,
    TooManyLetters,
    TooMuchTyped,
)
from applications.labels import Channel
from applications.models import Application, CallVersion
from applications.selectors.applicant import letters_about
from applications.selectors.calls import open_versions, sites_to_apply_at
from applications.services.access import require_begun
from applications.services.addresses import checked_address, forget_former
from applications.services.correspondence import send_alone
from applications.services.steps import locked, take_step
from applications.workflow import State, Step
from core import numbering
from core.errors import NotAllowed
from core.history import recorded
from core.periods import today
from sites.models import Site
from sites.services.people import account_of_applicant
from tenants.names import name_key

Typed = Mapping[str, str | list[str]]
"""What stands in each field: text, or the values of its ticked boxes."""

IDLE: Final = dt.timedelta(days=14)
"""Nobody went on with the draft for so long: its author is warned."""
LAST_CALL: Final = dt.timedelta(days=7)
"""From the warning to the end, at the least."""
LONGEST: Final = 100_000
"""Characters of one field: more is no answer, and the form refuses less than that anyway."""
MOST_LETTERS: Final = 6
"""With the way back to one draft, in a day."""
_NAME: Final = 200


def start_draft(
    *,
    site: Site,
    call_version: CallVersion | None,
    email: str,
    language: str,
    typed: Typed | None = None,
    channel: str = Channel.WEB,
    submission_key: UUID | None = None,
    sister_of: Application | None = None,
    acting_user: User | None = None,
) -> Application:
    """Begin an application: it has a reference, and nobody but its author sees it.

    By REST its author is the acting user's program (`Application.begun_by`). Else the address gets
    the way back by mail (`send_way_back`), not from here: what comes in one go
    needs none. Raises SiteClosed, CallClosed.
    """
    if sister_of is None:  # else it is sent at once, and checked then
        _check_open(site, call_version)
    now = timezone.now()
    email = email.strip().lower()
    applicant = account_of_applicant(email=email, name="", language=language)
    with recorded(acting_user or applicant):
        draft = Application(
            site=site,
            call_version=call_version,
            applicant=applicant,
            channel=channel,
            begun_by=acting_user if channel == Channel.API else None,
            sister_of=sister_of,
            state=State.DRAFT,
            contact_email=email,
            language=language,
            typed=_as_kept(typed or {}),
            typed_at=now,
            state_since=now,
            submission_key=submission_key or uuid4(),
            # Nothing of this is said yet: `typed` has it, the columns are filled when it is sent.
            team_size=0,
            wanted_m2=0,
            wanted_start=today(),
        )
        _name(draft)
        year = today().year
        number = numbering.take(scope="network", series="application", year=year)
        draft.reference = f"A{year}-{number:04d}"
        draft.save()
    return draft


def send_way_back(*, application: Application) -> None:
    """The link by which the draft is opened again, on whatever device."""
    with recorded(None):
        send_alone(application, letters.draft_begun(application), "draft")


def correct_address(
    *, application: Application, email: str, acting_user: User | None
) -> Application:
    """The draft belongs to another address, since this one was wrong; the way back leaves for it,
    and what left before opens nothing any more. With the same address the letter leaves again.

    `acting_user=None` is the browser that began the draft. Raises BadAddress, TooManyLetters,
    ImpossibleStep, NotAllowed.
    """
    email = checked_address(email)
    with recorded(acting_user):
        draft = _open(application, acting_user)
        if acting_user is not None and acting_user.pk != draft.applicant_id:
            raise NotAllowed
        a_day_ago = timezone.now() - dt.timedelta(days=1)
        if letters_about(draft, "draft").filter(created_at__gt=a_day_ago).count() >= MOST_LETTERS:
            raise TooManyLetters
        if email != draft.contact_email:
            former = draft.applicant
            draft.contact_email = email
            draft.applicant = account_of_applicant(email=email, name="", language=draft.language)
            draft.save(update_fields=["contact_email", "applicant"])
            # Whoever has ever signed in has shown that the address is theirs.
            if former is not None and former.last_login is None:
                forget_former(draft, former, acting_user=None)
        send_way_back(application=draft)
    return draft


def type_in(*, application: Application, fields: Typed, acting_user: User | None) -> Application:
    """Keep what stands in these fields, good or not yet; the others stay as they were.

    `acting_user=None` is the browser that began the draft. Raises ImpossibleStep once it is sent
    or has expired, TooMuchTyped, NotAllowed.
    """
    kept = _as_kept(fields)
    with recorded(acting_user):
        draft = _open(application, acting_user)
        typed = draft.typed or {}
        if any(typed.get(name) != value for name, value in kept.items()):
            draft.typed = {**typed, **kept}
            draft.typed_at = timezone.now()
            draft.warned_at = None
            _name(draft)
            draft.save(update_fields=["typed", "typed_at", "warned_at", "name", "name_key"])
    return draft


def discard(*, application: Application, acting_user: User | None) -> Application:
    """Its author gives the draft up. A second time nothing changes."""
    with recorded(acting_user):
        draft = locked(application)
        take_step(draft, Step.DISCARD_DRAFT, acting_user=acting_user)
    return draft


def resume_draft(*, application: Application, acting_user: User | None) -> Application:
    """Its author goes on with a draft that had expired. A second time nothing changes."""
    with recorded(acting_user):
        draft = locked(application)
        if take_step(draft, Step.RESUME_DRAFT, acting_user=acting_user):
            draft.typed_at, draft.warned_at = timezone.now(), None
            draft.save(update_fields=["typed_at", "warned_at"])
    return draft


def move_over(
    *, application: Application, call_version: CallVersion, acting_user: User | None
) -> Application:
    """The draft goes on under another call of its site, with all that was typed.

    Raises CallClosed, ImpossibleStep, NotAllowed.
    """
    with recorded(acting_user):
        draft = _open(application, acting_user)
        _check_open(draft.site, call_version)
        draft.call_version = call_version
        draft.save(update_fields=["call_version"])
    return draft


def warn_and_expire() -> int:
    """Warn of each idle draft, and let it expire a week after that. Returns how many acts.

    Days on which the job did not run shorten nobody's time: the week counts from the warning
    that was really written.
    """
    acts = 0
    idle = Application.objects.filter(state=State.DRAFT, typed_at__lte=timezone.now() - IDLE)
    for found in idle.order_by("id"):
        with recorded(None):
            draft = locked(found)
            now = timezone.now()
            if draft.state != State.DRAFT or draft.typed_at is None or draft.typed_at > now - IDLE:
                continue  # gone on with meanwhile
            if draft.warned_at is None:
                draft.warned_at = now
                draft.save(update_fields=["warned_at"])
                if draft.begun_by_id is None:  # else its author is a program
                    send_alone(draft, letters.draft_idle(draft, today() + LAST_CALL), "draft")
                acts += 1
            elif draft.warned_at <= now - LAST_CALL:
                take_step(draft, Step.EXPIRE_DRAFT, acting_user=None)
                acts += 1
    return acts


def _open(application: Application, acting_user: User | None) -> Application:
    """The locked draft, for its author: the applicant, or the program that began it."""
    draft = locked(application)
    own = Application.objects.of_applicant(acting_user) if acting_user else None
    if own is not None and not own.filter(pk=draft.pk).exists():
        require_begun(acting_user, draft)
    if draft.state != State.DRAFT:
        raise ImpossibleStep(state=draft.get_state_display())
    return draft


def _check_open(site: Site, version: CallVersion | None) -> None:
    if not site.takes_applications:
        raise SiteClosed(site=site.name)
    if version is None:
        if not sites_to_apply_at().filter(pk=site.pk).exists():
            raise SiteClosed(site=site.name)
    elif version not in open_versions(site):
        raise CallClosed(call=version.call.name, site=site.name)


def _as_kept(fields: Typed) -> dict[str, Any]:
    return {
        name: [_text(one) for one in value] if isinstance(value, list) else _text(value)
        for name, value in fields.items()
    }


def _text(value: str) -> str:
    """Lines as people count them, without what PostgreSQL cannot keep."""
    if len(value) > LONGEST:
        raise TooMuchTyped
    plain = value.replace("\r\n", "\n").replace("\x00", "")
    return plain.encode("utf-8", "replace").decode("utf-8")


def _name(draft: Application) -> None:
    """So that its author knows the draft again in a list."""
    typed = (draft.typed or {}).get("name", "")
    draft.name = " ".join(str(typed).split())[:_NAME]
    draft.name_key = name_key(draft.name)[:_NAME]
