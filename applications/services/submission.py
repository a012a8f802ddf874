"""A start-up applies: what it typed becomes an application."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid5

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from applications.errors import BadAnswers, CallClosed, DocumentMissing, SiteClosed
from applications.labels import REFUSALS
from applications.letters import acknowledgement
from applications.models import Application, CallVersion, Document
from applications.questions import cleaned
from applications.selectors.calls import can_be_sent, missing_documents, rules_of
from applications.services.conflicts import declare_own
from applications.services.correspondence import send
from applications.services.drafting import start_draft
from applications.services.requests import keep_revision
from applications.services.searching import index
from applications.services.steps import locked, take_step
from applications.workflow import State, Step
from core.history import recorded
from sites.models import Site
from tenants.models import Sector
from tenants.names import name_key
from tenants.services import check_identifiers

CONSENT_VERSION: Final = "2026-11"
"""The text of the consent now shown; change it together with the text."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What every application answers; areas in m², `wanted_start` a day."""

    applicant_kind: str
    name: str
    project: str
    team_size: int
    wanted_m2: Decimal
    wanted_start: dt.date
    contact_name: str
    contact_email: str
    contact_phone: str
    legal_form: str = "none"
    ice: str = ""
    website: str = ""
    team: str = ""
    sectors: list[Sector] = field(default_factory=list)


def submit_application(
    *,
    site: Site,
    answers: Answers,
    language: str,
    submission_key: UUID,
    call_version: CallVersion | None = None,
    given: Mapping[str, Any] | None = None,
) -> Application:
    """Receive an application in one go: draft and sending in one transaction.

    The same `submission_key` again gives the application it made: a double click, a resent
    request. Raises what `start_draft` and `submit_draft` raise.
    """
    known = Application.objects.filter(submission_key=submission_key).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            draft = start_draft(
                site=site,
                call_version=call_version,
                email=answers.contact_email,
                language=language,
                submission_key=submission_key,
            )
            return submit_draft(
                application=draft,
                answers=answers,
                given=given or {},
                language=language,
                acting_user=draft.applicant,
            )
    except IntegrityError:
        # The other click was faster.
        known = Application.objects.filter(submission_key=submission_key).first()
        if known is None:
            raise
        return known


def submit_draft(
    *,
    application: Application,
    answers: Answers,
    given: Mapping[str, Any],
    language: str,
    acting_user: User | None,
    also_at: Iterable[Site] = (),
) -> Application:
    """The draft is sent: columns, trail, first version of the answers, acknowledgement by mail.

    `given`: the answers to the call's own questions by key, as typed or clean. `also_at`: sites at
    which the same company makes an application of its own with the same answers, linked to this
    one. A second time nothing changes. Raises SiteClosed or CallClosed, BadAnswers,
    DocumentMissing, WrongIdentifier, ValidationError, ImpossibleStep, NotAllowed.
    """
    with recorded(acting_user):
        draft = locked(application)
        if draft.state != State.DRAFT:
            take_step(draft, Step.SUBMIT, acting_user=acting_user)
            return draft
        _check_sendable(draft)
        draft.answers = _own_answers(draft.call_version, given)
        missing = missing_documents(draft, given)
        if missing:
            raise DocumentMissing(document=missing[0].label, field=missing[0].key)
        _fill(draft, answers, language)
        take_step(draft, Step.SUBMIT, acting_user=acting_user)
        keep_revision(draft, acting_user or draft.applicant)
        index(draft)
        send(draft, acknowledgement(draft), "received")
        declare_own(draft)
        for site in also_at:
            _sister(
                draft, site, answers, given, language, acting_user=acting_user or draft.applicant
            )
    return draft


def _check_sendable(draft: Application) -> None:
    if can_be_sent(draft):
        return
    if draft.call_version is None or not draft.site.takes_applications:
        raise SiteClosed(site=draft.site.name)
    raise CallClosed(call=draft.call_version.call.name, site=draft.site.name)


def _own_answers(version: CallVersion | None, given: Mapping[str, Any]) -> dict[str, Any]:
    result = cleaned(rules_of(version), given)
    if result.refused:
        raise BadAnswers(fields={key: str(REFUSALS[why]) for key, why in result.refused.items()})
    return result.answers


def _fill(draft: Application, answers: Answers, language: str) -> None:
    now = timezone.now()
    values = {item.name: getattr(answers, item.name) for item in fields(answers)}
    sectors = values.pop("sectors")
    # Who the applicant is was settled when the draft was begun.
    del values["contact_email"]
    values["ice"] = check_identifiers({"ice": answers.ice})["ice"]
    changed = {
        **values,
        "name_key": name_key(answers.name),
        "language": language,
        "consent_version": CONSENT_VERSION,
        "consent_at": now,
        "submitted_at": now,
        "typed": None,
        "warned_at": None,
    }
    for name, value in changed.items():
        setattr(draft, name, value)
    draft.full_clean(exclude=["name_key"], validate_constraints=False)
    draft.save(update_fields=[*changed, "answers"])
    draft.sectors.set(sectors)
    # The account bore no name while there was only an address.
    applicant = draft.applicant
    if applicant is not None and not applicant.name:
        applicant.name = answers.contact_name
        applicant.save(update_fields=["name"])


def _sister(
    first: Application,
    site: Site,
    answers: Answers,
    given: Mapping[str, Any],
    language: str,
    *,
    acting_user: User | None,
) -> None:
    draft = start_draft(
        site=site,
        call_version=first.call_version,
        email=first.contact_email,
        language=language,
        channel=first.channel,
        submission_key=uuid5(first.submission_key, site.code),
        sister_of=first,
        acting_user=first.begun_by,
    )
    for document in first.documents.kept().order_by("id"):
        _copy(document, draft)
    submit_draft(
        application=draft,
        answers=answers,
        given=given,
        language=language,
        acting_user=acting_user,  # a partner's program needs the right at that site too
    )


def _copy(document: Document, draft: Application) -> None:
    """Each application has files of its own: they are erased one by one."""
    values = {
        one.name: getattr(document, one.name)
        for one in Document._meta.concrete_fields
        if not one.primary_key and one.name not in {"application", "file"}
    }
    copy = Document(application=draft, **values)
    with document.file.open("rb") as stored:
        copy.file.save("", ContentFile(stored.read()), save=False)
    copy.save()
