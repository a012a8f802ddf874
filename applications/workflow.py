"""The way of an application, as one table. Pure.

A row says who may take a step, from where to where, what must be true first (`guard`) and what
follows (`effects`). Services take the steps by `services.steps.take_step`, which checks the row;
`services.guards` and `services.effects` know what each word means. What a state is called, for
staff and for the applicant, is in `labels.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from accounts.rights import Action


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    SCREENING = "screening"
    INFO_REQUESTED = "info_requested"  # the applicant is awaited; the request knows where it was
    REVIEW = "review"
    COMMITTEE_READY = "committee_ready"
    DECIDED = "decided"  # hidden from the applicant until published
    OFFERED = "offered"
    WAITLISTED = "waitlisted"
    DEFERRED = "deferred"
    ACCEPTED = "accepted"  # the draft lease exists
    ONBOARDING = "onboarding"
    TENANT = "tenant"  # has the keys
    # The ends.
    EXPIRED = "expired"  # a draft nobody went on with
    SPAM = "spam"
    DUPLICATE = "duplicate"
    INELIGIBLE = "ineligible"
    DECLINED = "declined"  # by the hub
    LAPSED = "lapsed"  # a request, an offer or a waiting-list place ran out
    OFFER_DECLINED = "offer_declined"  # by the applicant
    WITHDRAWN = "withdrawn"  # by the applicant


class Step(StrEnum):
    SUBMIT = "submit"
    DISCARD_DRAFT = "discard_draft"
    EXPIRE_DRAFT = "expire_draft"
    RESUME_DRAFT = "resume_draft"
    START_SCREENING = "start_screening"
    MARK_SPAM = "mark_spam"
    MARK_DUPLICATE = "mark_duplicate"
    CONFIRM_INELIGIBLE = "confirm_ineligible"
    SEND_TO_REVIEW = "send_to_review"
    PREPARE_FOR_COMMITTEE = "prepare_for_committee"
    RETURN_TO_REVIEW = "return_to_review"
    REQUEST_INFORMATION = "request_information"
    ANSWER_REQUEST = "answer_request"
    CLOSE_REQUEST = "close_request"
    LAPSE_REQUEST = "lapse_request"
    DECIDE = "decide"
    REVOKE_DECISION = "revoke_decision"
    PUBLISH_ADMISSION = "publish_admission"
    PUBLISH_WAITING = "publish_waiting"
    PUBLISH_DEFERRAL = "publish_deferral"
    PUBLISH_REFUSAL = "publish_refusal"
    RESUME = "resume"
    OFFER = "offer"
    WITHDRAW_OFFER = "withdraw_offer"
    ACCEPT_OFFER = "accept_offer"
    DECLINE_OFFER = "decline_offer"
    LAPSE_OFFER = "lapse_offer"
    LAPSE_PLACE = "lapse_place"
    START_ONBOARDING = "start_onboarding"
    CANCEL_LEASE = "cancel_lease"
    BECOME_TENANT = "become_tenant"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


class Actor(StrEnum):
    STAFF = "staff"  # whoever has the row's right at the file's site
    APPLICANT = "applicant"  # or staff, on the applicant's own word
    SYSTEM = "system"  # a job, or the consequence of an act elsewhere


class Guard(StrEnum):
    """What must be true of the file."""

    ADMITTED = "admitted"  # the decision in force admits
    OFFERABLE = "offerable"  # admitted, or with a published place on the waiting list
    SECOND_PERSON = "second_person"  # somebody else found it ineligible


class Effect(StrEnum):
    """What follows at once, in the same transaction."""

    FREE_HOLD = "free_hold"  # the standing offer is closed and its space is free
    CANCEL_LEASE = "cancel_lease"  # the draft lease goes; a signed one forbids the step
    SUPERSEDE_DECISION = "supersede_decision"
    CLOSE_REQUEST = "close_request"  # what was asked of the applicant is no longer awaited
    COPY_SCREENING = "copy_screening"  # the site's screening checklist
    COPY_ONBOARDING = "copy_onboarding"  # what is to do until the keys
    CLOSE_TRANSFER = "close_transfer"  # a move to another site is called off
    DROP_FINDING = "drop_finding"  # nobody has agreed that it is ineligible, and nobody will
    DROP_LETTER = "drop_letter"  # the letter that was written will not leave
    ENTER_LIST = "enter_list"  # the last place of the site's waiting list
    LEAVE_LIST = "leave_list"  # the place is given up, and the ranks close up


@dataclass(frozen=True, slots=True)
class Transition:
    sources: frozenset[State]
    target: State | None
    """None: back to where the information request was made."""
    actor: Actor
    right: Action = Action.SCREEN
    """What staff need, for their own steps and when they act on an applicant's word."""
    needs_reason: bool = False
    guard: Guard | None = None
    effects: tuple[Effect, ...] = ()
    shared: bool = False
    """Of an applicant's step: a co-applicant may take it too. What binds the company (the offer,
    withdrawing, what is declared on sending) is for the one person who answers for it."""
    by_partner: bool = False
    """Of an applicant's step: so may the partner's portal that began the file, on their word."""


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


