"""The registry of indicators: what each counts, over what, and what stands behind it, pure.

All else is derived from it: pages, REST, shell, snapshots, the page of definitions. `asking.py` has
the questions that one can ask of an entry.
"""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from indicators import admission, causes, daily, expiry, money, rents, tenure
from indicators import rows as behind
from indicators.choices import MILESTONES, Dimension, Event, Reach, Subject, Theme
from indicators.figure import Indicator
from indicators.success import success

_OF_STAYS: Final = frozenset({Subject.OCCUPATION})
_OF_SPACE: Final = frozenset({Subject.OCCUPATION, Subject.PREMISES})
_OF_OCCUPANCY: Final = _OF_SPACE | {Subject.HOLDS}
_PEOPLE: Final = (
    Indicator(
        name="hosted",
        theme=Theme.PEOPLE,
        unit="companies",
        numerator="hosted_companies",
        daily=daily.hosted,
        rows=behind.hosted,
        key=("company",),
        causes=causes.people,
        reads=_OF_STAYS,
        local=True,
    ),
    Indicator(
        name="ever_hosted",
        theme=Theme.PEOPLE,
        unit="companies",
        numerator="companies_ever_hosted",
        daily=daily.ever_hosted,
        rows=behind.ever_hosted,
        key=("company",),
        causes=causes.people,
        reach=Reach.EVER,
        reads=_OF_STAYS,
        local=True,
    ),
    Indicator(
        name="occupancy_area",
        theme=Theme.SPACE,
        unit="ratio",
        is_share=True,
        numerator="let_centi_m2",
        denominator="centi_m2_in_service",
        daily=daily.occupancy_area,
        rows=behind.occupancy_area,
        key=("space",),
        causes=causes.space,
        reads=_OF_OCCUPANCY,
        local=True,
    ),
    Indicator(
        name="occupancy_unit",
        theme=Theme.SPACE,
        unit="ratio",
        is_share=True,
        numerator="let_units",
        denominator="units_in_service",
        daily=daily.occupancy_unit,
        rows=behind.occupancy_unit,
        key=("space",),
        causes=causes.space,
        reads=_OF_OCCUPANCY,
        local=True,
    ),
    Indicator(
        name="occupancy_company",
        theme=Theme.SPACE,
        unit="ratio",
        numerator="presences_at_open_sites",
        denominator="capacity_of_open_sites",
        daily=daily.occupancy_company,
        rows=behind.occupancy_company,
        key=("company", "site"),
        causes=causes.places,
        reads=_OF_SPACE,
        local=True,
    ),
    Indicator(
        name="entries",
        theme=Theme.MOVES,
        unit="residencies",
        grain="twelve_months",
        numerator="residencies_started",
        daily=daily.entries,
        rows=behind.entries,
        key=("company", "start"),
        causes=partial(causes.moves, event=Event.ENTRY),
        # Whether a company is new is told by all that was before.
        reach=Reach.EVER,
        reads=_OF_STAYS,
        local=True,
    ),
    Indicator(
        name="exits",
        theme=Theme.MOVES,
        unit="residencies",
        grain="twelve_months",
        numerator="residencies_ended",
        daily=daily.exits,
        rows=behind.exits,
        key=("company", "end"),
        causes=partial(causes.moves, event=Event.EXIT),
        reach=Reach.WINDOW,
        reads=_OF_STAYS,
        local=True,
    ),
    Indicator(
        name="turnover",
        theme=Theme.MOVES,
        unit="ratio",
        grain="twelve_months",
        numerator="residencies_started",
        denominator="average_hosted",
        daily=daily.turnover,
        rows=behind.turnover,
        key=("company", "start"),
        causes=partial(causes.moves, event=Event.ENTRY),
        reach=Reach.EVER,
        reads=_OF_SPACE,
        local=True,
    ),
    Indicator(
        name="departure_rate",
        theme=Theme.MOVES,
        unit="ratio",
        grain="twelve_months",
        numerator="residencies_ended",
        denominator="average_hosted",
        daily=daily.departure_rate,
        rows=behind.departure_rate,
        key=("company", "start"),
        causes=partial(causes.moves, event=Event.EXIT),
        reach=Reach.WINDOW,
        reads=_OF_SPACE,
        local=True,
    ),
)

