"""The plain tables the indicators are computed from: columns of whole numbers, pure.

Days are proleptic ordinals (`date.toordinal()`), periods half-open [start, end), an open end is
`OPEN`. Areas are hundredths of a square metre, so that no figure ever passes through a float.
Any integer column is accepted and kept as read-only int64.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from applications.workflow import State
from sites.choices import SpaceKind, TenantKind

OPEN: Final = dt.date.max.toordinal()
NOWHERE: Final = -1  # the space of a letting that has none (domiciliation, coworking)
COMMON: Final = 0
OFFICE: Final = 1
DESK: Final = 2
UNKNOWN: Final = 0
TRADING: Final = 1
MERGED: Final = 2
ACQUIRED: Final = 3
CLOSED: Final = 4
NEVER: Final = 0  # the day of a declaration that was not made

# A sort key packs site (10 bits), company or space (31 bits) and day (22 bits) into an int64.
DAY_BITS: Final = 22
ID_BITS: Final = 31
MOST_SITES: Final = 1 << 10

TENANT_KINDS: Final = tuple(TenantKind)
SPACE_KINDS: Final = tuple(SpaceKind)
FILE_STATES: Final = tuple(State)
"""A kind's number in the tables, or a state's, is its place here."""
STARTUP: Final = TENANT_KINDS.index(TenantKind.STARTUP)

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of one length, shape (rows,). Raises TypeError for a column of anything but whole
    numbers, ValueError for unequal lengths or an empty period."""

    def __post_init__(self) -> None:
        length: int | None = None
        for field in fields(self):
            given = np.asarray(getattr(self, field.name))
            if given.ndim != 1 or (given.dtype.kind not in "iub" and given.size):
                raise TypeError(f"{type(self).__name__}.{field.name}: whole numbers in one row")
            if length is not None and given.size != length:
                raise ValueError(f"{type(self).__name__}.{field.name}: {given.size}, not {length}")
            length = given.size
            column = given.astype(np.int64, copy=False).view()
            column.setflags(write=False)
            object.__setattr__(self, field.name, column)
        names = {field.name for field in fields(self)}
        if {"start", "end"} <= names:
            self._check_periods(getattr(self, "start"), getattr(self, "end"))  # noqa: B009

    def _check_periods(self, start: Ints, end: Ints) -> None:
        if np.any(start >= end) or np.any(start < 1) or np.any(end > OPEN):
            raise ValueError(f"{type(self).__name__}: a period is empty or outside the calendar")

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def only(self, chosen: Bools) -> Self:
        """The rows flagged."""
        return type(self)(*(getattr(self, field.name)[chosen] for field in fields(self)))

    @classmethod
    def of(cls, rows: Iterable[Sequence[int]]) -> Self:
        """The table from its rows, each in the order of the fields."""
        taken = list(rows)
        width = len(fields(cls))
        if any(len(row) != width for row in taken):
            raise ValueError(f"{cls.__name__}: {width} values a row")
        return cls(*(np.array([row[i] for row in taken], dtype=np.int64) for i in range(width)))


@dataclass(frozen=True, eq=False)
class Stays(Table):
    """Counting lettings, each with the end it really has: a tenant holding over has OPEN or the
    day it handed the keys back. Stays of one space never overlap (the bookings forbid it).
    `hosted` is 1 where the kind of tenant counts as hosted, `kind` the place of that kind in
    `TENANT_KINDS`."""

    letting: Ints
    company: Ints
    site: Ints
    space: Ints
    start: Ints
    end: Ints
    hosted: Ints
    kind: Ints


@dataclass(frozen=True, eq=False)
class Measures(Table):
    """The area of a space while it is in force, in hundredths of a m². No overlap per space."""

    space: Ints
    start: Ints
    end: Ints
    centi_m2: Ints


@dataclass(frozen=True, eq=False)
class SpacePeriods(Table):
    """Periods of spaces (lettable, or out of service). No overlap per space."""

    space: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True, eq=False)
class Spaces(Table):
    """The leaves, each at its site; `unit_group` is COMMON, OFFICE or DESK, `building` an id and
    `kind` the place of the kind in `SPACE_KINDS`."""

    id: Ints
    site: Ints
    unit_group: Ints
    building: Ints
    kind: Ints


@dataclass(frozen=True, eq=False)
class Walls(Table):
    """What walls parted or joined: the space that ended, one that goes on from it, since when."""

    old: Ints
    new: Ints
    since: Ints


@dataclass(frozen=True, eq=False)
class Capacities(Table):
    """How many companies a site has room for, dated. No overlap per site."""

    site: Ints
    start: Ints
    end: Ints
    companies: Ints


@dataclass(frozen=True, eq=False)
class Sites(Table):
    """The sites: first day open (OPEN while only planned) and day closed (OPEN while not)."""

    id: Ints
    opened: Ints
    closed: Ints


