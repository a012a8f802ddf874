"""The table itself: every state can be reached, every end can be left, everybody has a name."""

import pytest

from applications.labels import ApplicationState, ApplicationStep, applicant_label
from applications.workflow import ENDS, TRANSITIONS, Actor, State, Step, steps_from


def _reached_from(start: State) -> set[State]:
    """Every state that some order of steps leads to; a request leads back to where it was made."""
    reached, new = set(), {start}
    while new:
        reached |= new
        new = {
            row.target for row in TRANSITIONS.values() if row.target and row.sources & reached
        } - reached
    return reached


def test_every_step_has_its_row_and_every_state_is_reached() -> None:
    assert set(TRANSITIONS) == set(Step)
    assert _reached_from(State.DRAFT) == set(State)


def test_every_end_can_be_taken_back() -> None:
    assert {end for end in ENDS if State.TENANT not in _reached_from(end)} == set()
    left = frozenset().union(*(row.sources for row in TRANSITIONS.values()))
    assert set(State) - left == {State.TENANT}


def test_whoever_takes_an_end_back_says_why() -> None:
    resumed = {Step.RESUME_DRAFT, Step.OFFER}  # by the applicant; an offer that ran out
    assert {
        step for step, row in TRANSITIONS.items() if row.sources & ENDS and not row.needs_reason
    } == resumed


def test_the_applicant_can_leave_at_any_time_until_the_keys() -> None:
    stays = {
        state
        for state in State
        if not {Step.WITHDRAW, Step.DISCARD_DRAFT} & set(steps_from(state, Actor.APPLICANT))
    }
    assert stays == {*ENDS, State.TENANT}


def test_staff_and_applicants_have_a_word_for_everything() -> None:
    assert set(ApplicationState.values) == set(State)
    assert set(ApplicationStep.values) == set(Step)
    assert all(applicant_label(state) for state in State)


@pytest.mark.parametrize(
    ("state", "published", "label"),
    [
        (State.SUBMITTED, None, "Received"),
        (State.REVIEW, None, "In review"),
        (State.INFO_REQUESTED, None, "We need something from you"),
        (State.COMMITTEE_READY, None, "Decision in preparation"),
        (State.DECIDED, None, "Decision in preparation"),
        (State.DECIDED, "admit", "Admitted"),
        (State.DECIDED, "waitlist", "Waiting list"),
        (State.SPAM, None, "Not retained"),
    ],
)
def test_the_applicant_reads(state: State, published: str | None, label: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        assert str(applicant_label(state, published)) == label