_SUCCESS: Final = tuple(
    Indicator(
        name=milestone.name,
        theme=Theme.SUCCESS,
        unit="ratio",
        is_share=True,
        numerator="successful_companies",
        denominator="companies_with_known_outcome",
        daily=partial(success, milestone=milestone),
        rows=partial(behind.success, milestone=milestone),
        key=("company", "start"),
        causes=causes.outcomes,
        # Whether a company is still hosted is asked of all its rooms.
        dimensions=frozenset({Dimension.SECTOR}),
        reach=Reach.EVER,
        reads=frozenset({Subject.OCCUPATION, Subject.DECLARATIONS}),
    )
    for milestone in MILESTONES
)

_of_files = partial(
    Indicator,
    theme=Theme.ADMISSION,
    key=("application_id",),
    about="application",
    dimensions=frozenset(),
    kept=False,
)
_ADMISSION: Final = (
    _of_files(
        name="time_to_decision",
        unit="days",
        grain="twelve_months",
        numerator="net_days_of_the_middle",
        denominator="files_in_the_middle",
        rows=partial(admission.time_to_decision, gross=False),
        beside=admission.of_net_days,
        causes=causes.medians,
    ),
    _of_files(
        name="time_to_decision_gross",
        unit="days",
        grain="twelve_months",
        numerator="gross_days_of_the_middle",
        denominator="files_in_the_middle",
        rows=partial(admission.time_to_decision, gross=True),
        beside=admission.of_gross_days,
        causes=causes.medians,
    ),
    _of_files(
        name="decided_within_target",
        unit="ratio",
        is_share=True,
        grain="twelve_months",
        numerator="decided_in_time",
        denominator="decided_with_target",
        rows=admission.decided_within_target,
    ),
    _of_files(
        name="open_applications",
        unit="applications",
        numerator="open_files",
        rows=admission.open_applications,
        beside=admission.ages,
        causes=causes.applications,
    ),
    _of_files(
        name="waiting_list",
        unit="applications",
        numerator="places_taken",
        rows=admission.waiting_list,
        beside=admission.waits,
        key=("application_id", "start"),
        causes=causes.waiting,
    ),
    _of_files(
        name="time_on_waiting_list",
        unit="days",
        grain="twelve_months",
        numerator="waited_days_of_the_middle",
        denominator="places_in_the_middle",
        rows=admission.time_on_waiting_list,
        beside=admission.of_waited_days,
        key=("application_id", "start"),
        causes=causes.medians,
    ),
)

