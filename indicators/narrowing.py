"""A part of the network by building, kind of space, kind of tenant or sector, pure.

A part is a portfolio again, so that every formula works on it as it is. By building or kind of
space both sides of an occupancy are narrowed; by kind of tenant or sector only what is let, of all
the space there is. Whoever asks for one kind of tenant has it counted, hosted kind or not.
"""

from dataclasses import dataclass, replace

import numpy as np

from indicators.portfolio import Portfolio
from indicators.tables import Sectors


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
    if part.sector is not None:
        sectors = portfolio.table(Sectors)
        chosen &= np.isin(stays.company, sectors.company[sectors.sector == part.sector])
    if part.tenant_kind is not None:
        chosen &= stays.kind == part.tenant_kind
    left = stays.only(chosen)
    if part.tenant_kind is not None:
        left = replace(left, hosted=np.ones(len(left), np.int64))
    return replace(
        portfolio,
        stays=left,
        spaces=spaces.only(of_space),
        measures=portfolio.measures.only(np.isin(portfolio.measures.space, kept)),
        lettable=portfolio.lettable.only(np.isin(portfolio.lettable.space, kept)),
        out_of_service=portfolio.out_of_service.only(np.isin(portfolio.out_of_service.space, kept)),
        fetch=portfolio.table,  # what was read for the whole is not read again
    )
