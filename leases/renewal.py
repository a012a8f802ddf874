"""The end that a tacit renewal gives a term. Pure."""

import datetime as dt

from core.periods import Period, add_months


def renewed_end(term: Period, months: int) -> dt.date:
    """So many months after the old end (both excluded), on the same day of the month.

    Counted from the start where the term is whole months, so that one that began on the 31st does
    not stay on the 28th after its first February. Raises ValueError for a term without an end.
    """
    if term.end is None:
        raise ValueError("a term without an end is not renewed")
    whole = (term.end.year - term.start.year) * 12 + term.end.month - term.start.month
    if add_months(term.start, whole) == term.end:
        return add_months(term.start, whole + months)
    return add_months(term.end, months)
