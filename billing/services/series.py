"""Where a lessor's series begin, when the old system numbered the year's first documents."""

from typing import Final

from accounts.models import User
from accounts.rights import Action
from billing.choices import NumberSeries
from billing.errors.invoices import BadSeriesStart, BadSeriesYear
from billing.permissions import require_lessor
from core import numbering
from core.history import recorded
from core.periods import today
from sites.models import Lessor

LAST: Final = 999_999
"""What the six digits of a number hold."""


def start_series(
    *, lessor: Lessor, series: NumberSeries, year: int, number: int, acting_user: User | None
) -> None:
    """The series' first document bears `number`. The same again changes nothing.

    For whoever may at all sites of the lessor. Raises SeriesAlreadyStarted, BadSeriesStart,
    BadSeriesYear, NotAllowed.
    """
    with recorded(acting_user):
        require_lessor(acting_user, Action.CHANGE, "billing", lessor)
        if not 1 <= number <= LAST:
            raise BadSeriesStart
        if year not in {today().year, today().year + 1}:
            raise BadSeriesYear(year=today().year)
        numbering.start_at(scope=lessor.code, series=series, year=year, number=number)
