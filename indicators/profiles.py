"""The registry of profiles, and the one question one can ask of them, pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from indicators import admission
from indicators.choices import Theme
from indicators.lines import Lines
from indicators.portfolio import Portfolio
from indicators.profile import Profile
from indicators.scope import Scope

PROFILES: Final[Mapping[str, Profile]] = MappingProxyType(
    {
        profile.name: profile
        for profile in (
            Profile(
                name="funnel",
                theme=Theme.ADMISSION,
                version=1,
                axis="stage",
                measures=("applications", "share_millionths"),
                lines=admission.funnel,
                dimensions=frozenset(),
            ),
        )
    }
)


def profile(portfolio: Portfolio, name: str, site: int | None, day: int) -> Lines:
    """The profile as of a day (an ordinal), at a site (by id) or in the network (None).

    Raises KeyError for an unknown name, ValueError for an unknown site.
    """
    position = None if site is None else portfolio.position(site)
    return PROFILES[name].lines(Scope(portfolio, position, day, day + 1))
