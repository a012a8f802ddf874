"""A start-up applies."""

import datetime as dt
from dataclasses import dataclass, field, fields
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from applications.errors import SiteClosed
from applications.labels import ApplicationStep
from applications.letters import acknowledgement
from applications.models import Application, Transition
from applications.services.clock import turn_the_clock
from applications.services.correspondence import send
from applications.services.requests import keep_revision
from applications.workflow import State
from core import numbering
from core.history import recorded
from core.periods import today
from sites.models import Site
from sites.services.people import account_of_applicant
from tenants.models import Sector
from tenants.names import name_key
from tenants.services import check_identifiers

CONSENT_VERSION = "2026-11"
"""The text of the consent now shown; change it together with the text."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the form asks; areas in m², `wanted_start` a day."""

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
    *, site: Site, answers: Answers, language: str, submission_key: UUID
) -> Application:
    """Receive an application: reference, trail, acknowledgement by mail.

    The same `submission_key` again gives the application it made: a double click, a resent form.
    Raises SiteClosed, WrongIdentifier, ValidationError.
    """
    known = Application.objects.filter(submission_key=submission_key).first()
    if known is not None:
        return known
    if not site.takes_applications:
        raise SiteClosed(site=site.name)
    try:
        with transaction.atomic():
            return _receive(site, answers, language, submission_key)
    except IntegrityError:
        # The other click was faster.
        known = Application.objects.filter(submission_key=submission_key).first()
        if known is None:
            raise
        return known


def _receive(site: Site, answers: Answers, language: str, key: UUID) -> Application:
    now = timezone.now()
    values = {item.name: getattr(answers, item.name) for item in fields(answers)}
    sectors = values.pop("sectors")
    values["ice"] = check_identifiers({"ice": answers.ice})["ice"]
    values["contact_email"] = answers.contact_email.strip().lower()
    applicant = account_of_applicant(
        email=values["contact_email"], name=answers.contact_name, language=language
    )
    with recorded(applicant):
        application = Application(
            site=site,
            applicant=applicant,
            reference="-",
            name_key=name_key(answers.name),
            language=language,
            consent_version=CONSENT_VERSION,
            consent_at=now,
            submitted_at=now,
            state_since=now,
            submission_key=key,
            **values,
        )
        application.full_clean(exclude=["reference", "name_key"], validate_constraints=False)
        year = today().year
        number = numbering.take(scope="network", series="application", year=year)
        application.reference = f"A{year}-{number:04d}"
        application.save()
        application.sectors.set(sectors)
        Transition.objects.create(
            application=application,
            step=ApplicationStep.SUBMIT,
            target=State.SUBMITTED,
            at=now,
            acting_user=applicant,
        )
        turn_the_clock(application, State.DRAFT, now)
        application.save(update_fields=["due_at"])
        keep_revision(application, applicant)
        send(application, acknowledgement(application), "received")
    return application
