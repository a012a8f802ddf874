"""What can be said of any figure: counted now, counted no more, counted differently, pure."""

from indicators.causes.matching import Matched, Step
from indicators.choices import Cause


def counted(matched: Matched) -> list[Step]:
    """What nobody knows better of: counted now, counted no more, counted differently."""
    return [
        matched.step(Cause.COUNTED, matched.appeared),
        matched.step(Cause.NOT_COUNTED, matched.vanished),
        matched.step(Cause.CHANGED, matched.stayed),
    ]


def windowed(matched: Matched) -> list[Step]:
    """What happened in twelve months: those that begin and end later."""
    return [
        matched.step(Cause.ENTERED_WINDOW, matched.appeared),
        matched.step(Cause.FELL_OUT, matched.vanished),
        matched.step(Cause.CHANGED, matched.stayed),
    ]


def medians(matched: Matched) -> list[Step]:
    """Of a median: whoever is the middle bears it, and gives it up when others come or go."""
    return [
        matched.step(Cause.ENTERED_WINDOW, matched.appeared),
        matched.step(Cause.FELL_OUT, matched.vanished),
        matched.step(Cause.MIDDLE_MOVED, matched.stayed),
    ]
