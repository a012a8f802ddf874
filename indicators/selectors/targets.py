"""What figures should be on a day."""

import datetime as dt

from indicators.formulas import INDICATORS
from indicators.models import Target


def targets_on(day: dt.date) -> dict[tuple[str, str | None], Target]:
    """By the figure's name and the site's code (None: the network). One query."""
    rows = Target.objects.in_force_on(day).select_related("site")
    return {
        (row.name, row.site.code if row.site else None): row
        for row in rows
        if row.value is not None and row.name in INDICATORS
    }
