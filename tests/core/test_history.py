"""Who changed what is written by the database; personal data can be blanked, and nothing else."""

from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.history import erase, personal_columns, recorded
from core.models import Counter, Erasure
from tenants.models import Company, CompanySector, Contact, Sector
from tests.factories import scene

pytestmark = pytest.mark.django_db


def _events(model: type[models.Model]) -> models.Manager[Any]:
    """The rows that the database wrote about a model."""
    manager: models.Manager[Any] = model.pgh_event_model.objects  # type: ignore[attr-defined]
    return manager


def test_every_change_bears_its_author_even_in_bulk() -> None:
    user = User.objects.create_user("a@example.org")
    scene.company("Un")
    scene.company("Deux")
    with recorded(user, reason="new site"):
        Company.objects.update(website="https://example.org")
    events = _events(Company).filter(pgh_label="update")
    assert (
        list(events.values_list("website", "pgh_context"))
        == [("https://example.org", {"user": user.pk, "reason": "new site"})] * 2
    )


def test_erasing_blanks_the_row_and_its_whole_history() -> None:
    user = User.objects.create_user("officer@example.org")
    contact = Contact.objects.create(
        company=scene.company(), name="Contact Demo", email="c@example.org", phone="+212522123456"
    )
    contact.name = "Other"
    contact.save()
    assert personal_columns(Contact) == ["name", "function", "email", "phone"]
    blanked = erase(instances=[contact], acting_user=user, reason="retention")
    assert blanked == 3  # insert, update, and the blanking itself
    contact.refresh_from_db()
    assert (contact.name, contact.email, str(contact.phone or "")) == ("", "", "")
    assert set(_events(Contact).values_list("name", "email", "phone")) == {("", "", "")}
    assert list(Erasure.objects.values_list("table", "row_id", "reason", "by_user")) == [
        ("tenants_contact", contact.pk, "retention", user.pk)
    ]


def test_what_is_not_personal_cannot_be_erased() -> None:
    counter = Counter.objects.create(scope="x", series="y", year=2026)
    with pytest.raises(ValueError, match="no personal column"):
        erase(instances=[counter], acting_user=None, reason="x")


def test_history_costs_no_query_of_ours() -> None:
    company = scene.company()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        company.website = "https://example.org"
        company.save(update_fields=["website"])
    assert len(queries) == 1


def test_links_made_and_undone_are_recorded_with_their_author() -> None:
    user = User.objects.create_user("a@example.org")
    company = scene.company()
    sector = Sector.objects.create(code="green", name_fr="Vert")
    with recorded(user):
        company.sectors.add(sector)
    with recorded(None):
        company.sectors.clear()
    events = _events(CompanySector).order_by("pgh_id")
    assert list(events.values_list("pgh_label", "company", "sector", "pgh_context")) == [
        ("insert", company.pk, sector.pk, {"user": user.pk}),
        ("delete", company.pk, sector.pk, {"user": None}),
    ]
