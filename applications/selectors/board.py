"""The board: a column for each state, with the files that are due first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Count, F
from django.db.models.expressions import RawSQL

from applications.labels import ApplicationState
from applications.models import Application
from applications.querysets import ApplicationQuerySet
from applications.selectors.standing import with_standing
from applications.workflow import ENDS, OPEN_STATES, State

SHOWN: Final = 25
"""Cards of a column, as many as a page of the list: it has the others."""
COUNTED: Final = 1_000
"""Files of a column that are counted, as on the lists."""
COLUMNS: Final = tuple(state for state in State if state in OPEN_STATES)
FOLDED: Final = (State.TENANT, *(state for state in State if state in ENDS - {State.EXPIRED}))
_DUE_FIRST: Final = (F("due_at").asc(nulls_last=True), "state_since", "id")
_CARD: Final = ("reference", "name", "site", "state", "state_since", "due_at")


@dataclass(frozen=True, slots=True)
class Column:
    state: State
    count: int
    """At most COUNTED."""
    capped: bool
    files: Sequence[Application]
    """With their standing (`selectors.standing`) and `site_code`; only what a card shows."""

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
    heads = _in_its_state(rows).order_by(*_DUE_FIRST).values("id")[:SHOWN]
    found = _of_each(states, *heads.query.sql_with_params())
    cards = Application.objects.filter(pk__in=[pk for _state, pk in found])
    shown = cards.only(*_CARD).annotate(site_code=F("site__code"))
    return with_standing(shown, user).order_by(*_DUE_FIRST)


def _counts(rows: ApplicationQuerySet) -> dict[str, int]:
    """How many files each state has, none counted further than needed; one query."""
    sql, params = _in_its_state(rows).values("id")[: COUNTED + 1].query.sql_with_params()
    # The SQL is Django's own; what users typed is in its parameters.
    counted = f"SELECT count(*) FROM ({sql}) AS found"  # noqa: S608
    return dict(_of_each((*COLUMNS, *FOLDED), counted, params))


def _in_its_state(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    """The rows in the state that `_of_each` has come to."""
    return rows.filter(state=RawSQL("board.state", ()))


def _of_each(states: Sequence[State], sql: str, params: Sequence[Any]) -> list[tuple[str, int]]:
    """What `sql` finds, state by state: Django writes it once, and PostgreSQL goes through it."""
    each = "SELECT board.state, found.* FROM unnest(%s::text[]) AS board(state), LATERAL"
    with connection.cursor() as cursor:
        cursor.execute(f"{each} ({sql}) AS found", [list(states), *params])
        found: list[tuple[str, int]] = cursor.fetchall()
        return found


def _counts_in_one_pass(rows: ApplicationQuerySet) -> dict[str, int]:
    """What words find is found once for all states; state by state, each file would be asked."""
    return dict(rows.values("state").annotate(n=Count("pk")).values_list("state", "n"))
