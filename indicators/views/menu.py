"""All the figures and profiles there are, by theme, for a list to choose from."""

from typing import Any

from indicators.choices import Theme
from indicators.formulas import INDICATORS
from indicators.labels import NAMES, THEMES
from indicators.labels import PROFILES as PROFILE_NAMES
from indicators.profiles import PROFILES


def menu(chosen: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """(theme, [figure]) in the registry's order; a figure that is `chosen` says so."""
    found = []
    for theme in Theme:
        entries = [
            {"name": one.name, "title": NAMES[one.name], "chosen": one.name == chosen}
            for one in INDICATORS.values()
            if one.theme is theme
        ]
        entries += [
            {"name": one.name, "title": PROFILE_NAMES[one.name], "chosen": one.name == chosen}
            for one in PROFILES.values()
            if one.theme is theme
        ]
        if entries:
            found.append((str(THEMES[theme]), entries))
    return found
