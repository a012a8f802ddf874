"""What people call the states, steps and outcomes of applications, in their language."""

from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.workflow import State, Step


class ApplicationState(models.TextChoices):
    """The states under the names that staff see."""

    DRAFT = State.DRAFT.value, _("draft")
    SUBMITTED = State.SUBMITTED.value, _("received")
    SCREENING = State.SCREENING.value, _("screening")
    INFO_REQUESTED = State.INFO_REQUESTED.value, _("awaiting the applicant")
    REVIEW = State.REVIEW.value, _("in review")
    COMMITTEE_READY = State.COMMITTEE_READY.value, _("ready for the committee")
    DECIDED = State.DECIDED.value, _("decided")
    OFFERED = State.OFFERED.value, _("offer made")
    WAITLISTED = State.WAITLISTED.value, _("on the waiting list")
    DEFERRED = State.DEFERRED.value, _("deferred")
    ACCEPTED = State.ACCEPTED.value, _("offer accepted")
    ONBOARDING = State.ONBOARDING.value, _("onboarding")
    TENANT = State.TENANT.value, _("tenant")
    EXPIRED = State.EXPIRED.value, _("draft expired")
    SPAM = State.SPAM.value, _("spam")
    DUPLICATE = State.DUPLICATE.value, _("duplicate")
    INELIGIBLE = State.INELIGIBLE.value, _("ineligible")
    DECLINED = State.DECLINED.value, _("refused")
    LAPSED = State.LAPSED.value, _("lapsed")
    OFFER_DECLINED = State.OFFER_DECLINED.value, _("offer declined")
    WITHDRAWN = State.WITHDRAWN.value, _("withdrawn")


class ApplicationStep(models.TextChoices):
    """The steps of the workflow, as the trail names them."""

    SUBMIT = Step.SUBMIT.value, _("application received")
    DISCARD_DRAFT = Step.DISCARD_DRAFT.value, _("draft given up")
    EXPIRE_DRAFT = Step.EXPIRE_DRAFT.value, _("draft expired")
    RESUME_DRAFT = Step.RESUME_DRAFT.value, _("draft taken up again")
    START_SCREENING = Step.START_SCREENING.value, _("screening started")
    MARK_SPAM = Step.MARK_SPAM.value, _("marked as spam")
    MARK_DUPLICATE = Step.MARK_DUPLICATE.value, _("marked as a duplicate")
    CONFIRM_INELIGIBLE = Step.CONFIRM_INELIGIBLE.value, _("found ineligible")
    SEND_TO_REVIEW = Step.SEND_TO_REVIEW.value, _("sent to review")
    PREPARE_FOR_COMMITTEE = Step.PREPARE_FOR_COMMITTEE.value, _("ready for the committee")
    RETURN_TO_REVIEW = Step.RETURN_TO_REVIEW.value, _("returned to review")
    REQUEST_INFORMATION = Step.REQUEST_INFORMATION.value, _("information requested")
    ANSWER_REQUEST = Step.ANSWER_REQUEST.value, _("request answered")
    CLOSE_REQUEST = Step.CLOSE_REQUEST.value, _("request closed")
    LAPSE_REQUEST = Step.LAPSE_REQUEST.value, _("request not answered")
    DECIDE = Step.DECIDE.value, _("decided")
    REVOKE_DECISION = Step.REVOKE_DECISION.value, _("decision taken back")
    PUBLISH_ADMISSION = Step.PUBLISH_ADMISSION.value, _("admission published")
    PUBLISH_WAITING = Step.PUBLISH_WAITING.value, _("put on the waiting list")
    PUBLISH_DEFERRAL = Step.PUBLISH_DEFERRAL.value, _("deferral published")
    PUBLISH_REFUSAL = Step.PUBLISH_REFUSAL.value, _("refusal published")
    RESUME = Step.RESUME.value, _("taken up again")
    OFFER = Step.OFFER.value, _("offer made")
    WITHDRAW_OFFER = Step.WITHDRAW_OFFER.value, _("offer taken back")
    ACCEPT_OFFER = Step.ACCEPT_OFFER.value, _("offer accepted")
    DECLINE_OFFER = Step.DECLINE_OFFER.value, _("offer declined")
    LAPSE_OFFER = Step.LAPSE_OFFER.value, _("offer lapsed")
    LAPSE_PLACE = Step.LAPSE_PLACE.value, _("place on the waiting list lapsed")
    START_ONBOARDING = Step.START_ONBOARDING.value, _("onboarding started")
    CANCEL_LEASE = Step.CANCEL_LEASE.value, _("lease cancelled")
    BECOME_TENANT = Step.BECOME_TENANT.value, _("keys handed over")
    WITHDRAW = Step.WITHDRAW.value, _("application withdrawn")
    REOPEN = Step.REOPEN.value, _("application reopened")


