"""Which days are kept, and that news reach every figure they change, on random networks."""

import datetime as dt
import operator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.periods import Period
from indicators.asking import series
from indicators.choices import Reach, Subject
from indicators.formulas import INDICATORS
from indicators.keeping import News, kept_days, reached, stale, widened
from indicators.selectors.standing import among
from indicators.tables import OPEN, Ints
from tests.indicators.books import FIRST, SPAN, Book, books

DAYS = np.arange(FIRST - 3, FIRST + SPAN + 760)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_kept_are_the_ends_of_months_and_the_last_400_days() -> None:
    found = kept_days(day("2024-01-15"), day("2026-03-10"))
    assert [str(one) for one in found[:2]] == ["2024-01-31", "2024-02-29"]
    assert len(found) == 13 + 400
    assert found == sorted(set(found))
    assert (str(found[12]), str(found[13]), str(found[-1])) == (
        "2025-01-31",
        "2025-02-04",
        "2026-03-10",
    )
    assert kept_days(day("0202-01-01"), day("2026-03-10"))[0] == day("1990-01-31")


@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        (Reach.DAY, ("2024-02-28", "2024-03-10")),
        (Reach.WINDOW, ("2024-02-28", "2025-03-11")),
        (Reach.EVER, ("2024-02-28", None)),
        (Reach.ANY, ("0001-01-01", None)),
    ],
)
def test_a_change_reaches_days_from_the_one_before_on(
    reach: Reach, expected: tuple[str, str | None]
) -> None:
    start, end = expected
    days = Period(day("2024-02-29"), day("2024-03-10"))
    assert reached(reach, days) == Period(day(start), None if end is None else day(end))


def _days(start: int, end: int) -> Period:
    return Period(dt.date.fromordinal(start), None if end >= OPEN else dt.date.fromordinal(end))


@st.composite
def happenings(draw: st.DrawFn) -> tuple[Book, Book, News]:
    """A network before and after something was put right in it, and what is told of that."""
    after = draw(books())
    kinds = [
        name
        for name in (
            "stays",
            "out_of_service",
            "measures",
            "lettable",
            "capacities",
            "declarations",
            "rents",
            "terms",
            "list_prices",
            "billed",
            "holds",
        )
        if getattr(after, name)
    ]
    what = draw(st.sampled_from(kinds or ["sites"]))
    rows = list(getattr(after, what))
    row = draw(st.sampled_from(rows))
    at = {space[0]: space[1] for space in after.spaces}
    left = [other for other in rows if other is not row]
    if what == "declarations":
        news = News(Subject.DECLARATIONS, None, _days(row[1], OPEN))
    elif what == "billed":
        news = News(Subject.INVOICES, row[2], _days(row[3], row[3] + 1))
    elif what == "holds":
        news = News(Subject.HOLDS, at[row[0]], _days(min(row[1], row[3]), row[2]))
    elif what == "list_prices":
        news = News(Subject.PRICES, None, _days(row[1], row[2]))
    elif what in {"rents", "terms"}:
        site = next((stay[2] for stay in after.stays if stay[0] == row[0]), None)
        start = row[2] if what == "rents" else row[1]
        news = News(Subject.OCCUPATION, site, _days(start, row[3] if what == "rents" else row[2]))
    elif what == "stays":
        since = draw(st.integers(row[4], min(row[5], row[4] + 400) - 1))
        news = News(Subject.OCCUPATION, row[2], _days(since, row[5]))
        if since > row[4]:  # an amendment: only its last days are new
            left.append((*row[:5], since, *row[6:]))
    elif what == "capacities":
        news = News(Subject.PREMISES, row[0], _days(row[1], row[2]))
    elif what == "sites":
        opened = draw(st.integers(FIRST - 3, FIRST + SPAN))
        left.append((row[0], opened, max(opened, row[2])))
        news = News(Subject.PREMISES, row[0], _days(min(opened, row[1]), OPEN))
    else:
        news = News(Subject.PREMISES, at[row[0]], _days(row[1], row[2]))
    before = replace(after, **{what: left})
    gone = {stay[0] for stay in after.stays} - {stay[0] for stay in before.stays}
    for others in ("rents", "terms"):
        setattr(before, others, [one for one in getattr(before, others) if one[0] not in gone])
    return before, after, news


def _told(book: Book, name: str, site: int | None, days: Ints, gap: int) -> list[list[int]]:
    """All that the figures of these days are made of."""
    found = series(book.portfolio(), name, site, days.tolist(), gap_days=gap)
    below = [] if found.denominator is None else found.denominator.tolist()
    beside = [column.tolist() for column in found.beside.values()]
    return [found.numerator.tolist(), below, found.rated.tolist(), *beside]


@settings(max_examples=20)
@given(happened=happenings(), gap=st.sampled_from([0, 0, 2, 31]))
def test_news_reach_every_figure_that_they_change(
    happened: tuple[Book, Book, News], gap: int
) -> None:
    before, after, news = happened
    if news.subject is Subject.OCCUPATION:
        news = replace(news, days=widened(news.days, gap))
    for name, indicator in INDICATORS.items():
        for site in (None, *(row[0] for row in after.sites)) if indicator.kept else ():
            days = DAYS[~among(DAYS, stale(indicator, site, [news]))]
            if indicator.daily is None:  # its figures are slow, one by one
                days = days[:: max(len(days) // 20, 1)]
            told = (_told(book, name, site, days, gap) for book in (before, after))
            assert operator.eq(*told), (name, site, news)