_STUDIED: Final = _from(State.SUBMITTED, State.SCREENING, State.REVIEW, State.COMMITTEE_READY)
_FAREWELL: Final = (Effect.FREE_HOLD, Effect.CLOSE_REQUEST, Effect.CLOSE_TRANSFER)

TRANSITIONS: Final[Mapping[Step, Transition]] = {
    # --- The draft ---------------------------------------------------------------------------
    Step.SUBMIT: Transition(_from(State.DRAFT), State.SUBMITTED, Actor.APPLICANT, by_partner=True),
    Step.DISCARD_DRAFT: Transition(
        _from(State.DRAFT), State.EXPIRED, Actor.APPLICANT, by_partner=True
    ),
    Step.EXPIRE_DRAFT: Transition(_from(State.DRAFT), State.EXPIRED, Actor.SYSTEM),
    Step.RESUME_DRAFT: Transition(_from(State.EXPIRED), State.DRAFT, Actor.APPLICANT),
    # --- Screening ---------------------------------------------------------------------------
    Step.START_SCREENING: Transition(
        _from(State.SUBMITTED), State.SCREENING, Actor.STAFF, effects=(Effect.COPY_SCREENING,)
    ),
    Step.MARK_SPAM: Transition(
        _from(State.SUBMITTED, State.SCREENING),
        State.SPAM,
        Actor.STAFF,
        effects=(*_FAREWELL, Effect.DROP_FINDING, Effect.DROP_LETTER),
    ),
    Step.MARK_DUPLICATE: Transition(
        _from(State.SUBMITTED, State.SCREENING, State.REVIEW),
        State.DUPLICATE,
        Actor.STAFF,
        effects=(*_FAREWELL, Effect.DROP_FINDING, Effect.DROP_LETTER),
    ),
    Step.CONFIRM_INELIGIBLE: Transition(
        _from(State.SCREENING),
        State.INELIGIBLE,
        Actor.STAFF,
        guard=Guard.SECOND_PERSON,
        effects=_FAREWELL,
    ),
    Step.SEND_TO_REVIEW: Transition(
        _from(State.SCREENING),
        State.REVIEW,
        Actor.STAFF,
        effects=(Effect.DROP_FINDING, Effect.DROP_LETTER),
    ),
    Step.PREPARE_FOR_COMMITTEE: Transition(
        _from(State.SCREENING, State.REVIEW),
        State.COMMITTEE_READY,
        Actor.STAFF,
        effects=(Effect.DROP_FINDING, Effect.DROP_LETTER),
    ),
    Step.RETURN_TO_REVIEW: Transition(
        _from(State.COMMITTEE_READY), State.REVIEW, Actor.STAFF, needs_reason=True
    ),
    # --- What is missing ---------------------------------------------------------------------
    Step.REQUEST_INFORMATION: Transition(_STUDIED, State.INFO_REQUESTED, Actor.STAFF),
    Step.ANSWER_REQUEST: Transition(
        _from(State.INFO_REQUESTED), None, Actor.APPLICANT, shared=True, by_partner=True
    ),
    Step.CLOSE_REQUEST: Transition(
        _from(State.INFO_REQUESTED),
        None,
        Actor.STAFF,
        needs_reason=True,
        effects=(Effect.CLOSE_REQUEST,),
    ),
    Step.LAPSE_REQUEST: Transition(
        _from(State.INFO_REQUESTED),
        State.LAPSED,
        Actor.SYSTEM,
        effects=(*_FAREWELL, Effect.DROP_FINDING, Effect.DROP_LETTER),
    ),
    # --- The decision, apart from the state and hidden until it is published --------------------
    Step.DECIDE: Transition(
        _from(State.COMMITTEE_READY), State.DECIDED, Actor.STAFF, Action.DECIDE
    ),
    Step.REVOKE_DECISION: Transition(
        _from(State.DECIDED, State.WAITLISTED, State.DEFERRED),
        State.COMMITTEE_READY,
        Actor.STAFF,
        Action.DECIDE,
        needs_reason=True,
        effects=(Effect.SUPERSEDE_DECISION, Effect.DROP_LETTER, Effect.LEAVE_LIST),
    ),
    # The offer of a space follows.
    Step.PUBLISH_ADMISSION: Transition(
        _from(State.DECIDED), State.DECIDED, Actor.STAFF, Action.DECIDE, guard=Guard.ADMITTED
    ),
    Step.PUBLISH_WAITING: Transition(
        _from(State.DECIDED),
        State.WAITLISTED,
        Actor.STAFF,
        Action.DECIDE,
        effects=(Effect.ENTER_LIST,),
    ),
    Step.PUBLISH_DEFERRAL: Transition(
        _from(State.DECIDED), State.DEFERRED, Actor.STAFF, Action.DECIDE
    ),
    Step.PUBLISH_REFUSAL: Transition(
        _from(State.DECIDED),
        State.DECLINED,
        Actor.STAFF,
        Action.DECIDE,
        effects=(Effect.CLOSE_TRANSFER,),
    ),
    Step.RESUME: Transition(
        _from(State.DEFERRED),
        State.COMMITTEE_READY,
        Actor.STAFF,
        effects=(Effect.SUPERSEDE_DECISION,),
    ),
    # --- The offer ---------------------------------------------------------------------------
    Step.OFFER: Transition(
        # From the waiting list when a space frees up; an offer that ran out can be made again.
        _from(State.DECIDED, State.WAITLISTED, State.LAPSED),
        State.OFFERED,
        Actor.STAFF,
        Action.DECIDE,
        guard=Guard.OFFERABLE,
        effects=(Effect.CLOSE_TRANSFER, Effect.LEAVE_LIST),
    ),
    Step.WITHDRAW_OFFER: Transition(
        _from(State.OFFERED),
        State.DECIDED,
        Actor.STAFF,
        Action.DECIDE,
        needs_reason=True,
        effects=(Effect.FREE_HOLD,),
    ),
    Step.ACCEPT_OFFER: Transition(
        _from(State.OFFERED),
        State.ACCEPTED,
        Actor.APPLICANT,
        Action.DECIDE,
        effects=(Effect.COPY_ONBOARDING,),
    ),
    Step.DECLINE_OFFER: Transition(
        _from(State.OFFERED),
        State.OFFER_DECLINED,
        Actor.APPLICANT,
        Action.DECIDE,
        effects=(Effect.FREE_HOLD,),
    ),
    Step.LAPSE_OFFER: Transition(
        _from(State.OFFERED), State.LAPSED, Actor.SYSTEM, effects=(Effect.FREE_HOLD,)
    ),
    Step.LAPSE_PLACE: Transition(
        _from(State.WAITLISTED),
        State.LAPSED,
        Actor.SYSTEM,
        effects=(*_FAREWELL, Effect.LEAVE_LIST),
    ),
    # --- Until the keys ------------------------------------------------------------------------
    Step.START_ONBOARDING: Transition(_from(State.ACCEPTED), State.ONBOARDING, Actor.STAFF),
    # Still admitted: another offer can be made.
    Step.CANCEL_LEASE: Transition(
        _from(State.ACCEPTED, State.ONBOARDING),
        State.DECIDED,
        Actor.SYSTEM,
        effects=(Effect.FREE_HOLD,),
    ),
    Step.BECOME_TENANT: Transition(
        _from(State.ACCEPTED, State.ONBOARDING), State.TENANT, Actor.SYSTEM
    ),
    # --- Leaving, and coming back ----------------------------------------------------------------
    Step.WITHDRAW: Transition(
        _STUDIED
        | _from(
            State.INFO_REQUESTED,
            State.DECIDED,
            State.OFFERED,
            State.WAITLISTED,
            State.DEFERRED,
            State.ACCEPTED,
            State.ONBOARDING,
        ),
        State.WITHDRAWN,
        Actor.APPLICANT,
        needs_reason=True,
        effects=(
            Effect.CANCEL_LEASE,
            *_FAREWELL,
            Effect.DROP_FINDING,
            Effect.DROP_LETTER,
            Effect.LEAVE_LIST,
        ),
    ),
    Step.REOPEN: Transition(
        _from(
            State.SPAM,
            State.DUPLICATE,
            State.INELIGIBLE,
            State.DECLINED,
            State.LAPSED,
            State.OFFER_DECLINED,
            State.WITHDRAWN,
        ),
        State.SCREENING,
        Actor.STAFF,
        needs_reason=True,
        effects=(Effect.SUPERSEDE_DECISION, Effect.COPY_SCREENING),
    ),
}

