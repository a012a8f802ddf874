"""What must hold of every network: one check a rule, run on random cases by the tests."""

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from indicators.asking import figure, movements, period_figure, period_rows, rows, series
from indicators.change import CAUSES, change
from indicators.choices import MILESTONES, Cause, Event
from indicators.contributions import NONE, Rows
from indicators.figure import Figure
from indicators.formulas import INDICATORS
from indicators.profiles import PROFILES, profile
from indicators.tables import NOWHERE
from tests.indicators import oracle_admission, oracle_rents, oracle_stays
from tests.indicators.books import Case
from tests.indicators.fates import fates
from tests.indicators.oracle import MOVES, Oracle, year_before

SUMMED: Final = ("occupancy_area", "occupancy_unit", "occupancy_company", *MOVES)


def lines(found: Rows) -> list[tuple[int, ...]]:
    """(letting, company, site, space, start, end, numerator, denominator) of every row."""
    columns = (
        found.letting,
        found.company,
        found.site,
        found.space,
        found.start,
        found.end,
        found.numerator,
        found.denominator,
    )
    return list(zip(*(column.tolist() for column in columns), strict=True))


def series_are_the_oracles(case: Case) -> None:
    portfolio, oracle = case.book.portfolio(), Oracle(case.book, case.gap_days)
    for site in case.scopes:
        for name in oracle.names:
            found = series(portfolio, name, site, case.days, gap_days=case.gap_days)
            expected = [oracle.figure(name, site, day) for day in case.days]
            assert found.figures() == expected, (name, site)
            assert found.values() == [one.value for one in expected], (name, site)
            if INDICATORS[name].is_share:
                assert all(value is None or value <= 1 for value in found.values()), (name, site)


def admission_is_the_oracles(case: Case) -> None:
    portfolio, (start, end) = case.book.portfolio(), case.period
    for site in case.scopes:
        for name in oracle_admission.NAMES:
            if INDICATORS[name].is_windowed:
                found = period_figure(portfolio, name, site, start, end)
            else:
                found = figure(portfolio, name, site, start)
            expected = oracle_admission.value(case.book, name, site, start, end)
            exact = Fraction(found.numerator) if found.denominator is None else None
            if found.denominator:
                exact = Fraction(found.numerator) / found.denominator
            assert exact == expected, (name, site)
        for day in case.days:
            found_lines = profile(portfolio, "funnel", site, day).values["applications"].tolist()
            expected_lines = oracle_admission.funnel(case.book, site, year_before(day), day + 1)
            assert found_lines == expected_lines


def stays_are_the_oracles(case: Case) -> None:
    """In one check: to draw a network takes as long as to try it."""
    _figures_of_stays(case)
    _profiles_of_stays(case)
    _cohorts_and_balances(case)


def _figures_of_stays(case: Case) -> None:
    portfolio, oracle = case.book.portfolio(), Oracle(case.book, case.gap_days)
    for site in case.scopes:
        for name, slowly in oracle_stays.FIGURES.items():
            for day in (*case.days, *case.days_after):
                low = year_before(day) if INDICATORS[name].is_windowed else day
                found = figure(portfolio, name, site, day, gap_days=case.gap_days)
                value, beside = slowly(oracle, site, low, day + 1)
                exact = Fraction(found.numerator)
                if found.denominator is not None:
                    assert (found.denominator == 0) == (value is None)
                    exact /= found.denominator or 1
                assert (exact, found.beside) == (value or 0, beside), (name, site, day)


def _profiles_of_stays(case: Case) -> None:
    portfolio, oracle = case.book.portfolio(), Oracle(case.book)
    for site in case.scopes:
        for name, slowly in oracle_stays.PROFILES.items():
            for day in (case.days[0], *case.days_after[:2]):
                found = profile(portfolio, name, site, day)
                columns = {code: column.tolist() for code, column in found.values.items()}
                assert set(columns) == set(PROFILES[name].measures)
                told = [{c: columns[c][i] for c in columns} for i in range(len(found.keys))]
                expected = slowly(oracle, site, day)
                assert (list(found.keys), told) == expected[:2], (name, site, day)
                assert found.beside == (expected[2] if len(expected) > 2 else found.beside)


def _cohorts_and_balances(case: Case) -> None:
    """Cohorts hold whoever was ever hosted; a closing is the next opening; no outlook exceeds 1."""
    portfolio, day = case.book.portfolio(), case.days[0]
    for site in case.scopes:
        ever = figure(portfolio, "ever_hosted", site, day).numerator
        cohorts = profile(portfolio, "cohorts_by_year", site, day).values
        assert cohorts["entered"].sum() == ever
        outcomes = cohorts["successful"] + cohorts["closed"] + cohorts["unknown"]
        assert (cohorts["entered"] == cohorts["still_hosted"] + cohorts["left"]).all()
        assert (cohorts["entered"] == outcomes).all()
        for name in ("movements", "movements_by_year"):
            found = profile(portfolio, name, site, day).values
            entries = found["new"] + found["returning"]
            assert (found["opening"] + entries - found["exits"] == found["closing"]).all()
            assert (found["opening"][1:] == found["closing"][:-1]).all()
        ahead = profile(portfolio, "outlook", site, day).values
        assert (ahead["low_millionths"] <= ahead["high_millionths"]).all()
        assert (ahead["high_millionths"] <= 1_000_000).all()


