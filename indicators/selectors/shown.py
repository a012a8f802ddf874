"""Figures and rows as people read them: names for ids, m² and dirhams for hundredths."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.db.models import Model

from applications.models import Application
from billing.models import Invoice
from core.periods import Period
from indicators.contributions import NONE, Rows
from indicators.figure import DECIMALS, Figure, Indicator
from indicators.rounding import adding_up, half_up
from indicators.selectors.loading import STATUSES
from indicators.tables import NEVER, OPEN
from leases.models import Letting
from sites.models import Site, Space
from tenants.choices import DeclaredStatus
from tenants.models import Company

Told = Decimal | dt.date | str | DeclaredStatus | None
"""What is told of a row beside its figures."""

EVERY: Final = slice(None)

RECORDS: Final[Mapping[str, tuple[type[Model], str]]] = {
    "application_id": (Application, "reference"),
    "invoice_id": (Invoice, "number"),
}
"""Records that rows name in `more`, by code: the model, and the field that people know it by."""


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure as pages, API and shell show it; areas in m², money in dirhams, averages with their
    decimals.

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

    `more` is what else is told of it, by code (`contributions.Rows`): days, amounts in dirhams,
    areas in m², `outcome` as a status, and records by the name that people know; `records` has
    their ids.
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
    more: Mapping[str, Told]
    records: Mapping[str, int]


def shown_figure(indicator: Indicator, site: str | None, on: dt.date, exact: Figure) -> ShownFigure:
    return ShownFigure(
        name=indicator.name,
        site=site,
        on=on,
        value=exact.value,
        numerator=plain(exact.numerator, indicator.numerator),
        denominator=(
            None if exact.denominator is None else plain(exact.denominator, indicator.denominator)
        ),
        unit=indicator.unit,
        version=indicator.version,
        numerator_code=indicator.numerator,
        denominator_code=indicator.denominator,
        # In m² and dirhams from here on, so the code no longer says hundredths.
        beside={shown_code(code): plain(count, code) for code, count in exact.beside.items()},
        window=exact.window,
    )


def shown_code(code: str) -> str:
    shown = code.replace("centi_m2", "m2").replace("centimes", "dirhams")
    return shown.removesuffix("_ten_thousandths")


def shown_rows(
    indicator: Indicator,
    every: Rows,
    sites: Iterable[Site],
    page: slice = EVERY,
    *,
    reader: Any = None,
) -> list[ShownRow]:
    """The rows of the page with the names of what they are about: a query for each sort of record
    there is. What all of them add up to is the figure's, to the last decimal.

    A file or an invoice that the `reader` may not see (who has declared a conflict sees nothing of
    the file) counts without its name; None: the system.
    """
    denominators = _denominators(indicator, every)[page]
    found = every.only(page)
    code_of = {site.pk: site.code for site in sites}
    companies = _names(Company, "name", found.company.tolist())
    spaces = _names(Space, "code", found.space.tolist())
    lettings = {
        letting: (lease, number)
        for letting, lease, number in Letting.objects.filter(
            pk__in=_wanted(found.letting.tolist())
        ).values_list("pk", "lease_id", "lease__number")
    }
    told, records = _more(found, reader)
    columns = (
        found.letting,
        found.company,
        found.site,
        found.space,
        found.start,
        found.end,
        found.numerator,
    )
    shown = []
    lines = zip(*(column.tolist() for column in columns), strict=True)
    for index, line in enumerate(lines):
        letting, company, site, space, start, end, numerator = line
        lease_id, lease = lettings.get(letting, (None, None))
        shown.append(
            ShownRow(
                company_id=company if company != NONE else None,
                company=companies.get(company),
                site=code_of.get(site),
                space_id=space if space != NONE else None,
                space=spaces.get(space),
                lease_id=lease_id,
                lease=lease,
                start=dt.date.fromordinal(start),
                last_day=None if end >= OPEN else dt.date.fromordinal(end - 1),
                numerator=plain(numerator, indicator.numerator),
                denominator=denominators[index],
                more={shown_code(code): values[index] for code, values in told.items()},
                records={code: ids[index] for code, ids in records.items() if ids[index] != NONE},
            )
        )
    return shown


def _more(
    found: Rows, reader: Any
) -> tuple[Mapping[str, Sequence[Told]], Mapping[str, Sequence[int]]]:
    """What else is told of the rows, by code; and the ids of the records among it, NONE where the
    reader may not see one."""
    told: dict[str, Sequence[Told]] = {}
    records: dict[str, Sequence[int]] = {}
    for code, column in found.more.items():
        ids = column.tolist()
        if code in RECORDS:
            names = _names(*RECORDS[code], ids, reader=reader)
            told[code] = [names.get(pk) for pk in ids]
            records[code] = [pk if pk in names else NONE for pk in ids]
        else:
            told[code] = _told(code, ids)
    return told, records


def _denominators(indicator: Indicator, found: Rows) -> Sequence[Decimal | None]:
    if indicator.denominator is None:
        return [None] * len(found)
    return adding_plain(found.denominator.tolist(), found.scale * hundredths(indicator.denominator))


def adding_plain(parts: Sequence[int], one: int, decimals: int = DECIMALS) -> list[Decimal]:
    """The fractions part ÷ one: whole numbers as such, others to so many decimals, adding up."""
    return [
        rounded if part % one else Decimal(part // one)
        for part, rounded in zip(parts, adding_up(parts, one, decimals), strict=True)
    ]


def hundredths(code: str | None) -> int:
    """How many of what the code counts make a m² or a dirham; 1 for what is neither."""
    return 100 if code is not None and "centi" in code else 1


def plain(exact: int | Fraction, code: str | None) -> Decimal:
    """Areas and money from hundredths to m² and dirhams; an average to six decimals."""
    if code is not None and "centi" in code:
        if isinstance(exact, int) and exact % 100:
            return Decimal(exact).scaleb(-2)
        exact = Fraction(exact, 100)
    if isinstance(exact, int):
        return Decimal(exact)
    if exact.denominator == 1:
        return Decimal(exact.numerator)
    return half_up(exact, DECIMALS)


def _told(code: str, column: Sequence[int]) -> Sequence[Told]:
    if code == "outcome":
        return [STATUSES[status] for status in column]
    if code.endswith("_on"):
        return [dt.date.fromordinal(day) if NEVER < day < OPEN else None for day in column]
    if code.endswith("_ten_thousandths"):
        return [Decimal(value).scaleb(-4) if value != NONE else None for value in column]
    if code.endswith(("_centimes", "_centi_m2")):
        return [plain(value, code) if value != NONE else None for value in column]
    return [plain(value, code) for value in column]


def _names(
    model: type[Model], field: str, ids: Iterable[int], *, reader: Any = None
) -> dict[int, str]:
    rows: Any = model._default_manager.filter(pk__in=_wanted(ids))
    if reader is not None:
        rows = rows.visible_to(reader)
    found: dict[int, str] = dict(rows.values_list("pk", field))
    return found


def _wanted(ids: Iterable[int]) -> set[int]:
    return {pk for pk in ids if pk != NONE}
