"""Leases from a file: signed, in the state of their dates; several rows are one lease."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from core.history import recorded
from core.imports import ImportRefused, Plan, refused_rows
from core.periods import ONE_DAY, Period, add_months, today
from indicators.choices import Subject
from indicators.keeping import News
from indicators.models import Touched
from leases.models import Lease, LeaseVersion
from leases.services.drafts import draft_lease
from leases.services.exits import end_lease
from leases.services.importing import LeaseImporter
from sites.choices import BookingKind
from sites.models import Booking
from sites.services.bookings import book
from sites.services.spaces import measure
from tenants.models import Company, Presence
from tenants.services import change_identity
from tests.factories import scene
from tests.factories.files import imported, outcomes, planned

pytestmark = pytest.mark.django_db

LEASES = LeaseImporter()
CREATING = LeaseImporter(create_companies=True)
HEADER = "number;site;company;space;area_m2;start;end;rate_per_m2;kind\n"
STEPS = (
    "L1;TNG;Atlas Démo;B1;;2024-01-01;30/06/2025;50;startup\n"
    "L1;TNG;Atlas Démo;B1;;01/07/2025;;100;startup\n"
)


def facts(lease: Lease) -> dict[str, Any]:
    return {
        "state": lease.state,
        "company": lease.company.name,
        "term": lease.period,
        "signed": lease.signed_on,
        "left": lease.exit_on,
        "lettings": [
            (
                letting.space.code if letting.space else None,
                letting.area_m2,
                letting.period,
                letting.booking.period if letting.booking else None,
                [(step.period, step.unit, step.rate) for step in letting.steps.all()],
            )
            for letting in lease.lettings.all()
        ],
    }


def reasons(plan: Plan) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.reason) for problem in plan.problems]


def test_touching_rows_of_one_space_are_steps_of_one_letting() -> None:
    scene.office(scene.site("TNG"), code="B1", area_m2="20.00")
    scene.company("Atlas Démo")
    plan = imported(LEASES, HEADER + STEPS)
    assert outcomes(plan) == [(2, "create", ""), (3, "create", "")]
    start, step = dt.date(2024, 1, 1), dt.date(2025, 7, 1)
    lease = Lease.objects.get()
    assert facts(lease) == {
        "state": "active",
        "company": "Atlas Démo",
        "term": Period(start),
        "signed": start,
        "left": None,
        "lettings": [
            (
                "B1",
                Decimal("20.00"),
                Period(start),
                Period(start),
                [
                    (Period(start, step), "per_m2", Decimal(50)),
                    (Period(step), "per_m2", Decimal(100)),
                ],
            )
        ],
    }
    assert lease.imported
    assert Booking.objects.get().label == "L1"
    assert Presence.objects.get().since == start
    version = LeaseVersion.objects.get()
    assert (version.version, version.reason) == (1, "imported")


def test_the_state_is_what_the_dates_imply() -> None:
    where = scene.site("TNG")
    for code in ("B1", "B2", "B3"):
        scene.office(where, code=code)
    day = today()
    imported(
        CREATING,
        HEADER
        + f"P;TNG;Passé Démo;B1;20;2020-01-01;{day - ONE_DAY};50;startup\n"
        + f"N;TNG;Présent Démo;B2;20;2020-01-01;{day};50;startup\n"
        + f"F;TNG;Futur Démo;B3;20;{day + ONE_DAY};;50;startup\n"
        + "D;TNG;Domicile Démo;;;2020-01-01;;300;domiciliation\n",
    )
    found = Lease.objects.in_bulk(field_name="number")
    assert {
        number: (lease.state, lease.signed_on, lease.exit_on) for number, lease in found.items()
    } == {
        "P": ("ended", dt.date(2020, 1, 1), day - ONE_DAY),
        "N": ("active", dt.date(2020, 1, 1), None),
        "F": ("signed", day, None),
        "D": ("active", dt.date(2020, 1, 1), None),
    }
    assert facts(found["D"])["lettings"] == [
        (
            None,
            None,
            Period(dt.date(2020, 1, 1)),
            None,
            [(Period(dt.date(2020, 1, 1)), "flat", Decimal(300))],
        )
    ]


def test_several_spaces_a_gap_and_another_area_are_lettings_of_one_lease() -> None:
    where = scene.site("TNG")
    scene.office(where, code="B1")
    scene.office(where, code="B2")
    scene.company("Atlas Démo")
    imported(
        LEASES,
        HEADER
        + "L1;TNG;Atlas Démo;A/B1;20;2020-01-01;2020-12-31;50;sme\n"
        + "L1;TNG;Atlas Démo;B1;21;2021-01-01;2021-12-31;50;sme\n"
        + "L1;TNG;Atlas Démo;B1;21;2023-01-01;2023-12-31;60;sme\n"
        + "L1;TNG;Atlas Démo;B2;20;2020-06-01;2020-12-31;50;sme\n",
    )
    lease = Lease.objects.get()
    assert (lease.state, lease.period) == (
        "ended",
        Period(dt.date(2020, 1, 1), dt.date(2024, 1, 1)),
    )
    assert [(str(let.period), let.area_m2) for let in lease.lettings.order_by("id")] == [
        ("2020-01-01 – 2020-12-31", Decimal(20)),
        ("2020-06-01 – 2020-12-31", Decimal(20)),
        ("2021-01-01 – 2021-12-31", Decimal(21)),
        ("2023-01-01 – 2023-12-31", Decimal(21)),
    ]


def test_the_same_file_again_changes_nothing_even_after_the_lease_went_on() -> None:
    office = scene.office(scene.site("TNG"), code="B1")
    scene.company("Atlas Démo")
    imported(LEASES, HEADER + STEPS)
    lease = Lease.objects.get()
    unchanged = [(2, "unchanged", ""), (3, "unchanged", "")]
    assert outcomes(imported(LEASES, HEADER + STEPS)) == unchanged
    change_identity(
        company=lease.company, since=today(), acting_user=None, name="Toubkal Démo", ice="0" * 15
    )
    measure(space=office, area_m2=Decimal(19), since=today(), acting_user=None)
    end_lease(lease=lease, last_day=today(), reason="parti", acting_user=None)
    by_ice = (HEADER + STEPS).replace("Atlas Démo", "0" * 15)
    assert outcomes(imported(LEASES, by_ice)) == unchanged
    assert LeaseVersion.objects.count() == 2


def test_a_lease_that_differs_is_refused() -> None:
    where = scene.site("TNG")
    scene.office(where, code="B1")
    scene.company("Atlas Démo")
    imported(LEASES, HEADER + STEPS)
    draft = draft_lease(
        site=where,
        company=scene.company("Brouillon Démo"),
        tenant_kind="domiciliation",
        period=Period(today()),
        spaces=[],
        acting_user=None,
    )
    scene.company("Rif Démo")
    other = STEPS.replace("Atlas", "Rif").replace(";;100", ";31/12/2027;99")
    mine = f"{draft.number};TNG;Brouillon Démo;;;{today()};;300;domiciliation\n"
    assert reasons(planned(LEASES, HEADER + other + mine)) == [
        (
            2,
            "number",
            "The lease is here with another company, end, space, area_m2, rate_per_m2; "
            "an import changes no lease.",
        ),
        (3, "", "Line 2 of the same lease is refused."),
        (4, "number", "A lease with this number is a draft here."),
    ]


def test_what_is_in_the_way_is_named() -> None:
    where = scene.site("TNG")
    office = scene.office(where, code="B1")
    works = Period(dt.date(2025, 1, 1), dt.date(2025, 2, 1))
    book(
        space=office, period=works, kind=BookingKind.OUT_OF_SERVICE, label="roof", acting_user=None
    )
    run_out = Period(dt.date(2030, 1, 1), dt.date(2030, 2, 1))
    book(
        space=office,
        period=run_out,
        kind=BookingKind.HOLD,
        expires_at=timezone.now() - dt.timedelta(days=1),
        acting_user=None,
    )
    text = HEADER + (
        "L1;TNG;Atlas Démo;B1;20;2024-01-01;2025-01-01;50;sme\n"
        "L2;TNG;Rif Démo;B1;20;2026-01-01;2026-12-31;50;sme\n"
        "L3;TNG;Souss Démo;B1;20;2026-12-31;2028-12-31;50;sme\n"
        "L4;TNG;Souss Démo;B1;20;2030-01-01;;50;sme\n"
    )
    with recorded(None):
        plan = imported(CREATING, text, skip_bad=True)
    assert reasons(plan) == [
        (
            2,
            "space",
            "B1 is not free from 01/01/2024: out of service roof 01/01/2025 – 31/01/2025.",
        ),
        (
            4,
            "space",
            "B1 is not free from 31/12/2026: lease L2 (line 3) 01/01/2026 – 31/12/2026.",
        ),
    ]
    assert list(Lease.objects.order_by("number").values_list("number", flat=True)) == ["L2", "L4"]
    assert sorted(Company.objects.values_list("name", flat=True)) == ["Rif Démo", "Souss Démo"]


def test_each_faulty_row_is_named_and_spoils_its_lease() -> None:
    where = scene.site("TNG")
    scene.office(where, code="B1")
    scene.office(scene.site("RAB"), code="R1")
    scene.company("Atlas Démo")
    text = HEADER + (
        "L1;TNG;Atlas Démo;B1;20;2024-01-01;2024-12-31;50;sme\n"
        "L1;TNG;Atlas Démo;B1;20;2024-12-31;;50;sme\n"
        "L2;TNG;Inconnue Démo;B9;20;2024-01-01;2023-01-01;-1;club\n"
        "L3;TNG;000000000000097;R1;20;2024-01-01;;50;sme\n"
        "L4;TNG;Atlas Démo;;20;2024-01-01;;50;sme\n"
        "L5;TNG;Atlas Démo;B1;;2014-12-31;;50;sme\n"
        "TNG-2024-0001;TNG;Atlas Démo;B1;20;2014-12-31;;50;sme\n"
        "L6;TNG;Atlas Démo;B1;20;2024-01-01;2024-06-30;50;sme\n"
        "L6;TNG;Inconnue Démo;B1;20;2024-07-01;;50;startup\n"
        ";TNG;Atlas Démo;B1;20;2024-01-01;;50;sme\n"
    )
    with pytest.raises(ImportRefused) as refused:
        imported(LEASES, text)
    missing = "No company bears this name: import it first, or let the import add it."
    assert reasons(refused.value.plan) == [
        (2, "", "Line 3 of the same lease is refused."),
        (3, "start", "These days overlap those of line 2 for the same space."),
        (
            4,
            "kind",
            "“club” is not known; known are: startup, sme, large, coworking, domiciliation, "
            "support.",
        ),
        (4, "rate_per_m2", "It must be at least 0 and less than 100000000."),
        (5, "company", "No company has this ICE: import it first."),
        (5, "space", "TNG has no space R1: import the spaces first."),
        (6, "space", "Domiciliation has no space, every other kind has one."),
        (6, "area_m2", "There is no space to have an area."),
        (7, "area_m2", "B1 has no measured area on 31/12/2014. Enter its m² first."),
        (8, "number", "Numbers like this one are given here: a later lease would collide."),
        (8, "start", "B1 is not in service for the whole period."),
        (9, "", "Line 10 of the same lease is refused."),
        (10, "company", missing),
        (10, "kind", "It differs from line 9 of the same lease."),
        (11, "number", "It is empty."),
    ]
    assert Lease.objects.count() == 0
    lines = refused_rows(refused.value.plan).decode("utf-8-sig").splitlines()
    assert len(lines) == 11


def test_figures_from_the_first_day_on_are_computed_again() -> None:
    scene.office(scene.site("TNG"), code="B1")
    Touched.objects.all().delete()
    imported(CREATING, HEADER + STEPS)
    touched = Touched.objects.get()
    assert touched.news == News(Subject.OCCUPATION, None, Period(dt.date(2024, 1, 1)))


def test_a_site_manager_imports_for_the_own_site_only() -> None:
    tanger = scene.site("TNG")
    scene.office(tanger, code="B1")
    scene.office(scene.site("RAB"), code="B1")
    manager = scene.staff(Role.SITE_MANAGER, tanger)
    text = HEADER + STEPS + "L2;RAB;Rif Démo;B1;20;2024-01-01;;50;sme\n"
    plan = planned(CREATING, text, by=manager)
    assert reasons(plan) == [(4, "site", "You may not import for RAB.")]


def test_the_number_of_queries_does_not_grow_with_the_rows() -> None:
    where = scene.site("TNG")
    for number in range(51):
        scene.office(where, code=f"Q{number}")

    def queries(first: int, last: int) -> int:
        rows = [
            f"Q{n};TNG;Requête {n};Q{n};20;2024-01-01;{add_months(today(), n)};50;sme\n"
            for n in range(first, last)
        ]
        with CaptureQueriesContext(connection) as captured:
            imported(CREATING, HEADER + "".join(rows))
        return len(captured)

    assert [queries(0, 1), queries(1, 51)] == [35, 35]
