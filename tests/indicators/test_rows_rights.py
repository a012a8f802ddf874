"""A sum is for all who see figures; its rows for those who may see what they are about."""

from typing import Any

import pytest

from accounts.choices import Role
from core.periods import today
from sites.models import Site
from tests.factories import clients, doors, opinions, scene, tenancies

pytestmark = pytest.mark.django_db

FIGURES = "/staff/figures/"


@pytest.fixture
def site() -> Site:
    made = scene.site("CAS")
    company = scene.company("Argan Démo")
    tenancies.active(made, scene.office(made), company=company, start=today())
    return made


@pytest.mark.parametrize(
    ("role", "name", "may"),
    [
        (Role.ADMISSIONS_OFFICER, "contracted_rent", True),
        (Role.ADMINISTRATOR, "contracted_rent", False),
        (Role.ADMINISTRATOR, "hosted", True),
        (Role.FINANCE_OFFICER, "arrears", True),
        (Role.ADMISSIONS_OFFICER, "arrears", False),
        (Role.FINANCE_OFFICER, "open_applications", False),
    ],
)
def test_rows_are_read_by_whoever_may_see_each(
    site: Site, role: Role, name: str, may: bool
) -> None:
    client = doors.staff_client(role)
    page = client.get(f"{FIGURES}{name}/?lang=en")
    assert page.status_code == 200
    assert ("Your role does not allow this." in page.content.decode()) is not may
    if name == "contracted_rent":
        assert ("Argan Démo" in page.content.decode()) is may
        assert page.context["figure"].value == 2000
    expected = 200 if may else 403
    for address in ("?format=csv", "?format=xlsx", "why/"):
        assert client.get(f"{FIGURES}{name}/{address}").status_code == expected, address
    rest = clients.client(role)
    for path in ("rows/", "change/"):
        assert rest.get(f"/api/v1/indicators/{name}/{path}").status_code == expected, path
    assert rest.get(f"/api/v1/indicators/{name}/").status_code == 200


def test_a_manager_reads_the_rents_of_their_own_site(site: Site) -> None:
    client = doors.staff_client(Role.SITE_MANAGER, site)
    own = client.get(f"{FIGURES}contracted_rent/?site=CAS&lang=en")
    assert "Argan Démo" in own.content.decode()


def test_columns_that_no_row_has_anything_for_are_left_out(site: Site) -> None:
    """Of the rent roll: without discounts and list prices nothing is said of them."""
    client = doors.staff_client(Role.DIRECTOR)
    heads = client.get(f"{FIGURES}contracted_rent/?lang=en").context["heads"]
    told = {head.text: head.is_number for head in heads}
    assert {"company", "lease", "rate per m²", "rent before discount"} <= set(told)
    assert not {"discount", "list rent", "application"} & set(told)
    assert (told["lease"], told["agreed end"], told["rent before discount"]) == (False, False, True)


def test_who_has_declared_a_conflict_reads_no_name_of_the_file(site: Site) -> None:
    """It counts, and stands among the rows without its reference, on the page and in files."""
    file, other = scene.application(site, name="Un"), scene.application(site, name="Deux")
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    opinions.declare_conflict(file, officer)
    client: Any = doors.signed_in(officer)
    address = f"{FIGURES}open_applications/?site=CAS"
    page = client.get(address)
    assert page.context["figure"].value == 2
    told = [row["cells"]["application_id"] for row in page.context["rows"]]
    assert sorted(told) == [
        ("", "", False),
        (other.reference, f"/staff/applications/application/{other.pk}/change/", False),
    ]
    text = b"".join(client.get(f"{address}&format=csv").streaming_content)
    assert other.reference.encode() in text
    assert file.reference.encode() not in text
    changed = client.get(f"{FIGURES}open_applications/why/?site=CAS&lang=en").context
    # No company, space nor lease stands behind any row, and none has a last day.
    assert [head.text for head in changed["heads"]] == ["application", "site", "from"]
    lines = changed["lines"]
    assert sorted(line["cells"]["application_id"].text for line in lines) == ["", other.reference]
    why = client.get(f"{FIGURES}open_applications/why/?site=CAS&format=csv")
    assert file.reference.encode() not in b"".join(why.streaming_content)