def periods_are_the_oracles(case: Case) -> None:
    portfolio, oracle = case.book.portfolio(), Oracle(case.book, case.gap_days)
    for site in case.scopes:
        for name in SUMMED:
            found = period_figure(portfolio, name, site, *case.period, gap_days=case.gap_days)
            assert found == oracle.period_figure(name, site, *case.period), (name, site)


def movements_agree(case: Case) -> None:
    portfolio, oracle = case.book.portfolio(), Oracle(case.book, case.gap_days)
    for site in case.scopes:
        found = movements(portfolio, site, *case.period, gap_days=case.gap_days)
        assert found == oracle.movements(site, *case.period)
        assert found.opening + found.entries - found.exits == found.closing
        assert found.new + found.returning == found.entries


def no_occupancy_of_space_exceeds_one(case: Case) -> None:
    portfolio = case.book.portfolio()
    for site in case.scopes:
        for name in ("occupancy_area", "occupancy_unit"):
            found = figure(portfolio, name, site, case.days[0])
            assert isinstance(found.denominator, int)
            assert 0 <= found.numerator <= found.denominator


def the_network_adds_its_sites_up(case: Case) -> None:
    """Space and presences are the sums of the sites; companies are, less the overlap."""
    portfolio, day = case.book.portfolio(), case.days[0]
    sites = case.scopes[1:]
    for name in ("occupancy_area", "occupancy_unit", "occupancy_company"):
        whole = figure(portfolio, name, None, day)
        parts = [figure(portfolio, name, site, day) for site in sites]
        assert whole.numerator == sum(part.numerator for part in parts)
        assert whole.denominator == sum(part.denominator or 0 for part in parts)
    for name in ("hosted", "ever_hosted"):
        whole = figure(portfolio, name, None, day)
        added = sum(figure(portfolio, name, site, day).numerator for site in sites)
        assert whole.numerator + whole.beside["overlap"] == added


def rows_add_up(case: Case) -> None:
    portfolio, gap_days = case.book.portfolio(), case.gap_days
    for site in case.scopes:
        for name in INDICATORS:
            for day in case.days:
                whole = figure(portfolio, name, site, day, gap_days=gap_days)
                found = rows(portfolio, name, site, day, gap_days=gap_days)
                assert found.numerator_total == whole.numerator, (name, site)
                assert found.denominator_total == Fraction(whole.denominator or 0), (name, site)
        for name in [name for name, one in INDICATORS.items() if one.is_windowed]:
            whole = period_figure(portfolio, name, site, *case.period, gap_days=gap_days)
            found = period_rows(portfolio, name, site, *case.period, gap_days=gap_days)
            assert found.numerator_total == whole.numerator, (name, site)
            assert found.denominator_total == Fraction(whole.denominator or 0), (name, site)


def changes_add_up(case: Case) -> None:
    """Between two days, and between two long after, on which companies begin to be followed."""
    portfolio, gap_days = case.book.portfolio(), case.gap_days
    pairs = [(min(days), max(days)) for days in (case.days, case.days_after) if days]
    for site in case.scopes:
        for name in INDICATORS:
            for first, last in pairs:
                found = change(portfolio, name, site, first, last, gap_days=gap_days)
                before, after = found.before, found.after
                told = (name, site, first, last)
                assert found.lines.numerator_total == after.numerator - before.numerator, told
                below = Fraction(after.denominator or 0) - Fraction(before.denominator or 0)
                assert found.lines.denominator_total == below, told
                assert found.value == _difference(before, after), told
                effects, sums = found.effects(), found.by_cause()
                if found.value is None:
                    assert effects is None, told
                else:
                    assert effects is not None
                    assert sum(effects, Fraction(0)) == found.value, told
                    by_cause = (one.effect or Fraction(0) for one in sums)
                    assert sum(by_cause, Fraction(0)) == found.value, told
                assert sum(one.numerator for one in sums) == found.numerator, told
                assert sum(one.denominator for one in sums) == found.denominator, told
                assert sum(one.lines for one in sums) == len(found.lines), told


def _difference(before: Figure, after: Figure) -> Fraction | None:
    if before.value is None or after.value is None:
        return None
    if before.denominator is None or after.denominator is None:
        return Fraction(after.value) - Fraction(before.value)
    return Fraction(after.numerator) / after.denominator - before.numerator / Fraction(
        before.denominator
    )


