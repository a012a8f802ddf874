"""What became of companies, from a file."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from core.imports import ImportRefused, refused_rows
from core.periods import today
from sites.models import Site
from tenants.following import Departure
from tenants.models import Company, Declaration, Milestone
from tenants.services import note_presence
from tenants.services.departures import note_departures
from tenants.services.importing import CompanyImporter, DeclarationImporter
from tests.factories import scene
from tests.factories.files import imported, outcomes, planned

pytestmark = pytest.mark.django_db

ROWS = DeclarationImporter()
HEADER = "company;ice;date;status;headcount;evidence\n"
ICE = "001525713000000"


def gone(site: Site, name: str, **fields: str) -> Company:
    company = scene.company(name, **fields)
    note_presence(company=company, site=site, acting_user=None)
    left = {company.pk: Departure(site.pk, dt.date(2020, 12, 31))}
    note_departures(left=left, acting_user=None)
    return company


def test_known_by_ice_or_name_and_twice_the_same() -> None:
    site = scene.site("CAS")
    first, second = gone(site, "Argan Démo", ice=ICE), gone(site, "Atlas Démo SARL")
    file = (
        f"{HEADER}Autrefois;{ICE};31/12/2022;en activité;12;Registre\n"
        "atlas demo;;2024-05-01;closed;;\n"
    )
    assert outcomes(imported(ROWS, file)) == [(2, "create", ""), (3, "create", "")]
    facts = Declaration.objects.order_by("id").values_list(
        "company", "on", "status", "headcount", "evidence", "said_by"
    )
    assert list(facts) == [
        (first.pk, dt.date(2022, 12, 31), "trading", 12, "Registre", "staff"),
        (second.pk, dt.date(2024, 5, 1), "closed", None, "", "staff"),
    ]
    done = Milestone.objects.exclude(done_at=None).values_list("follow_up__company", "months")
    assert sorted(done) == [(first.pk, 18), *((second.pk, months) for months in (18, 24, 60))]
    assert outcomes(imported(ROWS, file)) == [(2, "unchanged", ""), (3, "unchanged", "")]


def test_each_refusal_says_why_and_nothing_is_written() -> None:
    site = scene.site("CAS")
    gone(site, "Argan Démo")
    gone(scene.site("RAB"), "Rif Démo")
    later = today() + dt.timedelta(days=1)
    rows = (
        "Inconnue;;2024-01-01;closed;;",
        f"Argan Démo;{ICE};2024-01-01;closed;;",
        f"Argan Démo;;{later};closed;;",
        "Argan Démo;;1980-01-01;closed;;",
        "Argan Démo;;2024-01-01;vendue;;",
        "Argan Démo;;2024-01-01;closed;beaucoup;",
        "Argan Démo;;2024-01-01;trading;3;",
        "Argan Démo;;2024-01-01;closed;;",
        "Rif Démo;;2024-01-01;closed;;",
    )
    manager = scene.staff(Role.SITE_MANAGER, site)
    with pytest.raises(ImportRefused) as refusal:
        imported(ROWS, HEADER + "\n".join(rows), by=manager)
    problems = [(each.line, each.column) for each in refusal.value.plan.problems]
    assert problems == [
        (2, "company"),
        (3, "ice"),
        (4, "date"),
        (5, "date"),
        (6, "status"),
        (7, "headcount"),
        (9, "status"),
        (10, ""),
    ]
    assert b"Line 8 says" in refused_rows(refusal.value.plan)
    assert not Declaration.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_rows() -> None:
    site = scene.site("CAS")
    for number in range(21):
        gone(site, f"Société {number}")

    def queries(*numbers: int) -> int:
        rows = "".join(f"Société {number};;2023-06-01;trading;3;\n" for number in numbers)
        with CaptureQueriesContext(connection) as captured:
            imported(ROWS, HEADER + rows)
        return len(captured)

    assert queries(0) == queries(*range(1, 21))


def test_a_company_is_given_its_language() -> None:
    scene.company("Argan Démo")
    file = "name;language\nArgan Démo;arabe\nNouvelle;en\n"
    assert outcomes(planned(CompanyImporter(), file)) == [
        (2, "update", "language: fr → ar"),
        (3, "create", ""),
    ]
    imported(CompanyImporter(), file)
    assert dict(Company.objects.values_list("name", "language")) == {
        "Argan Démo": "ar",
        "Nouvelle": "en",
    }