_of_stays = partial(
    Indicator,
    theme=Theme.STAY,
    kept=False,
)
_TENURE: Final = (
    _of_stays(
        name="retention",
        unit="ratio",
        is_share=True,
        grain="twelve_months",
        numerator="companies_still_there",
        denominator="companies_whose_contract_ended",
        rows=tenure.retention,
        beside=tenure.ends_counted,
        key=("company",),
        # Whether a company is still hosted is asked of all its rooms.
        dimensions=frozenset({Dimension.SECTOR}),
    ),
    _of_stays(
        name="length_of_stay",
        unit="days",
        grain="twelve_months",
        numerator="stayed_days_of_the_middle",
        denominator="residencies_in_the_middle",
        rows=tenure.length_of_stay,
        beside=tenure.still_there,
        key=("company", "end"),
        causes=causes.medians,
    ),
    _of_stays(
        name="beyond_60_months",
        unit="companies",
        numerator="companies_beyond_60_months",
        rows=tenure.beyond_expected,
        beside=tenure.startups_beyond,
        key=("company",),
        causes=partial(causes.overstaying, months=tenure.EXPECTED_MONTHS),
        # The months are counted from the company's first room, whichever it was.
        dimensions=frozenset({Dimension.SECTOR}),
    ),
    _of_stays(
        name="holding_over",
        unit="companies",
        numerator="companies_holding_over",
        rows=tenure.holding_over,
        beside=tenure.held_over,
        key=("company",),
        causes=causes.overdue,
    ),
)
_of_rents = partial(
    Indicator,
    theme=Theme.RENT,
    key=("letting",),
    about="lease",
    reads=_OF_STAYS,
    local=True,
)
_RENT: Final = (
    _of_rents(
        name="contracted_rent",
        unit="dirhams",
        numerator="contracted_rent_centimes",
        daily=rents.contracted_rent,
        rows=rents.rent_roll,
        causes=causes.rents,
    ),
    _of_rents(
        name="rent_per_m2",
        unit="dirhams_per_m2",
        numerator="contracted_rent_centimes",
        denominator="agreed_centi_m2",
        daily=rents.rent_per_m2,
        rows=rents.rent_per_m2_rows,
        causes=causes.rents,
    ),
    _of_rents(
        name="economic_occupancy",
        unit="ratio",
        is_share=True,
        numerator="contracted_rent_centimes",
        denominator="possible_rent_centimes",
        daily=rents.economic_occupancy,
        rows=rents.economic_occupancy_rows,
        key=("letting", "space"),
        causes=causes.possible_rents,
        # What others have is not free: by tenant there is no rent that could be had.
        dimensions=frozenset({Dimension.BUILDING, Dimension.SPACE_KIND}),
        reads=_OF_SPACE | {Subject.PRICES},
    ),
    _of_rents(
        name="rent_forgone",
        unit="dirhams",
        numerator="forgone_centimes",
        daily=rents.rent_forgone,
        rows=rents.rent_forgone_rows,
        causes=causes.rents,
    ),
    _of_rents(
        name="walt_end",
        unit="days",
        numerator="annual_rent_days_centimes",
        denominator="annual_rent_centimes",
        daily=expiry.walt_end,
        rows=expiry.walt_end_rows,
        causes=partial(causes.time_left, to_exit=False),
        reads=_OF_STAYS | {Subject.NOTICES},
        # An end that is corrected, or made void, was ahead of the days before.
        reach=Reach.ANY,
    ),
    _of_rents(
        name="walt_exit",
        unit="days",
        numerator="annual_rent_days_centimes",
        denominator="annual_rent_centimes",
        daily=expiry.walt_exit,
        rows=expiry.walt_exit_rows,
        causes=partial(causes.time_left, to_exit=True),
        reads=_OF_STAYS | {Subject.NOTICES},
        # An end that is corrected, or made void, was ahead of the days before.
        reach=Reach.ANY,
    ),
)
_of_invoices = partial(
    Indicator,
    theme=Theme.MONEY,
    unit="dirhams",
    key=("invoice_id",),
    about="invoice",
)
_MONEY: Final = (
    _of_invoices(
        name="billed_rent",
        grain="twelve_months",
        numerator="billed_centimes",
        daily=money.billed_rent,
        rows=money.billed_rent_rows,
        causes=causes.billed,
        reach=Reach.WINDOW,
        # Kept: nothing is ever issued under a day that is over.
        reads=frozenset({Subject.INVOICES}),
        local=True,
    ),
    _of_invoices(
        name="arrears",
        numerator="late_centimes",
        daily=money.arrears,
        rows=money.arrears_rows,
        causes=causes.late,
        # A payment settles an invoice, not a room of it.
        dimensions=frozenset({Dimension.SECTOR}),
        # What is paid may be entered long after it came.
        kept=False,
    ),
)

INDICATORS: Final[Mapping[str, Indicator]] = MappingProxyType(
    {
        indicator.name: indicator
        for indicator in (*_PEOPLE, *_SUCCESS, *_TENURE, *_RENT, *_MONEY, *_ADMISSION)
    }
)
