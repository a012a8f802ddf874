"""Figures as of any day, computed from the lettings: load the network once, ask it many times."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput
from core.periods import Period, month_ends, today
from indicators import formulas
from indicators.figure import Indicator
from indicators.formulas import INDICATORS
from indicators.portfolio import Portfolio
from indicators.rows import NONE
from indicators.rows import rows as engine_rows
from indicators.tables import (
    ACQUIRED,
    CLOSED,
    COMMON,
    DESK,
    MERGED,
    NEVER,
    OFFICE,
    OPEN,
    TRADING,
    UNKNOWN,
    Capacities,
    Declarations,
    Measures,
    Sites,
    SpacePeriods,
    Spaces,
    Stays,
)
from leases.choices import COUNTING_STATES
from leases.models import Letting
from sites.choices import HOSTED_KINDS, SpaceKind
from sites.models import Site, Space
from tenants.choices import DeclaredStatus
from tenants.models import Company, Declaration

_UNITS: Final = [SpaceKind.OFFICE, SpaceKind.OPEN_FLOOR, SpaceKind.SHOP, SpaceKind.STORAGE]
_STATUSES: Final = {
    UNKNOWN: DeclaredStatus.UNKNOWN,
    TRADING: DeclaredStatus.TRADING,
    MERGED: DeclaredStatus.MERGED,
    ACQUIRED: DeclaredStatus.ACQUIRED,
    CLOSED: DeclaredStatus.CLOSED,
}
MOST_POINTS: Final = 4000


class UnknownIndicator(DomainError):
    code = "unknown_indicator"
    text = _("There is no indicator « %(name)s ». Known: %(known)s.")
    status = 404


class BadSeries(InvalidInput):
    code = "bad_series"
    text = _("The series must end after it starts and have at most %(most)s points.")


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure as pages, API and shell show it; areas in m², averages with their decimals.

    `site` is a site's code, None for the network. `window` is what it was counted over.
    """

    name: str
    site: str | None
    on: dt.date
    value: Decimal | None
    numerator: Decimal
    denominator: Decimal | None
    unit: str
    version: int
    numerator_code: str
    denominator_code: str | None
    beside: Mapping[str, Decimal]
    window: Period | None


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row behind a figure, with what it adds to numerator and denominator.

    `outcome` is what became of the company, None where the indicator does not ask; `declared_on`
    the day for which that was declared, None where it follows from its being hosted.
    """

    company_id: int | None
    company: str | None
    site: str | None
    space_id: int | None
    space: str | None
    lease_id: int | None
    lease: str | None
    start: dt.date
    last_day: dt.date | None
    numerator: Decimal
    denominator: Decimal | None
    outcome: DeclaredStatus | None
    declared_on: dt.date | None


class Network:
    """The whole network loaded once: seven queries, then any number of figures.

    One more, once, for the first figure that asks what became of companies.
    """

    def __init__(self) -> None:
        self.sites: dict[str, Site] = {site.code: site for site in Site.objects.order_by("id")}
        self.portfolio = load_portfolio(self.sites.values())

    def figure(self, name: str, on: dt.date, site: str | None = None) -> ShownFigure:
        """One indicator on one day, at a site (by code) or in the network (None)."""
        return self.figures(name, [on], site)[0]

    def figures(
        self, name: str, days: Sequence[dt.date], site: str | None = None
    ) -> list[ShownFigure]:
        """The same on many days, by sets: no loop over days and lettings."""
        indicator = _indicator(name)
        series = formulas.series(
            self.portfolio, name, self._site_id(site), [day.toordinal() for day in days]
        )
        by_code = {"numerator": indicator.numerator, "denominator": indicator.denominator}
        return [
            ShownFigure(
                name=name,
                site=site,
                on=day,
                value=figure.value,
                numerator=_shown(figure.numerator, by_code["numerator"]),
                denominator=(
                    None
                    if figure.denominator is None
                    else _shown(figure.denominator, by_code["denominator"])
                ),
                unit=indicator.unit,
                version=indicator.version,
                numerator_code=indicator.numerator,
                denominator_code=indicator.denominator,
                # In m² from here on, so the code no longer says hundredths.
                beside={
                    code.replace("centi_m2", "m2"): _shown(count, code)
                    for code, count in figure.beside.items()
                },
                window=figure.window,
            )
            for day, figure in zip(days, series.figures(), strict=True)
        ]

    def rows(self, name: str, on: dt.date, site: str | None = None) -> list[ShownRow]:
        """What stands behind the figure; numerators and denominators add up to it."""
        indicator = _indicator(name)
        found = engine_rows(self.portfolio, name, self._site_id(site), on.toordinal())
        companies = _names(Company, found.company)
        sites = {place.pk: place.code for place in self.sites.values()}
        lettings = {
            letting.pk: letting
            for letting in Letting.objects.filter(
                pk__in={int(pk) for pk in found.letting if pk != NONE}
            ).select_related("lease", "space")
        }
        spaces = _names(Space, found.space)
        shown = []
        for index in range(len(found)):
            letting = lettings.get(int(found.letting[index]))
            space = int(found.space[index])
            company = int(found.company[index])
            end = int(found.end[index])
            shown.append(
                ShownRow(
                    company_id=company if company != NONE else None,
                    company=companies.get(company),
                    site=sites.get(int(found.site[index])),
                    space_id=space if space != NONE else None,
                    space=spaces.get(space),
                    lease_id=letting.lease_id if letting else None,
                    lease=letting.lease.number if letting else None,
                    start=dt.date.fromordinal(int(found.start[index])),
                    last_day=None if end >= OPEN else dt.date.fromordinal(end - 1),
                    numerator=_shown(int(found.numerator[index]), indicator.numerator),
                    denominator=(
                        None
                        if indicator.denominator is None
                        else _shown(
                            Fraction(int(found.denominator[index]), found.scale),
                            indicator.denominator,
                        )
                    ),
                    outcome=(
                        None if found.outcome is None else _STATUSES[int(found.outcome[index])]
                    ),
                    declared_on=(
                        None
                        if found.declared_on is None or found.declared_on[index] == NEVER
                        else dt.date.fromordinal(int(found.declared_on[index]))
                    ),
                )
            )
        return shown

    def _site_id(self, code: str | None) -> int | None:
        return None if code is None else self.sites[code].pk


def figure(name: str, on: dt.date, site: str | None = None) -> ShownFigure:
    """One figure; KeyError for an unknown site, UnknownIndicator for an unknown name."""
    return Network().figure(name, on, site)


def points(first: dt.date, last: dt.date, step: str = "month") -> list[dt.date]:
    """The days of a series: every day, or each month's (quarter's, year's) last day, cut at
    `last`. Raises BadSeries."""
    if first > last:
        raise BadSeries(most=MOST_POINTS)
    if step == "day":
        count = (last - first).days + 1
        if count > MOST_POINTS:
            raise BadSeries(most=MOST_POINTS)
        return [first + dt.timedelta(days=index) for index in range(count)]
    if (last.year - first.year) * 12 > MOST_POINTS:
        raise BadSeries(most=MOST_POINTS)
    every = {"month": 1, "quarter": 3, "year": 12}[step]
    return [day for day in month_ends(first, last) if day == last or day.month % every == 0]


def series(
    name: str, first: dt.date, last: dt.date, site: str | None = None, step: str = "month"
) -> list[ShownFigure]:
    return Network().figures(name, points(first, last, step), site)


def rows(name: str, on: dt.date, site: str | None = None) -> list[ShownRow]:
    return Network().rows(name, on, site)


def load_portfolio(sites: Iterable[Site]) -> Portfolio:
    """Every table the indicators see, as numpy columns."""
    return Portfolio(
        stays=Stays.of(_stays()),
        measures=Measures.of(
            _query(
                f"{_LEAVES} SELECT space_id, {_FROM_TO}, (area_m2 * 100)::bigint "  # noqa: S608
                "FROM sites_measure JOIN leaf ON leaf.id = space_id"
            )
        ),
        lettable=SpacePeriods.of(
            _query(
                f"{_LEAVES} SELECT space_id, {_FROM_TO} "  # noqa: S608
                "FROM sites_lettableperiod JOIN leaf ON leaf.id = space_id"
            )
        ),
        out_of_service=SpacePeriods.of(
            _query(
                f"SELECT space_id, {_FROM_TO} FROM sites_booking "  # noqa: S608
                "WHERE kind = 'out_of_service'"
            )
        ),
        spaces=Spaces.of(_spaces()),
        capacities=Capacities.of(
            _query(
                f"SELECT site_id, {_FROM_TO}, companies FROM sites_sitecapacity"  # noqa: S608
            )
        ),
        sites=Sites.of((site.pk, _day(site.opened_on), _day(site.closed_on)) for site in sites),
        fetch_declarations=_declarations,
    )


_LEAVES: Final = (
    "WITH leaf AS (SELECT id, site_id, kind FROM sites_space AS space WHERE NOT EXISTS "
    "(SELECT 1 FROM sites_space AS unit WHERE unit.parent_id = space.id)) "
)


def _day(day: dt.date | None) -> int:
    return OPEN if day is None else day.toordinal()


def _ordinal(day: str) -> str:
    """The SQL of a day's ordinal, `OPEN` for NULL: made there, where no object is built for it."""
    return f"coalesce({day} - DATE '0001-01-01' + 1, {OPEN})"