ENDS: Final = frozenset(
    {
        State.EXPIRED,
        State.SPAM,
        State.DUPLICATE,
        State.INELIGIBLE,
        State.DECLINED,
        State.LAPSED,
        State.OFFER_DECLINED,
        State.WITHDRAWN,
    }
)
NEVER_SENT: Final = frozenset({State.DRAFT, State.EXPIRED})
"""What staff do not see: nobody has sent it to them."""
OPEN_STATES: Final = frozenset(State) - ENDS - {State.DRAFT, State.TENANT}
REVIEWED_IN: Final = frozenset(
    {State.SCREENING, State.INFO_REQUESTED, State.REVIEW, State.COMMITTEE_READY}
)
"""Where opinions are asked for and given: nothing is decided yet."""
TRANSFERABLE: Final = _STUDIED | {
    State.INFO_REQUESTED,
    State.DECIDED,
    State.DEFERRED,
    State.WAITLISTED,
}
"""Where a file can go to another site: it holds no space at the one it is at."""
HAS_TARGET: Final = (
    State.SUBMITTED,
    State.SCREENING,
    State.REVIEW,
    State.COMMITTEE_READY,
    State.DECIDED,
    State.ACCEPTED,
    State.ONBOARDING,
)
"""The stages in which the file waits for staff: what a target time is set for."""


def steps_from(state: State, actor: Actor) -> list[Step]:
    """What that actor can do next, in the table's order."""
    return [
        step
        for step, transition in TRANSITIONS.items()
        if state in transition.sources and transition.actor == actor
    ]
