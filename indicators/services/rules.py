"""What the network decides about its figures."""

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from core.periods import Period
from indicators.choices import Subject
from indicators.keeping import EARLIEST
from indicators.models import FigureSettings
from indicators.selectors.rules import figure_settings
from indicators.services.touching import touch
from sites.permissions import require


def set_figure_settings(
    *,
    bridged_gap_days: int,
    ending_percent: int,
    ending_days: int,
    overdue_days: int,
    acting_user: User | None,
) -> FigureSettings:
    """From now on, for every day. Where other gaps are bridged all that is kept is computed anew.

    Raises NotAllowed, ValidationError.
    """
    with recorded(acting_user):
        require(acting_user, Action.CHANGE, "objective", None)
        wanted = {
            "bridged_gap_days": bridged_gap_days,
            "ending_percent": ending_percent,
            "ending_days": ending_days,
            "overdue_days": overdue_days,
        }
        FigureSettings(**wanted).full_clean(validate_unique=False)
        before = figure_settings().bridged_gap_days
        row, _made = FigureSettings.objects.update_or_create(pk=1, defaults=wanted)
        if row.bridged_gap_days != before:
            touch(subject=Subject.EVERYTHING, days=Period(EARLIEST))
    return row
