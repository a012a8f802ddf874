"""Why a figure changed between two days."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators.choices import Cause

CAUSES: Final[Mapping[Cause, Any]] = {
    Cause.CAME: _("came for the first time"),
    Cause.RETURNED: _("came back"),
    Cause.LEFT: pgettext_lazy("cause", "left"),
    Cause.COUNTS_NOW: _("was there already, counts now"),
    Cause.COUNTS_NO_MORE: _("still there, counts no more"),
    Cause.LET: pgettext_lazy("cause", "let"),
    Cause.FREED: pgettext_lazy("cause", "freed"),
    Cause.MEASURED: _("measured for the first time"),
    Cause.RE_MEASURED: _("measured anew"),
    Cause.WALLS_MOVED: _("split or merged"),
    Cause.WORKS_BEGAN: _("works began"),
    Cause.WORKS_ENDED: _("works ended"),
    Cause.PUT_IN_SERVICE: _("put in service"),
    Cause.TAKEN_OUT: _("taken out of service"),
    Cause.SITE_OPENED: _("the site opened"),
    Cause.SITE_CLOSED: _("the site closed"),
    Cause.CAPACITY_CHANGED: _("the capacity changed"),
    Cause.LET_ON: _("let on to the same company"),
    Cause.RENT_CHANGED: _("the rent changed"),
    Cause.RESIZED: _("the let area changed"),
    Cause.LIST_RENT_CHANGED: _("the list rent changed"),
    Cause.END_MOVED: _("the end moved"),
    Cause.TIME_PASSED: _("time passed"),
    Cause.TIME_RAN_OUT: _("the time ran out"),
    Cause.PUT_RIGHT: _("put in order"),
    Cause.BILLED: pgettext_lazy("cause", "billed"),
    Cause.CREDITED: pgettext_lazy("cause", "credited"),
    Cause.FELL_DUE: _("past its due day"),
    Cause.SETTLED: pgettext_lazy("cause", "settled"),
    Cause.OPEN_AGAIN: _("open again"),
    Cause.RECEIVED: pgettext_lazy("cause", "received"),
    Cause.REOPENED: _("taken up again"),
    Cause.DECIDED: _("told its outcome"),
    Cause.WITHDRAWN: _("ended without an outcome"),
    Cause.JOINED_LIST: _("put on the waiting list"),
    Cause.LEFT_LIST: _("left the waiting list"),
    Cause.FOLLOWED: _("followed from now on"),
    Cause.FOLLOWED_NO_MORE: _("followed no more"),
    Cause.OUTCOME_KNOWN: _("its outcome became known"),
    Cause.OUTCOME_UNKNOWN: _("its outcome is unknown again"),
    Cause.OUTCOME_CHANGED: _("its outcome changed"),
    Cause.ENTERED_WINDOW: _("entered the twelve months"),
    Cause.FELL_OUT: _("fell out of the twelve months"),
    Cause.MORE_DAYS: _("more days in the twelve months"),
    Cause.FEWER_DAYS: _("fewer days in the twelve months"),
    Cause.MIDDLE_MOVED: _("the middle moved"),
    Cause.COUNTED: _("counts now"),
    Cause.NOT_COUNTED: _("counts no more"),
    Cause.CHANGED: _("counts differently"),
}
"""Why a figure changed between two days."""
