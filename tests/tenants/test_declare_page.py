"""The page behind the signed link: read, answered, put right, and what it refuses."""

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from core.models import Message
from core.periods import today
from sites.models import Site
from tenants import letters
from tenants.following import Departure
from tenants.models import Declaration, FollowUp
from tenants.services import note_presence
from tenants.services.declarations import Said, answer, declare
from tenants.services.departures import note_departures
from tenants.views.declare import DeclareThrottle
from tests.concurrency.crowd import at_once
from tests.factories import doors, scene, uploads

EMAIL = "gerance@argan.example"


def gone(site: Site) -> FollowUp:
    company = scene.company("Argan Démo", email=EMAIL)
    note_presence(company=company, site=site, acting_user=None)
    left = {company.pk: Departure(site.pk, dt.date(2024, 9, 30))}
    note_departures(left=left, acting_user=None)
    return FollowUp.objects.get(company=company)


def address(follow_up: FollowUp) -> str:
    """Its path, as in the letter but in English."""
    link = letters.link_to(follow_up, EMAIL)
    return link[link.index("/declare/") :].split("?", maxsplit=1)[0] + "?lang=en"


def sent(**given: object) -> dict[str, object]:
    return {"status": "trading", "on": today().isoformat(), "headcount": "", **given}


@pytest.mark.django_db
@pytest.mark.usefixtures("media")
def test_a_company_answers_and_puts_its_answer_right() -> None:
    follow_up, browser = gone(scene.site("CAS")), Client()
    declare(
        company=follow_up.company,
        said=Said(dt.date(2025, 1, 1), "unknown", evidence="Notre note"),
        acting_user=None,
    )
    page = browser.get(address(follow_up))
    text = page.content.decode()
    assert "Argan Démo was at Site CAS until 30/09/2024" in text
    assert "law 09-08" in text
    assert "said by our staff" in text
    assert "Notre note" not in text
    file = SimpleUploadedFile("registre.pdf", uploads.pdf(), "application/pdf")
    done = browser.post(
        address(follow_up), sent(headcount="7", evidence="Registre", file=file), follow=True
    )
    assert "Thank you: your answer is kept." in done.content.decode()
    assert "registre.pdf" in done.content.decode()
    browser.post(address(follow_up), sent(status="acquired"))
    first, second = Declaration.objects.filter(said_by="company").order_by("id")
    assert (first.status, first.headcount, first.evidence) == ("trading", 7, "Registre")
    assert (second.status, second.replaces) == ("acquired", first)
    evidence = reverse("admin:declared_evidence", args=[second.pk])
    manager = doors.staff_client(Role.SITE_MANAGER, follow_up.site)
    stored = manager.get(evidence)
    assert b"".join(stored.streaming_content)[:5] == b"%PDF-"  # type: ignore[attr-defined]
    assert stored.headers["Content-Disposition"] == 'attachment; filename="registre.pdf"'
    elsewhere = doors.staff_client(Role.SITE_MANAGER, scene.site("RAB"))
    assert elsewhere.get(evidence).status_code == 404


@pytest.mark.django_db
def test_what_is_wrong_is_said_and_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    follow_up, browser = gone(scene.site("CAS")), Client()
    tomorrow = today() + dt.timedelta(days=1)
    for wrong, said in (
        (sent(status=""), "This field is required."),
        (sent(status="unknown"), "Select a valid choice."),
        (sent(on=tomorrow.isoformat()), "The day has not come yet."),
        (sent(headcount="many"), "Enter a whole number."),
        (sent(file=SimpleUploadedFile("a.exe", b"MZ")), "Files of this kind are not accepted."),
    ):
        answered = browser.post(address(follow_up), wrong)
        assert answered.status_code == 422
        assert said in answered.content.decode(), said
    monkeypatch.setattr(DeclareThrottle, "rate", "1/hour", raising=False)
    DeclareThrottle().allow_request(answered.wsgi_request, None)
    assert browser.post(address(follow_up), sent()).status_code == 429
    assert not Declaration.objects.exists()


@pytest.mark.django_db
def test_a_link_that_ran_out_offers_another_and_a_forged_one_nothing() -> None:
    follow_up, browser = gone(scene.site("CAS")), Client()
    old = address(follow_up)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=61)):
        page = browser.get(old)
        assert (page.status_code, b"This link has run out." in page.content) == (410, True)
        asked = browser.post(old.replace("?", "anew/?"))
        assert b"a new link is on its way" in asked.content
        assert Message.objects.get().to == EMAIL
    forged = browser.get("/declare/abc:def:ghi/?lang=en")
    assert (forged.status_code, b"not one of ours" in forged.content) == (404, True)
    assert b"Send me a new link" not in forged.content
    assert browser.get("/declare/abc:def:ghi/anew/").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_puts_the_other_right() -> None:
    follow_up = gone(scene.site("CAS"))

    def say(number: int) -> int:
        said = Said(today(), ("trading", "closed")[number % 2], headcount=number % 2)
        return answer(follow_up=follow_up, said=said).pk

    made = at_once(4, say)
    rows = list(Declaration.objects.order_by("id"))
    assert set(made) == {row.pk for row in rows}
    assert [row.replaces_id for row in rows] == [None, *[row.pk for row in rows[:-1]]]
    (last,) = Declaration.objects.in_force()
    follow_up.refresh_from_db()
    assert follow_up.closing == ("nothing_more" if last.status == "closed" else "")
