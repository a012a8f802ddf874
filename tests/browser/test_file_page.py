"""An officer reads a file by keyboard, and on a phone in Arabic."""

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.choices import Role
from accounts.models import User
from applications.models import TaskTemplate
from applications.services import screening, tasks, transfers
from applications.services.conversation import say
from applications.services.requests import answer_request
from tests.browser.watch import PHONE, Watch, overflow, shot
from tests.factories import doors, scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def _as(page: Page, base: str, user: User) -> None:
    """Signed in, with both factors, by the cookie of a client that is."""
    cookie: Any = {
        "name": settings.SESSION_COOKIE_NAME,
        "url": base,
        "value": doors.signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value,
    }
    page.context.add_cookies([cookie])


def test_a_file_is_read_by_keyboard_and_on_a_phone(page: Page, live_server: LiveServer) -> None:
    site, officer = scene.site("CAS"), scene.staff(Role.DIRECTOR)
    for title in ("Le projet relève d’un secteur hébergé", "L’équipe est connue"):
        TaskTemplate.objects.create(list="screening", title_fr=title, days=3)
    words = "Un capteur {} pour l’irrigation, مستشعر للري. "
    file, other = (
        scene.application(site, name=name, project=words.format("bleu") * 40, team="Deux.")
        for name in ("Argan Démo Tech", "Argan Démo Techno")
    )
    screening.start_screening(application=file, acting_user=officer)
    scene.asked(file, ["project", "team"])
    changes = {"project": words.format("rouge") * 40, "team": "Deux et une stagiaire."}
    answer_request(application=file, changes=changes, acting_user=None)
    tasks.complete_task(task=file.tasks.all()[0], note="Vu.", acting_user=officer)
    say(application=file, body="À rappeler demain.", visibility="staff", acting_user=officer)
    base = live_server.url
    watch = Watch(page, base)
    _as(page, base, officer)

    # From the list: the newest first, so the other file lies before this one.
    page.goto(base + reverse("admin:applications_application_changelist") + "?lang=en")
    page.goto(base + reverse("admin:applications_application_change", args=[file.pk]))
    page.evaluate("document.querySelectorAll('.file-fold').forEach((fold) => (fold.open = true))")
    expect(page.locator(".file-diff ins").first).to_have_text("rouge")
    shot(page, "file_en")
    page.keyboard.press("?")
    expect(page.locator(".file-keys")).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator("#say_body")).to_be_focused()
    page.keyboard.type("n j k ?")  # typing is typing
    expect(page.locator("#say_body")).to_have_value("n j k ?")
    page.fill("#say_body", "")
    page.locator("#say_body").blur()
    page.keyboard.press("n")
    page.wait_for_url("**/change/#tasks")
    page.keyboard.press("k")
    page.wait_for_url(f"**/{other.pk}/change/")
    page.keyboard.press("n")
    expect(page.locator("button.file-next")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("a.file-next")).to_have_attribute("href", "#tasks")

    transfers.ask_transfer(
        application=file, target=scene.site("TNG"), reason="Un bureau y est libre.",
        acting_user=officer,
    )  # fmt: skip
    page.set_viewport_size(PHONE)
    page.goto(base + reverse("admin:applications_application_change", args=[file.pk]) + "?lang=ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert overflow(page) == 0
    shot(page, "file_ar_phone")
    page.click(".file-menu summary")
    assert overflow(page) == 0
    assert (watch.complaints, watch.strangers) == ([], [])
