"""A list of dated stays, imported as people do: the figures are those counted from the file.

The list is made up, and has what real ones have: renewals, moves within a site and between sites,
second rooms, companies that come back, names spelt in several ways, other tenants among the hosted.
One space a stay. `make test` imports a thousand stays, `make torture` ten times as many.
"""

import csv
import datetime as dt
import io
import os
import random
from collections import Counter
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import pytest
from django.core.management import call_command

from core.database import count_rows
from core.periods import Period
from indicators.selectors.network import Network
from tests.factories import scene

pytestmark = pytest.mark.django_db

OPENED: Final = {
    "CAS": dt.date(2001, 10, 1),
    "RAB": dt.date(2012, 3, 1),
    "TNG": dt.date(2015, 9, 1),
}
HOSTED: Final = {"startup", "sme", "large"}
YEARS: Final = range(2001, 2026)
ONE_DAY: Final = dt.timedelta(days=1)
STILL_THERE: Final = dt.date(2025, 6, 30)
COMPANIES: Final = 450
MANY: Final = 4500 if os.environ.get("TORTURE") == "full" else 900


class Stay(NamedTuple):
    """A row of the file, its last day included."""

    company: str
    site: str
    kind: str
    first: dt.date
    last: dt.date | None


def made_up(companies: int) -> list[Stay]:
    """Two or three stays a company; the same ones every time."""
    chance = random.Random(2001)
    found: list[Stay] = []
    for number in range(companies):
        kind = chance.choices(
            ["startup", "sme", "large", "coworking", "support"], [60, 25, 5, 7, 3]
        )[0]
        site = chance.choice(list(OPENED))
        day = OPENED[site] + (STILL_THERE - OPENED[site]) * chance.random()
        while True:
            last = day + dt.timedelta(days=chance.choice([30, 364, 364, 729, 1094, 1500]))
            if last > STILL_THERE:
                found.append(Stay(f"Atlas Démo {number}", site, kind, day, None))
                break
            found.append(Stay(f"Atlas Démo {number}", site, kind, day, last))
            if chance.random() < 0.2:  # a second room beside
                found.append(Stay(f"ATLAS DEMO {number}", site, kind, day + ONE_DAY * 20, last))
            if chance.random() < 0.4:
                break
            # The next begins the day after, earlier, or after an absence; sometimes elsewhere.
            day = last + ONE_DAY * chance.choice([1, 1, 1, -9, 2, 90, 500])
            if chance.random() < 0.3:
                site = chance.choice([one for one in OPENED if OPENED[one] <= day])
            if kind == "startup" and chance.random() < 0.2:
                kind = "sme"
    return found


def as_files(stays: list[Stay], folder: Path) -> tuple[Path, Path]:
    """The file of spaces, and that of leases with days as people write them."""
    spaces, leases = io.StringIO(), io.StringIO()
    room, lease = csv.writer(spaces, delimiter=";"), csv.writer(leases, delimiter=";")
    room.writerow(["site", "building", "floor", "code", "kind", "area_m2", "lettable_from"])
    lease.writerow(["number", "site", "company", "space", "start", "end", "rate_per_m2", "kind"])
    for number, stay in enumerate(stays):
        code = f"B{number}"
        room.writerow([stay.site, "A", "1", code, "office", "20", OPENED[stay.site].isoformat()])
        last = f"{stay.last:%d/%m/%Y}" if stay.last else ""
        row = [stay.site, stay.company, code, stay.first.isoformat(), last, "50", stay.kind]
        lease.writerow([f"OLD-{number}", *row])
    paths = folder / "spaces.csv", folder / "leases.csv"
    for path, file in zip(paths, (spaces, leases), strict=True):
        path.write_text(file.getvalue(), encoding="utf-8")
    return paths


