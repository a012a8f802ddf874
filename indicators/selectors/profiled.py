"""The lines of a profile as people read them: what each stands for, shares as ratios."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core import formats
from indicators.labels import AXES
from indicators.lines import NO_SHARE, Lines
from indicators.profile import Profile
from indicators.selectors.shown import ShownFigure, plain, shown_code
from tenants.models import Sector

_MILLIONTHS: Final = "_millionths"


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One line: `key` for programs (a month as 2026-11, a sector's code), `label` for people, a
    value for each measure, None for a share of nothing."""

    key: str
    label: str
    values: Mapping[str, Decimal | None]


def profile_lines(profile: Profile, lines: Lines, language: str) -> list[ProfileLine]:
    named = _named(profile, lines, language)
    columns = {
        measure_code(code): [value_of(code, value) for value in lines.values[code].tolist()]
        for code in profile.measures
    }
    return [
        ProfileLine(key, label, {code: column[at] for code, column in columns.items()})
        for at, (key, label) in enumerate(named)
    ]


def measure_code(code: str) -> str:
    """As clients know it: a share's code without the unit that it is kept in."""
    return shown_code(code).removesuffix(_MILLIONTHS)


def value_of(code: str, value: int) -> Decimal | None:
    return _ratio(Decimal(value)) if is_share(code) else plain(value, code)


def beside_of(figure: ShownFigure) -> dict[str, Decimal | None]:
    """What is printed beside a figure, as clients know it."""
    return {
        measure_code(code): _ratio(amount) if is_share(code) else amount
        for code, amount in figure.beside.items()
    }


def _ratio(millionths: Decimal) -> Decimal | None:
    return None if millionths == NO_SHARE else millionths.scaleb(-6)


def is_share(code: str) -> bool:
    return code.endswith(_MILLIONTHS)


def _named(profile: Profile, lines: Lines, language: str) -> list[tuple[str, str]]:
    """Each line's key and what it is called."""
    if profile.axis == "month":
        days = [dt.date.fromordinal(int(key)) for key in lines.keys]
        return [(f"{day:%Y-%m}", formats.month(day, language)) for day in days]
    if profile.axis == "sector":
        known = {sector.pk: (sector.code, sector.name) for sector in Sector.objects.all()}
        return [known.get(int(key), ("", "—")) for key in lines.keys]
    if profile.axis in AXES:
        names = AXES[profile.axis]
        return [(str(key), str(names[str(key)])) for key in lines.keys]
    return [(str(key), str(key)) for key in lines.keys]
