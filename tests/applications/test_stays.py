"""How long a file was in each state, and who was awaited."""

from datetime import timedelta

from django.utils import timezone

from applications.stays import Move, Stay, stays, waited
from applications.workflow import State


def test_time_in_each_state_stands_still_for_the_applicant() -> None:
    start = timezone.now()
    days = [timedelta(days=number) for number in range(12)]
    moves = [
        Move(start, State.SUBMITTED),
        Move(start + days[2], State.SCREENING),
        Move(start + days[3], State.INFO_REQUESTED),
        Move(start + days[7], State.SCREENING),
        Move(start + days[8], State.WITHDRAWN),
    ]
    found = stays(moves, start + days[11])
    assert found == [
        Stay(State.SUBMITTED, days[2]),
        Stay(State.SCREENING, days[2]),
        Stay(State.INFO_REQUESTED, days[4]),
        Stay(State.WITHDRAWN, days[0], now=True),
    ]
    assert waited(found) == (days[4], days[4])
    assert stays(moves[:2], start + days[11])[-1] == Stay(State.SCREENING, days[9], now=True)