class Counted:
    """What the file says, counted row by row."""

    def __init__(self, path: Path, site: str | None) -> None:
        of: dict[str, list[tuple[dt.date, dt.date]]] = {}
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter=";"):
            if row["kind"] in HOSTED and site in (None, row["site"]):
                last = dt.date.max
                if row["end"]:
                    last = dt.datetime.strptime(row["end"], "%d/%m/%Y").date()
                days = (dt.date.fromisoformat(row["start"]), last)
                of.setdefault(row["company"].lower().replace("é", "e"), []).append(days)
        self.of = {company: _joined(sorted(days)) for company, days in of.items()}
        self.every = [stay for stays in self.of.values() for stay in stays]

    def hosted(self, day: dt.date) -> int:
        return sum(any(a <= day <= b for a, b in stays) for stays in self.of.values())

    def ever(self, day: dt.date) -> int:
        return sum(stays[0][0] <= day for stays in self.of.values())

    def medians(self) -> dict[int, float]:
        lengths: dict[int, list[int]] = {}
        for first, last in self.every:
            lengths.setdefault(last.year, []).append((last - first).days + 1)
        return {year: median(days) for year, days in lengths.items()}


def _joined(days: list[tuple[dt.date, dt.date]]) -> list[tuple[dt.date, dt.date]]:
    found = [days[0]]
    for first, last in days[1:]:
        before_first, before_last = found[-1]
        if before_last == dt.date.max or first <= before_last + ONE_DAY:
            found[-1] = (before_first, max(before_last, last))
        else:
            found.append((first, last))
    return found


def _imported(companies: int, folder: Path) -> Path:
    for code, opened in OPENED.items():
        scene.site(code, opened=opened)
    spaces, leases = as_files(made_up(companies), folder)
    call_command("import_data", "spaces", str(spaces), stdout=io.StringIO())
    count_rows()  # as the database does by itself once rows are committed
    call_command("import_data", "leases", str(leases), "--create-companies", stdout=io.StringIO())
    count_rows()
    return leases


def _agrees_with(path: Path) -> None:
    network = Network()
    years = [Period(dt.date(year, 1, 1), dt.date(year + 1, 1, 1)) for year in YEARS]
    ends = [dt.date(year, 12, 31) for year in YEARS]
    for site in (None, *OPENED):
        counted = Counted(path, site)
        hosted = [int(one.numerator) for one in network.figures("hosted", ends, site)]
        assert hosted == [counted.hosted(day) for day in ends], site
        ever = [int(one.numerator) for one in network.figures("ever_hosted", ends, site)]
        assert ever == [counted.ever(day) for day in ends], site
        for name, at in (("entries", 0), ("exits", 1)):
            of_years = Counter(stay[at].year for stay in counted.every)
            moves = [int(one.numerator) for one in network.over_periods(name, years, site)]
            assert moves == [of_years[year] for year in YEARS], (name, site)
        lengths = network.over_periods("length_of_stay", years, site)
        told = {year: one.value for year, one in zip(YEARS, lengths, strict=True)}
        medians = counted.medians()
        assert told == {year: medians.get(year) for year in YEARS}, site
        by_year = network.profile("movements_by_year", ends[-1], site)
        closing = dict(zip(by_year.keys, by_year.values["closing"].tolist(), strict=True))
        # At a year's end, whoever leaves on its last day has left.
        assert closing == {
            day.year: counted.hosted(day + ONE_DAY)
            - sum(stay[0] == day + ONE_DAY for stay in counted.every)
            for day in ends
            if day.year in closing
        }, site


def test_figures_are_those_counted_from_the_file(tmp_path: Path) -> None:
    _agrees_with(_imported(COMPANIES, tmp_path))


@pytest.mark.torture
def test_figures_of_a_network_of_a_quarter_century(tmp_path: Path) -> None:
    _agrees_with(_imported(MANY, tmp_path))


def test_the_list_has_what_real_ones_have() -> None:
    """More than a thousand stays; renewed, moved, overlapping, returned, still there."""
    stays = made_up(COMPANIES)
    of: dict[str, list[Stay]] = {}
    for stay in sorted(stays, key=lambda stay: stay.first):
        of.setdefault(stay.company.lower().replace("é", "e"), []).append(stay)
    pairs = [pair for rows in of.values() for pair in pairwise(rows)]
    gaps = [(other.first - one.last).days for one, other in pairs if one.last is not None]
    assert len(stays) > 1000
    assert all(
        count > 20
        for count in (
            gaps.count(1),
            sum(gap <= 0 for gap in gaps),
            sum(gap > 1 for gap in gaps),
            sum(one.site != other.site for one, other in pairs),
            sum(stay.last is None for stay in stays),
            sum(stay.kind not in HOSTED for stay in stays),
        )
    )
