"""A draft is sent: what becomes of what was typed, to how many sites, and when its call is over."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from applications.models import Application
from core.models import Message
from core.periods import ONE_DAY, Period, end_of, today
from sites.models import Site
from tenants.models import Sector
from tests.factories import calls, scene
from tests.factories.visitor import begun, fill, text

pytestmark = pytest.mark.django_db
MIXED = "Été à Fès 🚀 <b>**gras**</b> مشروع \u200fيمين\u200e & l’“idée”\n"


def test_chapter_by_chapter_to_the_sent_application(client: Client, site: Site) -> None:
    sector = Sector.objects.create(code="tic", name_fr="TIC")
    address = begun(client, site)
    (letter,) = Message.objects.all()
    assert (letter.to, letter.language) == ("contact@demo.example", "en")
    assert client.get(address)["Location"] == f"{address}applicant/"
    typed = scene.typed(sectors=["tic"])
    went = [
        client.post(f"{address}{chapter}/", typed)["Location"].removeprefix(address)
        for chapter in ("applicant", "project", "space")
    ]
    assert went == ["project/", "space/", "send/"]
    assert client.get(address)["Location"] == f"{address}send/"
    answer = client.get(f"{address}send/")
    page = text(answer)
    for words in ("Argan Démo", "A company", "18,5", "SARL", "TIC", "contact@demo.example"):
        assert words in page
    # As people write a day, and close to its name: the element keeps every space it holds.
    day = f'dir="auto">{today():%d/%m/%Y}</dd>'
    assert day in answer.content.decode()
    refused = client.post(f"{address}send/", {})
    assert refused.status_code == 422
    assert "We may study your application only with your consent." in text(refused)
    sent = client.post(f"{address}send/", {"consent": "on"})
    file = Application.objects.get()
    assert file.reference in text(client.get(sent["Location"]))
    assert client.get(address)["Location"] == f"/my/{file.reference}/"
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
    assert Message.objects.filter(matter=f"application:{file.pk}:received").count() == 1


def test_the_form_keeps_20000_characters_of_mixed_scripts(client: Client, site: Site) -> None:
    address = begun(client, site)
    given = (MIXED * 1000)[:19_999] + "x"
    fill(client, address, project=given.replace("\n", "\r\n"), team=given)
    page = client.get(f"{address}project/").content.decode()
    assert page.count("&lt;b&gt;**gras**&lt;/b&gt;") == 2 * given.count("<b>**gras**</b>")
    assert "<b>**" not in page
    assert "maxlength" not in page.partition("<textarea")[2].partition(">")[0]
    client.post(f"{address}send/", {"consent": "on"})
    file = Application.objects.get()
    assert (file.state, file.project, file.team) == ("submitted", given, given)
    assert (file.revisions.get().answers or {})["project"] == given


def test_a_call_that_closed_leads_to_another(client: Client, site: Site) -> None:
    calls.in_use(calls.draft(site, code="spring", period=Period.through(today(), today())))
    address = begun(client, site)
    fill(client, address, wanted_start=(today() + 9 * ONE_DAY).isoformat())
    chapter = f"{address}project/"

    def told(at: datetime) -> list[str]:
        """On the page, and on one that was open already, as it is typed on."""
        headers = {"HX-Request": "true"}
        with time_machine.travel(at, tick=False):
            pages = (client.get(chapter), client.post(chapter, {"project": "x"}, headers=headers))
        return [
            next((said for said in ("within the hour", "is closed") if said in text(page)), "")
            for page in pages
        ]

    over = end_of(today())
    assert told(over - timedelta(minutes=1)) == ["", ""]
    assert told(over + timedelta(minutes=59)) == ["within the hour"] * 2
    assert told(over + timedelta(minutes=61)) == ["is closed"] * 2
    other = calls.in_use(calls.draft(site, code="standing"))
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        refused = client.post(f"{address}send/", {"consent": "on"})
        assert refused.status_code == 422
        assert "This call is closed" in text(refused)
        assert "Go on under « Call standing (en) »" in text(refused)
        client.post(f"{address}move/", {"call": other.pk})
        assert client.post(f"{address}send/", {"consent": "on"}).status_code == 302
    file = Application.objects.get()
    assert (file.state, file.call_version, file.name) == ("submitted", other, "Argan Démo")


def test_two_sites_are_two_linked_applications(client: Client, site: Site) -> None:
    other = scene.site("RAB")
    calls.in_use(calls.draft(site, other))
    address = begun(client, site)
    fill(client, address, also_at=["RAB"])
    sent = client.post(f"{address}send/", {"consent": "on"})
    first, second = Application.objects.order_by("id")
    assert (second.sister_of, second.site, second.state) == (first, other, "submitted")
    page = text(client.get(sent["Location"]))
    assert (first.reference in page, second.reference in page) == (True, True)


def test_received_page_opens_with_its_own_address_only(client: Client, site: Site) -> None:
    scene.application(site)
    assert client.get("/apply/received/A2026-0001/").status_code == 404
