"""Spaces from a file: buildings and floors on the way, areas dated, contradictions refused."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.choices import Role
from core.imports import ImportRefused
from core.periods import Period, today
from sites.models import Floor, LettablePeriod, Measure, Space
from sites.services.importing import SpaceImporter, level_of
from tests.factories import scene
from tests.factories.files import imported, outcomes, planned

SPACES = SpaceImporter()
HEADER = "site;building;floor;code;kind;area_m2;lettable_from\n"
Y2015, Y2020 = dt.date(2015, 1, 1), dt.date(2020, 1, 1)


@given(st.integers(0, 60))
def test_a_floors_level_is_read_from_its_code(level: int) -> None:
    assert [level_of(code) for code in (f"{level}", f"R+{level}", f"r {level}")] == [level] * 3
    assert level_of(f"SS{level}" if level else "SS") == -(level or 1)


def test_a_floor_without_a_known_level_is_not_guessed() -> None:
    codes = ("RDC", "Rez-de-chaussée", "sous-sol", "Mezzanine", "3bis")
    assert [level_of(code) for code in codes] == [0, 0, -1, None, None]


def areas(space: Space) -> list[tuple[Decimal, Period]]:
    return [(measure.area_m2, measure.period) for measure in space.measures.all()]


@pytest.mark.django_db
def test_spaces_come_in_with_their_building_and_floor() -> None:
    scene.office(scene.site("TNG"), code="B0")  # building A, floor 1
    text = HEADER + (
        "Site TNG;A;R+1;B1;office;12,5;01/01/2015\n"
        "TNG;A;RDC;B2;boutique;1 234,00;2015-01-01\n"
        "TNG;B;SS;B1;storage;30;\n"
    ).replace("boutique", "shop")
    plan = imported(SPACES, text)
    assert outcomes(plan) == [(2, "create", ""), (3, "create", ""), (4, "create", "")]
    assert plan.made == {"buildings": 1, "floors": 2}
    made = Space.objects.exclude(code="B0").select_related("building", "floor")
    assert [
        (space.building.code, space.floor.code, space.floor.level, space.code, space.kind)
        for space in made
    ] == [
        ("A", "1", 1, "B1", "office"),
        ("A", "RDC", 0, "B2", "shop"),
        ("B", "SS", -1, "B1", "storage"),
    ]
    assert [areas(space) for space in made] == [
        [(Decimal("12.50"), Period(Y2015))],
        [(Decimal("1234.00"), Period(Y2015))],
        [(Decimal("30.00"), Period(today()))],
    ]
    assert LettablePeriod.objects.filter(space__in=made).count() == 3
    again = imported(SPACES, text)
    assert {outcome for _line, outcome, _said in outcomes(again)} == {"unchanged"}
    assert Floor.objects.count() == 3


@pytest.mark.django_db
def test_another_area_is_a_dated_measurement_and_the_past_stays() -> None:
    office = scene.office(scene.site("TNG"), code="B1", area_m2="100.00")
    old = HEADER + "TNG;A;1;B1;office;100;2015-01-01\n"
    new = HEADER + "TNG;A;1;B1;office;95;2020-01-01\n"
    assert outcomes(imported(SPACES, new)) == [
        (2, "update", "area_m2: 100.00 → 95.00 (01/01/2020)")
    ]
    expected = [
        (Decimal("100.00"), Period(Y2015, Y2020)),
        (Decimal("95.00"), Period(Y2020)),
    ]
    assert areas(office) == expected
    for text in (old, new):
        assert outcomes(imported(SPACES, text)) == [(2, "unchanged", "")]
    assert areas(office) == expected


@pytest.mark.django_db
def test_what_contradicts_the_past_is_refused_and_nothing_is_written() -> None:
    scene.office(scene.site("TNG"), code="B1", area_m2="100.00")
    text = HEADER + (
        "TNG;A;1;B9;office;10;2015-01-01\n"
        "TNG;A;2;B1;desk;100;\n"
        "TNG;A;1;B1;office;90;2015-01-01\n"
        "FES;A;Mezzanine;b 2;room;0;01/01/15\n"
        "TNG;A;1;B9;office;10;2015-01-01\n"
        "TNG;A;1;b2;office;10;\n"
        "TNG;A;1;B3;office;1.234;\n"
    )
    with pytest.raises(ImportRefused) as refused:
        imported(SPACES, text)
    assert [(p.line, p.column, p.reason) for p in refused.value.plan.problems] == [
        (3, "kind", "It is office here and desk in the file: correct one of the two."),
        (3, "floor", "It is 1 here and 2 in the file: correct one of the two."),
        (4, "code", "The same space as in line 3."),
        (5, "site", "There is no site “FES”; known are: TNG (Tanger)."),
        (5, "floor", "Write the floor as RDC, 1, 2, … or SS, SS2, …"),
        (
            5,
            "kind",
            "“room” is not known; known are: office, open_floor, desk, meeting_room, shop, "
            "storage, common.",
        ),
        (5, "area_m2", "It must be more than 0."),
        (5, "lettable_from", "“01/01/15”: write the year with four digits."),
        (6, "code", "The same space as in line 2."),
        (7, "code", "Capital letters, digits and hyphens."),
        (8, "area_m2", "“1.234” has two readings: write 1234 or 1,2340."),
    ]
    assert Space.objects.count() == 1
    earlier = planned(SPACES, HEADER + "TNG;A;1;B1;office;90;2014-12-31\n")
    assert outcomes(earlier) == [
        (
            2,
            "refused",
            "lettable_from: 100.00 m² are measured from 01/01/2015 on: give a later day.",
        )
    ]


@pytest.mark.django_db
def test_a_site_manager_imports_for_the_own_site_only() -> None:
    manager = scene.staff(Role.SITE_MANAGER, scene.site("TNG"))
    scene.site("RAB")
    text = HEADER + "TNG;A;1;B1;office;10;\nRAB;A;1;B1;office;10;\n"
    assert outcomes(planned(SPACES, text, by=manager)) == [
        (2, "create", ""),
        (3, "refused", "site: You may not import for RAB."),
    ]


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_rows() -> None:
    scene.site("TNG")

    def queries(text: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            imported(SPACES, text)
        return len(captured)

    one = HEADER + "TNG;A;1;S;office;10;2015-01-01\n"
    rows = [f"TNG;B{i % 3};{i % 5};C{i};office;10;2015-01-01\n" for i in range(50)]
    fifty = HEADER + "".join(rows)
    measured = fifty.replace(";10;2015", ";11;2016")
    assert [queries(one), queries(fifty), queries(measured)] == [18, 18, 16]
    assert Measure.objects.count() == 101