@dataclass(frozen=True, eq=False)
class Declarations(Table):
    """What companies declared to have become, in the order it was made, without what was replaced.

    `on` is the day it is declared for; `status` is UNKNOWN, TRADING, MERGED, ACQUIRED or CLOSED.
    """

    company: Ints
    on: Ints
    status: Ints


@dataclass(frozen=True, eq=False)
class Sectors(Table):
    """What companies do: a company may stand in several sectors (ids)."""

    company: Ints
    sector: Ints


@dataclass(frozen=True, eq=False)
class Files(Table):
    """Applications that were sent, without spam and duplicates: the day each was received, and
    within how many days of the hub's time its site wants to decide (-1: it does not say)."""

    application: Ints
    site: Ints
    received: Ints
    target_days: Ints


@dataclass(frozen=True, eq=False)
class Trail(Table):
    """The states that applications came to, in the order of the steps; `state` is its place in
    `FILE_STATES`, `is_outcome` 1 where the step told the applicant an outcome."""

    application: Ints
    on: Ints
    state: Ints
    is_outcome: Ints


@dataclass(frozen=True, eq=False)
class Awaited(Table):
    """While an applicant had something to complete; nothing where it was answered the same day."""

    application: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True, eq=False)
class Places(Table):
    """Places on waiting lists: the days of entering and leaving (OPEN while there)."""

    application: Ints
    site: Ints
    entered: Ints
    left: Ints


@dataclass(frozen=True, eq=False)
class Contracts(Table):
    """What became of each counting letting: the day its lease was signed, or the amendment that
    added its room; the day after the exit (OPEN: none), and 1 where another company goes on."""

    letting: Ints
    signed: Ints
    left: Ints
    assigned: Ints


@dataclass(frozen=True, eq=False)
class Renewals(Table):
    """Ends that the terms of lettings had before they were made later: the day after the old last
    one."""

    letting: Ints
    term: Ints


@dataclass(frozen=True, eq=False)
class Holds(Table):
    """Spaces held for somebody over [start, end), from the day `made` until the day `over` on which
    that became a lease or fell away (OPEN while it stands)."""

    space: Ints
    start: Ints
    end: Ints
    made: Ints
    over: Ints


@dataclass(frozen=True, eq=False)
class Present(Table):
    """The day on which the tables were read, alone: what is later may still come otherwise."""

    day: Ints


@dataclass(frozen=True, eq=False)
class Rents(Table):
    """What a letting asks for a month while nothing of it changes, in centimes: `rent` is what is
    left of `full` after its discount, `listed` the list rent where less is asked on purpose (0:
    nobody says). No overlap per letting. The last rate goes on: its end is OPEN, and who has left
    is for the stays to say.

    `centi_m2` is the agreed area (0: none), `rate` ten-thousandths of a dirham, per m² where
    `is_per_m2`. `is_for_nothing` lettings never ask any rent: beside a paid letting of the same
    lease they are what walls parted from it, and its m² are theirs too.
    """

    letting: Ints
    lease: Ints
    start: Ints
    end: Ints
    rent: Ints
    full: Ints
    listed: Ints
    centi_m2: Ints
    rate: Ints
    is_per_m2: Ints
    is_for_nothing: Ints


@dataclass(frozen=True, eq=False)
class Terms(Table):
    """Until when a letting is agreed, as it stood on the days from `start` to `end`. No overlap per
    letting.

    Days, each the first that is no longer agreed, OPEN where there is none: `term` after the
    lease's term, `early` after the last day of a room that is given up before it, `notice` after
    that of the notice that stood. `notice_months` is how long a notice of the tenant takes.
    """

    letting: Ints
    start: Ints
    end: Ints
    term: Ints
    early: Ints
    notice: Ints
    notice_months: Ints


@dataclass(frozen=True, eq=False)
class ListPrices(Table):
    """What a site asks of a company that has nothing special about it, in ten-thousandths of a
    dirham per m² and month. No overlap per site."""

    site: Ints
    start: Ints
    end: Ints
    rate: Ints


@dataclass(frozen=True, eq=False)
class Billed(Table):
    """The rent without tax of each invoice by its day of issue, in centimes; a credit note's is
    negative. Apart by the space (NOWHERE: of none) and the kind of tenant of the letting that it is
    asked for: `kind` is its place in `TENANT_KINDS`, -1 for a sale outside any lease."""

    invoice: Ints
    company: Ints
    site: Ints
    on: Ints
    centimes: Ints
    space: Ints
    kind: Ints


@dataclass(frozen=True, eq=False)
class Owed(Table):
    """What makes up the accounts of companies, each amount on the days it counts.

    `part` is its place in `billing.ageing.OWED`. Of invoices: what was asked, less what settles it
    since it does; `due` is the last day on which nothing is late. The others have no invoice (-1)
    and no `due` (0).
    """

    company: Ints
    site: Ints
    invoice: Ints
    part: Ints
    due: Ints
    start: Ints
    end: Ints
    centimes: Ints
