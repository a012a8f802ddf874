"""The public pages on a phone, in three languages: nothing hidden, nothing foreign."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.watch import IN_EVERY_LANGUAGE, PHONE, Watch, overflow, refused, shot
from tests.factories import doors
from tests.factories.public import VISITORS, public

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.mark.parametrize("language", IN_EVERY_LANGUAGE)
def test_every_page_is_accessible_and_fits_a_phone(
    page: Page, live_server: LiveServer, language: str
) -> None:
    made = public()
    watch = Watch(page, live_server.url)
    page.set_viewport_size(PHONE)
    page.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}]
    )
    found: dict[str, list[str]] = {}
    wide: dict[str, int] = {}

    def look(path: str) -> None:
        page.goto(live_server.url + path)
        assert page.locator("html").get_attribute("lang") == language
        shot(page, f"{language}{path.replace('/', '_')}")
        found[path] = [
            f"{rule['id']}: {node['html']}"
            for rule in Axe().run(page).response["violations"]
            for node in rule["nodes"]
        ]
        wide[path] = overflow(page)

    for path in VISITORS:
        look(path)
    client = doors.signed_in(made.applicant, second_factor=False)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    for path in made.own:
        look(path)
    assert {path: what for path, what in found.items() if what} == {}
    assert {path: excess for path, excess in wide.items() if excess > 0} == {}
    assert watch.complaints == [refused(404, "Not Found")]
    assert watch.strangers == []