class Outcome(models.TextChoices):
    ADMIT = "admit", _("admit")
    ADMIT_WITH_CONDITIONS = "admit_with_conditions", _("admit with conditions")
    WAITLIST = "waitlist", _("waiting list")
    DEFER = "defer", _("defer")
    REFUSE = "refuse", _("refuse")


class ApplicantState(models.TextChoices):
    """How far a file is, for whoever sent it: what happens behind closed doors has no name."""

    DRAFT = "draft", _("Draft")
    RECEIVED = "received", _("Received")
    IN_REVIEW = "in_review", _("In review")
    INFO_REQUESTED = "info_requested", _("We need something from you")
    IN_PREPARATION = "in_preparation", _("Decision in preparation")
    ADMITTED = "admitted", _("Admitted")
    WAITING = "waiting", _("Waiting list")
    POSTPONED = "postponed", _("Decision postponed")
    OFFER = "offer", _("Offer")
    OFFER_ACCEPTED = "offer_accepted", _("Offer accepted")
    HOSTED = "hosted", _("Hosted")
    EXPIRED = "expired", _("Draft expired")
    NOT_RETAINED = "not_retained", _("Not retained")
    CLOSED = "closed", _("Closed without an answer")
    OFFER_DECLINED = "offer_declined", _("Offer declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


_FOR_APPLICANTS: Final = {
    State.DRAFT: ApplicantState.DRAFT,
    State.SUBMITTED: ApplicantState.RECEIVED,
    State.SCREENING: ApplicantState.IN_REVIEW,
    State.INFO_REQUESTED: ApplicantState.INFO_REQUESTED,
    State.REVIEW: ApplicantState.IN_REVIEW,
    State.COMMITTEE_READY: ApplicantState.IN_PREPARATION,
    State.DECIDED: ApplicantState.IN_PREPARATION,
    State.OFFERED: ApplicantState.OFFER,
    State.WAITLISTED: ApplicantState.WAITING,
    State.DEFERRED: ApplicantState.POSTPONED,
    State.ACCEPTED: ApplicantState.OFFER_ACCEPTED,
    State.ONBOARDING: ApplicantState.OFFER_ACCEPTED,
    State.TENANT: ApplicantState.HOSTED,
    State.EXPIRED: ApplicantState.EXPIRED,
    State.SPAM: ApplicantState.NOT_RETAINED,
    State.DUPLICATE: ApplicantState.NOT_RETAINED,
    State.INELIGIBLE: ApplicantState.NOT_RETAINED,
    State.DECLINED: ApplicantState.NOT_RETAINED,
    State.LAPSED: ApplicantState.CLOSED,
    State.OFFER_DECLINED: ApplicantState.OFFER_DECLINED,
    State.WITHDRAWN: ApplicantState.WITHDRAWN,
}
# A decision that the applicant knows, before the offer of a space is there.
_PUBLISHED: Final = {
    Outcome.ADMIT: ApplicantState.ADMITTED,
    Outcome.ADMIT_WITH_CONDITIONS: ApplicantState.ADMITTED,
    Outcome.WAITLIST: ApplicantState.WAITING,
}


def applicant_state(state: str, published_outcome: str | None = None) -> ApplicantState:
    """`published_outcome`: of the decision in force, once published."""
    if state == State.DECIDED and published_outcome:
        return _PUBLISHED.get(Outcome(published_outcome), ApplicantState.IN_PREPARATION)
    return _FOR_APPLICANTS[State(state)]


def applicant_label(state: str, published_outcome: str | None = None) -> str | Promise:
    """What the applicant reads."""
    return applicant_state(state, published_outcome).label
