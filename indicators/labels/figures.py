"""What people call the figures, and their formulas."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from indicators.choices import Bound, Dimension, Event, Theme
from indicators.labels.milestones import of_milestones

SUCCESS: Final = {
    Event.ENTRY: _("Success since entry"),
    Event.EXIT: _("Success since exit"),
}
"""The milestones of one event together."""

_SUCCESS_NAMES: Final = {
    Event.ENTRY: _("Success since entry, {months} months"),
    Event.EXIT: _("Success since exit, {months} months"),
}

_SUCCESS_FORMULAS: Final = {
    Event.ENTRY: _(
        "companies that first entered {months} to {until} months before: trading, merged or "
        "acquired ÷ those whose outcome is known"
    ),
    Event.EXIT: _(
        "companies that left {months} to {until} months before: trading, merged or acquired ÷ "
        "those whose outcome is known"
    ),
}

NAMES: Final = {
    "hosted": _("Hosted companies"),
    "ever_hosted": _("Companies ever hosted"),
    "occupancy_area": _("Occupancy by area"),
    "occupancy_unit": _("Occupancy by unit"),
    "occupancy_company": _("Occupancy by company"),
    "entries": _("Entries"),
    "exits": _("Exits"),
    "turnover": _("Turnover"),
    "departure_rate": _("Departure rate"),
    **of_milestones(_SUCCESS_NAMES),
    "retention": _("Retention"),
    "length_of_stay": _("Length of stay"),
    "beyond_60_months": _("Beyond 60 months"),
    "holding_over": _("Companies holding over"),
    "contracted_rent": _("Contracted rent"),
    "rent_per_m2": _("Rent per m²"),
    "economic_occupancy": _("Economic occupancy"),
    "rent_forgone": _("List rent forgone"),
    "walt_end": _("Remaining term (WALT)"),
    "walt_exit": _("Remaining term to the first exit (WALT)"),
    "billed_rent": _("Billed rent"),
    "arrears": _("Arrears"),
    "time_to_decision": _("Time to decision"),
    "time_to_decision_gross": _("Time to decision, gross"),
    "decided_within_target": _("Decided within the target"),
    "open_applications": _("Open applications"),
    "waiting_list": _("Waiting list"),
    "time_on_waiting_list": _("Time on the waiting list"),
}

FORMULAS: Final = {
    "hosted": _("distinct companies with a letting that counts, on the day"),
    "ever_hosted": _("distinct companies hosted on any day up to the day"),
    "occupancy_area": _("let m² ÷ lettable m² in service, on the day"),
    "occupancy_unit": _("let units ÷ lettable units in service (offices; desks apart)"),
    "occupancy_company": _("hosted companies ÷ capacity in force, sites open on the day"),
    "entries": _("residencies that started in the 12 months up to the day"),
    "exits": _("residencies that ended in the 12 months up to the day"),
    "turnover": _("entries in the 12 months up to the day ÷ average hosted in those months"),
    "departure_rate": _("exits in the 12 months up to the day ÷ average hosted in those months"),
    **of_milestones(_SUCCESS_FORMULAS),
    "retention": _(
        "companies whose contract ended in the 12 months up to the day: those hosted the day after "
        "÷ all of them"
    ),
    "length_of_stay": _("median days of the residencies that ended in the 12 months up to the day"),
    "beyond_60_months": _("hosted companies that first came as a start-up 60 months ago or longer"),
    "holding_over": _("companies with a letting that goes on past the term of its lease"),
    "contracted_rent": _(
        "monthly rent of the lettings in force on the day: their rates less discounts, without tax"
    ),
    "rent_per_m2": _("monthly rent of lettings with m² ÷ these m², on the day"),
    "economic_occupancy": _(
        "contracted rent ÷ (contracted rent + list rent of what is free), on the day"
    ),
    "rent_forgone": _(
        "list rent less the rent asked, of lettings that are asked nothing or little on purpose"
    ),
    "walt_end": _("annual rent × days left to the agreed end, added up ÷ annual rent, on the day"),
    "walt_exit": _(
        "annual rent × days left to the first day that the tenant may be gone, added up ÷ annual "
        "rent, on the day"
    ),
    "billed_rent": _(
        "rent without tax on the invoices issued in the 12 months up to the day, less credit notes"
    ),
    "arrears": _("what is open, with tax, of invoices past their due day, at the end of the day"),
    "time_to_decision": _(
        "median days from receipt to the first outcome told in the 12 months up to the day, "
        "without the time the applicant was awaited"
    ),
    "time_to_decision_gross": _(
        "median days from receipt to the first outcome told in the 12 months up to the day"
    ),
    "decided_within_target": _(
        "first outcomes told within the site’s target ÷ first outcomes of files with a target, "
        "12 months up to the day"
    ),
    "open_applications": _("applications received and without an outcome at the end of the day"),
    "waiting_list": _("places taken on the waiting lists at the end of the day"),
    "time_on_waiting_list": _(
        "median days on the list, of the places left in the 12 months up to the day"
    ),
}

THEMES: Final = {
    Theme.PEOPLE: _("Companies"),
    Theme.SPACE: _("Occupancy"),
    Theme.MOVES: _("Entries and exits"),
    Theme.STAY: _("Stays"),
    Theme.SUCCESS: _("Success"),
    Theme.RENT: _("Rent"),
    Theme.MONEY: _("Billing and arrears"),
    Theme.ADMISSION: _("Admission"),
}

DIMENSIONS: Final = {
    Dimension.BUILDING: _("building"),
    Dimension.SPACE_KIND: _("kind of space"),
    Dimension.TENANT_KIND: _("kind of tenant"),
    Dimension.SECTOR: _("sector"),
}

GRAINS: Final = {
    "day": _("on the day"),
    "twelve_months": _("over the twelve months up to the day"),
}

BOUNDS: Final = {
    Bound.AT_LEAST: _("at least"),
    Bound.AT_MOST: _("at most"),
}
"""Where a figure should be, seen from its target."""