def changes_name_who_came_and_who_left(case: Case) -> None:
    """By the companies of both days, and by what each had been before."""
    book, (first, last) = case.book, (min(case.days), max(case.days))
    portfolio, oracle = book.portfolio(), Oracle(book)
    for site in case.scopes:
        before, after = (oracle.companies(day, site) for day in (first, last))
        others = [oracle.companies(day, site, False) for day in (first, last)]
        known = {row[0] for row in oracle.residencies(site) if row[1] <= first}
        expected = {
            *((Cause.COUNTS_NOW, company) for company in (after - before) & others[0]),
            *((Cause.RETURNED, company) for company in (after - before - others[0]) & known),
            *((Cause.CAME, company) for company in after - before - others[0] - known),
            *((Cause.COUNTS_NO_MORE, company) for company in (before - after) & others[1]),
            *((Cause.LEFT, company) for company in before - after - others[1]),
        }
        found = change(portfolio, "hosted", site, first, last)
        lines = zip(found.cause.tolist(), found.lines.company.tolist(), strict=True)
        assert {(CAUSES[cause], company) for cause, company in lines} == expected, site


def rows_name_the_lettings_that_count(case: Case) -> None:
    book, day = case.book, case.days[0]
    portfolio, oracle = book.portfolio(), Oracle(book)
    of_letting = {row[0]: row for row in book.stays}
    alive = {row[0] for row in book.stays if row[6] and row[4] <= day < row[5]}
    for site in case.scopes:
        behind = rows(portfolio, "hosted", site, day)
        here = {letting for letting in alive if site in (None, of_letting[letting][2])}
        assert sorted(behind.letting.tolist()) == sorted(here)
        counted = behind.company[behind.numerator == 1].tolist()
        assert sorted(counted) == sorted(oracle.companies(day, site))
        for name in ("entries", "exits"):
            for line in lines(rows(portfolio, name, site, day)):
                letting, company, at, space, start, end, _, _ = line
                stay = of_letting[letting]
                assert stay[:4] == (letting, company, at, space)
                assert stay[4] == start if name == "entries" else stay[5] == end
                assert site in (None, at)


def rows_of_space_are_the_spaces_in_service(case: Case) -> None:
    book, day = case.book, case.days[0]
    let = {row[3]: row for row in book.stays if row[3] != NOWHERE and row[4] <= day < row[5]}
    for line in lines(rows(book.portfolio(), "occupancy_area", None, day)):
        letting, company, _, space, start, end, numerator, denominator = line
        if space in let:
            stay = let[space]
            assert (letting, company, start, end) == (stay[0], stay[1], stay[4], stay[5])
            assert numerator == denominator
        else:
            assert (letting, company, numerator) == (NONE, NONE, 0)
            assert start <= day < end


def companies_are_followed_and_known_like_the_oracles(case: Case) -> None:
    """Every company on the days around its milestones: in the figure, and in the rows."""
    portfolio, oracle = case.book.portfolio(), Oracle(case.book)
    for site in case.scopes:
        for milestone in MILESTONES:
            found = series(portfolio, milestone.name, site, case.days_after)
            at_entry = milestone.event is Event.ENTRY
            for day, one in zip(case.days_after, found.figures(), strict=True):
                expected = fates(oracle, milestone, site, day)
                behind = rows(portfolio, milestone.name, site, day)
                event = behind.start if at_entry else behind.end - 1
                columns = (
                    behind.company,
                    event,
                    behind.more["outcome"],
                    behind.more["declared_on"],
                )
                told = list(zip(*(column.tolist() for column in columns), strict=True))
                assert sorted(told) == expected, (milestone, site, day)
                parts = (behind.numerator_total, behind.denominator_total)
                assert parts == (one.numerator, one.denominator)
                assert len(behind) == behind.denominator_total + one.beside["unknown"]


def rent_and_money_are_the_oracles(case: Case) -> None:
    """Figures, and the lines of their profiles."""
    portfolio, (start, end) = case.book.portfolio(), case.period
    for site in case.scopes:
        for name in oracle_rents.NAMES:
            found = series(portfolio, name, site, case.days).figures()
            assert found == [
                oracle_rents.figure(case.book, name, site, day) for day in case.days
            ], name
        over = period_figure(portfolio, "billed_rent", site, start, end)
        assert over == oracle_rents.billed_rent(case.book, site, start, end)
        for day in case.days:
            for name in oracle_rents.PROFILES:
                lines = profile(portfolio, name, site, day)
                columns = [column.tolist() for column in lines.values.values()]
                listed = dict(zip(lines.keys, zip(*columns, strict=True), strict=True))
                expected = oracle_rents.lines(case.book, name, site, day)
                assert ({k: v for k, v in listed.items() if any(v)}, lines.beside) == expected, name


OF_FIGURES: Final[tuple[Callable[[Case], None], ...]] = (
    series_are_the_oracles,
    admission_is_the_oracles,
    stays_are_the_oracles,
    rent_and_money_are_the_oracles,
    periods_are_the_oracles,
    movements_agree,
    no_occupancy_of_space_exceeds_one,
    the_network_adds_its_sites_up,
    companies_are_followed_and_known_like_the_oracles,
)
OF_ROWS: Final[tuple[Callable[[Case], None], ...]] = (
    rows_add_up,
    changes_add_up,
    changes_name_who_came_and_who_left,
    rows_name_the_lettings_that_count,
    rows_of_space_are_the_spaces_in_service,
)
