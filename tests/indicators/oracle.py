"""The indicators once more, slowly: sets and loops over days, written apart from the engine.

It shares no arithmetic with it; only the shape of the answer (Figure, Movements) is the same.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import cache

from core.periods import Period
from indicators.asking import Movements
from indicators.choices import MILESTONES
from indicators.figure import Figure
from indicators.tables import OPEN
from tests.indicators.books import FIRST, HORIZON, Book
from tests.indicators.fates import success

DAYS = range(FIRST, HORIZON + 1)
OF_NAME = {milestone.name: milestone for milestone in MILESTONES}
STATES = (
    "hosted",
    "ever_hosted",
    "occupancy_area",
    "occupancy_unit",
    "occupancy_company",
    *OF_NAME,
)
MOVES = ("entries", "exits", "turnover", "departure_rate")


def year_before(day: int) -> int:
    """The first of the twelve months that end with the day."""
    after = dt.date.fromordinal(day + 1)
    try:
        return after.replace(year=after.year - 1).toordinal()
    except ValueError:
        return dt.date(after.year - 1, 2, 28).toordinal()


def quotient(numerator: int, denominator: Fraction) -> Decimal | None:
    if denominator == 0:
        return None
    exact = Fraction(numerator) / denominator
    with localcontext() as context:
        context.prec = 80
        value = Decimal(exact.numerator) / Decimal(exact.denominator)
        return value.quantize(Decimal("0.000001"), ROUND_HALF_UP)


class Oracle:
    """Answers for one book; a site by its id, None for the network."""

    names = (*STATES, *MOVES)

    def __init__(self, book: Book, gap_days: int = 0) -> None:
        self.book = book
        self.gap = gap_days
        self.companies = cache(self._companies)
        self.residencies = cache(self._residencies)

    # Companies

    def _companies(self, day: int, site: int | None, hosted: bool = True) -> frozenset[int]:
        return frozenset(
            company
            for _, company, at, _, start, end, counts, *_ in self.book.stays
            if bool(counts) == hosted and site in (None, at) and start <= day < end
        )

    def _residencies(
        self, site: int | None, hosted: bool = True, gap: int = 0
    ) -> list[tuple[int, int, int | None]]:
        """(company, first day, last day or None while open-ended)."""
        found: list[tuple[int, int, int | None]] = []
        for company in sorted({row[1] for row in self.book.stays}):
            days = [day for day in DAYS if company in self.companies(day, site, hosted)]
            runs: list[list[int]] = []
            for day in days:
                if runs and day - runs[-1][1] - 1 <= gap:
                    runs[-1][1] = day
                else:
                    runs.append([day, day])
            found += [(company, a, None if b == HORIZON else b) for a, b in runs]
        return found

    def presences(self, day: int) -> int:
        return sum(len(self.companies(day, site)) for site, _, _ in self.book.sites)

    def ever(self, day: int, site: int | None, hosted: bool = True) -> int:
        return len({row[0] for row in self.residencies(site, hosted) if row[1] <= day})

    # Spaces

    def spaces(self, day: int, site: int | None, group: int | None = None) -> dict[str, list[int]]:
        """Areas (0 when unmeasured) of the lettable spaces: all, out of service, let, held."""
        found: dict[str, list[int]] = {"all": [], "out": [], "let": [], "held": []}
        for space, at, unit_group, *_ in self.book.spaces:
            if site not in (None, at) or group not in (None, unit_group):
                continue
            if not any(row[0] == space and row[1] <= day < row[2] for row in self.book.lettable):
                continue
            area = 0
            for row in self.book.measures:
                if row[0] == space and row[1] <= day < row[2]:
                    area = row[3]
            found["all"].append(area)
            out = any(r[0] == space and r[1] <= day < r[2] for r in self.book.out_of_service)
            let = any(r[3] == space and r[4] <= day < r[5] for r in self.book.stays)
            held = any(
                one == space and day < end and made <= day < over
                for one, _start, end, made, over in self.book.holds
            )
            for kind, is_so in {"out": out, "let": let, "held": held and not (out or let)}.items():
                if is_so:
                    found[kind].append(area)
        return found

    def placed(self, day: int, site: int | None) -> int:
        inside = {row[0] for row in self.book.spaces if site in (None, row[1])}
        return sum(1 for row in self.book.stays if row[3] in inside and row[4] <= day < row[5])

    # States of a day: (numerator, denominator, beside)

    def state(self, name: str, site: int | None, day: int) -> tuple[int, int, dict[str, int]]:
        if name in OF_NAME:
            return success(self, OF_NAME[name], site, day)
        answer: tuple[int, int, dict[str, int]] = getattr(self, "_" + name)(site, day)
        return answer

    def _hosted(self, site: int | None, day: int) -> tuple[int, int, dict[str, int]]:
        count = len(self.companies(day, site))
        beside = {"others": len(self.companies(day, site, False))}
        if site is None:
            beside["overlap"] = self.presences(day) - count
        return count, 0, beside

    def _ever_hosted(self, site: int | None, day: int) -> tuple[int, int, dict[str, int]]:
        count = self.ever(day, site)
        beside = {"others": self.ever(day, site, False)}
        if site is None:
            beside["overlap"] = sum(self.ever(day, row[0]) for row in self.book.sites) - count
        return count, 0, beside

    def _occupancy_area(self, site: int | None, day: int) -> tuple[int, int, dict[str, int]]:
        areas = self.spaces(day, site)
        counted = sum(1 for area in areas["let"] if area)
        beside = {
            "held_centi_m2": sum(areas["held"]),
            "out_of_service_centi_m2": sum(areas["out"]),
            "lettings_without_area": self.placed(day, site) - counted,
        }
        return sum(areas["let"]), sum(areas["all"]) - sum(areas["out"]), beside

    def _occupancy_unit(self, site: int | None, day: int) -> tuple[int, int, dict[str, int]]:
        offices, desks = self.spaces(day, site, 1), self.spaces(day, site, 2)
        beside = {
            "held": len(offices["held"]),
            "out_of_service": len(offices["out"]),
            "desks_let": len(desks["let"]),
            "desks": len(desks["all"]) - len(desks["out"]),
        }
        return len(offices["let"]), len(offices["all"]) - len(offices["out"]), beside

    def _occupancy_company(self, site: int | None, day: int) -> tuple[int, int, dict[str, int]]:
        present = capacity = without = 0
        open_sites = [
            row[0] for row in self.book.sites if site in (None, row[0]) and row[1] <= day < row[2]
        ]
        for at in open_sites:
            present += len(self.companies(day, at))
            rooms = [r[3] for r in self.book.capacities if r[0] == at and r[1] <= day < r[2]]
            capacity += sum(rooms)
            without += not rooms
        beside = {"open_sites": len(open_sites), "sites_without_capacity": without}
        return present, capacity, beside

    # Moves over [start, end)

    def moves(
        self, name: str, site: int | None, start: int, end: int
    ) -> tuple[int, Fraction | None, dict[str, int]]:
        came_or_left = "came" if name in ("entries", "turnover") else "left"
        days = range(start, end)
        plain = self._moved(came_or_left, site, days, hosted=True, gap=0)
        moved = self._moved(came_or_left, site, days, hosted=True, gap=self.gap)
        others = self._moved(came_or_left, site, days, hosted=False, gap=self.gap)
        beside = {"others": len(others), "bridged": len(plain) - len(moved)}
        if came_or_left == "came":
            earlier = [
                (company, first) for company, first, _ in self.residencies(site, True, self.gap)
            ]
            again = [
                move
                for move in moved
                if any(c == move[0] and first < move[1] for c, first in earlier)
            ]
            beside |= {"new": len(moved) - len(again), "returning": len(again)}
        beside["gap_days"] = self.gap
        if name in ("entries", "exits"):
            return len(moved), None, beside
        company_days = sum(len(self.companies(day, site)) for day in days)
        other_days = sum(len(self.companies(day, site, False)) for day in days)
        beside |= {
            "company_days": company_days,
            "other_company_days": other_days,
            "days": end - start,
        }
        return len(moved), Fraction(company_days, end - start), beside

    def _moved(
        self, what: str, site: int | None, days: range, *, hosted: bool, gap: int
    ) -> list[tuple[int, int]]:
        found = []
        for company, first, last in self.residencies(site, hosted, gap):
            day = first if what == "came" else last
            if day is not None and day in days:
                found.append((company, day))
        return found

    def _has_rate(self, site: int | None, start: int) -> bool:
        opened = [row[1] for row in self.book.sites if site in (None, row[0])]
        return any(day <= start and day != OPEN for day in opened)

    # Whole answers

    def figure(self, name: str, site: int | None, day: int) -> Figure:
        if name in MOVES:
            return self.period_figure(name, site, year_before(day), day + 1)
        numerator, denominator, beside = self.state(name, site, day)
        if name in ("hosted", "ever_hosted"):
            return Figure(numerator, None, Decimal(numerator), beside, None)
        value = quotient(numerator, Fraction(denominator))
        return Figure(numerator, denominator, value, beside, None)

    def period_figure(self, name: str, site: int | None, start: int, end: int) -> Figure:
        window = Period(dt.date.fromordinal(start), dt.date.fromordinal(end))
        if name in STATES:
            states = [self.state(name, site, day) for day in range(start, end)]
            numerator = sum(state[0] for state in states)
            total = sum(state[1] for state in states)
            beside = {code: sum(state[2][code] for state in states) for code in states[0][2]}
            return Figure(numerator, total, quotient(numerator, Fraction(total)), beside, window)
        numerator, average, beside = self.moves(name, site, start, end)
        if average is None:
            return Figure(numerator, None, Decimal(numerator), beside, window)
        value = quotient(numerator, average) if self._has_rate(site, start) else None
        return Figure(numerator, average, value, beside, window)

    def movements(self, site: int | None, start: int, end: int) -> Movements:
        _, _, came = self.moves("entries", site, start, end)
        left, _, _ = self.moves("exits", site, start, end)

        def remaining(day: int) -> int:
            """In before the day, and not gone by the end of the day before."""
            return sum(
                1
                for _, first, last in self.residencies(site, True, self.gap)
                if first < day and (last is None or last >= day)
            )

        return Movements(
            opening=remaining(start),
            entries=came["new"] + came["returning"],
            new=came["new"],
            returning=came["returning"],
            exits=left,
            closing=remaining(end),
            gap_days=self.gap,
        )
