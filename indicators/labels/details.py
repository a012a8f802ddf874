"""What the formulas leave open, in sentences."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from indicators.choices import MILESTONES, Event
from indicators.labels.milestones import filled

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

_COUNTS: Final = _(
    "A letting counts from its first day once its lease is signed, as a start-up’s, an SME’s or a "
    "large company’s; coworking, domiciliation and support are told beside. A tenant who holds "
    "over is still there."
)

_ONE_COMPANY: Final = _(
    "A company is one through changes of name and legal form, and one with the company that it "
    "succeeds. At two sites it is one in the network; how often that is so is told beside."
)

_RESIDENCY: Final = _(
    "A residency is all the days of a company’s lettings that touch or overlap, at the site or, "
    "for the network, anywhere: a renewal, a second room or a move inside is neither an entry nor "
    "an exit. A move between sites is both for the sites and nothing for the network."
)

_GAPS: Final = _(
    "Absences up to the number of days told beside are bridged. An entry is dated by the first "
    "day, an exit by the last."
)

_AVERAGE: Final = _(
    "Average hosted: the days of all hosted companies in these months ÷ the days of the months. A "
    "site that was open for less than the twelve months has no rate."
)

_IN_SERVICE: Final = _(
    "In service: lettable that day and not out of service. What is held for somebody, for then or "
    "later, is not let; it is told beside."
)

_DETAILS_OF_PEOPLE: Final[dict[str, tuple[Any, ...]]] = {
    "hosted": (_COUNTS, _ONE_COMPANY),
    "ever_hosted": (_COUNTS, _ONE_COMPANY),
    "occupancy_area": (
        _IN_SERVICE,
        _(
            "m² are those measured on the day, on both sides. Over a period the m² of all its days "
            "are added up. What is not measured counts on neither side."
        ),
    ),
    "occupancy_unit": (
        _IN_SERVICE,
        _("Units: offices, open floors, shops and storage rooms. A desk is no unit here."),
    ),
    "occupancy_company": (
        _(
            "Capacity is the one in force on the day. A site that is not open counts on neither "
            "side. The network adds its sites up: a company at two of them takes a place in each."
        ),
    ),
    "entries": (
        _RESIDENCY,
        _GAPS,
        _("Returning: the company had an earlier residency there. Else it is new."),
    ),
    "exits": (_RESIDENCY, _GAPS),
    "turnover": (_AVERAGE, _RESIDENCY, _GAPS),
    "departure_rate": (_AVERAGE, _RESIDENCY, _GAPS),
}

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
        _(
            "By building and kind of tenant it is what was asked for the lettings that were so, "
            "then."
        ),
    ),
    "arrears": (
        _(
            "What was paid counts from the day that it settles an invoice; a past day shows what "
            "was settled by then. Withheld amounts that await their certificate settle the invoice."
        ),
        _(
            "What is paid settles an invoice as a whole: arrears can be told by the sectors of the "
            "companies, not by building or kind of tenant."
        ),
    ),
}

DETAILS: Final[Mapping[str, tuple[Any, ...]]] = (
    _DETAILS_OF_PEOPLE
    | {
        one.name: (
            _SUCCESS_DETAILS[one.event],
            filled(_COUNTED, one),
            filled(_OUTCOME, one),
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
