"""The board: a column for each state, with the files that are due first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Count, F, Value

from applications.labels import ApplicationState
from applications.models import Application
from applications.querysets import ApplicationQuerySet
from applications.selectors.standing import LONG, with_standing
from applications.workflow import ENDS, OPEN_STATES, State

SHOWN: Final = 30
"""Cards of a column; the list has the others."""
COUNTED: Final = 1_000
"""Files of a column that are counted, as on the lists."""
COLUMNS: Final = tuple(state for state in State if state in OPEN_STATES)
FOLDED: Final = (State.TENANT, *(state for state in State if state in ENDS - {State.EXPIRED}))
_DUE_FIRST: Final = (F("due_at").asc(nulls_last=True), "state_since", "id")


@dataclass(frozen=True, slots=True)
class Column:
    state: State
    count: int
    """At most COUNTED."""
    capped: bool
    files: Sequence[Application]
    """With their standing (`selectors.standing`)."""

    @property
    def title(self) -> str:
        return str(ApplicationState(self.state).label)


def columns(
    rows: ApplicationQuerySet, user: Any, *, searched: bool = False
) -> tuple[list[Column], list[Column]]:
    """The open states with their first cards, and those that are over with their counts.

    `searched`: the rows were found by words. Four queries, whatever the number of files.
    """
    bare = rows.select_related(None).prefetch_related(None).order_by()
    counts = _counts_in_one_pass(bare) if searched else _counts(bare)
    files: dict[str, list[Application]] = {state: [] for state in COLUMNS}
    for file in _first_of_each(bare, [state for state in COLUMNS if counts.get(state)], user):
        files[file.state].append(file)
    return (
        [_column(state, counts, files[state]) for state in COLUMNS],
        [_column(state, counts, ()) for state in FOLDED if counts.get(state)],
    )


def _column(state: State, counts: dict[str, int], files: Sequence[Application]) -> Column:
    count = counts.get(state, 0)
    return Column(state, min(count, COUNTED), count > COUNTED, files)


def _first_of_each(rows: ApplicationQuerySet, states: Sequence[State], user: Any) -> Any:
    if not states:
        return ()
    heads = [
        rows.filter(state=state).order_by(*_DUE_FIRST).values("pk")[:SHOWN] for state in states
    ]
    found = heads[0].union(*heads[1:], all=True) if len(heads) > 1 else heads[0]
    cards = Application.objects.filter(pk__in=[row["pk"] for row in found])
    return with_standing(cards, user).select_related("site").defer(*LONG).order_by(*_DUE_FIRST)


def _counts(rows: ApplicationQuerySet) -> dict[str, int]:
    """How many files each state has, none counted further than needed; one query."""
    states = (*COLUMNS, *FOLDED)
    parts = [
        rows.filter(state=state).annotate(nr=Value(nr)).values("nr")[: COUNTED + 1]
        for nr, state in enumerate(states)
    ]
    sql, params = parts[0].union(*parts[1:], all=True).query.sql_with_params()
    with connection.cursor() as cursor:
        # The SQL is Django's own; what users typed is in its parameters.
        cursor.execute(f"SELECT nr, count(*) FROM ({sql}) AS found GROUP BY nr", params)  # noqa: S608
        return {states[nr]: count for nr, count in cursor.fetchall()}


def _counts_in_one_pass(rows: ApplicationQuerySet) -> dict[str, int]:
    """What words find is found once for all states; state by state, each file would be asked."""
    return dict(rows.values("state").annotate(n=Count("pk")).values_list("state", "n"))
