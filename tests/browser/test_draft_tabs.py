"""A draft in two tabs, with a sign-in in one of them: nothing that was typed is lost."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.models import Application
from applications.services import drafting
from core.models import Message
from tests.browser.watch import Watch
from tests.factories import doors, scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.mark.torture
def test_two_tabs_and_a_sign_in_in_the_middle(page: Page, live_server: LiveServer) -> None:
    draft = scene.draft(scene.site("CAS"), project="Un", team="Amina")
    drafting.send_way_back(application=draft)
    (link,) = re.findall(r"/apply/resume/\S+/", Message.objects.get().body)
    base = live_server.url
    page.goto(f"{base}{link}")
    project = f"{base}/apply/{draft.reference}/project/"
    page.goto(project)
    other = page.context.new_page()
    other.goto(project)
    watch = Watch(page, base)

    def stands() -> tuple[object, object]:
        typed = Application.objects.get().typed or {}
        return typed["project"], typed["team"]

    with other.expect_response(project):
        other.fill("[name=team]", "Amina, Yassine")
    # Both signed in now, by another page: the token of the first page's form is an old one.
    assert draft.applicant is not None
    signed_in = doors.signed_in(draft.applicant, second_factor=False)
    jar = page.context
    before = {one["name"]: one["value"] for one in jar.cookies()}
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        known = signed_in.cookies.get(name)
        value = known.value if known else "n" * 32
        assert value != before[name]
        jar.add_cookies([{"name": name, "value": value, "url": base}])
    with page.expect_response(project) as kept:
        page.fill("[name=project]", "Deux")
    assert kept.value.status == 200
    expect(page.locator("#saved")).to_have_text(re.compile(r"\d\d:\d\d"))
    assert stands() == ("Deux", "Amina, Yassine")
    # By keyboard alone from the last field to the next chapter; nothing of the other tab is undone.
    page.locator("[name=team_size]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/space/")
    assert stands() == ("Deux", "Amina, Yassine")
    assert watch.complaints == []
