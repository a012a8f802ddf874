"""Figures, rows and changes as plain dicts: what REST answers, and the shell with --json."""

from typing import Any, Final

from indicators.figure import Indicator
from indicators.labels import (
    AXIS_NAMES,
    CAUSES,
    DETAILS,
    FORMULAS,
    MEASURES,
    NAMES,
    PARTS,
    PROFILE_FORMULAS,
    PROFILES,
    THEMES,
)
from indicators.lines import Lines
from indicators.profile import Profile
from indicators.selectors.changes import ShownChange
from indicators.selectors.profiled import ProfileLine, beside_of, measure_code, value_of
from indicators.selectors.shown import ShownFigure, ShownRow, shown_code
from sites.api.base import Row, days

_OF_A_POINT: Final = ("on", "value", "numerator", "denominator", "beside", "window")


def indicator_about(indicator: Indicator) -> Row:
    name, below = indicator.name, indicator.denominator
    return {
        "name": name,
        "title": NAMES[name],
        "formula": FORMULAS[name],
        "details": DETAILS.get(name, ()),
        "theme": indicator.theme.value,
        "theme_title": THEMES[indicator.theme],
        "unit": indicator.unit,
        "numerator": _coded(indicator.numerator, PARTS),
        "denominator": None if below is None else _coded(below, PARTS),
        "grain": indicator.grain,
        "dimensions": sorted(indicator.dimensions),
        "version": indicator.version,
    }


def profile_about(profile: Profile) -> Row:
    name = profile.name
    return {
        "name": name,
        "title": PROFILES[name],
        "formula": PROFILE_FORMULAS[name],
        "theme": profile.theme.value,
        "theme_title": THEMES[profile.theme],
        "axis": _coded(profile.axis, AXIS_NAMES),
        "measures": [
            {"code": measure_code(code), "title": MEASURES[code]} for code in profile.measures
        ],
        "dimensions": sorted(profile.dimensions),
        "version": profile.version,
    }


def figure_told(figure: ShownFigure) -> Row:
    return {
        "name": figure.name,
        "site": figure.site,
        "on": figure.on,
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "unit": figure.unit,
        "formula": FORMULAS[figure.name],
        "version": figure.version,
        "beside": beside_of(figure),
        "window": days(figure.window) if figure.window else None,
    }


def point_told(figure: ShownFigure) -> Row:
    """A figure of a series, without what all of them share."""
    whole = figure_told(figure)
    return {name: whole[name] for name in _OF_A_POINT}


def row_told(row: ShownRow) -> Row:
    return {
        **_about(row),
        "numerator": row.numerator,
        "denominator": row.denominator,
        "more": row.more,
    }


def change_told(change: ShownChange) -> Row:
    """Without the page's `next`."""
    return {
        "before": figure_told(change.before),
        "after": figure_told(change.after),
        "difference": {
            "value": change.value,
            "numerator": change.numerator,
            "denominator": change.denominator,
        },
        "causes": [
            {
                "cause": one.cause.value,
                "title": CAUSES[one.cause],
                "lines": one.lines,
                "numerator": one.numerator,
                "denominator": one.denominator,
                "effect": one.effect,
            }
            for one in change.sums
        ],
        "count": change.count,
        "results": [
            {
                "cause": line.cause.value,
                **_about(line.row),
                "numerator": line.row.numerator,
                "denominator": line.row.denominator,
                "effect": line.effect,
                "more": line.row.more,
            }
            for line in change.lines
        ],
    }


def lines_told(lines: list[ProfileLine], exact: Lines) -> Row:
    return {
        "results": [
            {"key": line.key, "label": line.label, "values": line.values} for line in lines
        ],
        "beside": {measure_code(code): value_of(code, one) for code, one in exact.beside.items()},
    }


def _about(row: ShownRow) -> Row:
    return {
        "company": row.company_id,
        "company_name": row.company,
        "site": row.site,
        "space": row.space,
        "lease": row.lease,
        "start": row.start,
        "end": row.last_day,
    }


def _coded(code: str, titles: Any) -> Row:
    return {"code": shown_code(code), "title": titles[code]}
