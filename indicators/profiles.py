"""The registry of profiles, and the one question one can ask of them, pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from indicators.portfolio import Portfolio
from indicators.profile import Lines, Profile
from indicators.scope import Scope

PROFILES: Final[Mapping[str, Profile]] = MappingProxyType({})


def profile(portfolio: Portfolio, name: str, site: int | None, day: int) -> Lines:
    """The profile as of a day (an ordinal), at a site (by id) or in the network (None).

    Raises KeyError for an unknown name, ValueError for an unknown site.
    """
    position = None if site is None else portfolio.position(site)
    return PROFILES[name].lines(Scope(portfolio, position, day, day + 1))
