"""What a portfolio refuses: rows that would make a figure lie."""

from collections.abc import Callable

import numpy as np
import pytest

from indicators.asking import figure
from indicators.tables import NOWHERE, OPEN, Sites, SpacePeriods
from tests.indicators.books import Book


def sound() -> Book:
    return Book(
        sites=[(1, 100, OPEN)],
        capacities=[(1, 100, OPEN, 5)],
        spaces=[(11, 1, 1)],
        lettable=[(11, 100, OPEN)],
        measures=[(11, 100, OPEN, 1000)],
        stays=[(1, 8, 1, 11, 120, 400, True)],
    )


def ask_everything(book: Book) -> list[int]:
    portfolio = book.portfolio()
    names = (
        "hosted",
        "occupancy_area",
        "occupancy_unit",
        "occupancy_company",
        "success_since_entry_18",
    )
    return [figure(portfolio, name, None, 200).numerator for name in names]


def test_a_sound_book_is_accepted() -> None:
    assert ask_everything(sound()) == [1, 1000, 1, 1, 0]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda b: b.sites.append((1, 5, OPEN)), "an id stands twice"),
        (lambda b: b.spaces.append((11, 1, 2)), "an id stands twice"),
        (lambda b: b.spaces.append((2**31, 1, 2)), "an id is outside"),
        (lambda b: b.stays.append((2, -1, 1, NOWHERE, 1, 2, True)), "an id is outside"),
        (lambda b: b.declarations.append((2**31, 120, 1)), "an id is outside"),
        (lambda b: b.sites.extend((n, 5, OPEN) for n in range(2, 1026)), "more than 1024 sites"),
        (lambda b: b.stays.append((2, 9, 7, NOWHERE, 1, 2, True)), "an unknown site"),
        (lambda b: b.stays.append((2, 9, 1, 12, 1, 2, True)), "an unknown space"),
        (lambda b: b.spaces.append((12, 0, 1)), "an unknown site"),
        (lambda b: b.capacities.append((1, 50, 101, 1)), "two capacities of one site overlap"),
        (lambda b: b.measures.append((11, 50, 101, 1)), "two measures of one space overlap"),
        (lambda b: b.lettable.append((11, 50, 101)), "two lettable periods of one space overlap"),
        (
            lambda b: b.stays.append((2, 9, 1, 11, 399, 500, False)),
            "two lettings of one space overlap",
        ),
        (lambda b: b.out_of_service.append((11, 399, 500)), "let and out of service at once"),
        (
            lambda b: b.out_of_service.extend([(11, 400, 500), (11, 450, 600)]),
            "two outages of one space overlap",
        ),
    ],
)
def test_a_contradictory_book_is_refused(spoil: Callable[[Book], None], message: str) -> None:
    book = sound()
    spoil(book)
    with pytest.raises(ValueError, match=message):
        ask_everything(book)


@pytest.mark.parametrize("row", [(1, 5, 5), (1, 6, 5), (1, 0, 5), (1, 5, OPEN + 1)])
def test_an_empty_or_endless_period_is_refused(row: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="a period is empty or outside the calendar"):
        SpacePeriods.of([row])


def test_columns_are_whole_numbers_of_one_length() -> None:
    one, two = np.array([1]), np.array([1, 2])
    with pytest.raises(TypeError, match=r"Sites\.closed: whole numbers"):
        Sites(one, one, np.array([1.5]))
    with pytest.raises(ValueError, match=r"Sites\.opened: 2, not 1"):
        Sites(one, two, one)
    with pytest.raises(ValueError, match="Sites: 3 values a row"):
        Sites.of([(1, 2)])


def test_columns_cannot_be_changed() -> None:
    sites = Sites.of([(1, 100, OPEN)])
    with pytest.raises(ValueError, match="read-only"):
        sites.id[0] = 2


def test_sparse_ids_are_found_too() -> None:
    """Ids far apart take another way through the look-up."""
    far = 2_000_000_000
    book = Book(
        sites=[(far, 100, OPEN), (5, 100, OPEN)],
        spaces=[(far + 1, far, 1), (3, 5, 1)],
        lettable=[(far + 1, 100, OPEN), (3, 100, OPEN)],
        measures=[(far + 1, 100, OPEN, 1000), (3, 100, OPEN, 10)],
        stays=[(1, 8, far, far + 1, 120, 400, True)],
    )
    portfolio = book.portfolio()
    assert figure(portfolio, "occupancy_area", far, 200).numerator == 1000
    assert figure(portfolio, "occupancy_area", 5, 200).numerator == 0
    book.stays.append((2, 8, 5, far + 2, 120, 400, True))
    with pytest.raises(ValueError, match="an unknown space"):
        figure(book.portfolio(), "occupancy_area", None, 200)
    book.stays[-1] = (2, 8, 5, 4, 120, 400, True)
    with pytest.raises(ValueError, match="an unknown space"):
        figure(book.portfolio(), "occupancy_area", None, 200)
