"""Whom a space suits: area, kind, day, in the order of the list, with the reasons why not."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.labels import Misfit
from applications.matching import SUITS, TOLERANCE, Vacancy, Wish, match
from sites.choices import SpaceKind, TenantKind

TODAY = dt.date(2026, 3, 1)
FREES = dt.date(2026, 4, 1)


def wish(rank: int = 1, **given: object) -> Wish:
    usual = {"tenant_kind": "startup", "wanted_m2": Decimal(20), "wanted_start": TODAY}
    return Wish(**{"key": rank, "rank": rank, **usual, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "area", "kind", "misfits"),
    [
        ({}, "20", "office", ()),
        ({}, "15", "office", ()),
        ({}, "14.99", "office", (Misfit.TOO_SMALL,)),
        ({}, "25", "office", ()),
        ({}, "25.01", "office", (Misfit.TOO_LARGE,)),
        ({}, "20", "desk", (Misfit.KIND,)),
        ({"tenant_kind": "coworking"}, "20", "desk", ()),
        ({"tenant_kind": "domiciliation"}, "20", "office", (Misfit.KIND,)),
        ({"wanted_start": FREES}, "20", "office", ()),
        ({"wanted_start": FREES + dt.timedelta(1)}, "20", "office", (Misfit.LATER,)),
        (
            {"wanted_start": dt.date(2027, 1, 1)},
            "90",
            "meeting_room",
            (Misfit.TOO_LARGE, Misfit.KIND, Misfit.LATER),
        ),
    ],
)
def test_each_fits_or_says_why_not(
    asked: dict[str, object], area: str, kind: str, misfits: tuple[Misfit, ...]
) -> None:
    vacancy = Vacancy(kind=kind, area_m2=Decimal(area), frees_on=FREES)
    (found,) = match([wish(**asked)], vacancy, on=TODAY)  # type: ignore[arg-type]
    assert (found.misfits, found.fits) == (misfits, not misfits)


def test_a_space_free_for_long_suits_who_wants_to_come_by_today() -> None:
    vacancy = Vacancy(kind="office", area_m2=Decimal(20), frees_on=dt.date(2025, 1, 1))
    tomorrow = TODAY + dt.timedelta(1)
    found = match([wish(1, wanted_start=tomorrow), wish(2)], vacancy, on=TODAY)
    assert [(each.wish.rank, each.misfits) for each in found] == [(2, ()), (1, (Misfit.LATER,))]


WISHES = st.builds(
    Wish,
    key=st.integers(1, 99),
    rank=st.integers(1, 99),
    tenant_kind=st.sampled_from(TenantKind.values),
    wanted_m2=st.decimals(1, 500, places=2),
    wanted_start=st.dates(dt.date(2026, 1, 1), dt.date(2027, 1, 1)),
)
VACANCIES = st.builds(
    Vacancy,
    kind=st.sampled_from(SpaceKind.values),
    area_m2=st.decimals(1, 500, places=2),
    frees_on=st.dates(dt.date(2026, 1, 1), dt.date(2027, 1, 1)),
)


@given(st.lists(WISHES), VACANCIES)
def test_nobody_is_lost_and_those_who_fit_come_first_by_rank(
    wishes: list[Wish], vacancy: Vacancy
) -> None:
    found = match(wishes, vacancy, on=TODAY)
    assert sorted(map(repr, wishes)) == sorted(repr(each.wish) for each in found)
    order = [(not each.fits, each.wish.rank) for each in found]
    assert order == sorted(order)
    for each in found:
        near = abs(vacancy.area_m2 - each.wish.wanted_m2) <= each.wish.wanted_m2 * TOLERANCE
        suits = vacancy.kind in SUITS[each.wish.tenant_kind]
        in_time = each.wish.wanted_start <= max(vacancy.frees_on, TODAY)
        assert each.fits == (near and suits and in_time)


def test_every_kind_of_tenant_has_its_spaces() -> None:
    assert set(SUITS) == set(TenantKind)
