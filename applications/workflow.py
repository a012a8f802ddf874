"""The way of an application, as one table. Pure.

Who may take each step is named by a right (staff) or by the applicant; the system's steps are
taken by jobs. What a state is called, for staff and for the applicant, is in `labels.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    SUBMITTED = "submitted"
    OFFERED = "offered"
    ACCEPTED = "accepted"  # the draft lease exists
    TENANT = "tenant"  # that lease is signed
    DECLINED = "declined"  # by the hub
    OFFER_DECLINED = "offer_declined"  # by the applicant
    LAPSED = "lapsed"  # the offer ran out
    WITHDRAWN = "withdrawn"  # by the applicant


class Actor(StrEnum):
    STAFF = "staff"  # whoever may `decide` on applications at the site
    APPLICANT = "applicant"
    SYSTEM = "system"


class Step(StrEnum):
    OFFER = "offer"
    DECLINE = "decline"
    ACCEPT_OFFER = "accept_offer"
    DECLINE_OFFER = "decline_offer"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"
    CANCEL_LEASE = "cancel_lease"
    BECOME_TENANT = "become_tenant"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Transition:
    sources: frozenset[State]
    target: State
    actor: Actor
    needs_reason: bool = False


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


TRANSITIONS: Final[Mapping[Step, Transition]] = {
    Step.OFFER: Transition(
        # A lapsed offer can be made again.
        _from(State.SUBMITTED, State.LAPSED),
        State.OFFERED,
        Actor.STAFF,
    ),
    Step.DECLINE: Transition(
        _from(State.SUBMITTED, State.OFFERED), State.DECLINED, Actor.STAFF, needs_reason=True
    ),
    Step.ACCEPT_OFFER: Transition(_from(State.OFFERED), State.ACCEPTED, Actor.APPLICANT),
    Step.DECLINE_OFFER: Transition(_from(State.OFFERED), State.OFFER_DECLINED, Actor.APPLICANT),
    Step.LAPSE: Transition(_from(State.OFFERED), State.LAPSED, Actor.SYSTEM),
    Step.WITHDRAW: Transition(
        _from(State.SUBMITTED, State.OFFERED), State.WITHDRAWN, Actor.APPLICANT
    ),
    # The draft lease was cancelled: the applicant is where they were after declining.
    Step.CANCEL_LEASE: Transition(_from(State.ACCEPTED), State.OFFER_DECLINED, Actor.SYSTEM),
    Step.BECOME_TENANT: Transition(_from(State.ACCEPTED), State.TENANT, Actor.SYSTEM),
    Step.REOPEN: Transition(
        _from(State.DECLINED, State.OFFER_DECLINED, State.WITHDRAWN, State.LAPSED),
        State.SUBMITTED,
        Actor.STAFF,
        needs_reason=True,
    ),
}

OPEN_STATES: Final = frozenset({State.SUBMITTED, State.OFFERED, State.ACCEPTED})


def steps_from(state: State, actor: Actor) -> list[Step]:
    """What that actor can do next, in the table's order."""
    return [
        step
        for step, transition in TRANSITIONS.items()
        if state in transition.sources and transition.actor == actor
    ]
