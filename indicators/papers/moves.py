"""Who came and left in the month, and why companies and occupancy are not what they were."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats
from indicators.formulas import INDICATORS
from indicators.labels import CAUSES, MEASURES, NAMES, PARTS
from indicators.papers.told import Told
from indicators.profiles import PROFILES
from indicators.selectors.changes import ShownChange, ShownLine, shown_change
from indicators.selectors.profiled import profile_lines
from indicators.selectors.shown import ShownRow
from indicators.wording import difference, effect, language, measure, part, value
from leases.papers.parties import isolated, own

NAMED: Final = 200
"""Companies that a list names; the page has all."""
_LINES: Final = 15
_CHANGED: Final = ("hosted", "occupancy_area")


def balance(told: Told) -> list[list[str]]:
    """opening + entries - exits = closing, of the month."""
    profile = PROFILES["movements"]
    lines = told.network.profile(profile.name, told.last_day, told.code)
    month = profile_lines(profile, lines, language())[-1]
    return [[str(MEASURES[code]), measure(count, code)] for code, count in month.values.items()]


def moves(told: Told) -> list[dict[str, Any]]:
    """The companies that came, then those that left, by day."""
    return [
        _list(capfirst(str(NAMES[name])), told.network.rows_over(name, told.period, told.code))
        for name in ("entries", "exits")
    ]


def _list(title: str, rows: Sequence[ShownRow]) -> dict[str, Any]:
    came = title == capfirst(str(NAMES["entries"]))
    ordered = sorted(rows, key=lambda row: (_day(row, came=came), row.company or ""))
    return {
        "title": f"{title} ({formats.number(len(rows), language())})",
        "heads": [_("company"), _("site"), _("space"), _("day")],
        "rows": [
            [
                own(row.company or ""),
                isolated(row.site or ""),
                isolated(row.space or ""),
                formats.day(_day(row, came=came), language()),
            ]
            for row in ordered[:NAMED]
        ],
        "more": _others(len(rows) - NAMED),
        "nothing": _("None."),
    }


def _day(row: ShownRow, *, came: bool) -> Any:
    return row.start if came else row.last_day


def _others(count: int) -> str:
    if count <= 0:
        return ""
    text = ngettext(
        "and %(count)s other: see the page", "and %(count)s others: see the page", count
    )
    return text % {"count": formats.number(count, language())}


def changes(told: Told) -> list[dict[str, Any]]:
    """Cause by cause, adding up to the difference; then the lines that weigh most."""
    return [_changed(told, name) for name in _CHANGED]


def _changed(told: Told, name: str) -> dict[str, Any]:
    days, indicator = (told.eve, told.last_day), INDICATORS[name]
    found = told.network.change(name, *days, told.code)
    shown = shown_change(found, told.code, days, told.network.sites.values(), slice(0, _LINES))
    ends = " → ".join(value(figure) for figure in (shown.before, shown.after))
    return {
        "title": _("Why it changed: %(name)s") % {"name": NAMES[name]},
        "ends": isolated(ends),
        "difference": effect(shown.value, indicator.unit),
        "sums": _sums(shown, name),
        "lines": {
            "heads": [_("company"), _("cause"), _("site"), _("space"), _("effect on the figure")],
            "rows": [_line(line, indicator.unit) for line in shown.lines],
        },
        "more": _others(shown.count - len(shown.lines)),
        "nothing": _("Nothing changed."),
    }


def _sums(shown: ShownChange, name: str) -> dict[str, Any]:
    indicator = INDICATORS[name]
    codes = [code for code in (indicator.numerator, indicator.denominator) if code]

    def row(head: str, count: int, one: Any, moved: Any) -> list[str]:
        parts = (one.numerator, one.denominator)
        return [
            head,
            formats.number(count, language()),
            *(
                difference(part(abs(amount), code), amount)
                for amount, code in zip(parts, codes, strict=False)
            ),
            effect(moved, indicator.unit),
        ]

    rows = [row(str(CAUSES[one.cause]), one.lines, one, one.effect) for one in shown.sums]
    if rows:
        rows.append(row(_("all together"), shown.count, shown, shown.value))
    return {
        "heads": [
            _("cause"),
            _("how many"),
            *(str(PARTS[code]) for code in codes),
            _("effect on the figure"),
        ],
        "rows": rows,
    }


def _line(line: ShownLine, unit: str) -> list[str]:
    row = line.row
    return [
        own(row.company or ""),
        str(CAUSES[line.cause]),
        isolated(row.site or ""),
        isolated(row.space or ""),
        effect(line.effect, unit),
    ]
