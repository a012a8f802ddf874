"""The one thing to do next on a file, or whom it waits for. Pure.

A rule of thumb for whoever opens the file, not a law: every other act that the workflow allows
stays in the menu beside it. Words are in `labels.next_acts`.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from applications.workflow import State


class Next(StrEnum):
    """An act of the file's page (its name there), a part of the page, or somebody awaited."""

    # Acts: the values are the names of the pages' methods.
    START_SCREENING = "start_screening"
    CONFIRM_INELIGIBLE = "confirm_ineligible"
    SEND_TO_REVIEW = "send_to_review"
    ASSIGN_REVIEWERS = "reviewers"
    PREPARE_FOR_COMMITTEE = "prepare_for_committee"
    DECIDE = "decide"
    PUBLISH = "publish"
    OFFER = "offer"
    START_ONBOARDING = "start_onboarding"
    RESUME = "resume"
    # Parts of the page, and beside it.
    SIT = "sit"
    ANSWER_TRANSFER = "answer_transfer"
    DO_TASKS = "do_tasks"
    REPLY = "reply"
    GIVE_REVIEW = "give_review"  # a page of the viewer's own
    APPROVE_LETTER = "approve_letter"  # the letter's page
    # Awaited.
    AWAIT_SECOND_PERSON = "await_second_person"
    AWAIT_APPLICANT = "await_applicant"
    AWAIT_REVIEWS = "await_reviews"
    AWAIT_SPACE = "await_space"
    AWAIT_DAY = "await_day"
    AWAIT_KEYS = "await_keys"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rule asks of a file, and of who looks at it."""

    state: State
    receives_transfer: bool = False  # the viewer's site is asked to take it
    asked_by_applicant: bool = False  # the applicant had the last word
    found_ineligible: bool = False  # a finding waits for a second person
    found_by_viewer: bool = False
    screening_left: int = 0  # open lines of the checklist
    onboarding_left: int = 0
    own_review_pending: bool = False  # the viewer is one of the reviewers
    reviews_pending: int = 0
    reviews_done: int = 0
    on_agenda: bool = False  # of a session that the viewer may open, planned or sitting
    letter_unapproved: bool = False  # what would leave on publishing waits for a second person
    published: bool = False
    resumes_on: dt.date | None = None  # a deferred file


def next_act(standing: Standing, *, today: dt.date) -> Next:
    """What comes first: an answer that another site or the applicant waits for, then the stage."""
    if standing.receives_transfer:
        return Next.ANSWER_TRANSFER
    stage = _of_stage(standing, today)
    if standing.asked_by_applicant and stage != Next.NOTHING:
        return Next.REPLY
    return stage


def _of_stage(standing: Standing, today: dt.date) -> Next:
    match standing.state:
        case State.SCREENING:
            return _screening(standing)
        case State.REVIEW:
            return _review(standing)
        case State.COMMITTEE_READY | State.DECIDED:
            return _outcome(standing)
        case State.DEFERRED:
            day = standing.resumes_on
            return Next.AWAIT_DAY if day is not None and day > today else Next.RESUME
        case State.ONBOARDING:
            return Next.DO_TASKS if standing.onboarding_left else Next.AWAIT_KEYS
        case _:
            return _ALWAYS.get(standing.state, Next.NOTHING)


_ALWAYS = {
    State.SUBMITTED: Next.START_SCREENING,
    State.INFO_REQUESTED: Next.AWAIT_APPLICANT,
    State.OFFERED: Next.AWAIT_APPLICANT,
    State.WAITLISTED: Next.AWAIT_SPACE,
    State.ACCEPTED: Next.START_ONBOARDING,
}


def _screening(standing: Standing) -> Next:
    if standing.found_ineligible:
        viewer = standing.found_by_viewer
        return Next.AWAIT_SECOND_PERSON if viewer else Next.CONFIRM_INELIGIBLE
    return Next.DO_TASKS if standing.screening_left else Next.SEND_TO_REVIEW


def _review(standing: Standing) -> Next:
    if standing.own_review_pending:
        return Next.GIVE_REVIEW
    if standing.reviews_pending:
        return Next.AWAIT_REVIEWS
    return Next.PREPARE_FOR_COMMITTEE if standing.reviews_done else Next.ASSIGN_REVIEWERS


def _outcome(standing: Standing) -> Next:
    if standing.state == State.COMMITTEE_READY:
        return Next.SIT if standing.on_agenda else Next.DECIDE
    if not standing.published:
        return Next.APPROVE_LETTER if standing.letter_unapproved else Next.PUBLISH
    # Published and still here: admitted, or offered a space from the waiting list in vain.
    return Next.OFFER
