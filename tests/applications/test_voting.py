"""Who votes, whether they are enough, and who wins."""

from hypothesis import given
from hypothesis import strategies as st

from applications.voting import ABSTAIN, Result, Seat, count, voters

SEATS = st.lists(
    st.builds(
        Seat,
        id=st.integers(1, 30),
        substitute=st.booleans(),
        present=st.booleans(),
        conflicted=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda seat: seat.id,
)
BALLOTS = st.dictionaries(
    st.integers(1, 9), st.sampled_from(["admit", "refuse", "defer", ABSTAIN]), max_size=9
)


def test_a_substitute_takes_the_place_of_a_member_in_conflict() -> None:
    seats = [
        Seat(1, False, True, False),
        Seat(2, False, True, True),
        Seat(3, False, True, False),
        Seat(4, True, True, False),
        Seat(5, True, True, False),
    ]
    assert voters(seats) == (1, 3, 4)


@given(SEATS)
def test_nobody_in_conflict_or_away_votes_and_no_seat_is_added(seats: list[Seat]) -> None:
    voting = voters(seats)
    by_id = {seat.id: seat for seat in seats}
    assert all(by_id[seat].free for seat in voting)
    assert len(voting) == len(set(voting)) <= sum(not seat.substitute for seat in seats)
    # Free members always vote; free substitutes wait only while no seat is empty.
    assert {seat.id for seat in seats if seat.free and not seat.substitute} <= set(voting)
    waiting = {seat.id for seat in seats if seat.free} - set(voting)
    if waiting:
        assert len(voting) == sum(not seat.substitute for seat in seats)


@given(SEATS, st.integers(1, 8))
def test_conflicts_cannot_sink_the_quorum_while_substitutes_are_there(
    seats: list[Seat], quorum: int
) -> None:
    members = [seat for seat in seats if not seat.substitute]
    conflicted = [seat for seat in members if seat.present and seat.conflicted]
    reserve = [seat for seat in seats if seat.substitute and seat.free]
    present = [seat for seat in members if seat.present]
    if len(present) >= quorum and len(reserve) >= len(conflicted):
        assert len(voters(seats)) >= quorum


def test_a_tie_goes_to_the_chair() -> None:
    ballots = {1: "admit", 2: "refuse", 3: ABSTAIN}
    counts = {"admit": 1, "refuse": 1, ABSTAIN: 1}
    assert count(ballots, chair=2) == Result("refuse", True, counts)
    assert count(ballots, chair=3) == Result(None, False, counts)
    assert count(ballots, chair=None) == Result(None, False, counts)
    assert count({1: ABSTAIN}, chair=1) == Result(None, False, {ABSTAIN: 1})


@given(BALLOTS, st.none() | st.integers(1, 9))
def test_the_winner_has_the_most_votes(ballots: dict[int, str], chair: int | None) -> None:
    result = count(ballots, chair=chair)
    assert sum(result.counts.values()) == len(ballots)
    if result.outcome is not None:
        assert result.outcome != ABSTAIN
        best = max(votes for ballot, votes in result.counts.items() if ballot != ABSTAIN)
        assert result.counts[result.outcome] == best
    if result.by_chair:
        assert chair is not None
        assert ballots[chair] == result.outcome
