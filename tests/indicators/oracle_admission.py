"""Admission once more, slowly: each file by itself, written apart from the engine."""

from fractions import Fraction
from statistics import median

from applications.workflow import State
from indicators.tables import FILE_STATES, OPEN
from tests.indicators.books import Book

UNDECIDED = {"submitted", "screening", "info_requested", "review", "committee_ready", "decided"}
RANK = {
    State.SUBMITTED: 0,
    State.SCREENING: 1,
    State.INELIGIBLE: 1,
    State.REVIEW: 2,
    State.COMMITTEE_READY: 3,
    State.DECIDED: 4,
    State.WAITLISTED: 4,
    State.DEFERRED: 4,
    State.DECLINED: 4,
    State.OFFERED: 5,
    State.ACCEPTED: 6,
    State.ONBOARDING: 6,
    State.TENANT: 7,
}
NAMES = (
    "time_to_decision",
    "time_to_decision_gross",
    "decided_within_target",
    "open_applications",
    "waiting_list",
    "time_on_waiting_list",
)


def told_on(book: Book, file: int) -> int:
    return min((on for at, on, _, outcome in book.trail if at == file and outcome), default=OPEN)


def awaited(book: Book, file: int, first: int, until: int) -> int:
    """Day by day: on how many the applicant was awaited."""
    return sum(
        any(at == file and start <= day < end for at, start, end in book.awaited)
        for day in range(first, until)
    )


def decided(book: Book, site: int | None, low: int, high: int) -> list[tuple[int, int, int]]:
    """(gross days, net days, target) of the files whose first outcome was told in the window."""
    found = []
    for file, at, received, target in book.files:
        told = told_on(book, file)
        if site in (None, at) and low <= told < high:
            net = told - received - awaited(book, file, received, told)
            found.append((told - received, net, target))
    return found


def open_on(book: Book, site: int | None, day: int) -> list[int]:
    """The ages of what waits for an outcome at the end of the day."""
    found = []
    for file, at, received, _target in book.files:
        states = [FILE_STATES[state] for of, on, state, _ in book.trail if of == file and on <= day]
        waits = bool(states) and states[-1].value in UNDECIDED
        if site in (None, at) and received <= day < told_on(book, file) and waits:
            found.append(day - received)
    return found


def value(book: Book, name: str, site: int | None, low: int, high: int) -> Fraction | None:
    """The figure of the window, or of its first day; None where there is none."""
    day = low
    places = [row for row in book.places if site in (None, row[1])]
    if name == "open_applications":
        return Fraction(len(open_on(book, site, day)))
    if name == "waiting_list":
        return Fraction(sum(entered <= day < left for _, _, entered, left in places))
    if name == "time_on_waiting_list":
        return _median([left - entered for _, _, entered, left in places if low <= left < high])
    told = decided(book, site, low, high)
    if name == "decided_within_target":
        aimed = [(net, target) for _, net, target in told if target >= 0]
        return Fraction(sum(net <= target for net, target in aimed), len(aimed)) if aimed else None
    return _median([gross if name.endswith("gross") else net for gross, net, _ in told])


def funnel(book: Book, site: int | None, low: int, high: int) -> list[int]:
    """How many of the files received in the window had come how far by its end."""
    counts = [0] * 8
    for file, at, received, _ in book.files:
        if site in (None, at) and low <= received < high:
            states = [FILE_STATES[one] for of, on, one, _ in book.trail if of == file and on < high]
            furthest = max((RANK.get(state, 0) for state in states), default=0)
            for rank in range(furthest + 1):
                counts[rank] += 1
    return counts


def _median(days: list[int]) -> Fraction | None:
    return Fraction(median(days)) if days else None
