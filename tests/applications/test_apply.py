"""The public form: what it takes, what it refuses, and that nothing typed is lost."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from applications.forms import opened_now
from applications.models import Application
from core.models import Message
from core.periods import ONE_DAY, today
from sites.models import Site
from tenants.models import Sector
from tests.factories import scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def sent(site: Site, /, **changed: Any) -> dict[str, Any]:
    """A form that was open for a minute."""
    with time_machine.travel(timezone.now() - timedelta(minutes=1), tick=False):
        opened = opened_now()
    return {
        "site": site.code,
        "applicant_kind": "company",
        "name": "Argan Démo",
        "legal_form": "sarl",
        "project": "Un capteur pour l’irrigation.",
        "team_size": "3",
        "wanted_m2": "18,5",
        "wanted_start": today().isoformat(),
        "contact_name": "Contact Demo",
        "contact_email": "Contact@Demo.example",
        "contact_phone": "06 12 34 56 78",
        "consent": "on",
        "submission_key": str(uuid.uuid4()),
        "opened": opened,
        "fax": "",
        **changed,
    }


def test_deep_link_opens_the_form_for_a_site_in_a_language(client: Client, site: Site) -> None:
    page = client.get("/apply/?site=CAS&lang=ar").content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert '<option value="CAS" selected>' in page


def test_sent_form_becomes_an_application(client: Client, site: Site) -> None:
    sector = Sector.objects.create(code="tic", name_fr="TIC")
    response = client.post("/apply/?lang=en", sent(site, sectors=["tic"]))
    file = Application.objects.get()
    assert response.status_code == 302
    assert response["Location"].startswith("/apply/received/")
    shown = {
        field: getattr(file, field)
        for field in ("site", "name", "legal_form", "team_size", "wanted_m2", "wanted_start")
    }
    assert shown == {
        "site": site,
        "name": "Argan Démo",
        "legal_form": "sarl",
        "team_size": 3,
        "wanted_m2": Decimal("18.50"),
        "wanted_start": today(),
    }
    assert (file.contact_email, str(file.contact_phone), file.language, file.state) == (
        "contact@demo.example",
        "+212612345678",
        "en",
        "submitted",
    )
    assert list(file.sectors.all()) == [sector]
    assert list(Message.objects.values_list("to", "language", "matter")) == [
        ("contact@demo.example", "en", f"application:{file.pk}:received")
    ]
    assert file.reference in client.get(response["Location"]).content.decode()


def test_the_same_form_sent_twice_is_one_application(client: Client, site: Site) -> None:
    form = sent(site)
    first, second = (client.post("/apply/", form) for _click in range(2))
    assert Application.objects.count() == 1
    reference = Application.objects.get().reference
    for response in (first, second):
        assert reference in client.get(response["Location"]).content.decode()


def test_received_page_opens_with_its_own_address_only(client: Client, site: Site) -> None:
    scene.application(site)
    assert client.get("/apply/received/A2026-0001/").status_code == 404


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"site": "NOPE"}, "site"),
        ({"wanted_m2": "douze"}, "wanted_m2"),
        ({"wanted_m2": "0"}, "wanted_m2"),
        ({"wanted_start": (today() - ONE_DAY).isoformat()}, "wanted_start"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"contact_phone": "12"}, "contact_phone"),
        ({"team_size": "0"}, "team_size"),
        ({"legal_form": "xyz"}, "legal_form"),
        ({"ice": "123"}, "ice"),
        ({"consent": ""}, "consent"),
        ({"name": "a" * 201}, "name"),
        ({"project": "zero\x00byte"}, "project"),
    ],
)
def test_refused_form_names_the_field_and_keeps_the_answers(
    client: Client, site: Site, changed: dict[str, str], field: str
) -> None:
    response = client.post("/apply/?lang=en", sent(site, **changed))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    page = response.content.decode()
    assert f'href="#id_{field}"' in page
    if field != "project":
        assert "Un capteur pour l’irrigation." in page
    assert Application.objects.count() == 0


@pytest.mark.parametrize(
    "changed", [{"fax": "+1 555"}, {"opened": "forged"}, {"opened": None}], ids=str
)
def test_machines_get_the_form_back(client: Client, site: Site, changed: dict[str, Any]) -> None:
    changed = {"opened": opened_now()} if changed.get("opened", "") is None else changed
    response = client.post("/apply/?lang=en", sent(site, **changed))
    page = response.content.decode()
    assert (response.status_code, Application.objects.count()) == (422, 0)
    assert "Please read your answers once more, then send them again." in page
    assert "Un capteur pour l’irrigation." in page


def test_the_twenty_first_of_an_hour_waits(client: Client, site: Site) -> None:
    statuses = [client.post("/apply/", sent(site)).status_code for _time in range(21)]
    assert statuses == [302] * 20 + [429]


def test_a_site_that_takes_none_says_so(client: Client, site: Site) -> None:
    other = scene.site("RAB")
    other.takes_applications = False
    other.save()
    page = client.get("/apply/?site=RAB&lang=en").content.decode()
    assert "Site RAB takes no applications at present." in page
    assert client.post("/apply/", sent(other)).status_code == 422