_FROM_TO: Final = f"{_ordinal('lower(period)')}, {_ordinal('upper(period)')}"


def _query(sql: str, params: Sequence[Any] = ()) -> list[tuple[int, ...]]:
    """Rows of whole numbers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[int, ...]] = cursor.fetchall()
    return found


def _stays() -> list[tuple[int, ...]]:
    """Counting lettings with the end they really have.

    A lease that was handed over and has passed its end without an exit holds over: its lettings
    that ran to the end last, until somebody ends it.
    """
    left = (
        "CASE WHEN lease.state = 'active' AND upper(lease.period) <= %s"
        " AND upper(letting.period) >= upper(lease.period)"
        " THEN greatest(upper(letting.period), %s + 1) ELSE upper(letting.period) END"
    )
    return _query(
        f"""
        SELECT letting.id, lease.company_id, lease.site_id, coalesce(letting.space_id, -1),
               {_ordinal("lower(letting.period)")}, {_ordinal(left)},
               (letting.tenant_kind = ANY(%s))::int
          FROM leases_letting AS letting JOIN leases_lease AS lease ON lease.id = letting.lease_id
         WHERE lease.state = ANY(%s)
        """,  # noqa: S608  our own words only
        [today(), today(), [str(kind) for kind in HOSTED_KINDS], [str(s) for s in COUNTING_STATES]],
    )


def _spaces() -> list[tuple[int, ...]]:
    groups = "CASE WHEN kind = 'desk' THEN %s WHEN kind = ANY(%s) THEN %s ELSE %s END"
    return _query(
        f"{_LEAVES}SELECT id, site_id, {groups} FROM leaf",  # noqa: S608  our own words only
        [DESK, [str(kind) for kind in _UNITS], OFFICE, COMMON],
    )


def _declarations() -> Declarations:
    """What stands, in the order it was made."""
    code = {str(status): number for number, status in _STATUSES.items()}
    made = Declaration.objects.in_force().order_by("id").values_list("company_id", "on", "status")
    return Declarations.of((company, on.toordinal(), code[status]) for company, on, status in made)


def _indicator(name: str) -> Indicator:
    indicator = INDICATORS.get(name)
    if indicator is None:
        raise UnknownIndicator(name=name, known=", ".join(INDICATORS))
    return indicator


def _shown(exact: int | Fraction, code: str | None) -> Decimal:
    """Areas from hundredths to m²; an average to six decimals."""
    if code is not None and "centi_m2" in code:
        exact = Fraction(exact, 100)
    if isinstance(exact, int):
        return Decimal(exact)
    if exact.denominator == 1:
        return Decimal(exact.numerator)
    quotient = Decimal(exact.numerator) / Decimal(exact.denominator)
    return quotient.quantize(Decimal("0.000001"))


def _names(model: type[Model], ids: Iterable[int]) -> dict[int, str]:
    field = "name" if model is Company else "code"
    wanted = {int(pk) for pk in ids if pk != NONE}
    found: dict[int, str] = dict(
        model._default_manager.filter(pk__in=wanted).values_list("pk", field)
    )
    return found
