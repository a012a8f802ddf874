"""The public directory: hosted, and agreed to be listed; nothing else."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core.periods import today
from leases.selectors.hosting import listed_companies
from sites.models import Site
from tenants.models import Company
from tests.factories import scene

pytestmark = pytest.mark.django_db


def hosted(site: Site, name: str, *, listed: bool = True) -> Company:
    """A company with a lease signed today."""
    lease = scene.hosted(site, name)
    Company.objects.filter(pk=lease.company_id).update(in_directory=listed)
    return lease.company


def test_only_hosted_companies_that_agreed_are_listed(client: Client) -> None:
    casa, rabat = scene.site("CAS"), scene.site("RAB")
    first = hosted(casa, "Zéphyr Démo")
    second = hosted(rabat, "Argan Démo")
    hosted(casa, "Discrète Démo", listed=False)
    scene.company("Jamais Venue", in_directory=True)
    assert list(listed_companies(today())) == [second, first]
    assert list(listed_companies(today(), site_code="CAS")) == [first]
    page = client.get("/directory/?lang=en").content.decode()
    assert [name in page for name in ("Zéphyr", "Argan", "Discrète", "Jamais")] == [
        True,
        True,
        False,
        False,
    ]


def test_search_folds_accents_and_bad_filters_are_ignored(client: Client) -> None:
    hosted(scene.site("CAS"), "Zéphyr Démo")
    for query in ("q=ZEPHYR", "q=z%00ephyr", "site=ZZZ&sector=nope&page=last", "q=%F0%9F%98%80x"):
        response = client.get(f"/directory/?{query}")
        assert response.status_code == 200
    assert "Zéphyr" in client.get("/directory/?q=zephyr").content.decode()
    assert "Zéphyr" not in client.get("/directory/?q=xyz").content.decode()


@pytest.mark.parametrize("count", [1, 8])
def test_queries_do_not_grow_with_the_companies(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    site = scene.site("CAS")
    for number in range(count):
        hosted(site, f"Société Démo {number}")
    with django_assert_num_queries(7):
        assert client.get("/directory/").status_code == 200
