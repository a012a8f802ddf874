"""The stacking plan and the timeline by keyboard, with the slider; with the agenda on a phone."""

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.choices import Role
from core.periods import today
from tests.browser.watch import PHONE, Watch, overflow, shot
from tests.factories import bulk, doors, scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_the_plan_moves_with_its_slider_and_opens_what_is_chosen(
    page: Page, browser: Browser, live_server: LiveServer
) -> None:
    site = scene.site("CAS")
    bulk.building(site, 60)
    client = doors.staff_client(Role.SITE_MANAGER, site)
    kept = client.cookies[settings.SESSION_COOKIE_NAME]
    scriptless = browser.new_page(java_script_enabled=False)
    for context in (page.context, scriptless.context):
        context.add_cookies([{"name": kept.key, "value": kept.value, "url": live_server.url}])
    watch = Watch(page, live_server.url)
    page.goto(f"{live_server.url}/staff/plan/?lang=en")
    code = "document.activeElement.querySelector('b').innerText"
    page.locator(".floors-plan a").first.focus()
    seen = []
    for key in ("ArrowRight", "ArrowLeft", "End", "Home"):
        page.keyboard.press(key)
        seen.append(page.evaluate(code))
    assert seen == ["B101", "B100", "B039", "B100"]
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") > 0
    assert page.evaluate(code) != "B100"
    assert page.locator('.floors-plan a[tabindex="0"]').count() == 1
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    panel = page.locator("#floors-panel")
    expect(panel).to_contain_text("Société de démonstration")
    shot(page, "plan_panel")
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert page.evaluate(code) == "B100"
    let = page.locator(".floors-plan .floors-let").count()
    page.locator("input[name=month]").fill("100")  # May 2009
    expect(page.locator("#floors h2")).to_contain_text("01/05/2009")
    assert page.locator("input[name=on]").input_value() == "2009-05-01"
    assert page.url.endswith("on=2009-05-01")
    page.locator("input[name=on]").fill(today().isoformat())
    expect(page.locator(".floors-plan .floors-free").first).to_be_visible()
    assert page.locator(".floors-slider output").inner_text() == f"{today():%B %Y}"
    assert page.locator(".floors-plan .floors-let").count() == let
    page.set_viewport_size(PHONE)
    pages = {
        "agenda": "leases/agenda/?months=12&",
        "plan": "plan/?",
        "table": "plan/?view=table&",
        "time": "timeline/?",
    }
    for name, address in pages.items():
        page.goto(f"{live_server.url}/staff/{address}lang=ar")
        assert (page.locator("html").get_attribute("dir"), overflow(page)) == ("rtl", 0), name
        shot(page, f"{name}_ar_phone")
    row = page.locator(".floors-time ul > li").first
    first, second = row.locator("ol > li").nth(0), row.locator("ol > li").nth(1)
    before, after = first.bounding_box(), second.bounding_box()
    assert before is not None
    assert after is not None
    assert before["x"] > after["x"]  # time runs to the left
    assert (watch.complaints, watch.strangers) == ([], [])
    scriptless.goto(f"{live_server.url}/staff/plan/?lang=en")
    scriptless.locator("input[name=month]").fill("100")
    scriptless.locator("#floors-slider button").click()
    expect(scriptless.locator("#floors h2")).to_contain_text("01/05/2009")
    scriptless.close()
