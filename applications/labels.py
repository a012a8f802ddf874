"""What people call the states, kinds and reasons of applications, in their language."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.workflow import State, Step


class ApplicationState(models.TextChoices):
    """The states under the names that staff see."""

    SUBMITTED = State.SUBMITTED.value, _("to decide")
    OFFERED = State.OFFERED.value, _("offer made")
    ACCEPTED = State.ACCEPTED.value, _("offer accepted")
    TENANT = State.TENANT.value, _("tenant")
    DECLINED = State.DECLINED.value, _("refused")
    OFFER_DECLINED = State.OFFER_DECLINED.value, _("offer declined")
    LAPSED = State.LAPSED.value, _("offer lapsed")
    WITHDRAWN = State.WITHDRAWN.value, _("withdrawn")


class ApplicationStep(models.TextChoices):
    """The steps of the workflow, with the one that begins it."""

    SUBMIT = "submit", _("application received")
    OFFER = Step.OFFER.value, _("offer made")
    DECLINE = Step.DECLINE.value, _("application refused")
    ACCEPT_OFFER = Step.ACCEPT_OFFER.value, _("offer accepted")
    DECLINE_OFFER = Step.DECLINE_OFFER.value, _("offer declined")
    LAPSE = Step.LAPSE.value, _("offer lapsed")
    WITHDRAW = Step.WITHDRAW.value, _("application withdrawn")
    CANCEL_LEASE = Step.CANCEL_LEASE.value, _("lease cancelled")
    BECOME_TENANT = Step.BECOME_TENANT.value, _("lease signed")
    REOPEN = Step.REOPEN.value, _("application reopened")


APPLICANT_LABELS: Final = {
    State.SUBMITTED: _("Received, in review"),
    State.OFFERED: _("Offer"),
    State.ACCEPTED: _("Offer accepted"),
    State.TENANT: _("Hosted"),
    State.DECLINED: _("Not retained"),
    State.OFFER_DECLINED: _("Offer declined"),
    State.LAPSED: _("Offer expired"),
    State.WITHDRAWN: _("Withdrawn"),
}


class ApplicantKind(models.TextChoices):
    COMPANY = "company", _("A company")
    SELF_EMPLOYED = "self_employed", _("A self-employed person (auto-entrepreneur)")
    PROJECT_HOLDER = "project_holder", _("A project holder, without a company yet")


class DeclineReason(models.TextChoices):
    OUTSIDE_SECTORS = "outside_sectors", _("outside the sectors hosted")
    NOT_INNOVATIVE = "not_innovative", _("not innovative enough")
    NOT_MATURE = "not_mature", _("project not mature enough")
    NO_SPACE = "no_space", _("no suitable space")
    INCOMPLETE = "incomplete", _("file incomplete")
    OTHER = "other", _("other")
