"""What people call the profiles, their lines and their measures."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.labels import BAND_NAMES

PROFILES: Final = {
    "movements": _("Companies month by month"),
    "movements_by_year": _("Companies year by year"),
    "survival": _("How long companies stay"),
    "cohorts_by_year": _("Companies by year of entry"),
    "cohorts_by_sector": _("Companies by sector"),
    "outlook": _("Outlook of occupancy"),
    "expiry": _("Expiry profile"),
    "ageing": _("Arrears by age"),
    "funnel": _("Funnel"),
}

PROFILE_FORMULAS: Final = {
    "movements": _(
        "the 24 months up to the day: hosted before the first day, entries, exits, hosted after "
        "the last day; opening + entries − exits = closing"
    ),
    "movements_by_year": _(
        "each year since the first entry: hosted before the first day, entries, exits, hosted "
        "after the last day; opening + entries − exits = closing"
    ),
    "survival": _(
        "Kaplan–Meier: of the residencies begun by the day, the share that stays longer than so "
        "many months. Who left in the n-th month counts as left after n; who is still hosted is "
        "followed for the months that are over, and leaves the count without having left."
    ),
    "cohorts_by_year": _(
        "the companies by the year of their first entry: hosted on the day or not; of those that "
        "came so many years ago, the share whose first stay lasted as long; and what is known of "
        "them on the day"
    ),
    "cohorts_by_sector": _(
        "the companies that had come by the day, by sector; one of several sectors stands in each"
    ),
    "outlook": _(
        "at the end of each month, space by space: low is the area under contract ÷ the area in "
        "service; high adds what is held for applicants, what is past its term, and what ends by "
        "itself and may be renewed. What had been signed, offered or given notice of by the day "
        "counts."
    ),
    "expiry": _(
        "of the lettings of the day: m², monthly rent and number of those whose agreed end falls "
        "into a month, 36 months ahead"
    ),
    "ageing": _("what is open of invoices at the end of the day, with tax, by the days past due"),
    "funnel": _(
        "of the applications received in the 12 months up to the day, those that had reached a "
        "stage or a later one by then"
    ),
}
"""What each line of a profile tells."""

MEASURES: Final = {
    "opening": pgettext_lazy("balance", "opening"),
    "new": pgettext_lazy("companies", "new"),
    "returning": pgettext_lazy("companies", "returning"),
    "exits": _("exits"),
    "closing": pgettext_lazy("balance", "closing"),
    "survival_millionths": _("share that stays longer"),
    "at_risk": _("followed until then"),
    "left": pgettext_lazy("companies", "left"),
    "censored": _("still hosted, not followed further"),
    "entered": pgettext_lazy("companies", "entered"),
    "still_hosted": _("still hosted"),
    "kept_1_millionths": _("kept after 1 year"),
    "kept_2_millionths": _("kept after 2 years"),
    "kept_3_millionths": _("kept after 3 years"),
    "kept_5_millionths": _("kept after 5 years"),
    "successful": _("trading, merged or acquired"),
    "closed": pgettext_lazy("companies", "closed"),
    "unknown": _("outcome unknown"),
    "low_millionths": _("occupancy, low"),
    "high_millionths": _("occupancy, high"),
    "in_service_centi_m2": _("lettable area in service"),
    "contracted_centi_m2": _("under contract"),
    "held_centi_m2": _("held for applicants"),
    "holding_over_centi_m2": _("past its term"),
    "renewable_centi_m2": _("ends by itself, may be renewed"),
    "leaving_centi_m2": _("given up or given notice of"),
    "out_of_service_centi_m2": _("area out of service"),
    "ending_centi_m2": _("area that ends"),
    "ending_centimes": _("rent that ends"),
    "ending_lettings": _("lettings that end"),
    "open_centimes": pgettext_lazy("invoices", "open"),
    "open_invoices": _("invoices"),
    "applications": _("applications"),
    "share_millionths": _("share"),
}

AXIS_NAMES: Final = {
    "month": _("month"),
    "months": _("months"),
    "year": _("year"),
    "sector": _("sector"),
    "band": _("days past due"),
    "stage": _("stage"),
}
"""What the lines of a profile stand for."""

AXES: Final[Mapping[str, Mapping[str, Any]]] = {
    "band": BAND_NAMES,
    "stage": {
        "received": _("received"),
        "screened": _("screened"),
        "reviewed": _("reviewed"),
        "at_committee": _("at the committee"),
        "decided": _("decided"),
        "offered": _("offered a space"),
        "accepted": _("accepted"),
        "tenant": _("tenant"),
    },
}
"""The lines of profiles whose axis has codes."""
