"""Look-alikes of a file: those that one may see, found by indexes."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.models import User
from applications.selectors.relatives import relatives
from applications.services import screening
from sites.models import Site
from tests.factories import scene
from tests.factories.file_pages import address, opened_by, shown
from tests.factories.many import analyzed, like

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def officer(site: Site) -> User:
    return scene.staff(Role.ADMISSIONS_OFFICER, site)


@pytest.fixture
def client(officer: User) -> Client:
    return opened_by(officer)


def test_look_alikes_that_the_user_may_see_stand_beside_the_file(
    site: Site, client: Client, officer: User
) -> None:
    rabat = scene.site("RAB")
    ice = "001525713000035"
    company = scene.company("Argan Démo Tech")
    same_name = scene.application(site, name="Argan Demo Technologies")
    same_ice = scene.application(site, name="Autre", ice=ice)
    hidden = scene.application(rabat, name="Argan Démo Tech")
    other = scene.application(site, name="Rien de commun", contact_email="a@example.org")
    file = scene.application(site, name="Argan Démo Tech", ice=ice)
    page = shown(client, file)
    section = page[page.index('id="relatives"') : page.index('id="facts"')]
    found = [row.reference in section for row in (same_name, same_ice, hidden, other)]
    assert found == [True, True, False, False]
    assert section.index(same_ice.reference) < section.index(same_name.reference)
    assert company.name in section
    mark = address(file, f"mark-duplicate/?original={same_name.reference}")
    assert mark in section
    assert same_name.reference in client.get(mark).content.decode()
    screening.mark_duplicate(application=file, original=same_name, acting_user=officer)
    assert "the original of this one" in shown(client, file)
    assert "a duplicate of this one" in shown(client, same_name)
    # Spam, too, may name what it repeats; a file that is not seen is no original.
    form = {"original": same_name.reference}
    assert (
        client.post(address(other, "mark-spam/"), {"original": hidden.reference}).status_code == 200
    )
    assert client.post(address(other, "mark-spam/"), form).status_code == 302
    other.refresh_from_db()
    assert (other.state, other.original) == ("spam", same_name)
    assert "a duplicate of this one" in shown(client, same_name)


def test_look_alikes_are_found_by_indexes(site: Site, officer: User) -> None:
    """One condition without an index, and all of them would be read file by file."""
    file = scene.application(site, name="Argan Démo Tech", ice="001525713000035")
    like(file, 2_000, name_key="md5(n::text)", ice="''", contact_email="n || '@example.org'")
    analyzed("applications_application")
    with connection.cursor() as cursor:
        # So few rows are sooner read than looked up; fifty thousand are not.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        with CaptureQueriesContext(connection) as captured:
            relatives(file, officer)
        cursor.execute(f"EXPLAIN {captured[-1]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    for index in ("applications_ice", "applications_email", "applications_name_alike"):
        assert f"Bitmap Index Scan on {index}" in plan, plan
