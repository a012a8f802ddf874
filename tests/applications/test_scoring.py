"""Points, percentages, and how far reviewers agree."""

import statistics
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from applications.scoring import Line, Spread, percent, spread

LINES = st.integers(1, 100).flatmap(
    lambda most: st.builds(
        Line, points=st.integers(0, most), most=st.just(most), weight=st.integers(1, 100)
    )
)
PERCENTS = st.decimals(0, 100, places=2)


def test_a_review_is_weighted() -> None:
    assert percent([Line(5, 5, 3), Line(0, 10, 1)]) == Decimal("75.00")
    assert percent([Line(1, 3, 1)]) == Decimal("33.33")
    assert percent([]) is None


def test_several_reviews_have_a_middle_and_a_spread() -> None:
    values = [Decimal(90), Decimal(40), Decimal(80), Decimal(50)]
    assert spread(values) == Spread(
        4, Decimal("65.00"), Decimal("65.00"), Decimal(40), Decimal(90), Decimal("20.62")
    )
    assert spread([]) is None


@given(st.lists(LINES, min_size=1, max_size=8))
def test_a_percentage_is_the_exact_one_rounded(lines: list[Line]) -> None:
    reached = sum((Fraction(line.points * line.weight, line.most) for line in lines), Fraction(0))
    exact = reached * 100 / sum(line.weight for line in lines)
    found = percent(lines)
    assert found is not None
    assert 0 <= found <= 100
    assert abs(Fraction(found) - exact) <= Fraction(1, 200) + Fraction(1, 10**20)


@given(st.lists(LINES, min_size=1, max_size=8), st.data())
def test_a_point_more_never_lowers_a_score(lines: list[Line], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    line = lines[at]
    better = Line(min(line.points + 1, line.most), line.most, line.weight)
    before, after = percent(lines), percent([*lines[:at], better, *lines[at + 1 :]])
    assert before is not None
    assert after is not None
    assert before <= after


@given(st.lists(PERCENTS, min_size=1, max_size=12), st.randoms())
def test_a_spread_agrees_with_the_textbook(values: list[Decimal], random: object) -> None:
    found = spread(values)
    assert found is not None
    assert found.low <= found.median <= found.high
    assert found.low <= found.mean <= found.high
    assert abs(found.mean - statistics.mean(values)) <= Decimal("0.005")
    assert abs(found.median - statistics.median(values)) <= Decimal("0.005")
    assert abs(found.deviation - statistics.pstdev(values)) <= Decimal("0.005")
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert spread(shuffled) == found
