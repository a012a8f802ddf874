"""Documents on a phone, in Arabic: a progress bar, a refusal by name, nothing typed is lost."""

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from applications.services.requests import request_information
from core.periods import ONE_DAY, today
from tests.browser.watch import PHONE, Watch, overflow, shot
from tests.factories import asked, doors, scene
from tests.factories.uploads import jpeg, pdf

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

# What the bar has shown, from the page itself: Python is too slow to see it.
WATCH_THE_BAR = """
    window.shown = [];
    document.addEventListener("DOMContentLoaded", () => new MutationObserver((changes) => {
      for (const change of changes)
        if (change.target.localName === "progress" && !change.target.hidden)
          window.shown.push(change.target.value);
    }).observe(document.body, {subtree: true, attributes: true}));
"""


def test_documents_on_a_phone_in_arabic(
    page: Page, live_server: LiveServer, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = asked.application(scene.site("CAS"))
    request_information(
        application=file,
        fields=["project"],
        documents=["pitch"],
        message="نحتاج إلى وثائقكم.",
        due_on=today() + 7 * ONE_DAY,
        acting_user=None,
    )
    session = doors.applicant_client(file).cookies[settings.SESSION_COOKIE_NAME].value
    base = live_server.url
    page.context.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base},
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": "ar", "url": base},
        ]
    )
    watch = Watch(page, base)
    page.set_viewport_size(PHONE)
    page.add_init_script(WATCH_THE_BAR)
    page.goto(f"{base}/my/{file.reference}/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.fill("[name=project]", "مشروع لم يرسل بعد")
    row = page.locator("#document-pitch")
    shot(page, "uploads_1_asked")

    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 900_000}
    line.send("Network.emulateNetworkConditions", slow)
    picture = jpeg() + bytes(600_000)
    row.locator("input[type=file]").set_input_files(
        [
            FilePayload(name="عرض المشروع.jpg", mimeType="image/jpeg", buffer=picture),
            FilePayload(name="virus.pdf", mimeType="application/pdf", buffer=b"MZ" + bytes(99)),
            FilePayload(name="خطة.pdf", mimeType="application/pdf", buffer=pdf()),
        ]
    )
    expect(row.get_by_role("alert").first).to_contain_text("virus.pdf")
    expect(row.locator(".files a")).to_have_text(["عرض المشروع.jpg", "خطة.pdf"])
    seen = page.evaluate("window.shown")
    assert seen == sorted(seen)
    assert [value for value in seen if 0 < value < 100] != []
    shot(page, "uploads_2_sent")
    assert overflow(page) == 0

    # The line breaks: it says so, and the same file can be chosen again.
    line.send("Network.emulateNetworkConditions", {**slow, "offline": True})
    again = FilePayload(name="بيان.pdf", mimeType="application/pdf", buffer=pdf(pages=2))
    row.locator("input[type=file]").set_input_files([again])
    expect(row.locator("[data-lost]")).to_be_visible()
    line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    row.locator("input[type=file]").set_input_files([again])
    expect(row.locator(".files a")).to_have_count(3)
    row.locator(".files li").nth(1).get_by_role("button").click()
    expect(row.locator(".files a")).to_have_text(["عرض المشروع.jpg", "بيان.pdf"])
    expect(page.locator("[name=project]")).to_have_value("مشروع لم يرسل بعد")
    page.locator("form[action$='/answer/'] button").click()
    page.wait_for_load_state()
    file.refresh_from_db()
    assert (file.state, file.project) == ("submitted", "مشروع لم يرسل بعد")
    shot(page, "uploads_3_answered")
    assert overflow(page) == 0

    # Who is quick chooses before the script has come.
    held: list[Route] = []
    page.route("**/uploads*.js", lambda route: held.append(route))  # noqa: PLW0108  it is marked
    page.reload(wait_until="commit")
    other = page.locator("#document-other")
    other.locator("input[type=file]").set_input_files([again])
    assert len(held) == 1
    held[0].continue_()
    expect(other.locator(".files a")).to_have_text(["بيان.pdf"])
    broken = "Failed to load resource: net::ERR_INTERNET_DISCONNECTED"
    assert [said for said in watch.complaints if said != broken] == []
    assert watch.strangers == []
