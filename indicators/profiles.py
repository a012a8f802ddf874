"""The registry of profiles, and the one question one can ask of them, pure."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from indicators import admission, balance, cohorts, expiry, money, outlook, survival
from indicators.choices import Dimension, Theme
from indicators.lines import Lines
from indicators.portfolio import Portfolio
from indicators.profile import Profile
from indicators.scope import Scope

PROFILES: Final[Mapping[str, Profile]] = MappingProxyType(
    {
        profile.name: profile
        for profile in (
            Profile(
                name="movements",
                theme=Theme.MOVES,
                version=1,
                axis="month",
                measures=balance.MEASURES,
                lines=balance.by_month,
            ),
            Profile(
                name="movements_by_year",
                theme=Theme.MOVES,
                version=1,
                axis="year",
                measures=balance.MEASURES,
                lines=balance.by_year,
            ),
            Profile(
                name="survival",
                theme=Theme.STAY,
                version=1,
                axis="months",
                measures=survival.MEASURES,
                lines=survival.survival,
            ),
            Profile(
                name="cohorts_by_year",
                theme=Theme.STAY,
                version=1,
                axis="year",
                measures=cohorts.MEASURES,
                lines=cohorts.cohorts_by_year,
                dimensions=frozenset({Dimension.SECTOR}),
            ),
            Profile(
                name="cohorts_by_sector",
                theme=Theme.STAY,
                version=1,
                axis="sector",
                measures=cohorts.MEASURES,
                lines=cohorts.cohorts_by_sector,
                dimensions=frozenset(),
            ),
            Profile(
                name="outlook",
                theme=Theme.SPACE,
                version=1,
                axis="month",
                measures=outlook.MEASURES,
                lines=outlook.outlook,
                # Who will let what is offered, or free, nobody knows.
                dimensions=frozenset({Dimension.BUILDING, Dimension.SPACE_KIND}),
            ),
            Profile(
                name="expiry",
                theme=Theme.RENT,
                version=1,
                axis="month",
                measures=("ending_centi_m2", "ending_centimes", "ending_lettings"),
                lines=expiry.expiry,
            ),
            Profile(
                name="ageing",
                theme=Theme.MONEY,
                version=1,
                axis="band",
                measures=("open_centimes", "open_invoices"),
                lines=money.ageing,
                dimensions=frozenset({Dimension.SECTOR}),
            ),
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
    one = PROFILES[name]
    found = one.lines(Scope(portfolio, position, day, day + 1, portfolio.gap_days))
    if portfolio.gap_days and one.theme in {Theme.MOVES, Theme.STAY}:
        found = replace(found, beside={**found.beside, "gap_days": portfolio.gap_days})
    return found
