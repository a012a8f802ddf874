"""What people call the indicators, their formulas and their parts."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.labels import BAND_NAMES
from indicators.choices import MILESTONES, Bound, Cause, Dimension, Event, Milestone, Theme

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
_SUCCESS_DETAILS: Final = {
    Event.ENTRY: _(
        "Entry: the first day of the company’s first stay in the network or, for a site, there, "
        "whether it is still hosted or not."
    ),
    Event.EXIT: _(
        "Exit: the last day of the company’s last stay in the network, if that is over on the day. "
        "For a site: of the companies whose last stay ended there; one that moved on to another "
        "site has not left."
    ),
}
_COUNTED: Final = _(
    "Counted from {months} months after it to the day before {until} months after it; in a month "
    "without such a day, on its last."
)
_OUTCOME: Final = _(
    "Outcome: what was last declared up to the day. A company hosted on the day is trading unless "
    "declared otherwise since it came. « Trading » counts if declared for a day {months} months "
    "or more after it. Otherwise the outcome is unknown and the company counts on neither side. "
    "What a newer declaration replaces does not count."
)


_FIRST_OUTCOME: Final = _(
    "First outcome: the first decision that the applicant was told, or the finding that the file "
    "is ineligible. Spam and duplicates never count; who withdrew or was not heard of again got no "
    "outcome."
)
_MEDIAN: Final = _(
    "Median: half of the files took as long or less. Every file is listed; the one in the middle, "
    "or the two, bear the figure."
)


_CONTRACT_END: Final = _(
    "A contract ends with its term; with the notice that was given, or the exit, where that came "
    "first. A term that was renewed, before its end or after it, had an end too; one that was "
    "shortened or corrected did not. An assigned lease goes on. A company with several ends counts "
    "once, by the last; an end whose day after has not come yet does not count."
)
_HOSTED_AFTER: Final = _(
    "Still there: hosted at the site, or for the network at any site, on the day after the last "
    "day of the contract, under whatever contract or none."
)
_MONTHS_COUNTED: Final = _(
    "Counted from the first day of the company’s first start-up letting in the network: a renewal, "
    "a move or more m² starts nothing anew. It is listed from the day on which 60 months are over, "
    "whatever kind of tenant it is by now."
)
_PAST_TERM: Final = _(
    "Past its term: the last day of the lease’s term is over, the keys have not come back and no "
    "renewal was signed, as far as is known today. Every kind of tenant counts. A company counts "
    "once, all its lettings are listed."
)


def _filled(text: Any, milestone: Milestone) -> Any:
    return format_lazy(text, months=milestone.months, until=milestone.until)


def _of_milestones(texts: Mapping[Event, Any]) -> dict[str, Any]:
    return {one.name: _filled(texts[one.event], one) for one in MILESTONES}


_AS_AGREED: Final = _(
    "m² are those that were agreed; walls that were moved since change neither them nor the rent."
)
_HOLDING_OVER: Final = _(
    "A tenant who holds over is still there, at the last rate; a discount lasts only as long as "
    "was agreed."
)
_AGREED_END: Final = _(
    "The end is the one that was agreed on the day: by the amendments signed and the notice given "
    "up to it. A renewal signed later changes nothing of the days before."
)
_LEFT: Final = _(
    "Days left count from the day itself; somebody who holds over has none. Annual rent: that of "
    "the month × 12."
)

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
    **_of_milestones(_SUCCESS_NAMES),
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
    **_of_milestones(_SUCCESS_FORMULAS),
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

_RENT_DETAILS: Final[dict[str, tuple[Any, ...]]] = {
    "contracted_rent": (
        _HOLDING_OVER,
        _("Its rows are the rent roll. A whole month at these rents is what its statements ask."),
    ),
    "rent_per_m2": (
        _AS_AGREED,
        _("What is let without m², such as a domiciliation, counts on neither side."),
    ),
    "economic_occupancy": (
        _(
            "List rent: the last rate per m² of the site’s plan for SMEs on the day, for the m² "
            "measured then. Free is what is in service and not let; a hold is no letting."
        ),
    ),
    "rent_forgone": (
        _("The list rent is kept with each letting, as it was when the letting was agreed."),
    ),
    "walt_end": (
        _LEFT,
        _AGREED_END,
        _("Without an end it is the first day that the tenant may be gone by a notice."),
    ),
    "walt_exit": (
        _LEFT,
        _AGREED_END,
        _(
            "The tenant may be gone once a notice given on the day has run, or at the agreed end "
            "if that comes before. Where a notice was given, it is that one’s last day."
        ),
    ),
    "billed_rent": (
        _(
            "By the day of issue, as the revenue of a month and the accounts have it, whatever "
            "the days that it is for. What an older system billed is not in it."
        ),
    ),
    "arrears": (
        _(
            "What was paid counts from the day that it settles an invoice; a past day shows what "
            "was settled by then. Withheld amounts that await their certificate settle the invoice."
        ),
    ),
}

DETAILS: Final[Mapping[str, tuple[Any, ...]]] = (
    {
        one.name: (
            _SUCCESS_DETAILS[one.event],
            _filled(_COUNTED, one),
            _filled(_OUTCOME, one),
        )
        for one in MILESTONES
    }
    | {
        "retention": (_CONTRACT_END, _HOSTED_AFTER),
        "length_of_stay": (
            _(
                "Median: half of the residencies lasted as long or less. Every one is listed; the "
                "one in the middle, or the two, bear the figure. Those still hosted are not in it: "
                "they are told beside, with their age."
            ),
        ),
        "beyond_60_months": (_MONTHS_COUNTED,),
        "holding_over": (_PAST_TERM,),
    }
    | {
        name: (_FIRST_OUTCOME, *more)
        for name, more in {
            "time_to_decision": (_MEDIAN,),
            "time_to_decision_gross": (_MEDIAN,),
            "decided_within_target": (
                _(
                    "Target: what the site gives all the stages up to the publication together, in "
                    "days of its own time: while the applicant is awaited the clock stands still."
                ),
            ),
            "open_applications": (),
        }.items()
    }
    | _RENT_DETAILS
)
"""What a formula leaves open, in sentences."""

PARTS: Final = {
    "hosted_companies": _("hosted companies"),
    "companies_ever_hosted": _("companies ever hosted"),
    "let_centi_m2": _("let area"),
    "centi_m2_in_service": _("area in service"),
    "let_units": _("let units"),
    "units_in_service": _("units in service"),
    "presences_at_open_sites": _("hosted companies, site by site"),
    "capacity_of_open_sites": _("places for companies"),
    "residencies_started": _("entries"),
    "residencies_ended": _("exits"),
    "average_hosted": _("average hosted"),
    "successful_companies": _("trading, merged or acquired"),
    "companies_with_known_outcome": _("companies whose outcome is known"),
    "companies_still_there": _("still there the day after"),
    "companies_whose_contract_ended": _("companies whose contract ended"),
    "stayed_days_of_the_middle": _("days of the residency in the middle, or of the two"),
    "residencies_in_the_middle": _("residencies in the middle"),
    "companies_beyond_60_months": _("companies beyond 60 months"),
    "companies_holding_over": _("companies holding over"),
    "net_days_of_the_middle": _("days of the file in the middle, or of the two"),
    "gross_days_of_the_middle": _("days of the file in the middle, or of the two"),
    "files_in_the_middle": _("files in the middle"),
    "decided_in_time": _("decided in time"),
    "decided_with_target": _("decided, with a target"),
    "open_files": _("open applications"),
    "places_taken": _("places taken"),
    "waited_days_of_the_middle": _("days of the place in the middle, or of the two"),
    "places_in_the_middle": _("places in the middle"),
    "contracted_rent_centimes": _("rent of a month"),
    "agreed_centi_m2": _("m² agreed"),
    "possible_rent_centimes": _("rent of a month, with the list rent of what is free"),
    "forgone_centimes": _("list rent forgone, of a month"),
    "annual_rent_days_centimes": _("annual rent × days left"),
    "annual_rent_centimes": _("annual rent"),
    "billed_centimes": _("rent billed"),
    "late_centimes": _("past due"),
}

BESIDE: Final = {
    "others": _("not counted: coworking, domiciliation, support"),
    "overlap": _("counted once though present at several sites"),
    "out_of_service_m2": _("area out of service"),
    "lettings_without_area": _("lettings without a measured area"),
    "out_of_service": _("units out of service"),
    "desks_let": _("desks let"),
    "desks": _("desks in service"),
    "open_sites": _("open sites"),
    "sites_without_capacity": _("open sites without a capacity"),
    "new": _("of which for the first time"),
    "returning": _("of which returning"),
    "bridged": _("gaps bridged"),
    "gap_days": _("gaps bridged up to, in days"),
    "company_days": _("days of the hosted companies, added up"),
    "other_company_days": _("days of the others, added up"),
    "days": _("days counted over"),
    "unknown": _("outcome unknown"),
    "count": _("how many there are"),
    "mean_days": _("mean, in days"),
    "p90_days": _("nine in ten within, in days"),
    "late": _("open longer than the target"),
    "median_age_days": _("median age, in days"),
    "oldest_days": _("the oldest, in days"),
    "median_wait_days": _("median wait, in days"),
    "longest_wait_days": _("the longest wait, in days"),
    "contract_ends": _("contracts that ended"),
    "still_hosted": _("still hosted"),
    "hosted_median_days": _("median age of those still hosted, in days"),
    "hosted_mean_days": _("mean age of those still hosted, in days"),
    "censored_millionths": _("share of those still hosted"),
    "still_startups": _("of which still as a start-up"),
    "lettings": _("lettings"),
    "longest_over_days": _("the longest past its term, in days"),
    "residencies": _("residencies"),
    "median_months": _("months that half of them stay"),
    "companies": _("companies"),
    "in_several": _("of which in several sectors"),
    "forgone_dirhams": _("list rent forgone, of a month"),
    "free_without_list_price": _("free spaces without a list price"),
    "annual_over_dirhams": _("annual rent of those who hold over"),
    "annual_open_dirhams": _("annual rent without an agreed end"),
    "holding_over_dirhams": _("rent of those who hold over"),
    "open_ended_dirhams": _("rent without an agreed end"),
    "later_dirhams": _("rent that ends later"),
    "holding_over_m2": _("m² of those who hold over"),
    "open_ended_m2": _("m² without an agreed end"),
    "later_m2": _("m² that end later"),
    "holding_over_lettings": _("lettings held over"),
    "open_ended_lettings": _("lettings without an agreed end"),
    "later_lettings": _("lettings that end later"),
    "credited_dirhams": _("of which credited"),
    "not_due_dirhams": _("open, not due yet"),
    "credit_dirhams": _("credit of the companies, unallocated"),
    "awaiting_dirhams": _("withheld, awaiting its certificate"),
    "deposit_dirhams": _("deposits held"),
}
"""What is printed beside a figure, by its code."""

MORE: Final = {
    "outcome": _("what became of it"),
    "declared_on": _("declared for"),
    "application_id": _("application"),
    "gross_days": _("days"),
    "awaited_days": _("of which awaiting the applicant"),
    "net_days": _("days without that time"),
    "target_days": _("target, in days"),
    "age_days": _("age, in days"),
    "waited_days": _("days waited"),
    "contract_end_on": _("last day of the contract"),
    "stayed_days": _("days stayed"),
    "over_days": _("days past its term"),
    "since_on": _("start-up since"),
    "stay_months": _("months since then"),
    "agreed_m2": _("m² agreed"),
    "rate": _("rate per m²"),
    "full_dirhams": _("rent before discount"),
    "discount_dirhams": _("discount"),
    "listed_dirhams": _("list rent"),
    "contract_ends_on": _("agreed end"),
    "left_days": _("days left"),
    "invoice_id": _("invoice"),
    "due_on": _("due on"),
    "late_days": _("days past due"),
}
"""What is told of a row beside its figures, by its code."""

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
    "in_service_centi_m2": _("area in service"),
    "contracted_centi_m2": _("under contract"),
    "held_centi_m2": _("held for applicants"),
    "holding_over_centi_m2": _("past its term"),
    "renewable_centi_m2": _("ends by itself, may be renewed"),
    "leaving_centi_m2": _("given up or given notice of"),
    "out_of_service_centi_m2": _("area out of service"),
    "ending_centi_m2": _("m² that end"),
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

BOUNDS: Final = {
    Bound.AT_LEAST: _("at least"),
    Bound.AT_MOST: _("at most"),
}
"""Where a figure should be, seen from its target."""

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
