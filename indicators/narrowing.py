"""A part of the network by building, kind of space, kind of tenant or sector, pure.

A part is a portfolio again, so that every formula works on it as it is. By building or kind of
space both sides of an occupancy are narrowed; by kind of tenant or sector only what is let, of all
the space there is. Whoever asks for one kind of tenant has it counted, hosted kind or not. What was
billed is of the letting that it was asked for; what is owed can be told by company alone.
"""

from dataclasses import dataclass, replace
from typing import TypeVar, cast

import numpy as np

from indicators.portfolio import Portfolio
from indicators.tables import Billed, Ints, Owed, Sectors, Table

T = TypeVar("T", bound=Table)


@dataclass(frozen=True, slots=True)
class Part:
    """What is asked of: ids of building and sector, places of kinds in the tables' numbers; None:
    all."""

    building: int | None = None
    space_kind: int | None = None
    tenant_kind: int | None = None
    sector: int | None = None

    @property
    def is_whole(self) -> bool:
        return self == Part()


def narrowed(portfolio: Portfolio, part: Part) -> Portfolio:
    """The part of the portfolio; the portfolio itself where all is asked for."""
    if part.is_whole:
        return portfolio
    stays = portfolio.stays
    chosen = np.ones(len(stays), np.bool_)
    spaces = portfolio.spaces
    of_space = np.ones(len(spaces), np.bool_)
    if part.building is not None:
        of_space &= spaces.building == part.building
    if part.space_kind is not None:
        of_space &= spaces.kind == part.space_kind
    kept = spaces.id[of_space]
    if part.building is not None or part.space_kind is not None:
        chosen &= np.isin(stays.space, kept)
    companies = np.zeros(0, np.int64)
    if part.sector is not None:
        sectors = portfolio.table(Sectors)
        companies = sectors.company[sectors.sector == part.sector]
        chosen &= np.isin(stays.company, companies)
    if part.tenant_kind is not None:
        chosen &= stays.kind == part.tenant_kind
    left = stays.only(chosen)
    if part.tenant_kind is not None:
        left = replace(left, hosted=np.ones(len(left), np.int64))

    def fetch(table: type[T]) -> T:
        """What was read for the whole is not read again."""
        found: Table = portfolio.table(table)
        if isinstance(found, Billed):
            found = _of_lettings(found, part, kept)
        if isinstance(found, (Billed, Owed)) and part.sector is not None:
            found = found.only(np.isin(found.company, companies))
        return cast("T", found)

    return replace(
        portfolio,
        stays=left,
        spaces=spaces.only(of_space),
        measures=portfolio.measures.only(np.isin(portfolio.measures.space, kept)),
        lettable=portfolio.lettable.only(np.isin(portfolio.lettable.space, kept)),
        out_of_service=portfolio.out_of_service.only(np.isin(portfolio.out_of_service.space, kept)),
        fetch=fetch,
    )


def _of_lettings(billed: Billed, part: Part, spaces: Ints) -> Billed:
    """What was billed for the part's spaces, to its kind of tenant."""
    chosen = np.ones(len(billed), np.bool_)
    if part.building is not None or part.space_kind is not None:
        chosen &= np.isin(billed.space, spaces)
    if part.tenant_kind is not None:
        chosen &= billed.kind == part.tenant_kind
    return billed.only(chosen)
