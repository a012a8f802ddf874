"""How a committee comes to an outcome: who votes on a file, are they enough, who wins. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

ABSTAIN: Final = "abstain"


@dataclass(frozen=True, slots=True)
class Seat:
    """A member, or a substitute, as they stand towards one file."""

    id: int
    substitute: bool
    present: bool
    conflicted: bool

    @property
    def free(self) -> bool:
        return self.present and not self.conflicted


def voters(seats: Iterable[Seat]) -> tuple[int, ...]:
    """Who votes on the file: present members without a conflict, and as many free substitutes,
    in the order of their ids, as there are members away or in conflict."""
    members: list[Seat] = []
    substitutes: list[Seat] = []
    for seat in sorted(seats, key=lambda seat: seat.id):
        (substitutes if seat.substitute else members).append(seat)
    voting = [seat.id for seat in members if seat.free]
    replacing = [seat.id for seat in substitutes if seat.free]
    return (*voting, *replacing[: len(members) - len(voting)])


@dataclass(frozen=True, slots=True)
class Result:
    """What the ballots say. `outcome`: None when they say nothing, or are tied without a chair's
    vote to break the tie."""

    outcome: str | None
    by_chair: bool
    counts: Mapping[str, int]
    """Votes for each ballot that somebody cast, abstentions too."""


def count(ballots: Mapping[int, str], *, chair: int | None) -> Result:
    """The outcome with the most votes; a tie goes to what the chair voted for.

    `ballots`: by seat. `chair`: the chair's seat, None when the chair does not vote.
    """
    counts = Counter(ballots.values())
    cast = {ballot: votes for ballot, votes in counts.items() if ballot != ABSTAIN}
    if not cast:
        return Result(None, False, dict(counts))
    most = max(cast.values())
    leading = {ballot for ballot, votes in cast.items() if votes == most}
    if len(leading) == 1:
        return Result(leading.pop(), False, dict(counts))
    chosen = ballots.get(chair) if chair is not None else None
    return Result(chosen if chosen in leading else None, chosen in leading, dict(counts))
