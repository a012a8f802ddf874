"""Reasons, opinions, votes and letters, in people's words."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.labels.states import Outcome


class DeclineReason(models.TextChoices):
    OUTSIDE_SECTORS = "outside_sectors", _("outside the sectors hosted")
    NOT_INNOVATIVE = "not_innovative", _("not innovative enough")
    NOT_MATURE = "not_mature", _("project not mature enough")
    NO_SPACE = "no_space", _("no suitable space")
    INCOMPLETE = "incomplete", _("file incomplete")
    OTHER = "other", _("other")


class IneligibleReason(models.TextChoices):
    """Why a file is not even studied."""

    OUTSIDE_SECTORS = "outside_sectors", _("outside the sectors hosted")
    NOT_BASED_HERE = "not_based_here", _("not active in Morocco")
    NOT_A_BUSINESS = "not_a_business", _("no business project")
    WRONG_CALL = "wrong_call", _("outside the terms of the call")
    OTHER = "other", _("other")


class ReviewState(models.TextChoices):
    ASSIGNED = "assigned", _("to declare conflicts")
    OPEN = "open", _("to score")
    SUBMITTED = "submitted", _("scored")
    RECUSED = "recused", _("in conflict")
    WITHDRAWN = "withdrawn", _("withdrawn")


class SessionState(models.TextChoices):
    PLANNED = "planned", _("planned")
    OPEN = "open", _("sitting")
    CLOSED = "closed", _("closed")
    SIGNED = "signed", _("minutes signed")


class Ballot(models.TextChoices):
    """What a member of the committee can vote for."""

    ADMIT = Outcome.ADMIT.value, Outcome.ADMIT.label
    ADMIT_WITH_CONDITIONS = (
        Outcome.ADMIT_WITH_CONDITIONS.value,
        Outcome.ADMIT_WITH_CONDITIONS.label,
    )
    WAITLIST = Outcome.WAITLIST.value, Outcome.WAITLIST.label
    DEFER = Outcome.DEFER.value, Outcome.DEFER.label
    REFUSE = Outcome.REFUSE.value, Outcome.REFUSE.label
    ABSTAIN = "abstain", _("abstain")


class LetterKind(models.TextChoices):
    """The letters whose words a hub may choose."""

    ADMIT = Outcome.ADMIT.value, _("admission")
    ADMIT_WITH_CONDITIONS = Outcome.ADMIT_WITH_CONDITIONS.value, _("admission with conditions")
    WAITLIST = Outcome.WAITLIST.value, _("waiting list")
    DEFER = Outcome.DEFER.value, _("deferral")
    REFUSE = Outcome.REFUSE.value, _("refusal")
    INELIGIBLE = "ineligible", _("ineligible")
    OFFER = "offer", _("offer")


class LetterState(models.TextChoices):
    DRAFT = "draft", _("to approve")
    APPROVED = "approved", _("approved")
    SENT = "sent", _("sent")
    SUPERSEDED = "superseded", _("superseded")
