"""Of all that could be done with a file, the one thing that comes next."""

from datetime import date

import pytest

from applications.next_act import Next, Standing, next_act
from applications.workflow import State


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing(State.SUBMITTED), Next.START_SCREENING),
        (Standing(State.SUBMITTED, receives_transfer=True), Next.ANSWER_TRANSFER),
        (Standing(State.SUBMITTED, asked_by_applicant=True), Next.REPLY),
        (Standing(State.WITHDRAWN, asked_by_applicant=True), Next.NOTHING),
        (Standing(State.SCREENING), Next.SEND_TO_REVIEW),
        (Standing(State.SCREENING, screening_left=2), Next.DO_TASKS),
        (Standing(State.SCREENING, found_ineligible=True), Next.CONFIRM_INELIGIBLE),
        (
            Standing(State.SCREENING, found_ineligible=True, found_by_viewer=True),
            Next.AWAIT_SECOND_PERSON,
        ),
        (Standing(State.INFO_REQUESTED), Next.AWAIT_APPLICANT),
        (Standing(State.REVIEW), Next.ASSIGN_REVIEWERS),
        (Standing(State.COMMITTEE_READY), Next.DECIDE),
        (Standing(State.COMMITTEE_READY, on_agenda=True), Next.SIT),
        (Standing(State.REVIEW, reviews_pending=1, reviews_done=1), Next.AWAIT_REVIEWS),
        (Standing(State.REVIEW, own_review_pending=True, reviews_pending=2), Next.GIVE_REVIEW),
        (Standing(State.REVIEW, reviews_done=2), Next.PREPARE_FOR_COMMITTEE),
        (Standing(State.DECIDED), Next.PUBLISH),
        (Standing(State.DECIDED, letter_unapproved=True), Next.APPROVE_LETTER),
        (Standing(State.DECIDED, published=True), Next.OFFER),
        (Standing(State.OFFERED), Next.AWAIT_APPLICANT),
        (Standing(State.WAITLISTED), Next.AWAIT_SPACE),
        (Standing(State.DEFERRED), Next.RESUME),
        (Standing(State.DEFERRED, resumes_on=date(2026, 6, 1)), Next.RESUME),
        (Standing(State.DEFERRED, resumes_on=date(2026, 6, 2)), Next.AWAIT_DAY),
        (Standing(State.ACCEPTED), Next.START_ONBOARDING),
        (Standing(State.ONBOARDING, onboarding_left=1), Next.DO_TASKS),
        (Standing(State.ONBOARDING), Next.AWAIT_KEYS),
        (Standing(State.TENANT), Next.NOTHING),
    ],
)
def test_one_thing_comes_next(standing: Standing, expected: Next) -> None:
    assert next_act(standing, today=date(2026, 6, 1)) == expected
