"""The board by keyboard, and on a phone."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.choices import Role
from applications.models import Application
from tests.browser.watch import PHONE, overflow
from tests.factories import doors, opinions, scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_keys_move_from_card_to_card(page: Page, live_server: LiveServer) -> None:
    """j and k, the arrows, x, / and ?; where the screen is narrow, one state at a time."""
    site = scene.site("CAS")
    scene.application(site, name="Un")
    file = scene.application(site, name="Deux")
    Application.objects.filter(pk=file.pk).update(due_at=timezone.now() + timedelta(days=3))
    opinions.in_review(site, name="Trois")
    client = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/staff/applications/board/?lang=en")
    focused = "document.activeElement.closest('.staff-card')?.querySelector('strong').innerText"
    seen = []
    for key in ("j", "j", "k", "ArrowDown", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
        seen.append(page.evaluate(focused))
    assert seen == ["Deux", "Un", "Deux", "Un", "Trois", "Deux"]
    acts, chosen = page.locator("#chosen"), page.locator("#chosen output")
    assert not acts.is_visible()
    for key, count in (("x", "1"), ("j", "1"), ("x", "2"), ("x", "1")):
        page.keyboard.press(key)
        assert (acts.is_visible(), chosen.inner_text()) == (True, count)
    page.keyboard.press("?")
    assert page.locator("#board-keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.set_viewport_size(PHONE)
    assert overflow(page) == 0
    page.locator(".staff-switch a", has_text="in review").click()
    assert page.locator(".staff-card:visible strong").all_inner_texts() == ["Trois"]
